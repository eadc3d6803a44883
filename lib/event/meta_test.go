package event

import (
	"testing"

	"github.com/tidwall/gjson"
)

func TestMeta(t *testing.T) {
	want := Meta{ID: "x", Domain: "d", Topic: "t", Partition: 3, Offset: 12345678901234567}
	for _, line := range []string{
		`{"meta":{"id":"x","domain":"d","topic":"t","partition":3,"offset":12345678901234567},"meta":{"id":"second"}}`,
		`{"$schema":"/a/1.0.0","meta":{"uri":"u","id":"x","domain":"d","topic":"t","partition":3,"offset":12345678901234567},"a":1}`,
		`{"a":[{"meta":{"id":"y"}}],"meta":{"i\u0064":"x","domain":"d","topic":"t","partition":3,"offset":12345678901234567}}`,
		` { "meta" : { "id" : "x", "domain":"d","topic":"t","partition":3,"offset":12345678901234567 , "key":{"id":"z"}} }`,
	} {
		e := New([]byte(line))
		if got := e.Meta(); got != want {
			t.Errorf("%s: got %+v, want %+v", line, got, want)
		}
	}
	for _, line := range []string{`{"meta":{"id":"a","id":"b","offset":1,"offset":2}}`, ` {"meta":{"id":"a","id":"b","offset":1,"offset":2}}`,
		`{"meta":{"offset":1,"id":"a","\u0069d":"b"},"meta":{"id":"c"}}`} {
		e := New([]byte(line))
		if m := e.Meta(); m.ID != "a" || m.ID != e.ID() || m.Offset != 1 {
			t.Errorf("%s: %+v, ID %q", line, m, e.ID())
		}
	}
	if got, want := New([]byte(`{"meta":5}`)).Meta(), (Meta{Offset: -1}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

// scanMeta either declines valid JSON or agrees with searchMeta.
func FuzzScanMetaAgreesWithSearchMeta(f *testing.F) {
	for _, line := range []string{
		`{"$schema":"/a","meta":{"id":"x","topic":"t","partition":0,"offset":5,"domain":"d"}}`,
		`{"meta":{"id":"x\n","offset":-0,"partition":1e3}}`, `{"meta":{}}`, `{"meta":{"id":"a","id":"b"}}`,
		`{"$schema":"\"","meta":{"id":"x"}}`, `{"meta":{"offset":99999999999999999999}}`,
	} {
		f.Add([]byte(line))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		quick, ok := scanMeta(string(line))
		if !ok || !gjson.ValidBytes(line) {
			return
		}
		if thorough := searchMeta(New(line)); quick != thorough {
			t.Errorf("%q: %+v, thorough %+v", line, quick, thorough)
		}
	})
}
