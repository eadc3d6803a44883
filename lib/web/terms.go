package web

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/wmtools/wm/lib/es/query"
	"github.com/wmtools/wm/lib/match"
)

// parseQuery parses a query that the index can answer. The error is an *invalid with
// the position in the text.
func parseQuery(text string) (*match.Query, error) {
	if len(text) > maxQuery {
		return nil, bad("q", "the query is longer than %d bytes", maxQuery)
	}
	q, err := match.ParseQuery(text)
	if err != nil {
		return nil, wrongTerm(text, err)
	}
	if len(q.Terms) > maxTerms {
		return nil, bad("q", "the query has more than %d terms", maxTerms)
	}
	for _, t := range q.Terms {
		if err := checkTerm(text, t); err != nil {
			return nil, err
		}
	}
	return q, nil
}

// wrongTerm returns the parser's error with its position.
func wrongTerm(text string, err error) error {
	syntax, ok := errors.AsType[*match.SyntaxError](err)
	if !ok {
		return bad("q", "%s", sentence(err.Error()))
	}
	part := text[syntax.Start:syntax.End]
	if name := derivedField.FindString(syntax.Term); name != "" && !slices.Contains(query.Fields(), name) {
		return noField(text, part, name)
	}
	return bad("q", "%s", sentence(err.Error())).hint("%s", sentence(syntax.Hint())+".").at(text, part)
}

// derivedField matches the name of a derived field at the start of a term.
var derivedField = regexp.MustCompile(`wm\.[a-z_]+`)

// checkTerm returns an error for a term that an index cannot answer or whose field is
// unknown.
func checkTerm(text string, t *match.Term) error {
	_, err := query.Select(&match.Query{Terms: []*match.Term{t}}, zero, zero)
	cannot, ok := errors.AsType[*query.Inexpressible](err)
	if !ok {
		return err
	}
	if name := t.Field(); len(t.Path) > 0 && !slices.Contains(query.Fields(), name) {
		return noField(text, t.Text, name)
	}
	return bad("q", "%s", sentence(cannot.What+": "+cannot.Reason)).hint("wm-grep can search events for it.").at(text, t.Text)
}

// noField returns the error for an unknown field, with the most similar name.
func noField(text, part, name string) error {
	e := bad("q", "There is no field %s", name).at(text, part)
	if near := nearest(name); near != "" {
		e.message += ". Did you mean " + near + "?"
		e.fix = strings.Replace(part, name, near, 1)
	}
	return e
}

// at sets the part of the query that is wrong.
func (e *invalid) at(text, part string) *invalid {
	if i := strings.Index(text, part); i >= 0 {
		e.start, e.end = utf16Length(text[:i]), utf16Length(text[:i+len(part)])
	}
	return e
}

// sentence turns the text of an error into a sentence.
func sentence(s string) string {
	first, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[n:]
}

// utf16Length returns the length of a text in UTF-16 units, as in JavaScript.
func utf16Length(s string) int { return len(utf16.Encode([]rune(s))) }

// nearest returns the field whose name is most like a misspelled one, or "".
func nearest(name string) string {
	best, least := "", len(name)/3+2
	for _, f := range query.Fields() {
		if d := editDistance(name, f); d < least {
			best, least = f, d
		}
	}
	return best
}

// editDistance counts the letters to insert, delete or replace.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], cost
		}
	}
	return row[len(b)]
}

// term is a term of the query as a chip shows it.
type term struct {
	Text    string `json:"text"`    // as written
	Inverse string `json:"inverse"` // the term that excludes what this one includes, or the reverse
	Field   string `json:"field"`   // id of the field; its name for other fields, "" for words
	Label   string `json:"label"`   // "User kind"
	Shown   string `json:"shown"`   // "temp, ip" or "under −500"
	Not     bool   `json:"not"`
	// Values are the values of a term that compares with some.
	Values []string `json:"values"`
}

// terms returns the chips of a view.
func (v view) terms() []term {
	list := []term{}
	for _, t := range v.query.Terms {
		list = append(list, newTerm(t))
	}
	return list
}

func newTerm(t *match.Term) term {
	chip := term{Text: t.Text, Inverse: inverse(t), Not: t.Negate, Values: []string{}, Label: "Words", Shown: strings.Join(t.Tokens, " ")}
	if t.Op == match.Words {
		if len(t.Path) > 0 {
			chip.Label = "Words of " + t.Field()
		}
		return chip
	}
	chip.Field, chip.Label = t.Field(), t.Field()
	name := func(v string) labelled { return labelled{Value: v} }
	if f, ok := fieldByTerm(t.Field()); ok {
		chip.Field, chip.Label, name = f.id, f.label, f.value
	} else if t.Field() == "wm.delta" {
		chip.Label = "Bytes"
	} else if t.Field() == "wm.risk" {
		chip.Label = "Revert risk"
	}
	var shown []string
	for _, v := range t.Values {
		shown = append(shown, showValue(name(v.Text)))
		if t.Op == match.Equal {
			chip.Values = append(chip.Values, v.Text)
		}
	}
	chip.Shown = opWords[t.Op] + strings.Join(shown, ", ")
	return chip
}

func showValue(v labelled) string {
	text := v.Value
	if v.Label != "" {
		text = v.Label
	}
	return minus(text)
}

// minus replaces the leading hyphen of a number with a minus sign.
func minus(text string) string {
	if len(text) > 1 && text[0] == '-' && '0' <= text[1] && text[1] <= '9' {
		return "−" + text[1:]
	}
	return text
}

var opWords = map[match.Op]string{
	match.Less: "under ", match.LessEqual: "at most ", match.Greater: "over ", match.GreaterEqual: "at least ",
	match.Exists: "present",
}

// inverse returns the negation of a term, as text.
func inverse(t *match.Term) string {
	if rest, ok := strings.CutPrefix(t.Text, "-"); ok {
		return rest
	}
	return "-" + t.Text
}
