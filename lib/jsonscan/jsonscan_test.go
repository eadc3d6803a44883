package jsonscan_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/wmtools/wm/lib/jsonscan"
)

func Example() {
	line := []byte(`{"meta":{"id":"a1","id":"b2"},"title":"Caf\u00e9"}`)
	title, ok := jsonscan.Unquote(jsonscan.Find(line, "title"))
	fmt.Println(title, ok)
	fmt.Printf("%s\n", jsonscan.Find(line, "meta", "id")) // the first one
	// Output:
	// Café true
	// "a1"
}

func ExampleDiagnose() {
	for _, line := range []string{`{"wiki":"enwiki"}{"wiki":"dewiki"}`, `{'wiki': 'enwiki'}`, `12:00 INFO {"wiki":"enwiki"}`} {
		if _, ok := jsonscan.Object([]byte(line)); !ok {
			fmt.Println(jsonscan.Diagnose([]byte(line)))
		}
	}
	// Output:
	// not a JSON object: several objects on one line
	// not a JSON object: single quotes
	// not a JSON object: text before the object
}

// event is a line of typical length, with a string that looks like the start of
// another event.
var event = `{"$schema":"/a/1.0.0","meta":{"id":"x","offset":1},"text":"` + strings.Repeat(`costs $5 {\"$schema\" }{ `, 30) +
	`","length":{"old":1,"new":2},"c":"d"}`

func TestObject(t *testing.T) {
	for _, tt := range []struct {
		line string
		want jsonscan.Shape // -1: one object
	}{
		{`{"a":1}`, -1},
		{" {\"a\":{\"b\":[{},{}]}}\r", -1},
		{`{}`, -1},
		{"{ \t}", -1},
		{`{"a":"}{"}`, -1},
		{`{"a":"x}} {{y"}`, -1},
		{`{"a":"{"}`, -1},
		{`{"a":"\"}{\""}`, -1},
		{`{"a":1}{"a":2}`, jsonscan.ShapeObjects},
		{`{"a":1} {"a":2}`, jsonscan.ShapeObjects},
		{"{\"a\":\"}{\"}\t{\"a\":2}", jsonscan.ShapeObjects},
		{`{}{}`, jsonscan.ShapeObjects},
		{`{'a': 1}`, jsonscan.ShapeSingleQuotes},
		{`{ 'a': {'b': 2}}`, jsonscan.ShapeSingleQuotes},
		{`[]`, jsonscan.ShapeArray},
		{`[{"a":1},{"a":2}]`, jsonscan.ShapeArray},
		{`[{"a":1},`, jsonscan.ShapeArray},
		{`[1, 2]`, jsonscan.ShapeArray},
		{`{`, jsonscan.ShapePretty},
		{`[`, jsonscan.ShapePretty},
		{`}`, jsonscan.ShapePretty},
		{`  "wiki": "enwiki",`, jsonscan.ShapePretty},
		{`},{"a":1}`, jsonscan.ShapePretty},
		{`{"a":1,"b":"x`, jsonscan.ShapeCut},
		{`{"a":{"b":1}`, jsonscan.ShapeCut},
		{`{"a":{"b":1},"c":{}`, jsonscan.ShapeCut},
		{event, -1},
		{event + event, jsonscan.ShapeObjects},
		{event[:700] + event, jsonscan.ShapeCut},
		{event[:len(event)-8], jsonscan.ShapeCut},
		{strings.TrimSuffix(event, `,"c":"d"}`), jsonscan.ShapeCut},
		{`data: {"a":1}`, jsonscan.ShapeSSE},
		{`id: [{"topic":"a"}]`, jsonscan.ShapeSSE},
		{`event: message`, jsonscan.ShapeSSE},
		{`:ok`, jsonscan.ShapeSSE},
		{`12:00:00 INFO {"a":1}`, jsonscan.ShapePrefix},
		{`[2026-11-28 12:00:00] {"a":1}`, jsonscan.ShapePrefix},
		{`{"a":1} trailing`, jsonscan.ShapeSuffix},
		{`{"a":1},`, jsonscan.ShapeSuffix},
		{`{a:1}`, jsonscan.ShapeOther},
		{`wiki,title,user`, jsonscan.ShapeOther},
		{`null`, jsonscan.ShapeOther},
		{``, jsonscan.ShapeOther},
	} {
		_, ok := jsonscan.Object([]byte(tt.line))
		if ok != (tt.want < 0) {
			t.Errorf("%s: one object: %v", tt.line, ok)
		}
		if ok {
			continue
		}
		err := jsonscan.Diagnose([]byte(tt.line))
		if bad, is := errors.AsType[*jsonscan.ShapeError](err); !is || bad.Shape != tt.want || !errors.Is(err, jsonscan.ErrNotObject) {
			t.Errorf("%s: %v, want shape %d", tt.line, err, tt.want)
		}
	}
}

// Object accepts every valid JSON object.
func FuzzObjectAcceptsObjects(f *testing.F) {
	for _, line := range []string{`{"a":"}{"}`, `{"a":[{"b":"{"},{}]}`, `{ "\"}{": {} , "x":"}} {" }`, `{"a":1}{}`} {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line string) {
		_, ok := jsonscan.Object([]byte(line))
		valid := json.Valid([]byte(line)) && strings.HasPrefix(strings.TrimLeft(line, " \t\r\n"), "{")
		if valid && !ok {
			t.Errorf("%q is an object", line)
		}
		if !ok {
			jsonscan.Diagnose([]byte(line)) // survives anything
		}
	})
}

// The strict functions agree with encoding/json, except for invalid UTF-8, which
// it replaces. The skipping functions find the same end.
func FuzzStrictAgreesWithEncodingJSON(f *testing.F) {
	for _, text := range []string{`"plain"`, `"a\u00e9\n"`, `"é"`, `"bad \x"`, "\"tab\t\"", "\"\xff\"", `-0.5e+10`, `01`, `1.`, `true`, `nul`, `"12345678\"90"`} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		line := []byte(text)
		if text == "" {
			return
		}
		end, ok := 0, false
		switch c := line[0]; {
		case c == '"':
			end, _, ok = jsonscan.String(line, 0)
		case c == '-' || '0' <= c && c <= '9':
			end, ok = jsonscan.Number(line, 0)
		case c > ' ' && c != '{' && c != '[':
			end, ok = jsonscan.Word(line, 0)
		default:
			return
		}
		if end > len(line) {
			t.Fatalf("%q: index %d", text, end)
		}
		got := ok && end == len(line)
		if want := json.Valid(line) && utf8.Valid(line) && !strings.HasSuffix(text, "\n") && strings.TrimSpace(text) == text; got != want {
			t.Errorf("%q: valid %v, want %v", text, got, want)
		}
		if got && jsonscan.SkipValue(line, 0, 0) != end {
			t.Errorf("%q: skipped to %d, not %d", text, jsonscan.SkipValue(line, 0, 0), end)
		}
		if got && line[0] == '"' {
			var want string
			if err := json.Unmarshal(line, &want); err != nil {
				t.Fatal(err)
			}
			if text, ok := jsonscan.Unquote(line); !ok || text != want {
				t.Errorf("%s reads %q, want %q", line, text, want)
			}
		}
	})
}

func TestStrictPlaceOfMistake(t *testing.T) {
	for _, tt := range []struct {
		text string
		want int
	}{
		{`"abc`, 4}, {`"a\x"`, 2}, {"\"0123456789\x01\"", 11}, {"\"a\xffb\"", 4}, {`"\u12g4"`, 1}, {`"\`, 1}, {`x`, 0},
	} {
		if end, _, ok := jsonscan.String([]byte(tt.text), 0); ok || end != tt.want {
			t.Errorf("String(%q) = %d, %v, want %d", tt.text, end, ok, tt.want)
		}
	}
	for _, tt := range []struct {
		text string
		want int
	}{
		{`-`, 1}, {`-x`, 1}, {`1.x`, 2}, {`1e`, 2}, {`1e+`, 3},
	} {
		if end, ok := jsonscan.Number([]byte(tt.text), 0); ok || end != tt.want {
			t.Errorf("Number(%q) = %d, %v, want %d", tt.text, end, ok, tt.want)
		}
	}
}

func TestDepth(t *testing.T) {
	deep := func(n int) []byte { return []byte(strings.Repeat("[", n) + strings.Repeat("]", n)) }
	if end := jsonscan.SkipValue(deep(512), 0, 0); end != 1024 {
		t.Errorf("512 levels: %d", end)
	}
	if end := jsonscan.SkipValue(deep(513), 0, 0); !errors.Is(jsonscan.Err(end), jsonscan.ErrTooDeep) {
		t.Errorf("513 levels: %d", end)
	}
	if err := jsonscan.Diagnose([]byte(`{"a":` + string(deep(512)) + `}`)); !errors.Is(err, jsonscan.ErrTooDeep) {
		t.Errorf("an object of 513 levels: %v", err)
	}
}

func TestFind(t *testing.T) {
	const line = ` {"a":1,"\u0062":{"c":[10,{"d":"x"}]},"a":2,"e":{"f":1},"e":{"g":2},"0":"zero"}`
	for path, want := range map[string]string{
		"a": "1", "b.c.0": "10", "b.c.1.d": `"x"`, "b.c": `[10,{"d":"x"}]`, "e.g": "", "e.f": "1", "0": `"zero"`,
		"b.c.2": "", "b.c.x": "", "a.b": "", "missing": "",
	} {
		if got := jsonscan.Find([]byte(line), strings.Split(path, ".")...); string(got) != want {
			t.Errorf("%s is %s, want %s", path, got, want)
		}
	}
}

func FuzzPlainLen(f *testing.F) {
	f.Add("plain text of some length \" and more")
	f.Add("tab\there")
	f.Fuzz(func(t *testing.T, s string) {
		want := strings.IndexFunc(s, func(r rune) bool { return r < ' ' || r == '"' || r == '\\' })
		if want < 0 {
			want = len(s)
		}
		if got := jsonscan.PlainLen(s); got != want {
			t.Errorf("PlainLen(%q) = %d, want %d", s, got, want)
		}
	})
}

func TestDecimal(t *testing.T) {
	numbers := []string{"-1e400", "-18446744073709551616", "-18446744073709551615", "-1.5", "-1", "0", "1", "1.5", "9007199254740992",
		"9007199254740993", "18446744073709551614", "18446744073709551615", "1e400"}
	var set jsonscan.DecimalSet
	for i, a := range numbers {
		x, ok := jsonscan.ParseDecimal(a)
		if !ok {
			t.Fatalf("%s is a number", a)
		}
		if set.Has(x) && i != 2 { // -2^64 and -(2^64-1) are equal as floats
			t.Errorf("%s is not in the set yet", a)
		}
		set.Add(x)
		if !set.Has(x) {
			t.Errorf("%s is in the set", a)
		}
		for j, b := range numbers {
			y, _ := jsonscan.ParseDecimal(b)
			exact, okX := new(big.Int).SetString(a, 10)
			other, okY := new(big.Int).SetString(b, 10)
			if okX && okY && exact.BitLen() <= 64 && other.BitLen() <= 64 && x.Compare(y) != exact.Cmp(other) {
				t.Errorf("%s compares with %s as %d", a, b, x.Compare(y))
			}
			if got := x.Compare(y); got > 0 && i < j || got < 0 && i > j {
				t.Errorf("%s compares with %s as %d", a, b, got)
			}
		}
	}
	for _, text := range []string{"", "x", "0x10", "Inf", "NaN", "1_0", ".", "-", "1e"} {
		if _, ok := jsonscan.ParseDecimal(text); ok {
			t.Errorf("%q is not a number", text)
		}
	}
	if n := jsonscan.Int(-5); n.Compare(jsonscan.Float(-4.5)) >= 0 || n.String() != "-5" {
		t.Errorf("Int(-5) is %v", n)
	}
	if n := jsonscan.Float(0.000001); n.Compare(jsonscan.Int(0)) <= 0 || n.String() != "0.000001" {
		t.Errorf("Float(0.000001) is %v", n)
	}
}
