package store

import (
	"context"
	"errors"
	"math"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Search defines a search.
type Search struct {
	Query      Query
	At         *Moment  // search the indices as of this moment; nil: now
	Sort       []Sort   // nil: by score; ties are broken by index name and order of arrival
	After      []Scalar // only hits after these sort values
	From, Size int      // hits to skip, hits to return
	Total      int      // limit for counting matches; CountAll: none, 0: do not count
	Aggs       []NamedAgg
	Source     bool          // hits carry the documents
	Version    bool          // hits carry the versions of the documents
	Timeout    time.Duration // after which the search returns what it has found; 0: none
}

// CountAll is a Search.Total without limit.
const CountAll = -1

// Hit is a document that was found.
type Hit struct {
	Index   string
	ID      string
	Version int64 // if Search.Version is set
	Seq     int64
	Score   *float64 // nil if the hits are not sorted by score
	Sort    []SortValue
	Source  []byte   // byte for byte as written
	Ignored []string // fields with values that ignore_above excluded
}

// Answer is the answer to a Search.
type Answer struct {
	Total    int64
	AtLeast  bool     // there may be more matches than Total
	MaxScore *float64 // nil if the hits are not sorted by score, or without hits
	Hits     []Hit
	Aggs     []NamedResult
	TimedOut bool
}

// Search searches the named indices. If q.At is set, it must contain them.
func (s *Store) Search(ctx context.Context, names []string, q Search) (*Answer, error) {
	for {
		a, err := s.searchOnce(ctx, names, q)
		if errors.Is(err, errOverrun) && ctx.Err() == nil {
			continue
		}
		d, damaged := errors.AsType[*damage](err)
		if !damaged || ctx.Err() != nil {
			return a, err
		}
		if err := d.repair(ctx); err != nil {
			return nil, err
		}
	}
}

// errOverrun is the error of a search that a write has overtaken. Writes become
// visible right after their commit, so a second attempt sees it.
var errOverrun = errors.New("overtaken by a write")

// repair rebuilds the columns of a damaged part.
func (d *damage) repair(ctx context.Context) error {
	s, ok := d.part.columns.(*segment)
	if !ok {
		return d.err
	}
	done, err := s.index.use()
	if err != nil {
		return err
	}
	defer done()
	return s.index.repair(ctx, d.part)
}

// Count counts the documents that meet a condition.
func (s *Store) Count(ctx context.Context, names []string, q Query) (int64, error) {
	a, err := s.Search(ctx, names, Search{Query: q, Total: CountAll})
	if err != nil {
		return 0, err
	}
	return a.Total, nil
}

// run is one search.
type run struct {
	Search
	store    *Store
	bound    []*bound
	items    []*item
	plan     plan
	aggs     subs
	hits     *candidates
	total    int64
	deadline time.Time
	timedOut atomic.Bool
}

// bound is a search in one of its indices.
type bound struct {
	*binding
	query  clause
	sorter *sorter
	end    int64 // documents from this number on are not part of the search
}

// item is a search in one part.
type item struct {
	*bound
	place
	docs []uint32 // matches
}

func (s *Store) searchOnce(ctx context.Context, names []string, q Search) (*Answer, error) {
	r, err := s.newRun(q)
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		ix, err := s.find(name)
		if err != nil {
			return nil, err
		}
		done, err := ix.use()
		if err != nil {
			return nil, err
		}
		defer done()
		if err := r.bind(ctx, ix); err != nil {
			return nil, err
		}
	}
	if err := r.evaluate(ctx); err != nil {
		return nil, err
	}
	return r.answer(ctx)
}

func (s *Store) newRun(q Search) (*run, error) {
	r := &run{Search: q, store: s, hits: newCandidates(q.Sort, q.From+q.Size)}
	if len(q.After) > 0 && len(q.Sort) == 0 {
		return nil, refuse(BadSearch, "Sort must contain at least one field.")
	}
	if q.Timeout > 0 {
		r.deadline = time.Now().Add(q.Timeout)
	}
	var err error
	r.aggs, err = r.plan.all(q.Aggs)
	return r, err
}

// bind compiles the search for an index, so that errors are found before anything
// is read.
func (r *run) bind(ctx context.Context, ix *Index) error {
	v, err := ix.current(ctx)
	if err != nil {
		return err
	}
	b := &bound{binding: &binding{ctx: ctx, ix: ix, mapping: ix.mapping.Load(), view: v, now: time.Now(), run: r,
		words: &r.store.vocabularies, index: len(r.bound)}, end: math.MaxInt64}
	if r.At != nil {
		if b.end, err = r.At.end(ix); err != nil {
			return err
		}
	}
	if b.query, err = r.Query.compile(b.binding); err != nil {
		return about(err, ix)
	}
	if b.sorter, err = newSorter(b.binding, b.index, r.Sort, r.After); err != nil {
		return about(err, ix)
	}
	if err := r.aggs.bind(b.binding); err != nil {
		return about(err, ix)
	}
	for _, p := range v.parts {
		if p.first < b.end {
			r.items = append(r.items, &item{bound: b, place: place{index: b.index, part: p}})
		}
	}
	r.bound = append(r.bound, b)
	return nil
}

// about sets the index of an error that has none.
func about(err error, ix *Index) error {
	if e, ok := errors.AsType[*Error](err); ok && e.Index == "" {
		return ix.about(e)
	}
	return err
}

// evaluate finds matches, hits and counts. Without aggregations and with a limited
// count, it searches parts in the order of hits and stops when no further part can
// change the result.
func (r *run) evaluate(ctx context.Context) error {
	r.order()
	batch := runtime.GOMAXPROCS(0)
	if len(r.Aggs) > 0 || r.Total == CountAll {
		batch = len(r.items)
	}
	for items := r.items; len(items) > 0 && !r.enough(items); {
		n := min(batch, len(items))
		if err := inParallel(n, func(i int) error { return r.match(ctx, items[i]) }); err != nil {
			return err
		}
		for _, it := range items[:n] {
			if err := r.take(it); err != nil {
				return err
			}
		}
		items = items[n:]
	}
	return inParallel(len(r.aggs.list), func(i int) error { return r.collect(ctx, r.aggs.list[i]) })
}

// inParallel calls do with 0 to n-1 on all processors and returns the first error.
func inParallel(n int, do func(i int) error) error {
	errs := make([]error, n)
	panics := make([]any, n)
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				func() {
					defer func() { panics[i] = recover() }()
					errs[i] = do(i)
				}()
			}
		})
	}
	wg.Wait()
	for _, p := range panics {
		if p != nil {
			panic(p) // in the goroutine of the caller, which may recover
		}
	}
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// match evaluates the query in a part.
func (r *run) match(ctx context.Context, it *item) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if r.late() || r.passed(it) {
		return nil
	}
	s, err := it.query.match(it.part)
	if err != nil || s.empty() {
		return err
	}
	s = s.and(it.part.live(it.end))
	it.docs = s.docs(it.part.n, nil)
	if it.query.flat != nil {
		it.flat = *it.query.flat
		return nil
	}
	if len(it.docs) == 0 || !r.scored() {
		return nil
	}
	it.scores = make([]float32, it.part.n)
	return it.query.score(it.part, it.scores)
}

// scored reports whether scores are needed.
func (r *run) scored() bool {
	return r.hits.n > 0 && sortsByScore(r.Sort) || r.plan.scores
}

func sortsByScore(by []Sort) bool {
	return len(by) == 0 || slices.ContainsFunc(by, func(k Sort) bool { return k.Field == byScore })
}

// sorters returns the sorter of each index.
func (r *run) sorters() []*sorter {
	var list []*sorter
	for _, b := range r.bound {
		list = append(list, b.sorter)
	}
	return list
}

// late reports whether the time is up.
func (r *run) late() bool {
	if !r.deadline.IsZero() && time.Now().After(r.deadline) {
		r.timedOut.Store(true)
	}
	return r.timedOut.Load()
}

// take counts the matches of a part and collects hits from them.
func (r *run) take(it *item) error {
	r.total += int64(len(it.docs))
	if len(it.docs) == 0 || r.hits.n == 0 || r.beyond(it) {
		return nil
	}
	o, err := it.sorter.in(it.place)
	if err != nil {
		return err
	}
	r.hits.collect(o, it.docs)
	return nil
}

// collect runs one aggregation over all matches.
func (r *run) collect(ctx context.Context, c collector) error {
	for _, it := range r.items {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if len(it.docs) == 0 || r.late() {
			continue
		}
		if err := c.collect(it.place, selection{docs: it.docs}); err != nil {
			return err
		}
	}
	return nil
}

// answer returns the Answer.
func (r *run) answer(ctx context.Context) (*Answer, error) {
	a := &Answer{Total: r.total, TimedOut: r.timedOut.Load()}
	if r.Total != CountAll && r.total > int64(r.Total) {
		a.Total, a.AtLeast = int64(r.Total), true
	}
	found := r.hits.sorted()
	a.MaxScore = maxScore(r.Sort, found)
	var err error
	if a.Hits, err = r.fetch(ctx, r.sorters(), found[min(r.From, len(found)):], r.Source); err != nil {
		return nil, err
	}
	budget := MaxBuckets
	a.Aggs, err = r.aggs.results(0, &budget)
	return a, err
}
