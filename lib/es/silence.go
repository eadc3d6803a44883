package es

import (
	"cmp"
	"context"
	"errors"
	"net"
	"os"
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
		return impatientConn{c}, nil
	}
}

type impatientConn struct{ net.Conn }

// Read also waits while there is no request: a connection without one for so
// long is closed, and the next request makes another.
func (c impatientConn) Read(p []byte) (int, error) {
	if err := c.SetReadDeadline(time.Now().Add(longestSilence)); err != nil {
		return 0, err
	}
	n, err := c.Conn.Read(p)
	return n, silent(err)
}

// Write gives each piece its time, and the answer its own from there on.
func (c impatientConn) Write(p []byte) (written int, err error) {
	if err := c.SetReadDeadline(time.Time{}); err != nil {
		return 0, err
	}
	for len(p) > 0 && err == nil {
		var n int
		n, err = c.writePiece(p[:min(len(p), piece)])
		written, p = written+n, p[n:]
	}
	return written, cmp.Or(silent(err), c.SetReadDeadline(time.Now().Add(longestSilence)))
}

func (c impatientConn) writePiece(p []byte) (int, error) {
	if err := c.SetWriteDeadline(time.Now().Add(longestSilence)); err != nil {
		return 0, err
	}
	return c.Conn.Write(p)
}

func silent(err error) error {
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return errSilent
	}
	return err
}
