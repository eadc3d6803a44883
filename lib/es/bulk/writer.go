// Package bulk writes events to Elasticsearch. Most callers make a [Writer] with
// [NewWriter], call Put for each event and Close at the end:
//
//	w := bulk.NewWriter(client, bulk.Options{})
//	err := event.Copy(ctx, ctx, w, source, report)
//
// An event is written once, or rejected with a reason; the [Ledger] counts both.
// Events become documents whose source is the event with wm's derived fields in
// front; [AppendOriginal] reverses that.
package bulk

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"sync"
	"time"

	"github.com/wmtools/wm/lib/cursor"
	"github.com/wmtools/wm/lib/es"
	"github.com/wmtools/wm/lib/event"
)

// Writer writes events to Elasticsearch, each exactly once unless it is rejected.
// It is an event.Sink for one goroutine.
//
// Put fills one batch while others are sent, and blocks when all are. A document
// without an outcome, or one that was refused because the index or the cluster is
// in trouble, is sent again until it is settled, however long that takes; its id
// makes repeats harmless.
//
// Batches may be settled in any order, but are accounted for in input order, so
// that a watermark moves the cursor only once everything before it is settled.
type Writer struct {
	Options
	stop   context.CancelCauseFunc // ends sending, with the reason
	ctx    context.Context         // done when sending has ended or must end
	full   chan *batch             // batches to send; closed by Close
	spare  chan *batch             // batches to fill
	idle   chan struct{}           // closed when all workers have ended
	ended  bool                    // Put, Refuse or Close has returned result
	result error

	mu      sync.Mutex
	compose composer
	filling *batch      // nil: the next event needs a spare one
	due     *time.Timer // fires when filling has waited for Flush; otherwise without meaning
	order   []*batch    // sealed and not accounted for, in input order
	status  Status
	failure error // that ended sending

	accounts sync.Mutex // held while batches are accounted for
}

// NewWriter returns a Writer. Close it to send the last events.
func NewWriter(c *es.Client, o Options) *Writer { return newWriter(c, o, wallClock) }

func newWriter(c *es.Client, o Options, clock clock) *Writer {
	o = o.withDefaults()
	w := &Writer{
		Options: o,
		full:    make(chan *batch, o.Workers+1), // holds all batches, so sending never blocks
		spare:   make(chan *batch, o.Workers+1),
		idle:    make(chan struct{}),
		due:     time.NewTimer(math.MaxInt64),
	}
	for range o.Workers + 1 {
		w.spare <- new(batch)
	}
	w.compose.index = o.Index
	w.ctx, w.stop = context.WithCancelCause(context.Background())
	trouble := &outage{clock: clock, recovered: o.OnRecover}
	var workers sync.WaitGroup
	for range o.Workers {
		s := &sender{
			client:   c,
			patience: patience{clock: clock, tell: o.OnOutage, limit: o.RetryFor},
			outage:   trouble,
			limit:    math.MaxInt,
			gzip:     o.Gzip,
			sent:     w.sent,
		}
		workers.Go(func() { w.work(s) })
	}
	go func() {
		workers.Wait()
		close(w.idle)
	}()
	return w
}

// Ledger returns the counts so far. It may be called at any time.
func (w *Writer) Ledger() Ledger { return w.Status().Ledger }

// Status returns the progress. It may be called at any time.
func (w *Writer) Status() Status {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.status
}

// Put writes an event or takes a watermark. It blocks while all batches are being
// sent. It fails if ctx ends meanwhile, or if an error is final; the Writer is
// closed then.
func (w *Writer) Put(ctx context.Context, e event.Event) error {
	return w.put(ctx, func() { w.add(e) })
}

// Refuse counts a line of the input that cannot be an event, such as one that is
// too long to be read, as read and rejected. It blocks and fails like Put.
func (w *Writer) Refuse(ctx context.Context, line int64, reason string) error {
	return w.put(ctx, func() {
		w.status.Read++
		w.filling.reject(Reject{Line: line, Reason: reason})
	})
}

// put calls add once there is a batch to fill.
func (w *Writer) put(ctx context.Context, add func()) error {
	if w.ended {
		return w.result
	}
	for {
		taken, err := w.take(add)
		if err != nil {
			return w.abort(err)
		}
		if taken {
			return nil
		}
		select {
		case fresh := <-w.spare:
			w.begin(fresh)
		case <-w.ctx.Done():
			return w.abort(context.Cause(w.ctx))
		case <-ctx.Done():
			return w.abort(context.Cause(ctx))
		}
	}
}

// abort ends the Writer before all events were put.
func (w *Writer) abort(reason error) error {
	w.result = cmp.Or(w.end(reason), reason)
	return w.result
}

// Close sends the remaining events until they are settled or ctx ends. It returns
// an error unless all events are settled; an error that Put has returned is not
// repeated.
func (w *Writer) Close(ctx context.Context) error {
	if w.ended {
		return nil
	}
	w.mu.Lock()
	w.seal()
	w.mu.Unlock()
	close(w.full)
	unhook := context.AfterFunc(ctx, func() { w.stop(context.Cause(ctx)) })
	defer unhook()
	<-w.idle
	return w.end(context.Cause(w.ctx))
}

// begin makes fresh the batch to fill.
func (w *Writer) begin(fresh *batch) {
	w.mu.Lock()
	defer w.mu.Unlock()
	fresh.reserve(w.BatchBytes)
	w.filling = fresh
}

// take calls add on the batch to fill, and seals it if it is full. It returns
// false if there is no such batch, or the error that has ended sending.
func (w *Writer) take(add func()) (bool, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.failure != nil || w.filling == nil {
		return false, w.failure
	}
	waiting := !w.filling.empty()
	add()
	if !waiting && !w.filling.empty() {
		w.due.Reset(w.Flush)
	}
	if w.filling.size() >= w.BatchBytes {
		w.seal()
	}
	return true, nil
}

// add adds an event or a watermark to the batch to fill.
func (w *Writer) add(e event.Event) {
	if cursor.IsWatermark(e.Line()) {
		mark, err := cursor.DecodeWatermark(e.Line())
		if err == nil {
			w.mark(mark)
			return
		}
	}
	w.status.Read++
	reason := w.compose.read(e)
	if reason == "" && !w.Canary && w.compose.event.Canary() {
		w.filling.tally.Skipped++
		return
	}
	w.filling.add(&w.compose, cmp.Or(e.Number(), w.status.Read), reason)
}

// mark adds a watermark to the batch of the event before it, or to the batch to
// fill if that one is accounted for.
func (w *Writer) mark(c cursor.Cursor) {
	if last := len(w.order) - 1; last >= 0 && w.filling.empty() {
		w.order[last].mark = &c
		return
	}
	w.filling.mark = &c
}

// seal passes the batch to fill, if there is one, to the workers.
func (w *Writer) seal() {
	if w.filling == nil {
		return
	}
	w.order = append(w.order, w.filling)
	w.full <- w.filling
	w.filling = nil
}

// work sends batches until Close or an error.
func (w *Writer) work(s *sender) {
	for {
		next, more := w.next()
		if !more {
			return
		}
		if next == nil {
			continue
		}
		err := s.settle(w.ctx, next)
		if err == nil {
			err = w.account(next)
		}
		if err != nil {
			w.fail(err)
			return
		}
	}
}

// next waits for a full batch, or seals one that has waited for Flush. Only idle
// workers watch the timer: a batch that is due while all are busy is filled
// further.
func (w *Writer) next() (next *batch, more bool) {
	select {
	case next, more = <-w.full:
		return next, more
	case <-w.due.C:
		w.mu.Lock()
		defer w.mu.Unlock()
		w.seal()
		return nil, true
	case <-w.ctx.Done():
		return nil, false
	}
}

// fail ends sending.
func (w *Writer) fail(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.failure == nil {
		w.failure = err
		w.stop(err)
	}
}

// account marks a batch as settled and books all settled batches that have no
// unsettled batch before them.
func (w *Writer) account(done *batch) error {
	w.accounts.Lock()
	defer w.accounts.Unlock()
	done.settled = true
	for {
		first := w.settledFirst()
		if first == nil {
			return nil
		}
		if err := w.book(first); err != nil {
			return err
		}
		if first.mark != nil {
			if err := w.OnMark(*first.mark); err != nil {
				return err
			}
		}
		first.reset(w.BatchBytes)
		w.spare <- first
	}
}

// settledFirst removes and returns the first batch if it is settled.
func (w *Writer) settledFirst() *batch {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.order) == 0 || !w.order[0].settled {
		return nil
	}
	first := w.order[0]
	w.order = append(w.order[:0], w.order[1:]...)
	return first
}

// book reports the rejects of a batch and adds its outcomes to the status.
func (w *Writer) book(done *batch) error {
	for _, r := range done.takeRejects() {
		if err := w.OnReject(r); err != nil {
			return err
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.status.add(done.tally)
	if done.newest.After(w.status.Newest) {
		w.status.Newest = done.newest
	}
	return nil
}

// sent counts a request.
func (w *Writer) sent(r Request) {
	w.mu.Lock()
	w.status.Requests++
	w.status.Bytes += int64(r.Bytes)
	w.status.Retries += int64(r.Open)
	w.mu.Unlock()
	w.OnRequest(r)
}

// end stops sending and returns the result: nil if all events are settled.
func (w *Writer) end(reason error) error {
	w.ended = true
	w.stop(reason)
	<-w.idle
	// Events that are settled after others that are not count too, but do not move
	// the cursor.
	for _, rest := range w.order {
		if err := w.book(rest); err != nil && w.failure == nil {
			w.failure = err
		}
	}
	w.order = nil
	why := cmp.Or(w.failure, reason)
	l := w.Ledger()
	switch lost := l.unsettled(); {
	case lost == 0 && w.failure == nil:
		return nil
	case lost == 0:
		return w.failure
	case why == nil:
		return fmt.Errorf("the ledger does not balance: %+v", l)
	default:
		return fmt.Errorf("%d of %d events are not settled: %w", lost, l.Read, why)
	}
}
