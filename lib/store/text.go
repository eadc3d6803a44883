package store

import (
	"encoding/binary"
	"sort"
)

// text is the inverted index of a text field in a part: for each token, the
// documents that have it, with frequencies and positions.
type text struct {
	tokens *dict
	ends   []uint32 // the end of each token's postings, which are adjacent
	chunks []chunk  // the postings
	docs   int      // with a token
	total  int64    // tokens in all documents
}

// chunk is a run of postings that is loaded as a whole. Each token's postings are in
// one chunk.
type chunk struct {
	end  uint32 // of the chunk among all postings
	load func() ([]byte, error)
}

// chunkBytes is the size of a chunk: small enough that a rare word loads little,
// large enough to compress well.
const chunkBytes = 64 << 10

// postings are the postings of a token: the number of documents and the length of
// the next section; for each document, the distance from the previous one, doubled,
// plus one if the token occurs once, otherwise followed by the frequency; then for
// each document the positions, each as the distance from the previous one. All are
// uvarints.
type postings struct {
	n         int // documents of the part
	count     int // documents that have the token
	docs      []byte
	positions []byte
}

// find returns the postings of a token. Its count is 0 for an unknown token.
func (t *text) find(n int, token string) (postings, error) {
	ord, ok := t.tokens.find(token)
	if !ok {
		return postings{}, nil
	}
	return t.at(n, ord)
}

// at returns the postings of a token by ordinal.
func (t *text) at(n int, ord uint32) (postings, error) {
	start, end := uint32(0), t.ends[ord]
	if ord > 0 {
		start = t.ends[ord-1]
	}
	i := sort.Search(len(t.chunks), func(i int) bool { return t.chunks[i].end >= end })
	base := uint32(0)
	if i > 0 {
		base = t.chunks[min(i, len(t.chunks))-1].end
	}
	if i == len(t.chunks) || start < base || start > end {
		return postings{}, errSegment
	}
	raw, err := t.chunks[i].load()
	if err != nil {
		return postings{}, err
	}
	if int(end-base) > len(raw) {
		return postings{}, errSegment
	}
	d := decoding{rest: raw[start-base : end-base]}
	p := postings{n: n, count: d.length()}
	p.docs = d.take(d.length())
	p.positions = d.rest
	return p, d.err
}

// occurrences iterates over the documents in postings.
type occurrences struct {
	d     decoding
	n     uint64
	left  int
	begun bool
	doc   uint32
	freq  int
}

func (p postings) each() occurrences {
	return occurrences{d: decoding{rest: p.docs}, n: uint64(p.n), left: p.count}
}

// next moves to the next document.
func (o *occurrences) next() bool {
	if o.left == 0 {
		return false
	}
	o.left--
	v := o.d.uvarint()
	doc := uint64(o.doc) + v>>1
	if o.begun && v>>1 == 0 || doc >= o.n {
		o.d.fail()
	}
	o.begun, o.doc, o.freq = true, uint32(doc), 1
	if v&1 == 0 {
		o.freq = o.d.length()
	}
	if o.d.err != nil {
		o.left = 0
		return false
	}
	return true
}

// set returns the documents that have the token.
func (p postings) set() (set, error) {
	if p.count == 0 {
		return set{}, nil
	}
	b := newBitset(p.n)
	o := p.each()
	for o.next() {
		b.set(o.doc)
	}
	return setOf(b), o.d.err
}

// located holds the occurrences of a token: documents in order, and positions in
// each.
type located struct {
	docs      []uint32
	ends      []int // of each document's in positions
	positions []uint32
}

func (l *located) of(i int) []uint32 {
	if i == 0 {
		return l.positions[:l.ends[0]]
	}
	return l.positions[l.ends[i-1]:l.ends[i]]
}

// locate returns the occurrences of the token in the given documents.
func (p postings) locate(among bitset) (located, error) {
	var l located
	o := p.each()
	d := decoding{rest: p.positions}
	for o.next() {
		if !among.has(o.doc) {
			d.skip(o.freq)
			continue
		}
		pos := uint32(0)
		for range o.freq {
			if pos += uint32(d.uvarint()); d.err != nil {
				return l, d.err
			}
			l.positions = append(l.positions, pos)
		}
		l.docs = append(l.docs, o.doc)
		l.ends = append(l.ends, len(l.positions))
	}
	if o.d.err != nil {
		return l, o.d.err
	}
	return l, d.err
}

// skip skips n uvarints.
func (d *decoding) skip(n int) {
	i := 0
	for ; n > 0 && i < len(d.rest); i++ {
		if d.rest[i] < 0x80 {
			n--
		}
	}
	if n > 0 {
		d.fail()
		return
	}
	d.rest = d.rest[i:]
}

// followed returns the occurrences of m directly after one of l.
func (l located) followed(m located) located {
	var out located
	for i, j := 0, 0; i < len(l.docs) && j < len(m.docs); {
		switch {
		case l.docs[i] < m.docs[j]:
			i++
		case l.docs[i] > m.docs[j]:
			j++
		default:
			before := len(out.positions)
			out.positions = appendFollowed(out.positions, l.of(i), m.of(j))
			if len(out.positions) > before {
				out.docs = append(out.docs, l.docs[i])
				out.ends = append(out.ends, len(out.positions))
			}
			i, j = i+1, j+1
		}
	}
	return out
}

func appendFollowed(dst, a, b []uint32) []uint32 {
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i]+1 < b[j]:
			i++
		case a[i]+1 > b[j]:
			j++
		default:
			dst = append(dst, b[j])
			i, j = i+1, j+1
		}
	}
	return dst
}

// phrase returns the occurrences of a sequence of tokens, as those of the last
// token.
func (t *text) phrase(n int, tokens []string) (located, error) {
	lists := make([]postings, len(tokens))
	all := set{all: true}
	for i, token := range tokens {
		var err error
		if lists[i], err = t.find(n, token); err != nil {
			return located{}, err
		}
		s, err := lists[i].set()
		if err != nil {
			return located{}, err
		}
		if all = all.and(s); all.empty() {
			return located{}, nil
		}
	}
	among := all.of(n)
	places, err := lists[0].locate(among)
	for _, p := range lists[1:] {
		if err != nil {
			break
		}
		var next located
		if next, err = p.locate(among); err == nil {
			places = places.followed(next)
		}
	}
	return places, err
}

// inverter turns texts, each a run of tokens of one document, into postings.
type inverter struct {
	docs   []uint32 // of each text, ascending
	ends   []uint32 // of each text in stream
	stream []uint32 // tokens by ordinal
}

// invert returns the postings of all tokens, concatenated, and the end of each.
func (v inverter) invert(tokens int) (raw []byte, ends []uint32) {
	starts := make([]uint32, tokens+1)
	for _, t := range v.stream {
		starts[t+1]++
	}
	for t := range tokens {
		starts[t+1] += starts[t]
	}
	places := v.byToken(starts)
	ends = make([]uint32, tokens)
	var docs, positions []byte
	for t, end := range starts[:tokens] { // byToken moved each start to the end
		start := uint32(0)
		if t > 0 {
			start = starts[t-1]
		}
		var count int
		docs, positions, count = appendPostings(docs[:0], positions[:0], places[start:end])
		raw = binary.AppendUvarint(raw, uint64(count))
		raw = binary.AppendUvarint(raw, uint64(len(docs)))
		raw = append(append(raw, docs...), positions...)
		ends[t] = uint32(len(raw))
	}
	return raw, ends
}

// byToken sorts the occurrences of all tokens by token and turns starts into ends.
// An occurrence is a document and a position in it.
func (v inverter) byToken(starts []uint32) []uint64 {
	places := make([]uint64, len(v.stream))
	doc, position, at := uint32(0), uint32(0), uint32(0)
	for i, end := range v.ends {
		if v.docs[i] != doc {
			doc, position = v.docs[i], 0
		}
		for ; at < end; at++ {
			t := v.stream[at]
			places[starts[t]] = uint64(doc)<<32 | uint64(position)
			starts[t]++
			position++
		}
		position++ // no phrase spans two values
	}
	return places
}

// appendPostings encodes the occurrences of one token.
func appendPostings(docs, positions []byte, places []uint64) ([]byte, []byte, int) {
	count, last := 0, uint32(0)
	for len(places) > 0 {
		doc, freq := uint32(places[0]>>32), 0
		before := uint32(0)
		for freq < len(places) && uint32(places[freq]>>32) == doc {
			p := uint32(places[freq])
			positions = binary.AppendUvarint(positions, uint64(p-before))
			before = p
			freq++
		}
		gap := uint64(doc-last) << 1
		if freq == 1 {
			docs = binary.AppendUvarint(docs, gap|1)
		} else {
			docs = binary.AppendUvarint(binary.AppendUvarint(docs, gap), uint64(freq))
		}
		last, places = doc, places[freq:]
		count++
	}
	return docs, positions, count
}
