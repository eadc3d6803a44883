package bulk

import (
	"sync"
	"time"
)

// outage is shared by all senders of a Writer. It begins when the first one waits
// and ends when no one does.
type outage struct {
	clock
	recovered func(time.Duration)

	mu      sync.Mutex
	waiting int // senders whose batch waits
	since   time.Time
}

// enter records that a sender waits.
func (o *outage) enter() {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.waiting++; o.waiting == 1 {
		o.since = o.now()
	}
}

// leave records that a sender's batch is settled.
func (o *outage) leave() {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.waiting--; o.waiting == 0 {
		o.recovered(o.now().Sub(o.since))
	}
}
