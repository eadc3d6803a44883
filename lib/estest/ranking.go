package estest

// ranked is a search of wm-es top.
func ranked(terms, below string, answer want) exchange {
	all := want{"timed_out": "false", "_shards.failed": "0", "hits.hits": "[]"}
	for path, value := range answer {
		all["aggregations.top."+path] = value
	}
	return exchange{
		request: "POST /{i}-*/_search",
		body: `{"query":{"match_all":{}},"size":0,"track_total_hits":false,"aggs":{"top":{"terms":{"field":"wiki","size":3,"shard_size":1000` + terms +
			`},"aggs":{` + below + `}}}}`,
		answer: all,
	}
}

const (
	users   = `"size":{"cardinality":{"field":"wm.user"}}`
	added   = `"size":{"filter":{"range":{"wm.delta":{"gt":0}}},"aggs":{"bytes":{"sum":{"field":"wm.delta"}}}}`
	removed = `"size":{"filter":{"range":{"wm.delta":{"lt":0}}},"aggs":{"bytes":{"sum":{"field":"wm.delta"}}}}`
	net     = `"size":{"sum":{"field":"wm.delta"}}`
)

func perHour(measure string) string {
	return measure + `,"times":{"date_histogram":{"field":"@timestamp","fixed_interval":"1h","min_doc_count":1},"aggs":{` + measure + `}}`
}

// changes are what rankings differ in.
var changes = exchange{request: bulk, answer: want{"errors": "false"}, body: create("1", `{"@timestamp":"2026-11-01T10:00:00.000Z","wiki":"a","wm":{"user":"Ann","delta":10}}`) +
	create("2", `{"@timestamp":"2026-11-01T10:59:59.999Z","wiki":"a","wm":{"user":"Ann","delta":-30}}`) +
	create("3", `{"@timestamp":"2026-11-03T00:00:00.000Z","wiki":"a","wm":{"user":"Ann"}}`) +
	create("4", `{"@timestamp":"2026-11-01T10:00:00.000Z","wiki":"b","wm":{"user":"Bob","delta":20}}`) +
	create("5", `{"@timestamp":"2026-11-01T12:00:00.000Z","wiki":"b","wm":{"user":"Ann","delta":0}}`) +
	create("6", `{"@timestamp":"2026-11-01T12:00:00.000Z","wiki":"c","wm":{"delta":-5}}`) +
	create("7", `{"@timestamp":"2026-11-01T12:00:00.000Z","wiki":"d"}`) +
	create("8", `{"@timestamp":"2026-11-01T12:00:00.000Z"}`)}

var rankingCases = []testcase{
	{"rankings", []exchange{changes, refresh,
		ranked("", "", want{"buckets.#.key": `["a","b","c"]`, "buckets.#.doc_count": "[3,2,1]", "sum_other_doc_count": "1", "doc_count_error_upper_bound": "0"}),
		ranked(`,"order":{"size":"desc"}`, users, want{"buckets.#.key": `["b","a","c"]`, "buckets.#.size.value": "[2,1,0]"}),
		ranked(`,"order":{"size>bytes":"desc"}`, added, want{"buckets.#.key": `["b","a","c"]`, "buckets.#.size.bytes.value": "[20.0,10.0,0.0]"}),
		ranked(`,"order":{"size>bytes":"asc"}`, removed, want{"buckets.#.key": `["a","c","b"]`, "buckets.#.size.bytes.value": "[-30.0,-5.0,0.0]"}),
		ranked(`,"order":{"size":"desc"}`, net, want{"buckets.#.key": `["b","d","c"]`, "buckets.#.size.value": "[20.0,0.0,-5.0]"}),
		// Hours without documents are left out, however many.
		ranked(`,"order":{"size":"desc"}`, perHour(net), want{
			"buckets.0.times.buckets.#.key": "[1793527200000,1793534400000]", "buckets.0.times.buckets.#.size.value": "[20.0,0.0]"}),
		ranked("", perHour(users), want{"buckets.0.times.buckets.#.doc_count": "[2,1]", "buckets.0.times.buckets.#.key": "[1793527200000,1793664000000]"}),
		ranked(`,"order":{"size>bytes":"asc"}`, perHour(removed), want{"buckets.0.times.buckets.#.size.bytes.value": "[-30.0,0.0]"}),
	}},
	{"a ranking of nothing", []exchange{
		{request: "POST /{i}-*/_search", body: `{"query":{"match_all":{}},"size":0,"track_total_hits":false,"aggs":{"top":{"terms":{"field":"wiki","size":3}}}}`,
			answer: want{"_shards.total": "0", "hits.hits": "[]"}},
	}},
	{"the newest event of each stream", []exchange{
		{request: bulk, answer: want{"errors": "false"}, body: create("1", `{"@timestamp":"2026-11-01T10:00:00.000Z","meta":{"id":"1","stream":"mediawiki.recentchange"}}`) +
			create("2", `{"@timestamp":"2026-11-01T11:00:00.000Z","meta":{"id":"2","stream":"mediawiki.recentchange"}}`) +
			create("3", `{"@timestamp":"2026-11-01T12:00:00.000Z","meta":{"id":"3","stream":"mediawiki.page-create"}}`)},
		refresh,
		{request: "POST /{i}-*/_search", body: `{"query":{"match_all":{}},"size":0,"track_total_hits":false,"aggs":{"streams":{"terms":{"field":"meta.stream","size":200}}}}`,
			answer: want{"aggregations.streams.buckets.#.key": `["mediawiki.recentchange","mediawiki.page-create"]`}},
		{request: "POST /{i}-*/_search", body: `{"query":{"bool":{"filter":[{"term":{"meta.stream":"mediawiki.recentchange"}},{"range":{"@timestamp":{"lte":"2026-11-01T10:30:00.000Z"}}}]}},"size":1,"track_total_hits":false,` + byTime + `}`,
			answer: want{"hits.hits.#._id": `["1"]`}},
	}},
}
