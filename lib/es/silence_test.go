package es

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// between returns a client connected to a function.
func between(t *testing.T, serve func(net.Conn)) *Client {
	t.Helper()
	tr := transport(func(context.Context, string, string) (net.Conn, error) {
		ours, theirs := net.Pipe()
		go serve(theirs)
		return ours, nil
	}, DefaultSilence)
	t.Cleanup(tr.CloseIdleConnections)
	c, err := New(Options{URLs: []string{"http://es"}, Transport: tr})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// The client gives up on a server that stops within a request, or before or within
// the answer, but not on a slow one.
func TestSilentServer(t *testing.T) {
	const body = 3 * piece
	head := "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n"
	for name, tt := range map[string]struct {
		takes int64 // of the request
		gives string
		pause time.Duration // before each byte of either
		fails bool
	}{
		"takes nothing":        {0, "", 0, true},
		"takes a part":         {body / 2, "", 0, true},
		"answers nothing":      {body, "", 0, true},
		"answers in part":      {body, head + "{", 0, true},
		"slow, but gets there": {body, head + `{"errors":false    }`, DefaultSilence * 3 / 4, false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				end := make(chan struct{})
				defer close(end)
				c := between(t, func(conn net.Conn) {
					defer conn.Close()
					for rest := tt.takes; rest > 0; rest -= piece {
						time.Sleep(tt.pause)
						_, _ = io.CopyN(io.Discard, conn, min(rest, piece))
					}
					if tt.takes == body {
						go func() { _, _ = io.Copy(io.Discard, conn) }() // the size of the header too
					}
					for _, b := range []byte(tt.gives) {
						time.Sleep(tt.pause)
						_, _ = conn.Write([]byte{b})
					}
					<-end
				})
				begin := time.Now()
				a, err := c.Bulk(t.Context(), []byte(strings.Repeat("x", body)), "", nil)
				e, failed := errors.AsType[*Error](err)
				if failed != tt.fails || failed && e.Kind() != Silent {
					t.Errorf("%v, %v", a.Status, err)
				}
				if took := time.Since(begin); tt.fails && took != DefaultSilence {
					t.Errorf("it took %v", took)
				}
			})
		})
	}
}
