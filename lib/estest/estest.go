// Package estest is a conformance suite for servers with Elasticsearch's REST
// interface. The files in cases contain requests and the complete responses of
// Elasticsearch 8.19, recorded with [Record]. [Run] sends the same requests to another
// server and compares the responses.
//
// A file is a list of cases:
//
//	== documents by id (template)
//
//	# A comment.
//	PUT /{i}/_doc/1
//	{"title":"Berlin"}
//	~ wm-store _shards: one copy of each shard
//	$ seq = _seq_no
//	=> 201
//	{"_id":"1","result":"created"}
//
// Each case has its own indices: {i} is replaced by the prefix of their names.
// "(template)" first puts wm's index template for them. A line "~ SERVER PATH:
// REASON" records that a server differs: the value at the path, in which "*" means
// any name and "**" any number of them, is not compared; with "*" the request is not
// sent. Before the first case, such a line holds for the whole file, and after the
// first line of a case for the whole case. SERVER is wm-store, es9,
// opensearch, opensearch2 or opensearch3. A line "$ NAME = PATH" stores a value of the
// response, which replaces {NAME} in later requests. "@ gzip" compresses the body,
// "@ type TYPE" sets its content type. In a response that is not JSON, each line is
// prefixed with "|".
package estest

import (
	"crypto/rand"
	"embed"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tidwall/gjson"

	"github.com/wmtools/wm/lib/es"
)

//go:embed cases/*.txt
var caseFiles embed.FS

// Run sends all requests to the server at a URL and compares the responses with those
// of Elasticsearch 8.19. It deletes the indices and templates that it creates.
func Run(t *testing.T, url string) {
	s := newServer(t, url)
	eachFile(t, func(_ string, f *file) {
		for _, c := range f.cases {
			t.Run(c.name, func(t *testing.T) {
				s.inCase(t, c, func(r *request) { s.compare(t, f, c, r) })
			})
		}
	})
}

// Record sends all requests to the server at a URL, which should be Elasticsearch
// 8.19, and writes the responses to the case files in dir.
func Record(t *testing.T, url, dir string) {
	s := newServer(t, url)
	eachFile(t, func(name string, f *file) {
		for _, c := range f.cases {
			s.inCase(t, c, func(r *request) { s.record(t, r) })
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(f.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	})
}

func eachFile(t *testing.T, do func(name string, f *file)) {
	t.Helper()
	entries, err := fs.ReadDir(caseFiles, "cases")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		text, err := fs.ReadFile(caseFiles, "cases/"+e.Name())
		if err != nil {
			t.Fatal(err)
		}
		f, err := parseFile(string(text))
		if err != nil {
			t.Fatalf("%s:%v", e.Name(), err)
		}
		do(e.Name(), f)
	}
}

// inCase calls do for each request of a case and then deletes its indices and
// templates.
func (s *server) inCase(t *testing.T, c *testcase, do func(*request)) {
	t.Helper()
	index := "estest-" + strings.ToLower(rand.Text())
	s.names = []string{"{i}", index}
	if c.template {
		s.putTemplate(t, index)
	}
	defer s.clean(t, index)
	for _, r := range c.requests {
		do(r)
	}
}

// putTemplate puts wm's index template.
func (s *server) putTemplate(t *testing.T, index string) {
	t.Helper()
	client, err := es.New(es.Options{URLs: []string{s.url}})
	if err != nil {
		t.Fatal(err)
	}
	pattern, err := es.ParseIndexPattern(index + "-{stream}")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.InitIndex(t.Context(), pattern, es.TemplateOptions{}); err != nil {
		t.Fatal(err)
	}
}

// clean removes the templates and the indices of a case.
func (s *server) clean(t *testing.T, index string) {
	t.Helper()
	list := s.ask(t, &request{line: "GET /_index_template/" + index + "*"})
	for _, name := range gjson.Get(list.body, "index_templates.#.name").Array() {
		s.ask(t, &request{line: "DELETE /_index_template/" + name.Str})
	}
	list = s.ask(t, &request{line: "GET /_cat/indices/" + index + "*?h=index&format=json&expand_wildcards=all"})
	for _, name := range gjson.Get(list.body, "#.index").Array() {
		s.ask(t, &request{line: "DELETE /" + name.Str})
	}
}
