package eshttp

import (
	"strings"
	"testing"

	"github.com/tidwall/gjson"
)

func TestSearchAnswers(t *testing.T) {
	s := filled(t)
	s.search(``, "timed_out=false", "_shards.total=2", "_shards.successful=2", "_shards.failed=0", "hits.total.value=4", "hits.total.relation=eq",
		"hits.max_score=1.0", "hits.hits.0._index=wm-a", "hits.hits.0._id=1", "hits.hits.0._score=1.0", `hits.hits.0._ignored=["title"]`,
		`hits.hits.1._source={"@timestamp":"2026-11-23T10:01:30Z","wiki":"dewiki","title":"Foo, Bar","ns":0,"bot":false,"i":-7, "x" : "\u00e4"}`,
		"hits.hits.3._source={}", "hits.hits.0.sort=")
	s.search(`{"sort":[{"@timestamp":{"order":"desc","missing":"_last"}},"wiki"],"size":2,"track_total_hits":false,"_source":false}`,
		"hits.total=", "hits.max_score=null", "hits.hits.#=2", "hits.hits.0._score=null", `hits.hits.0.sort=[1795428100000,"enwiki"]`, "hits.hits.0._source=")
	s.search(`{"sort":{"ns":"desc"},"search_after":[9007199254740993],"size":1}`, "hits.hits.0.sort=[14]", "hits.total.value=4")
	s.search(`{"sort":[{"@timestamp":{"order":"asc","format":"strict_date_optional_time_nanos"}}],"from":1,"size":1}`, `hits.hits.0.sort=["2026-11-23T10:01:30.000Z"]`)
	s.search(`{"size":0,"track_total_hits":2}`, `hits={"total":{"value":2,"relation":"gte"},"max_score":null,"hits":[]}`)
	s.search(`{"size":0,"track_total_hits":true,"timeout":"3s"}`, "hits.total.value=4", "timed_out=false")
	s.want("GET", "/wm-a/_search?size=1&from=1&track_total_hits=true&timeout=1m", "", 200, "hits.hits.#=1", "hits.hits.0._id=2")
	s.want("POST", "/nope*/_search", `{}`, 200, `_shards={"total":0,"successful":0,"skipped":0,"failed":0}`,
		`hits={"total":{"value":0,"relation":"eq"},"max_score":0.0,"hits":[]}`)
	s.want("POST", "/nope,wm-a/_search", `{}`, 404, "error.type=index_not_found_exception", "error.reason=no such index [nope]",
		"error.resource\\.id=nope", "error.root_cause.0.index=nope", "status=404")
	s.want("POST", "/nope,wm-a/_search?ignore_unavailable=true", `{}`, 200, "hits.total.value=2")
	s.want("POST", "/nope*/_search?allow_no_indices=false", `{}`, 404, "error.reason=no such index [nope*]")
}

func TestQueryLanguage(t *testing.T) {
	s := filled(t)
	for query, want := range map[string]string{
		`{"match_all":{}}`:                                              "1 2 3 4",
		`{"term":{"wiki":"enwiki"}}`:                                    "1 3",
		`{"term":{"wiki":{"value":"enwiki"}}}`:                          "1 3",
		`{"term":{"ns":9007199254740993}}`:                              "3",
		`{"term":{"bot":true}}`:                                         "1",
		`{"term":{"_id":"3"}}`:                                          "3",
		`{"term":{"nope":"x"}}`:                                         "",
		`{"terms":{"wiki":["dewiki","frwiki"]}}`:                        "2",
		`{"terms":{"wiki":[]}}`:                                         "",
		`{"term":{"title.text":"category:cleanup"}}`:                    "1",
		`{"match":{"title.text":"FOO nothing"}}`:                        "2 1",
		`{"match":{"title.text":{"query":"foo bar","operator":"and"}}}`: "2",
		`{"match":{"title.text":"京"}}`:                                  "3",
		`{"match":{"wiki":"dewiki"}}`:                                   "2",
		`{"match_none":{}}`:                                             "",
		`{"match_phrase":{"title.text":"FOO bar"}}`:                     "2",
		`{"match_phrase":{"title.text":{"query":"of, foo"}}}`:           "1",
		`{"match_phrase":{"title.text":"bar foo"}}`:                     "",
		`{"match_phrase":{"title.text":"-"}}`:                           "",
		`{"match_phrase":{"wiki":"dewiki"}}`:                            "2",
		`{"term":{"_ignored":"title"}}`:                                 "1",
		`{"term":{"_ignored":"wiki"}}`:                                  "",
		`{"exists":{"field":"meta"}}`:                                   "",
		`{"exists":{"field":"title"}}`:                                  "2 3", // ignore_above
		`{"exists":{"field":"title.text"}}`:                             "1 2 3",
		`{"range":{"ns":{"gt":0}}}`:                                     "1 3",
		`{"range":{"ns":{"gte":0,"lt":"14"}}}`:                          "2",
		`{"range":{"wiki":{"gte":"e"}}}`:                                "1 3",
		`{"range":{"@timestamp":{"gte":1795428090,"lt":1795428100,"format":"epoch_second"}}}`: "2",
		`{"range":{"@timestamp":{"gte":"2026-11-23T10:01","lte":"2026-11-23T10:01"}}}`:        "2 3",
		`{"range":{"@timestamp":{"gt":null,"lte":"2026-11-23T10:00:00.123Z"}}}`:               "1",
		`{"bool":{}}`: "1 2 3 4",
		`{"bool":{"filter":[{"term":{"wiki":"enwiki"}}],"must_not":{"term":{"bot":true}}}}`:               "3",
		`{"bool":{"should":[{"term":{"wiki":"dewiki"}},{"term":{"ns":14}}]}}`:                             "1 2",
		`{"bool":{"must":{"match_all":{}},"should":[{"term":{"wiki":"dewiki"}}]}}`:                        "2 1 3 4",
		`{"bool":{"should":[{"term":{"wiki":"enwiki"}},{"term":{"ns":14}}],"minimum_should_match":2}}`:    "1",
		`{"bool":{"should":[{"term":{"wiki":"enwiki"}},{"term":{"ns":14}}],"minimum_should_match":"-1"}}`: "1 3",
		`{"bool":{"should":[{"term":{"wiki":"enwiki"}}],"minimum_should_match":2}}`:                       "",
	} {
		out := s.search(`{"_source":false,"query":` + query + `}`)
		var ids []string
		for _, part := range strings.Split(out, `"_id":"`)[1:] {
			ids = append(ids, part[:strings.IndexByte(part, '"')])
		}
		if got := strings.Join(ids, " "); got != want {
			t.Errorf("%s: %q, want %q", query, got, want)
		}
	}
}

// TestUnknownIsNamed checks that nothing that could change a result is ignored.
func TestUnknownIsNamed(t *testing.T) {
	s := filled(t)
	tests := []struct{ body, typ, reason string }{
		{`{"query":{"fuzzy":{"wiki":"x"}}}`, "parsing_exception", "unknown query [fuzzy]"},
		{`{"query":{}}`, "illegal_argument_exception", "query malformed, empty clause found"},
		{`{"query":{"term":{"wiki":"x"},"range":{}}}`, "parsing_exception", "[term] malformed query, expected [END_OBJECT] but found [FIELD_NAME]"},
		{`{"query":{"term":"x"}}`, "parsing_exception", "[term] query malformed"},
		{`{"query":{"term":{"wiki":"x","bot":"y"}}}`, "parsing_exception", "[term] query doesn't support multiple fields, found [wiki] and [bot]"},
		{`{"query":{"term":{"wiki":["x"]}}}`, "parsing_exception", "[term] query does not support array of values"},
		{`{"query":{"terms":{"wiki":"x"}}}`, "parsing_exception", "[terms] query does not support [wiki]"},
		{`{"query":{"terms":{"wiki":[{}]}}}`, "parsing_exception", "START_OBJECT"},
		{`{"query":{"range":{"@timestamp":{"gte":1,"format":"yyyy-QQ"}}}}`, "illegal_argument_exception", "Invalid format: [yyyy-QQ]"},
		{`{"query":{"exists":{"fields":"x"}}}`, "parsing_exception", "[fields]"},
		{`{"query":{"match":{"title.text":{"query":"x","fuzziness":1}}}}`, "parsing_exception", "[match] query does not support [fuzziness]"},
		{`{"query":{"match_phrase":{"title.text":{"query":"x","slop":1}}}}`, "parsing_exception", "[match_phrase] query does not support [slop]"},
		{`{"sort":"_shard_doc"}`, "action_request_validation_exception", "[_shard_doc] sort field cannot be used without [point in time]"},
		{`{"aggs":{"x":{"terms":{"field":"wiki","order":{"y>z":"asc"}},"aggs":{"y":{"sum":{"field":"ns"}}}}}}`, "illegal_argument_exception", "Invalid aggregation order path [y>z]"},
		{`{"query":{"bool":{"musst":[]}}}`, "x_content_parse_exception", "[bool] unknown field [musst]"},
		{`{"highlight":{}}`, "parsing_exception", "Unknown key for a START_OBJECT in [highlight]."},
		{`{"size":-1}`, "illegal_argument_exception", "[size] parameter cannot be negative, found [-1]"},
		{`{"size":"many"}`, "number_format_exception", `For input string: "many"`},
		{`{"size":10001}`, "search_phase_execution_exception", ""},
		{`{"track_total_hits":"most"}`, "number_format_exception", `"most"`},
		{`{"timeout":"soon"}`, "illegal_argument_exception", "[timeout] with value [soon]"},
		{`{"sort":{"ns":"up"}}`, "illegal_argument_exception", "SortOrder.UP"},
		{`{"sort":{"ns":{"mode":"avg"}}}`, "x_content_parse_exception", "[field_sort] unknown field [mode]"},
		{`{"sort":{"ns":{"missing":5}}}`, "x_content_parse_exception", "[missing]"},
		{`{"sort":"ns","search_after":[{}]}`, "parsing_exception", "[START_OBJECT]"},
		{`{"sort":"ns","search_after":[1],"from":5}`, "action_request_validation_exception", "[from] parameter must be set to 0"},
		{`{"aggs":{"x":{}}}`, "parsing_exception", "Missing definition for aggregation [x]"},
		{`{"aggs":{"x[0]":{"sum":{"field":"ns"}}}}`, "parsing_exception", "Invalid aggregation name [x[0]]"},
		{`{"aggs":{"x":{"sum":{"field":"ns"},"max":{"field":"ns"}}}}`, "parsing_exception", "Found two aggregation type definitions in [x]: [sum] and [max]"},
		{`{"aggs":{"x":{"sum":{"field":"ns","missing":0}}}}`, "x_content_parse_exception", "[sum] unknown field [missing]"},
		{`{"aggs":{"x":{"sum":{"field":"ns"},"aggs":{"y":{"sum":{"field":"ns"}}}}}}`, "illegal_argument_exception", "Aggregator [x] of type [sum] cannot accept sub-aggregations"},
		{`{"aggs":{"x":{"terms":{}}}}`, "illegal_argument_exception", "Required one of fields [field, script]"},
		{`{"aggs":{"x":{"terms":{"field":"wiki","size":0}}}}`, "x_content_parse_exception", "[terms] failed to parse field [size]"},
		{`{"aggs":{"x":{"terms":{"field":"wiki","order":{"y":"asc"}}}}}`, "illegal_argument_exception", "Invalid aggregation order path [y]"},
		{`{"aggs":{"x":{"date_histogram":{"field":"@timestamp","fixed_interval":"1M"}}}}`, "x_content_parse_exception", "[fixed_interval]"},
		{`{"aggs":{"x":{"filter":{"fuzzy":{}}}}}`, "parsing_exception", "unknown query [fuzzy]"},
	}
	for _, tt := range tests {
		fields := []string{"error.type=" + tt.typ, "error.root_cause.0.reason~" + tt.reason, "status=400"}
		if tt.reason != "" {
			fields = append(fields, "error.reason~"+tt.reason)
		}
		s.want("POST", "/wm-a/_search", tt.body, 400, fields...)
	}
	s.want("POST", "/wm-a/_search", `{"query":{"term":{"ns":"abc"}}}`, 400, "error.type=search_phase_execution_exception", "error.reason=all shards failed",
		"error.root_cause.0.type=query_shard_exception", `error.root_cause.0.reason=failed to create query: For input string: "abc"`,
		"error.failed_shards.0.index=wm-a", "error.failed_shards.0.reason.type=query_shard_exception")
	s.want("POST", "/wm-a/_search", `{"size":0,"aggs":{"x":{"date_histogram":{"field":"@timestamp","fixed_interval":"1ms"}}}}`, 400, "error.type=too_many_buckets_exception")
	s.want("POST", "/wm-a/_count", `{"query":{"match_all":{}},"size":1}`, 400, "error.reason=request does not support [size]")
}

// TestPointInTime checks that later writes are not part of a point in time.
func TestPointInTime(t *testing.T) {
	s := filled(t)
	id := gjson.Get(s.want("POST", "/wm-*/_pit?keep_alive=1m", "", 200, "_shards.total=2"), "id").Str
	s.want("POST", "/_bulk", `{"create":{"_index":"wm-a","_id":"5"}}
{"@timestamp":"2026-11-23T10:01:35Z"}
`, 200, "errors=false")
	pit := `"pit":{"id":"` + id + `","keep_alive":"1m"}`
	s.want("POST", "/_search", `{`+pit+`,"size":2,"sort":{"@timestamp":"desc"}}`, 200, "pit_id="+id, "hits.total.value=4", "hits.hits.0.sort=[1795428100000,4294967296]",
		"hits.hits.0._id=3", "hits.hits.1._id=2", "hits.hits.1.sort=[1795428090000,1]", "_shards.total=2")
	s.want("POST", "/_search", `{`+pit+`,"size":2,"sort":{"@timestamp":"desc"},"search_after":[1795428090000,1]}`, 200, "hits.hits.0._id=1", "hits.hits.1._id=4", "hits.hits.#=2")
	s.want("POST", "/_search", `{`+pit+`,"size":0,"aggs":{"n":{"value_count":{"field":"@timestamp"}}}}`, 200, "aggregations.n.value=3")
	s.want("POST", "/wm-a/_search", `{`+pit+`}`, 400, "error.type=action_request_validation_exception", "error.reason~[indices] cannot be used with point in time")
	s.want("POST", "/_search", `{"pit":{"id":"nonsense"}}`, 400, "error.type=illegal_argument_exception", "error.reason~invalid id")
	s.want("POST", "/_search", `{"pit":{"keep_alive":"1m"}}`, 400, "error.reason~point in time id is not provided")
	s.want("POST", "/_search", `{"pit":{"id":"`+id+`","keep_alive":"soon"}}`, 400, "error.reason~[soon]")
	s.want("POST", "/wm-a/_pit", "", 400, "error.type=action_request_validation_exception", "error.reason~[keep_alive] is not specified")
	s.want("POST", "/nope/_pit?keep_alive=1m", "", 404, "error.type=index_not_found_exception")
	s.want("POST", "/_msearch", "{}\n{"+pit+"}\n", 200, "responses.0.status=400", "responses.0.error.reason~[pit]")
	s.want("DELETE", "/_pit", `{"id":"`+id+`"}`, 200, `succeeded=true`, "num_freed=2")
	s.want("DELETE", "/_pit", `{}`, 400, "error.reason~id is not provided")
	s.want("DELETE", "/wm-b", "", 200)
	s.want("POST", "/_search", `{`+pit+`}`, 404, "error.type=index_not_found_exception")
}

// TestOrderByNumberInFilter checks terms ordered by a metric inside a filter.
func TestOrderByNumberInFilter(t *testing.T) {
	s := filled(t)
	const request = `{"size":0,"aggs":{"w":{"terms":{"field":"wiki","order":{"f>i":"%s"}},"aggs":{"f":{"filter":{"exists":{"field":"i"}},"aggs":{"i":{"sum":{"field":"i"}}}}}}}}`
	s.search(strings.Replace(request, "%s", "asc", 1), "aggregations.w.buckets.0.key=dewiki", "aggregations.w.buckets.1.f.i.value=5.0")
	s.search(strings.Replace(request, "%s", "desc", 1), "aggregations.w.buckets.0.key=enwiki")
}

func TestAggregations(t *testing.T) {
	s := filled(t)
	s.search(`{"size":0,"aggs":{
		"wikis":{"terms":{"field":"wiki","size":1,"shard_size":200,"execution_hint":"map"},"aggs":{"ns":{"sum":{"field":"ns"}},"n":{"cardinality":{"field":"title"}}}},
		"two":{"terms":{"field":"wiki","min_doc_count":2}},"bots":{"terms":{"field":"bot"}},"ns":{"terms":{"field":"ns","order":{"_key":"asc"}}},
		"times":{"terms":{"field":"@timestamp","order":[{"_key":"desc"}]}},
		"time":{"date_histogram":{"field":"@timestamp","fixed_interval":"1m"},"aggs":{"i":{"sum":{"field":"i"}}}},
		"day":{"date_histogram":{"field":"@timestamp","fixed_interval":"1d","format":"epoch_second"}},
		"i":{"sum":{"field":"i"}},"first":{"min":{"field":"@timestamp"}},"last":{"max":{"field":"ns"}},"none":{"min":{"field":"nope"}},"zero":{"sum":{"field":"nope"}},
		"count":{"value_count":{"field":"wiki"}},"users":{"cardinality":{"field":"wiki","precision_threshold":3000}},
		"removed":{"filter":{"range":{"i":{"lt":0}}},"aggregations":{"bytes":{"sum":{"field":"i"}}}}}}`,
		`aggregations.wikis={"doc_count_error_upper_bound":0,"sum_other_doc_count":1,"buckets":[{"key":"enwiki","doc_count":2,"ns":{"value":9.007199254741006E15},"n":{"value":1}}]}`,
		`aggregations.two.buckets=[{"key":"enwiki","doc_count":2}]`, `aggregations.bots.buckets=[{"key":0,"key_as_string":"false","doc_count":1},{"key":1,"key_as_string":"true","doc_count":1}]`,
		`aggregations.ns.buckets.2={"key":9007199254740993,"doc_count":1}`,
		`aggregations.times.buckets.0={"key":1795428100000,"key_as_string":"2026-11-23T10:01:40.000Z","doc_count":1}`,
		`aggregations.time={"buckets":[{"key":1795428000000,"key_as_string":"2026-11-23T10:00:00.000Z","doc_count":1,"i":{"value":5.0}},`+
			`{"key":1795428060000,"key_as_string":"2026-11-23T10:01:00.000Z","doc_count":2,"i":{"value":-7.0}}]}`,
		`aggregations.day.buckets=[{"key":1795392000000,"key_as_string":"1795392000","doc_count":3}]`,
		`aggregations.i={"value":-2.0}`, `aggregations.first={"value":1.795428000123E12,"value_as_string":"2026-11-23T10:00:00.123Z"}`,
		`aggregations.last={"value":9.007199254740992E15}`, `aggregations.none={"value":null}`, `aggregations.zero={"value":0.0}`,
		`aggregations.count={"value":3}`, `aggregations.users={"value":2}`, `aggregations.removed={"doc_count":1,"bytes":{"value":-7.0}}`)
	s.search(`{"size":0,"query":{"term":{"wiki":"nobody"}},"aggs":{"t":{"date_histogram":{"field":"@timestamp","fixed_interval":"30s","min_doc_count":0,
		"extended_bounds":{"min":"2026-11-23T10:00:00Z","max":"2026-11-23T10:01:00Z"}}},"w":{"terms":{"field":"wiki"}}}}`,
		"aggregations.t.buckets.#=3", "aggregations.t.buckets.2.key=1795428060000", "aggregations.w.buckets=[]")
}

func TestMultiSearch(t *testing.T) {
	s := filled(t)
	s.want("POST", "/_msearch", `{}
{"size":0,"track_total_hits":true}
{"index":"nope"}
{"size":0}
{"index":["wm-a","nope"],"ignore_unavailable":true,"preference":"x"}
{"size":1,"query":{"term":{"wiki":"dewiki"}}}
{"index":"wm-b"}
{"query":{"term":{"ns":"abc"}}}
`, 200, "responses.#=4", "responses.0.hits.total.value=4", "responses.0.status=200", "responses.1.error.type=index_not_found_exception", "responses.1.status=404",
		"responses.2.hits.hits.0._id=2", "responses.2._shards.total=1", "responses.3.error.root_cause.0.type=query_shard_exception", "responses.3.status=400")
	s.want("GET", "/wm-b/_msearch?max_concurrent_searches=2", "\n{\"size\":0}\n", 200, "responses.0.hits.total.value=2")
	s.want("POST", "/nope/_msearch?ignore_unavailable=true", "{}\n{}\n{\"ignore_unavailable\":false}\n{}\n", 200,
		"responses.0.hits.total.value=0", "responses.0.status=200", "responses.1.error.type=index_not_found_exception")
	s.want("POST", "/nope-*/_msearch?allow_no_indices=false", "{}\n{}\n{\"allow_no_indices\":true}\n{}\n", 200,
		"responses.0.status=404", "responses.1.status=200")
	s.want("POST", "/_msearch?ignore_unavailable=perhaps", "{}\n{}\n", 400, "error.caused_by.reason~Failed to parse value [perhaps]")
	s.want("POST", "/_msearch", "{}\n{}", 400, "error.reason~must be terminated by a newline")
	s.want("POST", "/_msearch", "{}\n", 400, "error.reason~no requests added")
	s.want("POST", "/_msearch", "", 400, "error.type=parse_exception")
	s.want("POST", "/_msearch", "{}\n{}\n{}\n{\"query\":{\"fuzzy\":{}}}\n", 400, "error.reason=unknown query [fuzzy]")
}
