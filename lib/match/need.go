package match

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/wmtools/wm/lib/event"
	"github.com/wmtools/wm/lib/match/lines"
)

// need is what a line must contain to match at all: one of some literals. It
// excludes most lines at the speed of a search for bytes.
//
// JSON can write a character in several ways, so a literal consists of
// characters that have only two: as they are, or as \u and their code. A line
// that contains \u is not excluded.
type need struct {
	literals []lines.Literal
}

// maxLiterals is the largest number of literals in a need. To search for more
// takes longer than to read the fields.
const maxLiterals = 2

// excludes reports whether a line cannot match.
func (n *need) excludes(line []byte) bool {
	for i := range n.literals {
		if n.literals[i].Index(line) >= 0 {
			return false
		}
	}
	return !hasUnicodeEscape(line)
}

func hasUnicodeEscape(line []byte) bool {
	for {
		n := bytes.IndexByte(line, '\\')
		if n < 0 || n+1 == len(line) {
			return false
		}
		if line[n+1] == 'u' {
			return true
		}
		line = line[n+2:]
	}
}

// weight estimates the share of lines that a need excludes: the length of its
// shortest literal.
func (n *need) weight() int {
	w := maxLiteral
	for _, l := range n.literals {
		w = min(w, len(l.String()))
	}
	return w
}

// maxLiteral is the longest literal. It bounds the cost of a line that consists
// of the literal's rarest byte.
const maxLiteral = 64

func newLiteral(text string, fold bool) lines.Literal {
	return lines.NewLiteral(text[:min(len(text), maxLiteral)], fold)
}

// needOf returns what a line must contain for a term to hold, or nil if nothing
// is known.
func needOf(t *Term, fold bool) *need {
	switch {
	case t.Negate:
		return nil
	case t.Op == Words:
		return wordNeed(t.Tokens)
	case t.Op == Like && derivedFields[t.Field()] == nil:
		return needInside(requiredText(t.Values[0].Text), fold)
	case t.Op != Equal || len(t.Values) > maxLiterals:
		return nil
	}
	var n need
	for _, v := range t.Values {
		ls := literalsOf(t.Field(), v)
		if ls == nil {
			return nil
		}
		n.literals = append(n.literals, ls...)
	}
	return n.orNil()
}

// wordNeed returns the need of tokens, which are lower case.
func wordNeed(tokens []string) *need { return needInside(strings.Join(tokens, "\n"), true) }

func (n *need) orNil() *need {
	if len(n.literals) == 0 || len(n.literals) > maxLiterals {
		return nil
	}
	return n
}

// literalsOf returns literals one of which is in every line whose field equals a
// value.
func literalsOf(field string, v Value) []lines.Literal {
	if v.Kind != Text {
		return nil // 1 may be written 1.0
	}
	switch field {
	case "@timestamp":
		return nil
	case "wm.user_kind":
		if v.Text != event.KindTemporary {
			return nil
		}
		// The start of the account's name, or the end of "is_temp" or of the
		// derived field itself.
		return []lines.Literal{newLiteral(`"~2`, false), newLiteral(`temp"`, false)}
	case "wm.page":
		// The wiki and the title are separate in the line, and blanks may be
		// underscores.
		apart := strings.NewReplacer(":", "\n", " ", "\n", "_", "\n")
		if piece, _ := longestPlain(apart.Replace(v.Text), false); piece != "" {
			return []lines.Literal{newLiteral(piece, false)}
		}
		return nil
	}
	piece, at := longestPlain(v.Text, false)
	before, after := "", ""
	if at == 0 {
		before = `"`
	}
	if at+len(piece) == len(v.Text) {
		after = `"`
	}
	return []lines.Literal{newLiteral(before+piece+after, false)}
}

// needInside returns the need of a text that is part of a string.
func needInside(text string, fold bool) *need {
	if fold {
		text = strings.ToLower(text)
	}
	piece, _ := longestPlain(text, fold)
	if piece == "" {
		return nil
	}
	n := &need{[]lines.Literal{newLiteral(piece, fold)}}
	for _, other := range otherForms {
		if fold && strings.Contains(piece, other.of) {
			n.literals = append(n.literals, newLiteral(other.form, false))
		}
	}
	return n
}

// otherForms are the non-ASCII letters that are equal to an ASCII letter if case
// is ignored: the dotted capital I of Turkish, the Kelvin sign and the long s.
var otherForms = [...]struct{ of, form string }{{"i", "İ"}, {"k", "\u212a"}, {"s", "ſ"}}

// longestPlain returns the longest part of a text that JSON can write only as it
// is or with \u, and its index.
func longestPlain(text string, fold bool) (longest string, at int) {
	start := 0
	for i := 0; i <= len(text); i++ {
		if i < len(text) && isPlain(text[i], fold) {
			continue
		}
		if i-start > len(longest) {
			longest, at = text[start:i], start
		}
		start = i + 1
	}
	return longest, at
}

// isPlain reports whether JSON has no short escape for a byte. With fold, the
// byte must also be ASCII.
func isPlain(c byte, fold bool) bool {
	return c >= ' ' && c != '"' && c != '\\' && c != '/' && !(fold && c >= 0x80)
}

// requiredText returns a text that is part of everything that a regular
// expression matches, or "".
func requiredText(expr string) string {
	re, err := regexp.Compile(strings.TrimPrefix(expr, ".*"))
	if err != nil {
		return ""
	}
	text, _ := re.LiteralPrefix()
	return text
}
