package cmd_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/wmtools/wm/cmd/internal/cmdtest"
	"github.com/wmtools/wm/lib/simulate/service"
)

// flood is a server that sends many frames that differ from one another.
type flood struct {
	name  string
	count int
	frame func(w io.Writer, i int)
}

var long = strings.Repeat("z", 100_000)

var floods = []flood{
	{"long ids", 3000, func(w io.Writer, i int) {
		fmt.Fprintf(w, "id: [{\"topic\":\"eqiad.x\",\"partition\":0,\"timestamp\":1001}]\n"+
			"data: {\"meta\":{\"id\":\"%d%s\",\"topic\":\"eqiad.x\",\"partition\":0,\"offset\":%d}}\n\n", i, long, i)
	}},
	{"a burst on one millisecond", 300_000, func(w io.Writer, i int) {
		fmt.Fprintf(w, "id: [{\"topic\":\"eqiad.x\",\"partition\":0,\"timestamp\":1001}]\n"+
			"data: {\"meta\":{\"id\":\"%08x-0000-4000-8000-000000000000\",\"topic\":\"eqiad.x\",\"partition\":0,\"offset\":%d}}\n\n", i, i)
	}},
	{"long names of topics", 3000, func(w io.Writer, i int) {
		fmt.Fprintf(w, "id: [{\"topic\":\"%d%s\",\"partition\":0,\"timestamp\":1001}]\ndata: {\"meta\":{}}\n\n", i, long)
	}},
	{"large events", 40, func(w io.Writer, i int) {
		fmt.Fprintf(w, "id: [{\"topic\":\"eqiad.x\",\"partition\":0,\"timestamp\":%d}]\n"+
			"data: {\"meta\":{\"id\":\"%08x-0000-4000-8000-000000000000\",\"topic\":\"eqiad.x\",\"partition\":0,\"offset\":%d},\"x\":\"", 1001+i, i, i)
		for range 80 {
			fmt.Fprint(w, long)
		}
		fmt.Fprint(w, "\"}\n\n")
	}},
}

// Memory does not grow with anything that differs from frame to frame.
func TestTailDoesNotGrow(t *testing.T) {
	for _, f := range floods {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			url := rawServer(t, func(c net.Conn) {
				w := bufio.NewWriterSize(c, 64<<10)
				fmt.Fprint(w, streamHead)
				for i := range f.count {
					f.frame(w, i)
				}
				w.Flush()
				_, _ = io.Copy(io.Discard, c)
			})
			tail := cmdtest.NewTail(t, "--url", url, "-n", fmt.Sprint(f.count))
			tail.Stdout = nil
			peak := cmdtest.PeakMemory(t, tail.Cmd)
			cmdtest.ExpectExit(t, tail.ProcessState.ExitCode(), 0, tail.ErrBuf.String())
			cmdtest.Contains(t, tail.ErrBuf.String(), fmt.Sprintf("%d events in", f.count))
			if peak > 64<<20 {
				t.Errorf("took %d MiB of memory", peak>>20)
			}
		})
	}
}

// A server that fails after its repeats, or whose topics change each time, is not
// asked in a tight loop: 20 times in three seconds is far more than the backoff
// allows.
func TestTailDoesNotHammer(t *testing.T) {
	failing := service.NewServer(service.New(service.Options{
		Faults: service.Cycle(service.Fault{End: service.ErrorFrame, Events: 20}),
	}))
	t.Cleanup(failing.Close)
	failing.Append(cmdtest.Made(15, 20, 10*time.Minute, 40)...)
	var asked atomic.Int64
	changing := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n := asked.Add(1)
		if r.Header.Get("Last-Event-ID") == "" {
			w.Header().Set("Content-Type", "text/event-stream")
			fmt.Fprint(w, goodFrame)
			return
		}
		w.WriteHeader(http.StatusNotFound)
		fmt.Fprintf(w, `{"availableTopics":["t%d"]}`, n)
	}))
	t.Cleanup(changing.Close)
	for _, tt := range []struct {
		name, url string
		asked     func() int
	}{
		{"fails after the repeats", failing.URL, failing.Connections},
		{"has different topics each time", changing.URL, func() int { return int(asked.Load()) }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
			defer cancel()
			tail := cmdtest.NewTail(t, "--url", tt.url, "--since", "1h", "--overlap", "10s")
			if err := tail.Start(); err != nil {
				t.Fatal(err)
			}
			<-ctx.Done()
			if err := tail.Process.Kill(); err != nil {
				t.Fatal(err)
			}
			_ = tail.Wait() // it was killed
			if n := tt.asked(); n < 2 || n > 20 {
				t.Errorf("asked %d times in 3 s: %.300s", n, &tail.ErrBuf)
			}
		})
	}
}
