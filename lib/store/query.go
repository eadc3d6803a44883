package store

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Query is a condition on documents: All, None, IDs, Term, Range, Exists, Prefix,
// Wildcard, Match, Phrase, Bool, DisMax, Constant or Boost. A query on a field that
// an index does not know matches nothing in that index.
type Query interface {
	// compile compiles the condition for one index.
	compile(b *binding) (clause, error)
}

// clause is a condition in one index.
type clause struct {
	// match returns the documents of a part that meet the condition, dead ones
	// included.
	match func(*part) (set, error)
	// score adds the scores of these documents to an array indexed by document and
	// leaves the others unchanged.
	score func(*part, []float32) error
	flat  *float32 // the score, if it is the same for all
	cost  int      // a conjunction evaluates cheap clauses first
}

// The costs of clauses.
const (
	cheap  = iota // often decided by the directory of a segment
	scan          // reads a column
	lookup        // reads postings
	search        // tests every string of a dictionary
)

// binding is a search in one index.
type binding struct {
	ctx     context.Context
	ix      *Index
	mapping *Mapping
	view    *view
	index   int // position of the index in the search
	now     time.Time
	words   *vocabularies
	run     *run
}

// field returns a field, or nil if the index does not know it.
func (b *binding) field(name string) *Field {
	if name == ignoredField.Name {
		return ignoredField
	}
	return b.mapping.byName[name]
}

// searchable is like field, for queries by value.
func (b *binding) searchable(name string) (*Field, error) {
	f := b.field(name)
	switch {
	case f != nil && !f.indexed && !f.docValues:
		reason := "since it is not indexed nor has doc values."
		if f.Type == Text {
			reason = "since it is not indexed."
		}
		return nil, b.queryError(fmt.Errorf("Cannot search on field [%s] %s", name, reason))
	case f == nil && name != "" && name[0] == '_':
		return nil, b.queryError(fmt.Errorf("Cannot search on field [%s] in this store", name))
	}
	return f, nil
}

// queryError returns the error of a query that does not fit the index.
func (b *binding) queryError(err error) error {
	if e, ok := errors.AsType[*Error](err); ok && e.Kind == BadQuery {
		return b.ix.about(e)
	}
	return b.ix.about(&Error{Kind: BadQuery, Reason: "failed to create query", Cause: err.Error()})
}

// damage reports a part whose columns cannot be read.
type damage struct {
	part *part
	err  error
}

func (d *damage) Error() string { return d.err.Error() }
func (d *damage) Unwrap() error { return d.err }

// get returns a column of a part, or nil if no document has a value.
func (p *part) get(field string, parts columnParts) (*column, error) {
	c, err := p.column(field, parts)
	if err != nil {
		return nil, &damage{p, err}
	}
	return c, nil
}

// constant returns a clause with the same score for all its documents.
func constant(score float32, cost int, match func(*part) (set, error)) clause {
	return clause{match: match, flat: &score, cost: cost, score: func(p *part, scores []float32) error {
		s, err := match(p)
		addScore(scores, s, score)
		return err
	}}
}

func addScore(scores []float32, s set, x float32) {
	for _, d := range s.docs(len(scores), nil) {
		scores[d] += x
	}
}

var never = constant(0, cheap, func(*part) (set, error) { return set{}, nil })

// All matches every document.
type All struct{}

func (All) compile(*binding) (clause, error) {
	return constant(1, cheap, func(*part) (set, error) { return set{all: true}, nil }), nil
}

// None matches no document.
type None struct{}

func (None) compile(*binding) (clause, error) { return never, nil }

// IDs matches the documents with these ids.
type IDs struct{ IDs []string }

func (q IDs) compile(b *binding) (clause, error) {
	var seqs []int64
	for _, id := range q.IDs {
		list, err := values[int64](b.ctx, b.ix.read, "SELECT seq FROM ids WHERE id = ?", idKey(id))
		if err != nil {
			return never, err
		}
		for _, seq := range list {
			if seq >= b.view.end {
				return never, errOverrun // what the id meant in this view is not known
			}
		}
		seqs = append(seqs, list...)
	}
	return constant(1, cheap, func(p *part) (set, error) {
		var bits bitset
		for _, seq := range seqs {
			if i := seq - p.first; i >= 0 && i < int64(p.n) {
				if bits == nil {
					bits = newBitset(p.n)
				}
				bits.set(uint32(i))
			}
		}
		return setOf(bits), nil
	}), nil
}

// Exists matches documents in which the field, or any field of the object, has a
// value.
type Exists struct{ Field string }

func (q Exists) compile(b *binding) (clause, error) {
	var names []string
	for _, f := range b.mapping.under(q.Field) {
		if f.indexed || f.docValues {
			names = append(names, f.Name)
		}
	}
	return constant(1, scan, func(p *part) (set, error) {
		var all set
		for _, name := range names {
			c, err := p.get(name, valuesOnly)
			if err != nil {
				return set{}, err
			}
			if c != nil {
				all = all.or(c.exists())
			}
		}
		return all, nil
	}), nil
}
