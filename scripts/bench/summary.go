package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"
)

// row is a line of the summary: how a program compares with a rival at a task.
type row struct {
	program, task, rival string
	bar                  string // to reach, such as ">= 20"
}

// summary collects the figures of the tasks that have a bar.
type summary struct {
	rows    []row
	figures map[row]string
	rivals  []string // names with versions
}

func newSummary(chosen []bench) *summary {
	s := &summary{figures: map[row]string{}}
	for _, b := range chosen {
		if b.rows != nil {
			s.rows = append(s.rows, b.rows()...)
		}
	}
	return s
}

// put records a figure, unless it is "-".
func (s *summary) put(r row, figure string) {
	if figure != "-" {
		s.figures[r] = figure
	}
}

// rival records the version of a rival.
func (s *summary) rival(version string) {
	if !slices.Contains(s.rivals, version) {
		s.rivals = append(s.rivals, version)
	}
}

// write prints all rows, the machine and the versions.
func (s *summary) write(out io.Writer) error {
	t := newTable(out, "program", "task", "compared with", "ratio", "bar")
	for _, r := range s.rows {
		figure, ok := s.figures[r]
		if !ok {
			figure = "not installed"
		}
		t.row(r.program, r.task, r.rival, figure, r.bar)
	}
	if err := t.flush(); err != nil {
		return err
	}
	against := ""
	if len(s.rivals) > 0 {
		against = " Compared with " + strings.Join(s.rivals, ", ") + "."
	}
	_, err := fmt.Fprintf(out, "\n%s, %s.%s\n", machine(), time.Now().UTC().Format(time.DateOnly), against)
	return err
}

// The summary is between these lines of the README.
var (
	blockBegin = []byte("<!-- make bench README=1 writes this -->\n")
	blockEnd   = []byte("<!-- end -->\n")
)

// replaceBlock replaces the summary in a file.
func (s *summary) replaceBlock(file string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	before, rest, ok := bytes.Cut(text, blockBegin)
	_, after, ok2 := bytes.Cut(rest, blockEnd)
	if !ok || !ok2 {
		return errors.New(file + ": has no block for the summary")
	}
	var block bytes.Buffer
	if err := s.write(&block); err != nil {
		return err
	}
	return os.WriteFile(file, slices.Concat(before, blockBegin, []byte("\n"), block.Bytes(), []byte("\n"), blockEnd, after), 0o644)
}
