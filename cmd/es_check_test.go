package cmd_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/wmtools/wm/cmd/internal/cmdtest"
)

// overridden is a proxy in front of a server that gives some answers itself, by
// path.
func overridden(t *testing.T, target string, answers map[string]string) string {
	t.Helper()
	u, err := url.Parse(target)
	if err != nil {
		t.Fatal(err)
	}
	pass := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(u) }}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if answer, ok := answers[r.URL.Path]; ok {
			_, _ = io.WriteString(w, answer)
			return
		}
		pass.ServeHTTP(w, r)
	}))
	t.Cleanup(srv.Close)
	return srv.URL
}

// eventOf makes a line for an event of a stream some time ago.
func eventOf(stream string, ago time.Duration) string {
	return fmt.Sprintf(`{"meta":{"id":%q,"dt":%q,"stream":%q}}`+"\n", stream+ago.String(), time.Now().Add(-ago).UTC().Format(time.RFC3339), stream)
}

// check runs wm-es check and returns its output, and whether all checks pass.
func check(t *testing.T, s *cmdtest.SearchServer, args ...string) (printed string, well bool) {
	t.Helper()
	cmd, stderr := s.Command(t, nil, append([]string{"check"}, args...)...)
	out, err := cmd.Output()
	if err != nil && cmd.ProcessState.ExitCode() != 2 {
		t.Fatalf("%v: %s", err, stderr)
	}
	return string(out), err == nil
}

// Streams that lag or have stopped are bad; those that ended long ago are not, as
// long as another is live.
func TestEsCheckNewestEvents(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	for name, tt := range map[string]struct {
		events string
		args   []string
		bad    []string // all bad lines
		good   []string
	}{
		"live":        {eventOf("a", 0) + eventOf("b", 50*time.Minute), nil, nil, []string{"newest event of a: ", "newest event of b: "}},
		"one lags":    {eventOf("a", 0) + eventOf("b", 2*time.Hour), nil, []string{"newest event of b: "}, []string{"newest event of a: "}},
		"allowed":     {eventOf("a", 0) + eventOf("b", 2*time.Hour), []string{"--max-age", "3h"}, nil, []string{"newest event of b: "}},
		"one ended":   {eventOf("a", 0) + eventOf("b", 39*day), nil, nil, []string{"newest event of b: "}},
		"many ended":  {eventOf("a", 0) + eventOf("b", 30*day) + eventOf("c", 31*day) + eventOf("d", 32*day) + eventOf("e", 33*day), nil, nil, []string{"4 more streams have no event of the last week"}},
		"all ended":   {eventOf("a", 39*day) + eventOf("b", 40*day), nil, []string{"the newest event is 39 days old"}, nil},
		"of tomorrow": {eventOf("a", 39*day) + eventOf("a", -2*day), nil, []string{"the newest event is 39 days old"}, nil},
		"none":        {"", nil, nil, []string{"no events yet"}},
		"escape":      {eventOf("a\x1b[31m", 0), nil, nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := cmdtest.NewStore(t)
			s.Output(t, "init-index")
			if _, stderr, code := s.Index(t, strings.NewReader(strings.ReplaceAll(tt.events, `\x1b`, `\u001b`))); code != 0 {
				t.Fatal(stderr)
			}
			printed, well := check(t, s, tt.args...)
			expectLines(t, printed, "bad   ", tt.bad)
			if well != (len(tt.bad) == 0) {
				t.Errorf("well: %v", well)
			}
			for _, want := range tt.good {
				cmdtest.Contains(t, printed, "\nok    "+want)
			}
			if strings.Contains(printed, "\x1b") {
				t.Errorf("it prints an escape character: %q", printed)
			}
		})
	}
}

// expectLines checks that the lines with a prefix begin as wanted, in any order.
func expectLines(t *testing.T, text, prefix string, want []string) {
	t.Helper()
	found := 0
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, prefix) {
			found++
		}
	}
	if found != len(want) {
		t.Errorf("%d lines begin with %q, want %d:\n%s", found, prefix, len(want), text)
	}
	for _, w := range want {
		cmdtest.Contains(t, text, "\n"+prefix+w)
	}
}

// Blocked writes are bad, except for old indices that the user has blocked.
func TestEsCheckBlockedWrites(t *testing.T) {
	t.Parallel()
	s := cmdtest.NewStore(t)
	s.Output(t, "init-index")
	if _, stderr, code := s.Index(t, strings.NewReader(eventOf("a", 0))); code != 0 {
		t.Fatal(stderr)
	}
	today := time.Now().UTC().Format("wm-a-2006.01.02")
	settings := func(index, name string) map[string]string {
		return map[string]string{"/wm-*-*.*.*/_settings": fmt.Sprintf(`{%q:{"settings":{"index.number_of_shards":"1",%q:"true","index.blocks.metadata":"true"}}}`, index, name)}
	}
	for name, tt := range map[string]struct {
		answers map[string]string
		bad     string
	}{
		"none":            {nil, ""},
		"full disk":       {settings("wm-a-2020.01.01", "index.blocks.read_only_allow_delete"), "writes to wm-a-2020.01.01 are blocked (index.blocks.read_only_allow_delete): free disk space"},
		"today":           {settings(today, "index.blocks.write"), "writes to " + today + " are blocked (index.blocks.write): remove"},
		"old, on purpose": {settings("wm-a-2020.01.01", "index.blocks.write"), ""},
		"another's index": {settings("wm-a-2020.01.01-x", "index.blocks.read_only_allow_delete"), ""},
		"cluster":         {map[string]string{"/_cluster/settings": `{"persistent":{},"transient":{"cluster.blocks.read_only":"true"}}`}, "writes are blocked (cluster.blocks.read_only)"},
	} {
		t.Run(name, func(t *testing.T) {
			printed, well := check(t, &cmdtest.SearchServer{URL: overridden(t, s.URL, tt.answers)})
			if well != (tt.bad == "") {
				t.Errorf("well: %v\n%s", well, printed)
			}
			if tt.bad != "" {
				cmdtest.Contains(t, printed, "\nbad   "+tt.bad)
			}
		})
	}
}
