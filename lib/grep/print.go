package grep

import (
	"bytes"
	"errors"

	"github.com/wmtools/wm/lib/cursor"
	"github.com/wmtools/wm/lib/event"
	"github.com/wmtools/wm/lib/match"
	"github.com/wmtools/wm/lib/ndjson"
)

// printer writes the results of jobs in their order.
type printer struct {
	place   func(line int64) string
	pattern *match.Pattern // nil: there is none
	w       *ndjson.Writer
	o       Options
	result  Result
}

func (p *printer) print(j *job) error {
	if _, ok := errors.AsType[*event.LineError](j.err); ok {
		p.result.Lines, p.result.Bytes = j.line-1, j.offset
	}
	if j.err != nil {
		p.o.Report(j.err)
		return nil
	}
	enough, end := p.count(j)
	p.report(j, end)
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

// report tells about the bad lines that begin before end.
func (p *printer) report(j *job, end int) {
	number, at := j.line, 0
	for i, bad := range j.bad {
		if bad.Start >= end {
			return
		}
		number += int64(bytes.Count(j.data[at:bad.Start], []byte{'\n'}))
		at = bad.Start
		p.o.Report(&event.LineError{Place: p.place(number), Err: j.causes[i]})
	}
}

// count adds a job to the result, and cuts what was found to what is needed. It
// reports whether that is enough, and where in the job it ends.
func (p *printer) count(j *job) (enough bool, end int) {
	end = len(j.data)
	if left := p.o.Max - p.result.Matched; p.o.Max > 0 && int64(len(j.found)) >= left {
		enough = true
		j.found = j.found[:left]
		end = min(j.found[left-1].End+1, end)
	}
	p.result.Matched += int64(len(j.found))
	p.result.Lines = j.line - 1 + int64(bytes.Count(j.data[:end], []byte{'\n'}))
	if end > 0 && j.data[end-1] != '\n' {
		p.result.Lines++
	}
	p.result.Bytes = j.offset + int64(end)
	if len(j.marks) > 0 && !p.o.Only {
		j.found = with(j.found, j.marks, end)
	}
	return enough, end
}

func (p *printer) write(j *job) error {
	if p.o.Only || p.o.Color || len(p.o.Prefix) > 0 {
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

// writeEach writes one line, or one match, after the other. Watermarks stay as
// they are.
func (p *printer) writeEach(j *job) error {
	for _, at := range j.found {
		line, write := j.data[at.Start:at.End], p.writeLine
		switch {
		case cursor.IsWatermark(line):
			write = p.w.WriteLine
		case p.o.Only:
			write = p.writeMatches
		}
		if err := write(line); err != nil {
			return err
		}
	}
	return nil
}

// writeLine writes a line whose matches have their colour.
func (p *printer) writeLine(line []byte) error {
	p.add(prefixColor, p.o.Prefix)
	at := 0
	if p.o.Color {
		p.eachMatch(line, func(m match.Span) {
			p.add("", line[at:m.Start])
			p.add(matchColor, line[m.Start:m.End])
			at = m.End
		})
	}
	return p.w.WriteLine(line[at:])
}

func (p *printer) writeMatches(line []byte) (err error) {
	p.eachMatch(line, func(m match.Span) {
		p.add(prefixColor, p.o.Prefix)
		p.add(matchColor, line[m.Start:m.End])
		err = p.w.WriteLine(nil)
	})
	return err
}

func (p *printer) eachMatch(line []byte, found func(match.Span)) {
	if p.pattern != nil && !p.o.Invert {
		p.pattern.EachPlace(line, found)
	}
}

// The colours are those of grep: what matches is bold red, a file magenta.
const (
	matchColor  = "\x1b[1;31m"
	prefixColor = "\x1b[35m"
	noColor     = "\x1b[m"
)

// add writes a part of a line. Whether that works, the line's end tells.
func (p *printer) add(color string, text []byte) {
	if color == "" || !p.o.Color || len(text) == 0 {
		_, _ = p.w.Write(text)
		return
	}
	_, _ = p.w.Write([]byte(color))
	_, _ = p.w.Write(text)
	_, _ = p.w.Write([]byte(noColor))
}
