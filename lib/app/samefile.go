package app

import (
	"io"
	"os"
)

// IsFile reports whether f is the regular file with the given name.
func IsFile(f *os.File, name string) bool {
	named, err := os.Stat(name)
	if err != nil {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode().IsRegular() && os.SameFile(info, named)
}

// ReadsOutput reports whether reading in would yield what is written to out,
// possibly without end: both are the same regular file, and out is written after
// the position from which in is read.
func ReadsOutput(in, out *os.File) bool {
	from, err := in.Stat()
	if err != nil || !from.Mode().IsRegular() {
		return false
	}
	to, err := out.Stat()
	if err != nil || !os.SameFile(from, to) {
		return false
	}
	read, err := in.Seek(0, io.SeekCurrent)
	if err != nil {
		return false
	}
	whence := io.SeekCurrent
	if appends(out) {
		whence = io.SeekEnd
	}
	written, err := out.Seek(0, whence)
	return err == nil && read < written
}
