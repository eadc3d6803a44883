package es

import (
	"runtime"
	"sync"
	"time"

	"github.com/wmtools/wm/lib/cursor"
)

// Defaults of BulkOptions.
const (
	DefaultBatchBytes = 5 << 20
	DefaultFlush      = 250 * time.Millisecond
)

// DefaultWorkers is how many requests are on their way at the same time. Beyond
// four they would need more memory than is ours by default.
func DefaultWorkers() int { return min(max(2, runtime.GOMAXPROCS(0)), 4) }

// BulkOptions say how a Bulk works. Its functions are called from goroutines
// other than that of Put, each but OnRequest from one at a time.
type BulkOptions struct {
	// Index names the index of each event. It must be Writable.
	Index IndexPattern
	// BatchBytes is how many bytes of documents make a batch that is sent at
	// once; default DefaultBatchBytes. A batch holds one document at least and
	// may exceed this by its last.
	BatchBytes int
	// Workers is how many batches are sent at the same time; default
	// DefaultWorkers. One more is being filled.
	Workers int
	// Flush is how long the first document of a batch waits for more; default
	// DefaultFlush.
	Flush time.Duration
	// RetryFor is how long an outage may last; 0: for ever.
	RetryFor time.Duration
	// Gzip compresses requests.
	Gzip bool
	// Canary writes canary events, which are skipped otherwise.
	Canary bool
	// OnReject, if set, is called with each event that cannot be written, in
	// the order of the input. An error ends the work.
	OnReject func(Reject) error
	// OnMark, if set, is called with the cursor of a watermark once all events
	// before it are settled and their rejects told. An error ends the work.
	OnMark func(cursor.Cursor) error
	// OnOutage, if set, is called before each wait for a server, an index or a
	// cluster in trouble. The error says where and why, its Hint what to do;
	// wait is the time until the next attempt.
	OnOutage func(err error, wait time.Duration)
	// OnRequest, if set, is called after each request, by several goroutines.
	OnRequest func(Request)
}

// Request is one bulk request.
type Request struct {
	Took  time.Duration // until the whole answer was there, or none would come
	Bytes int           // of the body, before compression
	Open  int           // documents that have to be sent again
}

// Status is how far a Bulk has come.
type Status struct {
	Ledger             // of batches that are accounted for; Read: of all events
	Requests int64     // bulk requests
	Retries  int64     // documents that were sent again, each time counted
	Bytes    int64     // of bulk requests, before compression
	Newest   time.Time // of the newest event that is settled; zero: none is
}

func (o BulkOptions) withDefaults() BulkOptions {
	if o.BatchBytes <= 0 {
		o.BatchBytes = DefaultBatchBytes
	}
	if o.Workers <= 0 {
		o.Workers = DefaultWorkers()
	}
	if o.Flush <= 0 {
		o.Flush = DefaultFlush
	}
	if o.OnReject == nil {
		o.OnReject = func(Reject) error { return nil }
	}
	if o.OnMark == nil {
		o.OnMark = func(cursor.Cursor) error { return nil }
	}
	if o.OnRequest == nil {
		o.OnRequest = func(Request) {}
	}
	o.OnOutage = oneAtATime(o.OnOutage)
	return o
}

// oneAtATime lets a function be called by several workers.
func oneAtATime(f func(error, time.Duration)) func(error, time.Duration) {
	if f == nil {
		return func(error, time.Duration) {}
	}
	var mu sync.Mutex
	return func(err error, wait time.Duration) {
		mu.Lock()
		defer mu.Unlock()
		f(err, wait)
	}
}
