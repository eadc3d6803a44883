package app

import (
	"errors"
	"io"
	"os"
)

// Output is where a command's data goes. If that is a file, it can be made
// durable, and what an earlier process left of a line can be ended.
type Output struct {
	file    *os.File
	regular bool
}

// NewOutput looks at what f is.
func NewOutput(f *os.File) Output {
	info, err := f.Stat()
	return Output{f, err == nil && info.Mode().IsRegular()}
}

// Sync makes durable what was written. It does nothing for a pipe or terminal.
func (o Output) Sync() error {
	if !o.regular {
		return nil
	}
	return o.file.Sync()
}

// EndLine writes a line's end if what will be written next would otherwise go
// on in the middle of a line, which a process leaves that was killed while it
// wrote. It reports whether it did. Where a file that was opened for writing
// only cannot be read, it does nothing.
func (o Output) EndLine() (mended bool, err error) {
	if !o.regular {
		return false, nil
	}
	last, err := o.lastByte()
	if err != nil || last == '\n' {
		return false, err
	}
	_, err = o.file.Write([]byte{'\n'})
	return err == nil, err
}

// lastByte returns the byte before the place of the next write; a line's end at
// the start of the file, or where it cannot be known.
func (o Output) lastByte() (byte, error) {
	end, err := o.file.Seek(0, io.SeekCurrent)
	if appends(o.file) {
		end, err = o.file.Seek(0, io.SeekEnd)
	}
	if err != nil || end == 0 {
		return '\n', err
	}
	again, err := reopen(o.file)
	if errors.Is(err, errors.ErrUnsupported) {
		return '\n', nil
	}
	if err != nil {
		return '\n', err
	}
	defer again.Close()
	var last [1]byte
	_, err = again.ReadAt(last[:], end-1)
	return last[0], err
}
