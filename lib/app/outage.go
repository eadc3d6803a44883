package app

import (
	"fmt"
	"io"
	"maps"
	"sync"
	"time"
)

// Outages reports why a program waits: each cause when it begins and then once a
// minute, even if several causes alternate, and the end.
type Outages struct {
	Out  io.Writer
	Name string // of the program

	mu       sync.Mutex
	reported map[string]time.Time // causes of the last minute
	ongoing  bool
}

// maxCauses bounds the causes reported in a minute: the text of an error may
// differ each time.
const maxCauses = 5

// Report reports an outage and the wait before the next attempt.
func (o *Outages) Report(err error, wait time.Duration) {
	o.report(err, fmt.Errorf("%w; trying again in %v", err, wait.Round(100*time.Millisecond)))
}

// Warn reports a failure that is not followed by a wait.
func (o *Outages) Warn(err error) { o.report(err, err) }

// Over reports the end of an outage of the given length. It prints nothing
// unless an outage was reported.
func (o *Outages) Over(outage time.Duration) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.ongoing {
		fmt.Fprintf(o.Out, "%s: working again after %v\n", o.Name, outage.Round(100*time.Millisecond))
	}
	o.ongoing, o.reported = false, nil
}

// report prints message unless the same cause, or too many others, were
// reported within the last minute.
func (o *Outages) report(cause, message error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	now, text := time.Now(), cause.Error()
	maps.DeleteFunc(o.reported, func(_ string, at time.Time) bool { return now.Sub(at) >= time.Minute })
	if _, again := o.reported[text]; again || len(o.reported) >= maxCauses {
		return
	}
	if o.reported == nil {
		o.reported = make(map[string]time.Time)
	}
	o.reported[text] = now
	o.ongoing = true
	PrintError(o.Out, o.Name, message)
}
