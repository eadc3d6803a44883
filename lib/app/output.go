package app

import (
	"errors"
	"io"
	"os"
)

// Output is the destination of a program's data. If it is a regular file, it can
// be synced, and a line that an earlier process left incomplete can be ended.
type Output struct {
	file    *os.File
	regular bool
}

// NewOutput returns the output for f.
func NewOutput(f *os.File) Output {
	info, err := f.Stat()
	return Output{f, err == nil && info.Mode().IsRegular()}
}

// Sync commits the file to stable storage. It does nothing for a pipe or
// terminal.
func (o Output) Sync() error {
	if !o.regular {
		return nil
	}
	return o.file.Sync()
}

// EndLine writes a newline if the next write would otherwise continue an
// incomplete line, as a killed process leaves it, and reports whether it did. It
// does nothing on systems where a file opened for writing cannot be read.
func (o Output) EndLine() (ended bool, err error) {
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

// lastByte returns the byte before the position of the next write, or a newline
// at the start of the file or if the byte cannot be read.
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
