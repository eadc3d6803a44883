package cmd_test

import (
	"bytes"
	"fmt"
	"net/url"
	"regexp"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/tidwall/gjson"

	"github.com/wmtools/wm/cmd/internal/cmdtest"
	"github.com/wmtools/wm/lib/simulate"
)

// dashboardIndex is apart from the indices of other cases on the same server.
const dashboardIndex = "dash-{stream}-%Y.%m.%d"

// dashboardLikeStore compares the dashboard over a server with the dashboard over
// wm-store.
func dashboardLikeStore(t *testing.T, server string) {
	events := cmdtest.Made(5, 3000, 2*time.Hour, 1)
	since, until := time.UnixMilli(events[0].Time), time.UnixMilli(events[2500].Time)
	want := dashboardOver(t, cmdtest.Serve(t, "wm-store", "--data", t.TempDir()), events)
	sameDashboard(t, want, dashboardOver(t, server, events), since, until)
}

// The same events give the same dashboard.
func TestServeRepeats(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("servers are stopped by a signal that Windows does not have")
	}
	dashboardLikeStore(t, cmdtest.Serve(t, "wm-store", "--data", t.TempDir()))
}

// dashboardOver indexes events and starts a dashboard over a server.
func dashboardOver(t *testing.T, server string, events []simulate.Event) string {
	t.Helper()
	var lines bytes.Buffer
	for _, e := range events {
		lines.Write(append(e.Data, '\n'))
	}
	cmdtest.Run(t, lines.Bytes(), "wm-es", "-q", "--es", server, "--index", dashboardIndex)
	cmdtest.Fetch(t, server+"/dash-*/_refresh", "")
	return cmdtest.Serve(t, "wm-serve", "--es", server, "--index", dashboardIndex)
}

// volatile is what may differ between two servers or two requests: times, and
// the order of values that are equally frequent, which changes who is listed
// last.
var volatile = regexp.MustCompile(`"(took|generated|kept)":[0-9]+,?`)

// sameDashboard compares the API of two dashboards over the same events.
func sameDashboard(t *testing.T, want, got string, since, until time.Time) {
	t.Helper()
	span := url.Values{"from": {since.UTC().Format(time.RFC3339)}, "to": {until.UTC().Format(time.RFC3339)}}
	request := func(path string, more ...string) {
		t.Helper()
		params := url.Values{}
		for k, v := range span {
			params[k] = v
		}
		for i := 0; i < len(more); i += 2 {
			params.Set(more[i], more[i+1])
		}
		address := path + "?" + params.Encode()
		a, b := cmdtest.Fetch(t, want+address, ""), cmdtest.Fetch(t, got+address, "")
		for _, difference := range differences(a, b) {
			t.Errorf("%s: %s", address, difference)
		}
	}
	for _, q := range []string{"", "wiki=enwiki|dewiki -bot=true", "wm.delta<-100", `"added to"`, "user=nobody", "title:the -type=log", "namespace=0|1", "wm.revert=true"} {
		request("/api/v1/view", "q", q)
	}
	for _, measure := range []string{"rate", "editors", "pages", "added", "removed", "reverts", "bots", "net", "new", "revert_count"} {
		request("/api/v1/view", "measure", measure, "split", "kind")
		request("/api/v1/chart", "chart", "m="+measure+"&by=time&split=namespace")
		request("/api/v1/chart", "chart", "m="+measure+"&by=type&split=kind&form=list")
		request("/api/v1/chart", "chart", "m="+measure+"&by=hour&form=heat")
	}
	for _, field := range []string{"wiki", "kind", "namespace", "type", "log"} {
		request("/api/v1/values", "field", field)
		request("/api/v1/export/"+field, "format", "ndjson")
	}
	request("/api/v1/values", "field", "wiki", "prefix", "en")
	request("/api/v1/rows", "limit", "1500")
}

// compared are the members of an answer that two servers must agree on. Lists of
// frequent values are compared by their counts.
var compared = []string{
	"state", "total", "partial", "last_match", "window", "terms", "figures", "histogram", "heat.hours", "rows", "health.newest", "health.documents",
	"hot.pages.#.editors", "hot.problem", "unusual.items.#.now", "unusual.problem", "value", "totals", "series", "hours", "problem",
	"facets.#.distinct", "facets.#.values.#.count", "values.#.count",
}

func differences(a, b []byte) (list []string) {
	if !gjson.ValidBytes(a) || !bytes.HasPrefix(a, []byte("{\"stream\"")) && !bytes.HasPrefix(a, []byte("{\"spec\"")) && !bytes.HasPrefix(a, []byte("{\"field\"")) {
		if !slices.Equal(sorted(a), sorted(b)) {
			list = append(list, fmt.Sprintf("%d lines and %d lines differ", len(sorted(a)), len(sorted(b))))
		}
		return list
	}
	for _, path := range compared {
		x, y := volatile.ReplaceAllString(gjson.GetBytes(a, path).Raw, ""), volatile.ReplaceAllString(gjson.GetBytes(b, path).Raw, "")
		if x != y {
			list = append(list, fmt.Sprintf("%s\n got %.300s\nwant %.300s", path, y, x))
		}
	}
	return list
}
