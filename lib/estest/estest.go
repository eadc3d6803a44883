// Package estest is one suite of requests for anything that calls itself
// Elasticsearch: all that wm sends, and what it relies on in the answers. The
// real one and the embedded store are held against the same cases.
package estest

import (
	"bytes"
	"compress/gzip"
	"crypto/rand"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/tidwall/gjson"

	"github.com/wmtools/wm/lib/es"
)

// testcase is a run of exchanges in indices of its own.
type testcase struct {
	name      string
	exchanges []exchange
}

// exchange is a request and what there has to be in the answer. In its texts
// "{i}" stands for a name with which the case's own indices begin; they get the
// mapping of wm's index template.
type exchange struct {
	request string // method and path
	body    string // JSON; or lines for _bulk and _msearch
	gzip    bool   // the body is sent compressed
	status  int    // 0: 200
	answer  want
	keep    map[string]string // names for values in the answer, by path: "{name}" stands for the JSON there in what follows
	store   *difference       // nil: the embedded store answers the same
}

// want is JSON by its path in an answer, in gjson's syntax. "" stands for what
// must not be there.
type want map[string]string

// difference is what the embedded store answers instead, and why.
type difference struct {
	status  int
	answer  want
	because string
}

// unknown is a request that the embedded store refuses, as it does with all that
// it does not know.
func unknown(because string) *difference {
	return &difference{http.StatusBadRequest, nil, because}
}

// Run holds the server at an address against all cases. It leaves what others
// have in the server alone, but for a while sets the limit of shards.
func Run(t *testing.T, url string) {
	s := &server{url: url}
	s.embedded = gjson.Get(s.ask(t, exchange{request: "GET /"}).body, "version.build_flavor").Str == "wm-store"
	for _, cases := range [][]testcase{templateCases, checkCases, bulkCases, searchCases, pageCases, aggregationCases, rankingCases, troubleCases} {
		for _, c := range cases {
			t.Run(c.name, func(t *testing.T) { s.run(t, c) })
		}
	}
}

type server struct {
	url      string
	embedded bool
	names    []string // "{i}" and the like, each with what it stands for; the last one of a name is the first
}

// run makes the exchanges of a case, and removes what came of them.
func (s *server) run(t *testing.T, c testcase) {
	index := "estest-" + strings.ToLower(rand.Text())
	s.names = []string{"{i}", index}
	client, err := es.New(es.Options{URLs: []string{s.url}})
	if err != nil {
		t.Fatal(err)
	}
	pattern, err := es.ParseIndexPattern(index + "-{stream}")
	if err != nil {
		t.Fatal(err)
	}
	defer s.clean(t)
	if _, err := client.InitIndex(t.Context(), pattern, es.TemplateOptions{}); err != nil {
		t.Fatal(err)
	}
	for _, e := range c.exchanges {
		s.exchange(t, e)
	}
}

// clean removes the template and the indices of a case.
func (s *server) clean(t *testing.T) {
	t.Helper()
	s.exchange(t, exchange{request: "DELETE /_index_template/{i}-stream", answer: want{"acknowledged": "true"}})
	list := s.ask(t, exchange{request: "GET /_cat/indices/{i}*?h=index&format=json&expand_wildcards=all"})
	for _, name := range gjson.Get(list.body, "#.index").Array() {
		s.exchange(t, exchange{request: "DELETE /" + name.Str, answer: want{"acknowledged": "true"}})
	}
}

// exchange sends a request and compares the answer.
func (s *server) exchange(t *testing.T, e exchange) {
	t.Helper()
	got := s.ask(t, e)
	status, answer := e.status, e.answer
	if s.embedded && e.store != nil {
		status, answer = e.store.status, e.store.answer
		t.Logf("%s: the store differs: %s", e.request, e.store.because)
	}
	if status == 0 {
		status = http.StatusOK
	}
	if got.status != status {
		t.Errorf("%s: status %d, want %d: %s", e.request, got.status, status, got.body)
		return
	}
	if got.product != "Elasticsearch" {
		t.Errorf("%s: X-Elastic-Product is %q", e.request, got.product)
	}
	for path, want := range answer {
		if raw := gjson.Get(got.body, s.own(path)).Raw; raw != s.own(want) {
			t.Errorf("%s: %s is %s, want %s, in %.2000s", e.request, path, raw, s.own(want), got.body)
		}
	}
	for path, name := range e.keep {
		s.names = append([]string{"{" + name + "}", gjson.Get(got.body, path).Raw}, s.names...)
	}
}

// own puts what the names stand for.
func (s *server) own(text string) string { return strings.NewReplacer(s.names...).Replace(text) }

type answer struct {
	status  int
	product string // header X-Elastic-Product
	body    string
}

func (s *server) ask(t *testing.T, e exchange) answer {
	t.Helper()
	method, path, _ := strings.Cut(s.own(e.request), " ")
	body := []byte(s.own(e.body))
	if e.gzip {
		body = compressed(t, body)
	}
	req, err := http.NewRequestWithContext(t.Context(), method, s.url+path, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	if strings.HasSuffix(e.body, "\n") {
		req.Header.Set("Content-Type", "application/x-ndjson")
	}
	if e.gzip {
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
	return answer{res.StatusCode, res.Header.Get("X-Elastic-Product"), string(text)}
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
