package eshttp

import (
	"net/http"
	"slices"
	"strings"
	"unicode"

	"github.com/wmtools/wm/lib/store"
	"github.com/wmtools/wm/lib/words"
)

// analyzed is a token as _analyze shows it. Offsets count UTF-16 units.
type analyzed struct {
	Token    string `json:"token"`
	Start    int    `json:"start_offset"`
	End      int    `json:"end_offset"`
	Type     string `json:"type"`
	Position int    `json:"position"`
}

// fieldGap is the distance in positions between two values of a text field.
const fieldGap = 100

// analyze returns the tokens of a text for an analyzer: standard or keyword.
func (s *server) analyze(r *request) (reply, error) {
	if len(r.body) == 0 {
		return reply{}, refuse("parse_exception", "request body or source parameter is required")
	}
	analyzer, field := "standard", ""
	var list []string
	p := params{"text": set(&list, texts), "analyzer": set(&analyzer, plain), "field": set(&field, plain)}
	err := r.read(p, unknownTo("analyze_request"))
	if err != nil {
		return reply{}, err
	}
	gap := 0
	switch {
	case len(list) == 0:
		return reply{}, invalid([]string{"text is missing"})
	case field != "":
		gap = fieldGap
		if analyzer, err = s.analyzerOf(r.vars["index"], field); err != nil {
			return reply{}, err
		}
	case analyzer != "standard" && analyzer != "keyword":
		return reply{}, illegal("failed to find global analyzer [%s]", analyzer)
	}
	return answer(http.StatusOK, map[string]any{"tokens": analyzeAll(analyzer, list, gap)})
}

// analyzerOf returns the analyzer of a field.
func (s *server) analyzerOf(index, field string) (string, error) {
	if index == "" {
		return "", illegal("analysis based on a specific field requires an index")
	}
	fields, err := s.store.Fields(index)
	if err != nil {
		return "", err
	}
	for _, f := range fields {
		if f.Name == field && f.Type == store.Keyword {
			return "keyword", nil
		}
	}
	return "standard", nil
}

func analyzeAll(analyzer string, texts []string, gap int) []analyzed {
	tokens := []analyzed{}
	offset, position := 0, 0
	for _, text := range texts {
		if analyzer == "keyword" {
			tokens = append(tokens, analyzed{text, offset, offset + utf16Len([]rune(text)), "word", position})
			position++
		} else {
			found := standardTokens(text, offset, position)
			tokens = append(tokens, found...)
			position += len(found)
		}
		offset += utf16Len([]rune(text)) + 1
		position += gap
	}
	return tokens
}

// standardTokens finds the offset of each token in the text: tokens are in order and
// lower-cased rune by rune.
func standardTokens(text string, offset, position int) []analyzed {
	runes := []rune(strings.ToValidUTF8(text, "\uFFFD"))
	for i, r := range runes {
		runes[i] = unicode.ToLower(r)
	}
	var list []analyzed
	for token := range words.Tokens(text) {
		want := []rune(token)
		i := indexRunes(runes, want)
		start := offset + utf16Len(runes[:i])
		end := start + utf16Len(want)
		list = append(list, analyzed{token, start, end, tokenType(want), position + len(list)})
		runes, offset = runes[i+len(want):], end
	}
	return list
}

// indexRunes returns the index of want, which must be present.
func indexRunes(runes, want []rune) int {
	for i := range len(runes) - len(want) {
		if slices.Equal(runes[i:i+len(want)], want) {
			return i
		}
	}
	return max(0, len(runes)-len(want))
}

// utf16Len returns the length in UTF-16 units, as in Java. Lower-casing does not
// change it.
func utf16Len(runes []rune) int {
	n := len(runes)
	for _, r := range runes {
		if r >= 0x10000 {
			n++
		}
	}
	return n
}

// tokenType returns the standard tokenizer's name for the type of a token.
func tokenType(token []rune) string {
	switch r := token[0]; {
	case slices.ContainsFunc(token, isASCIILetter):
		return "<ALPHANUM>"
	case unicode.Is(unicode.Hangul, r):
		return "<HANGUL>"
	case unicode.Is(unicode.Hiragana, r):
		return "<HIRAGANA>"
	case unicode.Is(unicode.Katakana, r):
		return "<KATAKANA>"
	case unicode.Is(unicode.Han, r):
		return "<IDEOGRAPHIC>"
	case unicode.In(r, unicode.Thai, unicode.Lao, unicode.Myanmar, unicode.Khmer):
		return "<SOUTHEAST_ASIAN>"
	case slices.ContainsFunc(token, func(r rune) bool { return unicode.In(r, unicode.L, unicode.Nl) }):
		return "<ALPHANUM>"
	case slices.ContainsFunc(token, func(r rune) bool { return r == 0x20E3 }), !unicode.IsNumber(r):
		return "<EMOJI>"
	}
	return "<NUM>"
}

func isASCIILetter(r rune) bool { return 'a' <= r && r <= 'z' }
