package store

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"maps"
	"slices"

	"github.com/klauspost/compress/zstd"
)

// segmentVersion is the version of the layout of directories and blocks. A
// segment of another version is rebuilt.
const segmentVersion = 1

// errSegment reports a segment with invalid contents.
var errSegment = errors.New("damaged segment")

// segment holds the sealed columns of consecutive documents.
type segment struct {
	first   int64
	n       int
	columns map[string]*columnInfo
	blocks  *blocks
	index   *Index
}

// columnInfo is the entry of a column in the directory of a segment.
type columnInfo struct {
	field     string
	low, high int64 // of the values of numbers
	some      bool  // it has values of numbers
	full      bool  // every document has one
	values    blockRef
	terms     blockRef   // dictionary of a keyword or text; length 0: none
	postings  []chunkRef // of text
	docs      int        // with a text
	total     int64      // tokens
	text      bool       // has postings
	key       dictKey
}

// blockRef refers to a block: its row, the length of its contents and their
// checksum.
type blockRef struct {
	row    int64
	length uint32
	sum    uint32
}

// chunkRef refers to a block of postings, with its end among all postings.
type chunkRef struct {
	blockRef
	end uint32
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// blockEncoder uses the fastest level, because sealing competes with writing for
// the processor.
var blockEncoder = func() *zstd.Encoder {
	e, _ := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(2)) // fails on bad options only
	return e
}()

// sealed is a segment that is not yet in the file.
type sealed struct {
	first     int64
	n         int
	bodies    [][]byte // compressed blocks
	columns   []*columnInfo
	directory []byte
}

// seal returns a view as a segment. Its rows of blocks are numbered from 0 until
// place sets them.
func (v *tailView) seal(first int64) *sealed {
	s := &sealed{first: first, n: v.n}
	for _, name := range slices.Sorted(maps.Keys(v.fields)) {
		g := v.fields[name]
		s.add(name, g.final(v.n))
	}
	return s
}

func (s *sealed) add(name string, c *column) {
	info := &columnInfo{field: name}
	if c.dict == nil && c.text == nil {
		info.low, info.high, info.some = c.span()
		info.full = c.has == nil && c.ends == nil
	}
	info.values = s.block(appendColumn(nil, c))
	if c.dict != nil {
		info.terms = s.block(appendDict(nil, c.dict))
	}
	if t := c.text; t != nil {
		info.text, info.docs, info.total = true, t.docs, t.total
		lengths := make([]int64, len(t.ends))
		start := uint32(0)
		for i, end := range t.ends {
			lengths[i], start = int64(end-start), end
		}
		v := narrow(lengths)
		info.terms = s.block(appendNumbers(appendDict(nil, t.tokens), &v))
		raw, _ := t.chunks[0].load() // in memory
		s.chunks(info, t.ends, raw)
	}
	s.columns = append(s.columns, info)
}

// chunks cuts postings into blocks, between tokens.
func (s *sealed) chunks(info *columnInfo, ends []uint32, raw []byte) {
	start := uint32(0)
	for i, end := range ends {
		if i == len(ends)-1 || ends[i+1]-start > chunkBytes {
			info.postings = append(info.postings, chunkRef{s.block(raw[start:end]), end})
			start = end
		}
	}
}

func (s *sealed) block(raw []byte) blockRef {
	s.bodies = append(s.bodies, blockEncoder.EncodeAll(raw, nil))
	return blockRef{int64(len(s.bodies) - 1), uint32(len(raw)), crc32.Checksum(raw, castagnoli)}
}

// place sets the rows of the blocks and encodes the directory.
func (s *sealed) place(rows []int64) {
	for _, c := range s.columns {
		c.values.row = rows[c.values.row]
		if c.terms.length > 0 {
			c.terms.row = rows[c.terms.row]
		}
		for i := range c.postings {
			c.postings[i].row = rows[c.postings[i].row]
		}
	}
	b := binary.AppendUvarint(nil, segmentVersion)
	b = binary.AppendUvarint(b, uint64(s.n))
	b = binary.AppendUvarint(b, uint64(len(s.columns)))
	for _, c := range s.columns {
		b = c.append(b)
	}
	s.directory = b
}

const (
	textFlag = 1 << iota
	someFlag
	fullFlag
)

func (c *columnInfo) append(b []byte) []byte {
	b = appendText(b, c.field)
	flags := byte(0)
	if c.text {
		flags |= textFlag
	}
	if c.some {
		flags |= someFlag
	}
	if c.full {
		flags |= fullFlag
	}
	b = append(b, flags)
	b = binary.AppendVarint(binary.AppendVarint(b, c.low), c.high)
	b = c.terms.append(c.values.append(b))
	b = binary.AppendUvarint(b, uint64(c.docs))
	b = binary.AppendUvarint(b, uint64(c.total))
	b = binary.AppendUvarint(b, uint64(len(c.postings)))
	for _, p := range c.postings {
		b = binary.AppendUvarint(p.append(b), uint64(p.end))
	}
	return b
}

func (r blockRef) append(b []byte) []byte {
	b = binary.AppendUvarint(b, uint64(r.row))
	b = binary.AppendUvarint(b, uint64(r.length))
	return binary.LittleEndian.AppendUint32(b, r.sum)
}

// readDirectory decodes a directory.
func readDirectory(raw []byte) (*segment, error) {
	d := decoding{rest: raw}
	if d.uvarint() != segmentVersion {
		return nil, errSegment
	}
	s := &segment{n: d.length(), columns: map[string]*columnInfo{}}
	for range d.count(1 << 20) {
		c := d.columnInfo()
		s.columns[c.field] = c
	}
	return s, d.end()
}

func (d *decoding) columnInfo() *columnInfo {
	c := &columnInfo{field: d.string()}
	flags := d.byte()
	c.text, c.some = flags&textFlag != 0, flags&someFlag != 0
	c.full = flags&fullFlag != 0
	c.low, c.high = d.varint(), d.varint()
	c.values, c.terms = d.blockRef(), d.blockRef()
	c.docs, c.total = d.length(), int64(d.uvarint())
	n := d.count(1 << 20)
	for range n {
		r := chunkRef{blockRef: d.blockRef()}
		r.end = uint32(d.uvarint())
		c.postings = append(c.postings, r)
	}
	return c
}

func (d *decoding) blockRef() blockRef {
	r := blockRef{row: int64(d.uvarint()), length: uint32(d.length())}
	if sum := d.take(4); sum != nil {
		r.sum = binary.LittleEndian.Uint32(sum)
	}
	return r
}

// columnParts selects the parts of a column to load.
type columnParts int

const (
	valuesOnly columnParts = iota // without the strings of a keyword
	wholeColumn
)

// column loads a column. It returns nil if no document has a value.
func (s *segment) column(field string, parts columnParts) (*column, error) {
	info := s.columns[field]
	if info == nil {
		return nil, nil
	}
	c, err := s.blocks.values(info)
	if err != nil {
		return nil, err
	}
	if c.n != s.n {
		return nil, errSegment
	}
	if parts == valuesOnly || info.terms.length == 0 {
		return c, nil
	}
	whole := *c
	if info.text {
		whole.text, err = s.blocks.text(info)
	} else {
		whole.dict, err = s.blocks.terms(info)
		if err == nil && !whole.fits() {
			err = errSegment
		}
	}
	return &whole, err
}

// fits reports whether all values are ordinals of the dictionary.
func (c *column) fits() bool {
	return c.low >= 0 && (c.high < int64(c.dict.len()) || c.vals.n == 0)
}

func (s *segment) extent(field string) extent {
	info := s.columns[field]
	if info == nil {
		return extent{low: 1, known: true}
	}
	return extent{info.low, info.high, info.full, info.some}
}

func (s *segment) dictionary(field string) *dictKey {
	if info := s.columns[field]; info != nil && info.terms.length > 0 {
		return &info.key
	}
	return nil
}
