package event

import (
	"strconv"
	"strings"
	"unsafe"

	"github.com/tidwall/gjson"
)

// Meta is what the member meta says about where an event comes from. Strings
// may point into the event's bytes; "" and an offset of -1 stand for what is
// missing.
type Meta struct {
	ID        string // the same in every data centre and on every connection
	Domain    string // of the wiki, or "canary"
	Topic     string // such as "eqiad.mediawiki.recentchange"
	Partition int64  // of the topic
	Offset    int64  // of the message in the partition
}

// Meta reads all of it in one pass.
func (e Event) Meta() Meta {
	line := unsafe.String(unsafe.SliceData(e.line), len(e.line))
	if m, ok := scanMeta(line); ok {
		return m
	}
	return searchMeta(e)
}

// searchMeta finds the members wherever they are.
func searchMeta(e Event) Meta {
	m := Meta{Offset: -1}
	e.Get("meta").ForEach(func(key, value gjson.Result) bool {
		m.set(key.String(), value.String())
		return true
	})
	return m
}

func (m *Meta) set(key, value string) {
	switch key {
	case "id":
		m.ID = value
	case "domain":
		m.Domain = value
	case "topic":
		m.Topic = value
	case "partition":
		m.Partition = number(value, 0)
	case "offset":
		m.Offset = number(value, -1)
	}
}

func number(text string, otherwise int64) int64 {
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return n
	}
	return otherwise
}

// scanMeta reads events as the service has written them since 2020: meta is the
// first member, or the second behind $schema; its own members are strings
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
	m.Offset = -1
	for ok {
		var key, value string
		if key, value, rest, ok = member(rest); !ok || rest == "" {
			break
		}
		m.set(key, value)
		if rest[0] == '}' {
			// An escape anywhere: what was taken for a string may be part of one.
			return m, strings.IndexByte(line[:len(line)-len(rest)], '\\') < 0
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
