package bulk

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/tidwall/gjson"

	"github.com/wmtools/wm/lib/es"
	"github.com/wmtools/wm/lib/event"
	"github.com/wmtools/wm/lib/jsonscan"
)

// edit is an ordinary event, invented from the documented schema.
const edit = `{"$schema":"/mediawiki/recentchange/1.0.0","meta":{"uri":"https://xx.wikipedia.org/wiki/A_%22b%22","id":"11111111-2222-4333-8444-555555555555","dt":"2026-11-23T10:00:00.5Z","domain":"xx.wikipedia.org","stream":"mediawiki.recentchange","topic":"eqiad.mediawiki.recentchange","partition":0,"offset":7},"id":1,"type":"edit","namespace":0,"title":"A \"b\"","comment":"small\nfix","timestamp":1795428000,"user":"Example","bot":false,"length":{"old":10,"new":4},"revision":{"old":1,"new":2},"server_name":"xx.wikipedia.org","wiki":"xxwiki"}`

func mustPattern(t testing.TB, text string) es.IndexPattern {
	t.Helper()
	p, err := es.ParseIndexPattern(text)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// documentOf composes one event and parses the two lines.
func documentOf(t testing.TB, pattern, line string) (index, id, source, reason string) {
	t.Helper()
	c := composer{index: mustPattern(t, pattern)}
	before := []byte("what was there\n")
	body, rest, reason := composeLine(&c, before, event.New([]byte(line)))
	if reason != "" {
		if len(body) != len(before) {
			t.Errorf("a rejected event left %q", body[len(before):])
		}
		return "", "", "", reason
	}
	end := len(body) - 1
	if body[end] != '\n' {
		t.Fatalf("document ends with %q", body[end])
	}
	var action struct {
		Create struct {
			Index string `json:"_index"`
			ID    string `json:"_id"`
		} `json:"create"`
	}
	first, second, _ := bytes.Cut(body[len(before):end], []byte("\n"))
	if err := json.Unmarshal(first, &action); err != nil {
		t.Fatalf("action line: %v", err)
	}
	trimmed := strings.Trim(line, " \t\r\n")
	if got := "{" + string(body[rest:end]); got != trimmed {
		t.Errorf("the event is not in the document as it came:\n%s\n%s", got, trimmed)
	}
	return action.Create.Index, action.Create.ID, string(second), ""
}

func TestDocument(t *testing.T) {
	index, id, source, reason := documentOf(t, es.DefaultIndex, " "+edit+" \r")
	if reason != "" {
		t.Fatal(reason)
	}
	splice := `{"@timestamp":"2026-11-23T10:00:00.500Z","wm":{"wiki":"xxwiki","user":"Example","page":"xxwiki:A \"b\"",` +
		`"user_kind":"registered","rev":2,"delta":-6,"revert":false,"talk":false,"lag_ms":500},`
	if want := splice + edit[1:]; source != want {
		t.Errorf("source\n%s, want\n%s", source, want)
	}
	if index != "wm-recentchange-2026.11.23" || id != "11111111-2222-4333-8444-555555555555" {
		t.Errorf("index %q, id %q", index, id)
	}
	if !json.Valid([]byte(source)) {
		t.Error("source is not JSON")
	}
}

func TestDocumentSplice(t *testing.T) {
	tests := []struct{ name, line, index, source string }{
		{"nothing to derive", `{"meta":{"id":"a","dt":"2026-01-02T03:04:05Z"}}`, "wm-2026.01.02",
			`{"@timestamp":"2026-01-02T03:04:05.000Z","wm":{},"meta":{"id":"a","dt":"2026-01-02T03:04:05Z"}}`},
		{"blanks inside stay", `{ "dt" : "2026-01-02T03:04:05Z" }`, "wm-2026.01.02",
			`{"@timestamp":"2026-01-02T03:04:05.000Z","wm":{}, "dt" : "2026-01-02T03:04:05Z" }`},
		{"indexed before", `{"@timestamp":"2026-01-02T03:04:05.000Z","wm":{"delta":1},"timestamp":1}`, "wm-2026.01.02", ""},
		{"own @timestamp", `{"a":1,"@timestamp":"2026-01-02T03:04:05+05:00","timestamp":1}`, "wm-2026.01.01", ""},
		{"own wm", `{"a":1,"wm":null,"timestamp":86400}`, "wm-1970.01.02", ""},
		{"unreadable @timestamp", `{"@timestamp":"soon","timestamp":86400}`, "wm-1970.01.02", ""},
		{"wm further down is another's", `{"timestamp":0,"meta":{"wm":1,"@timestamp":2}}`, "wm-1970.01.01",
			`{"@timestamp":"1970-01-01T00:00:00.000Z","wm":{},"timestamp":0,"meta":{"wm":1,"@timestamp":2}}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			index, _, source, reason := documentOf(t, "wm-%Y.%m.%d", tt.line)
			want := tt.source
			if want == "" {
				want = tt.line
			}
			if reason != "" || index != tt.index || source != want {
				t.Errorf("index %q, reason %q, source\n%s, want %q\n%s", index, reason, source, tt.index, want)
			}
		})
	}
}

func TestDocumentID(t *testing.T) {
	without := `{"dt":"2026-01-02T03:04:05Z","n":%d}`
	_, first, _, _ := documentOf(t, "x", fmt.Sprintf(without, 1))
	_, again, _, _ := documentOf(t, "x", fmt.Sprintf(without, 1)+"\r")
	_, other, _, _ := documentOf(t, "x", fmt.Sprintf(without, 2))
	if len(first) != 32 || first != again || first == other {
		t.Errorf("digests %q, %q again, %q of another", first, again, other)
	}
	_, quoted, _, _ := documentOf(t, "x", `{"dt":"2026-01-02T03:04:05Z","meta":{"id":"a\u0001\"\\\u007f\n\ud83d\ude00"}}`)
	if quoted != "a\x01\"\\\x7f\n😀" {
		t.Errorf("id with odd letters became %q", quoted)
	}
}

func TestDocumentRefused(t *testing.T) {
	deep := func(n int) string {
		return `{"timestamp":1,"x":` + strings.Repeat("[", n-1) + strings.Repeat("]", n-1) + "}"
	}
	tests := []struct{ name, line, reason string }{
		{"empty", ``, jsonscan.ErrNotObject.Error()},
		{"text", `hello`, jsonscan.ErrNotObject.Error()},
		{"array", `[{"timestamp":1}]`, jsonscan.ErrNotObject.Error() + ": an array"},
		{"cut", `{"timestamp":1,"a":"b`, jsonscan.ErrNotObject.Error() + ": the end is missing"},
		{"two objects", `{"timestamp":1}{"timestamp":1}`, jsonscan.ErrNotObject.Error() + ": several objects on one line"},
		{"not UTF-8", "{\"timestamp\":1,\"a\":\"\xff\"}", jsonscan.ErrNotObject.Error()},
		{"as deep as allowed", deep(jsonscan.MaxDepth), ""},
		{"too deep", deep(jsonscan.MaxDepth + 1), jsonscan.ErrTooDeep.Error()},
		{"far too deep", strings.Repeat(`{"a":[`, 1<<20), jsonscan.ErrTooDeep.Error()},
		{"brackets in a string are no levels", `{"timestamp":1,"x":"\"` + strings.Repeat("[{", 600) + `"}`, ""},
		{"no time", `{"meta":{"id":"a"}}`, noTime},
		{"no readable time", `{"meta":{"dt":"yesterday"},"timestamp":"1"}`, noTime},
		{"far future", `{"timestamp":999999999999999}`, oddTime},
		{"far past", `{"timestamp":-999999999999999}`, oddTime},
		{"long id", `{"timestamp":1,"meta":{"id":"` + strings.Repeat("a", 513) + `"}}`, idTooLong},
		{"longest id", `{"timestamp":1,"meta":{"id":"` + strings.Repeat("a", 512) + `"}}`, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if _, _, _, reason := documentOf(t, "x", tt.line); reason != tt.reason {
				t.Errorf("reason %q, want %q", reason, tt.reason)
			}
		})
	}
}

func TestDocumentRefusedIndex(t *testing.T) {
	tests := []struct{ pattern, stream, reason string }{
		{es.DefaultIndex, "", noStream},
		{es.DefaultIndex, "mediawiki.", noStream},
		{es.DefaultIndex, strings.Repeat("a", 300), badIndex},
		{"{stream}", "-a", ""},
		{"{stream}", "-_.", badIndex},
		{"{stream}", "..", badIndex},
		{"{stream}", "a..", ""},
	}
	for _, tt := range tests {
		line := fmt.Sprintf(`{"timestamp":1,"meta":{"stream":%q}}`, tt.stream)
		if _, _, _, reason := documentOf(t, tt.pattern, line); reason != tt.reason {
			t.Errorf("%s of %q: reason %q, want %q", tt.pattern, tt.stream, reason, tt.reason)
		}
	}
}

func FuzzQuotedReadsBack(f *testing.F) {
	for _, s := range []string{"", "plain", "\x00\x1f\"\\/\n", "\u007f\u2028😀", "é"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if !utf8.ValidString(s) {
			t.Skip()
		}
		var back string
		if err := json.Unmarshal(jsonscan.AppendString(nil, s), &back); err != nil || back != s {
			t.Errorf("%q came back as %q, %v", s, back, err)
		}
	})
}

// A document is two lines of JSON, whatever the event, and contains the event.
func FuzzDocumentHoldsEvent(f *testing.F) {
	for _, s := range []string{edit, `{"timestamp":1}`, `{"wm":1,"dt":"2026-01-02T03:04:05Z"}`, "{\t\"timestamp\" : 1e3,\"title\":\"\\ud800\"}"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, line string) {
		if strings.Contains(line, "\n") {
			t.Skip() // no event has one
		}
		_, _, source, reason := documentOf(t, "x-%Y.%m.%d", line)
		if reason == "" && (!json.Valid([]byte(source)) || strings.Contains(source, "\n")) {
			t.Errorf("source is not one line of JSON: %q", source)
		}
	})
}

// The name of an index does not depend on previous events.
func TestIndexNameAfterOthers(t *testing.T) {
	c := composer{index: mustPattern(t, es.DefaultIndex)}
	made := func(stream, dt string) string {
		return `{"meta":{"dt":"` + dt + `","stream":"` + stream + `"}}`
	}
	for _, line := range []string{
		made("a", "2026-11-23T00:00:00Z"), made("a", "2026-11-23T23:59:59Z"), made("b", "2026-11-23T23:59:59Z"),
		made("b", "2026-11-24T00:00:00Z"), made("", "2026-11-24T00:00:00Z"), made("b", "2026-11-24T00:00:00Z"), made("b", ""),
		made("b", "2026-11-24T01:00:00Z"), made("+", "2026-11-24T01:00:00Z"), made("b", "1970-01-01T12:00:00Z"), made("b", "1969-12-31T12:00:00Z"), made("b", "1969-12-31T00:00:00Z"), made("b", "1969-12-30T23:00:00Z"),
	} {
		alone, _, _, reasonAlone := documentOf(t, es.DefaultIndex, line)
		body, _, reason := composeLine(&c, nil, event.New([]byte(line)))
		action, _, _ := strings.Cut(string(body), "\n")
		if got := gjson.Get(action, "create._index").Str; got != alone || reason != reasonAlone {
			t.Errorf("%s: %q, %q; alone %q, %q", line, got, reason, alone, reasonAlone)
		}
	}
}

func BenchmarkCompose(b *testing.B) {
	for name, line := range map[string]string{"plain": ordinary(1393), "escaped": edit} {
		b.Run(name, func(b *testing.B) {
			c := composer{index: mustPattern(b, es.DefaultIndex)}
			e := event.New([]byte(line))
			body := make([]byte, 0, 2*len(line))
			b.SetBytes(int64(len(line)))
			b.ReportAllocs()
			for b.Loop() {
				if _, _, reason := composeLine(&c, body, e); reason != "" {
					b.Fatal(reason)
				}
			}
		})
	}
}

// ordinary returns an event of about the size of most, without escapes.
func ordinary(size int) string {
	line := strings.NewReplacer(`A \"b\"`, "Example", `small\nfix`, "small fix").Replace(edit)
	return strings.TrimSuffix(line, "}") + `,"parsedcomment":"` + strings.Repeat("small fix ", (size-len(line))/10) + `"}`
}

func composeLine(c *composer, body []byte, e event.Event) (_ []byte, rest int, reason string) {
	if reason := c.read(e); reason != "" {
		return body, 0, reason
	}
	return c.compose(body)
}

// The template maps each derived field.
func TestTemplateMapsDerivedFields(t *testing.T) {
	_, template := es.TemplateBody(mustPattern(t, es.DefaultIndex), es.TemplateOptions{})
	risky := strings.Replace(edit, `"id":1,`, `"id":1,"predicted_classification":{"model_name":"revertrisk-x","probabilities":{"true":0.5}},`, 1)
	_, _, source, _ := documentOf(t, es.DefaultIndex, risky)
	fields := 0
	gjson.Get(source, "wm").ForEach(func(key, _ gjson.Result) bool {
		fields++
		if !gjson.GetBytes(template, "template.mappings.properties.wm.properties."+key.Str).Exists() {
			t.Errorf("wm.%s is not mapped", key)
		}
		return true
	})
	if mapped := gjson.GetBytes(template, "template.mappings.properties.wm.properties|@keys|#").Int(); int(mapped) != fields {
		t.Errorf("the template maps %d fields below wm, and the event has %d", mapped, fields)
	}
}
