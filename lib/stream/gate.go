package stream

import (
	"bytes"
	"io"
)

// gate passes on only whole blocks of an event stream: the bytes between two
// blank lines, including the second. A block of the usual form can be used as
// it is; for all others sse.EventStreamReader is safe to use on the gate.
// Without a gate, that reader would return a frame truncated by the connection,
// with an incomplete id, as a whole one; it would return comments as events; and
// after one large event it would search all of its grown buffer at each step.
// The gate also turns CR and CRLF into LF, drops a byte order mark, and skips a
// block that is too large without ending the stream.
type gate struct {
	src io.Reader
	max int

	buf []byte
	// Offsets in buf: the block under construction and its last line begin
	// here, there is no newline between line and seen, data ends at end.
	block, line, seen, end int

	useful  bool   // the block has a line that is not a comment
	begun   bool   // after the first line, which may have a byte order mark
	dropLF  bool   // the last byte of the last read was a CR
	skipped int    // bytes dropped of a block that is too large
	head    []byte // first bytes of that block
	large   int    // size of a skipped block that was not reported yet

	count int    // lines of the block under construction
	ends  [3]int // ends of the first ones, counted from its start

	whole []byte // rest of the last whole block
	lines int    // lines of that block, without the blank one
}

var byteOrderMark = []byte("\xef\xbb\xbf")

// headSize is how much is kept of a block that is too large: its id line and
// enough of its data to identify the event.
const headSize = 16 << 10

// firstSize is the size of the buffer until a block needs more. A buffer that
// has grown keeps its size until the connection ends, some minutes later.
const firstSize = 256 << 10

func newGate(src io.Reader, max int) *gate {
	return &gate{src: src, max: max, buf: make([]byte, min(firstSize, max))}
}

// next returns the next whole block, with its blank line, until take removes it.
// After a block that was too large it returns nil; see oversize.
func (g *gate) next() ([]byte, error) {
	for len(g.whole) == 0 && g.large == 0 {
		if err := g.advance(); err != nil {
			return nil, err
		}
	}
	return g.whole, nil
}

// take removes the block that next returned.
func (g *gate) take() { g.whole = nil }

// oversize returns the first bytes and the size of a block that was skipped,
// once; otherwise a size of 0.
func (g *gate) oversize() (head []byte, size int) {
	size, g.large = g.large, 0
	return g.head, size
}

// Read reads from the block that next returned, and not beyond it.
func (g *gate) Read(p []byte) (int, error) {
	if len(g.whole) == 0 {
		return 0, io.EOF
	}
	n := copy(p, g.whole)
	g.whole = g.whole[n:]
	return n, nil
}

// advance adds one more line, or more bytes if there is no whole line.
func (g *gate) advance() error {
	i := bytes.IndexByte(g.buf[g.seen:g.end], '\n')
	if i < 0 {
		g.seen = g.end
		return g.fill()
	}
	end := g.seen + i
	if !g.begun {
		g.begun = true
		if bytes.HasPrefix(g.buf[g.line:end], byteOrderMark) {
			g.block += len(byteOrderMark)
			g.line = g.block
		}
	}
	if end == g.line {
		g.finish(end + 1)
	} else {
		g.useful = g.useful || g.buf[g.line] != ':'
		if g.count < len(g.ends) {
			g.ends[g.count] = end - g.block
		}
		g.count++
	}
	g.line, g.seen = end+1, end+1
	return nil
}

// finish ends the block at a blank line.
func (g *gate) finish(end int) {
	switch {
	case g.skipped > 0:
		g.large = g.skipped + end - g.block
	case g.useful:
		g.whole, g.lines = g.buf[g.block:end], g.count
	}
	g.block, g.useful, g.skipped, g.count = end, false, 0, 0
}

// fill reads more bytes.
func (g *gate) fill() error {
	if g.end == len(g.buf) {
		g.makeSpace()
	}
	n, err := g.src.Read(g.buf[g.end:])
	g.end += g.normalise(g.buf[g.end : g.end+n])
	if n > 0 {
		return nil // the next read returns the error again
	}
	if err == nil {
		return io.ErrNoProgress
	}
	return err
}

// rest returns the number of bytes read of a block that has not ended.
func (g *gate) rest() int { return g.skipped + g.end - g.block }

// makeSpace moves the block under construction to the front of the buffer. If
// it is there already, the buffer grows up to the limit; after that, the block
// is too large.
func (g *gate) makeSpace() {
	switch {
	case g.block > 0:
		copy(g.buf, g.buf[g.block:g.end])
		by := g.block
		g.block, g.line, g.seen, g.end = 0, g.line-by, g.seen-by, g.end-by
	case len(g.buf) < g.max:
		grown := make([]byte, g.larger(len(g.buf)))
		copy(grown, g.buf)
		g.buf = grown
	default:
		// Drop all but the first byte of the unfinished line: enough to see that
		// the line is not blank.
		if g.skipped == 0 {
			g.head = bytes.Clone(g.buf[:min(g.end, headSize)])
		}
		kept := copy(g.buf, g.buf[g.line:min(g.line+1, g.end)])
		g.skipped += g.end - kept
		g.line, g.seen, g.end = 0, kept, kept
	}
}

// larger returns the next size of the buffer. Doubling on the last steps would
// leave as much garbage as the buffer is large.
func (g *gate) larger(size int) int {
	if size >= g.max/4 {
		return g.max
	}
	return 2 * size
}

// normalise turns CR and CRLF into LF in place and returns the new length. A CR
// at the end of p ends the line at once; an LF that follows it is dropped.
func (g *gate) normalise(p []byte) int {
	if !g.dropLF && bytes.IndexByte(p, '\r') < 0 {
		return len(p)
	}
	n := 0
	for _, c := range p {
		if c == '\n' && g.dropLF {
			g.dropLF = false
			continue
		}
		g.dropLF = c == '\r'
		if c == '\r' {
			c = '\n'
		}
		p[n] = c
		n++
	}
	return n
}
