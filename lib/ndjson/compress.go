package ndjson

import (
	"bufio"
	"bytes"
	"errors"
	"io"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// maxWindow is the largest zstd window that is accepted: a frame may ask its
// reader for any amount of memory.
const maxWindow = 32 << 20

// decompress returns in itself, or a reader of its contents if it is gzip or
// zstd. It waits for the first bytes of in. The error is a *FormatError if in is
// compressed in another way.
func decompress(in io.Reader) (io.Reader, error) {
	br := bufio.NewReaderSize(in, 64<<10)
	format, err := sniff(br)
	if err != nil {
		return nil, err
	}
	switch format {
	case "":
		// br has buffered the first bytes. Everything after them is read from in,
		// straight into the buffers of blocks.
		peeked, _ := br.Peek(br.Buffered())
		return io.MultiReader(bytes.NewReader(bytes.Clone(peeked)), in), nil
	case "gzip":
		return newGzipReader(br)
	case "zstd":
		return newZstdReader(br)
	}
	return nil, &FormatError{format}
}

// gzipReader reads all members of a gzip file. As gzip does, it ignores zero
// bytes after a member, with which tapes and block devices pad a file.
type gzipReader struct {
	in     *bufio.Reader
	member *gzip.Reader
}

func newGzipReader(in *bufio.Reader) (*gzipReader, error) {
	g := &gzipReader{in: in}
	var err error
	if g.member, err = gzip.NewReader(g.in); err != nil {
		return nil, noEOF(err)
	}
	g.member.Multistream(false)
	return g, nil
}

func (g *gzipReader) Read(p []byte) (int, error) {
	n, err := g.member.Read(p)
	if errors.Is(err, io.EOF) {
		err = g.next()
	}
	return n, err
}

// next proceeds to the next member. It returns io.EOF after the last one.
func (g *gzipReader) next() error {
	for {
		b, err := g.in.ReadByte()
		if err != nil {
			return err
		}
		if b != 0 {
			break
		}
	}
	if err := g.in.UnreadByte(); err != nil {
		return err
	}
	if err := g.member.Reset(g.in); err != nil {
		return noEOF(err)
	}
	g.member.Multistream(false)
	return nil
}

// noEOF returns the error for a header that is cut short.
func noEOF(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// zstdReader reports a window over the limit as a *WindowError.
type zstdReader struct{ d *zstd.Decoder }

func newZstdReader(in io.Reader) (zstdReader, error) {
	d, err := zstd.NewReader(in, zstd.WithDecoderMaxWindow(maxWindow), zstd.WithDecoderConcurrency(1))
	return zstdReader{d}, err
}

func (z zstdReader) Read(p []byte) (int, error) {
	n, err := z.d.Read(p)
	// A frame of a single segment has a size instead of a window.
	if errors.Is(err, zstd.ErrWindowSizeExceeded) || errors.Is(err, zstd.ErrDecoderSizeExceeded) {
		err = &WindowError{maxWindow}
	}
	return n, err
}
