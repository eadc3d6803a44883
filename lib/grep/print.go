package grep

import (
	"bytes"
	"errors"

	"github.com/wmtools/wm/lib/cursor"
	"github.com/wmtools/wm/lib/event"
	"github.com/wmtools/wm/lib/match"
	"github.com/wmtools/wm/lib/ndjson"
)

// printer writes the lines found, block by block.
type printer struct {
	in      *ndjson.Reader
	pattern *match.Pattern // nil if the query has none
	w       *ndjson.Writer
	o       Options
	result  Result
}

func (p *printer) print(b ndjson.Block, f *found, bad error) error {
	if bad != nil {
		if _, ok := errors.AsType[*event.LineError](bad); ok {
			p.result.Lines, p.result.Bytes = b.Line-1, b.Offset
		}
		p.o.Report(bad)
		return nil
	}
	lines, end, enough := p.limit(b, f)
	p.count(b, len(lines), end)
	p.in.Report(b, f.bad, end, p.o.Report)
	if !p.o.Quiet {
		if len(f.marks) > 0 {
			lines = withMarks(lines, f.marks, end)
		}
		if err := p.write(b.Data, lines); err != nil {
			return err
		}
	}
	if enough {
		return ndjson.ErrEnough
	}
	return nil
}

// limit returns the lines to select and the end of the part of the block that
// they need. It reports whether they complete Options.Max.
func (p *printer) limit(b ndjson.Block, f *found) (lines []match.Span, end int, enough bool) {
	left := p.o.Max - p.result.Matched
	if p.o.Max == 0 || int64(len(f.lines)) < left {
		return f.lines, len(b.Data), false
	}
	return f.lines[:left], min(f.lines[left-1].End+1, len(b.Data)), true
}

// count adds the first end bytes of a block to the result.
func (p *printer) count(b ndjson.Block, matched, end int) {
	read := b.Lines
	if end < len(b.Data) {
		read = int64(bytes.Count(b.Data[:end], []byte{'\n'}))
	}
	if end > 0 && b.Data[end-1] != '\n' {
		read++
	}
	p.result.Lines = b.Line - 1 + read
	p.result.Bytes = b.Offset + int64(end)
	p.result.Matched += int64(matched)
}

func (p *printer) write(block []byte, lines []match.Span) error {
	if p.o.Only || p.o.Color || len(p.o.Prefix) > 0 {
		return p.writeEach(block, lines)
	}
	// Adjacent lines are written at once.
	for i := 0; i < len(lines); {
		first, next := lines[i], i+1
		end := first.End
		for next < len(lines) && lines[next].Start == end+1 {
			end = lines[next].End
			next++
		}
		if err := p.w.WriteLines(block[first.Start:min(end+1, len(block))]); err != nil {
			return err
		}
		i = next
	}
	return nil
}

// writeEach writes the lines, or the matches in them, one by one. Watermarks are
// written unchanged.
func (p *printer) writeEach(block []byte, lines []match.Span) error {
	for _, at := range lines {
		line, write := block[at.Start:at.End], p.writeLine
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

// writeLine writes a line with its matches highlighted.
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

// The colors are those of grep: bold red for a match, magenta for a file name.
const (
	matchColor  = "\x1b[1;31m"
	prefixColor = "\x1b[35m"
	noColor     = "\x1b[m"
)

// add writes a part of a line. An error surfaces when the line is ended.
func (p *printer) add(color string, text []byte) {
	if color == "" || !p.o.Color || len(text) == 0 {
		_, _ = p.w.Write(text)
		return
	}
	_, _ = p.w.Write([]byte(color))
	_, _ = p.w.Write(text)
	_, _ = p.w.Write([]byte(noColor))
}
