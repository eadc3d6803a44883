package eshttp

import (
	"errors"
	"sync"
	"time"

	"github.com/wmtools/wm/lib/store"
)

// disk records whether the disk is full.
type disk struct {
	mu   sync.Mutex
	full time.Time // since when; zero if not
}

// failed reports an error that is not the client's.
func (s *server) failed(err error) {
	if s.opts.Failed != nil {
		s.opts.Failed(err)
	}
}

// watchDisk looks for the start and the end of a full disk in what became of
// documents.
func (s *server) watchDisk(outcomes []store.Outcome) {
	var full error
	written := false
	for _, out := range outcomes {
		switch {
		case out.Err == nil:
			written = true
		case errors.Is(out.Err, store.ErrDiskFull):
			full = out.Err
		}
	}
	s.disk.mu.Lock()
	since := s.disk.full
	switch {
	case full != nil && since.IsZero():
		s.disk.full = time.Now()
	case full == nil && written:
		s.disk.full = time.Time{}
	}
	s.disk.mu.Unlock()
	switch {
	case full != nil:
		s.failed(full)
	case written && !since.IsZero() && s.opts.Recovered != nil:
		s.opts.Recovered(time.Since(since))
	}
}
