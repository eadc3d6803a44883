package bulk

import (
	"runtime"
	"sync"
	"time"

	"github.com/wmtools/wm/lib/cursor"
	"github.com/wmtools/wm/lib/es"
)

// Defaults of Options.
const (
	DefaultBatchBytes = 5 << 20
	DefaultFlush      = 250 * time.Millisecond
)

// DefaultWorkers returns the default of Options.Workers: the number of CPUs, but
// two to four. More would exceed wm's default memory limit.
func DefaultWorkers() int { return min(max(2, runtime.GOMAXPROCS(0)), 4) }

// Options configure a Writer; the zero value is usable. The functions are called
// from goroutines other than Put's, each one except OnRequest by one at a time.
type Options struct {
	// Index names the index of each event; default es.DefaultIndex. It must be
	// Writable.
	Index es.IndexPattern
	// BatchBytes is the size at which a batch of documents is sent; default
	// DefaultBatchBytes. Its last document may exceed it.
	BatchBytes int
	// Workers is how many batches are sent concurrently, while another one is
	// filled; default DefaultWorkers.
	Workers int
	// Flush is how long the first document of a batch waits for others; default
	// DefaultFlush.
	Flush time.Duration
	// RetryFor limits an outage and each request; 0 means no limit.
	RetryFor time.Duration
	// Gzip compresses requests.
	Gzip bool
	// Canary also writes canary events, which are skipped by default.
	Canary bool
	// OnReject, if set, is called with each event that cannot be written, in
	// input order. If it returns an error, writing ends.
	OnReject func(Reject) error
	// OnMark, if set, is called with the cursor of a watermark once all events
	// before it are settled and passed to OnReject if rejected. If it returns an
	// error, writing ends.
	OnMark func(cursor.Cursor) error
	// OnOutage, if set, is called before each wait for the server. err is usually
	// an *es.Error; the next attempt is after wait.
	OnOutage func(err error, wait time.Duration)
	// OnRecover, if set, is called when the server accepts all documents again
	// after OnOutage, with the duration of the outage.
	OnRecover func(outage time.Duration)
	// OnRequest, if set, is called after each request, concurrently.
	OnRequest func(Request)
}

// Request describes one bulk request.
type Request struct {
	Took  time.Duration // until the answer was complete, or the request failed
	Bytes int           // of the body before compression
	Open  int           // documents that must be sent again
}

// Status is the progress of a Writer.
type Status struct {
	Ledger             // without batches that are not accounted for yet, except for Read
	Requests int64     // bulk requests
	Retries  int64     // documents sent again, counted each time
	Bytes    int64     // of all request bodies before compression
	Newest   time.Time // time of the newest settled event; zero if none is settled
}

var defaultIndex, _ = es.ParseIndexPattern(es.DefaultIndex) // parses: see the test of es

func (o Options) withDefaults() Options {
	if o.Index.String() == "" {
		o.Index = defaultIndex
	}
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
	if o.OnRecover == nil {
		o.OnRecover = func(time.Duration) {}
	}
	o.OnOutage = oneAtATime(o.OnOutage)
	return o
}

// oneAtATime returns a function that several workers may call.
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
