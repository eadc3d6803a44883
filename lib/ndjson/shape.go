package ndjson

import (
	"bytes"
	"regexp"

	"github.com/tidwall/gjson"
)

// Shape is how an input that is not events, one JSON object per line, is laid
// out.
type Shape string

// Shapes that people mistake for events.
const (
	Array        Shape = "a JSON array"
	Pretty       Shape = "JSON over several lines"
	Bulk         Shape = "pairs of action and source, as for _bulk"
	SearchResult Shape = "a search result of Elasticsearch"
	SSE          Shape = "an event stream"
	CSV          Shape = "CSV"
	TSV          Shape = "TSV"
	LogPrefix    Shape = "lines with text before the JSON object"
)

// ShapeError reports an input of a foreign shape.
type ShapeError struct{ Shape Shape }

func (e *ShapeError) Error() string { return string(e.Shape) + ", not one JSON object per line" }

// DetectShape returns the foreign shape that head, the whole lines at the start
// of an input, has. It returns "" if head may be events, or where a single
// broken line would look the same.
func DetectShape(head []byte) Shape {
	lines := firstLines(head)
	if len(lines) == 0 {
		return ""
	}
	first := lines[0]
	switch {
	case arrayStart.Match(first):
		return Array
	case bytes.Equal(first, []byte("{")):
		return Pretty
	case bulkAction.Match(first):
		return Bulk
	case first[0] == '{':
		if gjson.GetBytes(first, "hits.hits").IsArray() {
			return SearchResult
		}
		return ""
	case sseLine.Match(first):
		return SSE
	}
	return tableShape(lines)
}

var (
	arrayStart = regexp.MustCompile(`^\[\s*(\{|\]|$)`)
	bulkAction = regexp.MustCompile(`^\{\s*"(index|create|update|delete)"\s*:\s*\{[^{}]*\}\s*\}$`)
	sseLine    = regexp.MustCompile(`^(:|(event|id|data|retry):)`)
	prefixed   = regexp.MustCompile(`^[^{]+\{\s*".*\}$`)
	header     = regexp.MustCompile(`^"?[\w@. -]+"?([,\t]"?[\w@. -]*"?)+$`)
)

// firstLines returns up to three lines that are not blank, without the space
// around them.
func firstLines(head []byte) (lines [][]byte) {
	for line := range Lines(head) {
		if line = bytes.TrimSpace(line); len(line) > 0 {
			lines = append(lines, line)
		}
		if len(lines) == 3 {
			break
		}
	}
	return lines
}

// tableShape recognizes shapes in which all lines look alike.
func tableShape(lines [][]byte) Shape {
	if len(lines) < 2 {
		return ""
	}
	all := func(is func(line []byte) bool) bool {
		for _, line := range lines {
			if !is(line) {
				return false
			}
		}
		return true
	}
	columns := func(separator string) bool {
		n := bytes.Count(lines[0], []byte(separator))
		return n > 0 && header.Match(lines[0]) && all(func(line []byte) bool { return line[0] != '{' && bytes.Count(line, []byte(separator)) >= n })
	}
	switch {
	case all(prefixed.Match):
		return LogPrefix
	case columns("\t"):
		return TSV
	case columns(","):
		return CSV
	}
	return ""
}
