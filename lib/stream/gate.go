package stream

import (
	"bytes"
	"io"
	"runtime/debug"
)

// gate passes on only whole blocks of an event stream: what lies between two
// blank lines, its end included. A block of the usual form can be taken as it
// is; for all others sse.EventStreamReader behind the gate is safe to use.
// Alone, that reader takes a frame that the connection cut for a whole one,
// together with an id that was never finished; it takes comments for events; and
// after one large event it searches the whole of its grown buffer at each step.
// The gate also turns CR and CRLF into LF, drops a byte order mark, and skips a
// block that is too large without ending the stream.
type gate struct {
	src      io.Reader
	max      int
	tooLarge func(head []byte, size int) // called after a skipped block

	buf []byte
	// Offsets in buf: the block under construction and its last line begin
	// here, there is no line's end between line and seen, data ends at end.
	block, line, seen, end int

	useful  bool   // the block has a line that is no comment
	begun   bool   // past the first line, which may bear a byte order mark
	dropLF  bool   // the last byte of the last read was a CR
	skipped int    // bytes dropped of a block that is too large
	head    []byte // how that block began

	count int    // lines of the block under construction
	ends  [3]int // where the first of them end, counted from its start

	whole []byte // rest of the last whole block
	lines int    // lines that it had, its blank line aside
}

var byteOrderMark = []byte("\xef\xbb\xbf")

// headSize is how much is kept of a block that is too large: its id line and
// enough of its data to tell which event it is.
const headSize = 16 << 10

// firstSize is the size of the buffer until a block needs more.
const firstSize = 256 << 10

func newGate(src io.Reader, max int, tooLarge func(head []byte, size int)) *gate {
	return &gate{src: src, max: max, tooLarge: tooLarge, buf: make([]byte, min(firstSize, max))}
}

// next returns the next whole block, with its blank line. It stays the next one
// until it is taken.
func (g *gate) next() ([]byte, error) {
	for len(g.whole) == 0 {
		if err := g.advance(); err != nil {
			return nil, err
		}
	}
	return g.whole, nil
}

// take is told that the block is done with.
func (g *gate) take() { g.whole = nil }

// Read hands out at most one block.
func (g *gate) Read(p []byte) (int, error) {
	block, err := g.next()
	n := copy(p, block)
	g.whole = g.whole[n:]
	return n, err
}

// advance takes in one more line, or more bytes if there is no whole line.
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
		g.tooLarge(g.head, g.skipped+end-g.block)
	case g.useful:
		g.whole, g.lines = g.buf[g.block:end], g.count
	}
	g.block, g.useful, g.skipped, g.count = end, false, 0, 0
}

// fill reads more. The bytes of an unfinished block are moved to the front of
// the buffer, which grows up to the largest block that is allowed.
func (g *gate) fill() error {
	if g.end == len(g.buf) {
		g.makeRoom()
	}
	n, err := g.src.Read(g.buf[g.end:])
	g.end += g.normalise(g.buf[g.end : g.end+n])
	if n > 0 {
		return nil // an error comes again with the next read
	}
	if err == nil {
		return io.ErrNoProgress
	}
	return err
}

// rest returns how many bytes there are of a block that has not ended.
func (g *gate) rest() int { return g.skipped + g.end - g.block }

func (g *gate) makeRoom() {
	switch left := g.end - g.block; {
	case len(g.buf) > firstSize && left < firstSize/2:
		// One large event should not cost its size for days.
		small := make([]byte, firstSize)
		copy(small, g.buf[g.block:g.end])
		g.buf = small
		g.shift(g.block)
		debug.FreeOSMemory() // nothing else here makes garbage, so it would stay
	case g.block > 0:
		copy(g.buf, g.buf[g.block:g.end])
		g.shift(g.block)
	case len(g.buf) < g.max:
		grown := make([]byte, g.moreThan(len(g.buf)))
		copy(grown, g.buf)
		g.buf = grown
	default:
		// Forget all but the first byte of the unfinished line: enough to see
		// that the line is not blank.
		if g.skipped == 0 {
			g.head = bytes.Clone(g.buf[:min(g.end, headSize)])
		}
		kept := copy(g.buf, g.buf[g.line:min(g.line+1, g.end)])
		g.skipped += g.end - kept
		g.line, g.seen, g.end = 0, kept, kept
	}
}

// moreThan returns the next larger size of the buffer. Doubling on the last
// steps would leave as much garbage as the buffer is large.
func (g *gate) moreThan(size int) int {
	if size >= g.max/4 {
		return g.max
	}
	return 2 * size
}

func (g *gate) shift(by int) {
	g.block, g.line, g.seen, g.end = g.block-by, g.line-by, g.seen-by, g.end-by
}

// normalise turns CR and CRLF into LF in place and returns the new length. A CR
// at the end counts at once; its LF, if one follows, is dropped.
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
