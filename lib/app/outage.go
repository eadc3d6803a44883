package app

import (
	"fmt"
	"io"
	"maps"
	"sync"
	"time"
)

// Outages tells the user why the command waits: each trouble when it begins, and
// then once a minute, however many come in turn.
type Outages struct {
	Out  io.Writer
	Name string // of the command

	mu   sync.Mutex
	told map[string]time.Time // troubles of the last minute
}

// manyTroubles is how many are told in a minute: the text of one may be another
// each time.
const manyTroubles = 5

// Report says what is wrong and when the next try is.
func (o *Outages) Report(err error, wait time.Duration) {
	o.tell(err, fmt.Errorf("%w; trying again in %v", err, wait.Round(100*time.Millisecond)))
}

// Tell says what is wrong.
func (o *Outages) Tell(err error) { o.tell(err, err) }

// tell prints message unless the same trouble, or many others, were told within
// the last minute.
func (o *Outages) tell(trouble, message error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	now, what := time.Now(), trouble.Error()
	maps.DeleteFunc(o.told, func(_ string, at time.Time) bool { return now.Sub(at) >= time.Minute })
	if _, told := o.told[what]; told || len(o.told) >= manyTroubles {
		return
	}
	if o.told == nil {
		o.told = make(map[string]time.Time)
	}
	o.told[what] = now
	PrintError(o.Out, o.Name, message)
}
