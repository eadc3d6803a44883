package ndjson

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

var (
	gzipMagic = []byte{0x1f, 0x8b}
	zstdMagic = []byte{0x28, 0xb5, 0x2f, 0xfd}
)

// maxWindow is the largest zstd window that is accepted: a stream may ask its
// reader for any amount of memory.
const maxWindow = 32 << 20

// Compressed reports whether an input with such first four bytes is taken for
// gzip or zstd.
func Compressed(head []byte) bool {
	return bytes.HasPrefix(head, gzipMagic) || bytes.HasPrefix(head, zstdMagic)
}

// decompress returns in itself, or a reader of its contents if it begins as
// gzip or zstd does. It waits for the first bytes of in.
func decompress(in io.Reader) (io.Reader, error) {
	br := bufio.NewReaderSize(in, 16)
	head, err := br.Peek(1)
	if err == nil && (head[0] == gzipMagic[0] || head[0] == zstdMagic[0]) {
		head, err = br.Peek(len(zstdMagic)) // a line of two bytes does not wait for the next
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	switch {
	case bytes.HasPrefix(head, gzipMagic):
		return gzip.NewReader(bufio.NewReaderSize(br, 64<<10))
	case bytes.HasPrefix(head, zstdMagic):
		d, err := zstd.NewReader(br, zstd.WithDecoderMaxWindow(maxWindow), zstd.WithDecoderConcurrency(1))
		if err != nil {
			return nil, err
		}
		return windowed{d}, nil
	}
	// Peek has filled br; whatever it holds comes first, then in itself, so
	// that blocks are read straight into their buffer.
	peeked, _ := br.Peek(br.Buffered())
	return io.MultiReader(bytes.NewReader(bytes.Clone(peeked)), in), nil
}

// windowed names the one limit of ours that a zstd stream can run into. A frame
// of one segment has a size, which is its window.
type windowed struct{ d *zstd.Decoder }

func (w windowed) Read(p []byte) (int, error) {
	n, err := w.d.Read(p)
	if errors.Is(err, zstd.ErrWindowSizeExceeded) || errors.Is(err, zstd.ErrDecoderSizeExceeded) {
		err = fmt.Errorf("zstd window is larger than %d MiB, the limit", maxWindow>>20)
	}
	return n, err
}
