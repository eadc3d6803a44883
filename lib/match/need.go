package match

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/wmtools/wm/lib/event"
)

// need is what a line must contain to match at all, whatever it is as JSON: one
// of some literals. Most lines fall here, at the speed of a search for bytes.
//
// A character of a JSON string can be written in several ways, so a literal is
// a run of characters that have two only: as they are, or as \u and their code.
// A line that has \u anywhere is not judged by literals.
type need struct {
	literals []literal
}

// mostLiterals is how many literals are looked for, one after the other; beyond
// that it is quicker to read the fields.
const mostLiterals = 2

// excludes reports whether a line cannot match.
func (n *need) excludes(line []byte) bool {
	for i := range n.literals {
		if n.literals[i].in(line) {
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

// weight is how much of a line a need is expected to exclude: the length of its
// shortest literal.
func (n *need) weight() int {
	w := maxLiteral
	for _, l := range n.literals {
		w = min(w, len(l.text))
	}
	return w
}

// literal is a text that is searched for by its rarest byte, which a processor
// finds many bytes at a time.
type literal struct {
	text string
	fold bool // capital letters count as small ones; text has small ones
	rare int  // index of the rarest byte
}

// maxLiteral bounds a literal's length, and so what a line of nothing but its
// rarest byte costs.
const maxLiteral = 64

// frequent are the bytes of events from the most frequent down; what is not
// here is rarer still. Counted over made and captured events.
const frequent = "\"eitar:onsd,cm10 pwl/2._4%gk83u-956fh7bv\\D\xd0B=y><{A}CEq[]T\xd1x()FZ\xd8\x80\xd9\xe0P\xd7&\xb8zWSM*$"

func newLiteral(text string, fold bool) literal {
	l := literal{text: text[:min(len(text), maxLiteral)], fold: fold}
	for i := range len(l.text) {
		if rarity(l.text[i]) > rarity(l.text[l.rare]) {
			l.rare = i
		}
	}
	return l
}

func rarity(b byte) int {
	if i := strings.IndexByte(frequent, b); i >= 0 {
		return i
	}
	return len(frequent)
}

// in reports whether the literal is in a line.
func (l *literal) in(line []byte) bool {
	b := l.text[l.rare]
	return l.around(line, b) || l.fold && 'a' <= b && b <= 'z' && l.around(line, b-'a'+'A')
}

// around reports whether the literal is in a line with its rarest byte as b.
func (l *literal) around(line []byte, b byte) bool {
	last := len(line) - len(l.text) + l.rare // where b can be at the most
	for i := l.rare; i <= last; i++ {
		n := bytes.IndexByte(line[i:last+1], b)
		if n < 0 {
			return false
		}
		i += n
		if at := line[i-l.rare : i-l.rare+len(l.text)]; string(at) == l.text || l.fold && equalFold(at, l.text) {
			return true
		}
	}
	return false
}

// equalFold compares ASCII only.
func equalFold(line []byte, text string) bool {
	for i, c := range line {
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		if c != text[i] {
			return false
		}
	}
	return true
}

// needOf returns what a line must contain to fulfil a term, or nil if nothing
// is known.
func needOf(t *Term, fold bool) *need {
	switch {
	case t.Negate:
		return nil
	case t.Op == Words:
		return wordNeed(t.Tokens)
	case t.Op == Like && derivedFields[t.Field()].inputs == nil:
		return needInside(requiredText(t.Values[0].Text), fold)
	case t.Op != Equal || len(t.Values) > mostLiterals:
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

// wordNeed returns the need of tokens, which have small letters.
func wordNeed(tokens []string) *need { return needInside(strings.Join(tokens, "\n"), true) }

func (n *need) orNil() *need {
	if len(n.literals) == 0 || len(n.literals) > mostLiterals {
		return nil
	}
	return n
}

// literalsOf returns literals one of which is in each line whose field equals a
// value.
func literalsOf(field string, v Value) []literal {
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
		// The name of such an account, or the field itself.
		return []literal{newLiteral(`"~2`, false), newLiteral(`"temp"`, false)}
	case "wm.page":
		// The wiki and the title are apart in the line, and blanks may be
		// underscores.
		apart := strings.NewReplacer(":", "\n", " ", "\n", "_", "\n")
		if piece, _ := longestPlain(apart.Replace(v.Text), false); piece != "" {
			return []literal{newLiteral(piece, false)}
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
	return []literal{newLiteral(before+piece+after, false)}
}

// needInside returns the need for a text that stands somewhere in a string.
func needInside(text string, fold bool) *need {
	if fold {
		text = strings.ToLower(text)
	}
	piece, _ := longestPlain(text, fold)
	if piece == "" {
		return nil
	}
	n := &need{[]literal{newLiteral(piece, fold)}}
	for _, other := range otherForms {
		if fold && strings.Contains(piece, other.of) {
			n.literals = append(n.literals, newLiteral(other.form, false))
		}
	}
	return n
}

// otherForms are the letters beyond ASCII that are a form of one in ASCII: the
// Turkish capital of i, the Kelvin sign and the long s.
var otherForms = [...]struct{ of, form string }{{"i", "İ"}, {"k", "\u212a"}, {"s", "ſ"}}

// longestPlain returns the longest part of a text that JSON writes as it is, or
// with \u, and where it begins.
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

// isPlain reports whether JSON has no short escape for a byte. With fold it must
// be ASCII besides.
func isPlain(c byte, fold bool) bool {
	return c >= ' ' && c != '"' && c != '\\' && c != '/' && !(fold && c >= 0x80)
}

// requiredText returns a text that is in all that a regular expression matches.
func requiredText(expr string) string {
	re, err := regexp.Compile(strings.TrimPrefix(expr, ".*"))
	if err != nil {
		return ""
	}
	text, _ := re.LiteralPrefix()
	return text
}
