package table

import (
	"bytes"
	"context"

	"github.com/wmtools/wm/lib/cursor"
	"github.com/wmtools/wm/lib/match"
	"github.com/wmtools/wm/lib/ndjson"
)

// RunOptions configures [Run]. The zero value prints every event.
type RunOptions struct {
	Workers int              // blocks printed at the same time; default 1
	Events  *match.Predicate // which events to print; nil means all
	Max     int64            // stop after this many events; 0 means no limit
	// Report receives a *event.LineError for each line that is not an event, and
	// the error that ends an input early. Nil ignores them.
	Report func(error)
}

// Result counts what was read and printed.
type Result struct {
	Lines, Bytes int64 // read; with Max, up to the last event printed
	Printed      int64 // events
	Watermarks   int64 // dropped, see package cursor
}

// Add adds the counts of another input.
func (r *Result) Add(other Result) {
	r.Lines += other.Lines
	r.Bytes += other.Bytes
	r.Printed += other.Printed
	r.Watermarks += other.Watermarks
}

// Run prints the events of r to w in a format, until r ends, ctx is done or Max
// events have been printed. It leaves the last lines in the buffer of w: flush w
// afterwards, and set the Drained option of r to flush it while a live input
// pauses. An error is that of w.
func Run(ctx context.Context, r *ndjson.Reader, f Format, w *ndjson.Writer, o RunOptions) (Result, error) {
	if o.Report == nil {
		o.Report = func(error) {}
	}
	e := &emitter{in: r, w: w, o: o}
	pipeline := ndjson.Pipeline[printed]{
		Workers: o.Workers,
		NewWorker: func() func([]byte, *printed) {
			b := blockPrinter{f.Printer(), o.Events}
			return b.print
		},
		Emit: e.emit,
	}
	err := pipeline.Run(ctx, r)
	return e.result, err
}

// printed is the text of a block.
type printed struct {
	text  []byte
	rows  []row
	bad   []ndjson.BadLine
	marks []int // where watermarks start in the block
}

// row is where an event ends in the block, after its newline, and in the text.
type row struct{ block, text int }

// blockPrinter prints blocks in one goroutine.
type blockPrinter struct {
	printer Printer
	events  *match.Predicate
}

func (b blockPrinter) print(block []byte, p *printed) {
	p.text, p.rows, p.bad, p.marks = p.text[:0], p.rows[:0], p.bad[:0], p.marks[:0]
	for start := 0; start < len(block); {
		end := len(block)
		if n := bytes.IndexByte(block[start:], '\n'); n >= 0 {
			end = start + n + 1
		}
		b.line(block, start, end, p)
		start = end
	}
}

func (b blockPrinter) line(block []byte, start, end int, p *printed) {
	line := bytes.TrimSuffix(block[start:end], newline)
	switch {
	case cursor.IsWatermark(line):
		p.marks = append(p.marks, start)
		return
	case len(bytes.TrimSpace(line)) == 0:
		return
	}
	if wanted, err := b.wants(line); err != nil {
		p.bad = append(p.bad, ndjson.BadLine{Start: start, Err: err})
		return
	} else if !wanted {
		return
	}
	var err error
	if p.text, err = b.printer.Append(p.text, line); err != nil {
		p.bad = append(p.bad, ndjson.BadLine{Start: start, Err: err})
		return
	}
	p.rows = append(p.rows, row{end, len(p.text)})
}

var newline = []byte{'\n'}

func (b blockPrinter) wants(line []byte) (bool, error) {
	if b.events == nil {
		return true, nil
	}
	return b.events.Match(line)
}

// emitter writes the text of blocks in their order.
type emitter struct {
	in     *ndjson.Reader
	w      *ndjson.Writer
	o      RunOptions
	result Result
}

func (e *emitter) emit(block ndjson.Block, p *printed, err error) error {
	if err != nil {
		e.o.Report(err)
		return nil
	}
	text, end, enough := p.text, len(block.Data), false
	if left := e.o.Max - e.result.Printed; e.o.Max > 0 && int64(len(p.rows)) >= left {
		last := p.rows[left-1]
		p.rows, text, end, enough = p.rows[:left], text[:last.text], last.block, true
	}
	e.count(block, p, end)
	e.in.Report(block, p.bad, end, e.o.Report)
	if _, err := e.w.Write(text); err != nil {
		return err
	}
	if enough {
		return ndjson.ErrEnough
	}
	return nil
}

func (e *emitter) count(block ndjson.Block, p *printed, end int) {
	read := block.Lines
	if end < len(block.Data) {
		read = int64(bytes.Count(block.Data[:end], newline))
	}
	if end > 0 && block.Data[end-1] != '\n' {
		read++
	}
	e.result.Lines = block.Line - 1 + read
	e.result.Bytes = block.Offset + int64(end)
	e.result.Printed += int64(len(p.rows))
	for _, start := range p.marks {
		if start < end {
			e.result.Watermarks++
		}
	}
}
