package store

import (
	"encoding/binary"
	"errors"
	"fmt"
	"sync"

	"github.com/klauspost/compress/zstd"

	"github.com/wmtools/wm/lib/jsonscan"
)

// The limits of a frame: 64 documents, so that one 64-bit word marks the dead ones,
// and a size in bytes after which no document is added.
const (
	frameDocs  = 64
	frameBytes = 256 << 10
)

// stored is a document in a frame.
type stored struct {
	id     string
	source []byte
}

var encoder = sync.OnceValue(func() *zstd.Encoder {
	e, _ := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest)) // fails only on invalid options
	return e
})

// maxFrame bounds the memory that a damaged frame can make the decoder allocate.
// The longest document accepted over HTTP is 100 MB.
const maxFrame = 1 << 30

var decoder = sync.OnceValue(func() *zstd.Decoder {
	d, _ := zstd.NewReader(nil, zstd.WithDecoderConcurrency(0), zstd.WithDecoderMaxMemory(maxFrame))
	return d
})

// packFrame returns the body of a frame.
func packFrame(docs []stored) []byte {
	raw := binary.AppendUvarint(nil, uint64(len(docs)))
	for _, d := range docs {
		raw = binary.AppendUvarint(raw, uint64(len(d.id)))
		raw = binary.AppendUvarint(raw, uint64(len(d.source)))
	}
	for _, d := range docs {
		raw = append(raw, d.id...)
	}
	for _, d := range docs {
		raw = append(raw, d.source...)
	}
	return encoder().EncodeAll(raw, nil)
}

var errFrame = errors.New("damaged frame")

// frameReader unpacks frames into memory that it uses again: what unpack
// returns is valid until the next call.
type frameReader struct {
	raw  []byte
	docs []stored
}

func (r *frameReader) unpack(body []byte) ([]stored, error) {
	var err error
	if r.raw, err = decoder().DecodeAll(body, r.raw[:0]); err != nil {
		return nil, fmt.Errorf("%w: %w", errFrame, err)
	}
	d := decoding{rest: r.raw}
	var lens [frameDocs][2]int
	n := d.length()
	if n > frameDocs {
		return nil, errFrame
	}
	for i := range n {
		lens[i] = [2]int{d.length(), d.length()}
	}
	r.docs = r.docs[:0]
	for i := range n {
		r.docs = append(r.docs, stored{id: jsonscan.View(d.take(lens[i][0]))})
	}
	for i := range n {
		r.docs[i].source = d.take(lens[i][1])
	}
	if d.end() != nil {
		return nil, errFrame
	}
	return r.docs, nil
}
