package main

// storeSearch is a search of the dashboard or a user.
type storeSearch struct {
	name string
	body string
	bar  string // on our time / Elasticsearch's
}

// row is the search in the summary.
func (q storeSearch) row() row { return storeRow("search: "+q.name, q.bar) }

// storePanels are the aggregations of all panels of the dashboard.
const storePanels = `"size":0,"track_total_hits":true,"aggs":{
	"time":{"date_histogram":{"field":"@timestamp","fixed_interval":"10m","min_doc_count":0}},
	"split":{"terms":{"field":"type","size":5},"aggs":{"time":{"date_histogram":{"field":"@timestamp","fixed_interval":"10m","min_doc_count":1}}}},
	"wikis":{"terms":{"field":"wm.wiki","size":12}},
	"users":{"terms":{"field":"wm.user","size":12}},
	"pages":{"terms":{"field":"wm.page","size":12}},
	"namespaces":{"terms":{"field":"namespace","size":12}},
	"kinds":{"terms":{"field":"wm.user_kind","size":5}},
	"n_users":{"cardinality":{"field":"wm.user","precision_threshold":3000}},
	"n_pages":{"cardinality":{"field":"wm.page","precision_threshold":3000}},
	"added":{"filter":{"range":{"wm.delta":{"gt":0}}},"aggs":{"bytes":{"sum":{"field":"wm.delta"}}}},
	"removed":{"filter":{"range":{"wm.delta":{"lt":0}}},"aggs":{"bytes":{"sum":{"field":"wm.delta"}}}}}`

const storeNewest = `"size":50,"track_total_hits":false,"sort":[{"@timestamp":"desc"},{"meta.id":"desc"}]`

const storeFilters = `"filter":[{"terms":{"wm.wiki":["enwiki","dewiki"]}}],"must_not":[{"term":{"bot":true}}]`

const storeWords = `"filter":[{"match":{"comment.text":{"query":"reverted edits","operator":"and"}}}]`

// storeCount is what a search without aggregations counts.
const storeCount = `"size":50,"track_total_hits":true,"sort":[{"@timestamp":"desc"}]`

var storeSearches = []storeSearch{
	{"all panels", `{` + storePanels + `}`, "<= 0.5"},
	{"all panels, 2 wikis, no bots", `{"query":{"bool":{` + storeFilters + `}},` + storePanels + `}`, "<= 0.7"},
	{"all panels, two words", `{"query":{"bool":{` + storeWords + `}},` + storePanels + `}`, "<= 1"},
	{"newest 50", `{` + storeNewest + `}`, "<= 1"},
	{"newest 50, two words", `{"query":{"bool":{` + storeWords + `}},` + storeCount + `}`, "<= 1.5"},
	{"newest 50, phrase", `{"query":{"match_phrase":{"comment.text":"reverted edits by"}},` + storeCount + `}`, "<= 1.5"},
	{"newest 50, title prefix", `{"query":{"prefix":{"title":"Cat"}},` + storeCount + `}`, "<= 1.5"},
	{"newest 50, title wildcard", `{"query":{"wildcard":{"title":"*history*"}},` + storeCount + `}`, "<= 1.5"},
	{"10 best of two words by score", `{"query":{"match":{"comment.text":"reverted edits"}}}`, ""},
}
