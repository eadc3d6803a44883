package simulate

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/tidwall/gjson"
)

func TestReadEvents(t *testing.T) {
	events, err := ReadEvents(strings.NewReader(`{"meta":{"stream":"mediawiki.page-create","topic":"codfw.mediawiki.page-create","partition":0,"offset":77,"dt":"2026-11-01T12:00:00.250Z"}}` + "\n" +
		"\n" +
		`{"meta":{"topic":"eqiad.mediawiki.recentchange","dt":"2019-05-30T02:24:57+00:00"}}` + "\r\n" +
		`{"timestamp":1559183098,"title":"no meta at all"}` + "\n" +
		`{"meta":{"stream":"mediawiki.page-create","topic":"codfw.mediawiki.page-create"},"a":1}`))
	if err != nil {
		t.Fatal(err)
	}
	want := []Event{
		{PageCreate, "codfw.mediawiki.page-create", 0, 77, 1793534400250, nil},
		{RecentChange, "eqiad.mediawiki.recentchange", 0, 0, 1559183097000, nil},
		{RecentChange, "eqiad.mediawiki.recentchange", 0, 1, 1559183098000, nil},
		{PageCreate, "codfw.mediawiki.page-create", 0, 78, 1559183098000, []byte(`{"meta":{"stream":"mediawiki.page-create","topic":"codfw.mediawiki.page-create"},"a":1}`)},
	}
	for i := range want {
		got := events[i]
		if want[i].Data == nil {
			got.Data = nil
		}
		if got.Stream != want[i].Stream || !sameEvent(got, want[i]) {
			t.Errorf("event %d: %+v, want %+v", i, got, want[i])
		}
	}
	for _, text := range []string{"{}\nnot JSON\n", "{}\n[]\n", "{}\n{\"a\":"} {
		if _, err := ReadEvents(strings.NewReader(text)); err == nil || !strings.HasPrefix(err.Error(), "line 2: ") {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestWriteNDJSON(t *testing.T) {
	events := New(1, Options{Switch: 70, Canary: 1e10, Streams: Streams}).Take(3000)
	var lines bytes.Buffer
	if err := WriteNDJSON(&lines, slices.Values(events)); err != nil {
		t.Fatal(err)
	}
	back, err := ReadEvents(&lines)
	if err != nil || !slices.EqualFunc(events, back, sameEvent) {
		t.Errorf("%d of %d events read back: %v", len(back), len(events), err)
	}
}

// TestCapturedShares compares the shares of generated events with captured ones.
func TestCapturedShares(t *testing.T) {
	captured, made := NewShares(), NewShares()
	for name, data := range captures(t, "*.ndjson") {
		if strings.HasSuffix(name, "odd.ndjson") {
			continue // selected for unusual events
		}
		for line := range bytes.Lines(data) {
			if gjson.GetBytes(line, "server_name").Exists() {
				captured.Add(bytes.TrimSpace(line))
			}
		}
	}
	for _, e := range New(1, Options{Era: Era2020}).Take(20_000) {
		made.Add(e.Data)
	}
	var table bytes.Buffer
	if err := PrintShares(&table, []string{"made", "captured"}, made, captured); err != nil {
		t.Fatal(err)
	}
	for _, of := range []func(*Shares) map[string]int{
		func(s *Shares) map[string]int { return s.Types }, func(s *Shares) map[string]int { return s.Wikis },
		func(s *Shares) map[string]int { return s.Users }, func(s *Shares) map[string]int { return s.Spaces },
	} {
		for value, n := range of(captured) {
			want := 100 * float64(n) / float64(len(captured.Sizes))
			got := 100 * float64(of(made)[value]) / float64(len(made.Sizes))
			if got < want-3 || got > want+3 {
				t.Errorf("%s: %.1f %%, captured %.1f %%", value, got, want)
			}
		}
	}
	if t.Failed() {
		t.Log("\n" + table.String())
	}
}

// captures yields captured files, which hold names of real people and so are
// not part of the project.
func captures(t *testing.T, pattern string) map[string][]byte {
	t.Helper()
	dir := os.Getenv("WM_CAPTURES")
	if dir == "" {
		t.Skip("WM_CAPTURES is not set to a folder of captured events")
	}
	names, err := filepath.Glob(filepath.Join(dir, pattern))
	if err != nil || len(names) == 0 {
		t.Fatalf("%s: %v %v", dir, names, err)
	}
	files := map[string][]byte{}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		files[name] = data
	}
	return files
}
