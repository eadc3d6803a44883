package simulate

import (
	"bytes"
	"iter"
	"math"
	"slices"
	"time"
)

// Names of streams.
const (
	RecentChange   = "mediawiki.recentchange"
	RevisionCreate = "mediawiki.revision-create"
	PageCreate     = "mediawiki.page-create"
	PageChange     = "mediawiki.page_change.v1"
	// RevertRisk has a model's score of an edit, seconds after it.
	RevertRisk = "mediawiki.page_revert_risk_prediction_change.v1"
	// RevisionTags has the tags of an edit when they change: soon after the
	// edit, and again once another edit has undone it.
	RevisionTags = "mediawiki.revision-tags-change"
)

// Streams are the streams that a Generator supports.
var Streams = []string{RecentChange, RevisionCreate, PageCreate, PageChange, RevertRisk, RevisionTags}

// Era is a historical form of events.
type Era int

const (
	// Era2025 is the form since August 2025: meta.dt has milliseconds and is
	// the time at which the event was received, some seconds after timestamp.
	Era2025 Era = iota
	// Era2020 is the form before it: meta.dt has whole seconds and equals
	// timestamp; title_url and notify_url are missing.
	Era2020
	// Era2019 is the oldest form: no $schema and no meta.stream, but
	// meta.schema_uri; meta.dt ends in +00:00; members are in alphabetical order.
	Era2019
)

// Options configure a Generator. The zero value generates events of recentchange
// as they are today, 40 per second.
type Options struct {
	// Start is the time of the first event; default 2026-11-01T12:00:00Z.
	Start time.Time
	// Rate is the number of events per second, not counting those of RevertRisk
	// and RevisionTags, which follow from edits; default 40.
	Rate float64
	// Late is the maximum by which message times go backwards: almost 0 for most
	// events, almost Late for a few. Default 25 ms, as in 2025; in earlier years
	// it was up to 100 s.
	Late time.Duration
	// Streams are the streams to generate, each in its usual share; default
	// RecentChange. Names that are not in the variable Streams are ignored. Scores
	// and tags belong to edits in the other streams or, without another stream,
	// to edits that are not among the events.
	Streams []string
	Era     Era
	// DataCenter is the active one, "eqiad" (the default) or "codfw".
	DataCenter string
	// Canary is the time between canary events; default 5 minutes, negative: no
	// canaries. Each stream gets one in each data centre.
	Canary time.Duration
	// Switch is the number of events between changes of the data centre; 0: never.
	Switch int
	// Gap is the number of events between gaps in the offsets; 0: no gaps.
	Gap int
}

func (o Options) withDefaults() Options {
	if o.Start.IsZero() {
		o.Start = time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)
	}
	if o.Rate == 0 {
		o.Rate = 40
	}
	if o.Late == 0 {
		o.Late = 25 * time.Millisecond
	}
	if !slices.ContainsFunc(o.Streams, func(s string) bool { return slices.Contains(Streams, s) }) {
		o.Streams = []string{RecentChange}
	}
	if o.Canary == 0 {
		o.Canary = 5 * time.Minute
	}
	return o
}

// Generator generates events, the same ones for the same seed and options. It is
// not safe for concurrent use.
type Generator struct {
	dice    dice
	era     Era
	options Options

	made       int
	clock      time.Time // when the current event arrives
	message    int64     // its message time, ms
	nextCanary time.Time
	canaries   []canary // due now
	live       int      // index of the active data centre

	sources weighted[*source]
	ticked  bool // clock and message are those of the event to come
	later   aftermath
	states  []state // of each wiki
	json    builder
	slab    []byte // memory from which buffer allocates

	// The values that the letters $u, $n and $p of a template repeat.
	lastUser   []byte
	lastNumber int64
	lastPage   []byte

	// The edit that the next $U and $V name; nil and 0: any.
	undoneUser     []byte
	undoneRevision int64
}

// source is a generated stream.
type source struct {
	stream string
	hidden bool                             // its events are not returned
	weight int                              // 0: its events follow from others
	make   func(*Generator, *source) []byte // the event in JSON
	topics [2]topic                         // one in each data centre
}

type topic struct {
	name   string
	offset int64 // of the next event
}

// state is what a wiki's next event depends on.
type state struct {
	revision, rcid, logID int64
	last                  change // the parts of the last edit that later events repeat
}

// New returns a generator.
func New(seed uint64, o Options) *Generator {
	o = o.withDefaults()
	g := &Generator{
		dice: newDice(seed), era: o.Era, options: o,
		slab:  make([]byte, 0, slabSize),
		clock: o.Start, nextCanary: o.Start.Truncate(o.Canary).Add(o.Canary),
		live: max(0, slices.Index(DataCenters[:], o.DataCenter)),
	}
	g.sources = byWeight(g.chosenSources(o.Streams), func(s *source) int { return s.weight })
	for range wikis {
		g.states = append(g.states, state{
			revision: g.dice.between(10_000_000, 1_300_000_000),
			rcid:     g.dice.between(10_000_000, 3_000_000_000),
			logID:    g.dice.between(1_000_000, 400_000_000),
		})
	}
	return g
}

// chosenSources returns the selected sources, in shares that follow from
// recentchange: an edit is also a revision-create and a
// page_change, a new page is also a page-create.
func (g *Generator) chosenSources(streams []string) []*source {
	all := []*source{
		{stream: RecentChange, weight: 2773, make: (*Generator).recentChange},
		{stream: RevisionCreate, weight: 1722, make: (*Generator).revisionCreate},
		{stream: PageCreate, weight: 63, make: (*Generator).pageCreate},
		{stream: PageChange, weight: 1800, make: (*Generator).pageChange},
		{stream: RevertRisk},
		{stream: RevisionTags},
	}
	chosen := slices.DeleteFunc(slices.Clone(all), func(s *source) bool { return !slices.Contains(streams, s.stream) })
	if chosen[0].weight == 0 {
		all[0].hidden = true
		chosen = slices.Insert(chosen, 0, all[0])
	}
	for _, s := range chosen {
		g.later.follow(s)
		for i, dc := range DataCenters {
			s.topics[i] = topic{dc + "." + s.stream, g.dice.between(100_000_000, 6_000_000_000)}
		}
	}
	return chosen
}

// Next returns the next event. The caller may keep its Data.
func (g *Generator) Next() Event {
	for {
		if s, e := g.next(); !s.hidden {
			return e
		}
	}
}

// next returns the next event and its source.
func (g *Generator) next() (*source, Event) {
	g.slab = g.slab[:0]
	if !g.ticked {
		g.tick()
		g.ticked = true
	}
	if s, e, ok := g.sequel(); ok {
		return s, e
	}
	if len(g.canaries) > 0 {
		c := g.canaries[0]
		g.canaries = g.canaries[1:]
		g.ticked = len(g.canaries) > 0
		return c.source, g.deliver(c.source, c.center, g.canary(c))
	}
	g.ticked = false
	s := g.sources.pick(g.dice)
	return s, g.deliver(s, g.live, s.make(g, s))
}

// All yields events without end.
func (g *Generator) All() iter.Seq[Event] {
	return func(yield func(Event) bool) {
		for yield(g.Next()) {
		}
	}
}

// Take returns the next n events.
func (g *Generator) Take(n int) []Event {
	events := make([]Event, n)
	for i := range events {
		events[i] = g.Next()
	}
	return events
}

// Oversized returns an event of at least size bytes. The schemas allow any size,
// which programs with fixed buffers do not expect.
func (g *Generator) Oversized(size int) Event {
	e := g.Next()
	open, _ := bytes.CutSuffix(e.Data, []byte("}"))
	e.Data = slices.Concat(open, []byte(`,"added_links":"`), bytes.Repeat([]byte{'x'}, size), []byte(`"}`))
	return e
}

// deliver appends an event to the log of one data centre.
func (g *Generator) deliver(s *source, center int, data []byte) Event {
	t := &s.topics[center]
	e := Event{Stream: s.stream, Topic: t.name, Offset: t.offset, Time: g.message, Data: slices.Clone(data)}
	t.offset++
	return e
}

// tick advances the clock to the next event. Events come in bursts: a fifth of
// them arrive at the same time as the one before.
func (g *Generator) tick() {
	g.made++
	if g.dice.chance(80) {
		gap := g.dice.ExpFloat64() / g.options.Rate / 0.8
		g.clock = g.clock.Add(time.Duration(gap * float64(time.Second)))
	}
	g.message = g.clock.UnixMilli() - int64(float64(g.options.Late.Milliseconds())*math.Pow(g.dice.Float64(), 4))
	if g.era != Era2025 {
		g.message -= g.message % 1000
	}
	g.incidents()
}

// incidents simulates gaps in the offsets, changes of the data centre and
// canaries.
func (g *Generator) incidents() {
	if n := g.options.Switch; n > 0 && g.made > 1 && (g.made-1)%n == 0 {
		g.live = 1 - g.live
	}
	if n := g.options.Gap; n > 0 && g.made > 1 && (g.made-1)%n == 0 {
		for _, s := range g.sources.items {
			s.topics[g.live].offset += g.dice.between(1, 5)
		}
	}
	if g.options.Canary > 0 && !g.clock.Before(g.nextCanary) {
		g.message = g.nextCanary.UnixMilli()
		g.nextCanary = g.nextCanary.Add(g.options.Canary)
		g.queueCanaries()
	}
}

// at returns the state of a wiki.
func (g *Generator) at(w *wiki) *state { return &g.states[w.number] }

// slabSize is more than the texts of one event need.
const slabSize = 16 << 10

// buffer returns an empty slice with a capacity of n bytes, valid until the next
// event.
func (g *Generator) buffer(n int) []byte {
	start := len(g.slab)
	if start+n > cap(g.slab) {
		return make([]byte, 0, n)
	}
	g.slab = g.slab[:start+n]
	return g.slab[start : start : start+n]
}

// uuid returns a random UUID of version 4. The oldest events had version 1.
func (g *Generator) uuid() []byte {
	version := byte('4')
	if g.era == Era2019 {
		version = '1'
	}
	id := g.buffer(36)
	for i, bits := range [2]uint64{g.dice.Uint64(), g.dice.Uint64()} {
		for j := range 16 {
			if at := i*16 + j; at == 8 || at == 12 || at == 16 || at == 20 {
				id = append(id, '-')
			}
			id = append(id, hexDigits[bits>>(4*j)&15])
		}
	}
	id[14] = version
	id[19] = "89ab"[id[19]&3]
	return id
}
