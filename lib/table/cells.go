package table

import (
	"bytes"

	"github.com/wmtools/wm/lib/jsonscan"
)

// AppendTSV appends a cell of tab-separated values. As jq's @tsv does, it writes
// a tab, newline, carriage return and backslash as \t, \n, \r and \\.
func AppendTSV(dst, text []byte) []byte {
	for {
		n := jsonscan.PlainLen(jsonscan.View(text))
		for n < len(text) && tsvEscapes[text[n]] == 0 {
			n++
		}
		dst = append(dst, text[:n]...)
		if n == len(text) {
			return dst
		}
		dst = append(dst, '\\', tsvEscapes[text[n]])
		text = text[n+1:]
	}
}

var tsvEscapes = [256]byte{'\t': 't', '\n': 'n', '\r': 'r', '\\': '\\'}

// AppendCSV appends a cell of comma-separated values as RFC 4180 defines them:
// in quotes if it holds a comma, a quote or the end of a line.
func AppendCSV(dst, text []byte) []byte {
	quoted := false
	for _, c := range text {
		quoted = quoted || csvSpecial[c]
	}
	if !quoted {
		return append(dst, text...)
	}
	dst = append(dst, '"')
	for {
		before, after, found := bytes.Cut(text, quote)
		dst = append(dst, before...)
		if !found {
			return append(dst, '"')
		}
		dst, text = append(dst, `""`...), after
	}
}

var (
	csvSpecial = [256]bool{',': true, '"': true, '\n': true, '\r': true}
	quote      = []byte{'"'}
)

// appendPlain appends the text of a cell's JSON: a string decoded, an array or object
// without blanks, anything else as written.
func appendPlain(dst, json []byte) []byte {
	switch json[0] {
	case '"':
		inside := json[1 : len(json)-1]
		if plain, ok := jsonscan.AppendUnescaped(dst, inside); ok {
			return plain
		}
		return append(dst, inside...) // an invalid escape: what the line has
	case '{', '[':
		return appendCompact(dst, json)
	}
	return append(dst, json...)
}

// appendCompact appends JSON without the blanks between its tokens.
func appendCompact(dst, json []byte) []byte {
	for i := 0; i < len(json); {
		switch c := json[i]; c {
		case ' ', '\t', '\r', '\n':
			i++
		case '"':
			end := jsonscan.SkipString(json, i)
			if end < 0 {
				return append(dst, json[i:]...)
			}
			dst = append(dst, json[i:end]...)
			i = end
		default:
			dst = append(dst, c)
			i++
		}
	}
	return dst
}
