package stream

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/wmtools/wm/lib/event"
)

// connector opens connections to one URL.
type connector struct {
	url    *url.URL
	agent  string
	client *http.Client
}

func newConnector(cfg Config) (*connector, error) {
	u, err := streamURL(cfg.URL, cfg.Streams)
	if err != nil {
		return nil, err
	}
	tr := http.DefaultTransport.(*http.Transport).Clone()
	// HTTP/1 costs less CPU than HTTP/2, and there is one request a connection.
	tr.Protocols = new(http.Protocols)
	tr.Protocols.SetHTTP1(true)
	// Nobody on the way may collect events to compress them together.
	tr.DisableCompression = true
	tr.ReadBufferSize = 256 << 10
	tr.ResponseHeaderTimeout = idle
	return &connector{u, cfg.UserAgent, &http.Client{Transport: tr}}, nil
}

// streamURL returns the URL of some streams: base is that of the service, or a
// whole stream URL, which then names the streams itself.
func streamURL(base string, streams []string) (*url.URL, error) {
	if base == "" {
		base = DefaultURL
	}
	u, err := url.Parse(base)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, event.WithHint(fmt.Errorf("not an address: %q", base), "write it like "+DefaultURL)
	}
	if strings.Trim(u.Path, "/") != "" {
		if len(streams) > 0 {
			return nil, event.WithHint(fmt.Errorf("%s already names its streams", base),
				"give the address of the service, or no stream beside it")
		}
		return u, nil
	}
	if len(streams) == 0 {
		streams = []string{DefaultStream}
	}
	return u.JoinPath("v2", "stream", strings.Join(streams, ",")), nil
}

// connection is one answer of the server that is an event stream.
type connection struct {
	res    *http.Response
	cancel context.CancelCauseFunc
	ctx    context.Context
	date   time.Time // of the server, when the answer began
	opened time.Time
}

// open asks for the events behind pos, or the newest where there is no
// position yet. The first answer tells pos where the reader began.
func (c *connector) open(ctx context.Context, pos *positions) (*connection, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	req, err := c.request(ctx, pos)
	if err != nil {
		cancel(nil)
		return nil, &finalError{err}
	}
	res, err := c.client.Do(req)
	if err != nil {
		cancel(nil)
		// The URL is in front of every message already.
		if u, ok := errors.AsType[*url.Error](err); ok {
			err = u.Err
		}
		return nil, err
	}
	if err := judge(res); err != nil {
		res.Body.Close()
		cancel(nil)
		return nil, err
	}
	conn := &connection{res, cancel, ctx, serverDate(res), time.Now()}
	if pos.from == 0 {
		pos.from = c.begin(conn.date).UnixMilli()
	}
	return conn, nil
}

func (c *connector) request(ctx context.Context, pos *positions) (*http.Request, error) {
	u := *c.url
	if q := u.Query(); !pos.known() && pos.from != 0 && !q.Has("since") {
		q.Set("since", strconv.FormatInt(pos.from, 10))
		u.RawQuery = q.Encode()
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept", "text/event-stream")
	req.Header.Set("User-Agent", c.agent)
	if pos.known() {
		req.Header.Set("Last-Event-ID", pos.lastEventID())
	}
	return req, nil
}

// begin returns where a reader began whose first answer bears this date: what
// the URL itself asks for, else a little before the answer.
func (c *connector) begin(date time.Time) time.Time {
	since := c.url.Query().Get("since")
	if ms, err := strconv.ParseInt(since, 10, 64); err == nil {
		return time.UnixMilli(ms)
	}
	if t, err := time.Parse(time.RFC3339, since); err == nil {
		return t
	}
	return date.Add(-time.Second)
}

// serverDate returns the clock of the server; ours only where it has none.
func serverDate(res *http.Response) time.Time {
	if t, err := http.ParseTime(res.Header.Get("Date")); err == nil {
		return t
	}
	return time.Now()
}

// judge returns an error for an answer that is no event stream.
func judge(res *http.Response) error {
	if res.StatusCode != http.StatusOK {
		return refusal(res)
	}
	kind, _, err := mime.ParseMediaType(res.Header.Get("Content-Type"))
	if err != nil || kind != "text/event-stream" {
		return fmt.Errorf("server sends %q instead of an event stream", res.Header.Get("Content-Type"))
	}
	return nil
}

// now returns the server's clock.
func (c *connection) now() time.Time { return c.date.Add(time.Since(c.opened)) }

func (c *connection) close() {
	c.cancel(nil)
	c.res.Body.Close()
}

var errIdle = fmt.Errorf("server sent nothing for %v", idle)

// cause returns why reading ended: the watchdog shows as a cancelled request.
func (c *connection) cause(err error) error {
	if cause := context.Cause(c.ctx); errors.Is(cause, errIdle) {
		return cause
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("connection closed")
	}
	return err
}

// body returns the stream of bytes under a watchdog. Only the time in which a
// read waits counts as idle, not the time in which nobody reads.
func (c *connection) body(drained func() error) io.Reader {
	dog := time.AfterFunc(idle, func() { c.cancel(errIdle) })
	dog.Stop()
	return readerFunc(func(p []byte) (int, error) {
		if err := drained(); err != nil {
			return 0, &finalError{err}
		}
		dog.Reset(idle)
		defer dog.Stop()
		return c.res.Body.Read(p)
	})
}

type readerFunc func(p []byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }
