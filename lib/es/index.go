package es

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/wmtools/wm/lib/event"
)

// DefaultIndex gives each stream one index a day.
const DefaultIndex = "wm-{stream}-%Y.%m.%d"

// maxIndexName is Elasticsearch's limit of an index name in bytes.
const maxIndexName = 255

// IndexPattern names the index of each event, by the event alone: so an event
// that is read again goes where it went before. A pattern is text with the
// placeholders {stream}, %Y, %m and %d, the latter of the event's own time in
// UTC. One without placeholders names one index. Readers may also write "*".
type IndexPattern struct {
	text  string
	parts []part
}

// part is a piece of literal text or a placeholder.
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

// ParseIndexPattern checks a pattern: no name that Elasticsearch refuses can
// come of it, whatever the event, but for the length.
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
		return IndexPattern{}, event.WithHint(fmt.Errorf("index %q: %w", text, err),
			"write it like "+DefaultIndex)
	}
	return p, nil
}

func checkIndexText(text string) error {
	switch {
	case text == "" || text == "." || text == "..":
		return errors.New("no name")
	case len(text) > maxIndexName:
		return fmt.Errorf("longer than %d bytes", maxIndexName)
	case strings.Contains("-_+", text[:1]):
		return fmt.Errorf("begins with %q", text[0])
	}
	if i := strings.IndexFunc(text, forbiddenInIndex); i >= 0 {
		return fmt.Errorf("%q is not allowed", []rune(text[i:])[0])
	}
	return nil
}

func forbiddenInIndex(r rune) bool {
	return strings.ContainsRune(`\/?"<>|,#: `, r) || r < ' ' || r == 0x7f
}

// firstPart cuts the first placeholder, or the text up to it, off a pattern.
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
		return part{}, errors.New("not in lower case")
	}
	return part{literal, text}, nil
}

// String returns the pattern as it was written.
func (p IndexPattern) String() string { return p.text }

// Wildcard returns the pattern with "*" for each placeholder: what readers and
// the index template use.
func (p IndexPattern) Wildcard() string {
	var b strings.Builder
	for _, part := range p.parts {
		if part.kind == literal {
			b.WriteString(part.text)
		} else {
			b.WriteByte('*')
		}
	}
	return b.String()
}

// Writable says why a pattern cannot name an index to write to: it has a "*".
func (p IndexPattern) Writable() error {
	if strings.Contains(p.text, "*") {
		return event.WithHint(fmt.Errorf("index %q: \"*\" can be searched, not written to", p.text),
			"write it like "+DefaultIndex)
	}
	return nil
}

// prefix returns the literal text before the first placeholder.
func (p IndexPattern) prefix() string {
	if p.parts[0].kind == literal {
		return p.parts[0].text
	}
	return ""
}

// single returns the name of the index when the pattern has no placeholder.
func (p IndexPattern) single() (string, bool) {
	return p.text, len(p.parts) == 1 && p.parts[0].kind == literal
}

// needsStream reports whether a name depends on the event's stream.
func (p IndexPattern) needsStream() bool {
	for _, part := range p.parts {
		if part.kind == stream {
			return true
		}
	}
	return false
}

// appendName appends the name of the index for an event of the stream at t.
func (p IndexPattern) appendName(dst []byte, name string, t time.Time) []byte {
	y, m, d := t.UTC().Date()
	for _, part := range p.parts {
		switch part.kind {
		case literal:
			dst = append(dst, part.text...)
		case stream:
			dst = appendStream(dst, name)
		case year:
			dst = appendDigits(appendDigits(dst, y/100), y%100)
		case month:
			dst = appendDigits(dst, int(m))
		case day:
			dst = appendDigits(dst, d)
		}
	}
	return dst
}

// appendDigits appends a number below 100 in two digits.
func appendDigits(dst []byte, n int) []byte {
	return append(dst, byte('0'+n/10), byte('0'+n%10))
}

// appendStream appends a stream's name in the letters that an index may have.
// Dots stay, so that page_change.v1 remains readable.
func appendStream(dst []byte, name string) []byte {
	for _, r := range name {
		switch {
		case 'a' <= r && r <= 'z', '0' <= r && r <= '9', r == '-', r == '.':
			dst = append(dst, byte(r))
		case 'A' <= r && r <= 'Z':
			dst = append(dst, byte(r-'A'+'a'))
		default:
			dst = append(dst, '_')
		}
	}
	return dst
}

// streamName returns the stream of an event without "mediawiki.", or "" when
// the event does not tell. Events of 2019 have the Kafka topic only, which is
// the stream behind the name of a data centre.
func streamName(s *event.Scanned) string {
	name := s.Stream()
	if name == "" {
		name = s.Topic()
		for _, site := range [...]string{"eqiad.", "codfw."} {
			name = strings.TrimPrefix(name, site)
		}
	}
	return strings.TrimPrefix(name, "mediawiki.")
}
