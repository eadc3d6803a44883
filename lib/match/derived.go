package match

import (
	"sync"
	"time"

	"github.com/wmtools/wm/lib/event"
	"github.com/wmtools/wm/lib/jsonscan"
)

// derivedFields return the values of the derived fields, by name. A line need not
// have these, because wm computes them from others.
var derivedFields = map[string]func(*event.Derived) (scalar, bool){
	"@timestamp": func(d *event.Derived) (scalar, bool) {
		return textScalar(d.Timestamp.Format(event.TimestampLayout)), !d.Timestamp.IsZero()
	},
	"wm.wiki":      func(d *event.Derived) (scalar, bool) { return textScalar(d.Wiki), d.Wiki != "" },
	"wm.user":      func(d *event.Derived) (scalar, bool) { return textScalar(d.User), d.User != "" },
	"wm.page":      func(d *event.Derived) (scalar, bool) { return textScalar(d.Page), d.Page != "" },
	"wm.user_kind": func(d *event.Derived) (scalar, bool) { return textScalar(d.UserKind), d.UserKind != "" },
	"wm.rev":       func(d *event.Derived) (scalar, bool) { return intScalar(d.Rev) },
	"wm.delta":     func(d *event.Derived) (scalar, bool) { return intScalar(d.Delta) },
	"wm.lag_ms":    func(d *event.Derived) (scalar, bool) { return intScalar(d.LagMS) },
	"wm.revert":    func(d *event.Derived) (scalar, bool) { return boolScalar(d.Revert.Value), d.Revert.OK },
	"wm.talk":      func(d *event.Derived) (scalar, bool) { return boolScalar(d.Talk.Value), d.Talk.OK },
	"wm.risk": func(d *event.Derived) (scalar, bool) {
		return scalar{kind: '0', number: jsonscan.Float(d.Risk.Value)}, d.Risk.OK
	},
}

func intScalar(n event.Int) (scalar, bool) {
	return scalar{kind: '0', number: jsonscan.Int(n.Value)}, n.OK
}

// derivedTest tests a derived field.
type derivedTest struct {
	condition
	negate bool
	own    int // slot of the field itself, which is used if the line has it
	lookup *event.Lookup
	value  func(*event.Derived) (scalar, bool)
}

var scanned = sync.Pool{New: func() any { return new(event.Scanned) }}

func (t *derivedTest) holds(line []byte, found []jsonscan.Span) (bool, error) {
	if json := found[t.own].Of(line); len(json) > 0 {
		held, err := t.holdsFor(json)
		return held != t.negate, err
	}
	e := scanned.Get().(*event.Scanned)
	defer scanned.Put(e)
	if err := e.Read(t.lookup, line, found); err != nil {
		return false, err
	}
	value, ok := t.value(e.Derive())
	return (ok && t.condition.holds(value)) != t.negate, nil
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
