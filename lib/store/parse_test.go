package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
)

var documents = []struct {
	source string
	want   string // part of the error; "" means no error
}{
	{`{"a":1}`, ""},
	{`{"ns":"12","i":1.9,"bot":"true","wiki":142,"title":true,"@timestamp":1790000000000,"seconds":1790000000}`, ""},
	{`{"ns":null,"bot":"","wiki":[["a"],null],"@timestamp":[]}`, ""},
	{`{"meta.id":"x","params":[{"deep":{}}]}`, ""},
	{`{"meta":[{"id":"x"},{"id":"y"}]}`, ""},
	{``, "must start with an object"},
	{`[1]`, "must start with an object"},
	{`{"a":1} x`, "Unexpected character"},
	{`{"a":1,}`, "Unexpected character"},
	{`{"a":01}`, "Unexpected character"},
	{`{"a":1.}`, "Unexpected"},
	{`{"a":tru}`, "Unexpected character"},
	{`{"a":"\x"}`, "escape"},
	{`{"a":"\u12g4"}`, "escape"},
	{"{\"a\":\"\x01\"}", "control"},
	{"{\"a\":\"\xff\"}", "UTF-8"},
	{`{"a`, "end of file"},
	{`{"a":[1,2`, "end of file"},
	{`{"a":1,"a":2}`, "Duplicate field 'a'"},
	{`{"b":{"a":1,"\u0061":2}}`, "Duplicate field 'a'"},
	{`{"ns":"abc"}`, `For input string: "abc"`},
	{`{"ns":"0x10"}`, "For input string"},
	{`{"ns":true}`, "not a number"},
	{`{"ns":9223372036854775808}`, "out of range"},
	{`{"i":3000000000}`, "out of range"},
	{`{"s":40000}`, "out of range"},
	{`{"ns":1e999999999}`, "For input string"},
	{`{"bot":"maybe"}`, "only [true] or [false]"},
	{`{"@timestamp":"yesterday"}`, "failed to parse date field [yesterday]"},
	{`{"@timestamp":""}`, "failed to parse date field []"},
	{`{"wiki":{"a":1}}`, "START_OBJECT"},
	{`{"meta":5}`, "object mapping for [meta]"},
	{`{"title":"` + strings.Repeat("x", 40_000) + `"}`, "longest"},
	{`{"wiki":"` + strings.Repeat("x", 40_000) + `"}`, ""}, // ignore_above
	{strings.Repeat(`{"a":`, 512) + "1" + strings.Repeat("}", 512), ""},
	{strings.Repeat(`{"a":`, 513) + "1" + strings.Repeat("}", 513), "nested deeper than 512"},
	{`{"a":` + strings.Repeat("[", 1<<20), "nested deeper than 512"},
}

func TestDocumentsThatFitAndThatDoNot(t *testing.T) {
	s := openTest(t, t.TempDir())
	for i, d := range documents {
		out := s.Write(t.Context(), []Op{{Index: "test-a", ID: fmt.Sprint(i), Source: []byte(d.source)}})[0]
		e, _ := errors.AsType[*Error](out.Err)
		switch {
		case d.want == "" && out.Err != nil:
			t.Errorf("%.60s: %v", d.source, out.Err)
		case d.want != "" && (e == nil || e.Kind != BadDocument || !strings.Contains(e.Error(), d.want)):
			t.Errorf("%.60s: want an error with %q, got %v", d.source, d.want, out.Err)
		}
	}
	// A repeated field is found among many, and quickly.
	var b strings.Builder
	for i := range 200_000 {
		fmt.Fprintf(&b, `"%06d":1,`, i)
	}
	out := s.Write(t.Context(), []Op{{Index: "test-a", Source: []byte("{" + b.String() + `"000007":1}`)}})[0]
	if out.Err == nil || !strings.Contains(out.Err.Error(), "Duplicate") {
		t.Errorf("field twice among many: %v", out.Err)
	}
}

func FuzzParserAgreesWithEncodingJSON(f *testing.F) {
	for _, d := range documents {
		if len(d.source) < 1000 {
			f.Add([]byte(d.source))
		}
	}
	m, err := ParseMapping(json.RawMessage(`{"dynamic":false}`))
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		p := parser{emit: func(*Field, Scalar) error { return nil }}
		err := p.document(src, m.root)
		valid := json.Valid(src) && bytes.HasPrefix(bytes.TrimLeft(src, " \t\r\n"), []byte("{"))
		if err == nil && !valid {
			t.Fatalf("took %q", src)
		}
		if err != nil && valid && !strings.Contains(err.Error(), "Duplicate") && !strings.Contains(err.Error(), "UTF-8") && !strings.Contains(err.Error(), "nested") {
			t.Fatalf("refused %q: %v", src, err)
		}
	})
}
