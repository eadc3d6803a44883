package event

import (
	"strconv"
	"strings"

	"github.com/wmtools/wm/lib/jsonscan"
)

// Meta holds the fields of the member meta that identify an event. Strings may
// point into the event's bytes. A missing string is "", a missing offset -1.
type Meta struct {
	ID        string // the same in every data centre and on every connection
	Domain    string // of the wiki, or "canary"
	Topic     string // such as "eqiad.mediawiki.recentchange"
	Partition int64  // of the topic
	Offset    int64  // of the message in the partition
}

// Meta reads the member meta in one pass.
func (e Event) Meta() Meta {
	if m, ok := scanMeta(jsonscan.View(e.line)); ok {
		return m
	}
	return searchMeta(e)
}

// searchMeta finds the members in any order and place.
func searchMeta(e Event) Meta {
	return Meta{
		ID: e.text("meta", "id"), Domain: e.text("meta", "domain"), Topic: e.text("meta", "topic"),
		Partition: parseInt(e.text("meta", "partition"), 0), Offset: parseInt(e.text("meta", "offset"), -1),
	}
}

func parseInt(text string, otherwise int64) int64 {
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return n
	}
	return otherwise
}

// metaReader fills a Meta in from the members of meta.
type metaReader struct {
	Meta
	seen [5]bool // by member: a repeat is ignored
}

func (r *metaReader) set(key, value string) {
	switch key {
	case "id":
		r.text(0, &r.ID, value)
	case "domain":
		r.text(1, &r.Domain, value)
	case "topic":
		r.text(2, &r.Topic, value)
	case "partition":
		r.int(3, &r.Partition, value)
	case "offset":
		r.int(4, &r.Offset, value)
	}
}

func (r *metaReader) text(member int, to *string, value string) {
	if !r.seen[member] {
		*to, r.seen[member] = value, true
	}
}

func (r *metaReader) int(member int, to *int64, value string) {
	if !r.seen[member] {
		*to, r.seen[member] = parseInt(value, *to), true
	}
}

// scanMeta reads events in the form that the service has used since 2020: meta
// is the first member, or the second after $schema; its own members are strings
// without escapes, and numbers. It reports false for any other event. Every
// event of a stream goes through here.
func scanMeta(line string) (m Meta, ok bool) {
	rest, ok := strings.CutPrefix(line, `{"$schema":"`)
	if ok {
		end := strings.IndexByte(rest, '"')
		if end < 0 {
			return m, false
		}
		rest, ok = strings.CutPrefix(rest[end:], `","meta":{`)
	} else {
		rest, ok = strings.CutPrefix(line, `{"meta":{`)
	}
	r := metaReader{Meta: Meta{Offset: -1}}
	for ok {
		var key, value string
		if key, value, rest, ok = member(rest); !ok || rest == "" {
			break
		}
		r.set(key, value)
		if rest[0] == '}' {
			// With a backslash anywhere, what looked like a string may be part of one.
			return r.Meta, strings.IndexByte(line[:len(line)-len(rest)], '\\') < 0
		}
		ok = rest[0] == ','
		rest = rest[1:]
	}
	return m, false
}

// member reads "key":"value" or "key":number at the start of text.
func member(text string) (key, value, rest string, ok bool) {
	key, rest, ok = plainString(text)
	if !ok || len(rest) < 2 || rest[0] != ':' {
		return "", "", "", false
	}
	rest = rest[1:]
	if rest[0] == '"' {
		value, rest, ok = plainString(rest)
		return key, value, rest, ok
	}
	n := 0
	for n < len(rest) && (rest[n] >= '0' && rest[n] <= '9' || n == 0 && rest[n] == '-') {
		n++
	}
	return key, rest[:n], rest[n:], n > 0
}

// plainString reads a string without escapes at the start of text.
func plainString(text string) (value, rest string, ok bool) {
	if text == "" || text[0] != '"' {
		return "", "", false
	}
	end := strings.IndexByte(text[1:], '"') + 1
	if end == 0 {
		return "", "", false
	}
	return text[1:end], text[end+1:], true
}
