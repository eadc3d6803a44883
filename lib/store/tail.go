package store

import (
	"slices"
	"sync"

	"github.com/wmtools/wm/lib/words"
)

// tail holds the columns of the documents since the last segment in append-only
// form: a view stays valid while documents are added. It is not safe for concurrent
// use.
type tail struct {
	first  int64 // number of the first document
	n      int
	bytes  int // of the sources
	fields map[string]*growing
}

// growing is one column of a tail: for each value, its document and its number,
// ordinal or tokens.
type growing struct {
	field  *Field
	docs   []uint32
	vals   []int64  // not of text
	words  *lexicon // of keyword and text
	ends   []uint32 // of text: the end of each value's tokens in stream
	stream []uint32 // of text: the tokens of all values
	buf    []byte
}

func newTail(first int64) *tail { return &tail{first: first, fields: map[string]*growing{}} }

// add adds a value of the current document.
func (t *tail) add(f *Field, v value) {
	g := t.fields[f.Name]
	if g == nil {
		g = &growing{field: f}
		if f.hasDict() || f.Type == Text {
			g.words = newLexicon()
		}
		t.fields[f.Name] = g
	}
	g.add(uint32(t.n), v)
}

func (g *growing) add(doc uint32, v value) {
	switch {
	case g.field.Type == Text:
		for token := range words.Tokens(v.s) {
			g.buf = append(g.buf[:0], token...)
			g.stream = append(g.stream, g.words.add(g.buf))
		}
		g.ends = append(g.ends, uint32(len(g.stream)))
	case g.words != nil:
		g.buf = append(g.buf[:0], v.s...)
		v.i = int64(g.words.add(g.buf))
		for i := len(g.docs) - 1; i >= 0 && g.docs[i] == doc; i-- {
			if g.vals[i] == v.i {
				return // a keyword counts once per document
			}
		}
		g.vals = append(g.vals, v.i)
	default:
		g.vals = append(g.vals, v.i)
	}
	g.docs = append(g.docs, doc)
}

// end ends a document with a source of the given size.
func (t *tail) end(bytes int) {
	t.n++
	t.bytes += bytes
}

// tailView is a snapshot of a tail. Its columns are built when a search first needs
// them.
type tailView struct {
	n      int
	fields map[string]*grown
}

// grown is a column of a tailView.
type grown struct {
	growing
	dict *dict
	once sync.Once
	col  *column
}

func (t *tail) view() *tailView {
	v := &tailView{n: t.n, fields: make(map[string]*grown, len(t.fields))}
	for name, g := range t.fields {
		c := &grown{growing: growing{field: g.field, docs: g.docs[:len(g.docs):len(g.docs)], vals: g.vals[:len(g.vals):len(g.vals)],
			ends: g.ends[:len(g.ends):len(g.ends)], stream: g.stream[:len(g.stream):len(g.stream)]}}
		if g.words != nil {
			c.dict = g.words.view()
		}
		v.fields[name] = c
	}
	return v
}

// column returns a column, or nil if no document has a value.
func (v *tailView) column(field string, _ columnParts) (*column, error) {
	g := v.fields[field]
	if g == nil {
		return nil, nil
	}
	g.once.Do(func() { g.col = g.arrange(v.n) })
	return g.col, nil
}

// extent returns an unknown extent: it would need the column.
func (v *tailView) extent(string) extent { return extent{} }

func (v *tailView) dictionary(string) *dictKey { return nil }

func (g *grown) arrange(n int) *column {
	if g.field.Type == Text {
		return g.inverted(n, g.dict, g.stream)
	}
	c := newColumn(n, g.docs, g.vals)
	c.dict = g.dict
	return c
}

// inverted returns the column of a text field. Its vals are the numbers of tokens.
func (g *grown) inverted(n int, tokens *dict, stream []uint32) *column {
	raw, ends := inverter{g.docs, g.ends, stream}.invert(tokens.len())
	docs, lengths := g.lengths()
	c := newColumn(n, docs, lengths)
	load := func() ([]byte, error) { return raw, nil }
	withTokens := 0
	for _, n := range lengths {
		if n > 0 {
			withTokens++
		}
	}
	c.text = &text{tokens: tokens, ends: ends, chunks: []chunk{{uint32(len(raw)), load}}, docs: withTokens, total: int64(len(stream))}
	return c
}

// lengths returns the documents with a text and the number of tokens of each.
func (g *grown) lengths() (docs []uint32, lengths []int64) {
	start := uint32(0)
	for i, end := range g.ends {
		if i > 0 && g.docs[i] == g.docs[i-1] {
			lengths[len(lengths)-1] += int64(end - start)
		} else {
			docs, lengths = append(docs, g.docs[i]), append(lengths, int64(end-start))
		}
		start = end
	}
	return docs, lengths
}

// uniqueShare is the share of documents with a unique value from which a dictionary
// is not sorted but stays in document order. Sorting would take longest for such
// columns, range and prefix searches on them are rare, and ascending ordinals take
// no space.
const uniqueShare = 0.75

// final returns the column in the form in which a segment stores it.
func (g *grown) final(n int) *column {
	switch {
	case g.field.Type == Text:
		sorted, renamed := g.dict.inOrder()
		stream := slices.Clone(g.stream)
		for i, t := range stream {
			stream[i] = renamed[t]
		}
		return g.inverted(n, sorted, stream)
	case g.words == nil && g.dict == nil, float64(g.dict.len()) > uniqueShare*float64(n):
		return g.arrange(n)
	}
	return g.arrange(n).inOrder()
}
