package cmd_test

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tidwall/gjson"

	"github.com/wmtools/wm/cmd/internal/cmdtest"
	"github.com/wmtools/wm/lib/cursor"
	"github.com/wmtools/wm/lib/simulate"
	"github.com/wmtools/wm/lib/simulate/service"
)

// The service is shared: however a server ends its connections, it gets at most a few
// requests per second, and fewer if it asks for that.
func TestTailDoesNotStorm(t *testing.T) {
	for _, tt := range []struct {
		name, retry string
		most        int64
	}{
		{"one new event per connection", "", 16},
		{"and it asks for a second", "retry: 1000\n\n", 4},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var asked atomic.Int64
			url := rawServer(t, func(c net.Conn) {
				n := asked.Add(1)
				fmt.Fprint(c, streamHead+tt.retry+strings.NewReplacer("1001", fmt.Sprint(1000+n), `"a"`, fmt.Sprintf(`"%d"`, n), ":5}", fmt.Sprintf(":%d}", n)).Replace(goodFrame))
			})
			ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
			defer cancel()
			tail := cmdtest.NewTail(t, "--url", url)
			if err := tail.Start(); err != nil {
				t.Fatal(err)
			}
			<-ctx.Done()
			if err := tail.Process.Kill(); err != nil {
				t.Fatal(err)
			}
			_ = tail.Wait() // it was killed
			if n := asked.Load(); n < 2 || n > tt.most {
				t.Errorf("asked %d times in 3 s", n)
			}
			if strings.Contains(tail.ErrBuf.String(), "trying again") {
				t.Errorf("takes progress for an outage: %s", &tail.ErrBuf)
			}
		})
	}
}

// A server that accepts connections and says nothing is an outage too.
func TestTailRetryForBoundsRequests(t *testing.T) {
	t.Parallel()
	url := rawServer(t, func(c net.Conn) { _, _ = c.Read(make([]byte, 1)) }) // until the client gives up
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	tail := cmdtest.NewTail(t, "--url", url, "--retry-for", "2s")
	stop := context.AfterFunc(ctx, func() { _ = tail.Process.Kill() })
	defer stop()
	_ = tail.Run() // the exit code is checked
	cmdtest.ExpectExit(t, tail.ProcessState.ExitCode(), 2, tail.ErrBuf.String())
	cmdtest.Contains(t, tail.ErrBuf.String(), "gave up after 2s without a connection: no answer within 2s")
}

// A proxy that refuses to connect is named, and that is final.
func TestTailNamesTheProxy(t *testing.T) {
	for _, tt := range []struct {
		status int
		scheme string
		want   []string
	}{
		{http.StatusForbidden, "https", []string{"answers 403 Forbidden\n", "hint: ask the administrator of the proxy"}},
		{http.StatusProxyAuthRequired, "https", []string{"answers 407 Proxy Authentication Required\n", "hint: set HTTPS_PROXY"}},
		{http.StatusProxyAuthRequired, "http", []string{"answers 407 Proxy Authentication Required\n", "hint: set HTTPS_PROXY"}},
	} {
		t.Run(fmt.Sprint(tt.scheme, tt.status), func(t *testing.T) {
			t.Parallel()
			proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(tt.status) }))
			t.Cleanup(proxy.Close)
			tail := cmdtest.NewTail(t, "--url", tt.scheme+"://stream.example")
			tail.Env = append(os.Environ(), "HTTPS_PROXY="+proxy.URL, "HTTP_PROXY="+proxy.URL)
			_ = tail.Run() // the exit code is checked
			cmdtest.ExpectExit(t, tail.ProcessState.ExitCode(), 2, tail.ErrBuf.String())
			cmdtest.Contains(t, tail.ErrBuf.String(), append(tt.want, "wm-tail: proxy "+proxy.URL+" ")...)
		})
	}
}

// What a reconnect repeats is counted and reported once.
func TestTailReportsProblemsOnce(t *testing.T) {
	t.Parallel()
	var asked atomic.Int64
	last := time.Now().Add(-10 * time.Minute)
	frame := func(topic string, n int, data string) string {
		at := last.Add(time.Duration(n) * time.Millisecond).UnixMilli()
		ids := map[string]string{"eqiad": `"offset":-1`, "codfw": `"offset":-1`}
		ids[topic] = fmt.Sprintf(`"timestamp":%d`, at+1)
		return fmt.Sprintf("event: message\nid: [{\"topic\":\"eqiad.x\",\"partition\":0,%s},{\"topic\":\"codfw.x\",\"partition\":0,%s}]\ndata: %s\n\n", ids["eqiad"], ids["codfw"], data)
	}
	good := func(topic string, n int) string {
		return frame(topic, n, fmt.Sprintf(`{"meta":{"id":"%s%d","topic":"%s.x","partition":0,"offset":%d}}`, topic, n, topic, n))
	}
	url := rawServer(t, func(c net.Conn) {
		fmt.Fprint(c, streamHead)
		switch asked.Add(1) { // the other data centre is heard first on the second connection
		case 1:
			fmt.Fprint(c, good("eqiad", 1)+frame("eqiad", 2, `[1,2]`)+frame("eqiad", 3, `{"x":"`+strings.Repeat("y", 3000)+`"}`))
		case 2:
			fmt.Fprint(c, good("codfw", 1)+good("eqiad", 1)+frame("eqiad", 2, `[1,2]`)+frame("eqiad", 3, `{"x":"`+strings.Repeat("y", 3000)+`"}`)+good("eqiad", 4))
		default:
			fmt.Fprint(c, good("codfw", 1)+good("eqiad", 1)+frame("eqiad", 2, `[1,2]`)+good("eqiad", 4)+good("eqiad", 5))
		}
	})
	lines, stderr, code := cmdtest.RunTail(t, "--url", url, "--since", "3d", "-n", "4", "--max-event", "2KiB")
	cmdtest.ExpectExit(t, code, 2, stderr) // something was skipped
	for _, once := range []string{"not a JSON object", "larger than the limit", "m missing"} {
		if n := strings.Count(stderr, once); n != 1 {
			t.Errorf("%q is reported %d times: %s", once, n, stderr)
		}
	}
	cmdtest.Contains(t, stderr, "2 skipped")
	if len(lines) != 4 {
		t.Errorf("printed %q", lines)
	}
}

// Two events over the limit come first on a connection that may have begun too
// late: neither may move the position past the events before them.
func TestTailOversizeAtTheLiveEnd(t *testing.T) {
	t.Parallel()
	start := time.Now().Add(-time.Hour)
	dated := func(seed uint64, after time.Duration) simulate.Event {
		return simulate.New(seed, simulate.Options{Start: start.Add(after), Canary: -1}).Next()
	}
	large := func(e simulate.Event) simulate.Event {
		e.Data = append(bytes.TrimSuffix(e.Data, []byte("}")), `,"x":"`+strings.Repeat("y", 20_000)+`"}`...)
		return e
	}
	between, last := dated(1, 3*time.Second), dated(4, 12*time.Second)
	oversize := []simulate.Event{large(dated(2, 9*time.Second)), large(dated(3, 10*time.Second))}
	var asked atomic.Int64
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n := asked.Add(1)
		w.Header().Set("Date", start.Add(time.Duration(n-1)*10*time.Second).UTC().Format(http.TimeFormat))
		w.Header().Set("Content-Type", "text/event-stream")
		fmt.Fprint(w, ":ok\n\n")
		switch from := gjson.Get(r.Header.Get("Last-Event-ID"), "0.timestamp").Int(); {
		case n == 1: // at the live end, and cut before anything has come
			return
		case n > 2 && between.Time >= from:
			sendFrames(w, between)
		}
		sendFrames(w, append(oversize[:2:2], last)...)
		<-r.Context().Done()
	}))
	t.Cleanup(srv.Close)
	lines, stderr, code := cmdtest.RunTail(t, "--url", srv.URL, "-n", "2", "--max-event", "16KiB", "--idle", "2s", "--retry-for", "5s")
	cmdtest.ExpectExit(t, code, 2, stderr) // two were skipped
	cmdtest.CompareEvents(t, lines, []simulate.Event{between, last})
	cmdtest.Contains(t, stderr, "2 skipped")
}

// A cursor is resumed with the first request. New topics are looked for at the
// first reconnect and not again at the next ones.
func TestTailResumesAtOnce(t *testing.T) {
	t.Parallel()
	q := &requests{cuts: 3}
	srv := service.NewServer(service.New(service.Options{Faults: q.fault}))
	t.Cleanup(srv.Close)
	source := cmdtest.Made(22, 350, 10*time.Minute, 2)
	srv.Append(source...)
	name := writeCursor(t, time.UnixMilli(source[0].Time), cursor.Position{Topic: source[0].Topic, Timestamp: source[0].Time})
	lines, stderr, code := cmdtest.RunTail(t, "--url", srv.URL, "--cursor", name, "-n", "350")
	cmdtest.ExpectExit(t, code, 0, stderr)
	cmdtest.CompareEvents(t, lines, source)
	var with []bool
	for _, r := range q.kept {
		with = append(with, r.lastEventID != "")
	}
	if got := fmt.Sprint(with); got != "[true false true true]" {
		t.Errorf("requests with a Last-Event-ID: %s", got)
	}
}

// The cursor of a run that does not look for new topics does not claim that all topics
// are known.
func TestTailCursorKeepsSavedUntilItLooked(t *testing.T) {
	t.Parallel()
	w := cmdtest.NewLookAlike(t)
	source := cmdtest.Made(23, 40, 10*time.Minute, 2)
	w.Add(source...)
	saved := time.UnixMilli(source[5].Time)
	name := writeCursor(t, saved, cursor.Position{Topic: source[0].Topic, Timestamp: source[0].Time})
	_, stderr, code := cmdtest.RunTail(t, "--url", w.URL(), "--cursor", name, "-n", "40")
	cmdtest.ExpectExit(t, code, 0, stderr)
	c, err := cursor.Load(name)
	if err != nil || c.Saved != saved.UnixMilli() || c.Positions[0].Offset == nil {
		t.Errorf("the cursor is %+v, error %v, want saved to stay %d", c, err, saved.UnixMilli())
	}
}

// A capture from a pipe that stays open shows its progress while it is read.
func TestTailInputPublishesMetrics(t *testing.T) {
	t.Parallel()
	text := captured(t, cmdtest.Made(24, 40, 10*time.Minute, 40))
	tail := cmdtest.NewTail(t, "--input", "-", "--metrics", "127.0.0.1:0")
	in, err := tail.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	var stderr lockedBuffer
	tail.Stderr = &stderr
	if err := tail.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := in.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	address := regexp.MustCompile(`metrics at (http://\S+)`)
	cmdtest.WaitFor(t, "it serves metrics", func() bool { return address.MatchString(stderr.String()) })
	url := address.FindStringSubmatch(stderr.String())[1]
	cmdtest.WaitFor(t, "the events are counted", func() bool {
		return bytes.Contains(cmdtest.Fetch(t, url, ""), []byte("wm_tail_events_total 40\n"))
	})
	in.Close()
	if err := tail.Wait(); err != nil {
		t.Errorf("%v: %s", err, stderr.String())
	}
}

// lockedBuffer is a buffer that can be read while a process writes to it.
type lockedBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

// Control characters of a server do not reach the terminal.
func TestTailEscapesWhatServersSay(t *testing.T) {
	for name, answer := range map[string]string{
		"status":       "HTTP/1.1 503 \x1b[31mBusy\x1b[0m\r\n\r\n",
		"body":         "HTTP/1.1 503 Busy\r\n\r\n{\"detail\":\"\x1b[31mred\\u001b[0m\"}",
		"content type": "HTTP/1.1 200 OK\r\nContent-Type: \x1b[31mred\r\n\r\n",
		"redirect":     "HTTP/1.1 302 Found\r\nLocation: http://\x1b[31m.example/\r\n\r\n",
		"error frame":  streamHead + "event: error\ndata: {\"message\":\"\x1b[31mred\"}\n\n",
		"topic":        streamHead + "id: [{\"topic\":\"\\u001b[31mred\",\"partition\":0,\"timestamp\":1001}]\ndata: [1]\n\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url := rawServer(t, func(c net.Conn) { fmt.Fprint(c, answer) })
			_, stderr, code := cmdtest.RunTail(t, "--url", url, "--retry-for", "1ms")
			cmdtest.ExpectExit(t, code, 2, stderr)
			if strings.Contains(stderr, "\x1b") || stderr == "" {
				t.Errorf("says %q", stderr)
			}
		})
	}
}
