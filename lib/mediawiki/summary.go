package mediawiki

import "strings"

// Segment is a part of an edit summary.
type Segment struct {
	Kind Kind
	Text string // what is shown
	// Target is the title of the page that a Link leads to, or the name of a
	// Section of the page that was edited; "" for plain text.
	Target string
}

// Kind is the kind of a [Segment].
type Kind int

// Kinds of segments.
const (
	Plain   Kind = iota
	Section      // /* name */, shown by MediaWiki as an arrow and the name
	Link         // [[target]] or [[target|text]]
	Message      // a code such as wbsetlabel-add:1|nl, by its text in English
)

// AppendSummary appends the segments of an edit summary to dst. It knows the two
// forms of wikitext that MediaWiki renders in summaries, a section and links to
// pages, and the summaries that Wikidata generates. Everything else is plain
// text. Segments share memory with text.
func AppendSummary(dst []Segment, text string) []Segment {
	for text != "" {
		at, length, s := nextMarkup(text)
		if at > 0 {
			dst = append(dst, Segment{Text: text[:at]})
		}
		if length == 0 {
			break
		}
		dst = append(dst, s)
		text = text[at+length:]
	}
	return dst
}

// nextMarkup finds the first section or link of a text, or returns its length
// and 0.
func nextMarkup(text string) (at, length int, s Segment) {
	for i := 0; i+1 < len(text); i++ {
		switch c := text[i]; {
		case c != '/' && c != '[':
			continue
		case c == '/' && text[i+1] == '*':
			s, length = section(text[i:])
		case c == '[' && text[i+1] == '[':
			s, length = link(text[i:])
		}
		if length > 0 {
			return i, length, s
		}
	}
	return len(text), 0, s
}

func section(text string) (s Segment, length int) {
	end := strings.Index(text[2:], "*/")
	if end < 0 {
		return s, 0
	}
	name := strings.TrimSpace(text[2 : 2+end])
	if name == "" {
		return s, 0
	}
	if summary := wikibaseSummary(name); summary != "" {
		if rest := text[2+end+len("*/"):]; strings.TrimSpace(rest) != "" {
			summary += ":"
		}
		return Segment{Kind: Message, Text: summary}, end + len("/**/")
	}
	return Segment{Section, name, name}, end + len("/**/")
}

func link(text string) (s Segment, length int) {
	end := strings.Index(text[2:], "]]")
	if end < 0 {
		return s, 0
	}
	target, label, piped := strings.Cut(text[2:2+end], "|")
	if target == "" || strings.ContainsAny(target, "[]{}<>\n") {
		return s, 0
	}
	if !piped || label == "" {
		label = strings.TrimPrefix(target, ":")
	}
	if label == "" {
		return s, 0
	}
	return Segment{Link, label, target}, end + len("[[]]")
}
