package bulk

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/wmtools/wm/lib/simulate"
)

// AppendOriginal returns the line that a document was made from, whatever fields were
// derived.
func TestAppendOriginal(t *testing.T) {
	lines := []string{
		edit,
		`{"timestamp":1}`,
		"{ \"dt\" :\t\"2026-01-02T03:04:05Z\" , \"wm.delta\":1}",
		`{"dt":"0000-01-01T00:00:00Z"}`,
		`{"dt":"9999-12-31T23:59:59.9999Z","length":{"new":-9223372036854775808},"type":"new","comment":"rv"}`,
		`{"timestamp":1,"wiki":"a\u0000\"\\\u2028","user":"\ud800","title":"_\u00e9_😀","bot":true}`,
		`{"timestamp":1,"wiki":"","user":"","type":"edit","length":{"new":1e3,"old":null}}`,
		// Not wm's own, so they are kept.
		`{"@timestamp":"2026-11-01T12:00:00Z","wm":{},"timestamp":1}`,
		`{"@timestamp":"2026-11-01T12:00:00.250Z","wm":{"note":"mine"},"timestamp":1}`,
		`{"@timestamp":"2026-11-01T12:00:00.250Z","wm":{"user":"a","wiki":"b"},"timestamp":1}`,
		`{"@timestamp":"2026-11-01T12:00:00.250Z","wm":{"delta":1.0},"timestamp":1}`,
		`{"@timestamp":"2026-11-01T12:00:00.250Z","wm":{"delta":"1"},"timestamp":1}`,
		`{"@timestamp":"2026-11-01T12:00:00.250Z","wm":{"revert":1},"timestamp":1}`,
		`{"@timestamp":"2026-11-01T12:00:00.250Z","wm":{"wiki":""},"timestamp":1}`,
		`{"@timestamp":"2026-11-01T12:00:00.250Z","wm":{"wiki":"\u0061"},"timestamp":1}`,
		`{"@timestamp":"2026-11-01T12:00:00.250Z","timestamp":1,"wm":{}}`,
		`{"@timestamp":"2026-11-01T12:00:00.250Z","wm":{}}`,
		`{"@timestamp":"2026-11-01T12:00:00.250Z"}`,
		`{"@timestamp":5,"wm":{},"timestamp":1}`,
		`{"wm":{},"@timestamp":"2026-11-01T12:00:00.250Z","timestamp":1}`,
		`{"a":1,"wm":null,"timestamp":86400}`,
	}
	for _, e := range simulate.New(11, simulate.Options{}).Take(2000) {
		lines = append(lines, string(e.Data))
	}
	for _, line := range lines {
		checkLine(t, line)
	}
}

func checkLine(t *testing.T, line string) {
	t.Helper()
	_, _, source, reason := documentOf(t, "x", line)
	if reason != "" {
		t.Fatalf("%s of %s", reason, line)
	}
	if got := string(AppendOriginal([]byte("before "), []byte(source))); got != "before "+line {
		t.Errorf("%s\n of %s\n came back as\n%s", line, source, got)
	}
}

// A line that was indexed before loses the fields that wm inserted.
func TestAppendLineIndexedBefore(t *testing.T) {
	_, _, once, _ := documentOf(t, "x", edit)
	_, _, twice, _ := documentOf(t, "x", once)
	if got := string(AppendOriginal(nil, []byte(twice))); twice != once || got != edit {
		t.Errorf("%s came back as\n%s", twice, got)
	}
}

func FuzzAppendOriginal(f *testing.F) {
	f.Add(edit)
	f.Add(`{"@timestamp":"2026-11-01T12:00:00.250Z","wm":{"revert":1},"timestamp":1}`)
	f.Fuzz(func(t *testing.T, line string) {
		line = strings.Trim(line, " \t\r\n")
		if strings.Contains(line, "\n") {
			t.Skip() // no event has one
		}
		_, _, source, reason := documentOf(t, "x-%Y.%m.%d", line)
		if reason != "" || source == line {
			t.Skip() // no document, or nothing was put in front
		}
		if got := string(AppendOriginal(nil, []byte(source))); got != line {
			t.Errorf("%s came back as\n%s", source, got)
		}
	})
}

// Captured events contain names of real people and are not part of the project.
func TestAppendLineCaptured(t *testing.T) {
	dir := os.Getenv("WM_CAPTURES")
	if dir == "" {
		t.Skip("WM_CAPTURES is not set to a folder of captured events")
	}
	files, _ := filepath.Glob(filepath.Join(dir, "*.ndjson"))
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(data)) {
			if line = strings.Trim(line, " \t\r\n"); !strings.Contains(line, `"canary"`) {
				if _, _, _, reason := documentOf(t, "x", line); reason == "" {
					checkLine(t, line)
				}
			}
		}
	}
}
