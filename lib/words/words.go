// Package words splits text into tokens for searching: [Tokens] applies Unicode's
// word segmentation (UAX #29), converts to lower case and drops punctuation. The
// result agrees with Elasticsearch's standard analyzer, so that a filter and an
// index find the same words.
//
// Some consequences of the standard are surprising. A colon, a full stop or an
// apostrophe between two letters joins them: "category:stubs",
// "en.wikipedia.org" and "can't" are one token each. So does an underscore
// anywhere ("foo_bar"), and a comma or a full stop between digits ("1,000"). Each
// Han and Hiragana character is a token; a run of Katakana or Hangul is one, and
// so is a run of Thai, Lao, Khmer or Burmese, which Unicode leaves to
// dictionaries. An emoji with its modifiers is a token.
//
// The segmentation is that of rivo/uniseg, which implements Unicode 15.
// blevesearch/segment implements Unicode 8: it splits a family emoji, joins
// adjacent flags and treats neither as a word, where Elasticsearch has one token
// for each.
package words

import (
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// maxToken is the length in UTF-16 units at which the standard analyzer splits a
// token.
const maxToken = 255

// Tokens yields the tokens of a text in order, in lower case. Bytes that are not
// UTF-8 separate tokens.
func Tokens(text string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for chunk := range strings.FieldsFuncSeq(text, isBlank) {
			segment := unicodeTokens
			if isASCII(chunk) {
				segment = asciiTokens
			}
			if !segment(chunk, yield) {
				return
			}
		}
	}
}

// isBlank reports whether text can be split at r before segmentation: no token
// contains a blank.
func isBlank(r rune) bool {
	return r == ' ' || r == '\n' || r == '\t' || r == '\r' || r == utf8.RuneError
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// emit yields a token, split if it is too long, and reports whether to continue.
func emit(token string, yield func(string) bool) bool {
	if len(token) <= maxToken {
		return yield(lower(token))
	}
	start, units := 0, 0
	for i, r := range token {
		n := 1
		if r >= 0x10000 {
			n = 2
		}
		if units += n; units > maxToken {
			if !yield(lower(token[start:i])) {
				return false
			}
			start, units = i, n
		}
	}
	return yield(lower(token[start:]))
}

// lower maps rune by rune, as the analyzer does: a final sigma becomes a medial
// one, and a dotted capital I a plain i.
func lower(token string) string {
	return strings.Map(unicode.ToLower, token)
}

// unicodeTokens yields the tokens of a text without blanks.
func unicodeTokens(text string, yield func(string) bool) bool {
	state := -1
	for text != "" {
		var word string
		rest := text
		word, rest, state = uniseg.FirstWordInString(rest, state)
		n := len(word)
		if isComplex(word) {
			n = complexRun(text)
			rest, state = text[n:], -1
		}
		if isToken(text[:n]) && !emit(text[:n], yield) {
			return false
		}
		text = rest
	}
	return true
}

// isToken reports whether a segment is a word, a number or an emoji rather than
// punctuation.
func isToken(segment string) bool {
	for _, r := range segment {
		if isWordRune(r) {
			return true
		}
	}
	return isFlag(segment) || isKeycap(segment)
}

func isWordRune(r rune) bool {
	switch {
	case r == '\u3006': // 〆, a letter that segments as punctuation
		return false
	case r == '\u066b': // the Arabic decimal separator, which counts as a digit
		return true
	case r == '\u309b' || r == '\u309c': // ゛ and ゜, which count as Katakana
		return true
	case '\U0001F3FB' <= r && r <= '\U0001F3FF': // skin colours
		return true
	}
	return unicode.In(r, unicode.L, unicode.Nl, unicode.Nd, unicode.Han, unicode.Katakana, pictographs)
}

// isFlag reports whether a segment is a pair of regional indicators. A single one
// is not a token.
func isFlag(segment string) bool {
	n := 0
	for _, r := range segment {
		if '\U0001F1E6' <= r && r <= '\U0001F1FF' {
			n++
		}
	}
	return n == 2
}

// isKeycap reports whether a segment is the emoji of the key # or *. That of a
// digit is a token anyway.
func isKeycap(segment string) bool {
	return (segment[0] == '#' || segment[0] == '*') && strings.ContainsRune(segment, '\u20e3')
}

// isComplex reports whether a segment belongs to a script that does not separate
// words, and whose letters UAX #29 does not join.
func isComplex(segment string) bool {
	r, _ := utf8.DecodeRuneInString(segment)
	return complexRune(r)
}

func complexRune(r rune) bool {
	return r >= 0x0e00 && unicode.In(r, unicode.Thai, unicode.Lao, unicode.Myanmar, unicode.Khmer,
		unicode.Tai_Le, unicode.New_Tai_Lue, unicode.Tai_Tham, unicode.Tai_Viet) &&
		(unicode.IsLetter(r) || unicode.IsMark(r))
}

// complexRun returns the length of the run of such letters and their modifiers
// that text begins with.
func complexRun(text string) int {
	for i, r := range text {
		if !complexRune(r) && !unicode.In(r, unicode.M, unicode.Cf) {
			return i
		}
	}
	return len(text)
}
