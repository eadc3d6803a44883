package store

import (
	"cmp"
	"math"
	"slices"
	"sync"

	"github.com/wmtools/wm/lib/words"
)

// Match matches documents in which the text field has any of the tokens of a text,
// or with Every all of them. On fields of other types it is a Term.
type Match struct {
	Field string
	Text  Scalar
	Every bool
}

func (q Match) compile(b *binding) (clause, error) {
	f, err := b.searchable(q.Field)
	switch {
	case err != nil || f == nil:
		return never, err
	case f.Type != Text:
		return Term{q.Field, []Scalar{q.Text}}.compile(b)
	}
	var list, scored []clause // a repeated token scores twice
	seen := map[string]clause{}
	for t := range words.Tokens(q.Text.Text) {
		c, again := seen[t]
		if !again {
			c = token(b, f, t)
			seen[t] = c
			list = append(list, c)
		}
		scored = append(scored, c)
	}
	if len(list) == 0 {
		return never, nil
	}
	c := boolClause{should: list, atLeast: 1}
	if q.Every {
		c = boolClause{all: list}
	}
	return clause{match: c.match, score: summed(c.match, scored), cost: lookup}, nil
}

// Phrase matches documents in which one value of the text field has the tokens of a
// text in sequence. On fields of other types it is a Term.
type Phrase struct {
	Field string
	Text  Scalar
}

func (q Phrase) compile(b *binding) (clause, error) {
	f, err := b.searchable(q.Field)
	switch {
	case err != nil || f == nil:
		return never, err
	case f.Type != Text:
		return Term{q.Field, []Scalar{q.Text}}.compile(b)
	}
	tokens := slices.Collect(words.Tokens(q.Text.Text))
	switch len(tokens) {
	case 0:
		return never, nil
	case 1:
		return token(b, f, tokens[0]), nil
	}
	return textClause(b, f, tokens, func(t *text, n int, visit func(doc uint32, freq int)) error {
		l, err := t.phrase(n, tokens)
		for i, d := range l.docs {
			visit(d, len(l.of(i)))
		}
		return err
	}), nil
}

// token returns the clause for one token of a text field.
func token(b *binding, f *Field, t string) clause {
	return textClause(b, f, []string{t}, func(x *text, n int, visit func(doc uint32, freq int)) error {
		list, err := x.find(n, t)
		o := list.each()
		for err == nil && o.next() {
			visit(o.doc, o.freq)
		}
		return cmp.Or(err, o.d.err)
	})
}

// textClause returns a clause with BM25 scores. each visits the documents of a part
// that match, with the frequency of the tokens in each.
func textClause(b *binding, f *Field, tokens []string, each func(t *text, n int, visit func(doc uint32, freq int)) error) clause {
	visit := func(p *part, do func(c *column) func(doc uint32, freq int)) error {
		c, err := p.get(f.Name, wholeColumn)
		if err != nil || c == nil {
			return err
		}
		if err := each(c.text, p.n, do(c)); err != nil {
			return &damage{p, err}
		}
		return nil
	}
	match := func(p *part) (set, error) {
		var bits bitset
		err := visit(p, func(*column) func(uint32, int) {
			return func(doc uint32, _ int) {
				if bits == nil {
					bits = newBitset(p.n)
				}
				bits.set(doc)
			}
		})
		return setOf(bits), err
	}
	stats := statistics(b, f, tokens)
	score := func(p *part, scores []float32) error {
		st, err := stats()
		if err != nil {
			return err
		}
		return visit(p, func(c *column) func(uint32, int) {
			return func(doc uint32, freq int) { scores[doc] += st.score(freq, c.vals.at(int(doc))) }
		})
	}
	return clause{match: match, score: score, cost: lookup}
}

// bm25 computes BM25 scores with the usual constants, as Lucene does.
type bm25 struct {
	idf     float64
	average float64 // tokens in a document that has the field
}

const (
	bm25K = 1.2
	bm25B = 0.75
)

func (s bm25) score(freq int, length int64) float32 {
	f := float64(freq)
	return float32(s.idf * f * (bm25K + 1) / (f + bm25K*(1-bm25B+bm25B*float64(length)/s.average)))
}

func idf(docs, with int) float64 {
	return math.Log(1 + (float64(docs)-float64(with)+0.5)/(float64(with)+0.5))
}

// statistics returns a function for the statistics of the whole index on which the
// score of tokens depends. They are computed on the first call.
func statistics(b *binding, f *Field, tokens []string) func() (bm25, error) {
	return sync.OnceValues(func() (bm25, error) {
		docs, total := 0, int64(0)
		with := make([]int, len(tokens))
		for _, p := range b.view.parts {
			c, err := p.get(f.Name, wholeColumn)
			if err != nil {
				return bm25{}, err
			}
			if c == nil {
				continue
			}
			docs, total = docs+c.text.docs, total+c.text.total
			for i, t := range tokens {
				list, err := c.text.find(p.n, t)
				if err != nil {
					return bm25{}, &damage{p, err}
				}
				with[i] += list.count
			}
		}
		s := bm25{average: max(1, float64(total)/float64(max(1, docs)))}
		for _, n := range with {
			s.idf += idf(docs, n)
		}
		return s, nil
	})
}

// rarity scores the documents of a keyword by its rarity among documents that have
// the field.
func rarity(b *binding, field string, match func(*part) (set, error)) func(*part, []float32) error {
	score := sync.OnceValues(func() (float32, error) {
		docs, values, with := 0, 0, 0
		for _, p := range b.view.parts {
			s, err := match(p)
			if err != nil {
				return 0, err
			}
			c, err := p.get(field, wholeColumn)
			if err != nil {
				return 0, err
			}
			if c != nil {
				all := c.exists()
				n := all.count(p.n)
				docs += n
				if c.ends != nil {
					n = int(c.ends[len(c.ends)-1])
				}
				values += n
			}
			with += s.count(p.n)
		}
		s := bm25{idf(docs, with), float64(values) / float64(max(1, docs))}
		return s.score(1, 1), nil // a keyword counts as a text of one token
	})
	return func(p *part, scores []float32) error {
		s, err := match(p)
		if err != nil || s.empty() {
			return err
		}
		x, err := score()
		addScore(scores, s, x)
		return err
	}
}
