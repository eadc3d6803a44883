package cmd_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tidwall/gjson"

	"github.com/wmtools/wm/cmd/internal/cmdtest"
	"github.com/wmtools/wm/lib/event"
	"github.com/wmtools/wm/lib/simulate"
)

// maintenance checks what the commands of wm-es report about indices and do to them.
func maintenance(t *testing.T, s *cmdtest.SearchServer) {
	const pattern = "after-{stream}-%Y.%m.%d"
	events := cmdtest.NoCanaries(cmdtest.AroundMidnight(2000))
	indexed := func(index string) {
		if _, stderr, code := s.Index(t, cmdtest.NDJSON(t, events), "--index", index); code != 0 {
			t.Fatal(stderr)
		}
	}
	s.Output(t, "init-index", "--index", pattern)
	indexed(pattern)
	s.Count(t, "after-*") // so that all can be found

	t.Run("figures", func(t *testing.T) { comparedToGrep(t, s, pattern, events) })
	t.Run("cursor", func(t *testing.T) {
		made := gjson.Parse(s.Output(t, "cursor", "--index", pattern, "--back", "10m"))
		if want := oldestNewest(events).Add(-10 * time.Minute).UnixMilli(); made.Get("from").Int() != want || made.Get("positions.#").Int() != 0 {
			t.Errorf("%s, want it from %d", made, want)
		}
	})
	t.Run("check", func(t *testing.T) {
		said := s.Output(t, "check", "--index", pattern, "--max-age", "36500d")
		cmdtest.Contains(t, said, "\nok    clocks agree", "\nok    index template after-stream-yyyy.mm.dd is up to date",
			fmt.Sprintf("\nok    %d indices, %d documents, ", len(indices("after", events)), len(events)), "\nok    newest event of mediawiki.recentchange: 2026-11-02T00:00:")
	})
	t.Run("prune", func(t *testing.T) {
		indexed("after-all")
		old := strings.Join(sortedKeys(indices("after", events)), "\n") + "\n"
		for _, more := range [][]string{{"--dry-run"}, nil} {
			if got := s.Output(t, append([]string{"prune", "--index", pattern, "--keep", "1d"}, more...)...); got != old {
				t.Errorf("%q: it prints %q, want %q", more, got, old)
			}
		}
		if got := s.Count(t, "after-*"); got != len(events) {
			t.Errorf("%d documents are left, want the %d of the index without a day", got, len(events))
		}
		if got := s.Output(t, "prune", "--index", pattern, "--keep", "1d"); got != "" {
			t.Errorf("again: %q", got)
		}
	})
}

func sortedKeys(m map[string]int) (keys []string) {
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

// oldestNewest returns the time of the newest event of the stream that lags most.
func oldestNewest(events []simulate.Event) (at time.Time) {
	newest := make(map[string]time.Time)
	for _, e := range events {
		x := event.New(e.Data)
		stream := x.Get("meta.stream").Str
		newest[stream] = slices.MaxFunc([]time.Time{newest[stream], x.Time()}, time.Time.Compare)
	}
	for _, t := range newest {
		if at.IsZero() || t.Before(at) {
			at = t
		}
	}
	return at
}

// comparedToGrep compares the output of search, count and top with that of wm-grep
// and jq.
func comparedToGrep(t *testing.T, s *cmdtest.SearchServer, pattern string, events []simulate.Event) {
	file := filepath.Join(t.TempDir(), "events.ndjson")
	var text bytes.Buffer
	if _, err := cmdtest.NDJSON(t, events).WriteTo(&text); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, text.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
	query := []string{"-k", "type=edit", "-k", "bot=false"}
	grep := exec.Command(filepath.Join(cmdtest.Bin(), "wm-grep"), append(query, file)...)
	found, err := grep.Output()
	if err != nil {
		t.Fatal(err)
	}
	want := cmdtest.Lines(found)
	if got := s.Output(t, append([]string{"count", "--index", pattern}, query...)...); got != fmt.Sprintln(len(want)) {
		t.Errorf("count says %q, wm-grep finds %d", got, len(want))
	}
	got := cmdtest.Lines([]byte(s.Output(t, append([]string{"search", "--all", "--index", pattern}, query...)...)))
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("search finds %d events, wm-grep %d, or not the same", len(got), len(want))
	}
	cmd := exec.Command(cmdtest.Need(t, "jq"), "-rn", `[inputs | select(.type == "edit" and .bot == false)] | group_by(.wiki)[] | "\(.[0].wiki) \(length)"`, file)
	counted, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var top []string
	for _, row := range cmdtest.Lines([]byte(s.Output(t, append([]string{"top", "--index", pattern, "-n", "1000"}, append(query, "wiki")...)...))) {
		top = append(top, gjson.Get(row, "value").String()+" "+gjson.Get(row, "count").String())
	}
	slices.Sort(top)
	rows := cmdtest.Lines(counted)
	slices.Sort(rows)
	if !slices.Equal(top, rows) || len(rows) < 2 {
		t.Errorf("top says %q, jq %q", top, rows)
	}
}
