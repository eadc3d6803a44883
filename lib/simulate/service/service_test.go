package service

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tidwall/gjson"

	"github.com/wmtools/wm/lib/simulate"
)

const rc = simulate.RecentChange

// TestBytes checks every byte of a response: ids begin at -1 and continue one
// millisecond after each message, also for a data centre that is idle except for a
// canary; nothing follows a frame.
func TestBytes(t *testing.T) {
	s := start(t, Options{Finite: true},
		fixed(rc, "eqiad", 10, 1000),
		fixed(rc, "eqiad", 11, 900),
		fixed(rc, "codfw", 5, 1200),
	)
	const e, c = `{"topic":"eqiad.mediawiki.recentchange","partition":0,`, `{"topic":"codfw.mediawiki.recentchange","partition":0,`
	want := ":ok\n\n" +
		"event: message\nid: [" + e + `"timestamp":1001},` + c + `"offset":-1}]` + "\n" +
		`data: {"meta":{"topic":"eqiad.mediawiki.recentchange","offset":10}}` + "\n\n" +
		"event: message\nid: [" + e + `"timestamp":901},` + c + `"offset":-1}]` + "\n" +
		`data: {"meta":{"topic":"eqiad.mediawiki.recentchange","offset":11}}` + "\n\n" +
		"event: message\nid: [" + e + `"timestamp":901},` + c + `"timestamp":1201}]` + "\n" +
		`data: {"meta":{"topic":"codfw.mediawiki.recentchange","offset":5}}` + "\n\n"
	resume := `[` + e + `"offset":10},` + c + `"offset":5}]`
	got := get(t, s, "/v2/stream/recentchange", "Last-Event-ID", resume)
	want = strings.ReplaceAll(want, c+`"offset":-1`, c+`"offset":5`) // the requested position stays until it is replaced
	if got.body != want || got.err != nil {
		t.Errorf("got\n%s%v\nwant\n%s", got.body, got.err, want)
	}
}

func TestLiveReaderStartsAtTheEnd(t *testing.T) {
	s := start(t, Options{}, fixed(rc, "eqiad", 10, 1000))
	body, lines := open(t, s, "/v2/stream/mediawiki.recentchange,recentchange")
	defer body.Close()
	expect(t, lines, ":ok", "")
	s.Append(fixed(rc, "eqiad", 11, 2000), fixed(simulate.PageCreate, "eqiad", 1, 2000), fixed(rc, "codfw", 3, 2500))
	expect(t, lines, "event: message",
		`id: [{"topic":"eqiad.mediawiki.recentchange","partition":0,"timestamp":2001},{"topic":"codfw.mediawiki.recentchange","partition":0,"offset":-1}]`,
		`data: {"meta":{"topic":"eqiad.mediawiki.recentchange","offset":11}}`, "",
		"event: message",
		`id: [{"topic":"eqiad.mediawiki.recentchange","partition":0,"timestamp":2001},{"topic":"codfw.mediawiki.recentchange","partition":0,"timestamp":2501}]`,
		`data: {"meta":{"topic":"codfw.mediawiki.recentchange","offset":3}}`, "")
	s.Append(fixed(rc, "eqiad", 12, 3000))
	expect(t, lines, "event: message")
}

// open asks for a stream and returns its lines as they come.
func open(t *testing.T, s *Server, path string) (io.Closer, *bufio.Reader) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("User-Agent", "wm-test/1.0")
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	return resp.Body, bufio.NewReader(resp.Body)
}

func expect(t *testing.T, lines *bufio.Reader, want ...string) {
	t.Helper()
	for _, w := range want {
		got, err := lines.ReadString('\n')
		if got != w+"\n" || err != nil {
			t.Fatalf("got %q, %v; want %q", got, err, w)
		}
	}
}

func TestCompositeNamesEveryTopicOnce(t *testing.T) {
	s := start(t, Options{Finite: true}, fixed(rc, "eqiad", 1, 1000))
	got := get(t, s, "/v2/stream/page-create,recentchange,mediawiki.page-create?since=1000").ids()
	want := `[{"offset":-1,"partition":0,"topic":"eqiad.mediawiki.page-create"},{"offset":-1,"partition":0,"topic":"codfw.mediawiki.page-create"},` +
		`{"topic":"eqiad.mediawiki.recentchange","partition":0,"timestamp":1001},{"offset":-1,"partition":0,"topic":"codfw.mediawiki.recentchange"}]`
	if len(got) != 1 || got[0] != want {
		t.Errorf("got  %v\nwant %s", got, want)
	}
}

func TestEventsAlone(t *testing.T) {
	e := fixed(rc, "eqiad", 1, 1000)
	s := start(t, Options{Finite: true}, e, e)
	got := get(t, s, "/v2/stream/recentchange?since=1000", "Accept", "application/json, text/plain")
	if want := "\n" + string(e.Data) + "\n" + string(e.Data) + "\n"; got.body != want {
		t.Errorf("got %q, want %q", got.body, want)
	}
	if kind := got.Header.Get("Content-Type"); kind != "application/json; charset=utf-8" {
		t.Errorf("content type %q", kind)
	}
}

func TestHeaders(t *testing.T) {
	now := time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)
	s := start(t, Options{Finite: true, Now: func() time.Time { return now }})
	for accept, want := range map[string]string{
		"":                            "text/event-stream",
		"*/*":                         "text/event-stream; charset=utf-8",
		"text/event-stream":           "text/event-stream; charset=utf-8",
		"text/html, application/json": "text/event-stream; charset=utf-8",
	} {
		var headers []string
		if accept != "" {
			headers = []string{"Accept", accept}
		}
		got := get(t, s, "/v2/stream/test", headers...)
		if kind := got.Header.Get("Content-Type"); kind != want {
			t.Errorf("Accept %q: content type %q, want %q", accept, kind, want)
		}
		if date := got.Header.Get("Date"); date != "Sun, 01 Nov 2026 12:00:00 GMT" {
			t.Errorf("date %q", date)
		}
		if got.Header.Get("Cache-Control") != "no-cache" || got.TransferEncoding == nil || got.Header.Get("ETag") != "" {
			t.Errorf("headers %v, transfer encoding %v", got.Header, got.TransferEncoding)
		}
	}
}

// TestChunks checks the chunks of a response: each is a line, the last one with
// the empty line, while the client keeps up, and a block while it catches up.
func TestChunks(t *testing.T) {
	for _, tt := range []struct {
		config Options
		events int
		want   int
	}{
		{Options{Finite: true}, 2, 1 + 2*3},
		{Options{Finite: true}, 100, 1 + 1},
		{Options{Finite: true, LineByLine: true}, 100, 1 + 100*3},
	} {
		s := start(t, tt.config)
		for i := range tt.events {
			s.Append(fixed(rc, "eqiad", int64(i), 1000))
		}
		if got := chunks(t, s, "/v2/stream/recentchange?since=0"); len(got) != tt.want {
			t.Errorf("%d events, %+v: %d chunks, want %d: %.300q", tt.events, tt.config, len(got), tt.want, got)
		}
	}
}

// chunks returns the chunks of a body as sent.
func chunks(t *testing.T, s *Server, path string) (list []string) {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: x\r\nUser-Agent: wm-test\r\nConnection: close\r\n\r\n", path)
	answer, err := io.ReadAll(conn)
	if err != nil {
		t.Fatal(err)
	}
	_, body, _ := bytes.Cut(answer, []byte("\r\n\r\n"))
	for {
		var size int
		if _, err := fmt.Sscanf(string(body), "%x\r\n", &size); err != nil || size == 0 {
			return list
		}
		_, body, _ = bytes.Cut(body, []byte("\r\n"))
		list = append(list, string(body[:size]))
		body = body[size+2:]
	}
}

func TestPaths(t *testing.T) {
	s := start(t, Options{Finite: true}, fixed("mediawiki.revision-score", "eqiad", 1, 1))
	for _, tt := range []struct {
		path     string
		status   int
		location string
	}{
		{"/", 303, "/?doc"},
		{"/?doc", 200, ""},
		{"/rc", 301, "/?doc"},
		{"/robots.txt", 200, ""},
		{"/v2/stream/", 404, ""},
		{"/nowhere", 404, ""},
	} {
		if got := get(t, s, tt.path); got.StatusCode != tt.status || got.Header.Get("Location") != tt.location {
			t.Errorf("%s: %s, location %q", tt.path, got.Status, got.Header.Get("Location"))
		}
	}
	spec := get(t, s, "/?spec").body
	var names []string
	for _, name := range gjson.Get(spec, `paths./v2/stream/{streams}.get.parameters.0.schema.items.enum`).Array() {
		names = append(names, name.Str)
	}
	for _, name := range []string{"recentchange", "mediawiki.recentchange", "mediawiki.page_change.v1", "mediawiki.revision-score", "test"} {
		if !slices.Contains(names, name) {
			t.Errorf("the specification lacks %s: %v", name, names)
		}
	}
	if !slices.IsSorted(names) {
		t.Errorf("names are not sorted: %v", names)
	}
}

func TestUserAgents(t *testing.T) {
	s := start(t, Options{Finite: true})
	for agent, want := range map[string]int{
		"": 403, "Go-http-client/1.1": 403, "python-requests/2.32": 403,
		"curl/8.5.0": 200, "wm-tail/1.0 (https://github.com/wmtools/wm; a@example.org)": 200,
	} {
		got := get(t, s, "/v2/stream/recentchange", "User-Agent", agent)
		if got.StatusCode != want {
			t.Errorf("%q: %s", agent, got.Status)
		}
		if want == 403 && (!strings.Contains(got.body, "T400119") || !strings.HasPrefix(got.Header.Get("Content-Type"), "text/plain")) {
			t.Errorf("%q: %q as %s", agent, got.body, got.Header.Get("Content-Type"))
		}
	}
}

func TestTooManyConnections(t *testing.T) {
	s := start(t, Options{MaxPerClient: 1})
	body, lines := open(t, s, "/v2/stream/recentchange")
	expect(t, lines, ":ok")
	refused := get(t, s, "/v2/stream/recentchange")
	if refused.StatusCode != 429 || gjson.Get(refused.body, "type").Str != "too_many_requests" {
		t.Errorf("second connection: %s %s", refused.Status, refused.body)
	}
	body.Close()
	// The service notices a disconnect some time later.
	for {
		body, lines := open(t, s, "/v2/stream/recentchange")
		first, _ := lines.ReadString('\n')
		body.Close()
		if first == ":ok\n" {
			return
		}
	}
}

func TestCloseEndsStreams(t *testing.T) {
	s := NewServer(New(Options{}))
	body, lines := open(t, s, "/v2/stream/recentchange")
	defer body.Close()
	expect(t, lines, ":ok", "")
	s.Close()
	if _, err := lines.ReadString('\n'); err == nil {
		t.Error("the stream did not end")
	}
}

func TestRetention(t *testing.T) {
	s := start(t, Options{Finite: true, Retain: 100})
	for i := range 1000 {
		s.Append(fixed(rc, "eqiad", int64(i), int64(i)))
	}
	kept := s.Events()
	if len(kept) < 100 || len(kept) > 200 || kept[len(kept)-1].Offset != 999 {
		t.Fatalf("%d events are kept, the last is %d", len(kept), kept[len(kept)-1].Offset)
	}
	if _, first := s.log.all(); first != kept[0].Offset { // here offsets are sequence numbers
		t.Errorf("the first kept is number %d, want %d", first, kept[0].Offset)
	}
	got := get(t, s, "/v2/stream/recentchange?since=5").data()
	if len(got) != len(kept) || got[0] != string(kept[0].Data) {
		t.Errorf("a time before what is kept leads to %d events, want all %d", len(got), len(kept))
	}
	old := get(t, s, "/v2/stream/recentchange", "Last-Event-ID", `[{"topic":"eqiad.mediawiki.recentchange","partition":0,"offset":5}]`)
	if len(old.data()) != 0 {
		t.Errorf("an offset before what is kept leads to %d events, want the end", len(old.data()))
	}
}
