package es

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// DefaultIndex is the pattern with one index per stream and day.
const DefaultIndex = "wm-{stream}-%Y.%m.%d"

// maxIndexName is Elasticsearch's limit for an index name in bytes.
const maxIndexName = 255

// IndexPattern names the index of an event. The name depends on the event alone,
// so an event that is read again goes to the same index. A pattern is text with
// the placeholders {stream}, %Y, %m and %d; the date is the event's own, in UTC.
// A pattern without placeholders names one index. Readers may also use "*".
type IndexPattern struct {
	text  string
	parts []part
}

// part is literal text or a placeholder.
type part struct {
	kind partKind
	text string
}

type partKind byte

const (
	literal partKind = iota
	stream
	year
	month
	day
)

var placeholders = [...]part{{stream, "{stream}"}, {year, "%Y"}, {month, "%m"}, {day, "%d"}}

// PatternError is the error of an index pattern that cannot be used.
type PatternError struct{ Pattern, Reason string }

func (e *PatternError) Error() string { return fmt.Sprintf("index %q: %s", e.Pattern, e.Reason) }

// ParseIndexPattern parses a pattern. Apart from their length, all names made
// from it are valid, whatever the event. The error is a *PatternError.
func ParseIndexPattern(text string) (IndexPattern, error) {
	p := IndexPattern{text: text}
	err := checkIndexText(text)
	for rest := text; rest != "" && err == nil; {
		var next part
		next, err = firstPart(rest)
		p.parts = append(p.parts, next)
		rest = rest[len(next.text):]
	}
	if err != nil {
		return IndexPattern{}, &PatternError{text, err.Error()}
	}
	return p, nil
}

func checkIndexText(text string) error {
	switch {
	case text == "" || text == "." || text == "..":
		return errors.New("not a name")
	case len(text) > maxIndexName:
		return fmt.Errorf("longer than %d bytes", maxIndexName)
	case strings.Contains("-_+", text[:1]):
		return fmt.Errorf("a name cannot begin with %q", text[0])
	}
	if i := strings.IndexFunc(text, forbiddenInIndex); i >= 0 {
		return fmt.Errorf("%q is not allowed", []rune(text[i:])[0])
	}
	return nil
}

func forbiddenInIndex(r rune) bool {
	return strings.ContainsRune(`\/?"<>|,#: `, r) || r < ' ' || r == 0x7f
}

// firstPart returns the placeholder at the start of a pattern, or the text before
// the first one.
func firstPart(rest string) (part, error) {
	for _, p := range placeholders {
		if strings.HasPrefix(rest, p.text) {
			return p, nil
		}
	}
	if rest[0] == '%' || rest[0] == '{' {
		return part{}, errors.New("the placeholders are {stream}, %Y, %m and %d")
	}
	text := rest
	if i := strings.IndexAny(rest, "%{"); i > 0 {
		text = rest[:i]
	}
	if strings.ToLower(text) != text {
		return part{}, errors.New("only lower case is allowed")
	}
	return part{literal, text}, nil
}

// String returns the pattern as it was parsed.
func (p IndexPattern) String() string { return p.text }

// Wildcard returns the pattern with "*" for each placeholder, as readers and the
// index template use it.
func (p IndexPattern) Wildcard() string {
	return p.render(func(part) string { return "*" })
}

// render replaces the placeholders.
func (p IndexPattern) render(replacement func(part) string) string {
	var b strings.Builder
	for _, part := range p.parts {
		if part.kind == literal {
			b.WriteString(part.text)
		} else {
			b.WriteString(replacement(part))
		}
	}
	return b.String()
}

// Writable returns a *PatternError if the pattern contains "*", which only
// readers may use.
func (p IndexPattern) Writable() error {
	if strings.Contains(p.text, "*") {
		return &PatternError{p.text, `"*" can be searched, not written to`}
	}
	return nil
}

// Single returns the name of the index if the pattern has no placeholder.
func (p IndexPattern) Single() (name string, ok bool) {
	return p.text, len(p.parts) == 1 && p.parts[0].kind == literal
}

// NeedsStream reports whether names depend on the event's stream.
func (p IndexPattern) NeedsStream() bool {
	return slices.ContainsFunc(p.parts, func(p part) bool { return p.kind == stream })
}

// AppendName appends the name of the index of an event of the stream at time t,
// whose year has four digits. ok is false if Elasticsearch allows no index of
// that name.
func (p IndexPattern) AppendName(dst []byte, streamName string, t time.Time) (name []byte, ok bool) {
	start, named := len(dst), true
	y, m, d := t.UTC().Date()
	for _, part := range p.parts {
		switch part.kind {
		case literal:
			dst = append(dst, part.text...)
		case stream:
			before := len(dst)
			dst = appendStream(dst, streamName)
			named = named && len(dst) > before
		case year:
			dst = appendDigits(appendDigits(dst, y/100), y%100)
		case month:
			dst = appendDigits(dst, int(m))
		case day:
			dst = appendDigits(dst, d)
		}
	}
	return dst, named && len(dst)-start <= maxIndexName
}

// appendDigits appends a number below 100 as two digits.
func appendDigits(dst []byte, n int) []byte {
	return append(dst, byte('0'+n/10), byte('0'+n%10))
}

// appendStream appends a stream's name in characters that are allowed in an index
// name. Dots are kept, so that page_change.v1 remains readable, except at the
// start, where they would hide the index.
func appendStream(dst []byte, name string) []byte {
	start := len(dst)
	for _, r := range name {
		letter := byte('_')
		switch {
		case 'a' <= r && r <= 'z', '0' <= r && r <= '9', r == '-', r == '.':
			letter = byte(r)
		case 'A' <= r && r <= 'Z':
			letter = byte(r - 'A' + 'a')
		}
		if len(dst) > start || letter != '.' && letter != '-' && letter != '_' {
			dst = append(dst, letter)
		}
	}
	return dst
}
