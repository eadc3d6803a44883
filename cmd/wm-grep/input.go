package main

import (
	"errors"
	"io"
	"math"
	"os"

	"github.com/wmtools/wm/lib/ndjson"
)

// input is a file to search. If the search may end early and the file is
// seekable, reading does not move the offset of the file until leave sets it. So
// in { wm-grep -m 1 x; cat; } < file, cat gets the lines after the match.
type input struct {
	io.Reader
	file  *os.File
	start int64 // offset of the file before the search; negative: leave it alone
}

// newInput returns the input for f. Partly says that the search may end early.
func newInput(f *os.File, partly bool) input {
	info, err := f.Stat()
	if !partly || err != nil || !info.Mode().IsRegular() {
		return input{f, f, -1}
	}
	start, err := f.Seek(0, io.SeekCurrent)
	if err != nil {
		return input{f, f, -1}
	}
	head := make([]byte, 6)
	n, err := f.ReadAt(head, start)
	if err != nil && !errors.Is(err, io.EOF) || ndjson.Compressed(head[:n]) {
		return input{f, f, -1} // offsets in compressed data are meaningless
	}
	return input{io.NewSectionReader(f, start, math.MaxInt64-start), f, start}
}

// leave sets the offset of the file to the end of what the search has read.
func (in input) leave(read int64) error {
	if in.start < 0 {
		return nil
	}
	_, err := in.file.Seek(in.start+read, io.SeekStart)
	return err
}
