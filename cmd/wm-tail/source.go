package main

import (
	"context"
	"io"
	"os"
	"strings"

	"github.com/wmtools/wm/lib/app"
	"github.com/wmtools/wm/lib/cursor"
	"github.com/wmtools/wm/lib/event"
	"github.com/wmtools/wm/lib/stream"
)

// source is a stream or a capture of one.
type source interface {
	event.Source
	Cursor() (cursor.Cursor, bool)
	Status() stream.Status
}

// openSource returns the source, and the context for reading it.
func openSource(ctx context.Context, s *settings) (source, context.Context, error) {
	if s.input == "" {
		src, err := stream.New(s.Options)
		return src, ctx, err
	}
	in, name := os.Stdin, "stdin"
	if s.input != "-" {
		var err error
		name = s.input
		if in, err = os.Open(s.input); err != nil {
			return nil, nil, err
		}
	}
	read, _ := app.Stages(ctx, in, app.DefaultDrain)
	return stream.NewCapture(in, name, s.Options), read, nil
}

// list prints the streams that the server offers.
func list(ctx context.Context, o stream.Options) error {
	names, err := stream.List(ctx, o)
	if err != nil {
		return err
	}
	_, err = io.WriteString(os.Stdout, strings.Join(names, "\n")+"\n")
	return err
}
