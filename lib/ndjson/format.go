package ndjson

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
)

// FormatError reports an input in a format that a [Reader] does not read.
type FormatError struct {
	Format string // a compression such as "bzip2", or an encoding as iconv names it
}

func (e *FormatError) Error() string { return e.Format + " is not supported" }

// WindowError reports zstd data that needs a larger window than a [Reader]
// allocates.
type WindowError struct {
	Limit int // bytes
}

func (e *WindowError) Error() string {
	return fmt.Sprintf("the zstd window is larger than %d MiB", e.Limit>>20)
}

// signature is the start of a compressed input.
type signature struct {
	format string
	magic  []byte
	mask   byte // of the first byte
}

var signatures = []signature{
	{"gzip", []byte{0x1f, 0x8b}, 0xff},
	{"zstd", []byte{0x28, 0xb5, 0x2f, 0xfd}, 0xff},
	{"zstd", []byte{0x50, 0x2a, 0x4d, 0x18}, 0xf0}, // a skippable frame
	{"bzip2", []byte("BZh"), 0xff},
	{"xz", []byte{0xfd, '7', 'z', 'X', 'Z', 0}, 0xff},
	{"lz4", []byte{0x04, 0x22, 0x4d, 0x18}, 0xff},
	{"zip", []byte("PK\x03\x04"), 0xff},
}

// longestMagic is the length of the longest signature.
const longestMagic = 6

// compare reports whether head begins with the signature, and whether it may
// once it is longer.
func (s *signature) compare(head []byte) (equal, maybe bool) {
	n := min(len(head), len(s.magic))
	if n == 0 {
		return false, true
	}
	same := head[0]&s.mask == s.magic[0] && bytes.Equal(head[1:n], s.magic[1:n])
	return same && n == len(s.magic), same && n < len(s.magic)
}

// recognize returns the format of a compressed input by its first bytes, or "".
// More reports whether further bytes are needed to decide.
func recognize(head []byte) (format string, more bool) {
	for i := range signatures {
		equal, maybe := signatures[i].compare(head)
		if equal {
			return signatures[i].format, false
		}
		more = more || maybe
	}
	return "", more
}

// Compressed reports whether an input with these first bytes, at least 6 unless
// it is shorter, is taken for compressed data.
func Compressed(head []byte) bool {
	format, _ := recognize(head)
	return format != ""
}

// sniff returns the format of in. It reads no further than it must, so that a
// short first line on a live pipe is not held back.
func sniff(in *bufio.Reader) (format string, err error) {
	for n := 1; n <= longestMagic; n++ {
		head, err := in.Peek(n)
		if err != nil && !errors.Is(err, io.EOF) {
			return "", err
		}
		format, more := recognize(head)
		if format != "" || !more || err != nil {
			return format, nil
		}
	}
	return "", nil
}

var byteOrderMark = []byte("\xef\xbb\xbf")

// TrimBOM returns text without the UTF-8 byte order mark that it may begin with.
func TrimBOM(text []byte) []byte { return bytes.TrimPrefix(text, byteOrderMark) }

// checkEncoding returns an error if text begins like UTF-16 or UTF-32, with or
// without a byte order mark.
func checkEncoding(text []byte) error {
	for _, e := range []struct{ encoding, start string }{
		{"UTF-32", "\xff\xfe\x00\x00"}, {"UTF-32", "\x00\x00\xfe\xff"},
		{"UTF-16", "\xff\xfe"}, {"UTF-16", "\xfe\xff"},
		{"UTF-16LE", "{\x00"}, {"UTF-16BE", "\x00{"},
	} {
		if bytes.HasPrefix(text, []byte(e.start)) {
			return &FormatError{e.encoding}
		}
	}
	return nil
}

// ReadFile returns the contents of a text file. As for a [Reader], the file may
// be compressed and begin with a byte order mark.
func ReadFile(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	in, err := decompress(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	text, err := io.ReadAll(in)
	if err == nil {
		err = checkEncoding(text)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return TrimBOM(text), nil
}
