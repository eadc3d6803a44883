package main

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/wmtools/wm/lib/simulate"
)

const (
	storeBytes = 1_250_000_000 // of events: about 1,000,000
	storeIndex = "wm-bench"
	storeHeap  = "2g" // of the node
)

var (
	storeIngest = storeRow("documents ingested per second", ">= 1.5")
	storeMemory = storeRow("resident memory", "<= 0.2")
	storeDisk   = storeRow("disk", "<= 0.8")
)

// storeRow is a task of the store in the summary.
func storeRow(task, bar string) row { return row{"wm-store", task, "Elasticsearch", bar} }

func storeRows() []row {
	rows := []row{storeIngest}
	for _, q := range storeSearches {
		if q.bar != "" {
			rows = append(rows, q.row())
		}
	}
	return append(rows, storeMemory, storeDisk)
}

// storeBench compares wm-store with Elasticsearch: the same events, loaded by wm-es
// with its template, and the searches of the dashboard.
type storeBench struct {
	settings
	loader string
	file   eventFile
}

func storeAndNode(ctx context.Context, s settings) error {
	loader, err := s.binary("wm-es")
	if err != nil {
		return err
	}
	folder, err := os.MkdirTemp("", "wm-bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	b := storeBench{settings: s, loader: loader}
	size := b.count(storeBytes)
	// One day, however many events there are.
	rate := float64(size) / 1250 / (24 * time.Hour).Seconds()
	if b.file, err = writeEvents(filepath.Join(folder, "events"), size, simulate.Options{Canary: -1, Rate: rate}, nil); err != nil {
		return err
	}
	ours, err := s.startStore(ctx, filepath.Join(folder, "store"))
	if err != nil {
		return err
	}
	defer ours.stop()
	servers := []searchServer{ours}
	if url, stop, err := s.startNode(ctx, folder, storeHeap); err != nil {
		fmt.Fprintf(s.out, "no Elasticsearch to compare with: %v\n", err)
	} else {
		defer stop()
		servers = append(servers, javaServer(url, stop))
	}
	return b.compare(ctx, servers)
}

func (b storeBench) compare(ctx context.Context, servers []searchServer) error {
	t := newTable(b.out, "figure", "wm-store", "Elasticsearch", "wm-store / Elasticsearch", "bar")
	var rates []float64
	for _, s := range servers {
		rate, err := b.load(ctx, s)
		if err != nil {
			return err
		}
		rates = append(rates, rate)
	}
	b.summary.put(storeIngest, t.figures("ingest, documents/s", 0, rates, storeIngest.bar))
	time.Sleep(5 * time.Second) // both have work left in the background
	for _, q := range storeSearches {
		runs, err := interleave(max(b.runs, 7), searches(ctx, servers, q.body)...)
		if err != nil {
			return fmt.Errorf("%s: %w", q.name, err)
		}
		ms := func(u usage) float64 { return float64(u.wall.Microseconds()) / 1000 }
		b.summary.put(q.row(), t.compare(q.name+", ms", 1, ms, runs, q.bar))
	}
	var memory, disk []float64
	for _, s := range servers {
		memory = append(memory, s.residentMB())
		disk = append(disk, folderMB(s.data))
	}
	b.summary.put(storeMemory, t.figures("resident memory, MB", 0, memory, storeMemory.bar))
	b.summary.put(storeDisk, t.figures("disk, MB", 0, disk, storeDisk.bar))
	fmt.Fprintf(b.out, "%d documents; median of %d interleaved searches, ratio (lowest-highest)\n\n", b.file.events, max(b.runs, 7))
	return t.flush()
}

// figures adds a row of one figure of each server and returns the ratio.
func (t table) figures(what string, digits int, values []float64, bar string) (ratio string) {
	theirs, ratio := "-", "-"
	if len(values) > 1 {
		theirs, ratio = fmt.Sprintf("%.*f", digits, values[1]), fmt.Sprintf("%.2f", values[0]/values[1])
	}
	t.row(what, fmt.Sprintf("%.*f", digits, values[0]), theirs, ratio, bar)
	return ratio
}

// load lets wm-es write all events and returns documents per second.
func (b storeBench) load(ctx context.Context, s searchServer) (float64, error) {
	n := nodeBench{settings: b.settings, program: b.loader, url: s.url, file: b.file}
	if err := n.empty(ctx); err != nil {
		return 0, err
	}
	begin := time.Now()
	if _, err := (pipeline{source: []string{"cat", b.file.path}, command: n.wmES(s.url), sink: []string{"cat"}}).run(ctx, nil); err != nil {
		return 0, err
	}
	seconds := time.Since(begin).Seconds()
	found, err := n.documents(ctx)
	if err == nil && found != b.file.events {
		err = fmt.Errorf("%s has %d of %d documents", s.url, found, b.file.events)
	}
	return float64(found) / seconds, err
}

// searches are a search on each of the servers.
func searches(ctx context.Context, servers []searchServer, body string) []contestant {
	var list []contestant
	for _, s := range servers {
		list = append(list, func() (usage, error) {
			begin := time.Now()
			_, err := s.post(ctx, http.MethodPost, "/"+storeIndex+"/_search?request_cache=false", body)
			return usage{wall: time.Since(begin)}, err
		})
	}
	return list
}

func (s searchServer) residentMB() float64 {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.pid))
	if err != nil {
		return 0
	}
	return float64(kibibytes(status, "VmRSS:")) / 1000
}

func folderMB(dir string) float64 {
	total := int64(0)
	_ = filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error { // files may disappear during the walk
		if err != nil || d.IsDir() {
			return nil
		}
		if info, err := d.Info(); err == nil {
			total += info.Size()
		}
		return nil
	})
	return float64(total) / 1e6
}

// javaServer finds the process and the folder of a node. Of the processes with
// its environment, the launcher is small.
func javaServer(url string, stop func()) searchServer {
	s := searchServer{url: url, stop: stop}
	port := url[strings.LastIndexByte(url, ':')+1:]
	environments, _ := filepath.Glob("/proc/[0-9]*/environ") // the pattern is well formed
	for _, path := range environments {
		text, err := os.ReadFile(path)
		_, home, found := bytes.Cut(text, []byte("ES_PATH_CONF="))
		if err != nil || !found {
			continue
		}
		home, _, _ = bytes.Cut(home, []byte{0})
		config, err := os.ReadFile(filepath.Join(string(home), "elasticsearch.yml"))
		if err != nil || !bytes.Contains(config, []byte("http.port: "+port)) {
			continue
		}
		p := searchServer{url: url, stop: stop, data: filepath.Join(filepath.Dir(string(home)), "data")}
		if p.pid, _ = strconv.Atoi(filepath.Base(filepath.Dir(path))); p.residentMB() > s.residentMB() {
			s = p
		}
	}
	return s
}
