package bulk

import (
	"bytes"
	"cmp"
	"slices"
	"sort"
	"time"

	"github.com/tidwall/gjson"

	"github.com/wmtools/wm/lib/cursor"
	"github.com/wmtools/wm/lib/es"
)

// Ledger counts events by outcome. After a Writer was closed without error,
// Read = Created + Present + Rejected + Skipped.
type Ledger struct {
	Read     int64 // passed to Put or Refuse
	Created  int64 // written by this run
	Present  int64 // were already in the index
	Rejected int64 // cannot be written; each was passed to OnReject
	Skipped  int64 // canary events
}

func (l *Ledger) add(other Ledger) {
	l.Read += other.Read
	l.Created += other.Created
	l.Present += other.Present
	l.Rejected += other.Rejected
	l.Skipped += other.Skipped
}

// unsettled returns the number of events whose outcome is unknown.
func (l Ledger) unsettled() int64 {
	return l.Read - l.Created - l.Present - l.Rejected - l.Skipped
}

// batch is a run of consecutive events: the body of a bulk request, and the
// outcome of each. It belongs to one goroutine at a time.
type batch struct {
	body    []byte   // two lines per document
	docs    []doc    // documents that are not settled, in input order
	rejects []Reject // sorted by line at the end
	refused int      // bytes held in rejects
	tally   Ledger   // settled events; Read is always 0
	newest  time.Time
	mark    *cursor.Cursor // of the last watermark, or nil
	settled bool           // no document is open
}

// doc is one document of a batch.
type doc struct {
	line  int64 // number of the event in the input
	start int   // offset in the body
	rest  int   // offset of what follows the "{" of the event
	end   int   // offset of the next document
}

// add appends the document of the event that c has read, or rejects the event.
func (b *batch) add(c *composer, line int64, reason string) {
	start, rest := len(b.body), 0
	if reason == "" {
		b.body, rest, reason = c.compose(b.body)
	}
	if reason != "" {
		b.reject(Reject{Line: line, Reason: reason, Document: bytes.Clone(c.line)})
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

// reserve allocates the usual size at once. Memory that is not written to costs
// nothing.
func (b *batch) reserve(usual int) {
	if b.body == nil {
		b.body = make([]byte, 0, usual+usual/16)
	}
}

// size returns how many bytes of events the batch holds.
func (b *batch) size() int { return len(b.body) + b.refused }

// empty reports whether the batch has nothing to send or to report.
func (b *batch) empty() bool { return len(b.docs) == 0 && len(b.rejects) == 0 && b.mark == nil }

// head returns how many of the first documents fit into limit bytes, but at least
// one.
func (b *batch) head(limit int) int {
	return max(1, sort.Search(len(b.docs), func(i int) bool { return b.docs[i].end > limit }))
}

// settle books the outcome of the first documents and keeps those that are still
// open. It returns the first trouble, or the first one that is final, with the
// name of the index on the server at address.
func (b *batch) settle(address string, items []item) *trouble {
	var first *trouble
	kept := b.docs[:0]
	for i, d := range b.docs {
		if i >= len(items) {
			kept = append(kept, d)
			continue
		}
		why, final := b.book(d, items[i])
		if why == nil {
			continue
		}
		kept = append(kept, d)
		if first == nil || final && !first.final {
			why.Address, why.Index = address, b.indexOf(d)
			first = &trouble{why, final}
		}
	}
	b.docs = kept
	b.compact()
	return first
}

// book records the outcome of one document. It returns what is wrong if the
// document is still open.
func (b *batch) book(d doc, it item) (why *es.Error, final bool) {
	verdict, why := it.judge()
	switch verdict {
	case created:
		b.tally.Created++
	case present:
		b.tally.Present++
	case rejected:
		b.reject(Reject{Line: d.line, Reason: why.Error(), Status: it.status, Document: b.original(d)})
	default:
		return why, verdict == fatal
	}
	return nil, false
}

// original returns a copy of the event that a document was made from.
func (b *batch) original(d doc) []byte {
	rest := b.body[d.rest : d.end-1]
	return append(append(make([]byte, 0, len(rest)+1), '{'), rest...)
}

// indexOf returns the name of a document's index.
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

// takeRejects returns the rejects in input order.
func (b *batch) takeRejects() []Reject {
	slices.SortFunc(b.rejects, func(x, y Reject) int { return cmp.Compare(x.Line, y.Line) })
	return b.rejects
}

// reset empties the batch. A body that one huge event has enlarged is freed.
func (b *batch) reset(usual int) {
	if cap(b.body) > 2*usual {
		b.body = nil
	}
	clear(b.rejects) // so that their documents are freed
	*b = batch{body: b.body[:0], docs: b.docs[:0], rejects: b.rejects[:0]}
}
