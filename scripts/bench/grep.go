package main

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/wmtools/wm/lib/simulate"
)

const (
	grepBytes  = 1_000_000_000
	grepEvents = 100_000 // different ones; then they come again
	grepNames  = 100_000 // values of the large set
)

// query is one question in the words of the tools that can be asked it.
type query struct {
	name  string
	ours  []string // arguments of wm-grep
	rival []string // the same question to another tool, and its name in front
	share float64  // of the data that the rival gets; it is asked for the same count of that
	bar   string
}

// grepBench is wm-grep on standard input, as the middle of a pipeline.
type grepBench struct {
	settings
	program string
	folder  string // of the data
}

func grep(ctx context.Context, s settings) error {
	program, err := s.binary("wm-grep")
	if err != nil {
		return err
	}
	folder, err := os.MkdirTemp("", "wm-bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	b := grepBench{s, program, folder}
	if err := b.makeData(); err != nil {
		return err
	}
	fmt.Fprintf(b.out, "%.2f GB of made events: cat FILE | COMMAND | wc -l; median of %d interleaved runs, ratio (lowest-highest) = rival / wm-grep\n\n",
		float64(b.count(grepBytes))/1e9, b.runs)
	t := newTable(b.out, "query", "rival", "lines", "wm-grep s", "rival s", "ratio", "bar", "CPU s/GB", "rival", "peak MiB")
	for _, q := range b.queries() {
		if err := b.ask(ctx, t, q); err != nil {
			return fmt.Errorf("%s: %w", q.name, err)
		}
	}
	return t.flush()
}

// fifty are words of titles and comments.
var fifty = strings.Fields(`vandalism reverted rollback spam copyvio test hoax blanking sockpuppet disruptive merge redirect stub
	category template citation reference source link image infobox birth death film album song band football cricket hockey
	tennis olympic election party president minister church temple school university river mountain lake island village
	district railway station bridge airport`)

func (b grepBench) queries() []query {
	regex := func(name, pattern, theirs, bar string) query {
		return query{name, []string{"-e", pattern}, []string{"rg", "-e", cmp.Or(theirs, pattern)}, 1, bar}
	}
	words, names := b.path("words"), b.path("names")
	all := []query{
		regex("enwiki", "enwiki", "", ">= 1"),
		regex(".*en.wikipedia.*", ".*en.wikipedia.*", "", ">= 1"),
		regex("(?i)vandal", "(?i)vandal", "", ">= 1"),
		regex(`"bot":true.*"namespace":0`, `"bot":true.*"namespace":0`, "", ">= 1"),
		regex(`"namespace":0.*"bot":true`, `"namespace":0.*"bot":true`, "", ">= 1"),
		// Go's \b is that of ASCII, ripgrep's that of Unicode, which costs it more.
		regex(`\b(revert|undid|rvv)\b`, `\b(revert|undid|rvv)\b`, "", ">= 3"),
		regex(`\b(revert|undid|rvv)\b, rg's \b of ASCII`, `\b(revert|undid|rvv)\b`, `(?-u:\b)(revert|undid|rvv)(?-u:\b)`, ">= 1"),
		regex("IPv4", `\b(?:[0-9]{1,3}\.){3}[0-9]{1,3}\b`, `(?-u:\b)(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?-u:\b)`, ">= 1"),
		{"50 words", []string{"-f", words}, []string{"rg", "-f", words}, 1, ">= 1"},
		regex("every line", ".", "", ">= 1"),
	}
	fields := []struct {
		terms []string
		jq    string
	}{
		{[]string{"wiki=enwiki"}, `.wiki == "enwiki"`},
		{[]string{"wiki=enwiki", "bot=false"}, `.wiki == "enwiki" and .bot == false`},
		{[]string{"length.new>100000"}, `.length.new != null and .length.new > 100000`},
	}
	for _, f := range fields {
		var ours []string
		for _, term := range f.terms {
			ours = append(ours, "-k", term)
		}
		name := strings.Join(ours, " ")
		all = append(all,
			query{name, ours, []string{"jq", "-c", "select(" + f.jq + ")"}, 0.1, ">= 20"},
			query{name, ours, []string{"jaq", "-c", "select(" + f.jq + ")"}, 0.2, ">= 5"})
	}
	return append(all, query{"100,000 names against one", []string{"-k", "user@" + names}, []string{b.program, "-k", "user=Example"}, 1, ">= 0.67"})
}

func (b grepBench) path(name string) string { return filepath.Join(b.folder, name) }

// ask lets wm-grep and a rival answer a question and prints a row.
func (b grepBench) ask(ctx context.Context, t table, q query) error {
	if q.rival[0] != b.program && !installed(q.rival[0]) {
		t.row(q.name, q.rival[0]+" is not installed")
		return nil
	}
	var counts [3]string
	run := func(i int, file string, command []string) contestant {
		return func() (usage, error) {
			var out bytes.Buffer
			u, err := pipeline{[]string{"cat", b.path(file)}, command, []string{"wc", "-l"}, true}.run(ctx, &out)
			counts[i] = strings.TrimSpace(out.String())
			return u, err
		}
	}
	ours := append([]string{b.program}, q.ours...)
	file := "events"
	contestants := []contestant{run(0, file, ours)}
	if q.share < 1 {
		file = fmt.Sprintf("events-%g", q.share)
		if _, err := run(2, file, ours)(); err != nil { // for the count alone
			return err
		}
	}
	runs, err := interleave(b.runs, append(contestants, run(1, file, q.rival))...)
	if err != nil {
		return err
	}
	b.row(t, q, runs, counts)
	return nil
}

// row prints what was measured. A rival's times are for as much data as ours.
func (b grepBench) row(t table, q query, runs [][]usage, counts [3]string) {
	ours := figures(func(u usage) float64 { return u.wall.Seconds() }, runs[0])
	theirs := figures(func(u usage) float64 { return u.wall.Seconds() / q.share }, runs[1])
	ratios := make([]float64, len(ours))
	for i := range ours {
		ratios[i] = theirs[i] / ours[i]
	}
	gigabytes := float64(b.count(grepBytes)) / 1e9
	cost := func(u usage) float64 { return u.cpu.Seconds() / gigabytes }
	peak := figures(func(u usage) float64 { return mebibytes(u.peak) }, runs[0])
	lines := counts[0]
	if want := cmp.Or(counts[2], counts[0]); counts[1] != want && q.rival[0] != b.program {
		lines += fmt.Sprintf(" (rival %s instead of %s)", counts[1], want)
	}
	t.row(q.name, filepath.Base(q.rival[0])+shareNote(q.share), lines,
		fmt.Sprintf("%.2f", median(ours)), fmt.Sprintf("%.2f", median(theirs)), spread(ratios), q.bar,
		fmt.Sprintf("%.2f", median(figures(cost, runs[0]))), fmt.Sprintf("%.2f", median(figures(cost, runs[1]))/q.share),
		fmt.Sprintf("%.0f", median(peak)))
}

// shareNote says that a slow rival gets less, and that its times are scaled.
func shareNote(share float64) string {
	if share == 1 {
		return ""
	}
	return fmt.Sprintf(" (times of %.0f %%, scaled)", share*100)
}

// makeData writes the events, the shares of them for slow rivals, and the lists.
func (b grepBench) makeData() error {
	var block bytes.Buffer
	events := simulate.New(1, simulate.Options{Start: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)}).Take(min(grepEvents, b.count(grepEvents*8)))
	for _, e := range events {
		block.Write(e.Data)
		block.WriteByte('\n')
	}
	for name, size := range map[string]int{"events": b.count(grepBytes), "events-0.1": b.count(grepBytes / 10), "events-0.2": b.count(grepBytes / 5)} {
		if err := fill(b.path(name), block.Bytes(), size); err != nil {
			return err
		}
	}
	var names bytes.Buffer
	for i := range grepNames {
		fmt.Fprintln(&names, "Example user "+strconv.Itoa(i))
	}
	if err := os.WriteFile(b.path("names"), append([]byte("Example\n"), names.Bytes()...), 0o644); err != nil {
		return err
	}
	return os.WriteFile(b.path("words"), []byte(strings.Join(fifty, "\n")+"\n"), 0o644)
}

// fill writes a file of whole lines of about some size, text over and over.
func fill(name string, text []byte, size int) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	defer f.Close()
	w := bufio.NewWriterSize(f, 1<<20)
	for ; size > 0; size -= len(text) {
		if size < len(text) {
			text = text[:bytes.LastIndexByte(text[:size], '\n')+1]
		}
		if len(text) == 0 {
			break
		}
		if _, err := w.Write(text); err != nil {
			return err
		}
	}
	return w.Flush()
}
