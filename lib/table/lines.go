package table

import (
	"bytes"
	"strconv"
	"strings"
	"time"

	"github.com/tidwall/gjson"

	"github.com/wmtools/wm/lib/event"
	"github.com/wmtools/wm/lib/jsonscan"
	"github.com/wmtools/wm/lib/mediawiki"
)

// LineOptions of Lines. The zero value prints for a pipe: full width, times in
// UTC, links as text at the end.
type LineOptions struct {
	// Width is the number of columns of the terminal that lines have to fit
	// into; 0 means no limit.
	Width    int
	Location *time.Location // of times; nil means UTC
	Color    bool           // color by meaning, with the escape sequences of terminals
	Links    bool           // make titles and users hyperlinks (OSC 8) instead of printing the link
}

// Lines prints each event as a line for people: time, wiki, MediaWiki's flag
// letters, page, change in bytes, user, summary and link. Whatever an event
// holds, it becomes one line that leaves the terminal as it was: control
// characters are shown as escapes, and text that runs from right to left is
// isolated. Lines is a Format.
type Lines struct {
	o       LineOptions
	layout  layout
	paths   jsonscan.Paths
	slots   pathSlots // of mediawiki.Paths
	derived *event.Lookup
}

// NewLines returns a Lines.
func NewLines(o LineOptions) *Lines {
	if o.Location == nil {
		o.Location = time.UTC
	}
	l := &Lines{o: o, layout: newLayout(o.Width)}
	for _, path := range mediawiki.Paths() {
		l.slots.add(path, l.paths.Add(strings.Split(path, ".")...))
	}
	l.derived = event.NewLookup(&l.paths, "@timestamp", "wm.wiki", "wm.user", "wm.user_kind", "wm.delta", "wm.risk")
	return l
}

// Header returns nil: readable lines need no header.
func (l *Lines) Header() []byte { return nil }

// Printer returns a printer of lines.
func (l *Lines) Printer() Printer {
	p := &linePrinter{Lines: l, finder: l.paths.Finder()}
	p.fields = fields{slots: &l.slots, found: make([]jsonscan.Span, l.paths.Slots())}
	return p
}

// pathSlots maps paths to slots. It is faster than a map, because few paths have
// the same length.
type pathSlots [64][]pathSlot

type pathSlot struct {
	path string
	slot int
}

func (s *pathSlots) add(path string, slot int) {
	s[len(path)] = append(s[len(path)], pathSlot{path, slot})
}

// slot returns the slot of a path that was added.
func (s *pathSlots) slot(path string) int {
	for _, p := range s[len(path)] {
		if p.path == path {
			return p.slot
		}
	}
	panic("table: " + path + " is not one of mediawiki.Paths")
}

// fields are the fields that package mediawiki asks for, found in one pass.
type fields struct {
	slots *pathSlots
	found []jsonscan.Span
	line  []byte
}

// Get returns the field at one of mediawiki.Paths.
func (f *fields) Get(path string) gjson.Result {
	json := f.found[f.slots.slot(path)].Of(f.line)
	switch {
	case len(json) == 0:
		return gjson.Result{}
	case json[0] == '"' && bytes.IndexByte(json, '\\') < 0:
		text := jsonscan.View(json)
		return gjson.Result{Type: gjson.String, Raw: text, Str: text[1 : len(text)-1]}
	}
	return gjson.Parse(jsonscan.View(json))
}

// linePrinter is the Printer of Lines.
type linePrinter struct {
	*Lines
	finder   *jsonscan.Finder
	fields   fields
	event    event.Scanned
	segments []mediawiki.Segment
	cell     []byte // of text that may have to be shortened
	second   int64  // of the last event that had a time, as Unix time
	time     []byte // the same as text
}

// Append appends the line of an event.
func (p *linePrinter) Append(dst, line []byte) ([]byte, error) {
	line, err := p.finder.Find(line, p.fields.found)
	if err != nil {
		return dst, err
	}
	p.fields.line = line
	if err := p.event.Read(p.derived, line, p.fields.found); err != nil {
		return dst, err
	}
	start, d := len(dst), p.event.Derive()
	if p.layout.width > 0 {
		dst = p.appendColumns(dst, d)
	} else {
		dst = p.appendText(dst, d)
	}
	return append(dst[:start+len(bytes.TrimRight(dst[start:], " "))], '\n'), nil
}

// appendText appends a line of any width: cells with two blanks between them,
// without those that are empty but for the flags.
func (p *linePrinter) appendText(dst []byte, d *event.Derived) []byte {
	dst = p.appendTime(dst, d.Timestamp, "2006-01-02T15:04:05Z07:00")
	dst = p.appendPadded(append(dst, "  "...), d.Wiki, wikiColor, 8)
	dst = p.appendFlags(append(dst, "  "...), d, 3)
	dst = p.appendCell(dst, pageColor, p.page(p.cell[:0]))
	if d.Delta.OK {
		dst = p.appendCell(dst, deltaColor(d.Delta.Value), appendDelta(p.cell[:0], d.Delta.Value))
	}
	dst = p.appendCell(dst, userColor(d.UserKind), p.user(p.cell[:0], d))
	if d.Risk.OK {
		dst = p.appendCell(dst, riskColor(d.Risk.Value), appendRisk(p.cell[:0], d.Risk.Value))
	}
	dst = p.appendCell(dst, "", p.summary(p.cell[:0]))
	return p.appendCell(dst, "", p.link(p.cell[:0]))
}

// appendCell appends two blanks and a cell, or nothing for an empty cell.
func (p *linePrinter) appendCell(dst []byte, color string, text []byte) []byte {
	p.cell = text // keep the buffer
	if len(text) == 0 {
		return dst
	}
	return p.appendColored(append(dst, "  "...), color, text)
}

func (p *linePrinter) appendTime(dst []byte, t time.Time, layout string) []byte {
	if t.IsZero() {
		for range len(t.In(p.o.Location).Format(layout)) {
			dst = append(dst, '-')
		}
		return dst
	}
	// Many events happen in the same second.
	if second := t.Unix(); second != p.second || len(p.time) == 0 {
		p.second, p.time = second, t.In(p.o.Location).AppendFormat(p.time[:0], layout)
	}
	return p.appendColored(dst, timeColor, p.time)
}

// page appends what the event did, unless it is an edit, and to which page.
func (p *linePrinter) page(dst []byte) []byte {
	f := &p.fields
	action, title := mediawiki.Action(f), mediawiki.Title(f)
	dst = appendShown(dst, action)
	if action != "" && title != "" {
		dst = append(dst, ' ')
	}
	return appendIsolated(dst, title)
}

// user appends the user's name, or for one whose name was removed what MediaWiki
// shows.
func (p *linePrinter) user(dst []byte, d *event.Derived) []byte {
	if d.UserKind == event.KindHidden {
		return append(dst, "(username removed)"...)
	}
	return appendIsolated(dst, d.User)
}

// summary appends the edit summary as MediaWiki shows it, and details of the
// change that other streams have.
func (p *linePrinter) summary(dst []byte) []byte {
	f := &p.fields
	p.segments = mediawiki.AppendSummary(p.segments[:0], mediawiki.Comment(f))
	start := len(dst)
	for i, s := range p.segments {
		if s.Kind == mediawiki.Section {
			dst = append(dst, "→"...)
		}
		dst = appendShown(dst, s.Text)
		if s.Kind == mediawiki.Section && i+1 < len(p.segments) {
			dst = append(dst, ':')
		}
	}
	dst = isolate(dst, start)
	if detail := mediawiki.Detail(f); detail != "" {
		if len(dst) > start {
			dst = append(dst, "  "...)
		}
		dst = appendIsolated(dst, detail)
	}
	return dst
}

func (p *linePrinter) link(dst []byte) []byte {
	return mediawiki.SiteOf(&p.fields).AppendChange(dst, &p.fields)
}

// appendDelta appends a change in bytes with its sign.
func appendDelta(dst []byte, n int64) []byte {
	if n > 0 {
		dst = append(dst, '+')
	}
	return strconv.AppendInt(dst, n, 10)
}

// appendRisk appends the predicted risk of a revert.
func appendRisk(dst []byte, p float64) []byte {
	return strconv.AppendFloat(append(dst, "risk "...), p, 'f', 2, 64)
}
