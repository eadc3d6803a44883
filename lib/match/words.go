package match

import (
	"github.com/wmtools/wm/lib/jsonscan"
	"github.com/wmtools/wm/lib/words"
)

// wordFields are the fields that words are searched for in.
var wordFields = []string{"title", "comment", "user"}

// maxPhrase is the largest number of tokens in a phrase: one bit each, below.
const maxPhrase = 64

// wordTest searches a few fields for consecutive tokens.
type wordTest struct {
	negate bool
	slots  []int
	tokens []string
	need   *need // of the field's JSON: much cheaper than splitting it into tokens
}

func (w *wordTest) holds(line []byte, found []jsonscan.Span) (bool, error) {
	for _, slot := range w.slots {
		json := found[slot].Of(line)
		if len(json) == 0 || json[0] != '"' || w.need != nil && w.need.excludes(json) {
			continue
		}
		text, ok := jsonscan.Unquote(json)
		if !ok {
			return false, jsonscan.ErrNotObject
		}
		if w.in(text) {
			return !w.negate, nil
		}
	}
	return w.negate, nil
}

// in reports whether a text has the tokens. Bit n of state is set if the last
// tokens read are the phrase's first n+1.
func (w *wordTest) in(text string) bool {
	last := uint64(1) << (len(w.tokens) - 1)
	state := uint64(0)
	for token := range words.Tokens(text) {
		state = state<<1 | 1
		for n, want := range w.tokens {
			if token != want {
				state &^= 1 << n
			}
		}
		if state&last != 0 {
			return true
		}
	}
	return false
}
