// Command simulate serves synthetic events as Wikimedia's EventStreams does, or
// writes them to standard output.
//
//	go run ./scripts/simulate -listen 127.0.0.1:8123 -rate 40
//	go run ./scripts/simulate -file capture.ndjson -speed 10
//	go run ./scripts/simulate -fault events=100,line=in-data,end=cut -fault none
//	go run ./scripts/simulate -generate 100000 -form ndjson > events.ndjson
//	go run ./scripts/simulate -shares 20000 capture.ndjson
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "simulate:", err)
		os.Exit(2)
	}
}

func run(ctx context.Context, args []string) error {
	s, err := parse(args)
	switch {
	case err != nil:
		return err
	case s.generate > 0:
		return generate(s, os.Stdout)
	case s.shares > 0:
		return shares(s, os.Stdout)
	}
	return serve(ctx, s, os.Stdout)
}
