package estest

// counted is a search for numbers over all documents; answer is below its
// aggregations.
func counted(aggregations string, answer want) exchange {
	all := want{"responses.0._shards.failed": "0", "responses.0.hits.hits": "[]"}
	for path, value := range answer {
		all["responses.0.aggregations."+path] = value
	}
	return exchange{
		request: "POST /_msearch",
		body: `{"index":"{i}-*","ignore_unavailable":true,"allow_no_indices":true}` + "\n" +
			`{"query":{"match_all":{}},"size":0,"track_total_hits":true,"aggs":` + aggregations + "}\n",
		answer: all,
	}
}

var aggregationCases = []testcase{
	{"aggregations", []exchange{documents, refresh,
		counted(`{"wikis":{"terms":{"field":"wm.wiki","size":2}}}`, want{
			"wikis.buckets.#":           "2",
			"wikis.buckets.0.key":       `"enwiki"`,
			"wikis.buckets.0.doc_count": "3",
			"wikis.buckets.1.key":       `"dewiki"`,
			"wikis.sum_other_doc_count": "1",
		}),
		// Of values that are equally frequent the first by name comes first.
		counted(`{"users":{"terms":{"field":"wm.user","size":10}}}`, want{"users.buckets.#.key": `["Ann","Bob","Carl"]`, "users.buckets.#.doc_count": "[3,1,1]"}),
		counted(`{"bots":{"terms":{"field":"bot","size":10}}}`, want{"bots.buckets.#.key": "[0,1]", "bots.buckets.#.key_as_string": `["false","true"]`}),
		counted(`{"spaces":{"terms":{"field":"namespace","size":10}}}`, want{"spaces.buckets.#.key": "[0,1,2,14]"}),
		counted(`{"time":{"date_histogram":{"field":"@timestamp","fixed_interval":"1m"}}}`, want{
			"time.buckets.0.key": "1793527200000", "time.buckets.0.doc_count": "2",
			"time.buckets.1.key": "1793527260000", "time.buckets.1.doc_count": "0",
			"time.buckets.2.doc_count": "1", "time.buckets.#": "841"}),
		counted(`{"days":{"date_histogram":{"field":"@timestamp","fixed_interval":"1d"}}}`, want{"days.buckets.#.key": "[1793491200000,1793577600000]"}),
		counted(`{"types":{"terms":{"field":"type","size":2},"aggs":{"time":{"date_histogram":{"field":"@timestamp","fixed_interval":"12h"}},"bytes":{"sum":{"field":"wm.delta"}}}}}`, want{
			"types.buckets.0.key":                      `"edit"`,
			"types.buckets.0.bytes.value":              "6.0",
			"types.buckets.0.time.buckets.#.doc_count": "[2,0,1]",
			"types.buckets.1.key":                      `"categorize"`,
			"types.buckets.1.bytes.value":              "0.0",
		}),
		counted(`{"bytes":{"sum":{"field":"wm.delta"}},"users":{"cardinality":{"field":"wm.user"}}}`, want{"bytes.value": "106.0", "users.value": "3"}),
		counted(`{"bots":{"filter":{"term":{"bot":true}},"aggs":{"bytes":{"sum":{"field":"wm.delta"}}}}}`, want{"bots.doc_count": "2", "bots.bytes.value": "-4.0"}),
	}},
	{"aggregations of nothing", []exchange{
		{request: "POST /_msearch", body: `{"index":"{i}-*","ignore_unavailable":true,"allow_no_indices":true}
{"query":{"match_all":{}},"size":0,"track_total_hits":true,"aggs":{"bytes":{"sum":{"field":"wm.delta"}}}}
`, answer: want{"responses.0.status": "200", "responses.0.hits.total.value": "0"}},
		{request: "PUT /{i}-a"}, // with no document in it
		counted(`{"wikis":{"terms":{"field":"wm.wiki","size":2}},"bytes":{"sum":{"field":"wm.delta"}},"time":{"date_histogram":{"field":"@timestamp","fixed_interval":"1m"}}}`,
			want{"wikis.buckets": "[]", "bytes.value": "0.0", "time.buckets": "[]"}),
	}},
}
