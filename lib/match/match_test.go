package match_test

import (
	"flag"
	"strings"
	"testing"

	"github.com/wmtools/wm/lib/match"
)

// Every package takes -update, so that go test ./... -update can rewrite the
// golden files of cmd.
var _ = flag.Bool("update", false, "")

const line = `{"meta":{"domain":"en.wikipedia.org","a.b":"dotted"},"id":9007199254740993,"type":"edit","title":"Caf\u00e9 \"x\"",` +
	`"namespace":0,"bot":false,"minor":true,"gone":null,"score":0.50,"code":"142","groups":["sysop","bot",7],"empty":[],"length":{"new":1e3}}`

func TestTerm(t *testing.T) {
	tests := []struct {
		term string
		want bool
	}{
		{"type=edit", true},
		{"type=Edit", false},
		{"type=new|edit", true},
		{"type=new|log", false},
		{"type!=new|log", true},
		{"type!=new|edit", false},
		{"meta.domain=en.wikipedia.org", true},
		{`meta.a\.b=dotted`, true},
		{`title=Café "x"`, true},
		{"namespace=0", true},
		{"namespace=00", true},
		{`namespace="0"`, false},
		{"code=142", true},
		{`code="142"`, true},
		{`type="new|edit"`, false},
		{"id=9007199254740993", true},
		{"id=9007199254740992", false}, // the same number in floating point
		{"score=0.5", true},
		{"length.new=1000", true},
		{"bot=false", true},
		{"bot=true", false},
		{`bot="false"`, false},
		{"bot=0", false},
		{"minor=true", true},
		{"gone=null", true},
		{"absent=null", false},
		{"absent=", false},
		{"absent!=x", true},
		{"groups=sysop", true},
		{"groups=7", true},
		{"groups=user", false},
		{"groups!=sysop", false},
		{"empty=x", false},
		{"meta={}", false},
		{"a=b=c", false},
	}
	for _, tt := range tests {
		term, err := match.ParseTerm(tt.term)
		if err != nil {
			t.Errorf("%s: %v", tt.term, err)
			continue
		}
		if got := term.Match([]byte(line)); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.term, got, tt.want)
		}
	}
}

func TestBadTerm(t *testing.T) {
	for term, want := range map[string]string{
		"":                     "has no operator",
		"wiki":                 "has no operator",
		"=enwiki":              "has no operator",
		"wiki:enwiki":          "has no operator",
		"wiki==enwiki":         `unknown operator "=="`,
		"wiki!==enwiki":        `unknown operator "!=="`,
		"w*=enwiki":            "cannot hold '*'",
		"@this=x":              "cannot hold '@'",
		`#(wiki="x").bot=true`: "cannot hold '#'",
		"namespace>=1":         "cannot hold '>'",
	} {
		if _, err := match.ParseTerm(term); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, want one with %q", term, err, want)
		}
	}
}

func TestPattern(t *testing.T) {
	tests := []struct {
		expr string
		fold bool
		want bool
	}{
		{".*en.wikipedia.*", false, true},
		{`en\.wikipedia`, false, true},
		{"de.wikipedia", false, false},
		{"EN.WIKIPEDIA", false, false},
		{"EN.WIKIPEDIA", true, true},
		{"^{.*}$", false, true},
		{`"bot":true.*"namespace":0`, false, false},
		{"", false, true},
		{".*", false, true},
		{"en.wikipedia|nothing", true, true},
	}
	for _, tt := range tests {
		p, err := match.CompilePattern([]string{tt.expr}, match.PatternOptions{FoldCase: tt.fold})
		if err != nil {
			t.Errorf("%q: %v", tt.expr, err)
			continue
		}
		if got := p.Searcher().Match([]byte(line)); got != tt.want {
			t.Errorf("%q (fold %v): %v, want %v", tt.expr, tt.fold, got, tt.want)
		}
	}
	if _, err := match.CompilePattern([]string{"a(b"}, match.PatternOptions{}); err == nil || !strings.Contains(err.Error(), "missing closing )") {
		t.Errorf("a bad expression gives %v", err)
	}
}

func TestIsObject(t *testing.T) {
	for in, want := range map[string]bool{
		`{"a":1}`: true, " {} \r": true, "": false, "{": false, "[1]": false, `{"a":1} x`: false, "null": false,
	} {
		if got := match.IsObject([]byte(in)); got != want {
			t.Errorf("IsObject(%q) = %v, want %v", in, got, want)
		}
	}
}

// FuzzTermNeverPanics feeds any term any line.
func FuzzTermNeverPanics(f *testing.F) {
	f.Add("wiki=enwiki", line)
	f.Add(`a\.b!="x"`, `{"a.b":`)
	f.Add("a.0.b=1|2", `{"a":[[[[{"b":1}]]]]`)
	f.Fuzz(func(t *testing.T, text, line string) {
		if term, err := match.ParseTerm(text); err == nil {
			term.Match([]byte(line))
		}
	})
}
