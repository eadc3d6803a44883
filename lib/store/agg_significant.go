package store

import (
	"cmp"
)

// SignificantTerms finds the values of a keyword field that are more frequent
// in the documents of the bucket than in the background.
type SignificantTerms struct {
	Field      string
	Size       int
	MinDocs    int64
	Background Query // nil: all documents
	Subs       []NamedAgg
}

// SignificantBucket is one bucket of a SignificantResult.
type SignificantBucket struct {
	Bucket
	Background int64   // documents of the background with the value
	Score      float64 // JLH: absolute times relative change of the share
}

// SignificantResult is the result of SignificantTerms.
type SignificantResult struct {
	Docs       int64 // documents of the bucket
	Background int64 // documents of the background
	List       []SignificantBucket
}

type significant struct {
	SignificantTerms
	source
	docs       counts
	buckets    bucketer
	subs       subs
	bindings   []*binding
	conditions []clause
	background *bucketer // background documents by value, counted at the end
	total      int64     // background documents
}

func (s SignificantTerms) plan(p *plan) (collector, error) {
	subs, err := p.all(s.Subs)
	return &significant{SignificantTerms: s, source: source{name: s.Field}, subs: subs}, err
}

func (c *significant) bind(b *binding) error {
	if err := c.source.bind(b, "significant_terms", Keyword, IP); err != nil {
		return err
	}
	q := c.SignificantTerms.Background
	if q == nil {
		q = All{}
	}
	one, err := q.compile(b)
	c.bindings, c.conditions = append(c.bindings, b), append(c.conditions, one)
	if err != nil {
		return err
	}
	return c.subs.bind(b)
}

func (c *significant) collect(at place, s selection) error {
	c.docs.count(s)
	s, err := c.count(&c.buckets, at, s)
	if err != nil {
		return err
	}
	return c.subs.collect(at, s)
}

func (c *significant) count(into *bucketer, at place, s selection) (selection, error) {
	col, numbers, err := c.numbers(at)
	if err != nil || col == nil {
		return selection{}, err
	}
	found, vals := c.source.values(col, s)
	slots, n, ord := slotsOf(vals)
	key := func(slot uint32) int64 { return int64(numbers[ord(slot)]) }
	return into.assign(found, slots, n, key, col.ends != nil), nil
}

// countBackground counts the values of the background.
func (c *significant) countBackground() error {
	c.background = new(bucketer)
	for i, b := range c.bindings {
		for _, p := range b.view.parts {
			s, err := c.conditions[i].match(p)
			if err != nil {
				return err
			}
			docs := s.and(p.live(b.view.end)).docs(p.n, nil)
			c.total += int64(len(docs))
			if _, err := c.count(c.background, place{index: i, part: p}, selection{docs: docs}); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *significant) result(bucket uint32, budget *int) (Result, error) {
	if c.background == nil {
		if err := c.countBackground(); err != nil {
			return nil, err
		}
	}
	out := SignificantResult{Docs: c.docs.of(bucket), Background: c.total}
	best := top[SignificantBucket]{n: c.Size, compare: func(a, b SignificantBucket) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(b.Docs, a.Docs), cmp.Compare(a.Key.Text, b.Key.Text))
	}}
	text := newVocabulary().view()
	if c.words != nil {
		text = c.words.view()
	}
	ids := map[string]uint32{}
	for _, k := range c.buckets.of(bucket) {
		if c.buckets.docs[k] < c.MinDocs {
			continue
		}
		b := SignificantBucket{Bucket: Bucket{Docs: c.buckets.docs[k]}}
		b.Background = c.background.docs[c.background.bucket(0, c.buckets.keys[k])]
		b.Score = jlh(b.Docs, out.Docs, max(b.Background, 1), max(c.total, 1))
		if b.Score <= 0 {
			continue
		}
		b.Key = Scalar{StringScalar, string(text.at(uint32(c.buckets.keys[k])))}
		ids[b.Key.Text] = k
		best.add(b)
	}
	out.List = best.sorted()
	if err := spend(budget, len(out.List)); err != nil {
		return nil, err
	}
	for i := range out.List {
		b := &out.List[i]
		k := ids[b.Key.Text]
		if c.typ == IP {
			b.Key.Text = formatIP(b.Key.Text)
		}
		var err error
		if b.Subs, err = c.subs.results(k, budget); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// jlh returns the change of a share, absolute times relative.
func jlh(docs, of, background, total int64) float64 {
	share, before := float64(docs)/float64(of), float64(background)/float64(total)
	if share <= before {
		return 0
	}
	return (share - before) * (share / before)
}
