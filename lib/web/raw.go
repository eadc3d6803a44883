package web

import (
	"bufio"
	"errors"
	"net/http"
	"strconv"

	"github.com/wmtools/wm/lib/es/bulk"
	"github.com/wmtools/wm/lib/es/query"
)

// maxRaw is the maximum number of events in one response.
const maxRaw = 100_000

// serveRows streams the events of a view as NDJSON, newest first: the original lines,
// as wm-grep and wm-es read them.
func (d *Dashboard) serveRows(w http.ResponseWriter, r *http.Request) {
	v, own, err := viewOf(r, "limit", "format")
	if err != nil {
		writeProblem(w, err)
		return
	}
	limit := maxRaw
	if text := own.Get("limit"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > maxRaw {
			writeProblem(w, bad("limit", "the limit %q is not a number from 1 to %d", text, maxRaw))
			return
		}
		limit = n
	}
	if format := own.Get("format"); format != "" && format != "ndjson" {
		writeProblem(w, bad("format", "raw events are sent as ndjson"))
		return
	}
	d.streamRows(w, r, v, limit)
}

func (d *Dashboard) streamRows(w http.ResponseWriter, r *http.Request, v view, limit int) {
	win, s := v.window(d.options.Now(), 0), source{d.options.Index, v.stream}
	index, err := s.index()
	if err != nil {
		writeProblem(w, err)
		return
	}
	w.Header().Set("Content-Type", "application/x-ndjson; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="wm-`+v.stream+`.ndjson"`)
	w.Header().Set("Cache-Control", "no-store")
	out := bufio.NewWriterSize(w, 64<<10)
	n, line := 0, []byte(nil)
	err = d.options.Searcher.Each(r.Context(), index, s.filter(v.query, win.from, win.to), newestFirst(), limit, func(hit query.Hit) error {
		n++
		line = append(bulk.AppendOriginal(line[:0], hit.Source), '\n')
		_, err := out.Write(line)
		return err
	})
	switch {
	case errors.Is(err, query.ErrNoIndex):
	case err != nil && n == 0:
		w.Header().Del("Content-Disposition")
		d.options.OnError(err)
		writeProblem(w, err)
		return
	case err != nil:
		d.options.OnError(err)
		panic(http.ErrAbortHandler) // the client must see that the response is incomplete
	}
	_ = out.Flush()
}
