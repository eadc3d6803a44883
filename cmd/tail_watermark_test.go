package cmd_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/wmtools/wm/cmd/internal/cmdtest"
	"github.com/wmtools/wm/lib/cursor"
	"github.com/wmtools/wm/lib/event"
	"github.com/wmtools/wm/lib/simulate"
)

// sinkCases are tailCases about watermarks.
var sinkCases = []tailCase{
	{"a watermark covers the lines before it", watermarksAreExact},
	{"watermarks alone", watermarksAlone},
	{"a watermark's offsets are not compared with repeats", watermarkThenRepeats},
}

func TestTailWatermarksOnTheLookAlike(t *testing.T) {
	t.Parallel()
	runSinkCases(t, cmdtest.NewLookAlike)
}

func runSinkCases(t *testing.T, world func(*testing.T) cmdtest.EventStreams) {
	for _, c := range sinkCases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.run(t, world, 0)
		})
	}
}

// standing is the position reached in a topic.
type standing struct{ high, offset int64 }

// Each watermark has the highest time and the last offset of the lines before it
// in each topic: no more, or a kill would lose events, and no less. There is one
// for each connection, and one as the last line.
func watermarksAreExact(t *testing.T, newWorld func(*testing.T) cmdtest.EventStreams, _ int) {
	w := newWorld(t)
	source := cmdtest.Restless(2000, cmdtest.Recent(2000))
	w.Add(source...)
	proxy := cmdtest.NewCutter(t, w.URL(), 100)
	lines, stderr, code := cmdtest.RunTail(t, "--url", proxy.URL, "--since", cmdtest.Earliest(source), "--canary", "-n", "2000",
		"--resume", filepath.Join(t.TempDir(), "none"), "--watermark", "1ms")
	cmdtest.ExpectExit(t, code, 0, stderr)
	cmdtest.CompareEvents(t, lines, source)
	positions := make(map[string]standing)
	marks := 0
	for i, line := range lines {
		e := event.New([]byte(line))
		if !cursor.IsWatermark(e.Line()) {
			m := e.Meta()
			positions[m.Topic] = standing{max(positions[m.Topic].high, e.Time().UnixMilli()), m.Offset}
			continue
		}
		marks++
		if err := compareMark(e.Line(), positions); err != nil {
			t.Fatalf("line %d: %v", i+1, err)
		}
	}
	if want := 2000/100 + 1; marks < want || !cursor.IsWatermark([]byte(lines[0])) || !cursor.IsWatermark([]byte(lines[len(lines)-1])) {
		t.Errorf("%d watermarks, want %d at least, one of them first and one last", marks, want)
	}
}

func compareMark(line []byte, positions map[string]standing) error {
	c, err := cursor.DecodeWatermark(line)
	if err != nil {
		return err
	}
	known := 0
	for _, p := range c.Positions {
		want, sent := positions[p.Topic]
		switch {
		case sent && (p.Offset == nil || standing{p.Timestamp, *p.Offset} != want):
			return fmt.Errorf("%s is at %+v, want %+v", p.Topic, p, want)
		case !sent && (p.Offset != nil || p.Timestamp != c.From):
			return fmt.Errorf("%s is at %+v, but has sent nothing", p.Topic, p)
		case sent:
			known++
		}
	}
	if known != len(positions) || len(c.Seen) > 0 {
		return fmt.Errorf("%d of %d topics, and %d ids", known, len(positions), len(c.Seen))
	}
	return nil
}

// A filter between wm-tail and the sink that drops every event passes the
// watermarks: a reader that resumes from the last gets the rest.
func watermarksAlone(t *testing.T, newWorld func(*testing.T) cmdtest.EventStreams, _ int) {
	w := newWorld(t)
	source := cmdtest.Made(10, 1000, 20*time.Minute, 2)
	w.Add(source...)
	name := filepath.Join(t.TempDir(), "c.json")
	lines, stderr, code := cmdtest.RunTail(t, "--url", w.URL(), "--since", cmdtest.Since(source[0]), "--resume", name, "-n", "600")
	cmdtest.ExpectExit(t, code, 0, stderr)
	marks := slices.DeleteFunc(lines, func(line string) bool { return !cursor.IsWatermark([]byte(line)) })
	s := &sink{cursor: name}
	if err := s.read(strings.NewReader(strings.Join(marks, "\n") + "\n")); err != nil {
		t.Fatal(err)
	}
	c, err := cursor.Decode([]byte(strings.Join(cmdtest.ReadLines(t, name), "\n")))
	if err != nil {
		t.Fatal(err)
	}
	lines, stderr, code = cmdtest.RunTail(t, "--url", w.URL(), "--resume", name, "--watermark", "0", "-n", fmt.Sprint(repeatsFrom(source, 600, c)+400))
	cmdtest.ExpectExit(t, code, 0, stderr)
	got := cmdtest.IDs(lines)
	lost := 0
	for _, e := range source[600:] {
		if got[event.New(e.Data).ID()] == 0 {
			lost++
		}
	}
	if lost > 0 {
		t.Errorf("of the 400 events after the last watermark %d are lost", lost)
	}
}

// repeatsFrom returns how many of the first n events the server sends again after
// a watermark, which does not have their ids.
func repeatsFrom(source []simulate.Event, n int, c cursor.Cursor) (repeats int) {
	for i, e := range source[:n] {
		for _, p := range c.Positions {
			if p.Offset != nil && e.Time >= p.Timestamp-1000 {
				return n - i
			}
		}
	}
	return 0
}

// A watermark does not have the ids of the events that the server will send again,
// so their offsets are no sign of a different numbering.
func watermarkThenRepeats(t *testing.T, newWorld func(*testing.T) cmdtest.EventStreams, _ int) {
	w := newWorld(t)
	source := cmdtest.Made(16, 400, 10*time.Minute, 40)
	w.Add(source...)
	lines, stderr, code := cmdtest.RunTail(t, "--url", w.URL(), "--since", cmdtest.Since(source[0]), "-n", "200", "--resume", filepath.Join(t.TempDir(), "none"))
	cmdtest.ExpectExit(t, code, 0, stderr)
	c, err := cursor.DecodeWatermark([]byte(lines[len(lines)-1]))
	if err != nil {
		t.Fatal(err)
	}
	name := cmdtest.WriteFile(t, "c.json", c.Encode())
	lines, stderr, code = cmdtest.RunTail(t, "--url", w.URL(), "--resume", name, "-n", "150")
	cmdtest.ExpectExit(t, code, 0, stderr)
	if strings.Contains(stderr, "anew") || cmdtest.IDs(lines)[event.New(source[199].Data).ID()] != 1 {
		t.Errorf("the last event was not repeated, or is taken for one of another numbering: %s", stderr)
	}
}
