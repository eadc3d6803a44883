package estest

const (
	noBlocks = "there are no blocks: only a full disk stops writing"
	noClose  = "an index cannot be closed"
	noLimit  = "there is no limit of shards"
)

// troubleCases are errors that blame the index or the cluster: the documents are
// to be sent again.
var troubleCases = []testcase{
	{"a closed index", []exchange{
		{request: "PUT /{i}-a"},
		{request: "POST /{i}-a/_close", answer: want{"acknowledged": "true"}, store: unknown(noClose)},
		{request: bulk, body: create("1", `{}`), answer: want{"items.0.create.status": "400", "items.0.create.error.type": `"index_closed_exception"`},
			store: &difference{200, want{"errors": "false"}, noClose}},
	}},
	{"a block as of a full disk", []exchange{
		{request: "PUT /{i}-a"},
		{request: "PUT /{i}-a/_settings", body: `{"index.blocks.read_only_allow_delete":true}`, answer: want{"acknowledged": "true"},
			store: &difference{405, nil, noBlocks}},
		{request: bulk, body: create("1", `{}`), answer: want{"items.0.create.status": "429", "items.0.create.error.type": `"cluster_block_exception"`},
			store: &difference{200, want{"errors": "false"}, noBlocks}},
	}},
	{"a block by hand", []exchange{
		{request: "PUT /{i}-a"},
		{request: "PUT /{i}-a/_settings", body: `{"index.blocks.write":true}`, answer: want{"acknowledged": "true"}, store: &difference{405, nil, noBlocks}},
		{request: bulk, body: create("1", `{}`), answer: want{"items.0.create.status": "403", "items.0.create.error.type": `"cluster_block_exception"`},
			store: &difference{200, want{"errors": "false"}, noBlocks}},
	}},
	{"the limit of shards", []exchange{
		{request: "PUT /{i}-a"},
		{request: "PUT /_cluster/settings", body: `{"persistent":{"cluster.max_shards_per_node":1}}`, answer: want{"acknowledged": "true"}, store: unknown(noLimit)},
		{request: bulk, body: `{"create":{"_index":"{i}-b","_id":"1"}}` + "\n{}\n" + create("1", `{}`), answer: want{
			"items.0.create.status": "400", "items.0.create.error.type": `"validation_exception"`, "items.1.create.status": "201"},
			store: &difference{200, want{"errors": "false"}, noLimit}},
		{request: "PUT /_cluster/settings", body: `{"persistent":{"cluster.max_shards_per_node":null}}`, answer: want{"acknowledged": "true"}, store: unknown(noLimit)},
	}},
}
