package lines

import "bytes"

// Searcher finds matching lines. It is for one goroutine.
type Searcher struct {
	m      *Matcher
	dfa    *dfa
	walked int // bytes processed since the DFA was empty
	found  [lanes][]Span
}

// Searcher returns a new one.
func (m *Matcher) Searcher() *Searcher {
	s := &Searcher{m: m}
	if m.program != nil {
		s.dfa = newDFA(m.program)
	}
	return s
}

// perState is the number of bytes per state that a DFA must have processed when it
// is full. If it has processed fewer, package regexp is faster.
const perState = 10

// Find appends to dst the lines of a block that match, in order and without their
// newlines. The block consists of whole lines; the last may lack its newline.
func (s *Searcher) Find(dst []Span, block []byte) []Span {
	switch {
	case s.m.any:
		return allLines(dst, block)
	case s.m.row != nil:
		return s.byRow(dst, block) // no literal has a carriage return
	case s.m.needed != nil:
		return s.byNeeded(dst, block)
	case s.dfa == nil || bytes.IndexByte(block, '\r') >= 0:
		return s.eachLine(dst, block)
	}
	return s.byDFA(dst, block)
}

// Match reports whether a line, given without its newline, matches.
func (s *Searcher) Match(line []byte) bool {
	line = bytes.TrimSuffix(line, []byte("\r"))
	switch {
	case s.m.any:
		return true
	case s.m.row != nil:
		return s.hasRow(line)
	case s.m.needed != nil && s.m.needed.Index(line) < 0:
		return false
	}
	return s.run(line)
}

func allLines(dst []Span, block []byte) []Span {
	for at := 0; at < len(block); {
		end := lineEnd(block, at)
		dst = append(dst, Span{at, end})
		at = end + 1
	}
	return dst
}

// eachLine tests each line.
func (s *Searcher) eachLine(dst []Span, block []byte) []Span {
	for at := 0; at < len(block); {
		end := lineEnd(block, at)
		if s.Match(block[at:end]) {
			dst = append(dst, Span{at, end})
		}
		at = end + 1
	}
	return dst
}

func lineEnd(block []byte, from int) int { return nextByte(block, from, '\n') }

func lineStart(block []byte, from int) int { return bytes.LastIndexByte(block[:from], '\n') + 1 }

// byRow searches for the rarest of the literals, and then for the others in its
// line.
func (s *Searcher) byRow(dst []Span, block []byte) []Span {
	rarest := s.m.rarest()
	for at := 0; at < len(block); {
		i := rarest.Index(block[at:])
		if i < 0 {
			break
		}
		start, end := max(at, lineStart(block, at+i)), lineEnd(block, at+i)
		if len(s.m.row) == 1 || s.hasRow(block[start:end]) {
			dst = append(dst, Span{start, end})
		}
		at = end + 1
	}
	return dst
}

func (m *Matcher) rarest() *Literal {
	best := &m.row[0]
	for i := range m.row {
		if l := &m.row[i]; l.weight(l.rare) < best.weight(best.rare) {
			best = l
		}
	}
	return best
}

func (s *Searcher) hasRow(line []byte) bool {
	for i := range s.m.row {
		l := &s.m.row[i]
		at := l.Index(line)
		if at < 0 {
			return false
		}
		line = line[at+len(l.text):]
	}
	return true
}

// byNeeded tests the lines that have the needed literal.
func (s *Searcher) byNeeded(dst []Span, block []byte) []Span {
	for at := 0; at < len(block); {
		i := s.m.needed.Index(block[at:])
		if i < 0 {
			break
		}
		start, end := max(at, lineStart(block, at+i)), lineEnd(block, at+i)
		if s.run(bytes.TrimSuffix(block[start:end], []byte("\r"))) {
			dst = append(dst, Span{start, end})
		}
		at = end + 1
	}
	return dst
}

// run tests a line with the DFA, or with package regexp if that cannot decide.
func (s *Searcher) run(line []byte) bool {
	if s.dfa == nil {
		return s.m.std().Match(line)
	}
	d := s.dfa
	at := d.start
	for i := 0; i <= len(line); i++ {
		c := byte('\n')
		if i < len(line) {
			c = line[i]
		}
		to := d.table[at+uint32(d.class[c])]
		if to == unknown {
			if d.full() {
				s.overflow(i)
				return s.m.std().Match(line)
			}
			to = d.step(at, d.sample[d.class[c]])
		}
		switch to {
		case matched:
			return true
		case hopeless:
			return false
		case notUTF8:
			return s.m.std().Match(line)
		}
		at = to
	}
	s.walked += len(line)
	return false
}

// overflow empties the DFA, which is full after walked more bytes, or gives it up.
func (s *Searcher) overflow(walked int) {
	if s.walked+walked < perState*len(s.dfa.states) {
		s.dfa = nil
		return
	}
	s.walked = 0
	s.dfa.reset()
}
