package estest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// shown returns a response in the form of the case files: without parts that differ
// from run to run, JSON in lines of moderate length.
func (s *server) shown(t *testing.T, a answer) string {
	t.Helper()
	body := strings.ReplaceAll(a.body, s.index(), "{i}")
	if !a.json || body == "" {
		if body == "" {
			return ""
		}
		return "|" + strings.ReplaceAll(strings.TrimSuffix(body, "\n"), "\n", "\n|")
	}
	v, err := decode(body)
	if err != nil {
		t.Fatalf("not JSON: %v: %.500s", err, a.body)
	}
	return string(appendPretty(nil, normal("", v), ""))
}

// index returns the replacement for {i}.
func (s *server) index() string { return s.names[len(s.names)-1] }

// object is a JSON object with its keys in order.
type object []field

type field struct {
	key   string
	value any
}

// decode decodes JSON. Numbers are json.Number.
func decode(text string) (any, error) {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	return decodeValue(d)
}

func decodeValue(d *json.Decoder) (any, error) {
	token, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch token {
	case json.Delim('{'):
		o := object{}
		for d.More() {
			key, err := d.Token()
			if err != nil {
				return nil, err
			}
			v, err := decodeValue(d)
			if err != nil {
				return nil, err
			}
			o = append(o, field{fmt.Sprint(key), v})
		}
		_, err := d.Token()
		return o, err
	case json.Delim('['):
		list := []any{}
		for d.More() {
			v, err := decodeValue(d)
			if err != nil {
				return nil, err
			}
			list = append(list, v)
		}
		_, err := d.Token()
		return list, err
	}
	return token, nil
}

var (
	source  = regexp.MustCompile(`(?s)\n at \[Source.*$`) // where Java's parser was
	context = regexp.MustCompile(`id \[\d+\]`)            // of a search
	madeID  = regexp.MustCompile(`^[A-Za-z0-9_-]{20}$`)
	shards  = regexp.MustCompile(`currently has \[\d+\]`)
	uuid    = regexp.MustCompile(`/[A-Za-z0-9_-]{22}\]`) // of an index, after its name
)

// normal replaces values that differ from run to run.
func normal(key string, v any) any {
	switch v := v.(type) {
	case object:
		out := object{}
		for _, f := range v {
			if f.key == "terminated_early" || key == "_shards" && f.key == "skipped" { // not part of the result
				continue
			}
			if f.key == "took" || f.key == "ingest_took" || key == "_shards" && f.key == "total" && len(v) == 3 {
				continue
			}
			out = append(out, field{f.key, normal(f.key, f.value)})
		}
		return out
	case []any:
		out := []any{}
		for _, e := range v {
			out = append(out, normal(key, e))
		}
		return out
	case string:
		return normalText(key, v)
	case json.Number:
		if key == "max_score" && v == "0.0" { // no shard was searched
			return nil
		}
	}
	return v
}

func normalText(key, s string) string {
	switch {
	case key == "_scroll_id" || key == "pit_id" || key == "node" || key == "uuid" || key == "creation_date",
		key == "index_uuid" && s != "_na_", key == "id" && len(s) > 5, key == "_id" && madeID.MatchString(s):
		return "..."
	case key == "reason":
		s = uuid.ReplaceAllString(source.ReplaceAllString(s, ""), "/...]")
		return shards.ReplaceAllString(context.ReplaceAllString(s, "id [...]"), "currently has [...]")
	}
	return s
}

const width = 140

// appendPretty appends JSON. A value that fits on one line is not broken.
func appendPretty(b []byte, v any, indent string) []byte {
	one := appendCompact(nil, v)
	if len(one)+len(indent) <= width {
		return append(b, one...)
	}
	deeper := indent + "  "
	switch v := v.(type) {
	case object:
		b = append(b, '{')
		for i, f := range v {
			b = separate(b, i, deeper)
			b = append(appendCompact(b, f.key), ": "...)
			b = appendPretty(b, f.value, deeper)
		}
		return append(append(b, "\n"+indent...), '}')
	case []any:
		b = append(b, '[')
		for i, e := range v {
			b = separate(b, i, deeper)
			b = appendPretty(b, e, deeper)
		}
		return append(append(b, "\n"+indent...), ']')
	}
	return append(b, one...)
}

func separate(b []byte, i int, indent string) []byte {
	if i > 0 {
		b = append(b, ',')
	}
	return append(b, "\n"+indent...)
}

func appendCompact(b []byte, v any) []byte {
	switch v := v.(type) {
	case object:
		b = append(b, '{')
		for i, f := range v {
			if i > 0 {
				b = append(b, ", "...)
			}
			b = append(appendCompact(b, f.key), ": "...)
			b = appendCompact(b, f.value)
		}
		return append(b, '}')
	case []any:
		b = append(b, '[')
		for i, e := range v {
			if i > 0 {
				b = append(b, ", "...)
			}
			b = appendCompact(b, e)
		}
		return append(b, ']')
	}
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(v) // strings, numbers and words always encode
	return append(b, bytes.TrimSpace(buf.Bytes())...)
}

// diff compares two responses except at some paths. It returns the first differences,
// or "".
func diff(want, got string, except []string) string {
	if strings.HasPrefix(want, "|") || strings.HasPrefix(got, "|") || want == "" || got == "" {
		if want == got {
			return ""
		}
		return fmt.Sprintf("got  %s\nwant %s", got, want)
	}
	a, err := decode(want)
	if err != nil {
		return "recorded answer: " + err.Error()
	}
	b, err := decode(got)
	if err != nil {
		return err.Error()
	}
	c := comparison{except: except}
	c.values(nil, a, b)
	if len(c.found) > 5 {
		c.found = append(c.found[:5], "...")
	}
	return strings.Join(c.found, "\n")
}

// comparison collects differences.
type comparison struct {
	except []string
	found  []string
}

func (c *comparison) report(path []string, want, got any) {
	c.found = append(c.found, fmt.Sprintf("  %s: got %.400s, want %.400s", strings.Join(path, "."), appendCompact(nil, got), appendCompact(nil, want)))
}

// excepted reports whether a path is excluded from the comparison.
func (c *comparison) excepted(path []string) bool {
	names := strings.Split(strings.Join(path, "."), ".") // keys with dots count as several names
	return slices.ContainsFunc(c.except, func(pattern string) bool { return matchPath(strings.Split(pattern, "."), names) })
}

// matchPath compares a path with a pattern, in which * is any name and ** any
// number of names.
func matchPath(pattern, path []string) bool {
	switch {
	case len(pattern) == 0:
		return len(path) == 0
	case pattern[0] == "**":
		return matchPath(pattern[1:], path) || len(path) > 0 && matchPath(pattern, path[1:])
	}
	return len(path) > 0 && (pattern[0] == "*" || pattern[0] == path[0]) && matchPath(pattern[1:], path[1:])
}

func (c *comparison) values(path []string, want, got any) {
	if c.excepted(path) {
		return
	}
	switch a := want.(type) {
	case object:
		if b, ok := got.(object); ok {
			c.objects(path, a, b)
			return
		}
	case []any:
		if b, ok := got.([]any); ok {
			c.arrays(path, a, b)
			return
		}
	case json.Number:
		if b, ok := got.(json.Number); ok && sameNumber(a, b) {
			return
		}
	default:
		if want == got {
			return
		}
	}
	c.report(path, want, got)
}

// missing represents an absent value.
const missing = "(missing)"

func (c *comparison) objects(path []string, want, got object) {
	find := func(o object, key string) (any, bool) {
		i := slices.IndexFunc(o, func(f field) bool { return f.key == key })
		if i < 0 {
			return missing, false
		}
		return o[i].value, true
	}
	for _, f := range want {
		v, _ := find(got, f.key)
		c.values(append(path[:len(path):len(path)], f.key), f.value, v)
	}
	for _, f := range got {
		if _, ok := find(want, f.key); !ok {
			c.values(append(path[:len(path):len(path)], f.key), missing, f.value)
		}
	}
}

func (c *comparison) arrays(path []string, want, got []any) {
	for i := range max(len(want), len(got)) {
		var a, b any = missing, missing
		if i < len(want) {
			a = want[i]
		}
		if i < len(got) {
			b = got[i]
		}
		c.values(append(path[:len(path):len(path)], strconv.Itoa(i)), a, b)
	}
}

// sameNumber compares numbers as written, except for fractions, which depend on the
// order of additions: they are compared to six digits.
func sameNumber(a, b json.Number) bool {
	if a == b {
		return true
	}
	if !strings.ContainsAny(string(a), ".eE") || !strings.ContainsAny(string(b), ".eE") {
		return false
	}
	x, err1 := a.Float64()
	y, err2 := b.Float64()
	return err1 == nil && err2 == nil && math.Abs(x-y) <= 1e-6*max(math.Abs(x), math.Abs(y))
}
