package es

import (
	"bytes"
	"context"
	"io"
	"net"
	"sync"
)

// releasable is a request body that tells when it has been closed. A server
// that answers early, or a context that ends, leaves net/http reading the body
// after the answer is there; the batch may change only after that.
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

// undivided makes connections that take a body as it lies in memory. On its own
// net/http copies it in pieces of 32 KiB.
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

// ReadFrom gets from net/http what its own buffer does not hold of a body,
// behind a limit that is the body's length.
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
