package match_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/wmtools/wm/lib/match"
	"github.com/wmtools/wm/lib/simulate"
)

// seed adds the rows of testdata/meaning.tsv and some events.
func seed(f *testing.F, add func(query, line string)) {
	for _, row := range rows(f) {
		add(row[0], row[2])
	}
	for i, e := range simulate.New(1, simulate.Options{}).Take(20) {
		add([]string{"wm.user_kind=registered", "length.new>1000 -bot=true", "comment~e title~a", "wm.page=dewiki:A_B user"}[i%4], string(e.Data))
	}
}

// parsed returns the query that parse reads, or nil if the text is not valid.
func parsed(text string) *match.Query {
	if term, ok := bytes.CutPrefix([]byte(text), []byte("-k ")); ok {
		t, err := parser.Term(string(term))
		if err != nil {
			return nil
		}
		return &match.Query{Terms: []*match.Term{t}}
	}
	q, err := parser.Query(text)
	if err != nil {
		return nil
	}
	return q
}

// A predicate agrees with the oracle on valid JSON, and survives anything else.
func FuzzMatchAgreesWithOracle(f *testing.F) {
	seed(f, func(query, line string) { f.Add(query, line, false, false) })
	f.Add("title~ſKiff -k=K", `{"title":"a skiff","k":"k"}`, true, true)
	f.Fuzz(func(t *testing.T, query, line string, fold, any bool) {
		q := parsed(query)
		if q == nil {
			return
		}
		o := match.Options{FoldCase: fold, Any: any}
		p, err := match.Compile(q, o)
		if err != nil {
			t.Fatalf("%q parses but does not compile: %v", query, err)
		}
		got, err := p.Match([]byte(line))
		want, ok := judge(q, o, []byte(line))
		if ok && (got != want || err != nil) {
			t.Errorf("%q (fold %v, any %v) on %q: %v, error %v, want %v", query, fold, any, line, got, err, want)
		}
		if err != nil && got {
			t.Errorf("%q on %q: a match and the error %v", query, line, err)
		}
	})
}

// judge asks the oracle. ok is false if the oracle cannot judge the line because
// it is invalid or nested too deep.
func judge(q *match.Query, o match.Options, line []byte) (want, ok bool) {
	truth, ok := newOracle(line)
	if !ok || !utf8.Valid(line) || truth.depth > 512 {
		return false, false
	}
	return truth.matches(q, o), true
}

// Lines finds the lines of a block for which Match returns true or an error.
func FuzzLinesAgreesWithMatch(f *testing.F) {
	seed(f, func(query, line string) { f.Add(query, line+"\n\n[]\r\n"+line) })
	f.Add("a=enwiki", `{"a":"\\`+"\n"+`{"a":"enwiki"}`+"\n"+`{"a":"\u0065nwiki"}`)
	f.Fuzz(func(t *testing.T, query, text string) {
		q := parsed(query)
		if q == nil {
			return
		}
		p, err := match.Compile(q, match.Options{})
		if err != nil {
			t.Fatal(err)
		}
		var found, judged []string
		for line, err := range p.Lines([]byte(text)) {
			found = append(found, text[line.Start:line.End], fmt.Sprint(err))
		}
		for line := range strings.Lines(text) {
			line = strings.TrimSuffix(line, "\n")
			if ok, err := p.Match([]byte(line)); ok || err != nil {
				judged = append(judged, line, fmt.Sprint(err))
			}
		}
		if !slices.Equal(found, judged) {
			t.Errorf("%q on %q:\nLines finds %q\nMatch says  %q", query, text, found, judged)
		}
	})
}

// The bounds apply to the time that Event.Time returns.
func FuzzBoundsAgreeWithEvent(f *testing.F) {
	for _, line := range []string{
		`{"meta":{"dt":"2026-11-23T12:00:00.250Z"}}`, `{"meta":{"dt":"2026-11-23T13:00:00+01:00"}}`, `{"meta":{"dt":"20"},"dt":"2026-11-23T12:00:00Z"}`,
		`{"timestamp":1795435200}`, `{"meta":7,"dt":"2026-11-23T12:00:00\u005a"}`, `{"meta":{"dt":["2026-11-23T12:00:00Z"]}}`,
	} {
		f.Add(line, int64(1795435200000))
	}
	f.Fuzz(func(t *testing.T, line string, ms int64) {
		if truth, ok := newOracle([]byte(line)); !ok || truth.depth > 512 || !utf8.ValidString(line) {
			return
		}
		when := time.UnixMilli(ms)
		for _, o := range []match.Options{{Since: when}, {Until: when}} {
			p, err := match.Compile(&match.Query{}, o)
			if err != nil {
				t.Fatal(err)
			}
			got, err := p.Match([]byte(line))
			if want := inBounds([]byte(line), o.Since, o.Until); got != want || err != nil {
				t.Errorf("%+v on %q: %v, error %v, want %v", o, line, got, err, want)
			}
		}
	})
}
