package match_test

import (
	"errors"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/wmtools/wm/lib/match"
)

func TestParse(t *testing.T) {
	texts := func(kind match.Kind, texts ...string) (vs []match.Value) {
		for _, text := range texts {
			vs = append(vs, match.Value{Text: text, Kind: kind})
		}
		return vs
	}
	for text, want := range map[string]match.Term{
		"-k wiki=enwiki":           {Op: match.Equal, Path: []string{"wiki"}, Values: texts(match.Text, "enwiki")},
		"-k meta.domain!=a|b":      {Op: match.Equal, Negate: true, Path: []string{"meta", "domain"}, Values: texts(match.Text, "a", "b")},
		`-k a\.b="1"`:              {Op: match.Equal, Path: []string{"a.b"}, Values: texts(match.Text, "1")},
		`-k a\=b=1|-2.5e3`:         {Op: match.Equal, Path: []string{"a=b"}, Values: texts(match.Number, "1", "-2.5e3")},
		`-k a="x|\"y\""|"z"|`:      {Op: match.Equal, Path: []string{"a"}, Values: texts(match.Text, `x|"y"`, "z", "")},
		`-k title="Heroes" (song)`: {Op: match.Equal, Path: []string{"title"}, Values: texts(match.Text, `"Heroes" (song)`)},
		"-k bot!=true":             {Op: match.Equal, Negate: true, Path: []string{"bot"}, Values: texts(match.Bool, "true")},
		"-k gone=null":             {Op: match.Equal, Path: []string{"gone"}, Values: texts(match.Null, "null")},
		"-k a=0x10|Inf|NaN|1_0|.|": {Op: match.Equal, Path: []string{"a"}, Values: texts(match.Text, "0x10", "Inf", "NaN", "1_0", ".", "")},
		"-k a<=+5":                 {Op: match.LessEqual, Path: []string{"a"}, Values: texts(match.Number, "+5")},
		"-k comment:Undid":         {Op: match.Words, Path: []string{"comment"}, Tokens: []string{"undid"}},
		"-k a!~b|c":                {Op: match.Like, Negate: true, Path: []string{"a"}, Values: texts(match.Text, "b|c")},
		`-k a~"b \"c"`:             {Op: match.Like, Path: []string{"a"}, Values: texts(match.Text, `b \"c`)},
		"-k !a.b":                  {Op: match.Exists, Negate: true, Path: []string{"a", "b"}},
		"-k @timestamp":            {Op: match.Exists, Path: []string{"@timestamp"}},
		"-k $schema":               {Op: match.Exists, Path: []string{"$schema"}},
		`-k \@this`:                {Op: match.Exists, Path: []string{"@this"}},
		"-k user!@names.txt": {Op: match.Equal, Negate: true, Path: []string{"user"}, Values: []match.Value{
			{Text: "Example"}, {Text: "7", Kind: match.Number}, {Text: `"quoted"`}, {Text: "a|b"}}},
		"--query -a!=b":             {Text: "-a!=b", Op: match.Equal, Path: []string{"a"}, Values: texts(match.Text, "b")},
		"--query -Undid":            {Text: "-Undid", Op: match.Words, Negate: true, Tokens: []string{"undid"}},
		`--query "a \"b\" C=d"`:     {Op: match.Words, Tokens: []string{"a", "b", "c", "d"}},
		"--query title:stubs":       {Op: match.Words, Path: []string{"title"}, Tokens: []string{"stubs"}},
		"--query -title:a=b":        {Text: "-title:a=b", Op: match.Words, Negate: true, Path: []string{"title"}, Tokens: []string{"a", "b"}},
		`--query comment:"A \"b\""`: {Op: match.Words, Path: []string{"comment"}, Tokens: []string{"a", "b"}},
		"--query user:AND":          {Op: match.Words, Path: []string{"user"}, Tokens: []string{"and"}},
		`--query "AND"`:             {Op: match.Words, Tokens: []string{"and"}},
		"--query and":               {Op: match.Words, Tokens: []string{"and"}},
		"--query category:Stubs":    {Op: match.Words, Tokens: []string{"category:stubs"}},
	} {
		if want.Text == "" {
			_, want.Text, _ = strings.Cut(text, " ")
		}
		got := parse(t, text).Terms
		if len(got) != 1 || !reflect.DeepEqual(*got[0], want) {
			t.Errorf("%s\n got %+v\nwant %+v", text, *got[0], want)
		}
	}
}

func TestParseQuery(t *testing.T) {
	for text, want := range map[string][]string{
		"":                                nil,
		" \t":                             nil,
		"wiki=enwiki  bot=false\n":        {"wiki=enwiki", "bot=false"},
		"a\u3000b":                        {"a", "b"},
		`title="A B" -"c d" e`:            {`title="A B"`, `-"c d"`, "e"},
		`title="a|b"|"c d" x`:             {`title="a|b"|"c d"`, "x"},
		`title="say \"hi\" now" x`:        {`title="say \"hi\" now"`, "x"},
		`a"b c`:                           {`a"b`, "c"},
		`title:"a b" -user:"c d" x:"e f"`: {`title:"a b"`, `-user:"c d"`, `x:"e`, `f"`},
		`comment~"foo bar" -!length`:      {`comment~"foo bar"`, "-!length"},
	} {
		q, err := match.ParseQuery(text)
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		var got []string
		for _, term := range q.Terms {
			got = append(got, term.Text)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// Each mistake is named, and the hint has the correct spelling.
func TestMistakes(t *testing.T) {
	tests := []struct{ text, want, hint string }{
		{"-k ", "no field", "write FIELD=VALUE"},
		{"-k =enwiki", "no field before the operator", "write FIELD=VALUE"},
		{"-k !=enwiki", "no field before", "write FIELD=VALUE"},
		{"-k wiki==enwiki", `term "wiki==enwiki": unknown operator "=="`, "write wiki=enwiki;"},
		{"-k wiki===enwiki", `unknown operator "==="`, "write wiki=enwiki;"},
		{"-k wiki!==enwiki", `unknown operator "!=="`, "write wiki!=enwiki;"},
		{"-k title=~foo", `unknown operator "=~"`, "write title~foo;"},
		{"-k title~=foo", `unknown operator "~="`, "write title~foo;"},
		{"-k title!=~foo", `unknown operator "!=~"`, "write title!~foo;"},
		{"-k id=>5", `unknown operator "=>"`, "write id>=5"},
		{"-k id=<5", `unknown operator "=<"`, "write id<=5"},
		{"-k id<>5", `unknown operator "<>"`, "write id!=5"},
		{"-k wiki:enwiki", "':' is an operator only after title, comment and user", "write wiki=enwiki,"},
		{"-k http:x", "cannot contain ':'", "write http=x"},
		{"-k !wiki=x", "'!' belongs to the operator", "write wiki!=x"},
		{"-k !wiki!=x", "'!' belongs to the operator", "write wiki!=x"},
		{"-k -wiki=x", "cannot begin with '-'", "write !FIELD"},
		{`-k "a b"`, "no field", `go in a query`},
		{"-k wiki = x", "cannot contain ' '", "write the path of one field"},
		{"-k w*=enwiki", "cannot contain '*'", "write the path of one field"},
		{"-k @this=x", "cannot contain '@'", "write the path of one field"},
		{`-k #(wiki="x").bot=true`, "cannot contain '#'", "write the path of one field"},
		{"-k a..b=1", "part of the field name is empty", `write \.`},
		{"-k id>five", `> needs a number, not "five"`, "length.new>100000"},
		{"-k id<1|5", `not "1|5"`, "write one number"},
		{`-k id>="5"`, `needs a number`, "write one number"},
		{"-k meta.dt>2026-01-01", "needs a number", "bound the time"},
		{"-k user@", "no file after the operator", "user@names.txt"},
		{"-k title~a(b", "bad regular expression: missing closing )\n  a(b\n   ^", "regexp/syntax"},
		{"-k title~é[a]b[c", "missing closing ]\n  é[a]b[c\n       ^", "regexp/syntax"},
		{"-k title~a*(*b)", "missing argument to repetition operator\n  a*(*b)\n     ^", "regexp/syntax"},
		{"-k title~(a)(b(c)", "missing closing )\n  (a)(b(c)\n     ^", "regexp/syntax"},
		{"-k title~a)b", "unexpected )\n  a)b\n   ^", "regexp/syntax"},
		{`-k title~ab\`, "trailing backslash", "regexp/syntax"},
		{"-k title~x(?=y)", "invalid or unsupported Perl syntax\n  x(?=y)\n   ^", "regexp/syntax"},
		{"--query a wiki:enwiki", "':' is an operator only", `"wiki:enwiki" in quotes`},
		{"-k !title:x", "cannot negate words", "write -title:x"},
		{"-k title:", "no word in the term", ""},
		{"-k title:a|b", "words cannot be alternatives", "comment~"},
		{`--query title:"a"|"b"`, "words cannot be alternatives", "comment~"},
		{`--query title:"a b`, "the quote is not closed", `\"`},
		{"--query a AND b", "not an operator", "all terms must hold"},
		{"--query a OR b", "not an operator", "one|other"},
		{"--query a -NOT b", "not an operator", "-bot=true"},
		{"-k wm.kind=bot", `no field "wm.kind"`, "wm.user_kind"},
		{"-k wm.watermark", `no field "wm.watermark"`, "wm.user_kind"},
		{"-k title=Main_Page", `title has blanks, not underscores: "Main_Page" never matches`, `write "Main Page"`},
		{"-k wm.page!=x|enwiki:Main_Page", `wm.page has blanks`, `write "enwiki:Main Page"`},
		{`-k page_title="Main Page"`, `page_title has underscores, not blanks`, "write Main_Page"},
		{"--query --- x", "no word in the term", "regular expression"},
		{"--query wiki = enwiki", "no word in the term", ""},
		{`--query ""`, "no word in the term", ""},
		{"--query a|b", "words cannot be alternatives", "comment~"},
		{`--query "a"|"b"`, "words cannot be alternatives", "comment~"},
		{`--query title="a b`, `the quote is not closed in "title=\"a b"`, `\"`},
		{`--query "a b" "c`, `the quote is not closed in "\"c"`, `\"`},
		{`--query "` + strings.Repeat("a ", 65) + `"`, "at most 64 words", "distinctive"},
	}
	for _, tt := range tests {
		var err error
		if term, ok := strings.CutPrefix(tt.text, "-k "); ok {
			_, err = parser.Term(term)
		} else {
			_, err = parser.Query(strings.TrimPrefix(tt.text, "--query "))
		}
		hint, ok := errors.AsType[*match.SyntaxError](err)
		if !ok || !strings.Contains(err.Error(), tt.want) || !strings.Contains(hint.Hint(), tt.hint) {
			t.Errorf("%s: error %v, want %q with the hint %q", tt.text, err, tt.want, tt.hint)
			if ok {
				t.Log(hint.Hint())
			}
		}
	}
}

// An error says which part of the text is wrong.
func TestErrorPosition(t *testing.T) {
	for text, want := range map[string]string{
		"é wiki==enwiki x":      "==",
		"a -title~x(":           "x(",
		`a  -length.new>many`:   "many",
		"x OR y":                "OR",
		"x wiki:enwiki":         ":",
		"x -wm.kind=bot":        "wm.kind",
		"x title=A|Main_Page|B": "Main_Page",
		`x comment:"a b`:        `comment:"a b`,
		"x a..b=1 y":            "a..b=1",
		"x -meta(dt)=1":         "(",
		"x --- y":               "---"[1:],
		"x user@names.txt y":    "user@names.txt",
	} {
		_, err := match.ParseQuery(text)
		bad, ok := errors.AsType[*match.SyntaxError](err)
		if !ok || bad.Start < 0 || bad.End > len(text) || text[bad.Start:bad.End] != want {
			t.Errorf("%s: %+v, want %q", text, bad, want)
		}
	}
}

func TestFileOfValues(t *testing.T) {
	for _, text := range []string{"user@names.txt", "user@host.com x"} {
		_, err := match.ParseQuery(text)
		if bad, ok := errors.AsType[*match.SyntaxError](err); !ok || !strings.Contains(bad.Hint(), "on the command line only") {
			t.Errorf("%s without a command line: error %v", text, err)
		}
	}
	marked := match.Parser{ReadFile: func(string) ([]byte, error) { return []byte("\ufeffAnn\r\nMain_Page\n"), nil }}
	if term, err := marked.Term("a@names.txt"); err != nil || term.Values[0].Text != "Ann" {
		t.Errorf("a file with a byte order mark: %+v, %v", term, err)
	}
	if _, err := marked.Term("title@titles.txt"); err == nil || !strings.Contains(err.Error(), "never matches") {
		t.Errorf("a file of titles with underscores: error %v", err)
	}
	broken := match.Parser{ReadFile: func(name string) ([]byte, error) { return nil, fmt.Errorf("%s: %w", name, os.ErrNotExist) }}
	if _, err := broken.Term("user@names.txt"); !errors.Is(err, os.ErrNotExist) || !strings.Contains(err.Error(), "names.txt") {
		t.Errorf("a file that is not there: error %v", err)
	}
}
