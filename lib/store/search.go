package store

import (
	"context"
	"database/sql"
	"errors"
	"math"
	"slices"
	"time"
)

// Search is one search.
type Search struct {
	Query      Query
	At         *Moment  // the indices as they were then; nil: as they are
	Sort       []Sort   // none: the order of indices by name and of documents as they came in
	After      []Scalar // only hits behind these sort values
	From, Size int      // hits to leave out, hits to give
	Total      int      // up to how many matches are counted; CountAll, 0 for no counting
	Aggs       []NamedAgg
	Source     bool          // hits carry the documents
	Timeout    time.Duration // ends the search with what there is; 0 for none
}

// CountAll is a Search.Total without limit.
const CountAll = -1

// Hit is a document that was found.
type Hit struct {
	Index   string
	ID      string
	Version int64
	Seq     int64
	Score   *float64 // nil when the hits are sorted
	Sort    []SortValue
	Source  []byte   // byte for byte what came in
	Ignored []string // fields with values that ignore_above left out
}

// Answer is the answer to a Search.
type Answer struct {
	Total    int64
	AtLeast  bool     // there may be more matches than Total
	MaxScore *float64 // nil when the hits are sorted or there are none
	Hits     []Hit
	Aggs     []NamedResult
	TimedOut bool
}

// errEnough ends a scan early.
var errEnough = errors.New("enough")

// Search searches the indices of these names, which have to be in q.At if there
// is one.
func (s *Store) Search(ctx context.Context, names []string, q Search) (*Answer, error) {
	r, err := newRun(q)
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
		r.indices = append(r.indices, ix)
	}
	if err := r.bind(); err != nil {
		return nil, err
	}
	if err := r.scanAll(ctx); err != nil && !errors.Is(err, errEnough) {
		return nil, err
	}
	return r.answer(ctx)
}

// Count counts the documents that meet a condition.
func (s *Store) Count(ctx context.Context, names []string, q Query) (int64, error) {
	a, err := s.Search(ctx, names, Search{Query: q, Total: CountAll})
	if err != nil {
		return 0, err
	}
	return a.Total, nil
}

// run is a search under way.
type run struct {
	Search
	indices  []*Index
	bound    []bound1
	slots    *slots
	plans    plans
	states   []aggState
	top      top
	total    int64
	deadline time.Time
	timedOut bool
	keys     []sortKey // scratch
}

// bound1 is a search in one of its indices.
type bound1 struct {
	*binding
	match  matcher
	sorter *sorter
	bounds []bound
	end    int64      // documents from this number on came later
	behind []frameRef // put off: see scanAll
}

func newRun(q Search) (*run, error) {
	r := &run{Search: q, slots: &slots{map[string]int{}}, top: top{n: q.From + q.Size, by: q.Sort}}
	if len(q.After) > 0 && len(q.Sort) == 0 {
		return nil, refuse(BadArgument, "Sort must contain at least one field.")
	}
	if q.Timeout > 0 {
		r.deadline = time.Now().Add(q.Timeout)
	}
	var err error
	if r.plans, err = planAll(q.Aggs); err != nil {
		return nil, err
	}
	r.states = r.plans.states()
	return r, nil
}

// bind compiles the search for each index, so that what does not fit is told
// before anything is read.
func (r *run) bind() error {
	for i, ix := range r.indices {
		b := bound1{binding: newBinding(ix, r.slots), end: math.MaxInt64}
		var err error
		if r.At != nil {
			if b.end, err = r.At.end(ix); err != nil {
				return err
			}
		}
		if b.match, err = r.Query.compile(b.binding); err != nil {
			return err
		}
		if b.sorter, err = newSorter(b.binding, i, r.Sort, r.After); err != nil {
			return about(err, ix)
		}
		if err := r.plans.bind(b.binding); err != nil {
			return about(err, ix)
		}
		b.bounds = r.Query.bounds(b.binding, nil)
		r.bound = append(r.bound, b)
	}
	return nil
}

// about says which index an error is about if it does not yet.
func about(err error, ix *Index) error {
	if e, ok := errors.AsType[*Error](err); ok && e.Index == "" {
		return ix.about(e)
	}
	return err
}

// lead returns the sort key that frames can be ordered by, so that a search for
// the newest does not read the oldest; nil if all have to be read anyway.
func (r *run) lead() *Sort {
	if len(r.Sort) == 0 || len(r.Aggs) > 0 || r.Total == CountAll || r.Sort[0].MissingFirst {
		return nil
	}
	for _, b := range r.bound {
		if f := b.sorter.fields[0]; f == nil || f.Type != Date {
			return nil
		}
	}
	return &r.Sort[0]
}

// counted tells whether enough matches were counted.
func (r *run) counted() bool { return r.Total != CountAll && r.total > int64(r.Total) }

// scanAll reads all indices. Frames that lie wholly before the place where the
// hits begin are put off: in them, only documents without a value of the lead
// could be hits, and those come last. So a search that goes on from hit to hit
// does not read anew what it has seen.
func (r *run) scanAll(ctx context.Context) error {
	order := make([]int, len(r.bound))
	for i := range order {
		order[i] = i
	}
	lead := r.lead()
	if lead != nil && lead.Desc { // the newest index is the last by name
		slices.Reverse(order)
	}
	for _, i := range order {
		if err := r.scan(ctx, i, lead); err != nil {
			return err
		}
	}
	for _, i := range order {
		if err := r.scanBehind(ctx, i, lead); err != nil {
			return err
		}
	}
	return nil
}

// scan reads the documents of one index that may match.
func (r *run) scan(ctx context.Context, i int, lead *Sort) error {
	b := &r.bound[i]
	tx, err := b.ix.snapshot(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if none, err := b.ix.beyond(ctx, tx, b.bounds); none || err != nil {
		return err
	}
	frames, err := b.ix.frames(ctx, tx, b.end, b.bounds, lead)
	if err != nil {
		return err
	}
	if lead != nil && b.sorter.after != nil {
		frames = b.putOff(frames, lead, r.Total > 0)
	}
	return r.read(ctx, tx, i, frames, lead)
}

// putOff moves the frames that lie before the hits to b.behind and returns the
// others. Where nothing is counted and every match has a value, they are not
// needed at all.
func (b *bound1) putOff(frames []frameRef, lead *Sort, counts bool) []frameRef {
	after := b.sorter.after[0].i
	useless := !counts && slices.ContainsFunc(b.bounds, func(o bound) bool { return o.field == lead.Field })
	return slices.DeleteFunc(frames, func(f frameRef) bool {
		before := f.times.some && (lead.Desc && f.times.min > after || !lead.Desc && f.times.max < after)
		if before && !useless {
			f.times = span{}
			b.behind = append(b.behind, f)
		}
		return before
	})
}

// scanBehind reads the frames that were put off.
func (r *run) scanBehind(ctx context.Context, i int, lead *Sort) error {
	b := &r.bound[i]
	if len(b.behind) == 0 || r.idle(b.behind[0], lead) {
		return nil
	}
	tx, err := b.ix.snapshot(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	return r.read(ctx, tx, i, b.behind, lead)
}

// read reads frames until there is no need.
func (r *run) read(ctx context.Context, tx *sql.Tx, i int, frames []frameRef, lead *Sort) error {
	b := &r.bound[i]
	if err := r.plans.bind(b.binding); err != nil {
		return err
	}
	c, err := b.open(ctx, tx)
	if err != nil {
		return err
	}
	for _, f := range frames {
		if r.late() {
			return errEnough
		}
		if r.idle(f, lead) {
			return nil
		}
		if err := c.each(ctx, f, func(d *doc) error { r.visit(i, b, d); return nil }); err != nil {
			return err
		}
	}
	return nil
}

// late tells whether the time is up.
func (r *run) late() bool {
	r.timedOut = r.timedOut || !r.deadline.IsZero() && time.Now().After(r.deadline)
	return r.timedOut
}

// idle tells whether nothing in this frame, nor in any behind it, can change the answer.
func (r *run) idle(f frameRef, lead *Sort) bool {
	if len(r.Aggs) > 0 || !r.counted() {
		return false
	}
	switch last := r.top.last; {
	case r.top.n == 0:
		return true
	case last == nil:
		return false
	case len(r.Sort) == 0:
		return true // what comes in later sorts later
	case lead == nil:
		return false
	case lead.Desc:
		return f.newest() < last.keys[0].i
	default:
		return f.oldest() > last.keys[0].i
	}
}

// visit looks at one document.
func (r *run) visit(i int, b *bound1, d *doc) {
	if d.seq >= b.end || !b.match(d) { // a frame may hold both earlier and later documents once frames are merged
		return
	}
	r.total++
	for _, s := range r.states {
		s.add(d)
	}
	if r.top.n == 0 {
		return
	}
	r.keys = b.sorter.keys(r.keys[:0], d)
	if b.sorter.after != nil && compareKeys(r.Sort, r.keys, b.sorter.after) <= 0 {
		return
	}
	r.top.add(candidate{i, d.seq, r.keys})
}

// answer puts the answer together.
func (r *run) answer(ctx context.Context) (*Answer, error) {
	a := &Answer{Total: r.total, TimedOut: r.timedOut}
	if r.Total != CountAll && r.total > int64(r.Total) {
		a.Total, a.AtLeast = int64(r.Total), true
	}
	r.top.cut()
	hits := r.top.list[min(r.From, len(r.top.list)):]
	var err error
	if a.Hits, err = r.fetch(ctx, hits); err != nil {
		return nil, err
	}
	if len(a.Hits) > 0 {
		a.MaxScore = a.Hits[0].Score
	}
	budget := MaxBuckets
	a.Aggs, err = r.plans.results(r.states, &budget)
	return a, err
}
