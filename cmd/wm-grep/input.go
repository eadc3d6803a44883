package main

import (
	"errors"
	"io"
	"math"
	"os"

	"github.com/wmtools/wm/lib/ndjson"
)

// input is a file that is searched. Where the search may end before it, and the
// file can be read at any place, its own place stays where it is until the end:
// so whoever reads the same file next, as in { wm-grep -m 1 x; cat; } < file,
// gets what is behind the last line that was needed.
type input struct {
	io.Reader
	file  *os.File
	start int64 // place of the file before the search; negative: it cannot be set
}

// newInput looks at what f is. With partly, the search may end early.
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
		return input{f, f, -1} // the place in what it holds is not that in the file
	}
	return input{io.NewSectionReader(f, start, math.MaxInt64-start), f, start}
}

// leave sets the file's place behind so many bytes of the search.
func (in input) leave(read int64) error {
	if in.start < 0 {
		return nil
	}
	_, err := in.file.Seek(in.start+read, io.SeekStart)
	return err
}
