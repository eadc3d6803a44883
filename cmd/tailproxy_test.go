package cmd_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/tidwall/gjson"

	"github.com/wmtools/wm/lib/event"
)

// cutter is a proxy before EventStreams that hangs up after every k-th event.
// An event that it has passed before does not count: where several messages
// share a time, whoever resumes by time could never get past them.
type cutter struct {
	*httptest.Server
	target string
	every  int           // 0: never
	pace   time.Duration // between events, so that a test can hit the middle

	mu     sync.Mutex
	passed map[string]bool // meta.id
	fresh  int             // events that were new
	cuts   int
	open   int
	most   int      // open at a time
	asked  int      // requests for a stream
	wrong  []string // what a client must not do
}

// paced is how many events pass at once where there is a pace: the shortest
// sleep is too long for each of them.
const paced = 16

func newCutter(t *testing.T, target string, every int) *cutter {
	c := &cutter{target: target, every: every, passed: make(map[string]bool)}
	c.Server = httptest.NewServer(c)
	t.Cleanup(c.Close)
	return c
}

// parts are how many bytes of the next frame are sent before the connection
// ends. A frame is three lines and a blank one.
var parts = []func(frame []byte) int{
	func([]byte) int { return 0 },
	func(frame []byte) int { return line(frame, 1) },
	func(frame []byte) int { return (line(frame, 1) + line(frame, 2)) / 2 },
	func(frame []byte) int { return line(frame, 2) },
	func(frame []byte) int { return (line(frame, 2) + len(frame)) / 2 },
	func(frame []byte) int { return line(frame, 3) },
}

// line returns where line n of a frame ends, counted from 1.
func line(frame []byte, n int) (end int) {
	for range n {
		end += bytes.IndexByte(frame[end:], '\n') + 1
	}
	return end
}

// ends are how a connection ends.
var ends = []func(net.Conn, *bufio.Writer){
	func(net.Conn, *bufio.Writer) {},                                                                  // closed within the answer
	func(_ net.Conn, w *bufio.Writer) { fmt.Fprint(w, "0\r\n\r\n") },                                  // as an answer ends
	func(conn net.Conn, w *bufio.Writer) { w.Flush(); _ = conn.(*net.TCPConn).SetLinger(0) },          // reset
	func(_ net.Conn, w *bufio.Writer) { chunk(w, []byte("event: error\ndata: {\"message\":1}\n\n")) }, // as the service fails
}

func (c *cutter) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	leave := c.enter(r)
	defer leave()
	req, err := http.NewRequestWithContext(r.Context(), http.MethodGet, c.target+r.URL.RequestURI(), nil)
	if err != nil {
		panic(err)
	}
	req.Header = r.Header.Clone()
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK || r.URL.Path == "/" {
		w.WriteHeader(res.StatusCode)
		_, _ = io.Copy(w, res.Body)
		return
	}
	conn, out, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(err)
	}
	defer conn.Close()
	fmt.Fprintf(out, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nDate: %s\r\nTransfer-Encoding: chunked\r\n\r\n", res.Header.Get("Date"))
	c.pass(out.Writer, bufio.NewReaderSize(res.Body, 64<<10), func(end int) {
		leave() // before the client can know and come again
		ends[end%len(ends)](conn, out.Writer)
	})
	leave() // where the service ended it
	out.Flush()
}

// pass passes frames on until one end or the other has enough. cut ends the
// connection in one of the ways.
func (c *cutter) pass(out *bufio.Writer, in *bufio.Reader, cut func(end int)) {
	cutNext := -1
	for {
		if in.Buffered() == 0 && out.Flush() != nil {
			return
		}
		frame, err := readFrame(in)
		if err != nil {
			return
		}
		if cutNext >= 0 {
			chunk(out, frame[:parts[cutNext%len(parts)](frame)])
			cut(cutNext)
			return
		}
		chunk(out, frame)
		if c.count(frame) {
			cutNext = c.nextCut()
		}
		if cutNext >= 0 && cutNext%len(parts) == 0 { // between frames: there need not be another
			cut(cutNext)
			return
		}
	}
}

// readFrame reads up to a blank line, which is part of the frame.
func readFrame(in *bufio.Reader) (frame []byte, err error) {
	for {
		line, err := in.ReadBytes('\n')
		if err != nil {
			return nil, err
		}
		if frame = append(frame, line...); len(line) == 1 {
			return frame, nil
		}
	}
}

func chunk(w *bufio.Writer, data []byte) {
	if len(data) > 0 {
		fmt.Fprintf(w, "%x\r\n%s\r\n", len(data), data)
	}
}

// count reports whether a frame is one after which the connection ends.
func (c *cutter) count(frame []byte) bool {
	_, data, ok := bytes.Cut(frame, []byte("\ndata: "))
	if !ok {
		return false
	}
	id := event.New(data).ID()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.passed[id] {
		return false
	}
	c.passed[id] = true
	c.fresh++
	if c.fresh%paced == 0 {
		time.Sleep(paced * c.pace)
	}
	return c.every > 0 && c.fresh%c.every == 0
}

func (c *cutter) nextCut() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.cuts++
	return c.cuts
}

// enter notes a request, and what is wrong with it.
func (c *cutter) enter(r *http.Request) (leave func()) {
	if r.URL.Path == "/" {
		return func() {}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.asked++
	header := r.Header.Get("Last-Event-ID")
	for _, el := range gjson.Parse(header).Array() {
		if el.Get("offset").Exists() || el.Get("timestamp").Int() < 1 {
			c.wrong = append(c.wrong, "asked for "+el.Raw)
		}
	}
	c.open++
	c.most = max(c.most, c.open)
	return sync.OnceFunc(func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.open--
	})
}

// requests is how often a stream was asked for.
func (c *cutter) requests() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.asked
}

// check fails the test if the client did what it must not.
func (c *cutter) check(t *testing.T, cuts int) {
	t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.wrong) > 0 {
		t.Errorf("%d times wrong: %.5q", len(c.wrong), c.wrong[:min(5, len(c.wrong))])
	}
	if c.cuts < cuts {
		t.Errorf("%d cuts, %d are needed to show anything", c.cuts, cuts)
	}
}
