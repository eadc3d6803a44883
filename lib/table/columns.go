package table

import (
	"github.com/mattn/go-runewidth"

	"github.com/wmtools/wm/lib/event"
	"github.com/wmtools/wm/lib/mediawiki"
)

// layout is how wide the columns of a terminal are.
type layout struct {
	width                          int // of the terminal; 0: no columns
	time                           string
	wiki, flags, page, delta, user int
	summary                        int // 0: not shown
}

// The bounds of columns. The title is the first to be shortened, then the user.
const (
	minPage, maxPage = 16, 50
	minSummary       = 12
)

// newLayout divides a terminal's width. Each column but the last is followed by
// a blank.
func newLayout(width int) layout {
	l := layout{width: width, time: "15:04:05", wiki: 8, flags: 3, delta: 6, user: 12}
	if width >= 100 {
		l.time, l.wiki, l.flags, l.delta, l.user = "Jan _2 15:04:05", 12, 4, 7, 18
	}
	left := width - len(l.time) - l.wiki - l.flags - l.delta - l.user - 5*len(" ")
	l.page = min(max(left*2/5, minPage), maxPage)
	l.summary = left - l.page - len(" ")
	if l.summary < minSummary {
		l.page, l.summary = max(left, 1), 0
	}
	return l
}

// appendColumns appends a line that fits a terminal, in columns.
func (p *linePrinter) appendColumns(dst []byte, d *event.Derived) []byte {
	f, l := &p.fields, p.layout
	dst = append(p.appendTime(dst, d.Timestamp, l.time), ' ')
	dst = append(p.appendPadded(dst, d.Wiki, wikiColor, l.wiki), ' ')
	dst = append(p.appendFlags(dst, d, l.flags), ' ')
	dst = append(p.appendPageAndDelta(dst, d), ' ')
	contributions := mediawiki.SiteOf(f).Contributions(d.User)
	dst = p.appendFitted(dst, p.user(p.cell[:0], d), userColor(d.UserKind), contributions, l.user)
	if l.summary == 0 {
		return dst
	}
	dst = append(dst, ' ')
	left := l.summary
	if d.Risk.OK {
		p.cell = append(appendRisk(p.cell[:0], d.Risk.Value), ' ')
		dst = p.appendColored(dst, riskColor(d.Risk.Value), p.cell)
		left -= len(p.cell)
	}
	text, _ := fit(p.summary(p.cell[:0]), max(left, 1))
	return append(dst, text...)
}

// appendPageAndDelta appends two columns. A long number takes from the title.
func (p *linePrinter) appendPageAndDelta(dst []byte, d *event.Derived) []byte {
	l := p.layout
	var number [24]byte
	delta, color := number[:0], ""
	if d.Delta.OK {
		delta, color = appendDelta(delta, d.Delta.Value), deltaColor(d.Delta.Value)
	}
	page := max(l.page-max(len(delta)-l.delta, 0), 1)
	dst = append(p.appendFitted(dst, p.page(p.cell[:0]), pageColor, string(p.link(nil)), page), ' ')
	dst = appendBlanks(dst, l.delta-len(delta))
	return p.appendColored(dst, color, delta)
}

// appendPadded appends a short text, padded with blanks to a width. On a
// terminal it also shortens the text to that width.
func (p *linePrinter) appendPadded(dst []byte, text, color string, width int) []byte {
	p.cell = appendShown(p.cell[:0], text)
	if p.layout.width > 0 {
		return p.appendFitted(dst, p.cell, color, "", width)
	}
	dst = p.appendColored(dst, color, p.cell)
	return appendBlanks(dst, width-displayWidth(p.cell))
}

// appendFlags appends MediaWiki's flag letters.
func (p *linePrinter) appendFlags(dst []byte, d *event.Derived, width int) []byte {
	p.cell = mediawiki.AppendFlags(p.cell[:0], &p.fields, d.UserKind)
	dst = p.appendColored(dst, flagColor, p.cell)
	return appendBlanks(dst, width-len(p.cell))
}

// appendFitted appends text, shortened or padded to a width, as a link.
func (p *linePrinter) appendFitted(dst, text []byte, color, link string, width int) []byte {
	p.cell = text // keep the buffer
	text, used := fit(text, width)
	if link != "" && p.o.Links && len(text) > 0 {
		dst = append(append(append(dst, "\x1b]8;;"...), link...), "\x1b\\"...)
		dst = append(p.appendColored(dst, color, text), "\x1b]8;;\x1b\\"...)
	} else {
		dst = p.appendColored(dst, color, text)
	}
	return appendBlanks(dst, width-used)
}

func appendBlanks(dst []byte, n int) []byte {
	for range n {
		dst = append(dst, ' ')
	}
	return dst
}

// fit shortens text to a width in columns and returns the width it has then. An
// isolate that it cuts open is closed again.
func fit(text []byte, width int) ([]byte, int) {
	if w := displayWidth(text); w <= width {
		return text, w
	}
	short := runewidth.Truncate(string(text), width, "…")
	w := runewidth.StringWidth(short)
	if runsLeft(text) {
		short += popIsolate
	}
	return []byte(short), w
}

// displayWidth returns how many columns of a terminal a text takes.
func displayWidth(text []byte) int {
	for _, c := range text {
		if c >= 0x80 {
			return runewidth.StringWidth(string(text))
		}
	}
	return len(text)
}
