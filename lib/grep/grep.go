// Package grep runs blocks of lines through a query and writes the lines that
// match, in their order.
package grep

import (
	"bytes"
	"context"
	"errors"

	"github.com/wmtools/wm/lib/event"
	"github.com/wmtools/wm/lib/match"
	"github.com/wmtools/wm/lib/ndjson"
)

// Options change what is written.
type Options struct {
	Invert bool // write the lines that do not match
	Count  bool // write nothing, only count
	// Report is told, as a *event.LineError, about each line that cannot be judged: too long, or no
	// object while the query asks for fields. Such a line never matches, not
	// with Invert either.
	Report func(error)
}

var errNotObject = errors.New("not a JSON object")

// Run reads r to its end, or until ctx is done, and returns how many lines
// matched. It does not flush w: whoever owns w does, at the end and whenever r
// is drained.
func Run(ctx context.Context, r *ndjson.Reader, q *match.Query, w *ndjson.Writer, o Options) (matched int64, err error) {
	g := &run{r: r, q: q, w: w, o: o}
	for block, err := range r.Blocks(ctx) {
		if bad, ok := errors.AsType[*event.LineError](err); ok {
			o.Report(bad)
			continue
		}
		if err != nil {
			return g.matched, err
		}
		if err := g.block(block); err != nil {
			return g.matched, err
		}
	}
	return g.matched, nil
}

type run struct {
	r       *ndjson.Reader
	q       *match.Query
	w       *ndjson.Writer
	o       Options
	matched int64
}

func (g *run) block(b ndjson.Block) error {
	n := b.Line - 1
	for line := range ndjson.Lines(b.Data) {
		n++
		if len(g.q.Terms) > 0 && !match.IsObject(line) {
			if len(bytes.TrimSpace(line)) > 0 {
				g.o.Report(&event.LineError{Place: g.r.Place(n), Err: errNotObject})
			}
			continue
		}
		if g.q.Match(line) == g.o.Invert {
			continue
		}
		g.matched++
		if g.o.Count {
			continue
		}
		if err := g.w.WriteLine(line); err != nil {
			return err
		}
	}
	return nil
}
