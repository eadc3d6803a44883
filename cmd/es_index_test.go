package cmd_test

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/tidwall/gjson"

	"github.com/wmtools/wm/cmd/internal/cmdtest"
	"github.com/wmtools/wm/lib/event"
	"github.com/wmtools/wm/lib/simulate"
)

// indices counts the events of each index, whose name begins with prefix, by the
// stream and day of the line. Canary events belong to none.
func indices(prefix string, events []simulate.Event) map[string]int {
	count := make(map[string]int)
	for _, e := range cmdtest.NoCanaries(events) {
		meta := event.New(e.Data).Get("meta")
		stream := strings.TrimPrefix(meta.Get("stream").Str, "mediawiki.")
		day := strings.ReplaceAll(meta.Get("dt").Str[:len("2026-11-01")], "-", ".")
		count[prefix+"-"+stream+"-"+day]++
	}
	return count
}

// runIndexCases runs the cases that hold for wm-es with any server.
func runIndexCases(t *testing.T, s *cmdtest.SearchServer, events int) {
	t.Run("the template twice", func(t *testing.T) { templateTwice(t, s) })
	t.Run("several patterns", func(t *testing.T) { severalPatterns(t, s) })
	t.Run("older indices", func(t *testing.T) { diffShowsOlderIndices(t, s) })
	t.Run("every event once", func(t *testing.T) { everyEventOnce(t, s, events) })
	t.Run("misfits are refused", func(t *testing.T) { misfitsAreRefused(t, s) })
	t.Run("captured events", func(t *testing.T) { capturedEvents(t, s) })
	t.Run("maintenance", func(t *testing.T) { maintenance(t, s) })
}

func TestEsOnTheStore(t *testing.T) {
	t.Parallel()
	runIndexCases(t, cmdtest.NewStore(t), 4000)
}

func templateTwice(t *testing.T, s *cmdtest.SearchServer) {
	for _, index := range []string{"twice-{stream}-%Y.%m.%d", "alone"} {
		for _, want := range []string{" created", " is up to date| exists"} {
			cmd, stderr := s.Command(t, nil, "init-index", "--index", index)
			if err := cmd.Run(); err != nil {
				t.Fatalf("%v: %s", err, stderr)
			}
			for _, line := range cmdtest.Lines(stderr.Bytes()) {
				if !regexp.MustCompile(want).MatchString(line) {
					t.Errorf("%q, want %q", line, want)
				}
			}
		}
	}
}

// Several patterns that match the same indices can be used on one server. A foreign
// template of the same priority cannot, and the hint says so.
func severalPatterns(t *testing.T, s *cmdtest.SearchServer) {
	for _, pattern := range []string{"pair-{stream}-%Y.%m.%d", "pair-test-{stream}-%Y.%m.%d", "pair-{stream}-%Y.%m", "pair-test-%Y"} {
		s.Output(t, "init-index", "--index", pattern)
	}
	priority := gjson.Get(s.Output(t, "init-index", "--index", "clash-{stream}", "--print"), "priority").Raw
	s.Ask(t, "PUT", "/_index_template/clash", `{"index_patterns":["clash-*"],"priority":`+priority+`}`)
	cmd, stderr := s.Command(t, nil, "init-index", "--index", "clash-{stream}")
	if err := cmd.Run(); err == nil {
		t.Error("the server accepts two templates of the same priority")
	}
	cmdtest.Contains(t, stderr.String(), "hint: another index template claims the same index names")
}

// init-index --diff names the fields that existing indices lack.
func diffShowsOlderIndices(t *testing.T, s *cmdtest.SearchServer) {
	const pattern = "older-{stream}-%Y"
	mapping := regexp.MustCompile(`(?s)"mappings":\s*(\{.*\})\s*\}\s*\}\s*$`).FindStringSubmatch(s.Output(t, "init-index", "--index", pattern, "--print"))[1]
	older := strings.NewReplacer(`"talk": {"type": "boolean"},`, "", `"rev": {"type": "long"},`, "").Replace(mapping)
	for name, body := range map[string]string{"older-a-2024": older, "older-a-2025": older, "older-a-2026": mapping, "older-another": `{"dynamic":false,"properties":{}}`} {
		s.Ask(t, "PUT", "/"+name, `{"mappings":`+body+`}`)
	}
	s.Output(t, "init-index", "--index", pattern)
	if got, want := s.Output(t, "init-index", "--index", pattern, "--diff"), "existing indices: older-a-2024 and 1 more: without wm.rev, wm.talk\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// Every event is written to its index once; the second time it is present.
func everyEventOnce(t *testing.T, s *cmdtest.SearchServer, n int) {
	events := cmdtest.AroundMidnight(n)
	again := n / 10
	in := append(events[:n:n], events[:again]...)
	kept, keptAgain := len(cmdtest.NoCanaries(events)), len(cmdtest.NoCanaries(events[:again]))
	args := []string{"--index", "once-{stream}-%Y.%m.%d"}

	got, stderr, code := s.Index(t, cmdtest.NDJSON(t, in), args...)
	cmdtest.ExpectExit(t, code, 0, stderr)
	if want := (cmdtest.Tally{Read: n + again, Created: kept, Present: keptAgain, Skipped: n + again - kept - keptAgain}); got != want {
		t.Errorf("first run: %+v, want %+v", got, want)
	}
	expectIndices(t, s, "once", events)

	got, stderr, code = s.Index(t, cmdtest.NDJSON(t, events), args...)
	cmdtest.ExpectExit(t, code, 0, stderr)
	if want := (cmdtest.Tally{Read: n, Present: kept, Skipped: n - kept}); got != want {
		t.Errorf("second run: %+v, want %+v", got, want)
	}
	expectIndices(t, s, "once", events)
}

// expectIndices compares the number of documents in each index with the events.
func expectIndices(t *testing.T, s *cmdtest.SearchServer, prefix string, events []simulate.Event) {
	t.Helper()
	want, all := indices(prefix, events), 0
	if len(want) < 2 {
		t.Fatalf("the events make the indices %v only", want)
	}
	for index, n := range want {
		all += n
		if got := s.Count(t, index); got != n {
			t.Errorf("%s has %d documents, want %d", index, got, n)
		}
	}
	if got := s.Count(t, prefix+"-*"); got != all {
		t.Errorf("all of %s have %d documents, want %d", prefix, got, all)
	}
}

// A document that does not fit the mapping is rejected and reported with its line;
// those before and after it are written.
func misfitsAreRefused(t *testing.T, s *cmdtest.SearchServer) {
	const lines = `{"meta":{"id":"a","dt":"2026-11-01T12:00:00Z","stream":"mediawiki.recentchange"},"namespace":0}
{"meta":{"id":"b","dt":"2026-11-01T12:00:01Z","stream":"mediawiki.recentchange"},"namespace":"talk"}
{"meta":{"id":"c","dt":"2026-11-01T12:00:02Z","stream":"mediawiki.recentchange"},"namespace":1}
`
	got, stderr, code := s.Index(t, strings.NewReader(lines), "--index", "misfits")
	cmdtest.ExpectExit(t, code, 2, stderr)
	if want := (cmdtest.Tally{Read: 3, Created: 2, Rejected: 1}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	cmdtest.Contains(t, stderr, "wm-es: stdin:2: document_parsing_exception: ", "namespace")
	if got := s.Count(t, "misfits"); got != 2 {
		t.Errorf("%d documents, want 2", got)
	}
}

// Captured events of all years and streams are written once or rejected, and the
// index has as many documents as the summary says.
func capturedEvents(t *testing.T, s *cmdtest.SearchServer) {
	dir := os.Getenv("WM_CAPTURES")
	if dir == "" {
		t.Skip("WM_CAPTURES is not set to a folder of captured events")
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.ndjson"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no captured events in %s: %v", dir, err)
	}
	var all bytes.Buffer
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(append(bytes.TrimRight(text, "\n"), '\n'))
	}
	args := []string{"--index", "captured-{stream}-%Y.%m.%d"}
	first, stderr, _ := s.Index(t, bytes.NewReader(all.Bytes()), args...)
	t.Logf("%+v", first)
	if first.Created == 0 || first.Read != first.Created+first.Present+first.Rejected+first.Skipped {
		t.Errorf("%+v: %s", first, stderr)
	}
	if got := s.Count(t, "captured-*"); got != first.Created {
		t.Errorf("%d documents, and %d were created", got, first.Created)
	}
	second, _, _ := s.Index(t, bytes.NewReader(all.Bytes()), args...)
	if want := (cmdtest.Tally{Read: first.Read, Present: first.Created + first.Present, Rejected: first.Rejected, Skipped: first.Skipped}); second != want {
		t.Errorf("second run: %+v, want %+v", second, want)
	}
}
