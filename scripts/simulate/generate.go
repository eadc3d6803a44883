package main

import (
	"io"
	"iter"
	"path/filepath"

	"github.com/wmtools/wm/lib/simulate"
	"github.com/wmtools/wm/lib/simulate/service"
)

// generate writes events in the requested form.
func generate(s *settings, out io.Writer) error {
	events := first(s.generate, simulate.New(s.seed, s.options).All())
	if s.form == "ndjson" {
		return simulate.WriteNDJSON(out, events)
	}
	streams := s.options.Streams
	if len(streams) == 0 {
		streams = []string{simulate.RecentChange}
	}
	return service.WriteSSE(out, streams, events)
}

// first yields the first n of some events.
func first(n int, events iter.Seq[simulate.Event]) iter.Seq[simulate.Event] {
	return func(yield func(simulate.Event) bool) {
		left := n
		for e := range events {
			if left--; !yield(e) || left == 0 {
				return
			}
		}
	}
}

// shares prints the composition of generated events next to that of files.
func shares(s *settings, out io.Writer) error {
	made := simulate.NewShares()
	for e := range first(s.shares, simulate.New(s.seed, s.options).All()) {
		made.Add(e.Data)
	}
	names, counts := []string{"made"}, []*simulate.Shares{made}
	if len(s.captures) > 0 {
		captured := simulate.NewShares()
		for _, name := range s.captures {
			events, err := readFile(name)
			if err != nil {
				return err
			}
			for _, e := range events {
				captured.Add(e.Data)
			}
		}
		label := "captured"
		if len(s.captures) == 1 {
			label = filepath.Base(s.captures[0])
		}
		names, counts = append(names, label), append(counts, captured)
	}
	return simulate.PrintShares(out, names, counts...)
}
