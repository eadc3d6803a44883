package table

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/wmtools/wm/lib/jsonscan"
)

func Example() {
	columns, _ := ParseColumns("wiki,title=page,wm.delta")
	t, _ := New(columns, Options{Syntax: CSV, Header: true})
	out, _ := t.Printer().Append(t.Header(), []byte(`{"wiki":"enwiki","title":"Rivers, a list","length":{"old":7,"new":10}}`))
	fmt.Printf("%s", out)
	// Output:
	// wiki,page,wm.delta
	// enwiki,"Rivers, a list",3
}

func newTable(t testing.TB, fields string, o Options) *Table {
	t.Helper()
	columns, err := ParseColumns(fields)
	if err != nil {
		t.Fatal(err)
	}
	table, err := New(columns, o)
	if err != nil {
		t.Fatal(err)
	}
	return table
}

func TestRows(t *testing.T) {
	tests := []struct {
		name, fields string
		o            Options
		line, want   string
	}{
		{"strings are decoded", "a,b", Options{}, `{"b":"é\"x","a":"A"}`, "A\té\"x"},
		{"as jq's @tsv", "a", Options{}, `{"a":"t\tn\nr\rb\\z\u0000"}`, `t\tn\nr\rb\\z` + "\x00"},
		{"numbers keep their bytes", "a,b,c", Options{}, `{"a":12345678901234567890,"b":-0.50,"c":1e2}`, "12345678901234567890\t-0.50\t1e2"},
		{"words", "a,b", Options{}, `{"a":true,"b":false}`, "true\tfalse"},
		{"absent and null", "a,b,c", Options{}, `{"b":null,"c":""}`, "\t\t"},
		{"absent text", "a,b,c", Options{Absent: "-\t"}, `{"b":null,"c":""}`, "-\\t\t-\\t\t"},
		{"nested", "meta.dt,x.1.y", Options{}, `{"x":[0,{"y":"z"}],"meta":{"dt":"T"}}`, "T\tz"},
		{"compact", "a,b", Options{}, `{"a": [1, "x y", {"k" : null}], "b": {} }`, "[1,\"x y\",{\"k\":null}]\t{}"},
		{"escapes in compact JSON", "a", Options{}, `{"a":["\n\\"]}`, `["\\n\\\\"]`},
		{"the first of a repeated key", "a", Options{}, `{"a":1,"a":2}`, "1"},
		{"blanks around", "a", Options{}, "  {\"a\":1}\r", "1"},
		{"derived", "@timestamp,wm.user,wm.user_kind,wm.delta,wm.page,wm.talk,wm.revert", Options{},
			`{"meta":{"dt":"2026-11-23T10:00:00Z"},"database":"dewiki","page_title":"A_b","page_namespace":1,"performer":{"user_text":"U"},"length":{"new":5}}`,
			"2026-11-23T10:00:00.000Z\tU\tregistered\t5\tdewiki:A b\ttrue\t"},
		{"a line's own derived field", "wm.user", Options{}, `{"user":"A","wm":{"user":"B"}}`, "B"},
		{"risk", "wm.risk,wm.rev", Options{}, `{"rev_id":7,"predicted_classification":{"model_name":"revertrisk-x","probabilities":{"true":0.526}}}`, "0.526\t7"},

		{"CSV quotes where needed", "a,b,c,d,e", Options{Syntax: CSV}, `{"a":"x","b":"x,y","c":"say \"x\"","d":"1\r\n2","e":" x "}`,
			"x,\"x,y\",\"say \"\"x\"\"\",\"1\r\n2\", x "},
		{"CSV of an object", "a", Options{Syntax: CSV}, `{"a":{"b":1,"c":2}}`, `"{""b"":1,""c"":2}"`},
		{"CSV absent", "a,b", Options{Syntax: CSV, Absent: "n,a"}, `{}`, `"n,a","n,a"`},

		{"JSON keeps bytes", "b,a", Options{Syntax: JSON}, `{"a":"\u00e9\/","b":1.50,"c":3}`, `{"b":1.50,"a":"\u00e9\/"}`},
		{"JSON nests", "meta.id,wiki,meta.dt", Options{Syntax: JSON}, `{"wiki":"w","meta":{"dt":"T","id":"I"}}`, `{"meta":{"id":"I","dt":"T"},"wiki":"w"}`},
		{"JSON leaves out", "a,m.b,m.c,d", Options{Syntax: JSON}, `{"a":null,"m":{"x":1},"d":[]}`, `{"d":[]}`},
		{"JSON leaves out all", "a,m.b", Options{Syntax: JSON}, `{}`, `{}`},
		{"JSON inner gap", "m.a,m.b,m.c", Options{Syntax: JSON}, `{"m":{"a":1,"c":3}}`, `{"m":{"a":1,"c":3}}`},
		{"JSON flat", "meta.id,wm.user", Options{Syntax: JSON, Flat: true}, `{"user":"U","meta":{"id":"I"}}`, `{"meta.id":"I","wm.user":"U"}`},
		{"JSON derived", "@timestamp,wm.user,wm.delta", Options{Syntax: JSON}, `{"dt":"2026-11-23T10:00:00Z","user":"a\"b","length":{"old":2,"new":1}}`,
			`{"@timestamp":"2026-11-23T10:00:00.000Z","wm":{"user":"a\"b","delta":-1}}`},
		{"JSON renamed", "meta.id=id,wm.user=who", Options{Syntax: JSON}, `{"user":"U","meta":{"id":"I"}}`, `{"id":"I","who":"U"}`},
	}
	for _, tt := range tests {
		got, err := newTable(t, tt.fields, tt.o).Printer().Append(nil, []byte(tt.line))
		if err != nil || string(got) != tt.want+"\n" {
			t.Errorf("%s: got %q, %v, want %q", tt.name, got, err, tt.want)
		}
	}
}

func TestHeader(t *testing.T) {
	for _, tt := range []struct {
		fields string
		o      Options
		want   string
	}{
		{"meta.dt,title=the page", Options{Header: true}, "meta.dt\tthe page\n"},
		{`a=x"`, Options{Syntax: CSV, Header: true}, "\"x\"\"\"\n"},
		{"a", Options{}, ""},
		{"a", Options{Syntax: JSON, Header: true}, ""},
	} {
		if got := newTable(t, tt.fields, tt.o).Header(); string(got) != tt.want {
			t.Errorf("%s: got %q, want %q", tt.fields, got, tt.want)
		}
	}
}

func TestColumnErrors(t *testing.T) {
	for fields, want := range map[string]string{
		"":            "a field is missing",
		"a,,b":        "a field is missing",
		"a=":          "a=: the new name is missing",
		"wm.usr":      `no field "wm.usr"`,
		"a|@reverse":  "a|@reverse",
		"a..b":        "a..b",
		"tags.#":      "tags.#",
		"meta.*":      "meta.*",
		"(x)":         "(x)",
		`a.#(b=="c")`: "",
	} {
		if _, err := ParseColumns(fields); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %q", fields, err, want)
		}
	}
	for fields, want := range map[string]string{
		"a,a":         "a is listed twice",
		"meta,meta.a": "meta is listed twice, or with a part of it",
		"meta.a,meta": "meta is listed twice, or with a part of it",
		"a=x,b=x":     "x is listed twice",
	} {
		columns, err := ParseColumns(fields)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := New(columns, Options{Syntax: JSON}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %q", fields, err, want)
		}
		if _, err := New(columns, Options{}); err != nil {
			t.Errorf("%q as TSV: %v", fields, err)
		}
	}
}

func TestNotAnEvent(t *testing.T) {
	deep := strings.Repeat(`{"a":`, 600) + "1" + strings.Repeat("}", 600)
	for _, fields := range []string{"a", "wm.user"} {
		p := newTable(t, fields, Options{}).Printer()
		for _, line := range []string{`x`, `[1]`, `{"a":1}{"a":2}`, `{'a':1}`, `{"a":1`, `data: {"a":1}`} {
			out, err := p.Append([]byte("before"), []byte(line))
			if !errors.Is(err, jsonscan.ErrNotObject) || string(out) != "before" {
				t.Errorf("%s of %s: %q, %v", fields, line, out, err)
			}
		}
		if _, err := p.Append(nil, []byte(deep)); !errors.Is(err, jsonscan.ErrTooDeep) {
			t.Errorf("%s of a deep line: %v", fields, err)
		}
	}
}

// A row allocates nothing once the buffers have their size.
func TestNoAllocations(t *testing.T) {
	line := []byte(`{"meta":{"dt":"2026-11-23T10:00:00Z"},"wiki":"enwiki","type":"edit","title":"A \"quoted\" title","user":"U","bot":false,"length":{"old":1,"new":2}}`)
	for _, syntax := range []Syntax{TSV, CSV, JSON} {
		p := newTable(t, "meta.dt,wiki,title,user,length", Options{Syntax: syntax}).Printer()
		var dst []byte
		if n := testing.AllocsPerRun(100, func() { dst, _ = p.Append(dst[:0], line) }); n > 0 {
			t.Errorf("syntax %d: %v allocations", syntax, n)
		}
		p = newTable(t, "@timestamp,wm.user,wm.page,wm.delta", Options{Syntax: syntax}).Printer()
		line := bytes.ReplaceAll(line, []byte(`\"`), nil)
		if n := testing.AllocsPerRun(100, func() { dst, _ = p.Append(dst[:0], line) }); n > 0 {
			t.Errorf("derived, syntax %d: %v allocations", syntax, n)
		}
	}
}

func TestLinesDoNotAllocate(t *testing.T) {
	line := []byte(`{"meta":{"dt":"2026-11-23T10:00:00Z"},"type":"edit","title":"Harlow Bay","comment":"/* History */ see [[Marlow|the town]]","user":"U","bot":false,` +
		`"server_url":"https://en.wikipedia.org","wiki":"enwiki","length":{"old":1,"new":2},"revision":{"old":1000000001,"new":1000000002}}`)
	p := NewLines(LineOptions{}).Printer()
	var dst []byte
	if n := testing.AllocsPerRun(100, func() { dst, _ = p.Append(dst[:0], line) }); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

// FuzzCSVReadsBack checks that a CSV reader gets the cells that went in, and
// that a TSV row has as many cells and lines as it should.
func FuzzCSVReadsBack(f *testing.F) {
	f.Add("a", "b,\"c", "d\r\ne")
	f.Add("", "\\", "\t\n")
	f.Fuzz(func(t *testing.T, a, b, c string) {
		cells := []string{a, b, c}
		var row, tsv []byte
		for i, cell := range cells {
			if i > 0 {
				row, tsv = append(row, ','), append(tsv, '\t')
			}
			row, tsv = AppendCSV(row, []byte(cell)), AppendTSV(tsv, []byte(cell))
		}
		got, err := csv.NewReader(bytes.NewReader(row)).Read()
		want := slices.Clone(cells)
		for i := range want {
			want[i] = strings.ReplaceAll(want[i], "\r\n", "\n") // as encoding/csv reads them
		}
		if err != nil && string(row) != ",," || err == nil && !slices.Equal(got, want) {
			t.Errorf("%q: read back as %q, %v", row, got, err)
		}
		unescape := strings.NewReplacer(`\t`, "\t", `\n`, "\n", `\r`, "\r", `\\`, `\`)
		parts := strings.Split(string(tsv), "\t")
		for i := range parts {
			parts[i] = unescape.Replace(parts[i])
		}
		if !slices.Equal(parts, cells) || bytes.ContainsAny(tsv, "\n\r") {
			t.Errorf("%q: read back as %q", tsv, parts)
		}
	})
}
