package eshttp

import (
	"strings"
	"testing"
)

func TestTemplates(t *testing.T) {
	s := filled(t)
	s.want("GET", "/_index_template/wm", "", 200, "index_templates.0.name=wm", "index_templates.0.index_template.priority=100",
		`index_templates.0.index_template._meta={"by":"test"}`, `index_templates.0.index_template.index_patterns=["wm-*"]`,
		`index_templates.0.index_template.template.settings={"index":{"number_of_shards":"1","refresh_interval":"1s"}}`,
		"index_templates.0.index_template.template.mappings.properties.log_params.enabled=false", "index_templates.0.index_template.composed_of=[]")
	s.want("GET", "/_index_template/w*", "", 200, "index_templates.#=1")
	s.want("GET", "/_index_template", "", 200, "index_templates.#=1")
	s.want("GET", "/_index_template/x*", "", 200, "index_templates=[]")
	s.want("GET", "/_index_template/nope", "", 404, "error.type=resource_not_found_exception", "error.reason=index template matching [nope] not found")
	for name, want := range map[string]int{"wm": 200, "nope": 404} {
		if res, body := s.do("HEAD", "/_index_template/"+name, ""); res.StatusCode != want || body != "" {
			t.Errorf("HEAD %s: %d %q", name, res.StatusCode, body)
		}
	}
	s.want("PUT", "/_index_template/wm", template, 200) // again
	s.want("PUT", "/_index_template/wm?create=true", template, 400, "error.reason=index template [wm] already exists")
	s.want("DELETE", "/_index_template/nope", "", 404, "error.type=index_template_missing_exception")
	s.want("DELETE", "/_index_template/wm", "", 200, "acknowledged=true")
	s.want("POST", "/_bulk", `{"create":{"_index":"wm-a"}}`+"\n{}\n"+`{"create":{"_index":"wm-new"}}`+"\n{}\n", 200, "items.0.create.status=201", "items.1.create.status=201")
}

func TestTemplatesThatAreRefused(t *testing.T) {
	s := filled(t)
	with := func(mappings string) string {
		return `{"index_patterns":["x-*"],"template":{"mappings":` + mappings + `}}`
	}
	for body, want := range map[string]string{
		``:                                   "Required [index_patterns]",
		`{"index_patterns":[]}`:              "There must be at least one pattern, zero given",
		`{"index_patterns":["x"],"foo":1}`:   "[index_template] unknown field [foo]",
		`{"index_patterns":["x"],"order":1}`: "unknown field [order]",
		`{"index_patterns":["x"],"data_stream":{}}`:                                          "unknown field [data_stream]",
		`{"index_patterns":["x"],"composed_of":["a"]}`:                                       "[composed_of] is not supported",
		`{"index_patterns":["x"],"priority":"high"}`:                                         "[priority]",
		`{"index_patterns":["x"],"template":{"settings":{"refresh_interval":"banana"}}}`:     "index_template [other] invalid, cause [Validation Failed: 1: failed to parse setting [index.refresh_interval] with value [banana] as a time value: unit is missing or unrecognized;]",
		`{"index_patterns":["x"],"template":{"aliases":{"a":{}}}}`:                           "[aliases]",
		`{"index_patterns":["x"],"template":{"settings":{"index":{"max_result_window":5}}}}`: "unknown setting [index.max_result_window]",
		`{"index_patterns":["wm-a*"],"priority":100}`:                                        "index template [other] has index patterns [wm-a*] matching patterns from existing templates [wm]",
		with(`{"dynamic":"foo"}`):                                                            "invalid",
	} {
		s.want("PUT", "/_index_template/other", body, 400, "error.reason~"+want)
	}
	s.want("PUT", "/_index_template/other", with(`{"dynamic":false,"properties":{"a":{"type":"keyword","bar":1}}}`), 400,
		"error.root_cause.0.type=illegal_argument_exception", "error.root_cause.0.caused_by=", "error.caused_by.caused_by.type=mapper_parsing_exception", "error.caused_by.caused_by.reason~unknown parameter [bar] on mapper [a] of type [keyword]")
	s.want("PUT", "/_index_template/Other", `{"index_patterns":["x"]}`, 400, "error.type=invalid_index_template_exception")
	s.want("GET", "/_index_template", "", 200, "index_templates.#=1")
}

func TestIndices(t *testing.T) {
	s := filled(t)
	s.want("PUT", "/plain", `{"mappings":{"dynamic":"false","properties":{"a":{"type":"keyword"}}},"settings":{"index.number_of_replicas":0}}`, 200,
		"acknowledged=true", "shards_acknowledged=true", "index=plain")
	s.want("PUT", "/plain", "", 400, "error.type=resource_already_exists_exception", "error.reason~index [plain/", "error.index=plain")
	s.want("PUT", "/wm-made", `{"mappings":{"properties":{"extra":{"type":"long"}}}}`, 200) // over the template
	s.want("GET", "/wm-made/_mapping", "", 200, "wm-made.mappings.properties.extra.type=long", "wm-made.mappings.properties.wiki.type=keyword", "wm-made.mappings.dynamic=false")
	s.want("PUT", "/other", `{"aliases":{"a":{}}}`, 400, "error.reason~[aliases]")
	s.want("PUT", "/other", `{"foo":{}}`, 400, "error.reason=unknown key [foo] for create index")
	s.want("PUT", "/other", `{"settings":{"refresh_interval":"banana"}}`, 400, "error.reason=failed to parse setting [index.refresh_interval] with value [banana] as a time value: unit is missing or unrecognized")
	s.want("PUT", "/Other", "", 400, "error.type=invalid_index_name_exception", "error.reason~must be lowercase")
	s.want("PUT", "/_other", "", 400, "error.reason~must not start with")
	s.want("GET", "/_other", "", 400, "error.type=invalid_index_name_exception", "error.reason~must not start with")
	s.want("GET", "/plain", "", 200, "plain.settings.index.number_of_replicas=0", "plain.settings.index.provided_name=plain", "plain.mappings.properties.a.type=keyword")
	s.want("GET", "/wm-*/_settings", "", 200, "wm-a.settings.index.number_of_shards=1", "wm-b.settings.index.refresh_interval=1s")
	for name, want := range map[string]int{"plain": 200, "nope": 404, "wm-*": 200} {
		if res, body := s.do("HEAD", "/"+name, ""); res.StatusCode != want || body != "" {
			t.Errorf("HEAD %s: %d %q", name, res.StatusCode, body)
		}
	}
	s.want("POST", "/wm-*/_refresh", "", 200, `_shards={"total":3,"successful":3,"failed":0}`)
	s.want("POST", "/nope/_refresh", "", 404)
	s.want("GET", "/wm-b,plain/_count", "", 200, "count=2", "_shards.total=2")
	s.want("GET", "/nope/_count", "", 404)

	for _, list := range []string{"wm-*", "_all", "*", "plain,wm-*"} {
		s.want("DELETE", "/"+list, "", 400, "error.reason=Wildcard expressions or all indices are not allowed")
	}
	s.want("DELETE", "/nope", "", 404, "error.type=index_not_found_exception")
	s.want("DELETE", "/plain,wm-made", "", 200, "acknowledged=true")
	s.want("GET", "/plain/_search", "", 404)
	s.want("POST", "/wm-made/_bulk", `{"create":{}}`+"\n{}\n", 200, "items.0.create._seq_no=0") // a new one
}

func TestCatIndices(t *testing.T) {
	s := filled(t)
	s.want("POST", "/_bulk", docs, 200)
	s.want("GET", "/_cat/indices?format=json&bytes=b", "", 200, "#=2", "0.health=green", "0.status=open", "0.index=wm-a", "0.pri=1", "0.rep=0",
		"0.docs\\.count=2", "1.docs\\.count=2", "1.docs\\.deleted=1")
	tests := []struct{ query, want string }{
		{"?h=index,docs.count", "wm-a 2\nwm-b 2\n"},
		{"?h=i,dc,nope&s=index:desc&v", "i    dc\nwm-b  2\nwm-a  2\n"},
		{"/wm-b?h=index", "wm-b\n"},
		{"/x*?h=index&v=true", "index\n"},
		{"?h=index&s=docs.deleted:desc,index", "wm-b\nwm-a\n"},
	}
	for _, tt := range tests {
		if res, body := s.do("GET", "/_cat/indices"+tt.query, ""); body != tt.want || !strings.HasPrefix(res.Header.Get("Content-Type"), "text/plain") {
			t.Errorf("%s: %q, want %q", tt.query, body, tt.want)
		}
	}
	s.want("GET", "/_cat/indices/nope", "", 404)
	s.want("GET", "/_cat/indices?s=nope", "", 400, "error.reason=Unable to sort by unknown sort key `nope`")
	s.want("GET", "/_cat/indices?format=yaml", "", 400, "error.reason~[yaml]")
	s.want("GET", "/_cat/indices?bytes=pb", "", 400, "error.reason~[pb]")
	for n, want := range map[int64]string{0: "0b", 1023: "1023b", 1024: "1kb", 9830: "9.5kb", 5 << 30: "5gb"} {
		if got := size(n, "").text; got != want {
			t.Errorf("%d: %s, want %s", n, got, want)
		}
	}
}
