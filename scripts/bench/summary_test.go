package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// rowsIn returns the rows of the summary in a text, without their figures.
func rowsIn(t *testing.T, text string) (rows []row) {
	t.Helper()
	_, block, ok := strings.Cut(text, string(blockBegin))
	block, _, ok2 := strings.Cut(block, string(blockEnd))
	if !ok || !ok2 {
		t.Fatal("the text has no block for the summary")
	}
	for line := range strings.Lines(block) {
		cells := strings.Split(strings.ReplaceAll(line, `\|`, "\x00"), "|")
		if len(cells) != 7 {
			continue
		}
		for i, cell := range cells {
			cells[i] = strings.ReplaceAll(strings.TrimSpace(cell), "\x00", "|")
		}
		rows = append(rows, row{cells[1], cells[2], cells[3], cells[5]})
	}
	return rows[min(2, len(rows)):] // after the header
}

func TestSummaryReplacesTheBlock(t *testing.T) {
	s := newSummary(benches)
	for _, r := range s.rows[1:] {
		s.put(r, "1.00 (1.00-1.00)")
	}
	file := filepath.Join(t.TempDir(), "README.md")
	if err := os.WriteFile(file, []byte("before\n"+string(blockBegin)+"old\n"+string(blockEnd)+"after\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time, the block has a table
		if err := s.replaceBlock(file); err != nil {
			t.Fatal(err)
		}
	}
	text := string(readFile(t, file))
	if got := rowsIn(t, text); !slices.Equal(got, s.rows) {
		t.Errorf("rows %q\nwant %q", got, s.rows)
	}
	if !strings.HasPrefix(text, "before\n<!--") || !strings.HasSuffix(text, "-->\nafter\n") || strings.Contains(text, "old") ||
		strings.Count(text, "not installed") != 1 || strings.Count(text, "1.00 (1.00-1.00)") != len(s.rows)-1 {
		t.Errorf("the file is\n%s", text)
	}
}

// The table of the README must be that of the benches here.
func TestReadmeHasEveryRow(t *testing.T) {
	got, want := rowsIn(t, string(readFile(t, "../../README.md"))), newSummary(benches).rows
	if len(got) > 0 && !slices.Equal(got, want) {
		t.Errorf("README.md has the rows\n%q\nwant\n%q\nrun make bench README=1", got, want)
	}
}
