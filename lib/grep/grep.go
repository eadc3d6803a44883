// Package grep prints the lines that match a query. [Run] searches the blocks of
// an input in parallel and writes the matching lines in their order.
package grep

import (
	"context"

	"github.com/wmtools/wm/lib/match"
	"github.com/wmtools/wm/lib/ndjson"
)

// Options configures [Run]. The zero value prints every line that matches.
type Options struct {
	Workers int    // blocks searched at the same time; default 1
	Invert  bool   // select the lines that do not match
	Quiet   bool   // count only, write nothing
	Only    bool   // write each match of the pattern on a line instead of the whole line
	Color   bool   // highlight matches and the prefix
	Prefix  []byte // written before each line
	Max     int64  // stop after this many selected lines; 0 means no limit
	// Report receives a *event.LineError for each line that cannot be judged: one
	// that is too long, or is not an object while the query tests fields. Such a
	// line is never selected, even with Invert. Report also receives the error
	// that ends an input early; what was read before it still counts. Nil
	// ignores them.
	Report func(error)
}

// Result counts what was read and selected.
type Result struct {
	Lines   int64 // read; with Max, up to the last line selected
	Bytes   int64 // length of these lines, newlines included, decompressed
	Matched int64 // lines selected
}

// Run searches r until it ends, ctx is done or Max lines have been selected. It
// leaves the last lines in the buffer of w: flush w afterwards, and set the
// Drained option of r to flush it while a live input pauses. An error is that of
// w.
func Run(ctx context.Context, r *ndjson.Reader, q match.Search, w *ndjson.Writer, o Options) (Result, error) {
	if o.Report == nil {
		o.Report = func(error) {}
	}
	p := &printer{in: r, pattern: q.Pattern, w: w, o: o}
	pipeline := ndjson.Pipeline[found]{
		Workers: o.Workers,
		NewWorker: func() func([]byte, *found) {
			s := searcher{q.Searcher(), o}
			return s.search
		},
		Emit: p.print,
	}
	err := pipeline.Run(ctx, r)
	return p.result, err
}
