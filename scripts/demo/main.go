// Demo runs all of wm on this machine: wm-store, wm-tail | wm-es and wm-serve, on
// the live streams of changes, revert risks and tags if they can be reached and
// otherwise on synthetic events. At the end it checks that every event that was
// read was indexed, and that the dashboard shows as many.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"
)

func main() {
	bin := flag.String("bin", "bin", "folder of the binaries")
	length := flag.String("for", "", "how long to run, such as 20s (default: until Ctrl-C)")
	flag.Parse()
	if err := run(*bin, *length); err != nil {
		fmt.Fprintln(os.Stderr, "demo:", err)
		os.Exit(1)
	}
}

func run(bin, length string) error {
	restore := ownTerminal()
	defer restore()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if length != "" {
		d, err := time.ParseDuration(length)
		if err != nil || d <= 0 {
			return fmt.Errorf("-for %q: write it like 20s or 5m", length)
		}
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, d)
		defer cancel()
	}
	dir, err := os.MkdirTemp("", "wm-demo-")
	if err != nil {
		return err
	}
	bin, err = filepath.Abs(bin)
	if err != nil {
		return err
	}
	d := &demo{bin: bin, dir: dir}
	err = d.play(ctx)
	d.stopAll()
	return errors.Join(err, os.RemoveAll(dir))
}

// demo is a running pipeline.
type demo struct {
	bin, dir string
	running  []*process // in the order of their start
}

// play starts the pipeline, waits for ctx to end, drains the pipeline and checks
// the events.
func (d *demo) play(ctx context.Context) error {
	source, about, err := chooseSource(ctx)
	if err != nil {
		return err
	}
	defer source.close()
	store, err := d.start("wm-store", "--listen", "127.0.0.1:0", "--data", filepath.Join(d.dir, "data"))
	if err != nil {
		return err
	}
	serve, err := d.start("wm-serve", "--listen", "127.0.0.1:0", "--es", store.url)
	if err != nil {
		return err
	}
	tail, indexer, err := d.pipe(
		[]string{"wm-tail", "--url", source.url},
		[]string{"wm-es", "--es", store.url})
	if err != nil {
		return err
	}
	fmt.Printf(`
  dashboard  %s/?range=15m
  pipeline   wm-tail --url '%s' | wm-es --es %s
  events     %s
  stop       Ctrl-C

`, serve.url, source.url, store.url, about)
	select {
	case <-ctx.Done():
	case <-tail.done:
		return fmt.Errorf("wm-tail ended by itself: %w", cmpErr(tail.err))
	case <-indexer.done:
		return fmt.Errorf("wm-es ended by itself: %w", cmpErr(indexer.err))
	}
	fmt.Println("\nstopping: the source first, then the other stages")
	if err := errors.Join(tail.stop(), indexer.wait()); err != nil {
		return err
	}
	return check(tail, indexer, serve)
}

func cmpErr(err error) error {
	if err == nil {
		return errors.New("exit status 0")
	}
	return err
}

// stopAll ends what still runs, the last one first.
func (d *demo) stopAll() {
	for i := len(d.running) - 1; i >= 0; i-- {
		if err := d.running[i].stop(); err != nil {
			fmt.Fprintln(os.Stderr, "demo:", err)
		}
	}
}
