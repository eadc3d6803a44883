package ndjson

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

// cutter cuts an input into blocks of whole lines.
type cutter struct {
	in      io.Reader // decompressed once begun
	maxLine int
	pieces  bool
	events  bool
	begun   bool
	tail    []byte // the start of a line whose end has not been read
	offset  int64  // of the next block
	err     error  // reported after the block before it
}

// tooLong is the error for a line over the limit, which has been skipped.
type tooLong struct{ size, limit int64 }

func (e *tooLong) Error() string {
	return fmt.Sprintf("line of %d bytes is longer than the limit of %d: skipped", e.size, e.limit)
}

// next fills buf, or a larger buffer in its place, with at least one whole line.
// It returns the buffer and the lines in it. After a *tooLong it can be called
// again; any other error, io.EOF included, is final.
func (c *cutter) next(buf []byte) (filled, lines []byte, err error) {
	begins := !c.begun
	if begins {
		c.begun = true
		c.in, c.err = decompress(c.in)
	}
	if c.err != nil {
		return buf, nil, c.err
	}
	buf, n, err := c.fill(buf)
	lines = buf[:n]
	if begins {
		if bad := c.check(lines); bad != nil {
			c.err = bad
			return buf, nil, c.err
		}
		lines = TrimBOM(lines)
		c.offset += int64(n - len(lines))
	}
	if errors.Is(err, errTooLong) {
		return buf, nil, c.skipLine(buf)
	}
	c.err = err
	end := bytes.LastIndexByte(lines, '\n') + 1
	if err != nil || end == 0 {
		end = len(lines) // the last line may lack its newline, and pieces do
	}
	c.tail = append(c.tail[:0], lines[end:]...)
	c.offset += int64(end)
	if end == 0 {
		return buf, nil, c.err
	}
	return buf, lines[:end], nil
}

// check returns an error if head, the start of the input, is in a format that is
// not supported, or not events where these are required.
func (c *cutter) check(head []byte) error {
	if err := checkEncoding(head); err != nil {
		return err
	}
	if c.events {
		if shape := DetectShape(TrimBOM(head)); shape != "" {
			return &ShapeError{shape}
		}
	}
	return nil
}

var errTooLong = errors.New("line is too long")

// fill reads the tail and at least one newline into buf, which it replaces by a
// larger one for a long line, and returns the number of bytes.
func (c *cutter) fill(buf []byte) ([]byte, int, error) {
	n := copy(buf, c.tail) // no longer than a block
	for empty := 0; ; {
		if n == len(buf) {
			if n > c.maxLine && c.pieces {
				return buf, n, nil
			}
			if n > c.maxLine {
				return buf, n, errTooLong
			}
			buf = append(make([]byte, 0, min(2*n, c.maxLine+1)), buf...)
			buf = buf[:cap(buf)]
		}
		m, err := c.in.Read(buf[n:min(len(buf), n+blockSize)])
		found := bytes.IndexByte(buf[n:n+m], '\n') >= 0
		n += m
		if err != nil || found {
			return buf, n, err
		}
		if m == 0 {
			if empty++; empty == 100 {
				return buf, n, io.ErrNoProgress
			}
		}
	}
}

// skipLine reads to the end of a line that is too long and returns a *tooLong.
func (c *cutter) skipLine(buf []byte) error {
	size := int64(len(buf))
	c.tail = c.tail[:0]
	for {
		n, err := c.in.Read(buf)
		i := bytes.IndexByte(buf[:n], '\n')
		if i < 0 && err == nil {
			size += int64(n)
			continue
		}
		if i < 0 {
			i = n
		}
		size += int64(i)
		c.offset += size + int64(min(n-i, 1))
		c.in = io.MultiReader(bytes.NewReader(bytes.Clone(buf[min(i+1, n):n])), c.in)
		return &tooLong{size, int64(c.maxLine)}
	}
}
