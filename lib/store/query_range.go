package store

import (
	"fmt"
	"math"
	"math/big"
	"time"

	"github.com/wmtools/wm/lib/jsonscan"
)

// Range matches documents in which a value of the field lies between From and To;
// nil means no limit. It compares numbers and dates by value and keywords by bytes.
type Range struct {
	Field            string
	From, To         *Scalar
	WithFrom, WithTo bool           // whether the limits themselves match
	Format           Format         // of the limits of a date field; zero means the field's own, and milliseconds for numbers
	Zone             *time.Location // of limits of a date field without a zone; nil means UTC
}

func (q Range) compile(b *binding) (clause, error) {
	f, err := b.searchable(q.Field)
	if err != nil || f == nil {
		return never, err
	}
	switch f.Type {
	case Keyword:
		return constant(1, search, func(p *part) (set, error) { return p.keywords(f.Name, q.strings) }), nil
	case IP:
		return q.addresses(b, f)
	case Text:
		return never, b.queryError(fmt.Errorf("range on the text field [%s] is not supported here", q.Field))
	}
	low, high, err := q.limits(f, b.now)
	if err != nil {
		return never, b.queryError(err)
	}
	return constant(1, cheap, func(p *part) (set, error) { return p.between(f.Name, low, high) }), nil
}

// between returns the documents with a number from low to high. It does not read
// the column if the segment's directory shows that all or none match.
func (p *part) between(field string, low, high int64) (set, error) {
	s := p.extent(field)
	if s.known && s.full && low <= s.low && s.high <= high {
		return set{all: true}, nil
	}
	return p.numbers(field, low, high, func(c *column) set { return c.between(low, high) })
}

// strings returns the keywords within the limits.
func (q Range) strings(d *dict) ords {
	if d.sorted {
		return q.sortedStrings(d)
	}
	return d.where(func(b []byte) bool {
		s := jsonscan.View(b)
		above := q.From == nil || s > q.From.Text || q.WithFrom && s == q.From.Text
		return above && (q.To == nil || s < q.To.Text || q.WithTo && s == q.To.Text)
	})
}

func (q Range) sortedStrings(d *dict) ords {
	o := ords{high: d.len()}
	if q.From != nil {
		o.low = d.search(q.From.Text)
		if _, there := d.find(q.From.Text); there && !q.WithFrom {
			o.low++
		}
	}
	if q.To != nil {
		o.high = d.search(q.To.Text)
		if _, there := d.find(q.To.Text); there && q.WithTo {
			o.high++
		}
	}
	return o
}

// addresses is Range on an ip field.
func (q Range) addresses(b *binding, f *Field) (clause, error) {
	for _, limit := range []**Scalar{&q.From, &q.To} {
		if *limit == nil || len((*limit).Text) == addressBytes {
			continue // already bytes, from a CIDR block
		}
		text, err := parseIP((*limit).Text)
		if err != nil {
			return never, b.queryError(err)
		}
		*limit = &Scalar{StringScalar, text}
	}
	return constant(1, search, func(p *part) (set, error) { return p.keywords(f.Name, q.strings) }), nil
}

// limits returns the lowest and the highest value that match.
func (q Range) limits(f *Field, now time.Time) (low, high int64, err error) {
	low, high = math.MinInt64, math.MaxInt64
	if q.From != nil {
		// "above the 23rd" begins where the 23rd ends.
		if low, err = q.limit(f, *q.From, now, !q.WithFrom, true); err != nil {
			return 0, 0, err
		}
		if !q.WithFrom {
			if low == math.MaxInt64 {
				return 1, 0, nil
			}
			low++
		}
	}
	if q.To != nil {
		if high, err = q.limit(f, *q.To, now, q.WithTo, false); err != nil {
			return 0, 0, err
		}
		if !q.WithTo {
			if high == math.MinInt64 {
				return 1, 0, nil
			}
			high--
		}
	}
	return low, high, nil
}

// limit returns one limit as an integer, such that the same integers lie beyond it:
// "> 0.5" becomes "> 0", ">= 0.5" becomes ">= 1". roundUp applies to dates with
// unspecified parts.
func (q Range) limit(f *Field, s Scalar, now time.Time, roundUp, lower bool) (int64, error) {
	switch f.Type {
	case Date:
		return q.date(f, s).math(s.Text, now, roundUp, q.Zone)
	case Boolean:
		return queryBoolean(s)
	case Double, Float:
		x, err := f.double(s)
		return sortable(x), err
	}
	x, ok := exactNumber(s.Text)
	if !ok || s.Kind == BoolScalar {
		return 0, fmt.Errorf("For input string: %q", s.Text)
	}
	n := floor(x)
	if !x.IsInt() && (lower && q.WithFrom || !lower && !q.WithTo) {
		n.Add(n, big.NewInt(1))
	}
	if low, high := f.Type.limits(); !n.IsInt64() || n.Int64() < low || n.Int64() > high {
		return 0, fmt.Errorf("Value [%s] is out of range for %s", s.Text, article(f.Type))
	}
	return n.Int64(), nil
}

// date returns the format of a limit.
func (q Range) date(f *Field, s Scalar) Format {
	if s.Kind == NumberScalar {
		return q.Format.or(millis)
	}
	return q.Format.or(f.format)
}

// floor returns the largest integer that is not above x.
func floor(x *big.Rat) *big.Int {
	return new(big.Int).Div(x.Num(), x.Denom()) // Euclidean, and denominators are positive
}

func article(t Type) string {
	if t == Integer {
		return "an integer"
	}
	return "a " + string(t)
}

// exact converts a number or truth value of a Term. ok is false if no value of the
// field can equal it.
func (f *Field) exact(s Scalar) (n int64, ok bool, err error) {
	if f.Type == Boolean {
		n, err = queryBoolean(s)
		return n, err == nil, err
	}
	if f.Type == Double || f.Type == Float {
		x, err := f.double(s)
		return sortable(x), err == nil, err
	}
	x, ok := exactNumber(s.Text)
	if !ok || s.Kind == BoolScalar {
		return 0, false, fmt.Errorf("For input string: %q", s.Text)
	}
	return x.Num().Int64(), x.IsInt() && x.Num().IsInt64(), nil
}

func queryBoolean(s Scalar) (int64, error) {
	switch s.Text {
	case "true":
		return 1, nil
	case "false":
		return 0, nil
	}
	return 0, fmt.Errorf("Can't parse boolean value [%s], expected [true] or [false]", s.Text)
}
