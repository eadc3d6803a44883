package main

import (
	"strconv"
	"time"
)

func appendDecimal(n int64) []byte { return strconv.AppendInt(nil, n, 10) }

// putDecimal fills b with the last digits of n.
func putDecimal(b []byte, n int64) {
	for i := len(b) - 1; i >= 0; i-- {
		b[i] = byte('0' + n%10)
		n /= 10
	}
}

// putHex fills b with the last hexadecimal digits of n.
func putHex(b []byte, n int64) {
	for i := len(b) - 1; i >= 0; i-- {
		b[i] = "0123456789abcdef"[n&15]
		n >>= 4
	}
}

// secondText is a second in RFC 3339, cached: a thousand events share one, and
// formatting it costs more than everything else.
type secondText struct {
	unix int64
	text [len("2006-01-02T15:04:05")]byte
}

func (s *secondText) of(unix int64) []byte {
	if s.unix != unix {
		s.unix = unix
		time.Unix(unix, 0).UTC().AppendFormat(s.text[:0], "2006-01-02T15:04:05")
	}
	return s.text[:]
}
