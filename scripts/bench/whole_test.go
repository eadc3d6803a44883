package main

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/tidwall/gjson"

	"github.com/wmtools/wm/lib/eshttp"
	"github.com/wmtools/wm/lib/store"
)

// need skips the test if a command is not installed, or fails it with CI=true.
func need(t *testing.T, commands ...string) {
	t.Helper()
	for _, name := range commands {
		if _, err := exec.LookPath(name); err != nil {
			if os.Getenv("CI") == "true" {
				t.Fatal(err)
			}
			t.Skip("needs " + name)
		}
	}
}

// built returns a folder with programs of this tree.
func built(t *testing.T, programs ...string) string {
	t.Helper()
	bin := t.TempDir()
	args := []string{"build", "-o", bin}
	for _, program := range programs {
		args = append(args, "github.com/wmtools/wm/cmd/"+program)
	}
	if out, err := exec.Command("go", args...).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return bin
}

// printed runs a whole bench on little data and returns its output.
func printed(t *testing.T, name, program string, scale float64) string {
	t.Helper()
	var out bytes.Buffer
	if err := run(t.Context(), settings{bin: built(t, program), runs: 1, scale: scale, out: &out}, []string{name}); err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	return out.String()
}

// It fails if wm-tail prints a different summary or rejects the server's stream.
func TestTail(t *testing.T) {
	need(t, "cat")
	out := printed(t, "tail", "wm-tail", 0.002)
	for _, want := range []string{"| CPU, µs/event", "| taken in, events/s", "allocations of an event, from the socket to the line: 0.", "| 20000 events", "| 2000 events, one of 8 MiB"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
	if strings.Contains(out, "not as planned") {
		t.Error(out)
	}
}

// rivalsOf puts fakes of ripgrep, jq and jaq first in PATH; each prints the last
// three lines of its input.
func rivalsOf(t *testing.T, names ...string) {
	t.Helper()
	dir := t.TempDir()
	for _, name := range names {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\nexec tail -n 3\n"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"cat", "wc", "tail", "sh", "go"} {
		path, err := exec.LookPath(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(path, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", dir)
}

// A missing rival is named, and a different count is reported.
func TestGrep(t *testing.T) {
	need(t, "cat", "wc", "tail", "sh")
	bin := built(t, "wm-grep")
	rivalsOf(t, "rg", "jq")
	var out bytes.Buffer
	if err := run(t.Context(), settings{bin: bin, runs: 1, scale: 0.002, out: &out}, []string{"grep"}); err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	for _, want := range []string{
		`\| enwiki +\| rg +\| \d+, rival 3 for \d+ `,
		`\| \\b\(revert\\\|undid\\\|rvv\)\\b +\| rg, share 0.1 +\| 0, rival 3 for 0 `,
		`\| -k wiki=enwiki +\| jq, share 0.1 +\| \d+, rival 3 for \d+ `,
		`jaq is not installed: nothing to compare`,
		`\| -k wiki=enwiki +\| jaq is not installed +\|`,
		`\| -k user@FILE, 100,000 names +\| wm-grep, -k user=NAME +\| \d+ `, // the one name has as many lines
	} {
		if !regexp.MustCompile(want).MatchString(out.String()) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
}

// Each question means the same to the rival.
func TestQuestionsAreAskedAlike(t *testing.T) {
	need(t, "cat", "wc", "rg", "jq")
	out := printed(t, "grep", "wm-grep", 0.002)
	if strings.Contains(out, ", rival") {
		t.Errorf("counts differ:\n%s", out)
	}
}

func TestGrepData(t *testing.T) {
	d, err := makeGrepData(t.TempDir(), 1_000_000)
	if err != nil {
		t.Fatal(err)
	}
	whole, part := readFile(t, d.events.path), readFile(t, d.part.path)
	if len(whole) != d.events.size || len(whole) < 1_000_000 || len(whole) > 1_100_000 || bytes.Count(whole, []byte{'\n'}) != d.events.events {
		t.Errorf("%d bytes in %d events for %+v", len(whole), bytes.Count(whole, []byte{'\n'}), d.events)
	}
	if !bytes.HasPrefix(whole, part) || len(part) < 100_000 || len(part) > 110_000 {
		t.Errorf("the part has %d bytes", len(part))
	}
	names := strings.Split(string(readFile(t, d.namesFile)), "\n")
	if len(names) != grepNames+1 || names[0] != d.name || !bytes.Contains(whole, []byte(`"user":"`+d.name+`"`)) {
		t.Errorf("%d names, first of all %q", len(names)-1, names[0])
	}
	for _, word := range d.words {
		if !bytes.Contains(whole, []byte(word)) {
			t.Errorf("no event has the word %q", word)
		}
	}
	if len(d.words) != grepWords {
		t.Errorf("%d words", len(d.words))
	}
}

func readFile(t *testing.T, path string) []byte {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// Only wm-es: to build or install the rivals takes minutes and the network.
func TestElasticsearch(t *testing.T) {
	need(t, "cat")
	bin := built(t, "wm-es")
	rivalsOf(t)
	t.Chdir(t.TempDir()) // here is no module with the rival's source
	var out bytes.Buffer
	if err := run(t.Context(), settings{bin: bin, runs: 1, scale: 0.004, out: &out}, []string{"es"}); err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	for _, want := range []string{`\| wm-es +\| 1\d\d\d `, `nothing to compare with BulkIndexer: `, `nothing to compare with parallel_bulk: python3 is not installed`} {
		if !regexp.MustCompile(want).MatchString(out.String()) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
}

// A client that loses documents must not look fast.
func TestLostDocumentsEndTheBench(t *testing.T) {
	need(t, "cat", "sh")
	server, err := startNullServer()
	if err != nil {
		t.Fatal(err)
	}
	defer server.stop()
	file := filepath.Join(t.TempDir(), "events")
	if err := os.WriteFile(file, []byte("{}\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	b := esBench{settings{runs: 1, out: io.Discard, summary: newSummary(nil)}, server, map[float64]eventFile{1: {path: file, events: 1}}}
	_, err = b.write(t.Context(), indexer{row{rival: "idle"}, []string{"sh", "-c", "cat >/dev/null"}, 1})
	if err == nil || !strings.Contains(err.Error(), "idle wrote 0 of 1 documents") {
		t.Errorf("error %v", err)
	}
}

// It fails unless both have written every event. A store replaces the node.
func TestNode(t *testing.T) {
	need(t, "cat", "curl")
	st, err := store.Open(t.TempDir(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	server := httptest.NewServer(eshttp.Handler(st, eshttp.Options{Version: "test"}))
	defer server.Close()
	var out bytes.Buffer
	b := nodeBench{settings: settings{runs: 1, scale: 0.02, out: &out, summary: newSummary(nil)}, program: filepath.Join(built(t, "wm-es"), "wm-es"), url: server.URL}
	if err := b.run(t.Context(), t.TempDir()); err != nil {
		t.Fatalf("%v\n%s", err, &out)
	}
	if want := regexp.MustCompile(`4\d\d\d documents in [2-9] requests, .*\n\n.*wm-es / curl`); !want.MatchString(out.String()) {
		t.Errorf("printed\n%s", &out)
	}
}

// They fail unless wm-store has every event, also after a crash.
func TestDaysAndWrites(t *testing.T) {
	bin := built(t, "wm-es", "wm-store")
	t.Setenv("TMPDIR", t.TempDir())
	var out bytes.Buffer
	if err := run(t.Context(), settings{bin: bin, runs: 1, scale: 0.001, out: &out}, []string{"days", "writes"}); err != nil {
		t.Fatalf("%v\n%s", err, &out)
	}
	for _, want := range []string{`day 10: \d{4,5} documents`, `\| all panels, first day, ms .*\| <= 1.5 `, `\| indices with --keep 5d +\| +\| 5 +\|`,
		`while 200 documents were written`, `\| all panels, 99 %, ms .*\| <= 3 `} {
		if !regexp.MustCompile(want).MatchString(out.String()) {
			t.Errorf("no %q in\n%s", want, &out)
		}
	}
}

// The store alone: a node is started by make conformance.
func TestStore(t *testing.T) {
	need(t, "cat")
	bin := built(t, "wm-es", "wm-store")
	rivalsOf(t)
	t.Chdir(t.TempDir()) // here is no module with the node
	var out bytes.Buffer
	if err := run(t.Context(), settings{bin: bin, runs: 1, scale: 0.002, out: &out}, []string{"store"}); err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	for _, want := range []string{`no Elasticsearch to compare with: `, `\| ingest, documents/s +\| \d+ +\| - `, `\| newest 50, phrase, ms +\| \d+\.\d +\| - `, `\| disk, MB +\| \d+ +\| - `} {
		if !regexp.MustCompile(want).MatchString(out.String()) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
}

func TestServe(t *testing.T) {
	need(t, "cat")
	bin := built(t, "wm-tail", "wm-es", "wm-store", "wm-serve")
	var out bytes.Buffer
	if err := run(t.Context(), settings{bin: bin, runs: 1, scale: 0.01, out: &out}, []string{"serve"}); err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	for _, r := range serveRows() {
		if !regexp.MustCompile(regexp.QuoteMeta("| "+r.task) + ` +\| [^|]+\| \d.* \| `).MatchString(out.String()) {
			t.Errorf("no figure for %q in\n%s", r.task, out.String())
		}
	}
}

func TestNullServer(t *testing.T) {
	server, err := startNullServer()
	if err != nil {
		t.Fatal(err)
	}
	defer server.stop()
	const body = "{\"create\":{}}\n{}\n{\"create\":{}}\n{}\n"
	for _, tt := range []struct{ query, item string }{
		{"", wholeItem},
		{"?filter_path=took,errors,items.*.status,items.*.error", statusItem},
		{"?filter_path=items.*.status,items.*._id", wholeItem}, // an unknown filter keeps everything
	} {
		res, err := http.Post(server.url+"/_bulk"+tt.query, "application/x-ndjson", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		answer, err := io.ReadAll(res.Body)
		res.Body.Close()
		items := gjson.GetBytes(answer, "items").Array()
		if err != nil || !gjson.ValidBytes(answer) || len(items) != 2 || items[1].Raw != tt.item {
			t.Errorf("%s: answer %s, error %v", tt.query, answer, err)
		}
		if res.Header.Get("X-Elastic-Product") != "Elasticsearch" {
			t.Error("clients will take it for another product")
		}
	}
	if n := server.documents.Load(); n != 6 {
		t.Errorf("it counts %d documents of 6", n)
	}
	rec := httptest.NewRecorder()
	server.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/_index_template/wm", nil))
	if rec.Code != http.StatusNotFound {
		t.Errorf("it has a template: %d", rec.Code)
	}
}
