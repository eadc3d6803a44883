package match

import (
	"strings"
	"sync"
	"time"

	"github.com/wmtools/wm/lib/event"
)

// derivedField is a field that a line need not have, because it follows from
// others.
type derivedField struct {
	// inputs are the paths of the fields that event.Derive makes it of, or of
	// objects that hold them. No two have their first key in common.
	inputs []string
	value  func(event.Derived) (scalar, bool)
}

// derivedFields are all of them by their name.
var derivedFields = map[string]derivedField{
	"@timestamp": {[]string{"meta.dt", "dt", "timestamp"}, func(d event.Derived) (scalar, bool) {
		return textScalar(d.Timestamp.Format(timestampFormat)), !d.Timestamp.IsZero()
	}},
	"wm.wiki": {[]string{"wiki", "database", "wiki_id"}, func(d event.Derived) (scalar, bool) {
		return textScalar(d.Wiki), d.Wiki != ""
	}},
	"wm.user": {[]string{"user", "performer"}, func(d event.Derived) (scalar, bool) {
		return textScalar(d.User), d.User != ""
	}},
	"wm.page": {[]string{"wiki", "database", "wiki_id", "title", "page_title", "page.page_title"}, func(d event.Derived) (scalar, bool) {
		return textScalar(d.Page), d.Page != ""
	}},
	"wm.user_kind": {[]string{"user", "performer", "bot", "wiki", "type", "meta.stream"}, func(d event.Derived) (scalar, bool) {
		return textScalar(d.UserKind), d.UserKind != ""
	}},
	"wm.delta":  {[]string{"length"}, func(d event.Derived) (scalar, bool) { return intScalar(d.Delta) }},
	"wm.lag_ms": {[]string{"meta.dt", "timestamp"}, func(d event.Derived) (scalar, bool) { return intScalar(d.LagMS) }},
	"wm.revert": {[]string{"type", "comment"}, func(d event.Derived) (scalar, bool) {
		return boolScalar(d.Revert.Value), d.Revert.OK
	}},
}

// timestampFormat is how wm-es writes @timestamp.
const timestampFormat = "2006-01-02T15:04:05.000Z"

func intScalar(n event.Int) (scalar, bool) {
	return scalar{kind: '0', number: intNumber(n.Value)}, n.OK
}

// derivedTest asks something of a derived field.
type derivedTest struct {
	condition
	negate bool
	own    int // slot of the field itself, which goes first if the line has it
	inputs []input
	value  func(event.Derived) (scalar, bool)
}

// input is a field of which another is made, with the JSON around it.
type input struct {
	slot          int
	before, after string
}

func newInput(slot int, path string) input {
	if outer, inner, nested := strings.Cut(path, "."); nested {
		return input{slot, `"` + outer + `":{"` + inner + `":`, "},"}
	}
	return input{slot, `"` + path + `":`, ","}
}

// extracts are lines for derivedTest, to be used again.
var extracts = sync.Pool{New: func() any { return new([]byte) }}

func (t *derivedTest) holds(line []byte, found []span) (bool, error) {
	if json := found[t.own].of(line); len(json) > 0 {
		held, err := t.holdsFor(json)
		return held != t.negate, err
	}
	short := extracts.Get().(*[]byte)
	defer extracts.Put(short)
	*short = t.extract((*short)[:0], line, found)
	value, ok := t.value(event.New(*short).Derive())
	return (ok && t.condition.holds(value)) != t.negate, nil
}

// extract appends a line that has the inputs and nothing else. What the field
// means is written down once, in event.Derive, which is quick on a short line.
func (t *derivedTest) extract(short, line []byte, found []span) []byte {
	short = append(short, '{')
	for _, in := range t.inputs {
		if json := found[in.slot].of(line); len(json) > 0 {
			short = append(append(append(short, in.before...), json...), in.after...)
		}
	}
	if n := len(short) - 1; short[n] == ',' {
		short = short[:n]
	}
	return append(short, '}')
}

// bounds are the times of Options.
type bounds struct {
	since, until time.Time // since <= t < until; zero: no bound
	dt           tree
	slot         int
}

func newBounds(since, until time.Time) *bounds {
	b := &bounds{since: since, until: until}
	b.slot = b.dt.add([]string{"meta", "dt"})
	return b
}

// hold reports whether a line's event falls into the bounds. One that has no
// time does not. The time that nearly all events have stands near their begin,
// so it is looked for first and alone.
func (b *bounds) hold(line []byte) (bool, error) {
	var spans [2]span
	s := scan{line: line, spans: spans[:]}
	if err := s.run(&b.dt.root); err != nil {
		return false, err
	}
	if json := spans[b.slot].of(line); len(json) > 2 && json[0] == '"' {
		if t, err := time.Parse(time.RFC3339, asString(json[1:len(json)-1])); err == nil {
			return b.include(t), nil
		}
	}
	return b.include(event.New(line).Time()), nil
}

func (b *bounds) include(t time.Time) bool {
	return !t.IsZero() && !t.Before(b.since) && (b.until.IsZero() || t.Before(b.until))
}
