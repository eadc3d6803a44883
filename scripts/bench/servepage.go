package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

var (
	pagePaint = row{"wm-serve", "first figures on the screen, new browser and new wm-serve", "", "< 1 s"}
	pageDelay = row{"all", "from the event on the socket to the row in the browser", "", "< 2 s"}
)

// watchPage records when figures are first painted, and when each row appears.
const watchPage = `window.bench = {painted: 0, rows: {}};
{
	const figures = () => {
		if (!document.querySelector("#kpis .kpi-value")?.textContent) return requestAnimationFrame(figures);
		requestAnimationFrame(() => setTimeout(() => { bench.painted = performance.now(); }));
	};
	figures();
	new MutationObserver(() => {
		for (const row of document.querySelectorAll("#feed tr[data-id]")) bench.rows[row.dataset.id] ??= Date.now();
	}).observe(document, {childList: true, subtree: true});
}`

// paint measures how long a reader waits for the first figures: each time with a new
// wm-serve, whose cache is empty, and a new browser.
func (b serveBench) paint(ctx context.Context) error {
	if chromium() == "" {
		_, err := fmt.Fprintln(b.out, "\nno Chromium: the page itself is not measured")
		return err
	}
	var seconds []float64
	for range b.runs {
		one, err := b.paintOnce(ctx)
		if err != nil {
			return err
		}
		seconds = append(seconds, one)
	}
	b.summary.put(pagePaint, spread(seconds)+" s")
	_, err := fmt.Fprintf(b.out, "\nfirst figures of 24 hours after %s s, new wm-serve and new browser each time\n", spread(seconds))
	return err
}

func (b serveBench) paintOnce(ctx context.Context) (seconds float64, err error) {
	server, err := b.startServer(ctx, "wm-serve", "--es", b.store.url)
	if err != nil {
		return 0, err
	}
	defer server.stop()
	tab, stop, err := openPage(ctx, server.url+"/?range=24h")
	if err != nil {
		return 0, err
	}
	defer stop()
	if _, err := chromedp.Run(tab, chromedp.Poll[bool](`bench.painted > 0`)); err != nil {
		return 0, fmt.Errorf("no figures on the page: %w", err)
	}
	return chromedp.Run(tab, chromedp.Evaluate[float64](`bench.painted / 1000`))
}

// openPage opens a page in a new browser.
func openPage(ctx context.Context, address string) (tab context.Context, stop func(), err error) {
	options := append([]chromedp.ExecAllocatorOption{}, chromedp.DefaultExecAllocatorOptions[:]...)
	options = append(options, chromedp.ExecPath(chromium()), chromedp.Flag("disable-gpu", true), chromedp.Flag("disable-background-networking", true))
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox) // Chromium's sandbox refuses root
	}
	ctx, timeout := context.WithTimeout(ctx, 2*time.Minute)
	ctx, stopAllocator := chromedp.NewExecAllocator(ctx, options...)
	ctx, stopTab := chromedp.NewContext(ctx)
	stop = func() { stopTab(); stopAllocator(); timeout() }
	_, err = chromedp.Call(ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: watchPage})
	if err = errors.Join(err, chromedp.Do(ctx, chromedp.Navigate(address))); err != nil {
		stop()
		return nil, nil, err
	}
	return ctx, stop, nil
}

// rowsOf returns how many seconds each event took to become a row of the page.
func (f *feed) rowsOf(tab context.Context) (seconds []float64, err error) {
	shown, err := chromedp.Run(tab, chromedp.Evaluate[map[string]float64](`bench.rows`))
	f.mu.Lock()
	defer f.mu.Unlock()
	for id, at := range shown {
		if sent, ok := f.sent[id]; ok {
			seconds = append(seconds, at/1000-float64(sent.UnixMilli())/1000)
		}
	}
	return seconds, err
}

// chromium returns the path of Chromium or Chrome, or "" if neither is installed.
func chromium() string {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return filepath.Clean(path)
		}
	}
	return ""
}
