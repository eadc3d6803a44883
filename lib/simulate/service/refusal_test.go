package service

import (
	"net/http"
	"strings"
	"testing"
)

func newRequest(t *testing.T, path string) *http.Request {
	t.Helper()
	r, err := http.NewRequest(http.MethodGet, "http://127.0.0.1"+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestRefusals(t *testing.T) {
	s := start(t, Options{Finite: true}, history()...)
	const shape = `{"message":"Must provide either an array topic names, or  an array of objects with topic, partition and offset|timestamp.",` +
		`"origin":"KafkaSSE","name":"InvalidAssignmentError","originalName":"Error","assignments":`
	const syntax = `","origin":"KafkaSSE","name":"InvalidAssignmentError","originalName":"SyntaxError","last_event_id":`
	for _, tt := range []struct{ name, path, id, status, body string }{
		{"unknown streams", "/v2/stream/x,recentchange,y", "", "400 Bad Request",
			`{"status":400,"type":"not_found","title":"Stream Not Found","detail":"Invalid streams: x,y","method":"GET","uri":"/v2/stream/x,recentchange,y"}`},
		{"a blank", "/v2/stream/recentchange,%20test", "", "400 Bad Request",
			`{"status":400,"type":"not_found","title":"Stream Not Found","detail":"Invalid streams:  test","method":"GET","uri":"/v2/stream/recentchange,%20test"}`},
		{"bad since", "/v2/stream/recentchange?since=now", "", "400 Bad Request",
			`{"status":400,"type":"invalid_timestamp","title":"Invalid timestamp","detail":"since timestamp is not a UTC milliseconds unix epoch and was not parseable: 'now'","method":"GET","uri":"/v2/stream/recentchange?since=now"}`},
		{"not JSON", "", "foo", "400 InvalidAssignmentError: Unexpected token o in JSON at position 1",
			`{"message":"Unexpected token o in JSON at position 1` + syntax + `"foo","statusCode":400}` + "\n"},
		{"half of an id", "", `[{"topic":"a"`, "400 InvalidAssignmentError: Unexpected end of JSON input",
			`{"message":"Unexpected end of JSON input` + syntax + `"[{\"topic\":\"a\"","statusCode":400}` + "\n"},
		{"no array", "", `{"a": 1}`, "400 InvalidAssignmentError: Must provide either an array topic names, or  an array of objects with topic, partition and offset|timestamp.",
			shape + `{"a":1},"statusCode":400}` + "\n"},
		{"empty array", "", `[]`, "", shape + `[],"statusCode":400}` + "\n"},
		{"number", "", `5`, "", shape + `5,"statusCode":400}` + "\n"},
		{"no position", "", `[{"topic":"eqiad.mediawiki.recentchange","partition":0}]`, "", shape + `[{"topic":"eqiad.mediawiki.recentchange","partition":0}],"statusCode":400}` + "\n"},
		{"partition is text", "", `[{"topic":"eqiad.mediawiki.recentchange","partition":"0","offset":1}]`, "", shape + `[{"topic":"eqiad.mediawiki.recentchange","partition":"0","offset":1}],"statusCode":400}` + "\n"},
		{"a fraction", "", `[{"topic":"eqiad.mediawiki.recentchange","partition":0,"timestamp":1.5}]`, "", shape + `[{"topic":"eqiad.mediawiki.recentchange","partition":0,"timestamp":1.5}],"statusCode":400}` + "\n"},
		{"foreign topics", "", `["b","eqiad.mediawiki.recentchange","a"]`, "404 TopicNotAvailableError: Topics b, a are not available for consumption.",
			`{"message":"Topics b, a are not available for consumption.","origin":"KafkaSSE","name":"TopicNotAvailableError",` +
				`"availableTopics":["eqiad.mediawiki.recentchange","codfw.mediawiki.recentchange"],"statusCode":404}` + "\n"},
		{"negative time", "", "[" + at("eqiad", `"timestamp":-5`) + "]", "500 Error: Local: Invalid argument or configuration",
			`{"message":"Local: Invalid argument or configuration","code":-186,"errno":-186,"origin":"kafka"}` + "\n"},
	} {
		path := tt.path
		var headers []string
		if path == "" {
			path, headers = "/v2/stream/recentchange", []string{"Last-Event-ID", tt.id}
		}
		got := get(t, s, path, headers...)
		if got.body != tt.body || got.err != nil || tt.status != "" && got.Status != tt.status {
			t.Errorf("%s:\n got %s\n     %s %v\nwant %s\n     %s", tt.name, got.Status, got.body, got.err, tt.status, tt.body)
		}
		want := ""
		if tt.path != "" {
			want = "application/json; charset=utf-8"
		}
		if kind := got.Header.Get("Content-Type"); kind != want {
			t.Errorf("%s: content type %q, want %q", tt.name, kind, want)
		}
		if got.Header.Get("Date") == "" {
			t.Errorf("%s: no date", tt.name)
		}
	}
}

// TestOrderOfChecks: the number of connections, then the names, then since,
// then the Last-Event-ID.
func TestOrderOfChecks(t *testing.T) {
	s := start(t, Options{MaxPerClient: 1})
	if got := get(t, s, "/v2/stream/x?since=y", "Last-Event-ID", "z"); !strings.Contains(got.body, "not_found") {
		t.Errorf("names come first: %s", got.body)
	}
	if got := get(t, s, "/v2/stream/recentchange?since=y", "Last-Event-ID", "z"); !strings.Contains(got.body, "invalid_timestamp") {
		t.Errorf("since comes before the id: %s", got.body)
	}
	body, lines := open(t, s, "/v2/stream/recentchange")
	defer body.Close()
	expect(t, lines, ":ok")
	if got := get(t, s, "/v2/stream/x?since=y"); !strings.Contains(got.body, "too_many_requests") {
		t.Errorf("the number of connections comes before all: %s", got.body)
	}
}
