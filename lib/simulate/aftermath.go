package simulate

import (
	"bytes"
	"slices"
	"time"
)

// aftermath holds what follows from edits: events of the streams that report on
// them, and edits that undo them. It is empty if no such stream is generated.
type aftermath struct {
	risk, tags *source
	events     schedule[sequel]
	undoing    schedule[*change]
}

// sequel is an event about an earlier edit.
type sequel struct {
	source *source
	edit   *change
	risk   float64  // for a score
	before []string // for tags: those that it had
	after  []string // and those that it has
}

// follow schedules the events of a source after edits, if it has such events.
func (a *aftermath) follow(s *source) {
	switch s.stream {
	case RevertRisk:
		a.risk = s
	case RevisionTags:
		a.tags = s
	}
}

func (a *aftermath) active() bool { return a.risk != nil || a.tags != nil }

// unfounded returns the percentage of edits whose summary says that they undo an
// edit although they undo none of the generated ones.
func (a *aftermath) unfounded() float64 {
	if a.active() {
		return 0.2
	}
	return 4
}

// follow decides what will follow from a change.
func (g *Generator) follow(c *change) {
	if !g.later.active() || c.typ != "edit" && c.typ != "new" {
		return
	}
	g.tag(c)
	edit := c.clone()
	harmful := g.dice.chance(c.who.harmful())
	scored := g.clock.Add(g.delay(2500*time.Millisecond, 0.4))
	if g.later.risk != nil && edit.isScored() {
		g.later.events.add(scored, sequel{source: g.later.risk, edit: edit, risk: g.risk(edit, harmful)})
	}
	g.announceTags(edit, scored)
	if g.isUndone(edit, harmful) {
		g.later.undoing.add(g.clock.Add(8*time.Second+g.delay(45*time.Second, 1.2)), edit)
	}
}

// delay draws a duration, half of the time below median.
func (g *Generator) delay(median time.Duration, sigma float64) time.Duration {
	return time.Duration(g.dice.spread(float64(median), sigma))
}

// sequel returns the next event that follows from an earlier edit, if it is due
// before the event to come.
func (g *Generator) sequel() (*source, Event, bool) {
	next, at, ok := g.later.events.due(g.clock)
	if !ok {
		return nil, Event{}, false
	}
	message := g.message
	defer func() { g.message = message }()
	g.message = at.UnixMilli()
	if next.source == g.later.risk {
		return next.source, g.deliver(next.source, g.live, g.scoreEvent(next)), true
	}
	return next.source, g.deliver(next.source, g.live, g.tagsEvent(next)), true
}

// clone returns a copy that outlives the event.
func (c *change) clone() *change {
	d := *c
	for _, text := range []*[]byte{&d.page.title, &d.who.name, &d.comment, &d.parsed, &d.request} {
		*text = bytes.Clone(*text)
	}
	return &d
}

// schedule is what will happen, the earliest first.
type schedule[T any] struct {
	planned []plan[T]
}

type plan[T any] struct {
	at   time.Time
	item T
}

func (s *schedule[T]) add(at time.Time, item T) {
	i, _ := slices.BinarySearchFunc(s.planned, at, func(p plan[T], at time.Time) int {
		return -at.Compare(p.at) | 1 // after those of the same time
	})
	s.planned = slices.Insert(s.planned, i, plan[T]{at, item})
}

// due removes and returns the first item whose time has come.
func (s *schedule[T]) due(now time.Time) (item T, at time.Time, ok bool) {
	if len(s.planned) == 0 || s.planned[0].at.After(now) {
		return item, at, false
	}
	first := s.planned[0]
	s.planned = slices.Delete(s.planned, 0, 1)
	return first.item, first.at, true
}
