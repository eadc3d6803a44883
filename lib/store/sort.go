package store

import (
	"cmp"
	"math"
	"strconv"
	"strings"
)

// Sort is one key that hits are sorted by.
type Sort struct {
	Field        string // "_doc" is the order in which documents came in, "_shard_doc" that and before it the index
	Desc         bool
	MissingFirst bool   // where documents without a value stand; last is usual
	Unmapped     Type   // what an index that does not know the field takes it for; else that is an error
	Format       Format // of a date field's values in hits; zero is milliseconds
}

// The values of Sort.Field that every store knows. The second tells all hits of
// a Moment apart.
const (
	docOrder   = "_doc"
	momentDoc  = "_shard_doc"
	maxDocBits = 40 // of a document's number beside that of its index
)

// sortKey is what one document is sorted by under one Sort.
type sortKey struct {
	value
	none bool // a keyword field without a value; numbers have a stand-in
}

// sorter sorts the documents of one index, into one order with those of others.
type sorter struct {
	by     []Sort
	fields []*Field
	slots  []int
	index  int       // of those that are searched
	after  []sortKey // hits come after this; nil for all
}

func newSorter(b *binding, index int, by []Sort, after []Scalar) (*sorter, error) {
	s := &sorter{by: by, fields: make([]*Field, len(by)), slots: make([]int, len(by)), index: index}
	for i, k := range by {
		if k.Field == docOrder || k.Field == momentDoc {
			continue // its field stays nil
		}
		f, slot, err := b.column(k.Field)
		if err != nil {
			return nil, err
		}
		if f == nil && k.Unmapped == "" {
			return nil, b.ix.about(refuse(BadQuery, "No mapping found for [%s] in order to sort on", k.Field))
		}
		if f == nil {
			f = &Field{Type: k.Unmapped, format: defaultFormat}
		}
		s.fields[i], s.slots[i] = f, slot
	}
	if after == nil {
		return s, nil
	}
	if len(after) != len(by) {
		return nil, refuse(BadArgument, "search_after has %d value(s) but sort has %d.", len(after), len(by))
	}
	for i, a := range after {
		k, err := s.readKey(i, a)
		if err != nil {
			return nil, err
		}
		s.after = append(s.after, k)
	}
	return s, nil
}

// readKey reads a value that an earlier hit was sorted by.
func (s *sorter) readKey(i int, a Scalar) (sortKey, error) {
	f := s.fields[i]
	switch {
	case f != nil && f.Type == Keyword:
		return sortKey{value: value{s: a.Text}, none: a.Kind == NullScalar}, nil
	case a.Kind == NullScalar:
		return sortKey{}, refuse(BadArgument, "[search_after] value at position %d cannot be null for sort field [%s].", i, s.by[i].Field)
	case f != nil && f.Type == Date && a.Kind == StringScalar:
		ms, err := s.by[i].Format.or(f.format).parse(a.Text, false)
		if err != nil {
			return sortKey{}, refuse(BadArgument, "%v", err)
		}
		return sortKey{value: value{i: ms}}, nil
	}
	whole, _, _ := strings.Cut(a.Text, ".")
	n, err := strconv.ParseInt(whole, 10, 64)
	if err != nil {
		return sortKey{}, refuse(BadArgument, "Failed to parse search_after value for field [%s]: For input string: %q", s.by[i].Field, a.Text)
	}
	return sortKey{value: value{i: n}}, nil
}

// keys appends what a document is sorted by to dst. Of several values the one
// counts that comes first in the order.
func (s *sorter) keys(dst []sortKey, d *doc) []sortKey {
	for i, k := range s.by {
		switch f := s.fields[i]; {
		case f == nil && k.Field == momentDoc:
			dst = append(dst, sortKey{value: value{i: int64(s.index)<<maxDocBits | d.seq}})
		case f == nil:
			dst = append(dst, sortKey{value: value{i: d.seq}})
		case len(d.vals[s.slots[i]]) == 0:
			dst = append(dst, standIn(f, k))
		default:
			best := d.vals[s.slots[i]][0]
			for _, v := range d.vals[s.slots[i]][1:] {
				if c := compareValues(v, best); c < 0 != k.Desc && c != 0 {
					best = v
				}
			}
			dst = append(dst, sortKey{value: best})
		}
	}
	return dst
}

// standIn is the key of a document without a value. Elasticsearch gives out, and
// takes back in search_after, the limits of the number type.
func standIn(f *Field, k Sort) sortKey {
	low, high := int64(math.MinInt64), int64(math.MaxInt64)
	switch {
	case f.Type == Keyword:
		return sortKey{none: true}
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

// compareKeys is negative if a comes before b.
func compareKeys(by []Sort, a, b []sortKey) int {
	for i, k := range by {
		if a[i].none || b[i].none {
			switch {
			case a[i].none && b[i].none:
				continue
			case a[i].none == k.MissingFirst:
				return -1
			}
			return 1
		}
		if c := compareValues(a[i].value, b[i].value); c != 0 {
			if k.Desc {
				return -c
			}
			return c
		}
	}
	return 0
}

// SortValue is a value that a hit is sorted by, as it is shown.
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
			out[i] = SortValue{StringScalar, k.s}
		case f != nil && f.Type == Date && s.by[i].Format.names != "":
			out[i] = SortValue{StringScalar, s.by[i].Format.format(k.i)}
		default:
			out[i] = SortValue{NumberScalar, strconv.FormatInt(k.i, 10)}
		}
	}
	return out
}
