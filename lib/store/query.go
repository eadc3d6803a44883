package store

import (
	"slices"

	"github.com/wmtools/wm/lib/words"
)

// Query is a condition on documents: All, None, Term, Range, Exists, Match,
// Phrase or Bool.
// A field that an index does not know matches nothing there.
type Query interface {
	// compile makes the condition for one index.
	compile(b *binding) (matcher, error)
	// bounds appends ranges of date fields that every match lies in. It is
	// called after compile, so what it reads is known to be well formed.
	bounds(b *binding, list []bound) []bound
}

// matcher tells whether a document meets a condition.
type matcher func(*doc) bool

func never(*doc) bool { return false }

// All matches every document.
type All struct{}

func (All) compile(*binding) (matcher, error)       { return func(*doc) bool { return true }, nil }
func (All) bounds(_ *binding, list []bound) []bound { return list }

// None matches no document.
type None struct{}

func (None) compile(*binding) (matcher, error)       { return never, nil }
func (None) bounds(_ *binding, list []bound) []bound { return list }

// Term matches documents in which the field has one of the values. On a text
// field the value is one token. The field "_id" is the document's id; "_ignored" has the
// names of the fields with values that the mapping leaves out.
type Term struct {
	Field  string
	Values []Scalar
}

func (q Term) compile(b *binding) (matcher, error) {
	switch q.Field {
	case "_id":
		return func(d *doc) bool { return slices.ContainsFunc(q.Values, func(s Scalar) bool { return s.Text == d.id }) }, nil
	case "_ignored":
		return q.ignored(b), nil
	}
	f, slot, err := b.searchable(q.Field)
	if err != nil || f == nil {
		return never, err
	}
	switch {
	case f.isString():
		return termText(f, slot, q.Values), nil
	case f.Type == Date:
		return q.dates(b)
	}
	set := map[int64]bool{}
	for _, s := range q.Values {
		n, ok, err := f.exact(s)
		if err != nil {
			return nil, b.queryError(err)
		}
		if ok {
			set[n] = true
		}
	}
	return func(d *doc) bool { return slices.ContainsFunc(d.vals[slot], func(v value) bool { return set[v.i] }) }, nil
}

func (q Term) ignored(b *binding) matcher {
	for _, s := range q.Values {
		b.field(s.Text)
	}
	return func(d *doc) bool {
		return slices.ContainsFunc(q.Values, func(s Scalar) bool { return slices.Contains(d.ignored, s.Text) })
	}
}

func termText(f *Field, slot int, values []Scalar) matcher {
	set := map[string]bool{}
	for _, s := range values {
		set[s.Text] = true
	}
	if f.Type == Keyword {
		return func(d *doc) bool { return slices.ContainsFunc(d.vals[slot], func(v value) bool { return set[v.s] }) }
	}
	return func(d *doc) bool {
		for _, v := range d.vals[slot] {
			for token := range words.Tokens(v.s) {
				if set[token] {
					return true
				}
			}
		}
		return false
	}
}

// dates is Term on a date field: a shorter form of a date stands for all of
// the time that it leaves open.
func (q Term) dates(b *binding) (matcher, error) {
	var any Bool
	for i := range q.Values {
		any.Should = append(any.Should, Range{Field: q.Field, From: &q.Values[i], To: &q.Values[i], WithFrom: true, WithTo: true})
	}
	any.AtLeast = 1
	return any.compile(b)
}

func (q Term) bounds(_ *binding, list []bound) []bound { return list }

// searchable is field for queries by value.
func (b *binding) searchable(name string) (*Field, int, error) {
	f, slot := b.field(name)
	switch {
	case f != nil && !f.indexed && !f.docValues:
		reason := "since it is not indexed nor has doc values."
		if f.Type == Text {
			reason = "since it is not indexed."
		}
		return nil, 0, b.queryError(refuse(BadQuery, "Cannot search on field [%s] %s", name, reason))
	case f == nil && name != "" && name[0] == '_':
		return nil, 0, b.queryError(refuse(BadQuery, "Cannot search on field [%s] in this store", name))
	}
	return f, slot, nil
}

// queryError is the error of a query that does not fit the index.
func (b *binding) queryError(err error) error {
	return b.ix.about(refuse(BadQuery, "failed to create query: %v", err))
}

// Exists matches documents in which the field, or some field of the object,
// has a value.
type Exists struct{ Field string }

func (q Exists) compile(b *binding) (matcher, error) {
	var slots []int
	for _, f := range b.ix.mapping.under(q.Field) {
		if f.indexed || f.docValues {
			_, slot := b.field(f.Name)
			slots = append(slots, slot)
		}
	}
	return func(d *doc) bool {
		return slices.ContainsFunc(slots, func(slot int) bool { return len(d.vals[slot]) > 0 })
	}, nil
}

func (q Exists) bounds(_ *binding, list []bound) []bound { return list }

// Match matches documents in which the text field has some, or with Every all,
// of the tokens of a text. On fields of other types it is a Term.
type Match struct {
	Field string
	Text  Scalar
	Every bool
}

func (q Match) compile(b *binding) (matcher, error) {
	f, slot, err := b.searchable(q.Field)
	switch {
	case err != nil || f == nil:
		return never, err
	case f.Type != Text:
		return Term{q.Field, []Scalar{q.Text}}.compile(b)
	}
	want := map[string]int{}
	for token := range words.Tokens(q.Text.Text) {
		if _, twice := want[token]; !twice {
			want[token] = len(want)
		}
	}
	need := min(1, len(want))
	if q.Every {
		need = len(want)
	}
	found := make([]bool, len(want)) // used again from document to document
	return func(d *doc) bool {
		clear(found)
		n := 0
		for _, v := range d.vals[slot] {
			for token := range words.Tokens(v.s) {
				if i, ok := want[token]; ok && !found[i] {
					found[i] = true
					if n++; n == need {
						return true
					}
				}
			}
		}
		return false
	}, nil
}

func (q Match) bounds(_ *binding, list []bound) []bound { return list }

// Bool matches documents that meet all of Must and Filter, none of MustNot and
// at least AtLeast of Should. The score is the sum of those of Must and Should.
type Bool struct {
	Must, Filter, Should, MustNot []Query
	AtLeast                       int
}

func (q Bool) compile(b *binding) (matcher, error) {
	must, err := compileAll(b, slices.Concat(q.Must, q.Filter))
	if err != nil {
		return nil, err
	}
	should, err := compileAll(b, q.Should)
	if err != nil {
		return nil, err
	}
	not, err := compileAll(b, q.MustNot)
	if err != nil {
		return nil, err
	}
	return func(d *doc) bool {
		for _, m := range must {
			if !m(d) {
				return false
			}
		}
		for _, m := range not {
			if m(d) {
				return false
			}
		}
		return atLeast(q.AtLeast, should, d)
	}, nil
}

func compileAll(b *binding, queries []Query) ([]matcher, error) {
	list := make([]matcher, len(queries))
	var err error
	for i, q := range queries {
		if list[i], err = q.compile(b); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func atLeast(n int, list []matcher, d *doc) bool {
	for _, m := range list {
		if n <= 0 {
			break
		}
		if m(d) {
			n--
		}
	}
	return n <= 0
}

func (q Bool) bounds(b *binding, list []bound) []bound {
	for _, m := range slices.Concat(q.Must, q.Filter) {
		list = m.bounds(b, list)
	}
	return list
}
