package store

import (
	"testing"
)

// FuzzBlocks decodes bytes as each kind of block. Decoding must fail or give a
// result that can be read without a panic.
func FuzzBlocks(f *testing.F) {
	t := newTail(0)
	word := &Field{Name: "word", Type: Keyword}
	number := &Field{Name: "number", Type: Long}
	body := &Field{Name: "body", Type: Text}
	for i := range 30 {
		if i%3 > 0 {
			t.add(word, value{s: string(rune('a' + i%5))})
			t.add(number, value{i: int64(i) << (i % 40)})
		}
		for range i % 3 {
			t.add(body, value{s: "some words and more words"})
			t.add(number, value{i: int64(i)})
		}
		t.end(10)
	}
	s := t.view().seal(0)
	rows := make([]int64, len(s.bodies))
	for i := range rows {
		rows[i] = int64(i)
	}
	s.place(rows)
	f.Add(s.directory)
	for _, b := range s.bodies {
		raw, err := decoder().DecodeAll(b, nil)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		if s, err := readDirectory(raw); err == nil {
			s.rows()
			for name := range s.columns {
				s.extent(name)
			}
		}
		d := decoding{rest: raw}
		if c := d.column(); d.end() == nil {
			readColumn(c)
		}
		d = decoding{rest: raw}
		if l := d.dict(new(dictKey)); d.end() == nil {
			readDict(l)
		}
		readPostings(raw)
	})
}

// readColumn reads a column as searches do.
func readColumn(c *column) {
	docs := c.exists().and(c.between(-5, 5).or(c.between(c.low, c.high))).docs(c.n, nil)
	c.values(selection{docs: docs}, nil)
	c.span()
	for _, d := range docs {
		c.list(d)
	}
}

func readDict(d *dict) {
	d.find("b")
	d.prefixed("b")
	d.these([]string{"a", "c"})
	d.where(func(b []byte) bool { return len(b) == 1 }).list()
	d.inOrder()
}

// readPostings reads bytes as the postings of two tokens.
func readPostings(raw []byte) {
	l := newLexicon()
	l.add([]byte("a"))
	l.add([]byte("b"))
	n := len(raw)
	x := &text{tokens: l.view(), ends: []uint32{uint32(n / 2), uint32(n)},
		chunks: []chunk{{uint32(n), func() ([]byte, error) { return raw, nil }}}}
	const docs = 100
	for ord := range uint32(2) {
		p, err := x.at(docs, ord)
		if err != nil {
			continue
		}
		if s, err := p.set(); err == nil {
			p.locate(s.of(docs))
		}
	}
	x.phrase(docs, []string{"a", "b"})
}
