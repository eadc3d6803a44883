package app

import (
	"fmt"
	"io"
	"sync"
	"time"
)

// Outages tells the user why the command waits: when it begins, when the reason
// changes, and otherwise once a minute.
type Outages struct {
	Out  io.Writer
	Name string // of the command

	mu   sync.Mutex
	last string
	told time.Time
}

// Report says what is wrong and when the next try is.
func (o *Outages) Report(err error, wait time.Duration) {
	o.tell(err, fmt.Errorf("%w; trying again in %v", err, wait.Round(100*time.Millisecond)))
}

// Tell says what is wrong.
func (o *Outages) Tell(err error) { o.tell(err, err) }

// tell prints message unless the same trouble was told within the last minute.
func (o *Outages) tell(trouble, message error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if trouble.Error() == o.last && time.Since(o.told) < time.Minute {
		return
	}
	o.last, o.told = trouble.Error(), time.Now()
	PrintError(o.Out, o.Name, message)
}
