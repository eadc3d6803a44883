package cmd_test

import (
	"bytes"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"github.com/wmtools/wm/cmd/internal/cmdtest"
)

// esc is what must not reach a terminal: an escape sequence, a carriage return,
// a C1 control character, text that runs from right to left.
const esc = "\x1b[31mred\r\u009b2J\u202e"

// Messages quote arguments, files and responses of servers; control characters in them
// are escaped.
func TestMessagesEscapeControlCharacters(t *testing.T) {
	files := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(files, name)
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	quoted := `\u001b[31mred\r\u009b2J\u202e`
	rejecting := hostileElasticsearch(t, "_bulk", http.StatusOK, `{"took":1,"errors":true,"items":[{"create":{"_index":"i","_id":"a","status":400,`+
		`"error":{"type":"document_parsing_exception","reason":"failed `+quoted+`"}}}]}`)
	failing := hostileElasticsearch(t, "_", http.StatusBadRequest, `{"error":{"type":"x`+quoted+`","reason":"failed `+quoted+`","root_cause":[]},"status":400}`)
	rawError := hostileElasticsearch(t, "_", http.StatusBadGateway, "<html>"+esc+"</html>")
	const frame = "event: message\nid: [{\"topic\":\"eqiad.x\",\"partition\":0,\"timestamp\":1001}]\ndata: "
	event := `{"meta":{"id":"a","dt":"2026-11-01T12:00:00Z","stream":"mediawiki.recentchange"}}` + "\n"

	tests := []struct {
		stdin string
		args  []string
	}{
		{"", []string{"wm-grep", "x", "none" + esc}},
		{"", []string{"wm-grep", "(" + esc}},
		{"", []string{"wm-grep", "-k", esc}},
		{"", []string{"wm-grep", "-k", esc + "~("}},
		{"", []string{"wm-grep", "-k", "wiki@none" + esc}},
		{"", []string{"wm-grep", "--query", `title:"` + esc}},
		{"", []string{"wm-grep", "--since", esc, "x"}},
		{"", []string{"wm-grep", "-m", esc, "x"}},
		{"", []string{"wm-grep", "--color", esc, "x"}},
		{"", []string{"wm-grep", "--" + esc}},
		{"", []string{"wm-grep", "--config", "none" + esc, "x"}},
		{"", []string{"wm-grep", "--config", file("wm.yaml", "\"key\\e[31m\": 1\n"), "x"}},
		{esc + " {\n", []string{"wm-grep", "-k", "wiki=x"}},
		{event, []string{"wm-grep", "-k", esc + "=x"}},

		{"", []string{"wm-tail", "--url", esc}},
		{"", []string{"wm-tail", "--retry-for", "1ms", "--url", "http://127.0.0.1:1/" + esc}},
		{"", []string{"wm-tail", "--retry-for", "1ms", "--url", rawServer(t, answer("HTTP/1.1 403 No"+esc+"\r\nContent-Type: text/plain\r\n\r\nbody "+esc)), "a"}},
		{"", []string{"wm-tail", "--retry-for", "1ms", "--url", rawServer(t, answer("HTTP/1.1 404 No\r\nContent-Type: application/json\r\n\r\n{\"detail\":\""+quoted+"\",\"availableTopics\":[\""+quoted+"\"]}")), "a" + esc}},
		{"", []string{"wm-tail", "--retry-for", "1ms", "--url", rawServer(t, answer("HTTP/1.1 302 Found\r\nLocation: http://"+esc+"/\r\n\r\n")), "a"}},
		{"", []string{"wm-tail", "--retry-for", "1ms", "-n", "1", "--url", rawServer(t, answer(streamHead+frame+esc+"\n\n"+goodFrame)), "a"}},
		{"", []string{"wm-tail", "--retry-for", "1ms", "--url", rawServer(t, answer(streamHead+"event: error\ndata: {\"message\":\""+quoted+"\"}\n\n")), "a"}},
		{"", []string{"wm-tail", "--cursor", filepath.Join(files, "none", esc)}},
		{"", []string{"wm-tail", "--cursor", file("c.json", `{"version":1,"streams":["`+quoted+`"],"from":1,"saved":1,"positions":[]}`), "a"}},
		{frame + esc + "\n\n", []string{"wm-tail", "--input", "-"}},
		{"", []string{"wm-tail", "--input", "none" + esc}},

		{"", []string{"wm-es", esc}},
		{event, []string{"wm-es", "--es", esc}},
		{event, []string{"wm-es", "--index", "a" + esc}},
		{event, []string{"wm-es", "--es", rejecting}},
		{esc + "\n" + event, []string{"wm-es", "--es", rejecting}},
		{event, []string{"wm-es", "--es", failing, "--retry-for", "1ms"}},
		{event, []string{"wm-es", "--es", rawError, "--retry-for", "1ms"}},
		{"", []string{"wm-es", "search", "--es", failing, esc}},
		{"", []string{"wm-es", "top", "--es", failing, "wiki" + esc}},
		{"", []string{"wm-es", "count", "--es", rawError, "-k", "wiki=x"}},
		{"", []string{"wm-es", "prune", "--es", failing, "--keep", "1d"}},
		{"", []string{"wm-es", "check", "--es", failing}},
		{"", []string{"wm-es", "check", "--es", rawError}},
		{"", []string{"wm-es", "init-index", "--es", failing}},
		{"", []string{"wm-es", "rejects", file("rejects", "{\"line\":1,\"reason\":\""+quoted+"\"\n"+esc+"\n")}},

		{"", []string{"wm-cut", "none" + esc}},
		{"", []string{"wm-cut", "-f", esc}},
		{esc + "\n", []string{"wm-cut", "-f", "wiki"}},

		{"", []string{"wm-store", esc}},
		{"", []string{"wm-store", "--data", filepath.Join(files, "none", esc, esc), "--listen", esc}},
		{"", []string{"wm-serve", "--es", esc, "--listen", "127.0.0.1:0" + esc}},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprintf("%.60q", strings.Join(tt.args, " ")), func(t *testing.T) {
			t.Parallel()
			cmd := exec.CommandContext(t.Context(), filepath.Join(cmdtest.Bin(), tt.args[0]), tt.args[1:]...)
			cmd.Stdin = strings.NewReader(tt.stdin)
			cmd.Dir = t.TempDir()
			var stderr bytes.Buffer
			cmd.Stderr = &stderr
			if tt.args[0] == "wm-es" && tt.args[1] == "check" {
				cmd.Stdout = &stderr // check prints its report there
			}
			_ = cmd.Run() // some print a message and succeed
			if stderr.Len() == 0 {
				t.Error("no message")
			}
			for _, r := range stderr.String() {
				if r != '\n' && r != '\t' && (unicode.IsControl(r) || r == '\u202e') {
					t.Fatalf("%q is not escaped in %q", r, stderr.String())
				}
			}
		})
	}
}

// answer returns a server that answers every connection with text.
func answer(text string) func(net.Conn) {
	return func(conn net.Conn) { fmt.Fprint(conn, text) }
}

// hostileElasticsearch is wm-store, except that it answers requests whose path
// contains part with the status and body given.
func hostileElasticsearch(t *testing.T, part string, status int, body string) string {
	t.Helper()
	store, err := url.Parse(cmdtest.NewStore(t).URL)
	if err != nil {
		t.Fatal(err)
	}
	pass := httputil.NewSingleHostReverseProxy(store)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.Contains(r.URL.Path, part) {
			pass.ServeHTTP(w, r)
			return
		}
		w.Header().Set("X-Elastic-Product", "Elasticsearch")
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	}))
	t.Cleanup(srv.Close)
	return srv.URL
}
