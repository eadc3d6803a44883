package es

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"sync"

	"github.com/elastic/go-elasticsearch/v8/esapi"
)

// releasable is a request body that signals when it is closed. If the server
// answers early or the context ends, net/http may still read the body after the
// request has returned; the memory may be reused only once it is released.
type releasable struct {
	*bytes.Reader
	once     sync.Once
	released chan struct{}
}

func newReleasable(body []byte) *releasable {
	return &releasable{Reader: bytes.NewReader(body), released: make(chan struct{})}
}

func (r *releasable) Close() error {
	r.once.Do(func() { close(r.released) })
	return nil
}

type dial = func(ctx context.Context, network, address string) (net.Conn, error)

// undivided makes connections that write a body in one piece. By default net/http
// copies it in pieces of 32 KiB.
func undivided(dial dial) dial {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		c, err := dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return undividedConn{c}, nil
	}
}

type undividedConn struct{ net.Conn }

// ReadFrom is called by net/http for the part of a body that is not in its
// buffer, wrapped in a reader limited to the body's length.
func (c undividedConn) ReadFrom(r io.Reader) (int64, error) {
	if l, ok := r.(*io.LimitedReader); ok {
		if body, ok := l.R.(*releasable); ok && int64(body.Len()) <= l.N {
			n, err := body.WriteTo(c.Conn)
			l.N -= n
			return n, err
		}
	}
	return io.Copy(c.Conn, r)
}

// BulkFilter is the part of the answer to a bulk request that Bulk asks for.
// Without items.*.status the items of written documents would be missing, and
// the others could not be matched to their documents.
var BulkFilter = []string{"took", "errors", "items.*.status", "items.*.error"}

// Bulk sends the body of a bulk request to the next node in turn; encoding is ""
// or "gzip". It returns once body is not read any more. The answer is written
// over into. The error means that no whole answer came; unlike for Do, a status
// of 400 and above is not an error.
func (c *Client) Bulk(ctx context.Context, body []byte, encoding string, into []byte) (Answer, error) {
	r := newReleasable(body)
	header := http.Header{"Content-Type": {"application/x-ndjson"}}
	if encoding != "" {
		header.Set("Content-Encoding", encoding)
	}
	// One node only: a body can be read once, and the caller retries anyway.
	res, err := sized{int64(len(body)), esapi.BulkRequest{Body: r, FilterPath: BulkFilter, Header: header}}.Do(ctx, c.transport)
	a, err := whole(res, err, into)
	<-r.released
	if err != nil {
		return Answer{}, c.unanswered(ctx, err)
	}
	return a, nil
}

// sized is a bulk request with a body whose length net/http cannot determine.
type sized struct {
	length int64
	esapi.BulkRequest
}

// Do sends the request with a Content-Length instead of in chunks.
func (r sized) Do(ctx context.Context, to esapi.Transport) (*esapi.Response, error) {
	return r.BulkRequest.Do(ctx, performer(func(req *http.Request) (*http.Response, error) {
		req.ContentLength = r.length
		return to.Perform(req)
	}))
}

type performer func(*http.Request) (*http.Response, error)

func (p performer) Perform(req *http.Request) (*http.Response, error) { return p(req) }
