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

// longestSilence is how long a server may neither take a piece of a request nor
// give one of the answer. One that is stopped would be waited for without a word.
const longestSilence = 2 * time.Minute

// piece is how much has to get through meanwhile.
const piece = 1 << 20

var errSilent = errors.New("no sign of life for " + longestSilence.String())

// impatient makes connections that end when the server is silent for too long.
func impatient(dial dial) dial {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		c, err := dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return &impatientConn{Conn: c}, nil
	}
}

// impatientConn is read while it is written: net/http waits for the answer from
// the beginning on.
type impatientConn struct {
	net.Conn
	silent atomic.Bool // the server was given up

	mu      sync.Mutex // held while the limit of reading is set
	writing bool       // then the limit is that of writing
}

// Read also waits while there is no request: a connection without one for so
// long is closed, and the next request makes another.
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

// Write gives each piece its time, and the answer its own from there on.
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

// write notes whether something is being written.
func (c *impatientConn) write(now bool) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.writing = now
	return c.limitRead()
}

func (c *impatientConn) limitRead() error {
	var limit time.Time
	if !c.writing {
		limit = time.Now().Add(longestSilence)
	}
	return c.SetReadDeadline(limit)
}

func (c *impatientConn) writePiece(p []byte) (int, error) {
	if err := c.SetWriteDeadline(time.Now().Add(longestSilence)); err != nil {
		return 0, err
	}
	return c.Conn.Write(p)
}

// judge names the cause of an error. What else goes wrong once the server was
// given up is a consequence: net/http closes the connection.
func (c *impatientConn) judge(err error) error {
	if errors.Is(err, os.ErrDeadlineExceeded) {
		c.silent.Store(true)
	}
	if err != nil && c.silent.Load() {
		return errSilent
	}
	return err
}
