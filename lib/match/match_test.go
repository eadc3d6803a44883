package match_test

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/wmtools/wm/lib/event"
	"github.com/wmtools/wm/lib/jsonscan"
	"github.com/wmtools/wm/lib/match"
)

// parser reads the same values from a file of any name.
var parser = match.Parser{ReadFile: func(string) ([]byte, error) {
	return []byte("Example\r\n7\n\n\"quoted\"\na|b"), nil
}}

// parse parses "-k TERM" or "--query QUERY".
func parse(tb testing.TB, text string) *match.Query {
	tb.Helper()
	if term, ok := strings.CutPrefix(text, "-k "); ok {
		t, err := parser.Term(term)
		if err != nil {
			tb.Fatal(err)
		}
		return &match.Query{Terms: []*match.Term{t}}
	}
	q, err := parser.Query(strings.TrimPrefix(text, "--query "))
	if err != nil {
		tb.Fatal(err)
	}
	return q
}

func compile(tb testing.TB, text string, o match.Options) *match.Predicate {
	tb.Helper()
	p, err := match.Compile(parse(tb, text), o)
	if err != nil {
		tb.Fatal(err)
	}
	return p
}

// rows returns the rows of testdata/meaning.tsv: the query, whether it matches,
// the line, and the reason.
func rows(tb testing.TB) (rows [][4]string) {
	data, err := os.ReadFile("testdata/meaning.tsv")
	if err != nil {
		tb.Fatal(err)
	}
	for text := range strings.Lines(string(data)) {
		text = strings.TrimSuffix(text, "\n")
		if text == "" || text[0] == '#' {
			continue
		}
		cells := strings.Split(text, "\t")
		if len(cells) != 4 || cells[1] != "yes" && cells[1] != "no" {
			tb.Fatalf("not a row: %q", text)
		}
		rows = append(rows, [4]string(cells))
	}
	return rows
}

func TestMeaning(t *testing.T) {
	for _, row := range rows(t) {
		t.Run(row[0], func(t *testing.T) {
			p := compile(t, row[0], match.Options{})
			got, err := p.Match([]byte(row[2]))
			if want := row[1] == "yes"; got != want || err != nil {
				t.Errorf("%s on %s: %v, error %v, want %v: %s", row[0], row[2], got, err, want, row[3])
			}
		})
	}
}

func TestOptions(t *testing.T) {
	const line = `{"meta":{"dt":"2026-11-23T12:00:00.5Z"},"wiki":"enwiki","title":"Vandalism of a skiff","bot":true}`
	at := func(text string) time.Time {
		when, err := event.ParseTime(text, time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		return when
	}
	tests := []struct {
		query string
		o     match.Options
		line  string
		want  bool
	}{
		{"title~vandal.*SKIFF", match.Options{}, line, false},
		{"title~vandal.*SKIFF", match.Options{FoldCase: true}, line, true},
		{"title~SKIFF", match.Options{FoldCase: true}, `{"title":"a ſ\u212aiff"}`, true},
		{"title~ſkiff", match.Options{FoldCase: true}, line, true},
		{"wiki=ENWIKI", match.Options{FoldCase: true}, line, false},
		{"wiki=dewiki bot=true", match.Options{Any: true}, line, true},
		{"wiki=dewiki bot=false", match.Options{Any: true}, line, false},
		{"wiki=dewiki skiff", match.Options{Any: true}, line, true},
		{"wiki=dewiki wm.wiki=enwiki", match.Options{Any: true}, line, true},
		{"wiki=dewiki|frwiki title~nothing", match.Options{Any: true}, line, false},
		{"", match.Options{}, line, true},
		{"", match.Options{Any: true}, line, true},
		{"", match.Options{Since: at("2026-11-23T12:00:00.5Z")}, line, true},
		{"", match.Options{Since: at("2026-11-23T12:00:00.501Z")}, line, false},
		{"", match.Options{Until: at("2026-11-23T12:00:00.5Z")}, line, false},
		{"", match.Options{Until: at("2026-11-23T12:00:00.501Z")}, line, true},
		{"wiki=enwiki", match.Options{Since: at("2026-11-24"), Any: true}, line, false},
		{"", match.Options{Since: at("2026-11-23")}, `{"timestamp":1795435200}`, true},
		{"", match.Options{Since: at("2026-11-23")}, `{"meta":{"dt":"2026-11-23T\u0031\u0032:00:00Z"}}`, true},
		{"", match.Options{Since: at("2026-11-23")}, `{"meta":{"dt":"soon"},"dt":"2026-11-23T00:00:00Z"}`, true},
		{"", match.Options{Until: at("2026-11-23")}, `{"wiki":"enwiki"}`, false},
	}
	for _, tt := range tests {
		p := compile(t, tt.query, tt.o)
		if got, err := p.Match([]byte(tt.line)); got != tt.want || err != nil {
			t.Errorf("%q with %+v on %s: %v, error %v", tt.query, tt.o, tt.line, got, err)
		}
	}
}

// Damage other than in TestShape is an error only on the way to a field.
func TestBadLine(t *testing.T) {
	deep := func(n int, then string) string {
		return `{"x":` + strings.Repeat("[", n-1) + strings.Repeat("]", n-1) + then + "}"
	}
	tests := []struct {
		line string
		want error
	}{
		{``, jsonscan.ErrNotObject},
		{` `, jsonscan.ErrNotObject},
		{`[1]`, jsonscan.ErrNotObject},
		{`{`, jsonscan.ErrNotObject},
		{`{"a":1} x`, jsonscan.ErrNotObject},
		{`null`, jsonscan.ErrNotObject},
		{`{"a":1}{}`, jsonscan.ErrNotObject},
		{`{"b":1}{}`, jsonscan.ErrNotObject},
		{`{"b":1,}`, jsonscan.ErrNotObject},
		{`{"b" 1}`, jsonscan.ErrNotObject},
		{`{"b":}`, jsonscan.ErrNotObject},
		{`{"b":"}`, jsonscan.ErrNotObject},
		{`{b:1}`, jsonscan.ErrNotObject},
		{`{"a":tru}`, jsonscan.ErrNotObject},
		{`{"a":"\x"}`, jsonscan.ErrNotObject},
		{`{"a":"\u12"}`, jsonscan.ErrNotObject},
		{`{"a":[1 tru]}`, jsonscan.ErrNotObject},
		{`{"b":tru,"a":2}`, nil}, // only its form is judged
		{" \t{\"a\" : 1 } \r", nil},
		{deep(512, ``), nil},
		{deep(513, ``), jsonscan.ErrTooDeep},
		{deep(513, `,"a":1`), jsonscan.ErrTooDeep},
		{`{"a":1,` + deep(513, ``)[1:], nil},
		{`{"a":` + strings.Repeat("[", 600) + strings.Repeat("]", 600) + `}`, jsonscan.ErrTooDeep},
	}
	p := compile(t, "-k a!=x", match.Options{})
	for _, tt := range tests {
		got, err := p.Match([]byte(tt.line))
		if !errors.Is(err, tt.want) || err == nil && !got || err != nil && got {
			t.Errorf("%.60q: %v, error %v, want error %v", tt.line, got, err, tt.want)
		}
	}
}

// Inputs that users pass by mistake are reported, whatever the query.
func TestShape(t *testing.T) {
	const one, two = `{"wiki":"enwiki","length":{"new":1},"bot":false}`, `{"wiki":"dewiki","title":"A word","bot":true}`
	lines := map[string]jsonscan.Shape{
		one + two:                              jsonscan.ShapeObjects,
		one + " " + two:                        jsonscan.ShapeObjects,
		one + "\t" + two + one:                 jsonscan.ShapeObjects,
		`{'wiki': 'enwiki', 'bot': false}`:     jsonscan.ShapeSingleQuotes,
		"[" + one + "," + two + "]":            jsonscan.ShapeArray,
		one[:len(one)-2]:                       jsonscan.ShapeCut,
		`{"wiki":"enwiki","length":{"new":1}`:  jsonscan.ShapeCut,
		"data: " + one:                         jsonscan.ShapeSSE,
		"2026-11-28T12:00:00Z host wm: " + two: jsonscan.ShapePrefix,
		one + ",":                              jsonscan.ShapeSuffix,
		`"wiki": "enwiki",`:                    jsonscan.ShapePretty,
		"enwiki,Main Page,Example":             jsonscan.ShapeOther,
	}
	for _, query := range []string{"wiki=enwiki", "wiki=dewiki", "wiki!=enwiki", "bot=true", "bot", "!bot", "length.new>0", "absent=x", "word", "-word",
		"wiki~en", "wm.wiki=enwiki", "wm.talk=true", "wm.page~x", ""} {
		p := compile(t, query, match.Options{})
		for line, want := range lines {
			got, err := p.Match([]byte(line))
			if shape, ok := errors.AsType[*jsonscan.ShapeError](err); got || !ok || shape.Shape != want {
				t.Errorf("%s on %s: %v, error %v", query, line, got, err)
			}
		}
		for _, line := range []string{one, " " + two + "\r", `{"title":"}{ {","comment":"\"}{\"}{"}`} {
			if _, err := p.Match([]byte(line)); err != nil {
				t.Errorf("%s on %s: %v", query, line, err)
			}
		}
	}
}

func TestLines(t *testing.T) {
	p := compile(t, "-k a=x", match.Options{})
	block := []byte(`{"a":"y"}` + "\n\n" + `{"a":"x"}` + "\r\n" + "[]\n" + `{"a":"x","b":1}`)
	var got []string
	for line, err := range p.Lines(block) {
		got = append(got, fmt.Sprintf("%s %v", block[line.Start:line.End], err))
	}
	want := []string{" not a JSON object", `{"a":"x"}` + "\r <nil>", "[] not a JSON object: an array", `{"a":"x","b":1} <nil>`}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	for line := range p.Lines(block) { // the loop may end early
		if line.Start > 0 {
			break
		}
	}
}
