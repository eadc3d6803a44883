package match

import (
	"strings"
	"testing"
	"unicode"
)

// otherForms has all letters that equal an ASCII letter if case is ignored.
// Otherwise lines with them would be excluded.
func TestOtherForms(t *testing.T) {
	known := map[rune]rune{}
	for _, f := range otherForms {
		known[[]rune(f.form)[0]] = rune(f.of[0])
	}
	for r := rune(0x80); r <= unicode.MaxRune; r++ {
		for _, form := range []rune{unicode.ToLower(r), unicode.SimpleFold(r)} {
			if form < 0x80 && known[r] != unicode.ToLower(form) {
				t.Errorf("%q is a form of %q", r, form)
			}
		}
	}
}

func TestLiteral(t *testing.T) {
	tests := []struct {
		text string
		fold bool
		in   string
		want bool
	}{
		{`"enwiki"`, false, `{"wiki":"enwiki"}`, true},
		{`"enwiki"`, false, `{"wiki":"enwikisource"}`, false},
		{"abc", false, "ab", false},
		{"abc", false, "abc", true},
		{"kkkz", false, "kkkkkkkz", true},
		{"vandal", true, "VANDAL", true},
		{"vandal", true, "xVandaLx", true},
		{"vandal", true, "Vanda", false},
		{"v@", true, "V`", false},
		{strings.Repeat("k", 70), false, strings.Repeat("k", 64), true}, // only its start is searched for
		{strings.Repeat("k", 70), false, strings.Repeat("k", 63), false},
	}
	for _, tt := range tests {
		l := newLiteral(tt.text, tt.fold)
		if got := l.Index([]byte(tt.in)) >= 0; got != tt.want {
			t.Errorf("%q (fold %v) in %q: %v", tt.text, tt.fold, tt.in, got)
		}
	}
}

// A need is selective, and valid for every spelling.
func TestNeed(t *testing.T) {
	for text, want := range map[string]string{
		`wiki=enwiki`:                 `"enwiki"`,
		`wiki=enwiki bot=false`:       `"enwiki"`,
		`type=edit wiki=enwiki`:       `"enwiki"`,
		`wiki=enwiki|dewiki`:          `"enwiki" "dewiki"`,
		`wiki=enwiki|dewiki|frwiki`:   ``,
		`wiki!=enwiki`:                ``,
		`-wiki=enwiki`:                ``,
		`namespace=0`:                 ``,
		`wiki=enwiki|0`:               ``,
		`title="a/bcd"`:               `bcd"`,
		`title="abc/d"`:               `"abc`,
		`title="ab/"`:                 `"ab`,
		`title="/ab"`:                 `ab"`,
		`title="\""`:                  `"`,
		`title=`:                      `""`,
		`title~Undid.*x`:              `Undid`,
		`title~.*Undid`:               `Undid`,
		`title~^Undid`:                `Undid`,
		`title~(?i)undid`:             ``,
		`vandal`:                      `vandal`,
		`"undid revision"`:            "revision İ ſ",
		`東京`:                          ``,
		`wm.wiki=enwiki`:              `"enwiki"`,
		`wm.user_kind=temp`:           `"~2 temp"`,
		`wm.user_kind=ip`:             ``,
		`wm.page="enwiki:A long way"`: `enwiki`,
		`wm.page~enwiki`:              ``,
		`wm.page=:`:                   ``,
		`@timestamp="2026"`:           ``,
	} {
		q, err := ParseQuery(text)
		if err != nil {
			t.Fatal(err)
		}
		p, err := Compile(q, Options{})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		if p.need != nil {
			for _, l := range p.need.literals {
				got = append(got, l.String())
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: needs %q, want %s", text, got, want)
		}
	}
}
