package estest

// checkCases are what wm-es check and prune ask.
var checkCases = []testcase{
	{"what it is", []exchange{
		{request: "GET /", status: 405, store: &difference{200, want{"[version.number]|#": "1"}, "the Elasticsearch that Maven has closes it to all"}},
		{request: "GET /_nodes?filter_path=nodes.*.version", answer: want{"[nodes.@values.0.version]|#": "1"}},
		{request: "GET /_cat/health?format=json&h=epoch", answer: want{"[0.epoch]|#": "1"}},
		{request: "POST /_security/user/_has_privileges", status: 400,
			body: `{"cluster":["manage_index_templates"],"index":[{"names":["{i}-*"],"privileges":["create_doc","auto_configure","read","view_index_metadata","delete_index"]}]}`},
	}},
	{"indices and sizes", []exchange{
		{request: list, answer: want{"@this": "[]"}},
		documents, refresh,
		{request: list + "&s=index", answer: want{"#.index": `["{i}-a","{i}-b"]`, "#.docs\\.count": `["3","3"]`, "#.store\\.size|#": "2"}},
		{request: "DELETE /{i}-a", answer: want{"acknowledged": "true"}},
		{request: list, answer: want{"#.index": `["{i}-b"]`}},
	}},
}

const list = "GET /_cat/indices/{i}-*?bytes=b&format=json&h=index%2Cdocs.count%2Cstore.size"
