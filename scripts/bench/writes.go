package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/tidwall/gjson"
)

const (
	writesPerSecond = 5000
	writesSeconds   = 40
	// writesBatch is the size of a bulk request: what arrives in a quarter of a
	// second, which is how long wm-es waits for more.
	writesBatch = "1600KiB"
	idleRuns    = 300
)

var writesPanels = row{"wm-store", "all panels while 5,000 documents per second arrive, 99th percentile", "wm-store at rest", "<= 3"}

func writesRows() []row { return []row{writesPanels} }

// searchesUnderWrites compares the times of all panels of the dashboard over a
// store at rest with those while documents are being written.
func searchesUnderWrites(ctx context.Context, s settings) error {
	b, stop, err := startDays(ctx, s)
	if err != nil {
		return err
	}
	defer stop()
	if _, err := b.load(ctx, b.first.AddDate(0, 0, 1)); err != nil {
		return err
	}
	bodies, err := b.bodies(ctx)
	if err != nil {
		return err
	}
	const panels = `{` + storePanels + `}`
	b.settle()
	if _, err := b.times(ctx, 2, panels); err != nil {
		return err
	}
	idle, err := b.times(ctx, b.count(idleRuns), panels)
	if err != nil {
		return err
	}
	wrote := make(chan written, 1)
	go func() { wrote <- b.post(ctx, bodies) }()
	busy, w, err := b.timesUntil(ctx, wrote, panels)
	if err != nil {
		return err
	}
	return b.report(idle, busy, w)
}

// bodies returns the files of bulk requests with the events after the first day.
func (b *daysBench) bodies(ctx context.Context) ([]string, error) {
	server, err := startNullServer()
	if err != nil {
		return nil, err
	}
	defer server.stop()
	server.keep = b.folder
	program, err := b.binary("wm-es")
	if err != nil {
		return nil, err
	}
	var events bytes.Buffer
	for range b.count(writesPerSecond * writesSeconds) {
		events.Write(append(b.next.Data, '\n'))
		b.next = b.events.Next()
	}
	cmd := exec.CommandContext(ctx, program, "--es", server.url, "--batch-bytes", writesBatch)
	cmd.Stdin = &events
	if out, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("wm-es: %w: %s", err, bytes.TrimSpace(out))
	}
	return filepath.Glob(filepath.Join(b.folder, "body-*"))
}

// written is how long bulk requests took, in milliseconds.
type written struct {
	ms        []float64
	documents int
	seconds   float64
	err       error
}

// post sends bulk requests at a fixed rate of documents, one at a time.
func (b *daysBench) post(ctx context.Context, bodies []string) (w written) {
	begin := time.Now()
	for _, name := range bodies {
		body, err := os.ReadFile(name)
		if err != nil {
			return written{err: err}
		}
		sent := time.Now()
		if err := b.bulk(ctx, body); err != nil {
			return written{err: err}
		}
		w.ms = append(w.ms, milliseconds(time.Since(sent)))
		w.documents += bytes.Count(body, []byte{'\n'}) / 2
		time.Sleep(time.Until(begin.Add(time.Duration(w.documents) * time.Second / writesPerSecond)))
	}
	w.seconds = time.Since(begin).Seconds()
	return w
}

func (b *daysBench) bulk(ctx context.Context, body []byte) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, b.server.url+"/_bulk?filter_path=errors", bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/x-ndjson")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err == nil && (res.StatusCode != http.StatusOK || gjson.GetBytes(answer, "errors").Bool()) {
		err = fmt.Errorf("_bulk: %s: %.500s", res.Status, answer)
	}
	return err
}

// timesUntil runs a search again and again until everything is written.
func (b *daysBench) timesUntil(ctx context.Context, wrote <-chan written, body string) (ms []float64, w written, err error) {
	for {
		select {
		case w := <-wrote:
			return ms, w, w.err
		default:
		}
		one, err := b.times(ctx, 1, body)
		if err != nil {
			return nil, w, err
		}
		ms = append(ms, one...)
	}
}

func (b *daysBench) report(idle, busy []float64, w written) error {
	fmt.Fprintf(b.out, "all panels over %d documents, %d times at rest, %d times while %d documents were written at %.0f a second\n\n",
		b.loaded, len(idle), len(busy), w.documents, float64(w.documents)/w.seconds)
	t := newTable(b.out, "figure", "at rest", "while writing", "ratio", "bar")
	t.growth("all panels, median, ms", 1, median(idle), median(busy), "")
	b.summary.put(writesPanels, t.growth("all panels, 99 %, ms", 1, percentile(idle, 0.99), percentile(busy, 0.99), writesPanels.bar))
	t.row("bulk request, median, ms", "", fmt.Sprintf("%.1f", median(w.ms)), "", "")
	t.row("bulk request, 99 %, ms", "", fmt.Sprintf("%.1f", percentile(w.ms, 0.99)), "", "")
	t.row("bulk request, slowest, ms", "", fmt.Sprintf("%.1f", percentile(w.ms, 1)), "", "")
	return t.flush()
}
