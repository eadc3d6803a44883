package store

import (
	"cmp"
	"slices"
)

// TopHits returns the first documents of a bucket.
type TopHits struct {
	Sort       []Sort // nil: by score
	From, Size int
	Source     bool // hits carry the documents
}

// HitsResult is the result of TopHits.
type HitsResult struct {
	Total    int64
	MaxScore *float64 // nil if the hits are not sorted by score, or without hits
	Hits     []Hit
}

type topHits struct {
	TopHits
	sorters []*sorter // by index
	docs    counts
	best    tally[*candidates]
	run     *run
}

func (t TopHits) plan(p *plan) (collector, error) {
	p.scores = p.scores || sortsByScore(t.Sort)
	return &topHits{TopHits: t}, nil
}

func (c *topHits) bind(b *binding) error {
	s, err := newSorter(b, b.index, c.Sort, nil)
	c.sorters, c.run = append(c.sorters, s), b.run
	return err
}

func (c *topHits) collect(at place, s selection) error {
	o, err := c.sorters[at.index].in(at)
	if err != nil {
		return err
	}
	c.docs.count(s)
	for i := range s.docs {
		best := c.best.at(s.bucket(i))
		if *best == nil {
			*best = newCandidates(c.Sort, c.From+c.Size)
		}
		(*best).collect(o, s.docs[i:i+1])
	}
	return nil
}

func (c *topHits) result(bucket uint32, _ *int) (Result, error) {
	out := HitsResult{Total: c.docs.of(bucket)}
	best := c.best.of(bucket)
	if best == nil {
		return out, nil
	}
	found := best.sorted()
	out.MaxScore = maxScore(c.Sort, found)
	var err error
	out.Hits, err = c.run.fetch(c.run.bound[0].ctx, c.sorters, found[min(c.From, len(found)):], c.Source)
	return out, err
}

// Sampler runs its sub-aggregations over the Size documents with the best
// scores of each index.
type Sampler struct {
	Size int
	Subs []NamedAgg
}

type sampler struct {
	Sampler
	best   tally[[]*top[sampled]] // by bucket and index
	places []place
	docs   counts
	subs   subs
	done   bool
}

// sampled is a candidate for a sample.
type sampled struct {
	place int // where it was collected
	doc   uint32
	score float32
}

func (s Sampler) plan(p *plan) (collector, error) {
	p.scores = true
	subs, err := p.all(s.Subs)
	return &sampler{Sampler: s, subs: subs}, err
}

func (c *sampler) bind(b *binding) error { return c.subs.bind(b) }

func (c *sampler) collect(at place, s selection) error {
	c.places = append(c.places, at)
	for i, d := range s.docs {
		best := c.best.at(s.bucket(i))
		for len(*best) <= at.index {
			*best = append(*best, &top[sampled]{n: c.Size, compare: compareSampled})
		}
		(*best)[at.index].add(sampled{len(c.places) - 1, d, at.score(d)})
	}
	return nil
}

func compareSampled(a, b sampled) int {
	return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.place, b.place), cmp.Compare(a.doc, b.doc))
}

// finish passes the sample to the sub-aggregations, place by place, after the last
// document.
func (c *sampler) finish() error {
	if c.done {
		return nil
	}
	c.done = true
	chosen := make([]selection, len(c.places))
	for bucket, best := range c.best {
		for _, one := range best {
			for _, x := range one.sorted() {
				s := &chosen[x.place]
				s.docs, s.buckets = append(s.docs, x.doc), append(s.buckets, uint32(bucket))
			}
		}
	}
	for i, s := range chosen {
		s.parents = len(c.best)
		s = s.inOrder()
		c.docs.count(s)
		if err := c.subs.collect(c.places[i], s); err != nil {
			return err
		}
	}
	return nil
}

// inOrder returns the selection with its documents in order, without buckets if
// there is a single parent.
func (s selection) inOrder() selection {
	order := make([]int, len(s.docs))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(s.docs[a], s.docs[b]) })
	out := selection{parents: s.parents}
	for _, i := range order {
		out.docs = append(out.docs, s.docs[i])
		if s.parents > 1 {
			out.buckets = append(out.buckets, s.buckets[i])
		}
	}
	return out
}

func (c *sampler) result(bucket uint32, budget *int) (Result, error) {
	if err := c.finish(); err != nil {
		return nil, err
	}
	if err := spend(budget, 1); err != nil {
		return nil, err
	}
	subs, err := c.subs.results(bucket, budget)
	return Bucket{Docs: c.docs.of(bucket), Subs: subs}, err
}
