package web

import (
	"bytes"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/wmtools/wm/lib/match"
)

const (
	rowsPerSecond = 20 // maximum for one client
	pingEvery     = 15 * time.Second
	writeTimeout  = 10 * time.Second
)

// serveLive sends the new changes of a view as server-sent events, each with the
// newest rows and the number of rows left out.
func (d *Dashboard) serveLive(w http.ResponseWriter, r *http.Request) {
	v, _, err := viewOf(r)
	if err != nil {
		writeProblem(w, err)
		return
	}
	p, err := match.Compile(v.query, match.Options{})
	if err != nil {
		writeProblem(w, bad("q", "the query cannot be followed live"))
		return
	}
	client := d.options.Client(r)
	if !d.limits.open(client) {
		w.Header().Set("Retry-After", strconv.Itoa(retryAfter))
		http.Error(w, "too many live streams", http.StatusTooManyRequests)
		return
	}
	defer d.limits.close(client)
	watcher := d.hubs.watch(v.stream)
	if watcher == nil {
		http.Error(w, "the server is shutting down", http.StatusServiceUnavailable)
		return
	}
	defer d.hubs.leave(v.stream, watcher)
	d.counters.live.Add(1)
	defer d.counters.live.Add(-1)
	header := w.Header()
	header.Set("Content-Type", "text/event-stream")
	header.Set("Cache-Control", "no-store")
	header.Set("X-Accel-Buffering", "no")
	follow(w, r, watcher, p)
}

// follow writes events until the client leaves or is dropped.
func follow(w http.ResponseWriter, r *http.Request, watcher *watcher, p *match.Predicate) {
	out := http.NewResponseController(w)
	ping := time.NewTicker(pingEvery)
	defer ping.Stop()
	send := func(message []byte) bool {
		_ = out.SetWriteDeadline(time.Now().Add(writeTimeout)) // not every writer supports it
		_, err := w.Write(message)
		return err == nil && out.Flush() == nil
	}
	if !send([]byte("retry: 3000\n\n")) {
		return
	}
	var message bytes.Buffer
	last := time.Now().Add(-pollEvery)
	for {
		message.Reset()
		select {
		case <-r.Context().Done():
			return
		case <-ping.C:
			_, _ = io.WriteString(&message, ": still here\n\n")
		case batch, ok := <-watcher.batches:
			if !ok {
				return
			}
			most := int(min(time.Since(last), 2*time.Second).Seconds()*rowsPerSecond) + 1
			if writeBatch(&message, batch, p, most) {
				last = time.Now()
			}
		}
		if message.Len() > 0 && !send(message.Bytes()) {
			return
		}
	}
}

// writeBatch appends an event with at most the given number of the newest matching
// changes. It reports whether there are any. Of the changes that were not read, as large
// a part is assumed to match as of the others.
func writeBatch(message *bytes.Buffer, b batch, p *match.Predicate, most int) bool {
	rows, leftOut := 0, 0
	for i := len(b.changes) - 1; i >= 0; i-- {
		if ok, err := p.Match(b.changes[i].line); !ok || err != nil {
			continue
		}
		if rows == most {
			leftOut++
			continue
		}
		if rows == 0 {
			message.WriteString(`event: rows` + "\n" + `data: {"rows":[`)
		} else {
			message.WriteByte(',')
		}
		message.Write(b.changes[i].row)
		rows++
	}
	if rows > 0 {
		leftOut += b.missed * (rows + leftOut) / len(b.changes)
		message.WriteString(`],"left_out":` + strconv.Itoa(leftOut) + "}\n\n")
	}
	return rows > 0
}
