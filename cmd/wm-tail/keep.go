package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"reflect"
	"time"

	"github.com/wmtools/wm/lib/app"
	"github.com/wmtools/wm/lib/event"
	"github.com/wmtools/wm/lib/ndjson"
)

const (
	// saveEvery is how often the cursor is saved while events come: after a kill,
	// the last second comes again.
	saveEvery = time.Second
	// refreshEvery is how often it is saved though none comes, so that it says
	// until when there was none.
	refreshEvery = time.Minute
)

// keeper is the output of file mode: it saves the cursor after the events
// before it are written, on the disk where that can be had.
type keeper struct {
	*ndjson.Writer
	stdout app.Output
	name   string // of the cursor's file
	unlock func() error
	src    source

	saved time.Time
	last  []event.Position // that were saved
}

func newKeeper(lines *ndjson.Writer, stdout *os.File, s *settings) (*keeper, error) {
	k := &keeper{Writer: lines, stdout: app.NewOutput(stdout), name: s.cursor}
	unlock, err := app.Lock(s.cursor + ".lock")
	if err != nil {
		return nil, err
	}
	k.unlock = unlock
	mended, err := k.stdout.EndLine()
	if err != nil {
		return nil, errors.Join(err, unlock())
	}
	if mended {
		s.OnNotice(errors.New("the output ended within a line, cut by the end of an earlier run: the line was ended; its event comes again"))
	}
	return k, nil
}

func (k *keeper) follow(src source) { k.src = src }

func (k *keeper) release() { _ = k.unlock() }

func (k *keeper) drained() error {
	if err := k.Flush(); err != nil {
		return err
	}
	if time.Since(k.saved) < saveEvery {
		return nil
	}
	return k.save(false)
}

// Close writes what is left and saves where it ends.
func (k *keeper) Close(context.Context) error {
	if err := k.Flush(); err != nil {
		return err
	}
	return k.save(true)
}

func (k *keeper) save(last bool) error {
	c, ok := k.src.Cursor()
	if !ok || !last && reflect.DeepEqual(c.Positions, k.last) && time.Since(k.saved) < refreshEvery {
		return nil
	}
	if err := k.stdout.Sync(); err != nil {
		return err
	}
	if err := app.SaveFile(k.name, append(c.Encode(), '\n')); err != nil {
		return fmt.Errorf("cursor: %w", err)
	}
	k.saved, k.last = time.Now(), c.Positions
	return nil
}
