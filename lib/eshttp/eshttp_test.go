package eshttp

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/tidwall/gjson"

	"github.com/wmtools/wm/lib/store"
)

const template = `{"index_patterns":["wm-*"],"priority":100,"_meta":{"by":"test"},"template":{"settings":{"number_of_shards":1,"refresh_interval":"1s"},
	"mappings":{"dynamic":false,"properties":{
		"@timestamp":{"type":"date"},"wiki":{"type":"keyword","ignore_above":1024},
		"title":{"type":"keyword","ignore_above":20,"fields":{"text":{"type":"text"}}},
		"ns":{"type":"long"},"i":{"type":"integer"},"bot":{"type":"boolean"},
		"log_params":{"type":"object","enabled":false},"meta":{"properties":{"id":{"type":"keyword"}}}}}}}`

// docs is a bulk request of four changes.
const docs = `{"create":{"_index":"wm-a","_id":"1"}}
{"@timestamp":"2026-11-23T10:00:00.123Z","wiki":"enwiki","title":"Category:Cleanup of foo bars","ns":14,"bot":true,"i":5}
{"create":{"_index":"wm-a","_id":"2"}}
{"@timestamp":"2026-11-23T10:01:30Z","wiki":"dewiki","title":"Foo, Bar","ns":0,"bot":false,"i":-7, "x" : "\u00e4"}
{"create":{"_index":"wm-b","_id":"3"}}
{"@timestamp":"2026-11-23T10:01:40Z","wiki":"enwiki","title":"東京","ns":9007199254740993}
{"index":{"_index":"wm-b","_id":"4"}}
{}
`

// server is a handler over a real store in a directory.
type testServer struct {
	*testing.T
	url   string
	store *store.Store
}

func start(t *testing.T, dir string) testServer {
	t.Helper()
	s, err := store.Open(dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(Handler(s, Options{Version: "1.2.3", MaxBody: 1 << 20}))
	t.Cleanup(func() { srv.Close(); s.Close() })
	return testServer{t, srv.URL, s}
}

// filled is a server with the template and docs.
func filled(t *testing.T) testServer {
	s := start(t, t.TempDir())
	s.want("PUT", "/_index_template/wm", template, 200, `acknowledged=true`)
	s.want("POST", "/_bulk", docs, 200, `errors=false`)
	return s
}

// do sends a request; bodies are JSON.
func (s testServer) do(method, path, body string, header ...string) (*http.Response, string) {
	s.Helper()
	req, err := http.NewRequestWithContext(s.Context(), method, s.url+path, strings.NewReader(body))
	if err != nil {
		s.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		s.Fatal(err)
	}
	defer res.Body.Close()
	out, err := io.ReadAll(res.Body)
	if err != nil {
		s.Fatal(err)
	}
	if got := res.Header.Get("X-Elastic-Product"); got != "Elasticsearch" {
		s.Errorf("%s %s: X-Elastic-Product %q", method, path, got)
	}
	return res, string(out)
}

// want sends a request and checks the status and fields: "path=value" compares the
// value at a gjson path, strings without quotes; "path~part" checks for a substring.
func (s testServer) want(method, path, body string, status int, fields ...string) string {
	s.Helper()
	res, out := s.do(method, path, body)
	if res.StatusCode != status {
		s.Errorf("%s %s %.200s: status %d, want %d: %.500s", method, path, body, res.StatusCode, status, out)
		return out
	}
	if len(out) > 0 && !strings.HasPrefix(res.Header.Get("Content-Type"), "text/plain") && !gjson.Valid(out) {
		s.Errorf("%s %s %s: not JSON: %s", method, path, body, out)
	}
	for _, f := range fields {
		i := strings.IndexAny(f, "=~")
		got := gjson.Get(out, f[:i])
		text := got.Raw
		if got.Type == gjson.String {
			text = got.Str
		}
		if f[i] == '=' && text != f[i+1:] || f[i] == '~' && !strings.Contains(text, f[i+1:]) {
			s.Errorf("%s %s %.300s: %s, got %s in %.700s", method, path, body, f, text, out)
		}
	}
	return out
}

// search sends a search over all indices.
func (s testServer) search(body string, fields ...string) string {
	s.Helper()
	return s.want("POST", "/wm-*/_search", body, 200, fields...)
}

func TestRoot(t *testing.T) {
	s := start(t, t.TempDir())
	s.want("GET", "/", "", 200, "version.number=8.19.0", "version.build_flavor=wm-store", "version.wm_version=1.2.3", "tagline=You Know, for Search")
	if res, body := s.do("HEAD", "/", ""); res.StatusCode != 200 || body != "" {
		t.Errorf("HEAD /: %d %q", res.StatusCode, body)
	}
	s.want("GET", "/_cluster/health", "", 200, "status=green", "active_shards=0")
}

func TestRefusalsOfTheWire(t *testing.T) {
	s := filled(t)
	s.want("GET", "/_foo/bar/baz", "", 400, "error=no handler found for uri [/_foo/bar/baz] and method [GET]")
	s.want("GET", "/_foo/_search", "", 400, "error~no handler found")
	s.want("PATCH", "/_bulk", "", 405, "error~Incorrect HTTP method for uri [/_bulk] and method [PATCH], allowed: [POST, PUT]")
	s.want("POST", "/wm-a/_delete_by_query", "{}", 400, "error~no handler found")
	s.want("GET", "/wm-a/_doc/1", "", 200, "_version=1", "_source.ns=14")
	s.want("GET", "/wm-a/_doc/1?_source_includes=ns,i*", "", 200, `_source={"ns":14,"i":5}`)
	s.want("POST", "/wm-a/_search?foo=1&bar", "{}", 400, "error.type=illegal_argument_exception",
		"error.reason=request [/wm-a/_search] contains unrecognized parameters: [bar], [foo]", "error.root_cause.0.type=illegal_argument_exception", "status=400")
	s.want("POST", "/_search?filter_path=-took", "{}", 400, "error.reason~exclusions")
	s.want("POST", "/_search", `{"x`, 400, "error.type=x_content_e_o_f_exception")
	s.want("POST", "/_search", `[1]`, 400, "error.type=parsing_exception")
	s.want("POST", "/_search", `{"size":1} {}`, 400, "error.reason=Unexpected token [START_OBJECT] found after the main object.")
	s.want("POST", "/_search", `{"size":1,"size":2}`, 400, "error.reason=[1:11] Duplicate field 'size'")
	s.want("POST", "/_search", strings.Repeat(`{"query":`, 100_000), 400, "error.reason~nesting depth")
	s.want("POST", "/_search", strings.Repeat("[", 1_000_000), 400, "error.reason~nesting depth")
	s.want("POST", "/_search", strings.Repeat(" ", 1<<20+1), 413, "error.type=content_too_long_exception")
}

func TestContentTypes(t *testing.T) {
	s := filled(t)
	for _, ok := range []string{"application/json", "application/json; charset=UTF-8", "application/x-ndjson",
		"application/vnd.elasticsearch+json;compatible-with=8", "application/vnd.elasticsearch+x-ndjson; compatible-with=8"} {
		if res, body := s.do("POST", "/_count", `{}`, "Content-Type", ok); res.StatusCode != 200 {
			t.Errorf("%s: %d %s", ok, res.StatusCode, body)
		}
	}
	for _, bad := range []string{"text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json; charset=utf-16",
		"application/vnd.elasticsearch+json;compatible-with=9", "application/", ""} {
		res, body := s.do("POST", "/_count", `{}`, "Content-Type", bad)
		if res.StatusCode != 406 || !strings.Contains(body, `"error":"Content-Type header`) {
			t.Errorf("%q: %d %s", bad, res.StatusCode, body)
		}
	}
	if res, _ := s.do("GET", "/_count", "", "Content-Type", "text/plain"); res.StatusCode != 200 {
		t.Errorf("without a body the content type must not matter: %d", res.StatusCode)
	}
}

func TestPrettyAndFilterPath(t *testing.T) {
	s := filled(t)
	if _, body := s.do("GET", "/wm-a/_count?pretty", ""); !strings.HasPrefix(body, "{\n  \"count\": 2,") {
		t.Errorf("pretty: %s", body)
	}
	tests := []struct{ path, want string }{
		{"hits.total.value", `{"hits":{"total":{"value":4}}}`},
		{"hits.hits._id,hits.hi*.so*", `{"hits":{"hits":[{"_id":"1","sort":[9007199254740993]}]}}`},
		{"*.total,nope", `{"_shards":{"total":2},"hits":{"total":{"value":4,"relation":"eq"}}}`},
		{"nope", `{}`},
		{"_shards.total.deeper", `{}`},
		{"**", ""},
	}
	for _, tt := range tests {
		_, body := s.do("POST", "/_search?filter_path="+tt.path, `{"size":1,"sort":{"ns":"desc"},"_source":false,"query":{"match_all":{}}}`)
		body = strings.Replace(body, `"_id":"3"`, `"_id":"1"`, 1)
		if tt.want != "" && body != tt.want || tt.want == "" && !strings.Contains(body, "**") {
			t.Errorf("%s: %s, want %s", tt.path, body, tt.want)
		}
	}
	s.want("POST", "/nope/_search?filter_path=took", "{}", 404, "error.type=index_not_found_exception") // filter_path does not apply to errors
}

// TestReopenedStoreAnswersTheSame compares answers before and after a restart.
func TestReopenedStoreAnswersTheSame(t *testing.T) {
	dir := t.TempDir()
	s := start(t, dir)
	s.want("PUT", "/_index_template/wm", template, 200)
	s.want("POST", "/_bulk", docs, 200)
	s.want("POST", "/_bulk", docs, 200, "items.0.create.status=409", "items.3.index.status=200", "items.3.index._version=2")
	requests := []string{"/_search?filter_path=hits", "/_index_template", "/_mapping", "/_cat/indices?format=json&h=index,uuid,docs.count,docs.deleted", "/wm-b/_settings"}
	var before []string
	for _, path := range requests {
		before = append(before, s.want("GET", path, "", 200))
	}
	s.store.Close()
	s.want("GET", "/_search", "", 503, "error.type=node_closed_exception")
	s = start(t, dir)
	for i, path := range requests {
		if after := s.want("GET", path, "", 200); after != before[i] {
			t.Errorf("%s\nbefore %s\nafter  %s", path, before[i], after)
		}
	}
}

func TestOut(t *testing.T) {
	var o out
	o.open('{').key("a").open('[').text(`"\`).text("<&>\n\xff東😀").open('{').close('}').int(-1).close(']')
	o.key("b:").bool(true).key("c").double(12).key("s").score(nil).raw(`"d":1,"e":[]`).close('}')
	want := `{"a":["\"\\","<&>\u000a` + "\uFFFD" + `東😀",{},-1],"b:":true,"c":12.0,"s":null,"d":1,"e":[]}`
	if string(o) != want || !gjson.Valid(want) {
		t.Errorf("got  %s\nwant %s", o, want)
	}
}

func TestDouble(t *testing.T) {
	for f, want := range map[float64]string{0: "0.0", 12: "12.0", -1.5: "-1.5", 9999999: "9999999.0", 1e7: "1.0E7", 1.795428000123e12: "1.795428000123E12",
		9007199254740992: "9.007199254740992E15", 0.001: "0.001", 0.0001: "1.0E-4"} {
		if got := double(f); got != want {
			t.Errorf("%v: %s, want %s", f, got, want)
		}
	}
}

// bulkBody makes a bulk of n small documents.
func bulkBody(n int) string {
	var b bytes.Buffer
	for i := range n {
		fmt.Fprintf(&b, "{\"create\":{\"_index\":\"wm-a\",\"_id\":\"n%d\"}}\n{\"ns\":%d}\n", i, i)
	}
	return b.String()
}
