package main

import (
	"fmt"
	"os"

	"github.com/wmtools/wm/cmd/internal/advice"
	"github.com/wmtools/wm/lib/app"
	"github.com/wmtools/wm/lib/cursor"
	"github.com/wmtools/wm/lib/es/bulk"
)

// keeper stores what must survive the process: the rejects, and then the cursor
// that covers them.
type keeper struct {
	cursor   *cursor.File // nil: none
	rejects  string       // file; empty: none
	problems app.Problems
	out      *os.File // rejects; nil until the first one
	unsynced bool

	next   *cursor.Cursor // to be saved
	marked bool           // the input has a watermark
}

func newKeeper(s *settings) (*keeper, error) {
	k := &keeper{rejects: s.rejects, problems: app.Problems{Out: app.Stderr, Name: "wm-es"}}
	if app.IsFile(os.Stdin, s.rejects) {
		return nil, fmt.Errorf("%s: the input is also the file of rejects", s.rejects)
	}
	if s.cursor == "" {
		return k, nil
	}
	file, err := cursor.Open(s.cursor)
	k.cursor = file
	return k, advice.Cursor(err)
}

func (k *keeper) release() {
	if k.out != nil {
		_ = k.out.Close() // everything that counts is synced
	}
	if k.cursor != nil {
		_ = k.cursor.Close()
	}
}

// reject reports a rejected event and appends it to the file of rejects.
func (k *keeper) reject(r bulk.Reject) error {
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

// mark takes the cursor of a watermark whose events are settled.
func (k *keeper) mark(c cursor.Cursor) error {
	k.next, k.marked = &c, true
	return k.save(false)
}

// save saves the newest cursor, after the rejects that it covers. Unless this
// is the last time, it does so only when a save is due.
func (k *keeper) save(last bool) error {
	if !last && k.cursor != nil && !k.cursor.Due() {
		return nil
	}
	if k.unsynced {
		if err := k.out.Sync(); err != nil {
			return fmt.Errorf("rejects: %w", err)
		}
		k.unsynced = false
	}
	if k.cursor == nil || k.next == nil {
		return nil
	}
	next := *k.next
	k.next = nil
	return k.cursor.Save(next)
}
