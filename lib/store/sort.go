package store

import (
	"cmp"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/wmtools/wm/lib/jsonscan"
)

// Sort is one sort key of hits.
type Sort struct {
	Field        string // or "_score"; "_doc": order of arrival; "_shard_doc": index, then order of arrival
	Desc         bool
	MissingFirst bool   // sort documents without a value first instead of last
	Unmapped     Type   // type of the field in indices that do not know it; "": that is an error
	Format       Format // of a date field's values in hits; zero means milliseconds
}

// The values of Sort.Field that are not fields. Under momentDoc no two hits of a
// Moment are equal.
const (
	byScore    = "_score"
	docOrder   = "_doc"
	momentDoc  = "_shard_doc"
	maxDocBits = 32 // bits of a document's number, below those of its index
)

// sortKey is the value of one document for one Sort.
type sortKey struct {
	value
	none bool // a keyword field without a value; numbers have a substitute
}

// sorter sorts the documents of one index, into one order with the documents of the others.
type sorter struct {
	by     []Sort
	fields []*Field
	index  int       // position of the index in the search
	after  []sortKey // hits come after this; nil for all
}

func newSorter(b *binding, index int, by []Sort, after []Scalar) (*sorter, error) {
	s := &sorter{by: by, fields: make([]*Field, len(by)), index: index}
	for i, k := range by {
		if k.Field == docOrder || k.Field == momentDoc || k.Field == byScore {
			continue // its field stays nil
		}
		f, err := b.column(k.Field)
		if err != nil {
			return nil, err
		}
		if f == nil && k.Unmapped == "" {
			return nil, b.ix.about(refuse(BadQuery, "No mapping found for [%s] in order to sort on", k.Field))
		}
		if f == nil {
			f = &Field{Name: k.Field, Type: k.Unmapped, format: defaultFormat}
		}
		s.fields[i] = f
	}
	return s, s.readAfter(b, after)
}

func (s *sorter) readAfter(b *binding, after []Scalar) error {
	if after == nil {
		return nil
	}
	if len(after) != len(s.by) {
		return refuse(BadArgument, "search_after has %d value(s) but sort has %d.", len(after), len(s.by))
	}
	for i, a := range after {
		k, err := s.readKey(b, i, a)
		if err != nil {
			return err
		}
		s.after = append(s.after, k)
	}
	return nil
}

// readKey parses a sort value of an earlier hit.
func (s *sorter) readKey(b *binding, i int, a Scalar) (sortKey, error) {
	f := s.fields[i]
	bad := func(err error) error {
		return &Error{Kind: BadArgument, Reason: fmt.Sprintf("Failed to parse search_after value for field [%s].", s.by[i].Field), Cause: err.Error()}
	}
	switch {
	case f != nil && f.hasDict():
		k := sortKey{value: value{s: a.Text}, none: a.Kind == NullScalar}
		if f.Type == IP && !k.none {
			var err error
			if k.s, err = parseIP(a.Text); err != nil {
				return k, bad(err)
			}
		}
		return k, nil
	case a.Kind == NullScalar:
		return sortKey{}, refuse(BadArgument, "[search_after] value at position %d cannot be null for sort field [%s].", i, s.by[i].Field)
	case f != nil && f.Type == Date && a.Kind == StringScalar:
		ms, err := s.by[i].Format.or(f.format).math(a.Text, b.now, false, nil)
		if err != nil {
			return sortKey{}, refuse(BadArgument, "%v", err)
		}
		return sortKey{value: value{i: ms}}, nil
	case s.by[i].Field == byScore, f != nil && f.isDouble():
		x, err := strconv.ParseFloat(a.Text, 64)
		if err != nil {
			return sortKey{}, bad(err)
		}
		return sortKey{value: value{i: sortable(x)}}, nil
	}
	whole, _, _ := strings.Cut(a.Text, ".")
	n, err := strconv.ParseInt(whole, 10, 64)
	if err != nil {
		return sortKey{}, bad(refuse(BadArgument, "For input string: %q", a.Text))
	}
	return sortKey{value: value{i: n}}, nil
}

// ordering is a sorter in one part.
type ordering struct {
	*sorter
	at   place
	cols []*column // nil: no document has a value
}

func (s *sorter) in(at place) (*ordering, error) {
	o := &ordering{sorter: s, at: at, cols: make([]*column, len(s.by))}
	for i, f := range s.fields {
		if f == nil {
			continue
		}
		parts := valuesOnly
		if f.hasDict() {
			parts = wholeColumn
		}
		var err error
		if o.cols[i], err = at.part.get(f.Name, parts); err != nil {
			return nil, err
		}
	}
	return o, nil
}

// key returns a document's value for the i-th Sort. Of several values it is the one
// that sorts first.
func (o *ordering) key(i int, doc uint32) sortKey {
	k, f, c := o.by[i], o.fields[i], o.cols[i]
	seq := o.at.part.first + int64(doc)
	switch {
	case k.Field == byScore && f == nil:
		return sortKey{value: value{i: sortable(float64(o.at.score(doc)))}}
	case f == nil && k.Field == momentDoc:
		return sortKey{value: value{i: int64(o.index)<<maxDocBits | seq}}
	case f == nil:
		return sortKey{value: value{i: seq}}
	case c == nil || c.has != nil && !c.has.has(doc):
		return standIn(f, k)
	case c.ends == nil:
		return sortKey{value: c.value(int(doc))}
	}
	start, end := c.start(doc), c.ends[doc]
	if start == end {
		return standIn(f, k)
	}
	best := c.value(int(start))
	for j := start + 1; j < end; j++ {
		if v := c.value(int(j)); compareValues(v, best) < 0 != k.Desc {
			best = v
		}
	}
	return sortKey{value: best}
}

// value returns one value; a keyword points into the dictionary.
func (c *column) value(i int) value {
	v := value{i: c.vals.at(i)}
	if c.dict != nil {
		v = value{s: jsonscan.View(c.dict.at(uint32(v.i)))}
	}
	return v
}

// keys returns the sort keys of a document.
func (o *ordering) keys(doc uint32) []sortKey {
	keys := make([]sortKey, len(o.by))
	for i := range keys {
		keys[i] = o.key(i, doc)
	}
	return keys
}

// score returns the score of a document.
func (at place) score(doc uint32) float32 {
	if at.scores == nil {
		return at.flat
	}
	return at.scores[doc]
}

// standIn returns the key of a document without a value. As in Elasticsearch it is
// a limit of the number type, which hits show and search_after accepts.
func standIn(f *Field, k Sort) sortKey {
	low, high := int64(math.MinInt64), int64(math.MaxInt64)
	switch {
	case f.hasDict():
		return sortKey{none: true}
	case f.isDouble():
		low, high = sortable(math.Inf(-1)), sortable(math.Inf(1))
	case f.Type == Integer || f.Type == Short:
		low, high = math.MinInt32, math.MaxInt32
	}
	if k.Desc != k.MissingFirst {
		return sortKey{value: value{i: low}}
	}
	return sortKey{value: value{i: high}}
}

func compareValues(a, b value) int {
	return cmp.Or(cmp.Compare(a.i, b.i), strings.Compare(a.s, b.s))
}

// compareKey returns a negative number if a sorts before b by one Sort.
func (k Sort) compareKey(a, b sortKey) int {
	switch {
	case a.none && b.none:
		return 0
	case a.none || b.none:
		if a.none == k.MissingFirst {
			return -1
		}
		return 1
	}
	c := compareValues(a.value, b.value)
	if k.Desc {
		return -c
	}
	return c
}

// compareKeys returns a negative number if a sorts before b.
func compareKeys(by []Sort, a, b []sortKey) int {
	for i, k := range by {
		if c := k.compareKey(a[i], b[i]); c != 0 {
			return c
		}
	}
	return 0
}

// SortValue is a sort value of a hit, as shown.
type SortValue struct {
	Kind ScalarKind
	Text string
}

// show renders the keys of a hit.
func (s *sorter) show(keys []sortKey) []SortValue {
	out := make([]SortValue, len(keys))
	for i, k := range keys {
		switch f := s.fields[i]; {
		case k.none:
			out[i] = SortValue{NullScalar, "null"}
		case f != nil && f.Type == Keyword:
			out[i] = SortValue{StringScalar, strings.Clone(k.s)}
		case f != nil && f.Type == IP:
			out[i] = SortValue{StringScalar, formatIP(k.s)}
		case f != nil && f.Type == Date && s.by[i].Format.names != "":
			out[i] = SortValue{StringScalar, s.by[i].Format.format(k.i, nil)}
		case f != nil && f.isDouble(), f == nil && s.by[i].Field == byScore:
			out[i] = SortValue{NumberScalar, formatSorted(unsortable(k.i))}
		default:
			out[i] = SortValue{NumberScalar, strconv.FormatInt(k.i, 10)}
		}
	}
	return out
}

// formatSorted writes a floating-point sort value; the substitutes of missing ones
// are strings, as in Elasticsearch.
func formatSorted(x float64) string {
	if math.IsInf(x, 0) {
		return strconv.Quote(strings.TrimPrefix(strings.Replace(strconv.FormatFloat(x, 'f', -1, 64), "Inf", "Infinity", 1), "+"))
	}
	return formatDouble(x)
}
