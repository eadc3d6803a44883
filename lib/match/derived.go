package match

import (
	"strings"
	"sync"
	"time"

	"github.com/wmtools/wm/lib/event"
	"github.com/wmtools/wm/lib/jsonscan"
)

// derivedField is a field that a line need not have, because wm computes it
// from others.
type derivedField struct {
	// inputs are the paths of the fields that event.Derive reads for it, or of
	// objects that hold them. No two have the same first key.
	inputs []string
	value  func(*event.Derived) (scalar, bool)
}

// derivedFields are all derived fields by name.
var derivedFields = map[string]derivedField{
	"@timestamp": {[]string{"meta.dt", "dt", "timestamp"}, func(d *event.Derived) (scalar, bool) {
		return textScalar(d.Timestamp.Format(event.TimestampLayout)), !d.Timestamp.IsZero()
	}},
	"wm.wiki": {[]string{"wiki", "database", "wiki_id"}, func(d *event.Derived) (scalar, bool) {
		return textScalar(d.Wiki), d.Wiki != ""
	}},
	"wm.user": {[]string{"user", "performer", "revision.editor"}, func(d *event.Derived) (scalar, bool) {
		return textScalar(d.User), d.User != ""
	}},
	"wm.page": {[]string{"wiki", "database", "wiki_id", "title", "page_title", "page.page_title"}, func(d *event.Derived) (scalar, bool) {
		return textScalar(d.Page), d.Page != ""
	}},
	"wm.user_kind": {[]string{"user", "performer", "revision.editor", "bot", "wiki", "type", "meta.stream"}, func(d *event.Derived) (scalar, bool) {
		return textScalar(d.UserKind), d.UserKind != ""
	}},
	"wm.rev":    {[]string{"revision", "rev_id"}, func(d *event.Derived) (scalar, bool) { return intScalar(d.Rev) }},
	"wm.delta":  {[]string{"length"}, func(d *event.Derived) (scalar, bool) { return intScalar(d.Delta) }},
	"wm.lag_ms": {[]string{"meta.dt", "timestamp"}, func(d *event.Derived) (scalar, bool) { return intScalar(d.LagMS) }},
	"wm.revert": {[]string{"type", "comment"}, func(d *event.Derived) (scalar, bool) { return boolScalar(d.Revert.Value), d.Revert.OK }},
	"wm.talk": {[]string{"namespace", "page_namespace", "page.namespace_id"}, func(d *event.Derived) (scalar, bool) {
		return boolScalar(d.Talk.Value), d.Talk.OK
	}},
	"wm.risk": {[]string{"predicted_classification"}, func(d *event.Derived) (scalar, bool) {
		return scalar{kind: '0', number: jsonscan.Float(d.Risk.Value)}, d.Risk.OK
	}},
}

func intScalar(n event.Int) (scalar, bool) {
	return scalar{kind: '0', number: jsonscan.Int(n.Value)}, n.OK
}

// derivedTest tests a derived field.
type derivedTest struct {
	condition
	negate bool
	own    int // slot of the field itself, which is used if the line has it
	inputs []input
	value  func(*event.Derived) (scalar, bool)
}

// input is a field from which another is derived.
type input struct {
	slot          int
	before, after string // JSON around the value
}

func newInput(slot int, path string) input {
	if outer, inner, nested := strings.Cut(path, "."); nested {
		return input{slot, `"` + outer + `":{"` + inner + `":`, "},"}
	}
	return input{slot, `"` + path + `":`, ","}
}

// deriver is what a derivedTest works with.
type deriver struct {
	line  []byte
	event event.Scanned
}

var derivers = sync.Pool{New: func() any { return new(deriver) }}

func (t *derivedTest) holds(line []byte, found []span) (bool, error) {
	if json := found[t.own].of(line); len(json) > 0 {
		held, err := t.holdsFor(json)
		return held != t.negate, err
	}
	d := derivers.Get().(*deriver)
	defer derivers.Put(d)
	d.line = t.extract(d.line[:0], line, found)
	if err := d.event.Scan(d.line); err != nil {
		return false, err
	}
	value, ok := t.value(d.event.Derive())
	return (ok && t.condition.holds(value)) != t.negate, nil
}

// extract appends a line that has the inputs and nothing else. Only event.Derive
// knows what a field means, and it is fast on a short line.
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
}

// hold reports whether the time of a line's event is within the bounds. The time
// of an event without one is not.
func (b *bounds) hold(line []byte) bool {
	t := event.New(line).Time()
	return !t.IsZero() && !t.Before(b.since) && (b.until.IsZero() || t.Before(b.until))
}
