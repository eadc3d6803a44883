package cmdtest

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

// Cutter is a proxy for EventStreams that closes the connection after every k-th
// new event. Repeats do not count: otherwise a client that resumes by time could
// never get past several messages with the same time.
type Cutter struct {
	*httptest.Server
	target string
	every  int           // 0: never
	Strict bool          // count repeats too, for each connection
	Pace   time.Duration // mean delay per event, so that a test can interrupt midway

	mu     sync.Mutex
	passed map[string]bool // meta.id
	fresh  int             // events that were new
	cuts   int
	open   int
	most   int      // maximum of open
	asked  int      // requests for a stream
	wrong  []string // violations
}

// paced is how many events share one delay: sleeping after each would take too
// long.
const paced = 16

// NewCutter starts a proxy for target that cuts after every k-th event; 0 means
// never.
func NewCutter(t *testing.T, target string, every int) *Cutter {
	c := &Cutter{target: target, every: every, passed: make(map[string]bool)}
	c.Server = httptest.NewServer(c)
	t.Cleanup(c.Close)
	return c
}

// parts return how many bytes of the next frame to send before the connection
// ends. A frame is three lines and a blank line.
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

// ends are ways to end a connection.
var ends = []func(net.Conn, *bufio.Writer){
	func(net.Conn, *bufio.Writer) {},                                                                  // closed within the response body
	func(_ net.Conn, w *bufio.Writer) { fmt.Fprint(w, "0\r\n\r\n") },                                  // a complete response
	func(conn net.Conn, w *bufio.Writer) { w.Flush(); _ = conn.(*net.TCPConn).SetLinger(0) },          // reset
	func(_ net.Conn, w *bufio.Writer) { chunk(w, []byte("event: error\ndata: {\"message\":1}\n\n")) }, // an error of the service
}

func (c *Cutter) ServeHTTP(w http.ResponseWriter, r *http.Request) {
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
		leave() // before the client can notice and reconnect
		ends[end%len(ends)](conn, out.Writer)
	})
	leave() // if the service ended the response
	out.Flush()
}

// pass forwards frames until either side closes. cut ends the connection.
func (c *Cutter) pass(out *bufio.Writer, in *bufio.Reader, cut func(end int)) {
	cutNext := -1
	for events := 0; ; {
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
		if bytes.Contains(frame, []byte("\ndata: ")) {
			events++
		}
		if c.count(frame) && !c.Strict || c.Strict && events == c.every {
			cutNext = c.nextCut()
		}
		if cutNext >= 0 && cutNext%len(parts) == 0 { // between frames: there may be no other frame
			cut(cutNext)
			return
		}
	}
}

// readFrame reads a frame including its blank line.
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

// count reports whether the connection ends after a frame.
func (c *Cutter) count(frame []byte) bool {
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
		time.Sleep(paced * c.Pace)
	}
	return c.every > 0 && c.fresh%c.every == 0
}

func (c *Cutter) nextCut() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.cuts++
	return c.cuts
}

// enter records a request and any violation of the protocol in it.
func (c *Cutter) enter(r *http.Request) (leave func()) {
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

// Requests returns the number of requests for a stream.
func (c *Cutter) Requests() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.asked
}

// Cuts returns the number of connections cut so far.
func (c *Cutter) Cuts() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.cuts
}

// MostOpen returns the largest number of connections open at a time.
func (c *Cutter) MostOpen() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.most
}

// Check fails the test if the client violated the protocol, or if fewer than cuts
// connections were cut.
func (c *Cutter) Check(t *testing.T, cuts int) {
	t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.wrong) > 0 {
		t.Errorf("%d violations: %.5q", len(c.wrong), c.wrong[:min(5, len(c.wrong))])
	}
	if c.cuts < cuts {
		t.Errorf("%d cuts, want at least %d", c.cuts, cuts)
	}
}
