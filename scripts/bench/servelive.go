package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/wmtools/wm/lib/event"
	"github.com/wmtools/wm/lib/simulate"
	"github.com/wmtools/wm/lib/simulate/service"
)

const (
	liveClients = 400
	liveRate    = 40 // events per second: about that of all wikis together
	liveLength  = 20 * time.Second
)

var (
	liveCPU    = row{"wm-serve", "400 live clients, 40 events per second: CPU", "", "<= 25 % of a core"}
	liveMemory = row{"wm-serve", "the same: memory of each client", "", "<= 200 kB"}
	liveDelay  = row{"all", "from the event on the socket to the row on the dashboard", "", "< 2 s"}
)

// live measures wm-serve with many live clients, while a pipeline brings events.
func (b serveBench) live(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	stream := service.NewServer(service.New(service.Options{}))
	defer stream.Close()
	tail, err := b.binary("wm-tail")
	if err != nil {
		return err
	}
	indexer, err := b.binary("wm-es")
	if err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() {
		_, err := pipeline{
			source:  []string{tail, "--url", stream.URL},
			command: []string{indexer, "--es", b.store.url}, sink: []string{"cat"},
		}.run(ctx, nil)
		ended <- err
	}()
	feed := &feed{
		stream: stream.Service, sent: map[string]time.Time{},
		events: simulate.New(3, simulate.Options{Start: time.Now(), Rate: liveRate, Canary: -1}),
	}
	before := b.page.residentMB()
	if err := b.connect(ctx, feed); err != nil {
		return err
	}
	tab, closeTab, err := b.openBrowser(ctx)
	if err != nil {
		return err
	}
	defer closeTab()
	for start := time.Now(); len(feed.delays()) == 0; { // until all programs are connected
		if time.Since(start) > time.Minute {
			return errors.New("no event reaches the dashboard")
		}
		feed.send(1)
	}
	cpu, begin := cpuOf(b.page.pid), time.Now()
	feed.send(b.count(int(liveLength.Seconds() * liveRate)))
	share := 100 * (cpuOf(b.page.pid) - cpu).Seconds() / time.Since(begin).Seconds()
	each := (b.page.residentMB() - before) * 1000 / liveClients
	time.Sleep(3 * time.Second) // for the last rows
	if err := b.printRows(feed, tab); err != nil {
		return err
	}
	stop()
	<-ended // killed
	return b.printLive(share, each, feed.delays())
}

// openBrowser opens the dashboard in a browser. Without Chromium, tab is nil.
func (b serveBench) openBrowser(ctx context.Context) (tab context.Context, stop func(), err error) {
	if chromium() == "" {
		return nil, func() {}, nil
	}
	return openPage(ctx, b.page.url+"/?range=15m")
}

// printRows prints how long events take to the browser, if there is one.
func (b serveBench) printRows(f *feed, tab context.Context) error {
	if tab == nil {
		return nil
	}
	seconds, err := f.rowsOf(tab)
	if err != nil || len(seconds) == 0 {
		return errors.Join(err, errors.New("no row appears in the browser"))
	}
	b.summary.put(pageDelay, spread(seconds)+" s")
	_, err = fmt.Fprintf(b.out, "\n%d rows in a browser after %s s\n", len(seconds), spread(seconds))
	return err
}

func (b serveBench) printLive(share, each float64, seconds []float64) error {
	b.summary.put(liveCPU, fmt.Sprintf("%.1f %%", share))
	b.summary.put(liveMemory, fmt.Sprintf("%.0f kB", each))
	b.summary.put(liveDelay, spread(seconds)+" s")
	_, err := fmt.Fprintf(b.out, "\n%d live clients at %d events/s: %.1f %% of a core, %.0f kB each; %d events on the dashboard after %s s\n",
		liveClients, liveRate, share, each, len(seconds), spread(seconds))
	return err
}

// connect opens the live streams, each with another query. The first one is read
// for the delays.
func (b serveBench) connect(ctx context.Context, f *feed) error {
	for i := range liveClients {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, fmt.Sprintf("%s/api/v1/live?q=-wiki%%3Dw%dwiki", b.page.url, i), nil)
		if err != nil {
			return err
		}
		req.Header.Set("X-Forwarded-For", fmt.Sprintf("192.0.2.%d", i)) // an address is not parsed
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			return err
		}
		if res.StatusCode != http.StatusOK {
			return fmt.Errorf("live client %d: %s", i, res.Status)
		}
		read := func(r io.Reader) { _, _ = io.Copy(io.Discard, r) }
		if i == 0 {
			read = f.read
		}
		go func() { // until the context ends
			defer res.Body.Close()
			read(res.Body)
		}()
	}
	return nil
}

// feed is what goes into the stream, and how long it takes to the dashboard.
type feed struct {
	stream *service.Service
	events *simulate.Generator

	mu       sync.Mutex
	sent     map[string]time.Time // by the event's id
	received []float64            // delays of rows in seconds
}

// send adds n events to the stream, liveRate per second.
func (f *feed) send(n int) {
	tick := time.NewTicker(time.Second / liveRate)
	defer tick.Stop()
	for range n {
		<-tick.C
		e := f.events.Next()
		f.mu.Lock()
		f.sent[event.New(e.Data).ID()] = time.Now()
		f.mu.Unlock()
		f.stream.Append(e)
	}
}

var rowID = regexp.MustCompile(`\{"id":"([^"]+)"`)

// read reads a live stream.
func (f *feed) read(stream io.Reader) {
	lines := bufio.NewScanner(stream)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		now := time.Now()
		f.mu.Lock()
		for _, m := range rowID.FindAllStringSubmatch(lines.Text(), -1) {
			if at, ok := f.sent[m[1]]; ok {
				f.received = append(f.received, now.Sub(at).Seconds())
			}
		}
		f.mu.Unlock()
	}
}

func (f *feed) delays() []float64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.received)
}

// cpuOf returns the CPU time of a process, or 0 without /proc.
func cpuOf(pid int) (total time.Duration) {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	_, rest, _ := strings.Cut(string(text), ") ") // after the name
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return 0
	}
	for _, ticks := range fields[11:13] {
		n, _ := strconv.Atoi(ticks)
		total += time.Duration(n) * time.Second / 100
	}
	return total
}
