package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"runtime"
	"strconv"

	"github.com/wmtools/wm/lib/event"
	"github.com/wmtools/wm/lib/ndjson"
	"github.com/wmtools/wm/lib/stream"
)

const (
	tailEvents = 1_000_000  // enough to make the start-up time negligible
	tailReplay = 10_000_000 // enough to show a leak of a few bytes per event
	tailLarge  = 8 << 20
)

var (
	tailCPU    = row{"wm-tail", "CPU per event", "curl", "<= 1.5"}
	tailMemory = row{"wm-tail", "peak memory, 10,000,000 events or one of 8 MiB", "", "<= 64 MiB"}
)

func tailRows() []row { return []row{tailCPU, tailMemory} }

// tailBench is wm-tail against curl on the same server.
type tailBench struct {
	settings
	program string // wm-tail
	url     string
}

func tail(ctx context.Context, s settings) error {
	program, err := s.binary("wm-tail")
	if err != nil {
		return err
	}
	srv, err := startServer()
	if err != nil {
		return err
	}
	defer srv.stop()
	b := tailBench{s, program, srv.url}
	if err := b.speed(ctx); err != nil {
		return err
	}
	if err := b.allocations(ctx); err != nil {
		return err
	}
	return b.memory(ctx)
}

// speed prints the cost per event of wm-tail and curl.
func (b tailBench) speed(ctx context.Context) error {
	events := b.count(tailEvents)
	url := fmt.Sprintf("%s?n=%d", b.url, events)
	contestants := []contestant{func() (usage, error) { return b.wmTail(ctx, url, events) }}
	commands := fmt.Sprintf("  wm-tail -n %d --url URL | cat >/dev/null\n", events)
	if b.rival("curl") {
		contestants = append(contestants, func() (usage, error) { return intoCat(ctx, "curl", "-sN", url) })
		commands += "  curl -sN URL | cat >/dev/null\n"
	}
	fmt.Fprintf(b.out, "%d events a run, median of %d interleaved runs, ratio (lowest-highest)\n%s\n", events, b.runs, commands)
	runs, err := interleave(b.runs, contestants...)
	if err != nil {
		return err
	}
	n := float64(events)
	t := newTable(b.out, "what", "wm-tail", "curl", "ratio", "bar")
	b.summary.put(tailCPU, t.compare("CPU, µs/event", 2, func(u usage) float64 { return u.cpu.Seconds() * 1e6 / n }, runs, tailCPU.bar))
	t.compare("CPU of cat after it, µs/event", 2, func(u usage) float64 { return u.cat.Seconds() * 1e6 / n }, runs, "")
	t.compare("CPU of both, µs/event", 2, func(u usage) float64 { return (u.cpu + u.cat).Seconds() * 1e6 / n }, runs, "")
	t.compare("taken in, events/s", 0, func(u usage) float64 { return n / u.wall.Seconds() }, runs, "wm-tail >= 300000")
	if runs[0][0].peak > 0 {
		t.compare("peak memory, MiB", 1, func(u usage) float64 { return mebibytes(u.peak) }, runs, "<= 64")
	}
	return t.flush()
}

// allocations prints the heap allocation per event between socket and output,
// measured in this process because wm-tail itself does not report it.
func (b tailBench) allocations(ctx context.Context) error {
	events := b.count(tailEvents)
	src, err := stream.New(stream.Options{URL: fmt.Sprintf("%s?n=%d", b.url, events), Overlap: stream.DefaultOverlap})
	if err != nil {
		return err
	}
	lines := ndjson.NewWriter(io.Discard)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if err := event.Copy(ctx, ctx, lines, event.Limit(src, int64(events)), func(error) {}); err != nil {
		return err
	}
	runtime.ReadMemStats(&after)
	n := float64(events)
	_, err = fmt.Fprintf(b.out, "\nallocations of an event, from the socket to the line: %.4f, of %.1f bytes\n",
		float64(after.Mallocs-before.Mallocs)/n, float64(after.TotalAlloc-before.TotalAlloc)/n)
	return err
}

// memory prints the memory of wm-tail during a long replay, and with one large
// event.
func (b tailBench) memory(ctx context.Context) error {
	fmt.Fprintln(b.out)
	highest := int64(0)
	t := newTable(b.out, "memory of wm-tail, MiB", "1st half", "2nd half", "end", "peak", "bar")
	for _, run := range []struct {
		what   string
		events int
		query  string
	}{
		{"%d events", b.count(tailReplay), ""},
		{"%d events, one of 8 MiB in the middle", b.count(tailEvents), fmt.Sprintf("&large=%d", tailLarge)},
	} {
		u, err := b.wmTail(ctx, fmt.Sprintf("%s?n=%d%s", b.url, run.events, run.query), run.events)
		if err != nil {
			return err
		}
		first, second, end := u.memory.course()
		t.row(fmt.Sprintf(run.what, run.events), mib(first), mib(second), mib(end), mib(u.peak), "<= 64")
		highest = max(highest, u.peak)
	}
	b.summary.put(tailMemory, mib(highest)+" MiB")
	return t.flush()
}

func mebibytes(kib int64) float64 { return float64(kib) / 1024 }

func mib(kib int64) string {
	if kib == 0 {
		return "-" // unknown
	}
	return fmt.Sprintf("%.1f", mebibytes(kib))
}

var tailTally = regexp.MustCompile(`(?m)^wm-tail: (\d+) events in .*\b(\d+) reconnects.*$`)

// wmTail runs wm-tail on a stream of n events and checks its summary.
func (b tailBench) wmTail(ctx context.Context, url string, events int) (usage, error) {
	n := strconv.Itoa(events)
	u, err := intoCat(ctx, b.program, "-n", n, "--url", url)
	if err != nil {
		return u, err
	}
	m := tailTally.FindStringSubmatch(u.messages)
	switch {
	case m == nil:
		return u, errors.New("wm-tail printed no tally")
	case m[1] != n:
		return u, fmt.Errorf("wm-tail took %s of %s events", m[1], n)
	case m[2] != "0":
		fmt.Fprintln(b.out, "not as planned:", m[0])
	}
	return u, nil
}
