package es

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"sync"
	"time"

	"github.com/wmtools/wm/lib/cursor"
	"github.com/wmtools/wm/lib/event"
)

// Bulk writes events to Elasticsearch, each exactly once or never with a
// reason. It is an event.Sink for one goroutine.
//
// Put fills one batch while others are on their way; when all are, it blocks. A
// document that was not answered, or was refused because the index or the
// cluster is in trouble, is sent again until it is settled, however long that
// takes: the id makes the repeat harmless.
//
// Batches may be settled in any order, but are accounted for in that of the
// input, so that a watermark moves the cursor only when all before it is
// settled.
type Bulk struct {
	BulkOptions
	stop  context.CancelCauseFunc // ends the sending, with the reason
	ctx   context.Context         // done when the sending has ended, or has to
	full  chan *batch             // batches to send; closed by Close
	spare chan *batch             // batches to fill
	idle  chan struct{}           // closed when nothing is sent any more
	ended bool                    // Put or Close has told how it went

	mu      sync.Mutex
	compose composer
	filling *batch      // nil: the next event begins one
	due     *time.Timer // fires when filling has waited long enough; else it means nothing
	order   []*batch    // sealed and not accounted for, in the order of the input
	status  Status
	failure error // that ended the sending

	accounts sync.Mutex // held while batches are accounted for
}

// NewBulk makes a Bulk. Close it to send what is waiting.
func NewBulk(c *Client, o BulkOptions) *Bulk { return newBulk(c, o, wallClock) }

func newBulk(c *Client, o BulkOptions, clock clock) *Bulk {
	o = o.withDefaults()
	b := &Bulk{
		BulkOptions: o,
		full:        make(chan *batch, o.Workers+1), // room for all
		spare:       make(chan *batch, o.Workers+1),
		idle:        make(chan struct{}),
		due:         time.NewTimer(math.MaxInt64),
	}
	for range o.Workers + 1 {
		b.spare <- new(batch)
	}
	b.compose.index = o.Index
	b.ctx, b.stop = context.WithCancelCause(context.Background())
	var workers sync.WaitGroup
	for range o.Workers {
		s := &sender{
			client:   c,
			patience: patience{clock: clock, tell: o.OnOutage, limit: o.RetryFor},
			limit:    math.MaxInt,
			gzip:     o.Gzip,
			sent:     b.sent,
		}
		workers.Go(func() { b.work(s) })
	}
	go func() {
		workers.Wait()
		close(b.idle)
	}()
	return b
}

// Ledger returns the accounts so far. It may be called at any time.
func (b *Bulk) Ledger() Ledger { return b.Status().Ledger }

// Status returns how far the work has come. It may be called at any time.
func (b *Bulk) Status() Status {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.status
}

// Put takes an event. It blocks while all batches are on their way, and fails
// when ctx ends meanwhile or when the server turns wm away for good; the Bulk
// is at its end then.
func (b *Bulk) Put(ctx context.Context, e event.Event) error {
	for {
		taken, err := b.take(e)
		if err != nil {
			return b.end(err)
		}
		if taken {
			return nil
		}
		select {
		case fresh := <-b.spare:
			b.begin(fresh)
		case <-b.ctx.Done():
			return b.end(context.Cause(b.ctx))
		case <-ctx.Done():
			return b.end(context.Cause(ctx))
		}
	}
}

// Close sends what is waiting until it is settled or ctx ends. It returns an
// error unless the ledger balances, or Put has returned it already.
func (b *Bulk) Close(ctx context.Context) error {
	if b.ended {
		return nil
	}
	b.mu.Lock()
	b.seal()
	b.mu.Unlock()
	close(b.full)
	unhook := context.AfterFunc(ctx, func() { b.stop(context.Cause(ctx)) })
	defer unhook()
	<-b.idle
	return b.end(context.Cause(b.ctx))
}

// begin makes a batch the one that is filled.
func (b *Bulk) begin(fresh *batch) {
	b.mu.Lock()
	defer b.mu.Unlock()
	fresh.room(b.BatchBytes)
	b.filling = fresh
}

// take adds an event to the batch that is filled, and hands it over when it is
// full. It reports false when there is no such batch, and the error that has
// ended the sending.
func (b *Bulk) take(e event.Event) (bool, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.failure != nil || b.filling == nil {
		return false, b.failure
	}
	waiting := !b.filling.empty()
	b.add(e)
	if !waiting && !b.filling.empty() {
		b.due.Reset(b.Flush)
	}
	if b.filling.size() >= b.BatchBytes {
		b.seal()
	}
	return true, nil
}

func (b *Bulk) add(e event.Event) {
	if cursor.IsWatermark(e.Line()) {
		mark, err := cursor.DecodeWatermark(e.Line())
		if err == nil {
			b.mark(mark)
			return
		}
	}
	b.status.Read++
	reason := b.compose.read(e)
	if reason == "" && !b.Canary && b.compose.event.Canary() {
		b.filling.tally.Skipped++
		return
	}
	b.filling.add(&b.compose, cmp.Or(e.Number(), b.status.Read), reason)
}

// mark gives a watermark to the batch that has the event before it, or, if that
// is settled, to the one that is filled.
func (b *Bulk) mark(c cursor.Cursor) {
	if last := len(b.order) - 1; last >= 0 && b.filling.empty() {
		b.order[last].mark = &c
		return
	}
	b.filling.mark = &c
}

// seal hands the batch that is filled over to the workers, if there is one.
func (b *Bulk) seal() {
	if b.filling == nil {
		return
	}
	b.order = append(b.order, b.filling)
	b.full <- b.filling
	b.filling = nil
}

// work sends batches until Close or an error.
func (b *Bulk) work(s *sender) {
	for {
		next, more := b.next()
		if !more {
			return
		}
		if next == nil {
			continue
		}
		err := s.settle(b.ctx, next)
		if err == nil {
			err = b.account(next)
		}
		if err != nil {
			b.fail(err)
			return
		}
	}
}

// next waits for a batch that is full, or seals one that has waited long enough.
// The timer is looked at only by a worker that is idle: a batch that is due
// while all are busy goes on filling.
func (b *Bulk) next() (next *batch, more bool) {
	select {
	case next, more = <-b.full:
		return next, more
	case <-b.due.C:
		b.mu.Lock()
		defer b.mu.Unlock()
		b.seal()
		return nil, true
	case <-b.ctx.Done():
		return nil, false
	}
}

// fail ends the sending.
func (b *Bulk) fail(err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.failure == nil {
		b.failure = err
		b.stop(err)
	}
}

// account notes that a batch is settled, and books all those that have nothing
// unsettled before them.
func (b *Bulk) account(done *batch) error {
	b.accounts.Lock()
	defer b.accounts.Unlock()
	done.settled = true
	for {
		first := b.settledFirst()
		if first == nil {
			return nil
		}
		if err := b.book(first); err != nil {
			return err
		}
		if first.mark != nil {
			if err := b.OnMark(*first.mark); err != nil {
				return err
			}
		}
		first.reset(b.BatchBytes)
		b.spare <- first
	}
}

// settledFirst takes the first batch off the order, if it is settled.
func (b *Bulk) settledFirst() *batch {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.order) == 0 || !b.order[0].settled {
		return nil
	}
	first := b.order[0]
	b.order = append(b.order[:0], b.order[1:]...)
	return first
}

// book tells the rejects of a batch, and adds what became of its events.
func (b *Bulk) book(done *batch) error {
	for _, r := range done.takeRejects() {
		if err := b.OnReject(r); err != nil {
			return err
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.status.add(done.tally)
	if done.newest.After(b.status.Newest) {
		b.status.Newest = done.newest
	}
	return nil
}

// sent notes a request.
func (b *Bulk) sent(r Request) {
	b.mu.Lock()
	b.status.Requests++
	b.status.Bytes += int64(r.Bytes)
	b.status.Retries += int64(r.Open)
	b.mu.Unlock()
	b.OnRequest(r)
}

// end stops the sending, for a reason unless all is sent, and tells how it
// went: nil if all that was put is settled.
func (b *Bulk) end(reason error) error {
	b.ended = true
	b.stop(reason)
	<-b.idle
	// What is settled behind something that is not, or in part, counts too. It
	// does not move the cursor.
	for _, rest := range b.order {
		if err := b.book(rest); err != nil && b.failure == nil {
			b.failure = err
		}
	}
	b.order = nil
	why := cmp.Or(b.failure, reason)
	l := b.Ledger()
	switch lost := l.unsettled(); {
	case lost == 0 && b.failure == nil:
		return nil
	case lost == 0:
		return b.failure
	case why == nil:
		return fmt.Errorf("the ledger does not balance: %+v", l)
	default:
		return fmt.Errorf("%d of %d events are not settled: %w", lost, l.Read, why)
	}
}
