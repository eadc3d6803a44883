package stream_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/wmtools/wm/lib/event"
	"github.com/wmtools/wm/lib/simulate"
	"github.com/wmtools/wm/lib/simulate/service"
	"github.com/wmtools/wm/lib/stream"
)

const agent = "wm-test/1 (https://example.org; test@example.org)"

// collect returns the first n events of a stream.
func collect(t *testing.T, n int, o stream.Options) ([]string, stream.Stats) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	o.UserAgent = agent
	s, err := stream.New(o)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for e, err := range event.Limit(s, int64(n)).Events(ctx) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, string(e.Line()))
	}
	return got, s.Status().Stats
}

// compare reports made events that are missing or duplicated, and unknown ones.
// Canaries are not expected.
func compare(t *testing.T, got []string, made []simulate.Event) {
	t.Helper()
	open := make(map[string]int)
	for _, e := range made {
		if !event.New(e.Data).Canary() {
			open[string(e.Data)]++
		}
	}
	wrong := 0
	for _, line := range got {
		open[line]--
	}
	for line, n := range open {
		if n != 0 {
			if wrong++; wrong < 4 {
				t.Errorf("missing %d times: %.200s", n, line)
			}
		}
	}
	if wrong > 0 {
		t.Errorf("%d events are missing, changed or duplicated", wrong)
	}
}

func wanted(made []simulate.Event) (n int) {
	for _, e := range made {
		if !event.New(e.Data).Canary() {
			n++
		}
	}
	return n
}

// However a connection ends, and wherever in a frame, every event is delivered
// once, byte for byte. A connection must live long enough to get past the
// repeats, which are those of the last second in each of two data centres.
func TestEveryEndOfAConnection(t *testing.T) {
	made := simulate.New(1, simulate.Options{Rate: 20, Late: 100 * time.Second, Switch: 700, Canary: 10 * time.Second}).Take(2000)
	lines := []service.Line{service.Nothing, service.AfterEventLine, service.InID, service.AfterID, service.InData, service.AfterData}
	for _, end := range []service.End{service.Cut, service.Clean, service.Reset, service.ErrorFrame} {
		for _, line := range lines {
			if end == service.ErrorFrame && line != service.Nothing {
				continue // the service sends whole frames as long as it can
			}
			t.Run(fmt.Sprintf("%v after %v", end, line), func(t *testing.T) {
				t.Parallel()
				srv := service.NewServer(service.New(service.Options{
					Faults: service.Cycle(service.Fault{End: end, Events: 197, Line: line}),
				}))
				defer srv.Close()
				srv.Append(made...)
				got, stats := collect(t, wanted(made), stream.Options{URL: srv.URL + "/v2/stream/recentchange?since=0"})
				compare(t, got, made)
				if stats.AllReconnects() < 10 {
					t.Errorf("only %d reconnects: the faults did not happen", stats.AllReconnects())
				}
			})
		}
	}
}

func TestSeveralStreamsOverOneConnection(t *testing.T) {
	made := simulate.New(2, simulate.Options{Streams: []string{simulate.RecentChange, simulate.PageCreate, simulate.PageChange}}).Take(600)
	srv := service.NewServer(service.New(service.Options{
		MaxPerClient: 1, Faults: service.Cycle(service.Fault{End: service.Cut, Events: 150, Line: service.InData}),
	}))
	defer srv.Close()
	srv.Append(made...)
	got, _ := collect(t, wanted(made), stream.Options{URL: srv.URL + "/v2/stream/recentchange,page-create,mediawiki.page_change.v1?since=0"})
	compare(t, got, made)
}

// A reader that begins at the live end and is disconnected before the first event
// must get the events sent while it was disconnected.
func TestCutBeforeTheFirstEvent(t *testing.T) {
	clock := time.Now()
	made := simulate.New(3, simulate.Options{Start: clock, Rate: 1000}).Take(50)
	var srv *service.Server
	srv = service.NewServer(service.New(service.Options{
		Faults: func(n int, _ *http.Request) service.Fault {
			if n == 2 { // the first connection is over, the second not yet served
				srv.Append(made...)
			}
			if n == 1 {
				return service.Fault{End: service.Cut}
			}
			return service.Fault{}
		},
	}))
	defer srv.Close()
	got, _ := collect(t, wanted(made), stream.Options{URL: srv.URL})
	compare(t, got, made)
}

func TestCanary(t *testing.T) {
	made := simulate.New(4, simulate.Options{Canary: time.Second}).Take(400)
	srv := service.NewServer(service.New(service.Options{}))
	defer srv.Close()
	srv.Append(made...)
	if wanted(made) == len(made) {
		t.Fatal("no canary was made")
	}
	got, _ := collect(t, len(made), stream.Options{URL: srv.URL + "/v2/stream/recentchange?since=0", Canary: true})
	if len(got) != len(made) {
		t.Errorf("got %d of %d events with canaries", len(got), len(made))
	}
}

// outages returns the first n outages that a stream reports.
func outages(t *testing.T, n int, o stream.Options) []string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var reported []string
	o.UserAgent = agent
	o.OnOutage = func(err error, wait time.Duration) {
		_, text, _ := strings.Cut(err.Error(), ": ")
		reported = append(reported, fmt.Sprintf("%s (wait %v)", text, wait.Truncate(time.Second)))
		if len(reported) == n {
			cancel()
		}
	}
	s, err := stream.New(o)
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range s.Events(ctx) {
		if err != nil {
			return append(reported, "final: "+err.Error())
		}
	}
	return reported
}

func TestOutages(t *testing.T) {
	tests := []struct {
		name  string
		fault service.Fault
		want  string
	}{
		{"busy", service.Fault{Status: 429, RetryAfter: "7"}, "429 Too Many Requests"},
		{"Retry-After in seconds", service.Fault{Status: 429, RetryAfter: "7"}, "(wait 7s)"},
		{"Retry-After as a date", service.Fault{Status: 503, RetryAfter: time.Now().Add(90 * time.Minute).UTC().Format(http.TimeFormat)}, "(wait 1h"},
		{"down", service.Fault{Status: 503}, "503 Service Unavailable"},
		{"no content", service.Fault{Status: 204}, "204 No Content"},
		{"a page instead of a stream", service.Fault{ContentType: "text/html"}, `"text/html" instead of an event stream`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			srv := service.NewServer(service.New(service.Options{Faults: service.Cycle(tt.fault)}))
			defer srv.Close()
			if reported := outages(t, 1, stream.Options{URL: srv.URL}); len(reported) != 1 || !strings.Contains(reported[0], tt.want) {
				t.Errorf("reported %q, want %q in it", reported, tt.want)
			}
		})
	}
}

func TestUnreachable(t *testing.T) {
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	reported := outages(t, 2, stream.Options{URL: gone.URL})
	if len(reported) != 2 || !strings.Contains(reported[0], "connection refused") {
		t.Errorf("reported %q", reported)
	}
}

func TestRefusalsAreFinal(t *testing.T) {
	srv := service.NewServer(service.New(service.Options{}))
	defer srv.Close()
	if reported := outages(t, 1, stream.Options{URL: srv.URL, Streams: []string{"recentchanges"}}); len(reported) != 1 || !strings.Contains(reported[0], "final: server answers 400 Bad Request: Invalid streams: recentchanges") {
		t.Errorf("unknown stream: reported %q", reported)
	}
	refused := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "Please set a user-agent", http.StatusForbidden)
	}))
	defer refused.Close()
	reported := outages(t, 1, stream.Options{URL: refused.URL})
	if len(reported) != 1 || !strings.Contains(reported[0], "final: server answers 403 Forbidden: Please set a user-agent") {
		t.Errorf("reported %q", reported)
	}
}

// A consumer may stop at any error: nothing is yielded after that, even if the
// next frames are too large as well.
func TestStopAtAnOversizeEvent(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		fmt.Fprint(w, strings.Repeat("id: [{\"topic\":\"a\",\"partition\":0,\"timestamp\":1001}]\ndata: "+strings.Repeat("x", 3000)+"\n\n", 3))
	}))
	defer srv.Close()
	s, err := stream.New(stream.Options{URL: srv.URL, MaxEvent: 2000})
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range s.Events(t.Context()) {
		if _, ok := errors.AsType[*event.LineError](err); !ok {
			t.Errorf("error %v", err)
		}
		break
	}
	if n := s.Status().Skipped; n != 1 {
		t.Errorf("%d events were skipped, want 1", n)
	}
}

// A capture has no reconnects, so it does not remember events, however long it is.
func TestLongCapture(t *testing.T) {
	var text bytes.Buffer
	for i := range 70_000 {
		fmt.Fprintf(&text, "id: [{\"topic\":\"a\",\"partition\":0,\"timestamp\":%d}]\ndata: {\"meta\":{\"id\":\"%d\",\"topic\":\"a\",\"offset\":%d}}\n\n", i+1, i, i)
	}
	c := stream.NewCapture(&text, "x", stream.Options{OnNotice: func(err error) { t.Error(err) }, OnLoss: func(err error) { t.Error(err) }})
	n := 0
	for _, err := range c.Events(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	if n != 70_000 {
		t.Errorf("%d events", n)
	}
}

func TestBadAddresses(t *testing.T) {
	for url, streams := range map[string][]string{
		"stream.wikimedia.org":                             nil,
		"ftp://stream.wikimedia.org":                       nil,
		"http://[::1":                                      nil,
		"https://x.example/v2/stream/test":                 {"recentchange"},
		"http://127.0.0.1:99999":                           nil,
		"http://127.0.0.1:0":                               nil,
		"http://:80":                                       nil,
		"https://x.example/v2/stream/test?since=yesterday": nil,
	} {
		s, err := stream.New(stream.Options{URL: url, Streams: streams})
		if hint, ok := errors.AsType[*event.Hint](err); s != nil || !ok || hint.Hint() == "" {
			t.Errorf("%s %q: %v, error %v without a hint", url, streams, s, err)
		}
	}
}

// The service accepts these times, and so does a URL.
func TestSinceInURLs(t *testing.T) {
	for _, since := range []string{"2026-01-02", "2026-01-02T03:04:05Z", "2026-01-02T03:04:05", "2026-01-02T03:04Z", "2026-01", "1700000000000", ""} {
		if _, err := stream.New(stream.Options{URL: "https://x.example/v2/stream/test?since=" + since}); err != nil {
			t.Errorf("since=%s: %v", since, err)
		}
	}
	if _, err := stream.New(stream.Options{URL: "https://x.example/v2/stream/test?since=2999-01-01"}); err == nil {
		t.Error("a time in the future was accepted")
	}
}

func BenchmarkStream(b *testing.B) {
	made := simulate.New(5, simulate.Options{}).Take(20_000)
	srv := service.NewServer(service.New(service.Options{}))
	defer srv.Close()
	srv.Append(made...)
	n := int64(wanted(made))
	b.ReportAllocs()
	for b.Loop() {
		s, err := stream.New(stream.Options{URL: srv.URL + "/v2/stream/recentchange?since=0", UserAgent: agent})
		if err != nil {
			b.Fatal(err)
		}
		for _, err := range event.Limit(s, n).Events(b.Context()) {
			if err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "events/s")
}
