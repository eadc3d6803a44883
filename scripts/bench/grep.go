package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// grepBytes is the amount of data that cat reads from a file, in place of wm-tail.
const grepBytes = 1_000_000_000

// filterBench is a filter in the middle of a pipeline.
type filterBench struct {
	settings
	name    string // of the program
	program string // its path
	data    grepData
}

// newFilterBench generates the data in a folder and prints which rivals exist.
func newFilterBench(s settings, name, folder string, rivals ...string) (b filterBench, err error) {
	b = filterBench{settings: s, name: name}
	if b.program, err = s.binary(name); err != nil {
		return b, err
	}
	if b.data, err = makeGrepData(folder, s.count(grepBytes)); err != nil {
		return b, err
	}
	for _, rival := range rivals {
		s.rival(rival)
	}
	return b, nil
}

func grep(ctx context.Context, s settings) error {
	folder, err := os.MkdirTemp("", "wm-bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	b, err := newFilterBench(s, "wm-grep", folder, "rg", "jq", "jaq")
	if err != nil {
		return err
	}
	if err := b.askAll(ctx, b.questions()); err != nil {
		return err
	}
	_, err = fmt.Fprintf(b.out, "%s\nNAME: of a user; FILE has it and %d others\n"+
		"words: drawn from titles and comments: %s\n", wordBoundaries, grepNames-1, strings.Join(b.data.words, " "))
	return err
}

// askAll prints a table with a row for each question.
func (b filterBench) askAll(ctx context.Context, questions []question) error {
	fmt.Fprintf(b.out, "%.3g GB of made events, cat FILE | COMMAND | wc -l, median of %d interleaved runs, ratio of seconds (lowest-highest)\n\n",
		float64(b.data.events.size)/1e9, b.runs)
	t := newTable(b.out, "question", "rival", "lines", b.name+" s", "rival s", "ratio", "bar", "CPU s/GB", "rival", "peak MiB")
	for _, q := range questions {
		if err := b.ask(ctx, t, q); err != nil {
			return fmt.Errorf("%s: %w", q.name, err)
		}
	}
	if err := t.flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(b.out, "\nshare: the part of the data that the rival reads; its seconds are divided by it\n"+
		"lines: of all the data by %s; where the rival prints another number on its share, both are given\n", b.name)
	return err
}

// wordBoundaries explains why counts may differ for patterns with \b.
const wordBoundaries = `\b: wm-grep uses ASCII word boundaries, as (?-u:\b) does; ripgrep uses Unicode, which has no boundary next to a letter such as é`

// ask runs the program and a rival on a question and prints a row.
func (b filterBench) ask(ctx context.Context, t table, q question) error {
	if !installed(q.rival[0]) {
		t.row(q.name, q.rival[0]+" is not installed", "-", "-", "-", "-", q.bar, "-", "-", "-")
		return nil
	}
	whole, part := b.data.events.path, b.data.events.path
	if q.slow {
		part = b.data.part.path
	}
	ours := append([]string{b.program}, q.ours...)
	var lines, theirs string
	runs, err := interleave(b.runs, counting(ctx, &lines, whole, ours), counting(ctx, &theirs, part, q.rival))
	if err != nil {
		return err
	}
	expected := lines
	if part != whole {
		if _, err := counting(ctx, &expected, part, ours)(); err != nil {
			return err
		}
	}
	if theirs != expected {
		lines += fmt.Sprintf(", rival %s for %s", theirs, expected)
	}
	ratio := b.row(t, q, lines, runs)
	b.summary.put(q.row(b.name), ratio)
	return nil
}

// counting is a command that reads a file from cat, and the number of lines it
// printed.
func counting(ctx context.Context, lines *string, file string, command []string) contestant {
	p := pipeline{source: []string{"cat", file}, command: command, sink: []string{"wc", "-l"}, filter: true}
	return func() (usage, error) {
		var out bytes.Buffer
		u, err := p.run(ctx, &out)
		*lines = strings.TrimSpace(out.String())
		return u, err
	}
}

// row prints a row and returns the ratio in it.
func (b filterBench) row(t table, q question, lines string, runs [][]usage) (ratio string) {
	seconds := func(u usage) float64 { return u.wall.Seconds() }
	ours, theirs := figures(seconds, runs[0]), figures(seconds, runs[1])
	share := q.share()
	for i := range theirs {
		theirs[i] /= share
	}
	cost := func(u usage) float64 { return u.cpu.Seconds() / (float64(b.data.events.size) / 1e9) }
	ratio = spread(quotients(theirs, ours))
	t.row(q.name, q.opponent(), lines,
		fmt.Sprintf("%.2f", median(ours)), fmt.Sprintf("%.2f", median(theirs)), ratio, q.bar,
		fmt.Sprintf("%.2f", median(figures(cost, runs[0]))), fmt.Sprintf("%.2f", median(figures(cost, runs[1]))/share),
		mib(peak(runs[0])))
	return ratio
}

// opponent names the rival of a question, and what is special about it.
func (q question) opponent() string {
	name := q.against()
	if q.slow {
		name += fmt.Sprintf(", share %g", grepShare)
	}
	return name
}

// against is the same without the share.
func (q question) against() string {
	name := filepath.Base(q.rival[0])
	if q.note != "" {
		name += ", " + q.note
	}
	return name
}

// row is the question in the summary.
func (q question) row(program string) row {
	return row{program, "`" + q.name + "`", q.against(), q.bar}
}

// rowsOf returns those of questions that have a bar.
func rowsOf(program string, questions []question) (rows []row) {
	for _, q := range questions {
		if q.bar != "" {
			rows = append(rows, q.row(program))
		}
	}
	return rows
}

// grepRows needs no data: they do not change the rows.
func grepRows() []row {
	const program = "wm-grep"
	return rowsOf(program, filterBench{program: program}.questions())
}
