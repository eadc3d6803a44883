package es

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"sync"
	"time"

	"github.com/wmtools/wm/lib/event"
)

// Defaults of BulkOptions.
const (
	DefaultBatchBytes = 5 << 20
	DefaultFlush      = 250 * time.Millisecond
)

// BulkOptions say how a Bulk works. OnReject and OnOutage are called from one
// goroutine, not that of Put.
type BulkOptions struct {
	// Index names the index of each event. It must be Writable.
	Index IndexPattern
	// BatchBytes is how many bytes of documents make a batch that is sent at
	// once; default DefaultBatchBytes. A batch holds one document at least and
	// may exceed this by its last.
	BatchBytes int
	// Flush is how long the first document of a batch waits for more; default
	// DefaultFlush.
	Flush time.Duration
	// Canary writes canary events, which are skipped otherwise.
	Canary bool
	// OnReject, if set, is called with each event that cannot be written, in
	// the order of the input.
	OnReject func(Reject)
	// OnOutage, if set, is called before each wait for a server, an index or a
	// cluster in trouble. The error says where and why, its Hint what to do;
	// wait is the time until the next attempt.
	OnOutage func(err error, wait time.Duration)
}

func (o BulkOptions) withDefaults() BulkOptions {
	if o.BatchBytes <= 0 {
		o.BatchBytes = DefaultBatchBytes
	}
	if o.Flush <= 0 {
		o.Flush = DefaultFlush
	}
	if o.OnReject == nil {
		o.OnReject = func(Reject) {}
	}
	if o.OnOutage == nil {
		o.OnOutage = func(error, time.Duration) {}
	}
	return o
}

// Bulk writes events to Elasticsearch, each exactly once or never with a
// reason. It is an event.Sink for one goroutine.
//
// Put fills one batch while another is on its way; when both are full it
// blocks. A document that was not answered, or was refused because the index or
// the cluster is in trouble, is sent again until it is settled, however long
// that takes: the id makes the repeat harmless.
type Bulk struct {
	BulkOptions
	stop  context.CancelCauseFunc // ends the sending, with the reason
	ctx   context.Context         // done when the sending has ended, or has to
	full  chan *batch             // batches to send; closed by Close
	spare chan *batch             // batches to fill again
	idle  chan struct{}           // closed when nothing is sent any more
	err   error                   // why the sending ended early; set before idle is closed
	ended bool                    // Put or Close has told how it went

	mu      sync.Mutex
	compose composer
	filling *batch      // nil: the next event begins one
	due     *time.Timer // fires when filling has waited long enough; else it means nothing
	ledger  Ledger      // of settled batches; Read: of all events
}

// NewBulk makes a Bulk. Close it to send what is waiting.
func NewBulk(c *Client, o BulkOptions) *Bulk { return newBulk(c, o, wallClock) }

func newBulk(c *Client, o BulkOptions, clock clock) *Bulk {
	b := &Bulk{
		BulkOptions: o.withDefaults(),
		full:        make(chan *batch),
		spare:       make(chan *batch, 2),
		idle:        make(chan struct{}),
		due:         time.NewTimer(math.MaxInt64),
	}
	b.compose.index = o.Index
	b.ctx, b.stop = context.WithCancelCause(context.Background())
	go b.run(&sender{
		client:   c,
		patience: patience{clock: clock, tell: b.OnOutage},
		limit:    math.MaxInt,
	})
	return b
}

// Ledger returns the accounts so far. It may be called at any time.
func (b *Bulk) Ledger() Ledger {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.ledger
}

// Put takes an event. It blocks while two batches are waiting, and fails when
// ctx ends meanwhile or when the server turns wm away for good; the Bulk is at
// its end then.
func (b *Bulk) Put(ctx context.Context, e event.Event) error {
	if b.ctx.Err() != nil {
		return b.end(context.Cause(b.ctx))
	}
	return b.hand(ctx, b.take(e))
}

// Close sends what is waiting until it is settled or ctx ends. It returns an
// error unless the ledger balances, or Put has returned it already.
func (b *Bulk) Close(ctx context.Context) error {
	if b.ended {
		return nil
	}
	unhook := context.AfterFunc(ctx, func() { b.stop(context.Cause(ctx)) })
	defer unhook()
	if err := b.hand(ctx, b.seal()); err != nil {
		return err
	}
	close(b.full)
	<-b.idle
	return b.end(context.Cause(b.ctx))
}

// take adds an event to the batch that is being filled, and returns the batch
// if it is full now.
func (b *Bulk) take(e event.Event) *batch {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ledger.Read++
	if b.filling == nil {
		b.filling = b.fresh()
	}
	if !b.Canary && e.Canary() {
		b.filling.tally.Skipped++
		return nil
	}
	if b.filling.empty() {
		b.due.Reset(b.Flush)
	}
	b.filling.add(&b.compose, cmp.Or(e.Number(), b.ledger.Read), e)
	if b.filling.size() < b.BatchBytes {
		return nil
	}
	return b.sealed()
}

// seal takes the batch that is being filled away, if there is one.
func (b *Bulk) seal() *batch {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.sealed()
}

func (b *Bulk) sealed() *batch {
	filled := b.filling
	b.filling = nil
	return filled
}

func (b *Bulk) fresh() *batch {
	select {
	case used := <-b.spare:
		return used
	default:
		return new(batch)
	}
}

// hand gives a batch to the sender. It waits until the one before is settled.
func (b *Bulk) hand(ctx context.Context, full *batch) error {
	if full == nil {
		return nil
	}
	select {
	case b.full <- full:
		return nil
	case <-b.ctx.Done():
		return b.end(context.Cause(b.ctx))
	case <-ctx.Done():
		return b.end(context.Cause(ctx))
	}
}

// run sends batches in the order of the input until Close or an error.
func (b *Bulk) run(s *sender) {
	defer close(b.idle)
	for {
		next, more := b.next()
		if next != nil {
			err := s.settle(b.ctx, next)
			b.account(next)
			if err != nil {
				b.err = err
				b.stop(err)
				return
			}
		}
		if !more {
			return
		}
	}
}

// next waits for a batch that is full, or has waited long enough. The timer is
// looked at only when the sender is idle: a batch that is due while another is
// on its way goes on filling.
func (b *Bulk) next() (next *batch, more bool) {
	select {
	case next, more = <-b.full:
		return next, more
	case <-b.due.C:
		return b.seal(), true
	case <-b.ctx.Done():
		return nil, false
	}
}

// account books what became of a batch and makes it ready to be filled again.
func (b *Bulk) account(done *batch) {
	for _, r := range done.takeRejects() {
		b.OnReject(r)
	}
	b.mu.Lock()
	b.ledger.add(done.tally)
	b.mu.Unlock()
	done.reset(b.BatchBytes)
	select {
	case b.spare <- done:
	default:
	}
}

// end stops the sending, for a reason unless all is sent, and tells how it
// went: nil if all that was put is settled.
func (b *Bulk) end(reason error) error {
	b.ended = true
	b.stop(reason)
	<-b.idle
	why := cmp.Or(b.err, reason)
	l := b.Ledger()
	switch lost := l.unsettled(); {
	case lost == 0:
		return nil
	case why == nil:
		return fmt.Errorf("the ledger does not balance: %+v", l)
	default:
		return fmt.Errorf("%d of %d events are not settled: %w", lost, l.Read, why)
	}
}
