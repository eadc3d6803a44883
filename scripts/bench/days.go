package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"

	"github.com/tidwall/gjson"

	"github.com/wmtools/wm/lib/simulate"
)

const (
	dayEvents   = 1_000_000
	daysOfBench = 10
	daysKept    = 5 // by --keep
)

// allDays are the indices of daysBench.
const allDays = "wm-recentchange-*"

// daysBench loads wm-store day by day, each into an index of its own.
type daysBench struct {
	settings
	folder string
	server searchServer
	events *simulate.Generator
	next   simulate.Event // of the day after the last one
	first  time.Time      // when the first day begins
	loaded int            // events
}

// startDays starts an empty store.
func startDays(ctx context.Context, s settings) (b *daysBench, stop func(), err error) {
	b = &daysBench{settings: s}
	if b.folder, err = os.MkdirTemp("", "wm-bench"); err != nil {
		return nil, nil, err
	}
	b.first = time.Now().UTC().Truncate(24*time.Hour).AddDate(0, 0, -daysOfBench)
	b.events = simulate.New(1, simulate.Options{Canary: -1, Start: b.first, Rate: float64(b.count(dayEvents)) / 86400})
	b.next = b.events.Next()
	if b.server, err = s.startStore(ctx, filepath.Join(b.folder, "store")); err != nil {
		os.RemoveAll(b.folder)
		return nil, nil, err
	}
	return b, func() { b.server.stop(); os.RemoveAll(b.folder) }, nil
}

// write writes the events before a time.
func (b *daysBench) write(to io.Writer, end time.Time) (n int, err error) {
	out := bufio.NewWriterSize(to, 1<<20)
	for ; b.next.Time < end.UnixMilli(); b.next = b.events.Next() {
		if _, err := out.Write(append(b.next.Data, '\n')); err != nil {
			return n, err
		}
		n++
	}
	return n, out.Flush()
}

// load lets wm-es write the events before a time and returns documents per second.
func (b *daysBench) load(ctx context.Context, end time.Time) (float64, error) {
	program, err := b.binary("wm-es")
	if err != nil {
		return 0, err
	}
	cmd := exec.CommandContext(ctx, program, "--es", b.server.url)
	var messages bytes.Buffer
	cmd.Stderr = &messages
	in, err := cmd.StdinPipe()
	if err != nil {
		return 0, err
	}
	begin := time.Now()
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	n, err := b.write(in, end)
	in.Close()
	if waited := cmd.Wait(); waited != nil {
		return 0, fmt.Errorf("wm-es: %w: %s", waited, bytes.TrimSpace(messages.Bytes()))
	}
	if err != nil {
		return 0, err
	}
	seconds := time.Since(begin).Seconds()
	b.loaded += n
	return float64(n) / seconds, b.checkCount(ctx)
}

// checkCount fails unless the store has every event.
func (b *daysBench) checkCount(ctx context.Context) error {
	answer, err := b.server.post(ctx, http.MethodGet, "/"+allDays+"/_count", "")
	if n := gjson.GetBytes(answer, "count").Int(); err == nil && n != int64(b.loaded) {
		err = fmt.Errorf("wm-store has %d of %d documents", n, b.loaded)
	}
	return err
}

// onFirstDay limits a search to the first day.
func (b *daysBench) onFirstDay(search string) string {
	return fmt.Sprintf(`{"query":{"range":{"@timestamp":{"gte":%d,"lt":%d}}},%s}`,
		b.first.UnixMilli(), b.first.AddDate(0, 0, 1).UnixMilli(), search)
}

// searches are measured after the first and after the last day. The bars are on
// the ratio of the two.
func (b *daysBench) searches() []storeSearch {
	return []storeSearch{
		{"all panels, first day", b.onFirstDay(storePanels), "<= 1.5"},
		{"all panels, all days", `{` + storePanels + `}`, fmt.Sprintf("<= %d", daysOfBench)},
		{"newest 50, first day", b.onFirstDay(storeNewest), "<= 1.5"},
		{"newest 50, all days", `{` + storeNewest + `}`, ""},
		{"newest 50, two words, all days", `{"query":{"bool":{` + storeWords + `}},` + storeCount + `}`, ""},
	}
}

// measure returns the median time of each search in milliseconds.
func (b *daysBench) measure(ctx context.Context) (medians []float64, err error) {
	b.settle()
	for _, q := range b.searches() {
		if _, err := b.times(ctx, 2, q.body); err != nil { // columns come from the disk
			return nil, err
		}
		times, err := b.times(ctx, max(b.runs, 7), q.body)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", q.name, err)
		}
		medians = append(medians, median(times))
	}
	return medians, nil
}

// settle waits for the work that is left in the background.
func (b *daysBench) settle() { time.Sleep(time.Duration(min(1, b.scale) * float64(5*time.Second))) }

// times runs a search n times and returns the milliseconds of each.
func (b *daysBench) times(ctx context.Context, n int, body string) (ms []float64, err error) {
	for range n {
		begin := time.Now()
		if _, err := b.server.post(ctx, http.MethodPost, "/"+allDays+"/_search", body); err != nil {
			return nil, err
		}
		ms = append(ms, milliseconds(time.Since(begin)))
	}
	return ms, nil
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// size is what a store takes.
type size struct{ docs, rate, resident, disk float64 }

// storeDays measures how searches, memory and disk grow from one day to ten.
func storeDays(ctx context.Context, s settings) error {
	b, stop, err := startDays(ctx, s)
	if err != nil {
		return err
	}
	defer stop()
	t := newTable(b.out, "figure", "1 day", fmt.Sprintf("%d days", daysOfBench), "ratio", "bar")
	watched := watchMemory(b.server.pid)
	var sizes []size
	var times [][]float64
	for day := range daysOfBench {
		rate, err := b.load(ctx, b.first.AddDate(0, 0, day+1))
		if err != nil {
			return err
		}
		fmt.Fprintf(b.out, "day %d: %d documents, %.0f a second, %.0f MB resident\n", day+1, b.loaded, rate, b.server.residentMB())
		if day > 0 && day < daysOfBench-1 {
			continue
		}
		ms, err := b.measure(ctx)
		if err != nil {
			return err
		}
		times = append(times, ms)
		sizes = append(sizes, size{float64(b.loaded), rate, b.server.residentMB(), folderMB(b.server.data)})
	}
	t.growth("documents", 0, sizes[0].docs, sizes[1].docs, "")
	t.growth("ingest, documents/s", 0, sizes[0].rate, sizes[1].rate, "")
	for i, q := range b.searches() {
		t.growth(q.name+", ms", 1, times[0][i], times[1][i], q.bar)
	}
	t.growth("resident memory, MB", 0, sizes[0].resident, sizes[1].resident, "")
	t.row("peak of resident memory, MB", "", fmt.Sprintf("%.0f", float64(watched().peak)*1024/1e6), "", "--memory 512MiB")
	t.growth("disk, MB", 0, sizes[0].disk, sizes[1].disk, "")
	if err := b.restart(ctx, t); err != nil {
		return err
	}
	fmt.Fprintln(b.out)
	return t.flush()
}

// growth adds a row of a figure after one day and after all, and returns the ratio.
func (t table) growth(what string, digits int, one, all float64, bar string) (ratio string) {
	ratio = fmt.Sprintf("%.2f", all/one)
	t.row(what, fmt.Sprintf("%.*f", digits, one), fmt.Sprintf("%.*f", digits, all), ratio, bar)
	return ratio
}

// restart measures how long the store takes to open after a crash, and that --keep
// deletes the oldest days.
func (b *daysBench) restart(ctx context.Context, t table) (err error) {
	b.server.kill()
	begin := time.Now()
	if b.server, err = b.startStore(ctx, b.server.data); err != nil {
		return err
	}
	t.row("opening after kill -9, ms", "", fmt.Sprintf("%.0f", milliseconds(time.Since(begin))), "", "<= 2000 at 1 M")
	for _, q := range b.searches()[:2] {
		ms, err := b.times(ctx, 1, q.body)
		if err != nil {
			return err
		}
		t.row(q.name+", the first time after it, ms", "", fmt.Sprintf("%.0f", ms[0]), "", "")
	}
	if err := b.checkCount(ctx); err != nil {
		return err
	}
	b.server.stop()
	before := folderMB(b.server.data)
	if b.server, err = b.startStore(ctx, b.server.data, "--keep", fmt.Sprintf("%dd", daysKept)); err != nil {
		return err
	}
	left, err := b.awaitPrune(ctx)
	t.row(fmt.Sprintf("indices with --keep %dd", daysKept), "", fmt.Sprint(left), "", fmt.Sprint(daysKept))
	t.row("disk with it, MB", "", fmt.Sprintf("%.0f of %.0f", folderMB(b.server.data), before), "", "")
	return err
}

// awaitPrune waits until the oldest days are deleted and returns the number of
// indices that are left.
func (b *daysBench) awaitPrune(ctx context.Context) (left int, err error) {
	for range 200 {
		answer, err := b.server.post(ctx, http.MethodGet, "/_cat/indices?format=json", "")
		if err != nil {
			return 0, err
		}
		left = len(gjson.ParseBytes(answer).Array())
		if left <= daysKept {
			return left, nil
		}
		time.Sleep(50 * time.Millisecond)
	}
	return left, nil
}

// percentile returns a value that the given share of the values do not exceed.
func percentile(values []float64, share float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[min(len(sorted)-1, int(share*float64(len(sorted))))]
}
