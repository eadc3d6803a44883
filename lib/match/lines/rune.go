package lines

// runeState is a position in the UTF-8 encoding of a rune: which bytes may follow.
type runeState uint8

const (
	runeStart runeState = iota // a rune begins
	rune1                      // one more byte
	rune2                      // two more
	rune3                      // three more
	runeE0                     // two more, the first from A0 on
	runeED                     // two more, the first up to 9F
	runeF0                     // three more, the first from 90 on
	runeF4                     // three more, the first up to 8F
)

// runeBytes are the ranges of bytes that UTF-8 distinguishes.
var runeBytes = [][2]byte{
	{0x80, 0x8f}, {0x90, 0x9f}, {0xa0, 0xbf}, {0xc2, 0xdf}, {0xe0, 0xe0}, {0xe1, 0xec}, {0xed, 0xed}, {0xee, 0xef},
	{0xf0, 0xf0}, {0xf1, 0xf3}, {0xf4, 0xf4},
}

// next returns the state after a byte, and whether the byte is valid there.
func (s runeState) next(c byte) (runeState, bool) {
	switch s {
	case runeStart:
		return begin(c)
	case runeE0:
		return rune1, 0xa0 <= c && c <= 0xbf
	case runeED:
		return rune1, 0x80 <= c && c <= 0x9f
	case runeF0:
		return rune2, 0x90 <= c && c <= 0xbf
	case runeF4:
		return rune2, 0x80 <= c && c <= 0x8f
	}
	return s - 1, 0x80 <= c && c <= 0xbf
}

func begin(c byte) (runeState, bool) {
	switch {
	case c < 0x80:
		return runeStart, true
	case c < 0xc2 || c > 0xf4:
		return runeStart, false
	case c < 0xe0:
		return rune1, true
	case c == 0xe0:
		return runeE0, true
	case c == 0xed:
		return runeED, true
	case c < 0xf0:
		return rune2, true
	case c == 0xf0:
		return runeF0, true
	case c == 0xf4:
		return runeF4, true
	}
	return rune3, true
}
