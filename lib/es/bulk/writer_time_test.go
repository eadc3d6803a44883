package bulk

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/wmtools/wm/lib/es"
	"github.com/wmtools/wm/lib/event"
)

// These tests are about time. They run in a bubble with a fake clock, which cannot
// have real connections.

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

// over returns a client whose requests go to a function.
func over(t *testing.T, f roundTrip) *es.Client {
	t.Helper()
	c, err := es.New(es.Options{URLs: []string{"http://127.0.0.1:1"}, Transport: f})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// gated returns a client whose server sends the number of documents of each request
// to arrived and answers once it receives from gate.
func gated(t *testing.T, arrived chan<- int, gate <-chan struct{}) *es.Client {
	return over(t, func(req *http.Request) (*http.Response, error) {
		defer req.Body.Close()
		body, _ := io.ReadAll(req.Body)
		n := bytes.Count(body, []byte("\n")) / 2
		arrived <- n
		select {
		case <-gate:
		case <-req.Context().Done():
			return nil, req.Context().Err()
		}
		answer := answerBody(slices.Repeat([]outcome{{status: 201}}, n))
		return &http.Response{StatusCode: 200, Body: io.NopCloser(bytes.NewReader(answer)), Request: req}, nil
	})
}

func opened() chan struct{} {
	gate := make(chan struct{})
	close(gate)
	return gate
}

func put(t *testing.T, b *Writer, i int) {
	t.Helper()
	if err := b.Put(t.Context(), event.New([]byte(lineOf(i)))); err != nil {
		t.Error(err)
	}
}

func TestWriterFlushes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		arrived := make(chan int, 9)
		b := NewWriter(gated(t, arrived, opened()), Options{Workers: 1, Index: mustPattern(t, "x")})
		put(t, b, 0)
		time.Sleep(200 * time.Millisecond)
		put(t, b, 1) // does not put the flush off
		time.Sleep(DefaultFlush - 200*time.Millisecond - time.Nanosecond)
		synctest.Wait()
		if len(arrived) != 0 {
			t.Fatal("sent too early")
		}
		time.Sleep(time.Nanosecond)
		synctest.Wait()
		if len(arrived) != 1 || <-arrived != 2 {
			t.Error("both documents are not sent when they should be")
		}
		time.Sleep(time.Hour)
		if err := b.Close(t.Context()); err != nil || len(arrived) != 0 {
			t.Errorf("%v, and %d more requests", err, len(arrived))
		}
	})
}

// A batch that is due while another is being sent is filled further.
func TestWriterFillsWhileSending(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		arrived, gate := make(chan int, 9), make(chan struct{})
		b := NewWriter(gated(t, arrived, gate), Options{Workers: 1, Index: mustPattern(t, "x")})
		put(t, b, 0)
		time.Sleep(time.Second)
		put(t, b, 1)
		time.Sleep(time.Second)
		put(t, b, 2)
		synctest.Wait()
		close(gate)
		if err := b.Close(t.Context()); err != nil {
			t.Error(err)
		}
		if first, second := <-arrived, <-arrived; first != 1 || second != 2 {
			t.Errorf("sent %d, then %d", first, second)
		}
	})
}

// While one batch is being sent and the next is full, Put blocks.
func TestWriterHoldsBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		arrived, gate := make(chan int, 99), make(chan struct{})
		b := NewWriter(gated(t, arrived, gate), Options{Workers: 1, Index: mustPattern(t, "x"), BatchBytes: 1})
		var done atomic.Bool
		go func() {
			for i := range 9 {
				put(t, b, i)
			}
			done.Store(true)
		}()
		synctest.Wait()
		if read := b.Ledger().Read; read != 2 || done.Load() {
			t.Errorf("%d events are in memory while the first is on its way, want 2", read)
		}
		close(gate)
		synctest.Wait()
		if err := b.Close(t.Context()); err != nil || !done.Load() || b.Ledger().Created != 9 {
			t.Errorf("%v, ledger %+v", err, b.Ledger())
		}
	})
}

func TestWriterPutGivesUpWithContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := NewWriter(gated(t, make(chan int, 9), nil), Options{Workers: 1, Index: mustPattern(t, "x"), BatchBytes: 1})
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		var err error
		for err == nil {
			err = b.Put(ctx, event.New([]byte(lineOf(1))))
		}
		if !strings.HasPrefix(err.Error(), "2 of 2 events are not settled: ") {
			t.Error(err)
		}
		if err := b.Close(ctx); err != nil {
			t.Errorf("returned again: %v", err)
		}
	})
}

func TestWriterCloseGivesUpWithContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		outages := 0
		c := over(t, func(req *http.Request) (*http.Response, error) {
			_ = req.Body.Close()
			return nil, net.ErrClosed
		})
		b := NewWriter(c, Options{Workers: 1, Index: mustPattern(t, "x"), OnOutage: func(error, time.Duration) { outages++ }})
		put(t, b, 0)
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		err := b.Close(ctx)
		if err == nil || err.Error() != "1 of 1 events are not settled: gave up waiting: http://127.0.0.1:1: "+net.ErrClosed.Error() {
			t.Error(err)
		}
		if outages < 5 {
			t.Errorf("tried %d times in a minute", outages)
		}
	})
}

// net/http may read a body after the answer is there, so the batch must not change
// until then.
func TestWriterLeavesBodyAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := over(t, func(req *http.Request) (*http.Response, error) {
			time.AfterFunc(time.Minute, func() { _ = req.Body.Close() })
			return &http.Response{StatusCode: 413, Body: http.NoBody, Request: req}, nil
		})
		start := time.Now()
		if _, err := c.Bulk(t.Context(), []byte("x"), "", nil); err != nil || time.Since(start) != time.Minute {
			t.Errorf("%v, returned after %v while the body was read for a minute", err, time.Since(start))
		}
	})
}

// With nothing to send, a context that has ended is not an error.
func TestWriterCloseIdle(t *testing.T) {
	b := NewWriter(gated(t, make(chan int, 9), nil), Options{Workers: 1, Index: mustPattern(t, "x")})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := b.Close(ctx); err != nil {
		t.Error(err)
	}
}
