package lines

// lanes is the number of parts of a block that are processed at the same time. A
// step of the DFA depends on the previous one; steps of different lanes do not.
const lanes = 4

// lane is the progress in one part.
type lane struct {
	at, end int // in the block
	state   uint32
}

// byDFA processes the block in lanes, and an unterminated last line separately.
func (s *Searcher) byDFA(dst []Span, block []byte) []Span {
	whole := lineStart(block, len(block))
	l := s.divide(block[:whole])
	if !s.walk(block[:whole], &l) {
		s.overflow(l[0].at + l[1].at - l[0].end + l[2].at - l[1].end + l[3].at - l[2].end)
		return s.eachLine(dst, block)
	}
	s.walked += whole
	for i := range s.found {
		dst = append(dst, s.found[i]...)
	}
	if whole < len(block) && s.run(block[whole:]) {
		dst = append(dst, Span{whole, len(block)})
	}
	return dst
}

// divide splits a block into lanes of whole lines.
func (s *Searcher) divide(block []byte) (l [lanes]lane) {
	at := 0
	for i := range l {
		end := len(block)
		if i < lanes-1 {
			end = min(lineEnd(block, max(at, len(block)*(i+1)/lanes))+1, len(block))
		}
		l[i] = lane{at, end, s.dfa.start}
		at = end
		s.found[i] = s.found[i][:0]
	}
	return l
}

// walk processes the lanes to their ends. If the DFA is full it returns false, and
// the lines found so far are incomplete.
func (s *Searcher) walk(block []byte, l *[lanes]lane) bool {
	for {
		n := l[0].end - l[0].at
		for i := 1; i < lanes; i++ {
			n = min(n, l[i].end-l[i].at)
		}
		if n == 0 {
			break
		}
		s.together(block, l, n)
		for i := range l {
			if l[i].at < l[i].end && !s.one(block, &l[i], i) {
				return false
			}
		}
	}
	for i := range l {
		for l[i].at < l[i].end {
			if !s.one(block, &l[i], i) {
				return false
			}
		}
	}
	return true
}

// one takes one step of any kind in one lane. It returns false if the DFA is full.
func (s *Searcher) one(block []byte, l *lane, i int) bool {
	c := block[l.at]
	to := s.dfa.table[l.state+uint32(s.dfa.class[c])]
	if to == unknown {
		if s.dfa.full() {
			return false
		}
		to = s.dfa.step(l.state, c)
	}
	if to >= special {
		l.at, l.state = l.at+1, to
		return true
	}
	line := Span{lineStart(block, l.at), lineEnd(block, l.at)}
	if to == matched || to == notUTF8 && s.m.std().Match(block[line.Start:line.End]) {
		s.found[i] = append(s.found[i], line)
	}
	l.at, l.state = min(line.End+1, l.end), s.dfa.start
	return true
}

// together takes up to n steps in all lanes at once, as long as each leads to a
// state that is known.
func (s *Searcher) together(block []byte, l *[lanes]lane, n int) {
	table, class := s.dfa.table, &s.dfa.class
	s0, s1, s2, s3 := l[0].state, l[1].state, l[2].state, l[3].state
	b0 := block[l[0].at:][:n]
	b1 := block[l[1].at:][:len(b0)]
	b2 := block[l[2].at:][:len(b0)]
	b3 := block[l[3].at:][:len(b0)]
	k := 0
	for ; k < len(b0); k++ {
		t0 := table[s0+uint32(class[b0[k]])]
		t1 := table[s1+uint32(class[b1[k]])]
		t2 := table[s2+uint32(class[b2[k]])]
		t3 := table[s3+uint32(class[b3[k]])]
		if t0 < special || t1 < special || t2 < special || t3 < special {
			break
		}
		s0, s1, s2, s3 = t0, t1, t2, t3
	}
	for i, state := range [lanes]uint32{s0, s1, s2, s3} {
		l[i].at, l[i].state = l[i].at+k, state
	}
}
