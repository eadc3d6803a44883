package match

import "github.com/wmtools/wm/lib/words"

// wordFields are the fields in which words are looked for.
var wordFields = [...]string{"title", "comment", "user"}

// maxPhrase is the most tokens that a phrase can have: one bit each, below.
const maxPhrase = 64

// wordTest looks for consecutive tokens in a few fields.
type wordTest struct {
	negate bool
	slots  [len(wordFields)]int
	tokens []string
	need   *need // of the field's JSON: splitting it into tokens costs more
}

func (w *wordTest) holds(line []byte, found []span) (bool, error) {
	for _, slot := range w.slots {
		json := found[slot].of(line)
		if len(json) == 0 || json[0] != '"' || w.need != nil && w.need.excludes(json) {
			continue
		}
		text, ok := unquote(json)
		if !ok {
			return false, ErrNotObject
		}
		if w.in(text) {
			return !w.negate, nil
		}
	}
	return w.negate, nil
}

// in reports whether a text has the tokens. Bit n of state says that the
// phrase's first n+1 tokens are the last ones read.
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
