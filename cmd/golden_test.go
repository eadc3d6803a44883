package cmd_test

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/tidwall/gjson"

	"github.com/wmtools/wm/cmd/internal/cmdtest"
)

func TestGoldenTail(t *testing.T) {
	wire := cmdtest.Fixture(t, "streams.sse")
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		if _, err := w.Write(wire); err != nil {
			t.Error(err)
		}
	}))
	defer srv.Close()
	cmdtest.Golden(t, "wm-tail", "streams.ndjson", cmdtest.Run(t, nil, "wm-tail", "-q", "-n", "60", "--url", srv.URL))
}

func TestGoldenGrep(t *testing.T) {
	events := cmdtest.Fixture(t, "streams.ndjson")
	cmdtest.Golden(t, "wm-grep", "bots-on-commons.ndjson", cmdtest.Run(t, events, "wm-grep", "-k", "bot=true", "commons"))
	cmdtest.Golden(t, "wm-grep", "not-edits.ndjson", cmdtest.Run(t, events, "wm-grep", "-v", "-k", "type=edit|categorize", "-i", "RECENTCHANGE"))
}

func TestGoldenCut(t *testing.T) {
	events := cmdtest.Fixture(t, "streams.ndjson")
	cmdtest.Golden(t, "wm-cut", "lines.txt", cmdtest.Run(t, events, "wm-cut"))
	const fields = "@timestamp,wm.wiki,wm.page,wm.user,wm.user_kind,wm.delta,wm.rev,wm.talk,wm.revert,comment,log_params"
	cmdtest.Golden(t, "wm-cut", "fields.csv", cmdtest.Run(t, events, "wm-cut", "--csv", "-f", fields))
	cmdtest.Golden(t, "wm-cut", "fields.ndjson", cmdtest.Run(t, events, "wm-cut", "--json", "-f", fields))
}

// TestGoldenReports takes scores and tags of edits through the filters.
func TestGoldenReports(t *testing.T) {
	events := cmdtest.Fixture(t, "reports.ndjson")
	cmdtest.Golden(t, "wm-grep", "at-risk.ndjson", cmdtest.Run(t, events, "wm-grep", "-k", "wm.risk>0.9"))
	cmdtest.Golden(t, "wm-grep", "reverted.ndjson", cmdtest.Run(t, events, "wm-grep", "-k", "tags=mw-reverted"))
	cmdtest.Golden(t, "wm-cut", "reports.txt", cmdtest.Run(t, events, "wm-cut", "--line"))
	cmdtest.Golden(t, "wm-cut", "reports.tsv", cmdtest.Run(t, events, "wm-cut", "-f", "wm.wiki,wm.rev,wm.risk,wm.user_kind,wm.page,tags"))
}

// TestGoldenReportDocuments indexes them.
func TestGoldenReportDocuments(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("servers are stopped by a signal that Windows does not have")
	}
	store := cmdtest.Serve(t, "wm-store", "--data", t.TempDir())
	cmdtest.Run(t, cmdtest.Fixture(t, "reports.ndjson"), "wm-es", "-q", "--es", store)
	cmdtest.Golden(t, "wm-es", "reports.ndjson", cmdtest.Run(t, nil, "wm-es", "search", "--es", store, "--index", "wm-*", "--since", "2026-11-01", "--until", "2026-11-02"))
	found := cmdtest.Fetch(t, store+"/wm-page_revert_risk_prediction_change.v1-*/_search", `{"size":1000,"sort":[{"wm.risk":"asc"}]}`)
	var documents []string
	for _, source := range gjson.GetBytes(found, "hits.hits.#._source.wm").Array() {
		documents = append(documents, source.Raw+"\n")
	}
	cmdtest.Golden(t, "wm-es", "risks.ndjson", []byte(strings.Join(documents, "")))
}

// changing is what differs from one run to the next.
var changing = regexp.MustCompile(`"(took|generated)":\d+`)

// TestGoldenIndex takes the events through wm-es, wm-store and wm-serve.
func TestGoldenIndex(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("servers are stopped by a signal that Windows does not have")
	}
	store := cmdtest.Serve(t, "wm-store", "--data", t.TempDir())
	cmdtest.Run(t, cmdtest.Fixture(t, "streams.ndjson"), "wm-es", "-q", "--es", store)
	found := cmdtest.Fetch(t, store+"/wm-*/_search", `{"size":1000,"sort":[{"@timestamp":"asc"},{"meta.id":"asc"}]}`)
	cmdtest.Golden(t, "wm-store", "search.ndjson", append(changing.ReplaceAll(found, []byte(`"$1":0`)), '\n'))
	var documents []string
	for _, source := range gjson.GetBytes(found, "hits.hits.#._source").Array() {
		documents = append(documents, source.Raw+"\n")
	}
	slices.Sort(documents)
	cmdtest.Golden(t, "wm-es", "documents.ndjson", []byte(strings.Join(documents, "")))
	page := cmdtest.Serve(t, "wm-serve", "--es", store)
	const minute = "?from=2026-11-01T12:00:00Z&to=2026-11-01T12:01:00Z&format=ndjson"
	for _, panel := range []string{"figures", "histogram", "wiki", "namespace"} {
		cmdtest.Golden(t, "wm-serve", panel+".ndjson", cmdtest.Fetch(t, page+"/api/v1/export/"+panel+minute, ""))
	}
}
