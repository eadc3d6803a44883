package event

import "strings"

// phrases are texts that are looked for anywhere in another, all at once, as
// Sun Wu and Udi Manber do (A fast algorithm for multi-pattern searching, 1994):
// most pairs of letters are in no phrase, and behind such a pair the search goes
// on almost the length of the shortest phrase further.
type phrases struct {
	list     []string
	shortest int // bytes
	// shift tells, for the last two bytes of a window of that length, how far it
	// may move without passing over a phrase. Pairs that share a place have the
	// lesser of what they would have.
	shift [1 << 12]byte
}

// newPhrases takes phrases of two bytes at least.
func newPhrases(list []string) *phrases {
	p := &phrases{list: list, shortest: 256} // a shift of more has no room in its byte
	for _, phrase := range list {
		p.shortest = min(p.shortest, len(phrase))
	}
	for i := range p.shift {
		p.shift[i] = byte(p.shortest - 1)
	}
	for _, phrase := range list {
		for end := 2; end <= p.shortest; end++ {
			place := pair(phrase, end)
			p.shift[place] = min(p.shift[place], byte(p.shortest-end))
		}
	}
	return p
}

// pair is the place of the two bytes before end.
func pair(s string, end int) int { return int(s[end-2])<<4 ^ int(s[end-1]) }

// in reports whether one of the phrases is in s.
func (p *phrases) in(s string) bool {
	for end := p.shortest; end <= len(s); {
		if shift := p.shift[pair(s, end)]; shift > 0 {
			end += int(shift)
			continue
		}
		window := s[end-p.shortest:]
		for _, phrase := range p.list {
			if strings.HasPrefix(window, phrase) {
				return true
			}
		}
		end++
	}
	return false
}
