package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/wmtools/wm/lib/simulate"
)

const (
	esBytes = 500_000_000 // of events: about 400,000
	// esShare is the share of them for Python's clients, which are slow.
	esShare = 0.2
)

// indexer is a program that writes the events of its standard input to
// Elasticsearch.
type indexer struct {
	row     row      // in the summary; its rival is the name of the program
	command []string // without the address, which is its last argument
	share   float64  // of the events
}

// The rivals of wm-es, and its bars on documents per CPU second.
var (
	esBulkIndexer = row{"wm-es", "documents per CPU second", "BulkIndexer, ids by gjson", ">= 3"}
	esDicts       = row{"wm-es", "documents per CPU second", "parallel_bulk, documents as dict", ">= 10"}
	esTexts       = row{"wm-es", "documents per CPU second", "parallel_bulk, documents as text", ">= 10"}
)

func esRows() []row { return []row{esBulkIndexer, esDicts, esTexts} }

// esBench compares wm-es with other clients, on a server that takes hardly any time.
type esBench struct {
	settings
	server *nullServer
	files  map[float64]eventFile // by the share
}

func elasticsearch(ctx context.Context, s settings) error {
	program, err := s.binary("wm-es")
	if err != nil {
		return err
	}
	folder, err := os.MkdirTemp("", "wm-bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	server, err := startNullServer()
	if err != nil {
		return err
	}
	defer server.stop()
	b := esBench{s, server, map[float64]eventFile{}}
	for _, share := range []float64{1, esShare} {
		file := filepath.Join(folder, fmt.Sprint("events-", share))
		size := int(float64(s.count(esBytes)) * share)
		// No canaries: wm-es would not write them.
		if b.files[share], err = writeEvents(file, size, simulate.Options{Canary: -1}, nil); err != nil {
			return err
		}
	}
	indexers := []indexer{{row{rival: "wm-es"}, []string{program, "--es"}, 1}}
	return b.compare(ctx, append(indexers, s.rivalIndexers(ctx, folder)...))
}

// compare runs all indexers and prints a row for each.
func (b esBench) compare(ctx context.Context, indexers []indexer) error {
	fmt.Fprintf(b.out, "cat FILE | COMMAND, to a server that answers at once; median of %d interleaved runs, ratio of documents a CPU second (lowest-highest)\n\n", b.runs)
	var contestants []contestant
	for _, x := range indexers {
		contestants = append(contestants, func() (usage, error) { return b.write(ctx, x) })
	}
	runs, err := interleave(b.runs, contestants...)
	if err != nil {
		return err
	}
	t := newTable(b.out, "client", "documents", "CPU µs/doc", "docs/CPU s", "wm-es / it", "bar", "docs/s", "peak MiB")
	var ours []float64
	for i, x := range indexers {
		n := float64(b.files[x.share].events)
		speeds := figures(func(u usage) float64 { return n / u.cpu.Seconds() }, runs[i])
		ratio := "-"
		if i == 0 {
			ours = speeds
		} else {
			ratio = spread(quotients(ours, speeds))
			b.summary.put(x.row, ratio)
		}
		wall := figures(func(u usage) float64 { return n / u.wall.Seconds() }, runs[i])
		t.row(x.row.rival, fmt.Sprintf("%.0f", n), fmt.Sprintf("%.2f", 1e6/median(speeds)), fmt.Sprintf("%.0f", median(speeds)),
			ratio, x.row.bar, fmt.Sprintf("%.0f", median(wall)), mib(peak(runs[i])))
	}
	return t.flush()
}

// write runs an indexer and checks the number of documents.
func (b esBench) write(ctx context.Context, x indexer) (usage, error) {
	file := b.files[x.share]
	command := append(append([]string{}, x.command...), b.server.url)
	before := b.server.documents.Load()
	u, err := pipeline{source: []string{"cat", file.path}, command: command, sink: []string{"cat"}}.run(ctx, nil)
	if err != nil {
		return u, err
	}
	if wrote := b.server.documents.Load() - before; wrote != int64(file.events) {
		return u, fmt.Errorf("%s wrote %d of %d documents: %s", x.row.rival, wrote, file.events, strings.TrimSpace(u.messages))
	}
	return u, nil
}

// rivalIndexers returns the indexers available here and prints which are not.
func (s settings) rivalIndexers(ctx context.Context, folder string) (all []indexer) {
	if path, version, err := buildBulkIndexer(ctx, folder); err != nil {
		fmt.Fprintf(s.out, "nothing to compare with BulkIndexer: %v\n", err)
	} else {
		s.found(version)
		all = append(all, indexer{esBulkIndexer, []string{path}, 1})
	}
	python, err := installPython(ctx)
	if err != nil {
		fmt.Fprintf(s.out, "nothing to compare with parallel_bulk: %v\n", err)
		return all
	}
	s.found("Python's " + pythonClient)
	script := filepath.Join(folder, "parallel_bulk.py")
	if err := os.WriteFile(script, parallelBulk, 0o644); err != nil {
		fmt.Fprintf(s.out, "nothing to compare with parallel_bulk: %v\n", err)
		return all
	}
	return append(all,
		indexer{esDicts, []string{python, script, "dict"}, esShare},
		indexer{esTexts, []string{python, script, "text"}, esShare})
}
