// Package grep runs blocks of lines through a query, several at a time, and
// writes the lines that match, in their order.
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
	Workers int    // blocks that are searched at the same time; at least 1
	Invert  bool   // write the lines that do not match
	Quiet   bool   // write nothing, only count
	Only    bool   // write what the pattern matches, each on a line, not the whole line
	Prefix  []byte // before each line
	Max     int64  // end after so many lines; 0: at the end of the input
	// Report is told, as a *event.LineError, about each line that cannot be judged: too long, or no
	// object while the query asks for fields. Such a line never matches, not
	// with Invert either.
	Report func(error)
}

// errEnough ends the work when Max lines have matched.
var errEnough = errors.New("enough lines have matched")

// Run reads r to its end, or until ctx is done, and returns how many lines
// matched. It flushes w whenever there is nothing more to be searched: what
// matches on a live pipe is handed on at once.
func Run(ctx context.Context, r *ndjson.Reader, q match.Search, w *ndjson.Writer, o Options) (matched int64, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	o.Workers = max(1, o.Workers)
	line := newLine(o.Workers)
	go line.feed(ctx, r)
	for range o.Workers {
		go line.work(q.Searcher(), o.Invert)
	}
	p := &printer{place: r.Place, pattern: q.Pattern, w: w, o: o}
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
	return p.matched, err
}

// printer writes the results of jobs in their order.
type printer struct {
	place   func(line int64) string
	pattern *match.Pattern
	w       *ndjson.Writer
	o       Options
	matched int64
	places  []match.Span // of the matches in a line
}

func (p *printer) print(j *job) error {
	if bad, ok := errors.AsType[*event.LineError](j.err); ok {
		p.o.Report(bad)
		return nil
	}
	if j.err != nil {
		return j.err
	}
	for _, bad := range j.bad {
		number := j.line + int64(bytes.Count(j.data[:bad.Start], []byte{'\n'}))
		p.o.Report(&event.LineError{Place: p.place(number), Err: bad.err})
	}
	enough := p.o.Max > 0 && p.matched+int64(len(j.found)) >= p.o.Max
	if enough {
		j.found = j.found[:p.o.Max-p.matched]
	}
	p.matched += int64(len(j.found))
	if len(j.marks) > 0 && !p.o.Only {
		j.found = with(j.found, j.marks)
	}
	if !p.o.Quiet {
		if err := p.write(j); err != nil {
			return err
		}
	}
	if enough {
		return errEnough
	}
	return nil
}

func (p *printer) write(j *job) error {
	if p.o.Only || len(p.o.Prefix) > 0 {
		return p.writeEach(j)
	}
	// Lines that follow each other are written in one piece.
	for i := 0; i < len(j.found); {
		first, next := j.found[i], i+1
		end := first.End
		for next < len(j.found) && j.found[next].Start == end+1 {
			end = j.found[next].End
			next++
		}
		if err := p.w.WriteLines(j.data[first.Start:min(end+1, len(j.data))]); err != nil {
			return err
		}
		i = next
	}
	return nil
}

// writeEach writes one line, or one match, after the other.
func (p *printer) writeEach(j *job) error {
	for _, at := range j.found {
		line := j.data[at.Start:at.End]
		if !p.o.Only {
			if err := p.w.WriteLine(append(p.o.Prefix[:len(p.o.Prefix):len(p.o.Prefix)], line...)); err != nil {
				return err
			}
			continue
		}
		p.places = p.pattern.FindAll(p.places[:0], line)
		for _, m := range p.places {
			part := line[m.Start:m.End]
			if len(part) == 0 {
				continue
			}
			if err := p.w.WriteLine(append(p.o.Prefix[:len(p.o.Prefix):len(p.o.Prefix)], part...)); err != nil {
				return err
			}
		}
	}
	return nil
}
