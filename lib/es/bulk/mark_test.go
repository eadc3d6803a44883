package bulk

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/wmtools/wm/lib/cursor"
	"github.com/wmtools/wm/lib/es"
	"github.com/wmtools/wm/lib/event"
)

func putMark(t *testing.T, b *Writer, from int64) {
	t.Helper()
	c := cursor.Cursor{Streams: []string{"mediawiki.recentchange"}, From: from, Saved: from}
	if err := b.Put(t.Context(), event.New(c.Watermark())); err != nil {
		t.Error(err)
	}
}

// slowly returns a client whose server answers the request with document id-I once
// gates[I] is closed.
func slowly(t *testing.T, gates []chan struct{}) *es.Client {
	return over(t, func(req *http.Request) (*http.Response, error) {
		defer req.Body.Close()
		body, _ := io.ReadAll(req.Body)
		for i, gate := range gates {
			if !bytes.Contains(body, fmt.Appendf(nil, `"id-%d"`, i)) {
				continue
			}
			select {
			case <-gate:
			case <-req.Context().Done():
				return nil, req.Context().Err()
			}
		}
		answer := answerBody(slices.Repeat([]outcome{{status: 201}}, bytes.Count(body, []byte("\n"))/2))
		return &http.Response{StatusCode: 200, Body: io.NopCloser(bytes.NewReader(answer)), Request: req}, nil
	})
}

// The cursor moves over settled events in input order, whichever batch is settled
// first.
func TestMarksWaitForAllBefore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gates := []chan struct{}{make(chan struct{}), make(chan struct{}), make(chan struct{})}
		var reports []string
		b := NewWriter(slowly(t, gates), Options{
			Index: mustPattern(t, "x"), BatchBytes: 1, Workers: 3,
			OnMark: func(c cursor.Cursor) error {
				reports = append(reports, fmt.Sprint("mark ", c.From))
				return nil
			},
			OnReject: func(r Reject) error {
				reports = append(reports, fmt.Sprint("reject ", r.Line))
				return nil
			},
		})
		expectReports := func(want string) {
			t.Helper()
			synctest.Wait()
			if got := strings.Join(reports, ", "); got != want {
				t.Errorf("reports %q, want %q", got, want)
			}
		}
		putMark(t, b, 9) // before anything: nothing has to be settled
		put(t, b, 0)
		putMark(t, b, 10)
		if err := b.Put(t.Context(), event.New([]byte("noise"))); err != nil {
			t.Error(err)
		}
		put(t, b, 1)
		putMark(t, b, 11)
		put(t, b, 2)
		close(gates[2])
		close(gates[1])
		expectReports("")
		close(gates[0])
		expectReports("mark 10, reject 2, mark 11")
		putMark(t, b, 12)
		if err := b.Close(t.Context()); err != nil {
			t.Error(err)
		}
		expectReports("mark 10, reject 2, mark 11, mark 12")
		if l := b.Ledger(); (l != Ledger{Read: 4, Created: 3, Rejected: 1}) {
			t.Errorf("ledger %+v", l)
		}
	})
}

// Events after an unsettled one do not move the cursor, but count if they are
// settled.
func TestNoMarkAfterOpenEvents(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gates := []chan struct{}{make(chan struct{}), make(chan struct{})}
		b := NewWriter(slowly(t, gates), Options{
			Index: mustPattern(t, "x"), BatchBytes: 1, Workers: 2,
			OnMark: func(c cursor.Cursor) error {
				t.Errorf("mark %d", c.From)
				return nil
			},
		})
		put(t, b, 0)
		put(t, b, 1)
		putMark(t, b, 10)
		close(gates[1])
		synctest.Wait()
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := b.Close(ctx); err == nil || !strings.HasPrefix(err.Error(), "1 of 2 events are not settled: ") {
			t.Error(err)
		}
		if l := b.Ledger(); l.Created != 1 {
			t.Errorf("ledger %+v", l)
		}
	})
}

// An error from OnMark or OnReject ends writing.
func TestWriterEndsWithErrorsOfCallbacks(t *testing.T) {
	full := errors.New("disk full")
	for name, o := range map[string]Options{
		"mark":   {OnMark: func(cursor.Cursor) error { return full }},
		"reject": {OnReject: func(Reject) error { return full }},
	} {
		t.Run(name, func(t *testing.T) {
			o.Index = mustPattern(t, es.DefaultIndex)
			b := NewWriter(newServer(t).client(), o)
			put(t, b, 0)
			_ = b.Put(t.Context(), event.New([]byte("noise")))
			putMark(t, b, 10)
			if err := b.Close(t.Context()); !errors.Is(err, full) {
				t.Errorf("error %v", err)
			}
		})
	}
}
