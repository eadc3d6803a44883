package jsonscan

import (
	"bytes"
	"encoding/binary"
	"math/bits"
	"unicode/utf16"
	"unicode/utf8"
	"unsafe"
)

// In a word of eight bytes: the lowest and the highest bit of each.
const (
	ones  = 0x0101010101010101
	highs = 0x8080808080808080
)

// special finds, from the low end of a word, the first byte that a JSON string
// must escape: a quote, a backslash or a control character. The lowest bit that
// is set in the result is that byte's highest; bits above it mean nothing,
// because the subtraction may have borrowed. A quote with its second bit
// flipped is the only byte below '!' besides the control characters.
func special(x uint64) uint64 {
	quote, backslash := (x^ones*2)-ones*'!', (x^ones*'\\')-ones
	return (quote | backslash) &^ x & highs
}

// PlainLen returns the length of the longest prefix of s that a JSON string can
// hold without escapes.
func PlainLen(s string) (n int) {
	bytes := unsafe.Slice(unsafe.StringData(s), len(s))
	for ; n+8 <= len(s); n += 8 {
		if found := special(binary.LittleEndian.Uint64(bytes[n:])); found != 0 {
			return n + bits.TrailingZeros64(found)/8
		}
	}
	for n < len(s) && s[n] >= ' ' && s[n] != '"' && s[n] != '\\' {
		n++
	}
	return n
}

const hexDigits = "0123456789abcdef"

// AppendString appends text, which is UTF-8, as a JSON string with its quotes.
// Unlike strconv.AppendQuote, it writes only escapes that JSON has.
func AppendString(dst []byte, text string) []byte {
	dst = append(dst, '"')
	for {
		n := PlainLen(text)
		dst = append(dst, text[:n]...)
		if n == len(text) {
			return append(dst, '"')
		}
		if c := text[n]; c < ' ' {
			dst = append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		} else {
			dst = append(dst, '\\', c)
		}
		text = text[n+1:]
	}
}

// Unquote decodes a JSON string, given with its quotes. It allocates only if
// the string has escapes; otherwise the text shares the bytes of json.
func Unquote(json []byte) (text string, ok bool) {
	if len(json) < 2 {
		return "", false
	}
	inside := json[1 : len(json)-1]
	if bytes.IndexByte(inside, '\\') < 0 {
		return View(inside), true
	}
	plain, ok := Unescape(inside)
	return View(plain), ok
}

// Unescape decodes what is between the quotes of a JSON string. It reports
// false if an escape is not valid. Half a surrogate pair becomes U+FFFD.
func Unescape(part []byte) (text []byte, ok bool) {
	return AppendUnescaped(make([]byte, 0, len(part)), part)
}

// AppendUnescaped appends to dst what [Unescape] returns. If an escape is not
// valid, it returns dst as it was and false.
func AppendUnescaped(dst, part []byte) (text []byte, ok bool) {
	start := len(dst)
	for {
		n := bytes.IndexByte(part, '\\')
		if n < 0 {
			return append(dst, part...), true
		}
		if n+1 == len(part) {
			return dst[:start], false
		}
		dst = append(dst, part[:n]...)
		c := part[n+1]
		part = part[n+2:]
		if c != 'u' {
			if c = plainEscape(c); c == 0 {
				return dst[:start], false
			}
			dst = append(dst, c)
			continue
		}
		r, size := unicodeEscape(part)
		if size == 0 {
			return dst[:start], false
		}
		dst = utf8.AppendRune(dst, r)
		part = part[size:]
	}
}

// plainEscape returns the byte that a backslash and c denote, or 0.
func plainEscape(c byte) byte {
	switch c {
	case '"', '\\', '/':
		return c
	case 'b':
		return '\b'
	case 'f':
		return '\f'
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 't':
		return '\t'
	}
	return 0
}

// unicodeEscape reads what follows \u: four digits, or XXXX\uXXXX for a
// surrogate pair. It returns the length of that, or 0 if it is not valid.
func unicodeEscape(part []byte) (r rune, size int) {
	r, ok := hex4(part)
	if !ok {
		return 0, 0
	}
	if utf16.IsSurrogate(r) && len(part) >= 10 && part[4] == '\\' && part[5] == 'u' {
		if low, ok := hex4(part[6:]); ok {
			if pair := utf16.DecodeRune(r, low); pair != utf8.RuneError {
				return pair, 10
			}
		}
	}
	return r, 4 // AppendRune writes half a pair as U+FFFD
}

func hex4(part []byte) (r rune, ok bool) {
	if len(part) < 4 {
		return 0, false
	}
	for _, c := range part[:4] {
		switch {
		case '0' <= c && c <= '9':
			c -= '0'
		case 'a' <= c|0x20 && c|0x20 <= 'f':
			c = c | 0x20 - 'a' + 10
		default:
			return 0, false
		}
		r = r<<4 | rune(c)
	}
	return r, true
}
