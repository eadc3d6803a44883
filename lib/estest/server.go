package estest

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/tidwall/gjson"
)

// server is the server under test.
type server struct {
	url   string
	kinds []string // its names in differences, such as "opensearch" and "opensearch2"
	names []string // "{i}" and the like, each followed by its replacement
}

func newServer(t *testing.T, url string) *server {
	t.Helper()
	s := &server{url: url}
	root := s.ask(t, &request{line: "GET /"}).body
	version := gjson.Get(root, "version.number").Str
	if version == "" { // the Elasticsearch of Maven does not answer GET /
		version = gjson.Get(s.ask(t, &request{line: "GET /_nodes/_all"}).body, "nodes.@values.0.version").Str
	}
	major, _, _ := strings.Cut(version, ".")
	switch {
	case gjson.Get(root, "version.build_flavor").Str == "wm-store":
		s.kinds = []string{"wm-store"}
	case gjson.Get(root, "version.distribution").Str == "opensearch":
		s.kinds = []string{"opensearch", "opensearch" + major}
	default:
		s.kinds = []string{"es" + major}
	}
	return s
}

// own replaces names such as {i}.
func (s *server) own(text string) string { return strings.NewReplacer(s.names...).Replace(text) }

type answer struct {
	status  int
	product string // header X-Elastic-Product
	json    bool
	body    string
}

// ask sends a request.
func (s *server) ask(t *testing.T, r *request) answer {
	t.Helper()
	method, path, _ := strings.Cut(s.own(r.line), " ")
	body := []byte(s.own(r.text()))
	if r.gzip {
		body = compressed(t, body)
	}
	req, err := http.NewRequestWithContext(t.Context(), method, s.url+path, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	switch {
	case r.typ != "":
		req.Header.Set("Content-Type", r.typ)
	case r.lines():
		req.Header.Set("Content-Type", "application/x-ndjson")
	case len(body) > 0:
		req.Header.Set("Content-Type", "application/json")
	}
	if r.gzip {
		req.Header.Set("Content-Encoding", "gzip")
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	isJSON := strings.Contains(res.Header.Get("Content-Type"), "json")
	return answer{res.StatusCode, res.Header.Get("X-Elastic-Product"), isJSON, string(text)}
}

func compressed(t *testing.T, text []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write(text); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// keep records values of a response under their names.
func (s *server) keep(r *request, body string) {
	for _, k := range r.keep {
		s.names = append([]string{"{" + k[0] + "}", gjson.Get(body, k[1]).Raw}, s.names...)
	}
}

// record sends a request and records the response as the expected one.
func (s *server) record(t *testing.T, r *request) {
	t.Helper()
	got := s.ask(t, r)
	r.status, r.answer = got.status, s.shown(t, got)
	s.keep(r, got.body)
}

// everywhere are differences in the responses of all cases. Of an error, OpenSearch
// has the status and, but for marked ones, the type.
var everywhere = []difference{
	{"opensearch", "**.reason", "other words"},
	{"opensearch", "**.root_cause", "the error again, in other words"},
	{"opensearch", "**.caused_by", "other errors of its parsers"},
}

// compare sends a request and compares the response with the recorded one.
func (s *server) compare(t *testing.T, f *file, c *testcase, r *request) {
	t.Helper()
	var except []string
	for _, d := range slices.Concat(everywhere, f.differs, c.differs, r.differs) {
		if s.is(d.server) {
			except = append(except, d.path)
			if d.path == "*" {
				return
			}
		}
	}
	got := s.ask(t, r)
	defer s.keep(r, got.body)
	if got.status != r.status && !slices.Contains(except, "status") {
		t.Errorf("%s: status %d, want %d: %.1500s", r.line, got.status, r.status, got.body)
		return
	}
	if got.product != "Elasticsearch" && s.kinds[0] != "opensearch" {
		t.Errorf("%s: X-Elastic-Product is %q", r.line, got.product)
	}
	if d := diff(r.answer, s.shown(t, got), except); d != "" {
		t.Errorf("%s %.300s\n%s", r.line, strings.Join(r.body, "\n"), d)
	}
}

// is reports whether a difference applies to this server.
func (s *server) is(name string) bool { return slices.Contains(s.kinds, name) }
