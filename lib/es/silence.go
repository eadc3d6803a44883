package es

import (
	"cmp"
	"context"
	"errors"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

// piece is how much of a request the server must accept within the limit.
const piece = 1 << 20

// silence is the error of a server that has not responded for this long. Even a
// process that is stopped accepts connections.
type silence time.Duration

func (s silence) Error() string { return "no response for " + time.Duration(s).String() }

// impatient makes connections that end when the server is silent for too long.
func impatient(dial dial, limit time.Duration) dial {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		c, err := dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return &impatientConn{Conn: c, limit: limit}, nil
	}
}

// impatientConn is read while it is written: net/http waits for the answer from
// the start.
type impatientConn struct {
	net.Conn
	limit  time.Duration
	silent atomic.Bool // the limit was exceeded

	mu      sync.Mutex // held while the read deadline is set
	writing bool       // then only the write deadline counts
}

// Read also waits between requests: a connection that is idle for the limit is
// closed, and the next request makes another.
func (c *impatientConn) Read(p []byte) (int, error) {
	c.mu.Lock()
	err := c.limitRead()
	c.mu.Unlock()
	if err != nil {
		return 0, err
	}
	n, err := c.Conn.Read(p)
	return n, c.judge(err)
}

// Write allows each piece the limit, and from then on the answer.
func (c *impatientConn) Write(p []byte) (written int, err error) {
	if err := c.write(true); err != nil {
		return 0, err
	}
	for len(p) > 0 && err == nil {
		var n int
		n, err = c.writePiece(p[:min(len(p), piece)])
		written, p = written+n, p[n:]
	}
	return written, cmp.Or(c.judge(err), c.write(false))
}

// write records whether something is being written.
func (c *impatientConn) write(now bool) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.writing = now
	return c.limitRead()
}

func (c *impatientConn) limitRead() error {
	var limit time.Time
	if !c.writing {
		limit = time.Now().Add(c.limit)
	}
	return c.SetReadDeadline(limit)
}

func (c *impatientConn) writePiece(p []byte) (int, error) {
	if err := c.SetWriteDeadline(time.Now().Add(c.limit)); err != nil {
		return 0, err
	}
	return c.Conn.Write(p)
}

// judge returns the cause of an error. Once the limit is exceeded, all further
// errors are consequences: net/http closes the connection.
func (c *impatientConn) judge(err error) error {
	if errors.Is(err, os.ErrDeadlineExceeded) {
		c.silent.Store(true)
	}
	if err != nil && c.silent.Load() {
		return silence(c.limit)
	}
	return err
}
