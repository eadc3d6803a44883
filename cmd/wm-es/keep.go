package main

import (
	"fmt"
	"os"
	"time"

	"github.com/wmtools/wm/lib/app"
	"github.com/wmtools/wm/lib/es"
	"github.com/wmtools/wm/lib/event"
)

// saveEvery is how often the cursor is saved while watermarks come: what is
// behind it is there already when it comes again, so nothing is won by more.
const saveEvery = time.Second

// keeper keeps what must outlive the process: the rejects, and then the cursor
// that is behind them.
type keeper struct {
	cursor, rejects string // files; "": none
	problems        app.Problems
	unlock          func() error
	out             *os.File // of rejects; nil: there was none yet
	unsynced        bool

	next   *event.Cursor // to be saved
	saved  time.Time
	marked bool // a watermark came
}

func newKeeper(s *settings) (*keeper, error) {
	k := &keeper{cursor: s.cursor, rejects: s.rejects, unlock: func() error { return nil }}
	k.problems = app.Problems{Out: os.Stderr, Name: "wm-es"}
	if k.cursor == "" {
		return k, nil
	}
	unlock, err := app.Lock(k.cursor + ".lock")
	if err != nil {
		return nil, err
	}
	k.unlock = unlock
	return k, nil
}

func (k *keeper) release() {
	if k.out != nil {
		_ = k.out.Close() // all that counts is synced
	}
	_ = k.unlock()
}

// reject writes an event that was refused to its file, and tells of the first
// ones on stderr.
func (k *keeper) reject(r es.Reject) error {
	k.problems.Report(fmt.Errorf("stdin:%d: %s", r.Line, r.Reason))
	if k.rejects == "" {
		return nil
	}
	if k.out == nil {
		out, err := os.OpenFile(k.rejects, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o644)
		if err != nil {
			return fmt.Errorf("rejects: %w", err)
		}
		k.out = out
		if _, err := app.NewOutput(out).EndLine(); err != nil {
			return fmt.Errorf("rejects: %w", err)
		}
	}
	k.unsynced = true
	if _, err := k.out.Write(r.Encode()); err != nil {
		return fmt.Errorf("rejects: %w", err)
	}
	return nil
}

// mark takes the cursor of a watermark, all before which is settled.
func (k *keeper) mark(c event.Cursor) error {
	k.next, k.marked = &c, true
	return k.save(false)
}

// save saves the newest cursor behind the rejects before it: at the end, or
// when the last time is long enough ago.
func (k *keeper) save(last bool) error {
	if !last && time.Since(k.saved) < saveEvery {
		return nil
	}
	if k.unsynced {
		if err := k.out.Sync(); err != nil {
			return fmt.Errorf("rejects: %w", err)
		}
		k.unsynced = false
	}
	if k.cursor == "" || k.next == nil {
		return nil
	}
	if err := app.SaveFile(k.cursor, append(k.next.Encode(), '\n')); err != nil {
		return fmt.Errorf("cursor: %w", err)
	}
	k.next, k.saved = nil, time.Now()
	return nil
}
