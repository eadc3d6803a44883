package store

import (
	"bytes"
	"encoding/binary"
	"hash/maphash"
	"slices"
	"sort"
)

// dict is a list of distinct strings, identified by ordinals from 0.
type dict struct {
	text   []byte
	ends   []uint32 // of each string in text
	sorted bool     // by bytes; otherwise in order of first occurrence
	key    *dictKey
}

// dictKey identifies a dictionary. A segment's gets a new key each time it is
// loaded; a tail's keeps its key as it grows.
type dictKey struct{ _ byte }

func (d *dict) len() int { return len(d.ends) }

// at returns a string without copying it.
func (d *dict) at(ord uint32) []byte {
	start := uint32(0)
	if ord > 0 {
		start = d.ends[ord-1]
	}
	return d.text[start:d.ends[ord]]
}

// find returns the ordinal of a string.
func (d *dict) find(s string) (ord uint32, ok bool) {
	if d.sorted {
		i := d.search(s)
		return uint32(i), i < d.len() && string(d.at(uint32(i))) == s
	}
	start := uint32(0)
	for i, end := range d.ends {
		if int(end-start) == len(s) && string(d.text[start:end]) == s {
			return uint32(i), true
		}
		start = end
	}
	return 0, false
}

// search returns the first ordinal of a sorted dictionary whose string is at least
// s.
func (d *dict) search(s string) int {
	return sort.Search(d.len(), func(i int) bool { return string(d.at(uint32(i))) >= s })
}

// ords is a set of ordinals: a range from low to below high, or a table.
type ords struct {
	low, high int
	table     bitset // nil: use the range
}

func (o ords) empty() bool { return o.table == nil && o.low >= o.high }

// where returns the ordinals of the strings that meet a condition.
func (d *dict) where(ok func([]byte) bool) ords {
	o := ords{}
	for i := range d.ends {
		if ok(d.at(uint32(i))) {
			if o.table == nil {
				o.table = newBitset(d.len())
			}
			o.table.set(uint32(i))
		}
	}
	return o
}

// these returns the ordinals of strings.
func (d *dict) these(list []string) ords {
	if len(list) == 1 {
		if ord, ok := d.find(list[0]); ok {
			return ords{low: int(ord), high: int(ord) + 1}
		}
		return ords{}
	}
	if !d.sorted {
		want := make(map[string]bool, len(list))
		for _, s := range list {
			want[s] = true
		}
		return d.where(func(b []byte) bool { return want[string(b)] })
	}
	o := ords{}
	for _, s := range list {
		if ord, ok := d.find(s); ok {
			if o.table == nil {
				o.table = newBitset(d.len())
			}
			o.table.set(ord)
		}
	}
	return o
}

// prefixed returns the ordinals of the strings that begin with prefix.
func (d *dict) prefixed(prefix string) ords {
	if !d.sorted {
		return d.where(func(b []byte) bool { return bytes.HasPrefix(b, []byte(prefix)) })
	}
	low := d.search(prefix)
	n := sort.Search(d.len()-low, func(i int) bool { return !bytes.HasPrefix(d.at(uint32(low+i)), []byte(prefix)) })
	return ords{low: low, high: low + n}
}

// inOrder returns the sorted dictionary and, for each old ordinal, the new one.
func (d *dict) inOrder() (*dict, []uint32) {
	order := make([]uint32, d.len())
	for i := range order {
		order[i] = uint32(i)
	}
	slices.SortFunc(order, func(a, b uint32) int { return bytes.Compare(d.at(a), d.at(b)) })
	out := &dict{text: make([]byte, 0, len(d.text)), ends: make([]uint32, 0, d.len()), sorted: true, key: new(dictKey)}
	renamed := make([]uint32, d.len())
	for i, old := range order {
		renamed[old] = uint32(i)
		out.text = append(out.text, d.at(old)...)
		out.ends = append(out.ends, uint32(len(out.text)))
	}
	return out, renamed
}

func (d *dict) bytes() int { return len(d.text) + 4*len(d.ends) + 64 }

// appendDict encodes a dictionary: whether it is sorted and the number of strings;
// for each, the length of the prefix shared with the previous string and of the
// rest; then the rests.
func appendDict(dst []byte, d *dict) []byte {
	sorted := byte(0)
	if d.sorted {
		sorted = 1
	}
	dst = append(dst, sorted)
	dst = binary.AppendUvarint(dst, uint64(d.len()))
	var rests []byte
	var last []byte
	for i := range d.ends {
		s := d.at(uint32(i))
		shared := 0
		if d.sorted {
			shared = sharedPrefix(last, s)
		}
		dst = binary.AppendUvarint(dst, uint64(shared))
		dst = binary.AppendUvarint(dst, uint64(len(s)-shared))
		rests = append(rests, s[shared:]...)
		last = s
	}
	return append(dst, rests...)
}

func sharedPrefix(a, b []byte) int {
	n := min(len(a), len(b))
	for i := range n {
		if a[i] != b[i] {
			return i
		}
	}
	return n
}

// dict decodes what appendDict encoded.
func (d *decoding) dict(key *dictKey) *dict {
	out := &dict{sorted: d.byte() == 1, key: key}
	n := d.count(maxValues)
	lens := make([][2]uint32, n)
	total := 0
	for i := range lens {
		shared, rest := d.length(), d.length()
		lens[i] = [2]uint32{uint32(shared), uint32(rest)}
		total += shared + rest
	}
	if d.err != nil || total > maxValues {
		d.fail()
		return out
	}
	out.text, out.ends = make([]byte, 0, total), make([]uint32, 0, n)
	last := []byte(nil)
	for _, l := range lens {
		if int(l[0]) > len(last) {
			d.fail()
			return out
		}
		start := len(out.text)
		out.text = append(out.text, last[:l[0]]...)
		out.text = append(out.text, d.take(int(l[1]))...)
		out.ends = append(out.ends, uint32(len(out.text)))
		last = out.text[start:]
	}
	return out
}

// lexicon numbers strings in order of first occurrence. Strings are never removed,
// so views remain valid while it grows.
type lexicon struct {
	dict
	hashes []uint32
	table  []uint32 // ordinal + 1 by hash, 0 if free; its length is a power of two
}

var lexiconSeed = maphash.MakeSeed()

func newLexicon() *lexicon { return &lexicon{dict: dict{key: new(dictKey)}, table: make([]uint32, 16)} }

// add returns the ordinal of a string, adding the string if it is new.
func (l *lexicon) add(s []byte) uint32 {
	h := uint32(maphash.Bytes(lexiconSeed, s))
	mask := uint32(len(l.table) - 1)
	for i := h & mask; ; i = (i + 1) & mask {
		switch o := l.table[i]; {
		case o == 0:
			l.table[i] = uint32(l.len()) + 1
			l.text = append(l.text, s...)
			l.ends = append(l.ends, uint32(len(l.text)))
			l.hashes = append(l.hashes, h)
			if 4*l.len() > 3*len(l.table) {
				l.grow()
			}
			return uint32(l.len() - 1)
		case l.hashes[o-1] == h && bytes.Equal(l.at(o-1), s):
			return o - 1
		}
	}
}

func (l *lexicon) grow() {
	l.table = make([]uint32, 2*len(l.table))
	mask := uint32(len(l.table) - 1)
	for ord, h := range l.hashes {
		i := h & mask
		for l.table[i] != 0 {
			i = (i + 1) & mask
		}
		l.table[i] = uint32(ord) + 1
	}
}

// view returns the current dictionary.
func (l *lexicon) view() *dict {
	return &dict{text: l.text[:len(l.text):len(l.text)], ends: l.ends[:l.len():l.len()], key: l.key}
}

func (l *lexicon) bytes() int { return l.dict.bytes() + 4*cap(l.hashes) + 4*len(l.table) }
