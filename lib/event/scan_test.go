package event

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/wmtools/wm/lib/jsonscan"
	"github.com/wmtools/wm/lib/simulate"
)

var scanSeeds = []string{
	`{}`, `{"a":1}`, `{"meta":{"id":"x","dt":"2026-11-23T10:00:00.25Z","stream":"s","topic":"t","domain":"canary"},"timestamp":1795428000}`,
	`{"meta":{"dt":"2026-11-23T10:00:00Z"},"dt":"no","user":"~2026-1","wiki":"w","title":"A_b","length":{"old":5,"new":2},"type":"edit","comment":"Undid revision 1 \u00e9","bot":false}`,
	`{"database":"w","performer":{"user_text":"192.0.2.1","user_is_bot":true,"is_bot":false},"page_title":"x","page":{"page_title":"y"}}`,
	`{"wiki":"a","wiki":"b","meta":{},"meta":{"id":"x"}}`, `{"meta":{"id":"a","id":"b"}}`, `{"meta":{"id":1,"topic":true,"domain":null}}`,
	`{"revision":{"new":7,"editor":{"user_text":"E","is_temp":true}},"predicted_classification":{"model_name":"revertrisk","probabilities":{"true":0.5}}}`,
	`{"wiki":"a","wiki":"b","meta":{"id":"1"},"meta":{"id":"2"},"meta":3}`, `{"m\u0065ta":{"id":"x"},"meta":{"\u0069d":"y"}}`,
	`{"@timestamp":"2026-11-23T10:00:00Z","wm":null}`, `{"wm":{"meta":{"id":"x"}},"length":[{"new":1}],"performer":[1]}`,
	`{"a":[1,-0,0.5e+3,1E2,true,false,null,"\"\\\/\b\f\n\r\t",{},[]] }`, `{ "a" : [ ] , "b" : { } }`,
	`{"a":01}`, `{"a":.5}`, `{"a":1.}`, `{"a":1e}`, `{"a":-}`, `{"a":tru}`, `{"a":"\x"}`, `{"a":"\u00g0"}`, `{"a":"` + "\t" + `"}`, `{"a":"` + "\xff" + `"}`,
	`{"a"}`, `{"a":}`, `{"a":1,}`, `{,}`, `{"a":1}}`, `{"a":[1,]}`, `{"a":[}`, `{`, `{"`, `{"a`, `{"a":"`, `{"a":"\`, `{"a":"\u12`, `[]`, `x`, ``,
	`{"long":"` + strings.Repeat("é", 20) + `","` + strings.Repeat("k", 17) + `":"` + strings.Repeat("x", 31) + `\\"}`,
	`{"a":` + strings.Repeat("[", 511) + strings.Repeat("]", 511) + `}`, `{"a":` + strings.Repeat("[", 512) + strings.Repeat("]", 512) + `}`,
}

// paths are the keys on the way to each field.
var paths = [fieldCount][]string{
	fieldTimestamp: {"@timestamp"}, fieldWM: {"wm"}, fieldMeta: {"meta"}, fieldMetaID: {"meta", "id"}, fieldMetaDT: {"meta", "dt"},
	fieldMetaStream: {"meta", "stream"}, fieldMetaTopic: {"meta", "topic"}, fieldMetaDomain: {"meta", "domain"}, fieldDT: {"dt"},
	fieldTime: {"timestamp"}, fieldWiki: {"wiki"}, fieldDatabase: {"database"}, fieldWikiID: {"wiki_id"}, fieldUser: {"user"},
	fieldPerformer: {"performer"}, fieldPerformerText: {"performer", "user_text"}, fieldPerformerUserIsBot: {"performer", "user_is_bot"},
	fieldPerformerIsBot: {"performer", "is_bot"}, fieldPerformerIsTemp: {"performer", "is_temp"}, fieldTitle: {"title"},
	fieldPageTitle: {"page_title"}, fieldPage: {"page"}, fieldPagePageTitle: {"page", "page_title"}, fieldPageNamespaceID: {"page", "namespace_id"},
	fieldNamespace: {"namespace"}, fieldPageNamespace: {"page_namespace"}, fieldLength: {"length"}, fieldLengthNew: {"length", "new"},
	fieldLengthOld: {"length", "old"}, fieldType: {"type"}, fieldComment: {"comment"}, fieldBot: {"bot"}, fieldRevID: {"rev_id"},
	fieldRevision: {"revision"}, fieldRevisionNew: {"revision", "new"}, fieldRevisionRevID: {"revision", "rev_id"}, fieldEditor: {"revision", "editor"},
	fieldEditorText: {"revision", "editor", "user_text"}, fieldEditorIsBot: {"revision", "editor", "is_bot"},
	fieldEditorIsTemp: {"revision", "editor", "is_temp"}, fieldClassification: {"predicted_classification"},
	fieldModelName: {"predicted_classification", "model_name"}, fieldProbabilities: {"predicted_classification", "probabilities"},
	fieldProbabilityTrue: {"predicted_classification", "probabilities", "true"},
}

// Scan accepts exactly the valid JSON objects and agrees with jsonscan.Find on
// each field. The methods of Event agree with those of Scanned.
func FuzzScanAgreesWithFind(f *testing.F) {
	for _, seed := range scanSeeds {
		f.Add([]byte(seed))
	}
	for _, e := range simulate.New(1, simulate.Options{}).Take(50) {
		f.Add(e.Data)
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		var s Scanned
		err := s.Scan(line)
		framed := len(line) > 0 && line[0] == '{' && line[len(line)-1] == '}'
		if valid := framed && json.Valid(line) && utf8.Valid(line); err != jsonscan.ErrTooDeep && (err == nil) != valid {
			t.Fatalf("valid: %v, but %v", valid, err)
		}
		if err != nil {
			return
		}
		for field, path := range paths {
			inObject := true // a field is never found by the index of an array's element
			for n := 1; n < len(path); n++ {
				inObject = inObject && value(jsonscan.Find(line, path[:n]...)).isObject()
			}
			if want := jsonscan.Find(line, path...); path != nil && inObject && string(want) != string(s.fields[field]) {
				t.Errorf("%q is %q, want %q", path, s.fields[field], want)
			}
		}
		e := New(line)
		if s.ID() != e.ID() || s.ID() != e.Meta().ID || s.Canary() != e.Canary() || !s.IndexTime().Equal(e.IndexTime()) ||
			s.Stream() != e.Get("meta.stream").Str || s.Topic() != e.Get("meta.topic").Str ||
			s.Indexed() != (e.Get(`\@timestamp`).Exists() || e.Get("wm").Exists()) {
			t.Errorf("%q %v %v %q %q %v", s.ID(), s.Canary(), s.IndexTime(), s.Stream(), s.Topic(), s.Indexed())
		}
	})
}

func TestScanTooDeep(t *testing.T) {
	for n, want := range map[int]error{511: nil, 512: jsonscan.ErrTooDeep, 1 << 20: jsonscan.ErrTooDeep} {
		line := `{"a":` + strings.Repeat("[", n) + strings.Repeat("]", n) + "}"
		var s Scanned
		if err := s.Scan([]byte(line)); err != want {
			t.Errorf("%d levels: %v, want %v", n, err, want)
		}
	}
}

// If a key repeats, the first one is used, also on the way to a nested field.
func TestScanFirstKeyCounts(t *testing.T) {
	var s Scanned
	err := s.Scan([]byte(`{"wiki":"a","wiki":"b","meta":{"domain":"canary","id":"1","id":"2"},"meta":{"id":"3","topic":"t"}}`))
	if err != nil || s.ID() != "1" || s.Derive().Wiki != "a" || s.Topic() != "" || !s.Canary() {
		t.Errorf("%v, id %q, %+v, topic %q", err, s.ID(), s.Derive(), s.Topic())
	}
}

func TestScanAllocatesNothing(t *testing.T) {
	events := simulate.New(1, simulate.Options{}).Take(50)
	var s Scanned
	if n := testing.AllocsPerRun(10, func() {
		for _, e := range events {
			if err := s.Scan(e.Data); err != nil {
				t.Fatal(err)
			}
		}
	}); n > 0 {
		t.Errorf("%v allocations for 50 events", n)
	}
}

func BenchmarkScan(b *testing.B) {
	events := simulate.New(1, simulate.Options{}).Take(1000)
	size := 0
	for _, e := range events {
		size += len(e.Data)
	}
	b.SetBytes(int64(size / len(events)))
	b.ReportAllocs()
	var s Scanned
	for i := 0; b.Loop(); i++ {
		if err := s.Scan(events[i%len(events)].Data); err != nil {
			b.Fatal(err)
		}
	}
}
