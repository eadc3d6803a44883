package es

import (
	"bytes"
	"cmp"
	"slices"
	"sort"
	"time"

	"github.com/tidwall/gjson"

	"github.com/wmtools/wm/lib/cursor"
)

// Ledger accounts for events. Once a Bulk is closed without error,
// Read = Created + Present + Rejected + Skipped.
type Ledger struct {
	Read     int64 // events put
	Created  int64 // written by this run
	Present  int64 // were in the index already
	Rejected int64 // can never be written; each has a Reject
	Skipped  int64 // canaries
}

func (l *Ledger) add(other Ledger) {
	l.Read += other.Read
	l.Created += other.Created
	l.Present += other.Present
	l.Rejected += other.Rejected
	l.Skipped += other.Skipped
}

// unsettled returns how many events were read whose outcome is not known.
func (l Ledger) unsettled() int64 {
	return l.Read - l.Created - l.Present - l.Rejected - l.Skipped
}

// batch is a run of consecutive events on their way: the body of a bulk
// request, and what became of each. It belongs to one goroutine at a time.
type batch struct {
	body    []byte   // two lines a document
	docs    []doc    // those not settled yet, in the order of the input
	rejects []Reject // sorted by line at the end
	refused int      // bytes held in rejects
	tally   Ledger   // settled events; Read stays 0 here
	newest  time.Time
	mark    *cursor.Cursor // of the last watermark; nil: there is none
	settled bool           // nothing is open any more
}

// doc is one document of a batch.
type doc struct {
	line  int64 // number of the event in the input
	start int   // in the body
	rest  int   // begin of what follows the "{" of the event
	end   int   // of the document, behind the second line's end
}

// add composes a document of the event that was read, or books it as rejected.
func (b *batch) add(c *composer, line int64, reason string) {
	start, rest := len(b.body), 0
	if reason == "" {
		b.body, rest, reason = c.compose(b.body)
	}
	if reason != "" {
		b.reject(Reject{line, reason, 0, bytes.Clone(c.line)})
		return
	}
	if c.time.After(b.newest) {
		b.newest = c.time
	}
	b.docs = append(b.docs, doc{line, start, rest, len(b.body)})
}

func (b *batch) reject(r Reject) {
	b.rejects = append(b.rejects, r)
	b.refused += len(r.Document)
	b.tally.Rejected++
}

// room lets a batch grow to its usual size without being copied on the way.
// Memory that is not written to costs nothing.
func (b *batch) room(usual int) {
	if b.body == nil {
		b.body = make([]byte, 0, usual+usual/16)
	}
}

// size returns how many bytes of events the batch holds.
func (b *batch) size() int { return len(b.body) + b.refused }

// empty reports whether nothing in the batch has to be sent or told.
func (b *batch) empty() bool { return len(b.docs) == 0 && len(b.rejects) == 0 && b.mark == nil }

// head returns how many of the first documents fit into limit bytes: at least
// one.
func (b *batch) head(limit int) int {
	return max(1, sort.Search(len(b.docs), func(i int) bool { return b.docs[i].end > limit }))
}

// settle books the outcome of the first documents and keeps only those that are
// still open. It returns the first trouble among the outcomes, with the name of
// the index.
func (b *batch) settle(items []item) *trouble {
	var first *trouble
	kept := b.docs[:0]
	for i, d := range b.docs {
		if i >= len(items) {
			kept = append(kept, d)
			continue
		}
		if t := b.book(d, items[i]); t != nil {
			kept = append(kept, d)
			if first == nil || t.final && !first.final {
				t.index = b.indexOf(d)
				first = t
			}
		}
	}
	b.docs = kept
	b.compact()
	return first
}

// book notes the outcome of one document. It returns what is wrong when the
// document is still open.
func (b *batch) book(d doc, it item) *trouble {
	switch verdict, why := it.judge(); verdict {
	case created:
		b.tally.Created++
	case present:
		b.tally.Present++
	case rejected:
		b.reject(Reject{d.line, why.Error(), it.status, b.original(d)})
	default:
		return &trouble{err: why, final: verdict == fatal}
	}
	return nil
}

// original returns a copy of the event that a document was made of.
func (b *batch) original(d doc) []byte {
	rest := b.body[d.rest : d.end-1]
	return append(append(make([]byte, 0, len(rest)+1), '{'), rest...)
}

// indexOf returns the name of the index that a document is for.
func (b *batch) indexOf(d doc) string {
	action, _, _ := bytes.Cut(b.body[d.start:d.end], []byte{'\n'})
	return gjson.GetBytes(action, "create._index").Str
}

// compact moves the open documents to the front of the body.
func (b *batch) compact() {
	to := 0
	for i := range b.docs {
		d := &b.docs[i]
		shift := d.start - to
		to += copy(b.body[to:], b.body[d.start:d.end])
		d.start -= shift
		d.rest -= shift
		d.end -= shift
	}
	b.body = b.body[:to]
}

// takeRejects returns the rejects in the order of the input.
func (b *batch) takeRejects() []Reject {
	slices.SortFunc(b.rejects, func(x, y Reject) int { return cmp.Compare(x.Line, y.Line) })
	return b.rejects
}

// reset empties the batch. A body that one huge event has blown up is let go.
func (b *batch) reset(usual int) {
	if cap(b.body) > 2*usual {
		b.body = nil
	}
	clear(b.rejects) // their documents are not ours to keep
	*b = batch{body: b.body[:0], docs: b.docs[:0], rejects: b.rejects[:0]}
}
