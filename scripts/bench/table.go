package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"text/tabwriter"
)

// table is printed in Markdown.
type table struct{ w *tabwriter.Writer }

func newTable(out io.Writer, columns ...string) table {
	t := table{tabwriter.NewWriter(out, 0, 0, 1, ' ', 0)}
	t.row(columns...)
	t.row(strings.Split(strings.Repeat("-", len(columns)), "")...)
	return t
}

func (t table) row(cells ...string) {
	for i, cell := range cells {
		cells[i] = strings.ReplaceAll(cell, "|", `\|`) // even in code, Markdown ends the cell there
	}
	fmt.Fprintf(t.w, "| %s\t|\n", strings.Join(cells, "\t| "))
}

func (t table) flush() error { return t.w.Flush() }

// measure is a figure of a run.
type measure func(usage) float64

// compare adds a row with the medians of a figure: of our runs, of the rival's,
// and of the ratios of the two, with the lowest and the highest. It returns the
// ratio, which is "-" without a rival.
func (t table) compare(what string, digits int, m measure, runs [][]usage, bar string) (ratio string) {
	ours := figures(m, runs[0])
	theirs, ratio := "-", "-"
	if len(runs) > 1 {
		rival := figures(m, runs[1])
		theirs = fmt.Sprintf("%.*f", digits, median(rival))
		ratio = spread(quotients(ours, rival))
	}
	t.row(what, fmt.Sprintf("%.*f", digits, median(ours)), theirs, ratio, bar)
	return ratio
}

// spread prints ratios: their median, the lowest and the highest.
func spread(ratios []float64) string {
	return fmt.Sprintf("%.2f (%.2f-%.2f)", median(ratios), slices.Min(ratios), slices.Max(ratios))
}

// quotients returns the ratio of each pair.
func quotients(over, under []float64) (ratios []float64) {
	for i := range over {
		ratios = append(ratios, over[i]/under[i])
	}
	return ratios
}

func figures(m measure, runs []usage) (values []float64) {
	for _, u := range runs {
		values = append(values, m(u))
	}
	return values
}

// median returns the median of at least one value.
func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}

var modelName = regexp.MustCompile(`(?m)^model name\s*: (.*)$`)

// machine describes the machine.
func machine() string {
	about := fmt.Sprintf("%d cores, %s/%s, %s", runtime.NumCPU(), runtime.GOOS, runtime.GOARCH, runtime.Version())
	if info, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		if m := modelName.FindSubmatch(info); m != nil {
			about += ", " + strings.TrimSpace(string(m[1]))
		}
	}
	return about
}

// version returns the name and version that a command prints: "curl 7.88.1".
func version(name string) string {
	out, err := exec.Command(name, "--version").Output()
	words := strings.Fields(string(out))
	if err != nil || len(words) == 0 {
		return name + " of unknown version"
	}
	return strings.Join(words[:min(2, len(words))], " ") // "jq-1.6" is one word
}
