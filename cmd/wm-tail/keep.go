package main

import (
	"context"
	"errors"
	"os"
	"reflect"

	"github.com/wmtools/wm/cmd/internal/advice"
	"github.com/wmtools/wm/lib/app"
	"github.com/wmtools/wm/lib/cursor"
	"github.com/wmtools/wm/lib/ndjson"
)

// keeper is the output of file mode: it saves the cursor after the events that
// it covers are written, and on disk if stdout is a file.
type keeper struct {
	*ndjson.Writer
	stdout app.Output
	file   *cursor.File
	src    source

	saved []cursor.Position
}

func newKeeper(lines *ndjson.Writer, stdout *os.File, s *settings) (*keeper, error) {
	file, err := cursor.Open(s.cursor)
	if err != nil {
		return nil, advice.Cursor(err)
	}
	k := &keeper{Writer: lines, stdout: app.NewOutput(stdout), file: file}
	mended, err := k.stdout.EndLine()
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	if mended {
		s.OnNotice(errors.New("output ended with an incomplete line, left by an earlier run: added a newline; the event follows again"))
	}
	return k, nil
}

func (k *keeper) follow(src source) { k.src = src }

func (k *keeper) release() { _ = k.file.Close() }

func (k *keeper) drained() error {
	if err := k.Flush(); err != nil {
		return err
	}
	if !k.file.Due() {
		return nil
	}
	return k.save(false)
}

// Close flushes the output and saves the final position.
func (k *keeper) Close(context.Context) error {
	if err := k.Flush(); err != nil {
		return err
	}
	return k.save(true)
}

// save saves the cursor if it moved, or if this is the last save.
func (k *keeper) save(last bool) error {
	c, ok := k.src.Cursor()
	if !ok || !last && reflect.DeepEqual(c.Positions, k.saved) {
		return nil
	}
	if err := k.stdout.Sync(); err != nil {
		return err
	}
	k.saved = c.Positions
	return k.file.Save(c)
}
