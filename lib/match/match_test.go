package match_test

import (
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/wmtools/wm/lib/event"
	"github.com/wmtools/wm/lib/match"
)

// parser knows one file of values, by any name.
var parser = match.Parser{ReadFile: func(string) ([]byte, error) {
	return []byte("Example\r\n7\n\n\"quoted\"\na|b"), nil
}}

// parse reads "-k TERM" or "--query TERMS".
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

// rows returns the rows of testdata/meaning.tsv: what is asked, whether it
// holds, the line, and why.
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

// What is wrong with a line is an error only if it stands on the way.
func TestBadLine(t *testing.T) {
	deep := func(n int, then string) string {
		return `{"x":` + strings.Repeat("[", n-1) + strings.Repeat("]", n-1) + then + "}"
	}
	tests := []struct {
		line string
		want error
	}{
		{``, match.ErrNotObject},
		{` `, match.ErrNotObject},
		{`[1]`, match.ErrNotObject},
		{`{`, match.ErrNotObject},
		{`{"a":1} x`, match.ErrNotObject},
		{`null`, match.ErrNotObject},
		{`{"a":1}{}`, nil}, // the field is found before
		{`{"b":1}{}`, match.ErrNotObject},
		{`{"b":1,}`, match.ErrNotObject},
		{`{"b" 1}`, match.ErrNotObject},
		{`{"b":}`, match.ErrNotObject},
		{`{"b":"}`, match.ErrNotObject},
		{`{b:1}`, match.ErrNotObject},
		{`{"a":tru}`, match.ErrNotObject},
		{`{"a":"\x"}`, match.ErrNotObject},
		{`{"a":"\u12"}`, match.ErrNotObject},
		{`{"a":[1 tru]}`, match.ErrNotObject},
		{`{"b":tru,"a":2}`, nil}, // only its form is judged
		{" \t{\"a\" : 1 } \r", nil},
		{deep(512, ``), nil},
		{deep(513, ``), match.ErrDepth},
		{deep(513, `,"a":1`), match.ErrDepth},
		{`{"a":1,` + deep(513, ``)[1:], nil},
		{`{"a":` + strings.Repeat("[", 600) + strings.Repeat("]", 600) + `}`, match.ErrDepth},
	}
	p := compile(t, "-k a!=x", match.Options{})
	for _, tt := range tests {
		got, err := p.Match([]byte(tt.line))
		if !errors.Is(err, tt.want) || err == nil && !got || err != nil && got {
			t.Errorf("%.60q: %v, error %v, want error %v", tt.line, got, err, tt.want)
		}
	}
}

func TestNext(t *testing.T) {
	p := compile(t, "-k a=x", match.Options{})
	block := []byte(`{"a":"y"}` + "\n\n" + `{"a":"x"}` + "\r\n" + "[]\n" + `{"a":"x","b":1}`)
	want := []string{"error not a JSON object: \n", `{"a":"x"}` + "\r\n", "error not a JSON object: []\n", `{"a":"x","b":1}`}
	at := 0
	for _, w := range want {
		start, end, ok, err := p.Next(block, at)
		got := string(block[start:end])
		if err != nil {
			got = "error " + err.Error() + ": " + got
		}
		if got != w || ok != (err == nil) {
			t.Errorf("got %q, ok %v, want %q", got, ok, w)
		}
		at = end
	}
	if start, end, ok, err := p.Next(block, at); start != len(block) || end != len(block) || ok || err != nil {
		t.Errorf("at the end: %d, %d, %v, %v", start, end, ok, err)
	}
}
