// Command bench compares the programs of wm with similar tools, on the same data
// in the same run. It prints figures and ratios and never fails because of one.
//
//	go run ./scripts/bench                   every bench
//	go run ./scripts/bench -scale 0.1 tail   one of them, with a tenth of the events
//	go run ./scripts/bench -readme README.md every bench; the README gets the summary
//	go run ./scripts/bench days              10,000,000 events, which takes 15 minutes and 15 GB
//	go run ./scripts/bench frames            the server of bench tail, until standard input ends
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"syscall"
	"time"
)

// bench is one bench by its name, and the rows of the summary that it measures.
type bench struct {
	name string
	run  func(context.Context, settings) error
	rows func() []row // none if it is long
	long bool         // it runs only by name
}

var benches = []bench{
	{name: "tail", run: tail, rows: tailRows},
	{name: "grep", run: grep, rows: grepRows},
	{name: "cut", run: cut, rows: cutRows},
	{name: "es", run: elasticsearch, rows: esRows},
	{name: "node", run: node, rows: nodeRows},
	{name: "store", run: storeAndNode, rows: storeRows},
	{name: "writes", run: searchesUnderWrites, rows: writesRows},
	{name: "serve", run: serve, rows: serveRows},
	{name: "days", run: storeDays, long: true},
}

// settings are the same for every bench.
type settings struct {
	bin     string
	runs    int
	scale   float64
	readme  string // file that gets the summary
	out     io.Writer
	summary *summary
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	s := settings{out: os.Stdout}
	flag.StringVar(&s.bin, "bin", "bin", "folder of the binaries")
	flag.IntVar(&s.runs, "runs", 5, "how many times each command runs")
	flag.Float64Var(&s.scale, "scale", 1, "how much data, as a factor")
	flag.StringVar(&s.readme, "readme", "", "write the summary into this `file`")
	flag.Parse()
	if err := run(ctx, s, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(2)
	}
}

func run(ctx context.Context, s settings, names []string) error {
	if slices.Equal(names, []string{"frames"}) {
		return serveFrames(ctx, s.out)
	}
	if s.runs < 1 || s.scale <= 0 {
		return fmt.Errorf("-runs %d -scale %g: both must be above 0", s.runs, s.scale)
	}
	if s.readme != "" && len(names) > 0 {
		return errors.New("-readme needs every bench")
	}
	chosen, err := choose(names)
	if err != nil {
		return err
	}
	s.summary = newSummary(chosen)
	fmt.Fprintf(s.out, "machine: %s\n", machine())
	for _, b := range chosen {
		begin := time.Now()
		fmt.Fprintf(s.out, "\n== %s\n", b.name)
		if err := b.run(ctx, s); err != nil {
			return fmt.Errorf("%s: %w", b.name, err)
		}
		fmt.Fprintf(s.out, "\n%s took %.0f s\n", b.name, time.Since(begin).Seconds())
	}
	fmt.Fprintf(s.out, "\n== summary\n")
	if err := s.summary.write(s.out); err != nil || s.readme == "" {
		return err
	}
	return s.summary.replaceBlock(s.readme)
}

// choose returns the benches of some names, or all that are not long.
func choose(names []string) ([]bench, error) {
	if len(names) == 0 {
		return slices.DeleteFunc(slices.Clone(benches), func(b bench) bool { return b.long }), nil
	}
	var chosen []bench
	for _, name := range names {
		i := slices.IndexFunc(benches, func(b bench) bool { return b.name == name })
		if i < 0 {
			return nil, fmt.Errorf("no bench is called %q", name)
		}
		chosen = append(chosen, benches[i])
	}
	return chosen, nil
}

// count is a usual number of events, scaled.
func (s settings) count(usual int) int { return max(1, int(float64(usual)*s.scale)) }

// binary returns the path of one of the binaries.
func (s settings) binary(name string) (string, error) {
	path, err := exec.LookPath(filepath.Join(s.bin, name))
	if err != nil {
		return "", fmt.Errorf("no %s in %s: run make build, or say -bin", name, s.bin)
	}
	return path, nil
}

func installed(name string) bool {
	_, err := exec.LookPath(name)
	return err == nil
}

// found prints the name and version of a rival.
func (s settings) found(version string) {
	fmt.Fprintf(s.out, "rival: %s\n", version)
	s.summary.rival(version)
}

// rival reports whether a command to compare with is installed, and prints that.
func (s settings) rival(name string) bool {
	if !installed(name) {
		fmt.Fprintf(s.out, "%s is not installed: nothing to compare with it\n", name)
		return false
	}
	s.found(version(name))
	return true
}
