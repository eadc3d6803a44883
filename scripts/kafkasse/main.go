// Command kafkasse runs the server code of Wikimedia EventStreams on this machine:
// kafka-sse, the Node package that Wikimedia publishes, over a Kafka-compatible
// broker in this process. The conformance tests run wm-tail against it.
//
//	go -C scripts/kafkasse run . < events.ndjson
//
// Events are read from standard input, as the service sends them: each goes into
// the topic meta.topic, at the time meta.dt. At each blank line, and at the end
// of the input, it prints the number loaded so far:
//
//	listening on http://127.0.0.1:38211
//	loaded 20000
//
// It serves until it is interrupted. The first start fetches and compiles the
// package, which takes a few minutes; with -build it does only that.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/twmb/franz-go/pkg/kfake"
)

func main() {
	listen := flag.String("listen", "127.0.0.1:0", "serve on this `address`")
	only := flag.Bool("build", false, "fetch and compile the package, then exit")
	topic := flag.String("broker", "", "run only a Kafka-compatible broker, with this `topic`, and print its address")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if *topic != "" {
		err := brokerOnly(ctx, *topic, os.Stdout)
		if err != nil {
			fmt.Fprintln(os.Stderr, "kafkasse:", err)
			os.Exit(2)
		}
		return
	}
	modules, err := build(ctx)
	if err == nil && !*only {
		err = run(ctx, modules, *listen, os.Stdin, os.Stdout)
	}
	if err != nil && !errors.Is(err, context.Canceled) {
		fmt.Fprintln(os.Stderr, "kafkasse:", err)
		os.Exit(2)
	}
}

// brokerOnly runs a broker until ctx is done.
func brokerOnly(ctx context.Context, topic string, out io.Writer) error {
	cluster, err := kfake.NewCluster(kfake.NumBrokers(1), kfake.SeedTopics(1, topic))
	if err != nil {
		return err
	}
	defer cluster.Close()
	fmt.Fprintf(out, "listening on %s\n", cluster.ListenAddrs()[0])
	<-ctx.Done()
	return nil
}

func run(ctx context.Context, modules, listen string, in io.Reader, out io.Writer) error {
	b, err := newBroker()
	if err != nil {
		return err
	}
	defer b.close()
	url, ended, err := startFront(ctx, modules, listen, b.address())
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "listening on %s\n", url)
	failed := make(chan error, 1)
	go func() { failed <- b.load(ctx, in, out) }()
	for {
		select {
		case <-ctx.Done():
			return <-ended
		case err := <-ended:
			return fmt.Errorf("node ended: %w", err)
		case err := <-failed:
			if err != nil {
				return err
			}
			failed = nil // all is loaded: serve
		}
	}
}
