package jsonscan_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/wmtools/wm/lib/jsonscan"
)

var finderPaths = [][]string{{"a"}, {"m"}, {"m", "x"}, {"m", "n", "y"}, {"l", "1"}, {"z"}}

// finderLines have the wanted keys in several orders and forms.
const finderLines = `{"a":"one","m":{"x":1,"n":{"y":"Y"}},"l":[0,{"k":1}],"z":null}
{"a":"two","m":{"x":22,"n":{"y":"}"}},"z":[1,{"z":2}]}
{"a":"three","m":{"x":3,"n":{"y":"\"y\\"},"w":0},"z":{"z":"{"}}
{"a":"\\","m":{"n":{},"x":true},"b":{"a":1}}
{"m":{},"a":"}","z":1}
{"m":{"x":1},"m":{"x":2},"a":1,"a":2}
{"m":null,"a":1,"z":2}
{"m":{"x":1},"a":1,"z":2}
{"m":"m","a":1,"z":2}
{"m":[],"a":1,"z":2}
{"m":[{"x":1}],"a":{"m":1},"z":2}
{"l":{"1":"one"},"\u0061":"escaped","z": 1, "m": {"x": 2, "n": {"y": 3}}}
{"l":["zero","one"],"a":"","z": 2, "m": {"x": 2, "n": {"y": 3}}}
{"z":1}
{"z":12}
{"z":1 }
{}
{"a":1}}
{"a":1}{"a":1}
{"a":"x}
{"a":1,}
{"a" 1}
{"q":0,"a":{"x":tru{e},"z":1}}
{"a":{"x":{},"z":[]},"z":{"a" 1}}
[1]
x
  {"a":1,"m":{"x":5}}  `

func newPaths() *jsonscan.Paths {
	p := new(jsonscan.Paths)
	for _, path := range finderPaths {
		p.Add(path...)
	}
	return p
}

// checkFinder reports whether a Finder that has read other lines finds the same
// in a line as a new one, which reads it key by key.
func checkFinder(t *testing.T, p *jsonscan.Paths, f *jsonscan.Finder, line string) (jsonscan.Span, bool) {
	got, want := make([]jsonscan.Span, p.Slots()), make([]jsonscan.Span, p.Slots())
	object, err := f.Find([]byte(line), got)
	wantObject, wantErr := p.Finder().Find([]byte(line), want)
	if err != wantErr || string(object) != string(wantObject) || err == nil && !slices.Equal(got, want) {
		t.Errorf("%s: %v %q %v, a new Finder finds %v %q %v", line, got, object, err, want, wantObject, wantErr)
	}
	return got[0], err == nil
}

func TestFinder(t *testing.T) {
	p := newPaths()
	f := p.Finder()
	lines := strings.Split(finderLines, "\n")
	for range 3 {
		for _, line := range lines {
			at, ok := checkFinder(t, p, f, line)
			text := []byte(strings.TrimSpace(line))
			if want := jsonscan.Find(text, "a"); ok && string(at.Of(text)) != string(want) {
				t.Errorf("%s: a is %s, want %s", line, at.Of(text), want)
			}
		}
		slices.Reverse(lines)
	}
}

func FuzzFinder(f *testing.F) {
	for _, line := range strings.Split(finderLines, "\n") {
		f.Add(finderLines + "\n" + line + "\n" + finderLines)
	}
	f.Fuzz(func(t *testing.T, text string) {
		p := newPaths()
		finder := p.Finder()
		for line := range strings.SplitSeq(text, "\n") {
			checkFinder(t, p, finder, line)
		}
	})
}

// Find agrees with Paths.Find where that reads so far, and rejects more: it reads
// the whole line.
func TestFinderReadsTheWholeLine(t *testing.T) {
	f := newPaths().Finder()
	found := make([]jsonscan.Span, newPaths().Slots())
	for _, line := range []string{`{"a":1,"m":{"x":2}}`, `{"a":1,"m":{"x":2}`, `{"a":1,"m":{"x":2}}}`, `{"a":1 "m":{"x":2}}`} {
		for range 2 {
			_, err := f.Find([]byte(line), found)
			if ok := strings.HasSuffix(line, `2}}`) && !strings.Contains(line, " "); ok != (err == nil) || !ok && !errors.Is(err, jsonscan.ErrNotObject) {
				t.Errorf("%s: %v", line, err)
			}
		}
	}
}

// A Finder works on when lines differ so much that it stops to remember them.
func TestFinderOfManyForms(t *testing.T) {
	p := newPaths()
	f := p.Finder()
	for i := range 10_000 {
		checkFinder(t, p, f, fmt.Sprintf(`{"key %d":0,"a":%d,"m":{"x":"%d"}}`, i, i, i))
	}
}
