package cmd_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tidwall/gjson"

	"github.com/wmtools/wm/cmd/internal/cmdtest"
	"github.com/wmtools/wm/lib/simulate"
)

// If no message is as new as requested, Kafka's client begins at the end of the
// log, but gets there some time after the look-up: kafka-sse does not send messages
// in between, but sends later ones. Such a later message must not hide the others.
func TestTailBeginsAtTheLiveEnd(t *testing.T) {
	t.Parallel()
	start := time.Now().Add(-time.Hour)
	dated := func(seed uint64, after time.Duration) simulate.Event {
		return simulate.New(seed, simulate.Options{Start: start.Add(after), Canary: -1}).Next()
	}
	between, later := dated(1, 3*time.Second), dated(2, 9*time.Second)
	var asked atomic.Int64
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n := asked.Add(1)
		w.Header().Set("Date", start.Add(time.Duration(n)*10*time.Second).UTC().Format(http.TimeFormat))
		if n == 1 {
			w.Header().Set("Date", start.UTC().Format(http.TimeFormat))
		}
		w.Header().Set("Content-Type", "text/event-stream")
		fmt.Fprint(w, ":ok\n\n")
		switch from := gjson.Get(r.Header.Get("Last-Event-ID"), "0.timestamp").Int(); {
		case n == 1: // at the live end, and cut before anything has come
			return
		case n > 2 && between.Time >= from:
			sendFrames(w, between)
		}
		sendFrames(w, later)
		<-r.Context().Done()
	}))
	t.Cleanup(srv.Close)
	lines, stderr, code := cmdtest.RunTail(t, "--url", srv.URL, "-n", "2", "--idle", "2s", "--retry-for", "5s")
	cmdtest.ExpectExit(t, code, 0, stderr)
	cmdtest.CompareEvents(t, lines, []simulate.Event{between, later})
}

func sendFrames(w http.ResponseWriter, events ...simulate.Event) {
	for _, e := range events {
		fmt.Fprintf(w, "event: message\nid: [{\"topic\":%q,\"partition\":0,\"timestamp\":%d},{\"topic\":\"codfw.mediawiki.recentchange\",\"partition\":0,\"offset\":-1}]\ndata: %s\n\n",
			e.Topic, e.Time+1, e.Data)
	}
	_ = http.NewResponseController(w).Flush() // the client may have gone
}
