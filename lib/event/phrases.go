package event

import "strings"

// phrases searches a text for several phrases at once, with the algorithm of Sun
// Wu and Udi Manber (A fast algorithm for multi-pattern searching, 1994). Most
// pairs of bytes are in no phrase; after such a pair, the search skips almost the
// length of the shortest phrase.
type phrases struct {
	list     []string
	shortest int // bytes
	// shift is, by the last two bytes of a window of that length, how far the
	// window can move without skipping a phrase. Pairs with the same hash share
	// the smaller value.
	shift [1 << 12]byte
}

// newPhrases prepares a search for phrases of at least two bytes.
func newPhrases(list []string) *phrases {
	p := &phrases{list: list, shortest: 256} // a longer shift does not fit a byte
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

// pair is the hash of the two bytes before end.
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
