package store

import (
	"slices"
	"strings"
)

// Term matches documents in which the field has one of the values. On a text field
// the value is one token; on an ip field it may be a CIDR block. The field "_id" is
// the document's id; "_ignored" holds the names of the fields with ignored values.
// The score of one value depends on its rarity; that of several values is 1.
type Term struct {
	Field  string
	Values []Scalar
}

func (q Term) compile(b *binding) (clause, error) {
	if q.Field == "_id" {
		return IDs{texts(q.Values)}.compile(b)
	}
	f, err := b.searchable(q.Field)
	if err != nil || f == nil {
		return never, err
	}
	switch f.Type {
	case Text:
		return q.tokens(b, f), nil
	case Keyword:
		return q.keywords(b, f), nil
	case IP, Date:
		return q.ranges(b, f)
	}
	return q.numbers(b, f)
}

func texts(values []Scalar) []string {
	list := make([]string, len(values))
	for i, s := range values {
		list[i] = s.Text
	}
	return list
}

// tokens is Term on a text field.
func (q Term) tokens(b *binding, f *Field) clause {
	var any []clause
	for _, s := range q.Values {
		any = append(any, token(b, f, s.Text))
	}
	if len(any) == 1 {
		return any[0]
	}
	return constant(1, lookup, func(p *part) (set, error) { return atLeast(p, 1, any) })
}

// keywords is Term on a keyword field.
func (q Term) keywords(b *binding, f *Field) clause {
	list := texts(q.Values)
	match := func(p *part) (set, error) { return p.keywords(f.Name, func(d *dict) ords { return d.these(list) }) }
	if len(list) != 1 {
		return constant(1, scan, match)
	}
	return clause{match: match, score: rarity(b, f.Name, match), cost: scan}
}

// keywords returns the documents with a keyword that choose picks from the
// dictionary.
func (p *part) keywords(field string, choose func(*dict) ords) (set, error) {
	c, err := p.get(field, wholeColumn)
	if err != nil || c == nil {
		return set{}, err
	}
	return c.chosen(choose(c.dict)), nil
}

// numbers is Term on a field of numbers or truth values.
func (q Term) numbers(b *binding, f *Field) (clause, error) {
	var want []int64
	for _, s := range q.Values {
		n, ok, err := f.exact(s)
		if err != nil {
			return never, b.queryError(err)
		}
		if ok {
			want = append(want, n)
		}
	}
	slices.Sort(want)
	want = slices.Compact(want)
	if len(want) == 0 {
		return never, nil
	}
	match := func(p *part) (set, error) {
		return p.numbers(f.Name, want[0], want[len(want)-1], func(c *column) set { return c.equal(want) })
	}
	if f.Type == Boolean && len(want) == 1 { // scored like a keyword, as in Elasticsearch
		return clause{match: match, score: rarity(b, f.Name, match), cost: scan}, nil
	}
	return constant(1, scan, match), nil
}

// equal returns the documents with one of the values, which are sorted.
func (c *column) equal(want []int64) set {
	const few = 4
	if len(want) <= few {
		var s set
		for _, v := range want {
			s = s.or(c.between(v, v))
		}
		return s
	}
	vals := newBitset(c.vals.n)
	for i := range c.vals.n {
		if _, ok := slices.BinarySearch(want, c.vals.at(i)); ok {
			vals.set(uint32(i))
		}
	}
	return c.owners(vals)
}

// numbers applies a condition to a column of numbers, unless the part has no value
// from low to high.
func (p *part) numbers(field string, low, high int64, match func(*column) set) (set, error) {
	if s := p.extent(field); s.known && (s.low > s.high || s.high < low || s.low > high) {
		return set{}, nil
	}
	c, err := p.get(field, valuesOnly)
	if err != nil || c == nil {
		return set{}, err
	}
	return match(c), nil
}

// ranges is Term on a date or ip field. A date without a time matches the whole day,
// and so on; an ip field may be searched for a CIDR block.
func (q Term) ranges(b *binding, f *Field) (clause, error) {
	any := Bool{AtLeast: 1}
	for i, s := range q.Values {
		r := Range{Field: q.Field, From: &q.Values[i], To: &q.Values[i], WithFrom: true, WithTo: true}
		if f.Type == IP && strings.Contains(s.Text, "/") {
			low, high, err := parseCIDR(s.Text)
			if err != nil {
				return never, b.queryError(err)
			}
			r.From, r.To = &Scalar{StringScalar, low}, &Scalar{StringScalar, high}
		}
		any.Should = append(any.Should, r)
	}
	return Constant{any, 1}.compile(b)
}

// Prefix matches documents in which a keyword, or a token of a text, begins
// with Value.
type Prefix struct {
	Field    string
	Value    string
	FoldCase bool // ASCII case does not matter
}

func (q Prefix) compile(b *binding) (clause, error) {
	choose := func(d *dict) ords { return d.prefixed(q.Value) }
	if q.FoldCase {
		ok := glob(escapeGlob(q.Value)+"*", true)
		choose = func(d *dict) ords { return d.where(ok) }
	}
	return b.strings("prefix", q.Field, choose)
}

// Wildcard matches documents in which a keyword, or a token of a text, matches
// Pattern: * matches any run of characters, ? matches one, \ makes the next
// character literal.
type Wildcard struct {
	Field    string
	Pattern  string
	FoldCase bool // ASCII case does not matter
}

func (q Wildcard) compile(b *binding) (clause, error) {
	ok := glob(q.Pattern, q.FoldCase)
	return b.strings("wildcard", q.Field, func(d *dict) ords { return d.where(ok) })
}

// strings returns a clause on the strings of a keyword or text field.
func (b *binding) strings(query, field string, choose func(*dict) ords) (clause, error) {
	f, err := b.searchable(field)
	switch {
	case err != nil || f == nil:
		return never, err
	case f.Type == Keyword:
		return constant(1, search, func(p *part) (set, error) { return p.keywords(f.Name, choose) }), nil
	case f.Type == Text:
		return constant(1, search, func(p *part) (set, error) { return p.anyToken(f.Name, choose) }), nil
	}
	return never, b.queryError(refuse(BadQuery, "Can only use %s queries on keyword, text and wildcard fields - not on [%s] which is of type [%s]",
		query, field, f.Type))
}

// anyToken returns the documents with a token that choose picks.
func (p *part) anyToken(field string, choose func(*dict) ords) (set, error) {
	c, err := p.get(field, wholeColumn)
	if err != nil || c == nil {
		return set{}, err
	}
	var bits bitset
	for _, ord := range choose(c.text.tokens).list() {
		list, err := c.text.at(p.n, ord)
		if err == nil {
			if bits == nil {
				bits = newBitset(p.n)
			}
			o := list.each()
			for o.next() {
				bits.set(o.doc)
			}
			err = o.d.err
		}
		if err != nil {
			return set{}, &damage{p, err}
		}
	}
	return setOf(bits), nil
}

// list returns the ordinals in the set.
func (o ords) list() []uint32 {
	if o.table != nil {
		return o.table.append(nil)
	}
	var l []uint32
	for i := o.low; i < o.high; i++ {
		l = append(l, uint32(i))
	}
	return l
}
