package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"net"
	"net/http"
	"os"
	"slices"
	"time"

	"github.com/wmtools/wm/lib/simulate"
	"github.com/wmtools/wm/lib/simulate/service"
)

// retained is the number of events kept for clients that request the past.
const retained = 200_000

// serve serves until ctx ends.
func serve(ctx context.Context, s *settings, out io.Writer) error {
	history, events, now, err := s.source()
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", s.listen)
	if err != nil {
		return err
	}
	clock := service.NewClock(now, s.speed)
	lookAlike := service.New(service.Options{
		Faults: service.Cycle(s.faults...), Now: clock.Now, Retain: max(retained, len(history)),
	})
	lookAlike.Append(history...)
	server := &http.Server{Handler: lookAlike, BaseContext: func(net.Listener) context.Context { return ctx }}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	fmt.Fprintf(out, "listening on http://%s\n", listener.Addr())

	feeding := make(chan error, 1)
	go func() { feeding <- service.Feed(ctx, lookAlike, clock, events) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	<-feeding
	return shutDown(server)
}

// shutDown waits for the streams to end, which they do when their context has.
func shutDown(server *http.Server) error {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	if err := server.Shutdown(ctx); !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return server.Close()
}

// source returns the events that exist at the start, the later ones, and the time
// at which the later ones begin.
func (s *settings) source() (history []simulate.Event, events iter.Seq[simulate.Event], now time.Time, err error) {
	if s.file == "" {
		now = time.Now()
		s.options.Start = now.Add(-time.Duration(float64(s.backlog) / s.options.Rate * float64(time.Second)))
		g := simulate.New(s.seed, s.options)
		return g.Take(s.backlog), g.All(), now, nil
	}
	all, err := readFile(s.file)
	if err != nil {
		return nil, nil, now, err
	}
	cut := min(s.backlog, len(all))
	history, rest := all[:cut], all[cut:]
	newest := slices.MaxFunc(all[:max(1, cut)], func(a, b simulate.Event) int { return cmp.Compare(a.Time, b.Time) })
	return history, slices.Values(rest), time.UnixMilli(newest.Time), nil
}

// readFile reads the events of a file, which must have at least one.
func readFile(name string) ([]simulate.Event, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	events, err := simulate.ReadEvents(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if len(events) == 0 {
		return nil, fmt.Errorf("%s: no events", name)
	}
	return events, nil
}
