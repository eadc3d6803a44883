package store

import (
	"slices"

	"github.com/wmtools/wm/lib/words"
)

// Phrase matches documents in which the text field has the tokens of a text one
// behind the other, in one of its values. On fields of other types it is a Term.
type Phrase struct {
	Field string
	Text  Scalar
}

func (q Phrase) compile(b *binding) (matcher, error) {
	f, slot, err := b.searchable(q.Field)
	switch {
	case err != nil || f == nil:
		return never, err
	case f.Type != Text:
		return Term{q.Field, []Scalar{q.Text}}.compile(b)
	}
	want := slices.Collect(words.Tokens(q.Text.Text))
	if len(want) == 0 {
		return never, nil
	}
	var last []string // tokens read, used again from value to value
	return func(d *doc) bool {
		return slices.ContainsFunc(d.vals[slot], func(v value) bool {
			last = last[:0]
			for token := range words.Tokens(v.s) {
				last = append(last, token)
				if n := len(last) - len(want); n >= 0 && slices.Equal(last[n:], want) {
					return true
				}
			}
			return false
		})
	}, nil
}

func (q Phrase) bounds(_ *binding, list []bound) []bound { return list }
