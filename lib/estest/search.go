package estest

import "strings"

// documents are six events of two days and two indices.
var documents = exchange{request: bulk, answer: want{"errors": "false", "items.#": "6"}, body: `{"create":{"_index":"{i}-a","_id":"1"}}
{"@timestamp":"2026-11-01T10:00:00.000Z","wm":{"wiki":"enwiki","user":"Ann","delta":10},"meta":{"id":"1"},"type":"edit","title":"Berlin Wall","user":"Ann","comment":"fixed the wall","bot":false,"namespace":0}
{"create":{"_index":"{i}-a","_id":"2"}}
{"@timestamp":"2026-11-01T10:00:30.500Z","wm":{"wiki":"enwiki","user":"Bob","delta":-4},"meta":{"id":"2"},"type":"edit","title":"Wall of Berlin","user":"Bob","comment":"","bot":true,"namespace":1}
{"create":{"_index":"{i}-a","_id":"3"}}
{"@timestamp":"2026-11-01T10:02:00.000Z","wm":{"wiki":"dewiki","user":"Ann","delta":100},"meta":{"id":"3"},"type":"new","title":"Berlin","user":"Ann","bot":false,"namespace":0}
{"create":{"_index":"{i}-b","_id":"4"}}
{"@timestamp":"2026-11-02T00:00:00.000Z","wm":{"wiki":"dewiki","user":"Carl"},"meta":{"id":"4"},"type":"log","title":"東京","user":"Carl","bot":false,"log_params":{"a":1}}
{"create":{"_index":"{i}-b","_id":"5"}}
{"@timestamp":"2026-11-02T00:00:00.000Z","wm":{"wiki":"enwiki","user":"Ann","delta":0},"meta":{"id":"5"},"type":"edit","title":"Mauer","user":"Ann","bot":false,"namespace":2}
{"create":{"_index":"{i}-b","_id":"6"}}
{"@timestamp":"2026-11-02T00:00:01.000Z","wm":{"wiki":"frwiki"},"meta":{"id":"6"},"type":"categorize","title":"Category:Walls","bot":true,"namespace":14}
`}

var refresh = exchange{request: "POST /{i}-*/_refresh", answer: want{"_shards.failed": "0"}}

// found is a search for what fits a query; ids are those of the hits, the oldest
// first.
func found(query, ids string) exchange {
	return exchange{
		request: "POST /_msearch",
		body: `{"index":"{i}-*","ignore_unavailable":true,"allow_no_indices":true}` + "\n" +
			`{"query":` + query + `,"size":50,"track_total_hits":true,"sort":[{"@timestamp":"asc"},{"meta.id":"asc"}]}` + "\n",
		answer: want{"responses.0.status": "200", "responses.0.timed_out": "false", "responses.0._shards.failed": "0", "responses.0.hits.hits.#._id": ids},
	}
}

var searchCases = []testcase{
	{"queries", []exchange{documents, refresh,
		found(`{"match_all":{}}`, `["1","2","3","4","5","6"]`),
		found(`{"term":{"wm.wiki":"dewiki"}}`, `["3","4"]`),
		found(`{"term":{"bot":true}}`, `["2","6"]`),
		found(`{"term":{"namespace":0}}`, `["1","3"]`),
		found(`{"terms":{"wm.wiki":["dewiki","frwiki","nowiki"]}}`, `["3","4","6"]`),
		found(`{"range":{"@timestamp":{"gte":"2026-11-01T10:00:30.5Z","lt":"2026-11-02T00:00:00Z"}}}`, `["2","3"]`),
		found(`{"range":{"@timestamp":{"gte":"2026-11-02T00:00:00Z"}}}`, `["4","5","6"]`),
		found(`{"range":{"wm.delta":{"gte":0,"lt":100}}}`, `["1","5"]`),
		found(`{"exists":{"field":"wm.user"}}`, `["1","2","3","4","5"]`),
		found(`{"exists":{"field":"comment"}}`, `["1","2"]`),
		found(`{"exists":{"field":"log_params"}}`, `[]`),
		found(`{"range":{"@timestamp":{"gte":1793527230500,"lt":1793577600000}}}`, `["2","3"]`),
		found(`{"match_phrase":{"title.text":"berlin wall"}}`, `["1"]`),
		found(`{"bool":{"should":[{"match_phrase":{"title.text":"of berlin"}},{"match_phrase":{"comment.text":"the wall"}},{"match_phrase":{"user.text":"carl"}}],"minimum_should_match":1}}`, `["1","2","4"]`),
		found(`{"bool":{"filter":[{"match_none":{}}]}}`, `[]`),
		found(`{"match":{"title.text":"WALL"}}`, `["1","2"]`),
		found(`{"match":{"title.text":"mauer wall"}}`, `["1","2","5"]`),
		found(`{"match":{"title.text":"京"}}`, `["4"]`),
		found(`{"match":{"comment.text":"the"}}`, `["1"]`),
		found(`{"bool":{"filter":[{"term":{"wm.wiki":"enwiki"}},{"term":{"type":"edit"}}],"must_not":[{"term":{"bot":true}}]}}`, `["1","5"]`),
		found(`{"bool":{"must_not":[{"exists":{"field":"wm.delta"}}]}}`, `["4","6"]`),
		found(`{"bool":{}}`, `["1","2","3","4","5","6"]`),
	}},
	{"queries of odd values", []exchange{
		{request: bulk, answer: want{"errors": "false"}, body: create("1", `{"@timestamp":"2026-11-01T10:00:00.000Z","meta":{"id":"1"},"title":"`+strings.Repeat("é", 1025)+`"}`) +
			create("2", `{"@timestamp":"2026-11-01T10:00:00.000Z","meta":{"id":"2"},"title":"`+strings.Repeat("é", 1024)+`","timestamp":1793527200}`) +
			create("3", `{"@timestamp":"2026-11-01T10:00:00.000Z","meta":{"id":"3"},"title":"","id":9007199254740993,"timestamp":-5}`) +
			create("4", `{"@timestamp":"2026-11-01T10:00:00.000Z","meta":{"id":"4"},"title":null,"id":[9007199254740992,null]}`)},
		refresh,
		found(`{"exists":{"field":"title"}}`, `["2","3"]`),
		found(`{"term":{"_ignored":"title"}}`, `["1"]`),
		found(`{"term":{"title":""}}`, `["3"]`),
		found(`{"term":{"id":9007199254740993}}`, `["3"]`),
		found(`{"terms":{"id":[9007199254740991,9007199254740992]}}`, `["4"]`),
		found(`{"range":{"id":{"gte":9007199254740993}}}`, `["3"]`),
		found(`{"term":{"timestamp":"1793527200"}}`, `["2"]`),
		found(`{"range":{"timestamp":{"lte":"0"}}}`, `["3"]`),
	}},
	{"count", []exchange{documents, refresh,
		{request: "GET /{i}-*/_count", answer: want{"count": "6", "_shards.failed": "0"}},
		{request: "POST /{i}-*/_count", body: `{"query":{"term":{"wm.user":"Ann"}}}`, answer: want{"count": "3"}},
		{request: "POST /{i}-b/_count", body: `{"query":{"match_all":{}}}`, answer: want{"count": "3"}},
		{request: "POST /{i}-none-*/_count", body: `{"query":{"match_all":{}}}`, answer: want{"count": "0"}},
		{request: "POST /{i}-none/_count", status: 404, answer: want{"error.type": `"index_not_found_exception"`}},
	}},
	{"order and pages", []exchange{documents, refresh,
		{request: "POST /{i}-*/_search", body: `{"query":{"match_all":{}},"size":2,"track_total_hits":false,"sort":[{"@timestamp":"desc"},{"meta.id":"desc"}]}`, answer: want{
			"hits.total": "", "hits.hits.#._id": `["6","5"]`, "hits.hits.1.sort": `[1793577600000,"5"]`}},
		{request: "POST /{i}-*/_search", body: `{"query":{"match_all":{}},"size":3,"track_total_hits":false,"sort":[{"@timestamp":"desc"},{"meta.id":"desc"}],"search_after":[1793577600000,"5"]}`, answer: want{
			"hits.hits.#._id": `["4","3","2"]`}},
		{request: "POST /{i}-*/_search", body: `{"query":{"match_all":{}},"size":0,"track_total_hits":true}`, answer: want{
			"hits.total": `{"value":6,"relation":"eq"}`, "hits.hits": "[]"}},
	}},
	{"several searches", []exchange{documents, refresh,
		{request: "POST /_msearch", body: `{"index":"{i}-*","ignore_unavailable":true,"allow_no_indices":true}
{"query":{"match_all":{}},"size":0,"track_total_hits":true}
{"index":"{i}-none-*","ignore_unavailable":true,"allow_no_indices":true}
{"query":{"match_all":{}},"size":5,"track_total_hits":true,"sort":[{"@timestamp":"desc"}]}
{"index":"{i}-none","ignore_unavailable":true,"allow_no_indices":true}
{"query":{"match_all":{}},"size":5,"track_total_hits":true}
`, answer: want{
			"responses.#":                  "3",
			"responses.0.hits.total.value": "6",
			"responses.1.hits.total.value": "0", "responses.1.hits.hits": "[]", "responses.1.status": "200",
			"responses.2.hits.total.value": "0", "responses.2.status": "200",
		}},
		// A search that fails leaves the others alone.
		{request: "POST /_msearch", body: `{"index":"{i}-a","ignore_unavailable":true,"allow_no_indices":true}
{"query":{"range":{"@timestamp":{"gte":"yesterday"}}},"size":0}
{"index":"{i}-a","ignore_unavailable":true,"allow_no_indices":true}
{"query":{"match_all":{}},"size":0,"track_total_hits":true}
`, answer: want{
			"responses.0.status": "400", "responses.0.error.root_cause.0.type": `"parse_exception"`, "responses.0.hits": "",
			"responses.1.status": "200", "responses.1.hits.total.value": "3",
		}, store: &difference{200, want{
			"responses.0.status": "400", "responses.0.error.root_cause.0.type": `"query_shard_exception"`, "responses.0.hits": "",
			"responses.1.status": "200", "responses.1.hits.total.value": "3",
		}, "all that is wrong with a query for the index is one kind of error"}},
		// What is no search at all is the end of the others too.
		{request: "POST /_msearch", body: "{\"index\":\"{i}-a\"}\n{\"query\":{\"match_all\":{}}}\n{\"index\":\"{i}-a\"}\n{\"query\":{\"nonsense\":{}}}\n", status: 400,
			answer: want{"error.type": `"parsing_exception"`}},
		{request: "POST /{i}-none/_search", body: `{"query":{"match_all":{}}}`, status: 404, answer: want{"error.type": `"index_not_found_exception"`}},
	}},
}
