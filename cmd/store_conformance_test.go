//go:build conformance

package cmd_test

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tidwall/gjson"

	"github.com/wmtools/wm/cmd/internal/cmdtest"
	"github.com/wmtools/wm/lib/estest"
)

// startStore starts wm-store and returns its address.
func startStore(t *testing.T) string {
	t.Helper()
	cmd := exec.Command(filepath.Join(cmdtest.Bin(), "wm-store"), "--data", t.TempDir(), "--listen", "127.0.0.1:0")
	url, err := cmdtest.AwaitListening(cmd)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmdtest.Stop(cmd) })
	return url
}

// TestStoreOnElasticsearch compares wm-store with Elasticsearch 8.19: drawn searches,
// tokens of captured events, and the requests of a notebook.
func TestStoreOnElasticsearch(t *testing.T) {
	real := cmdtest.StartElasticsearch(t, "-version", "8.19").Server(1).URL
	t.Run("random", func(t *testing.T) {
		seed := uint64(77) // the same in every run; a soak draws others
		if *cmdtest.Soak > 1 {
			seed = rand.Uint64()
		}
		for _, churn := range []bool{false, true} {
			estest.Compare(t, real, startStore(t), estest.Draws{Seed: seed, Mappings: 20 * *cmdtest.Soak, Searches: 100, Churn: churn})
		}
	})
	t.Run("tokens", func(t *testing.T) { sameTokens(t, real, startStore(t)) })
	t.Run("python", func(t *testing.T) { sameNotebook(t, real, startStore(t)) })
}

// sameTokens compares the tokens of the titles and comments of captured events,
// many texts in a request.
func sameTokens(t *testing.T, urls ...string) {
	texts := map[string]bool{}
	for line := range bytes.Lines(cmdtest.Captures(t)) {
		for _, field := range gjson.GetManyBytes(line, "title", "comment", "page_title", "page.page_title") {
			if field.Type == gjson.String && field.Str != "" {
				texts[field.Raw] = true
			}
		}
	}
	batch, differ := []string{}, 0
	compare := func() {
		body := `{"analyzer":"standard","text":[` + strings.Join(batch, ",") + `]}`
		if want, got := tokens(t, urls[0], body), tokens(t, urls[1], body); want != got {
			differ++
			t.Errorf("tokens differ: %s", firstDifference(want, got))
		}
		batch = batch[:0]
	}
	for text := range texts {
		if batch = append(batch, text); len(batch) == 50 {
			compare()
		}
	}
	compare()
	t.Logf("%d texts, %d batches differ", len(texts), differ)
}

func tokens(t *testing.T, url, body string) string {
	t.Helper()
	res, err := http.Post(url+"/_analyze", "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s %.500s %v", url, res.Status, answer, err)
	}
	var b strings.Builder
	for _, token := range gjson.GetBytes(answer, "tokens").Array() {
		fmt.Fprintf(&b, "%q %v-%v\n", token.Get("token").Str, token.Get("start_offset"), token.Get("end_offset"))
	}
	return b.String()
}

// firstDifference returns the first lines that differ, with those around.
func firstDifference(want, got string) string {
	a, b := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return fmt.Sprintf("want %q, got %q", a[max(0, i-1):min(i+3, len(a))], b[max(0, i-1):min(i+3, len(b))])
		}
	}
	return fmt.Sprintf("%d tokens and %d", len(a), len(b))
}

// pythonClient is the client that notebooks use.
const pythonClient = "elasticsearch==8.19.0"

// sameNotebook runs testdata/notebook.py on both servers.
func sameNotebook(t *testing.T, urls ...string) {
	python := cmdtest.Need(t, "python3")
	dir := t.TempDir()
	if out, err := exec.Command(python, "-m", "pip", "install", "-q", "--target", dir, pythonClient).CombinedOutput(); err != nil {
		t.Fatalf("pip: %v: %s", err, out)
	}
	var outputs [2][]string
	for i, url := range urls {
		cmd := exec.Command(python, "../testdata/notebook.py", url)
		cmd.Env = append(os.Environ(), "PYTHONPATH="+dir)
		cmd.Stderr = os.Stderr
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("%s: %v: %s", url, err, out)
		}
		outputs[i] = strings.Split(string(out), "\n")
	}
	want, got := outputs[0], outputs[1]
	for i := range max(len(want), len(got)) {
		if i >= len(want) || i >= len(got) || want[i] != got[i] {
			t.Errorf("line %d:\nwant %.1000s\ngot  %.1000s", i+1, strings.Join(want[min(i, len(want)):min(i+1, len(want))], ""), strings.Join(got[min(i, len(got)):min(i+1, len(got))], ""))
		}
	}
	t.Logf("%d calls", len(want)-1)
}
