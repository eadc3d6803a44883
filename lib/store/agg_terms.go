package store

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// byValue sorts the values of a document, so that equal ones are neighbours.
func byValue(vals []value) []value {
	if len(vals) > 1 {
		slices.SortFunc(vals, compareValues)
	}
	return vals
}

// Order is what the buckets of Terms are sorted by.
type Order struct {
	By   string // "_count", "_key" or a sub-aggregation that is one number: its name, behind that of a Filter that it is in and ">"
	Desc bool
}

// Terms counts documents by the values of a field.
type Terms struct {
	Field   string
	Size    int
	MinDocs int64    // buckets with fewer documents are left out; at least 1
	Order   []Order  // none: most documents first; equals by key
	Missing *Scalar  // counts the documents without a value under this one; nil leaves them out
	Include []Scalar // only these values; nil is all
	Exclude []Scalar // not these values
	Subs    []NamedAgg
}

type termsPlan struct {
	Terms
	column
	subs  plans
	order []func(a, b *termsBucket) int
}

func (t Terms) plan() (aggPlan, error) {
	if t.Missing != nil || t.Include != nil || t.Exclude != nil {
		return pending{}.plan()
	}
	subs, err := planAll(t.Subs)
	if err != nil {
		return nil, err
	}
	p := &termsPlan{Terms: t, column: column{name: t.Field}, subs: subs}
	for _, o := range append(slices.Clone(t.Order), Order{By: "_key"}) {
		c, err := p.comparison(o)
		if err != nil {
			return nil, err
		}
		p.order = append(p.order, c)
	}
	if len(t.Order) == 0 {
		p.order = slices.Insert(p.order, 0, func(a, b *termsBucket) int { return cmp.Compare(b.docs, a.docs) })
	}
	return p, nil
}

// comparison makes one Order a function.
func (p *termsPlan) comparison(o Order) (func(a, b *termsBucket) int, error) {
	var c func(a, b *termsBucket) int
	switch o.By {
	case "_count":
		c = func(a, b *termsBucket) int { return cmp.Compare(a.docs, b.docs) }
	case "_key":
		c = func(a, b *termsBucket) int { return compareValues(a.key, b.key) }
	default:
		rank, err := p.subs.rank(o.By)
		if err != nil {
			return nil, err
		}
		c = func(a, b *termsBucket) int { return cmp.Compare(rank(a.subs), rank(b.subs)) }
	}
	if o.Desc {
		return func(a, b *termsBucket) int { return c(b, a) }, nil
	}
	return c, nil
}

// rank returns what reads the number at a path from the states of aggregations.
func (p plans) rank(path string) (func([]aggState) float64, error) {
	name, rest, deeper := strings.Cut(path, ">")
	i := slices.Index(p.names, strings.TrimSuffix(name, ".value"))
	if i < 0 {
		return nil, refuse(BadArgument, "Invalid aggregation order path [%s]. Cannot find aggregation named [%[1]s]", path)
	}
	if filter, ok := p.list[i].(*filterPlan); ok && deeper {
		inner, err := filter.subs.rank(rest)
		return func(states []aggState) float64 { return inner(states[i].(*filterState).subs) }, err
	}
	if _, ok := p.list[i].state().(ranked); !ok || deeper {
		return nil, refuse(BadArgument, "Invalid aggregation order path [%s]. The aggregation is not a single number", path)
	}
	return func(states []aggState) float64 { return states[i].(ranked).rank() }, nil
}

func (p *termsPlan) bind(b *binding) error {
	if err := p.column.bind(b, "terms"); err != nil {
		return err
	}
	return p.subs.bind(b)
}

type termsBucket struct {
	key value
	bucket
}

type termsState struct {
	plan    *termsPlan
	buckets map[value]*termsBucket
}

func (p *termsPlan) state() aggState { return &termsState{p, map[value]*termsBucket{}} }

func (s *termsState) add(d *doc) {
	vals := byValue(d.vals[s.plan.slot])
	for i, v := range vals {
		if i > 0 && v == vals[i-1] {
			continue
		}
		k := s.buckets[v]
		if k == nil {
			v.s = strings.Clone(v.s)
			k = &termsBucket{v, bucket{subs: s.plan.subs.states()}}
			s.buckets[v] = k
		}
		k.add(d)
	}
}

func (s *termsState) result(budget *int) (Result, error) {
	var list []*termsBucket
	var docs int64
	for _, k := range s.buckets {
		if k.docs >= s.plan.MinDocs {
			list = append(list, k)
			docs += k.docs
		}
	}
	slices.SortFunc(list, func(a, b *termsBucket) int {
		for _, c := range s.plan.order {
			if n := c(a, b); n != 0 {
				return n
			}
		}
		return 0
	})
	list = list[:min(len(list), s.plan.Size)]
	if err := spend(budget, len(list)); err != nil {
		return nil, err
	}
	out := Buckets{Terms: true, Other: docs}
	for _, k := range list {
		subs, err := s.plan.subs.results(k.subs, budget)
		if err != nil {
			return nil, err
		}
		out.Other -= k.docs
		out.List = append(out.List, s.plan.bucket(k, subs))
	}
	return out, nil
}

func (p *termsPlan) bucket(k *termsBucket, subs []NamedResult) Bucket {
	b := Bucket{Key: Scalar{NumberScalar, fmt.Sprint(k.key.i)}, Docs: k.docs, Subs: subs}
	if p.typ == Keyword {
		b.Key = Scalar{StringScalar, k.key.s}
	} else {
		b.KeyText = p.column.text(k.key.i, Format{})
	}
	return b
}
