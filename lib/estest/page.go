package estest

// inPIT is a search in a point in time, which has a new id afterwards, maybe.
func inPIT(more, ids string) exchange {
	return exchange{
		request: "POST /_search",
		body:    `{"query":{"match_all":{}},"size":2,"track_total_hits":false,` + byTime + `,"pit":{"id":{pit},"keep_alive":"15m"}` + more + `}`,
		answer:  want{"timed_out": "false", "_shards.failed": "0", "hits.hits.#._id": ids, "hits.hits.0.sort.#": "3"},
		keep:    map[string]string{"pit_id": "pit", "hits.hits.1.sort": "last"},
	}
}

// byTime is the order of wm-es search, for indices that lack the fields too.
const byTime = `"sort":[{"@timestamp":{"order":"desc","unmapped_type":"date"}},{"meta.id":{"order":"desc","unmapped_type":"keyword"}}]`

var openPIT = exchange{request: "POST /{i}-*/_pit?keep_alive=15m", keep: map[string]string{"id": "pit"}}

var pageCases = []testcase{
	{"pages of a point in time", []exchange{documents, refresh, openPIT,
		inPIT("", `["6","5"]`),
		// What comes after it does not show.
		{request: bulk, body: create("7", `{"@timestamp":"2026-11-01T23:00:00.000Z","meta":{"id":"7"}}`), answer: want{"errors": "false"}},
		refresh,
		inPIT(`,"search_after":{last}`, `["4","3"]`),
		inPIT(`,"search_after":{last}`, `["2","1"]`),
		{request: "POST /_search", body: `{"query":{"match_all":{}},"size":2,` + byTime + `,"pit":{"id":{pit},"keep_alive":"15m"},"search_after":{last}}`,
			answer: want{"hits.hits": "[]", "_shards.failed": "0"}},
		{request: "DELETE /_pit", body: `{"id":{pit}}`, answer: want{"succeeded": "true"}},
		{request: "POST /_search", body: `{"query":{"match_all":{}},"pit":{"id":{pit},"keep_alive":"15m"}}`, status: 404,
			answer: want{"error.root_cause.0.type": `"search_context_missing_exception"`},
			store:  &difference{200, want{"hits.hits.#": "6"}, "a point in time costs nothing and lasts as long as its indices"}},
	}},
	{"documents of the same time and without an id", []exchange{
		{request: bulk, body: create("1", `{"@timestamp":"2026-11-01T10:00:00.000Z"}`) + create("2", `{"@timestamp":"2026-11-01T10:00:00.000Z"}`) +
			create("3", `{"@timestamp":"2026-11-01T10:00:00.000Z"}`) + create("4", `{"@timestamp":"2026-11-01T09:00:00.000Z"}`), answer: want{"errors": "false"}},
		refresh, openPIT,
		inPIT("", `["1","2"]`),
		inPIT(`,"search_after":{last}`, `["3","4"]`),
		{request: "DELETE /_pit", body: `{"id":{pit}}`, answer: want{"succeeded": "true"}},
	}},
	{"a point in time of nothing", []exchange{openPIT,
		{request: "POST /_search", body: `{"query":{"match_all":{}},"size":2,` + byTime + `,"pit":{"id":{pit},"keep_alive":"15m"}}`,
			answer: want{"hits.hits": "[]", "_shards.total": "0"}},
		{request: "POST /{i}-none/_pit?keep_alive=15m", status: 404, answer: want{"error.type": `"index_not_found_exception"`}},
		{request: "POST /{i}-*/_search", body: `{"query":{"match_all":{}},"size":2,` + byTime + `}`, answer: want{"hits.hits": "[]", "_shards.total": "0"}},
		{request: "POST /{i}-*/_count", body: `{"query":{"match_all":{}}}`, answer: want{"count": "0", "_shards.total": "0"}},
	}},
	{"an index without the fields", []exchange{documents, refresh,
		{request: "PUT /{i}.bare", body: `{"mappings":{"dynamic":false}}`, answer: want{"acknowledged": "true"}},
		{request: "POST /{i}*/_search", body: `{"query":{"match_all":{}},"size":2,"track_total_hits":false,` + byTime + `}`,
			answer: want{"hits.hits.#._id": `["6","5"]`, "_shards.failed": "0"}},
	}},
}
