//go:build unix

package bulk

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/wmtools/wm/lib/es"
	"github.com/wmtools/wm/lib/event"
)

// The null server costs as little as possible: it counts lines and answers that all
// documents were created. Its cost is included, because it shares the process.
func BenchmarkBulk(b *testing.B) {
	c, err := es.New(es.Options{URLs: []string{"http://" + nullServer(b)}})
	if err != nil {
		b.Fatal(err)
	}
	e := event.New([]byte(ordinary(1393)))
	sink := NewWriter(c, Options{Index: mustPattern(b, es.DefaultIndex)})
	b.SetBytes(int64(len(e.Line())))
	b.ReportAllocs()
	before := cpuTime(b)
	for b.Loop() {
		if err := sink.Put(b.Context(), e); err != nil {
			b.Fatal(err)
		}
	}
	if err := sink.Close(b.Context()); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(b.N)/(cpuTime(b)-before).Seconds(), "docs/cpu-s")
}

func cpuTime(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func nullServer(b *testing.B) string {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = ln.Close() })
	go func() {
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			go swallow(conn)
		}
	}()
	return ln.Addr().String()
}

func swallow(conn net.Conn) {
	defer conn.Close()
	in := bufio.NewReaderSize(conn, 256<<10)
	buf := make([]byte, 256<<10)
	for {
		req, err := http.ReadRequest(in)
		if err != nil {
			return
		}
		lines := 0
		for err == nil {
			var n int
			n, err = req.Body.Read(buf)
			lines += bytes.Count(buf[:n], []byte("\n"))
		}
		if err != io.EOF {
			return
		}
		body := `{"errors":false,"took":1,"items":[{"create":{"status":201}}` + strings.Repeat(`,{"create":{"status":201}}`, lines/2-1) + "]}"
		fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
	}
}
