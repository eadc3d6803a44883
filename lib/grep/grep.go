// Package grep runs blocks of lines through a query, several at a time, and
// writes the lines that match, in their order.
package grep

import (
	"context"
	"errors"

	"github.com/wmtools/wm/lib/match"
	"github.com/wmtools/wm/lib/ndjson"
)

// Options change what is written.
type Options struct {
	Workers int    // blocks that are searched at the same time; at least 1
	Invert  bool   // write the lines that do not match
	Quiet   bool   // write nothing, only count
	Only    bool   // write what the pattern matches, each on a line, not the whole line
	Color   bool   // paint what the pattern matches, and the prefix
	Prefix  []byte // before each line
	Max     int64  // end after so many lines; 0: at the end of the input
	// Report is told, as a *event.LineError, about each line that cannot be
	// judged: too long, or no object while the query asks for fields. Such a
	// line never matches, not with Invert either. It is also told when the input
	// cannot be read to its end; what came before counts.
	Report func(error)
}

// Result says what a run came to.
type Result struct {
	Lines   int64 // that were needed: with Max, up to the last that matched
	Bytes   int64 // of these, with their ends, decompressed
	Matched int64 // lines
}

// errEnough ends the work when Max lines have matched.
var errEnough = errors.New("enough lines have matched")

// Run reads r to its end, or until ctx is done or enough lines have matched. It
// flushes w whenever there is nothing more to be searched: what matches on a
// live pipe is handed on at once. The error is one of w.
func Run(ctx context.Context, r *ndjson.Reader, q match.Search, w *ndjson.Writer, o Options) (Result, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	o.Workers = max(1, o.Workers)
	line := newLine(o.Workers)
	go line.feed(ctx, r)
	for range o.Workers {
		go line.work(q.Searcher(), o.Invert)
	}
	p := &printer{place: r.Place, pattern: q.Pattern, w: w, o: o}
	var err error
	for j := range line.order {
		<-j.done
		if err == nil {
			err = p.print(j)
		}
		if err == nil && len(line.order) == 0 {
			err = w.Flush()
		}
		if err != nil {
			cancel() // and take what is under way off the line
		}
		line.recycle(j)
	}
	if errors.Is(err, errEnough) {
		err = nil
	}
	return p.result, err
}
