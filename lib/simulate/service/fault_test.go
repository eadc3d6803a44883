package service

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"

	"github.com/tidwall/gjson"

	"github.com/wmtools/wm/lib/simulate"
)

func TestEnds(t *testing.T) {
	e := fixed(rc, "eqiad", 1, 1000)
	const id = `id: [{"topic":"eqiad.mediawiki.recentchange","partition":0,"timestamp":1001},{"offset":-1,"partition":0,"topic":"codfw.mediawiki.recentchange"}]` + "\n"
	whole := "event: message\n" + id + "data: " + string(e.Data) + "\n\n"
	const failure = "event: error\n" + id + `data: {"message":"Local: Broker transport failure","code":-195,"errno":-195,"origin":"local"}` + "\n\n"
	data := "data: " + string(e.Data) + "\n"
	for _, tt := range []struct {
		name  string
		fault Fault
		want  string
		err   error
	}{
		{"before any event", Fault{End: Cut}, ":ok\n\n", io.ErrUnexpectedEOF},
		{"after bytes", Fault{End: Cut, Bytes: 12}, ":ok\n\nevent: ", io.ErrUnexpectedEOF},
		{"after the first byte", Fault{End: Clean, Bytes: 1}, ":", nil},
		{"between events", Fault{End: Cut, Events: 2}, ":ok\n\n" + whole + whole, io.ErrUnexpectedEOF},
		{"between events, cleanly", Fault{End: Clean, Events: 2}, ":ok\n\n" + whole + whole, nil},
		{"after the event line", Fault{End: Cut, Events: 1, Line: AfterEventLine}, ":ok\n\n" + whole + "event: message\n", io.ErrUnexpectedEOF},
		{"in the id", Fault{End: Cut, Line: InID}, ":ok\n\nevent: message\n" + id[:len(id)/2], io.ErrUnexpectedEOF},
		{"after the id", Fault{End: Cut, Line: AfterID}, ":ok\n\nevent: message\n" + id, io.ErrUnexpectedEOF},
		{"in the data", Fault{End: Clean, Line: InData}, ":ok\n\nevent: message\n" + id + data[:(len(data)+1)/2], nil},
		{"before the empty line", Fault{End: Cut, Line: AfterData}, ":ok\n\nevent: message\n" + id + data, io.ErrUnexpectedEOF},
		{"reset", Fault{End: Reset, Events: 1}, ":ok\n\n" + whole, syscall.ECONNRESET},
		{"error frame", Fault{End: ErrorFrame, Events: 2}, ":ok\n\n" + whole + whole + failure, nil},
	} {
		s := start(t, Options{Faults: Cycle(tt.fault)}, e, e, e)
		got := get(t, s, "/v2/stream/recentchange?since=0")
		if got.body != tt.want || !errors.Is(got.err, tt.err) || (got.err == nil) != (tt.err == nil) {
			t.Errorf("%s: %v, want %v\n got %q\nwant %q", tt.name, got.err, tt.err, got.body, tt.want)
		}
	}
}

// TestEveryByte cuts a body at each of its bytes.
func TestEveryByte(t *testing.T) {
	events := simulate.New(1, simulate.Options{}).Take(3)
	whole := get(t, start(t, Options{Finite: true}, events...), "/v2/stream/recentchange?since=0").body
	s := start(t, Options{Faults: func(n int, _ *http.Request) Fault { return Fault{Bytes: int64(n), End: Cut} }}, events...)
	for n := 1; n <= len(whole); n += 1 + len(whole)/150 {
		for s.Connections() < n-1 {
			s.connections.Add(1)
		}
		got := get(t, s, "/v2/stream/recentchange?since=0")
		if got.body != whole[:n] || !errors.Is(got.err, io.ErrUnexpectedEOF) {
			t.Fatalf("after %d bytes: %d bytes, %v", n, len(got.body), got.err)
		}
	}
}

func TestEveryKthEvent(t *testing.T) {
	events := simulate.New(1, simulate.Options{}).Take(300)
	for k := 1; k <= 300; k *= 3 {
		s := start(t, Options{Faults: Cycle(Fault{Events: k, End: Cut})}, events...)
		if got := get(t, s, "/v2/stream/recentchange?since=0"); len(got.data()) != k {
			t.Errorf("%d events before the end, want %d", len(got.data()), k)
		}
	}
}

func TestStall(t *testing.T) {
	e := fixed(rc, "eqiad", 1, 1000)
	s := start(t, Options{Faults: Cycle(Fault{End: Stall, Events: 1})}, e, e)
	body, lines := open(t, s, "/v2/stream/recentchange?since=0")
	defer body.Close()
	expect(t, lines, ":ok", "", "event: message")
	for range 3 {
		if _, err := lines.ReadString('\n'); err != nil {
			t.Fatal(err)
		}
	}
	s.Append(e)
	read := make(chan string, 1)
	go func() {
		line, _ := lines.ReadString('\n')
		read <- line
	}()
	// A connection that does not stall gets the new event meanwhile.
	other := start(t, Options{Finite: true}, s.Events()...)
	if got := get(t, other, "/v2/stream/recentchange?since=0"); len(got.data()) != 3 {
		t.Errorf("%d events on a connection without a fault", len(got.data()))
	}
	select {
	case line := <-read:
		t.Errorf("the connection does not stall: %q", line)
	default:
	}
	s.Close()
	if line := <-read; line != "" {
		t.Errorf("%q after the end", line)
	}
}

func TestResponsesOtherThanStreams(t *testing.T) {
	for _, tt := range []struct {
		fault             Fault
		status            int
		kind, retry, body string
	}{
		{Fault{Status: 204}, 204, "", "", ""},
		{Fault{Status: 429, RetryAfter: "7"}, 429, "application/json; charset=utf-8", "7", `"type":"too_many_requests"`},
		{Fault{Status: 429, RetryAfter: "Sun, 01 Nov 2026 12:00:07 GMT"}, 429, "application/json; charset=utf-8", "Sun, 01 Nov 2026 12:00:07 GMT", "too_many"},
		{Fault{Status: 503}, 503, "text/html; charset=utf-8", "", "Service Unavailable"},
		{Fault{ContentType: "text/html"}, 200, "text/html", "", "<!DOCTYPE html>"},
	} {
		s := start(t, Options{Finite: true, Faults: Sequence(tt.fault)}, fixed(rc, "eqiad", 1, 1000))
		got := get(t, s, "/v2/stream/recentchange?since=0")
		if got.StatusCode != tt.status || got.Header.Get("Content-Type") != tt.kind || got.Header.Get("Retry-After") != tt.retry || !strings.Contains(got.body, tt.body) {
			t.Errorf("%+v: %s %v %q", tt.fault, got.Status, got.Header, got.body)
		}
		if _, there := got.Header["Retry-After"]; there != (tt.retry != "") {
			t.Errorf("%+v: Retry-After %v", tt.fault, got.Header["Retry-After"])
		}
		if next := get(t, s, "/v2/stream/recentchange?since=0"); len(next.data()) != 1 {
			t.Errorf("%+v: the next connection has a fault: %s", tt.fault, next.Status)
		}
	}
}

func TestCycle(t *testing.T) {
	deal := Cycle(Fault{Events: 1}, Fault{Events: 2})
	for n, want := range []int{1, 2, 1, 2, 1} {
		if got := deal(n+1, nil).Events; got != want {
			t.Errorf("connection %d gets fault %d, want %d", n+1, got, want)
		}
	}
}

func TestParseFault(t *testing.T) {
	for text, want := range map[string]Fault{
		"none":                            {},
		"events=100,line=in-data,end=cut": {Events: 100, Line: InData, End: Cut},
		"bytes=5000,end=reset":            {Bytes: 5000, End: Reset},
		"status=429,retry-after=7":        {Status: 429, RetryAfter: "7"},
		"content-type=text/html":          {ContentType: "text/html"},
		"end=stall":                       {End: Stall},
		"line=id,end=error":               {Line: AfterID, End: ErrorFrame},
	} {
		if got, err := ParseFault(text); got != want || err != nil {
			t.Errorf("%s: %+v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "end=never", "lines=3", "events=x", "line=9"} {
		if got, err := ParseFault(text); err == nil {
			t.Errorf("%q is taken as %+v", text, got)
		}
	}
	for i, name := range endNames {
		if End(i).String() != name {
			t.Errorf("end %d is %s", i, End(i))
		}
	}
}

// TestHTTP2: where connections are shared, a cut is the reset of a stream.
func TestHTTP2(t *testing.T) {
	s := New(Options{Faults: Sequence(Fault{End: Cut, Events: 1}, Fault{End: Reset, Events: 1})})
	s.Append(fixed(rc, "eqiad", 1, 1000), fixed(rc, "eqiad", 2, 1000))
	h := httptest.NewUnstartedServer(s)
	h.EnableHTTP2 = true
	h.StartTLS()
	defer h.Close()
	for range 2 {
		got := getHTTP2(t, h, "/v2/stream/recentchange?since=0", "")
		if got.ProtoMajor != 2 || len(got.data()) != 1 || got.err == nil || !strings.Contains(got.err.Error(), "stream") {
			t.Errorf("%s: %d events, %v", got.Proto, len(got.data()), got.err)
		}
	}
	if got := getHTTP2(t, h, "/v2/stream/recentchange", "x"); got.StatusCode != 400 || gjson.Get(got.body, "name").Str != "InvalidAssignmentError" || got.Header["Content-Type"] != nil {
		t.Errorf("%s %v %s", got.Status, got.Header, got.body)
	}
}

func getHTTP2(t *testing.T, h *httptest.Server, path, id string) response {
	t.Helper()
	req := newRequest(t, path)
	req.URL.Scheme, req.URL.Host = "https", h.Listener.Addr().String()
	req.Header.Set("User-Agent", "wm-test/1.0")
	if id != "" {
		req.Header.Set("Last-Event-ID", id)
	}
	resp, err := h.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return response{resp, string(body), err}
}
