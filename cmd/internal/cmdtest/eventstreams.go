package cmdtest

import (
	"testing"

	"github.com/wmtools/wm/lib/simulate"
	"github.com/wmtools/wm/lib/simulate/service"
)

// EventStreams is a service for one test: the look-alike, or Wikimedia's own code
// in the conformance tests.
type EventStreams interface {
	URL() string
	// Add appends events to the service's log. They are readable when it returns.
	Add(events ...simulate.Event)
}

// LookAlike is the service of lib/simulate.
type LookAlike struct{ *service.Server }

// NewLookAlike starts the look-alike for the duration of the test.
func NewLookAlike(t *testing.T) EventStreams {
	srv := service.NewServer(service.New(service.Options{LineByLine: true}))
	t.Cleanup(srv.Close)
	return LookAlike{srv}
}

// URL returns the address of the service.
func (l LookAlike) URL() string { return l.Server.URL }

// Add appends events to the log.
func (l LookAlike) Add(events ...simulate.Event) { l.Append(events...) }
