package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/wmtools/wm/lib/es"
	"github.com/wmtools/wm/lib/es/bulk"
	"github.com/wmtools/wm/lib/simulate"
)

const (
	nodeBytes = 250_000_000 // of events: about 200,000
	nodeIndex = "wm-bench"
	// nodeRuns is the smallest number that shows a difference of a few percent:
	// the speed of a node varies.
	nodeRuns = 7
)

var nodeWall = row{"wm-es", "wall time to index on a real node", "curl, bodies that wm-es made", "<= 1.05"}

func nodeRows() []row { return []row{nodeWall} }

// nodeBench compares wm-es on a real node with curl, which posts the bodies that
// wm-es produces from the same events: the difference in time is the cost of
// producing them and of accounting.
type nodeBench struct {
	settings
	program string
	url     string // of the node
	file    eventFile
	curl    string // a file of curl's options: all bodies
}

func node(ctx context.Context, s settings) error {
	program, err := s.binary("wm-es")
	if err != nil || !s.rival("curl") {
		return err
	}
	folder, err := os.MkdirTemp("", "wm-bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	url, stop, err := s.startNode(ctx, folder, "1g")
	if err != nil {
		fmt.Fprintf(s.out, "no Elasticsearch to write to: %v\n", err)
		return nil
	}
	defer stop()
	s.runs = max(s.runs, nodeRuns)
	return nodeBench{settings: s, program: program, url: url}.run(ctx, folder)
}

// run makes the events and the bodies, and compares.
func (b nodeBench) run(ctx context.Context, folder string) (err error) {
	file := filepath.Join(folder, "events")
	if b.file, err = writeEvents(file, b.count(nodeBytes), simulate.Options{Canary: -1}, nil); err != nil {
		return err
	}
	bodies, err := b.record(ctx, folder)
	if err != nil {
		return err
	}
	b.curl = filepath.Join(folder, "curl")
	if err := os.WriteFile(b.curl, b.options(bodies), 0o644); err != nil {
		return err
	}
	return b.compare(ctx, len(bodies))
}

// compare lets both write to an index that is empty each time.
func (b nodeBench) compare(ctx context.Context, bodies int) error {
	wm := func() (usage, error) { return b.fill(ctx, []string{"cat", b.file.path}, b.wmES(b.url)) }
	curl := func() (usage, error) { return b.fill(ctx, nil, []string{"curl", "--config", b.curl}) }
	if _, err := interleave(1, wm, curl); err != nil { // warm up Java's compiler
		return err
	}
	runs, err := interleave(b.runs, wm, curl)
	if err != nil {
		return err
	}
	fmt.Fprintf(b.out, "%d documents in %d requests, %d at a time, to an empty index; median of %d interleaved runs, ratio (lowest-highest)\n\n",
		b.file.events, bodies, bulk.DefaultWorkers(), b.runs)
	t := newTable(b.out, "figure", "wm-es", "curl", "wm-es / curl", "bar")
	b.summary.put(nodeWall, t.compare("wall time, s", 2, func(u usage) float64 { return u.wall.Seconds() }, runs, nodeWall.bar))
	t.compare("CPU, s", 2, func(u usage) float64 { return u.cpu.Seconds() }, runs, "")
	t.compare("documents/s", 0, func(u usage) float64 { return float64(b.file.events) / u.wall.Seconds() }, runs, "")
	return t.flush()
}

func (b nodeBench) wmES(url string) []string {
	return []string{b.program, "--es", url, "--index", nodeIndex}
}

// fill empties the index, lets a command write, and counts.
func (b nodeBench) fill(ctx context.Context, source, command []string) (usage, error) {
	if err := b.empty(ctx); err != nil {
		return usage{}, err
	}
	u, err := pipeline{source: source, command: command, sink: []string{"cat"}}.run(ctx, nil)
	if err != nil {
		return u, err
	}
	n, err := b.documents(ctx)
	if err == nil && n != b.file.events {
		err = fmt.Errorf("%s wrote %d of %d documents: %s", command[0], n, b.file.events, strings.TrimSpace(u.messages))
	}
	return u, err
}

// empty deletes and recreates the index.
func (b nodeBench) empty(ctx context.Context) error {
	out, err := exec.CommandContext(ctx, b.program, "init-index", "--es", b.url, "--index", nodeIndex, "--recreate", "--yes").CombinedOutput()
	if err != nil {
		return fmt.Errorf("wm-es init-index: %w: %s", err, bytes.TrimSpace(out))
	}
	return nil
}

// documents counts those in the index.
func (b nodeBench) documents(ctx context.Context) (int, error) {
	for _, step := range []struct{ method, path string }{{http.MethodPost, "_refresh"}, {http.MethodGet, "_count"}} {
		req, err := http.NewRequestWithContext(ctx, step.method, b.url+"/"+nodeIndex+"/"+step.path, nil)
		if err != nil {
			return 0, err
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			return 0, err
		}
		answer, err := io.ReadAll(res.Body)
		res.Body.Close()
		if err != nil {
			return 0, err
		}
		if n := gjson.GetBytes(answer, "count"); n.Exists() {
			return int(n.Int()), nil
		}
	}
	return 0, errors.New("the node counts nothing")
}

// record returns the files of the bodies that wm-es makes of the events.
func (b nodeBench) record(ctx context.Context, folder string) ([]string, error) {
	server, err := startNullServer()
	if err != nil {
		return nil, err
	}
	defer server.stop()
	server.keep = folder
	if out, err := (pipeline{source: []string{"cat", b.file.path}, command: b.wmES(server.url), sink: []string{"cat"}}).run(ctx, nil); err != nil {
		return nil, fmt.Errorf("%w: %s", err, out.messages)
	}
	return filepath.Glob(filepath.Join(folder, "body-*"))
}

// options returns what makes curl post all bodies, over as many connections as
// wm-es has and with the same filter on the answers.
func (b nodeBench) options(bodies []string) []byte {
	var text bytes.Buffer
	fmt.Fprintf(&text, "parallel\nparallel-max = %d\nno-progress-meter\nfail\n", bulk.DefaultWorkers())
	for i, body := range bodies {
		if i > 0 {
			text.WriteString("next\n")
		}
		// Without an empty Expect header, curl waits for status 100 before each body.
		fmt.Fprintf(&text, "url = %q\ndata-binary = %q\nheader = \"Content-Type: application/x-ndjson\"\nheader = \"Expect:\"\noutput = \"/dev/null\"\n",
			b.url+"/_bulk?filter_path="+strings.Join(es.BulkFilter, ","), "@"+body)
	}
	return text.Bytes()
}
