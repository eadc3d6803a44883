package cmd_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/wmtools/wm/cmd/internal/cmdtest"
)

// meaning is the table of how terms are evaluated. The tests of lib/match check
// its rows; the man page lists them.
const meaning = "../lib/match/testdata/meaning.tsv"

// The man page of wm-grep has the table between two headings.
func TestManPageHasTheMeaning(t *testing.T) {
	const page, begin, end = "wm-grep/wm-grep.1", ".Sh MEANING\n", ".Sh ENVIRONMENT\n"
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(text), begin)
	_, after, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		t.Fatalf("%s lacks the headings around the table", page)
	}
	want := before + begin + meaningSection(t) + end + after
	switch {
	case want == string(text):
	case *cmdtest.Update:
		if err := os.WriteFile(page, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	default:
		t.Errorf("%s and %s differ: go test ./cmd -update", page, meaning)
	}
}

// meaningSection renders the table for mdoc.
func meaningSection(t *testing.T) string {
	var b strings.Builder
	b.WriteString("Examples of conditions: the condition, whether it holds for a line, and why.\n")
	open := false
	for _, row := range meaningRows(t) {
		if len(row) == 1 {
			if open {
				b.WriteString(".El\n")
			}
			fmt.Fprintf(&b, ".Ss %s\n.Bl -tag -width Ds\n", mdoc(strings.TrimSuffix(row[0], ".")))
			open = true
			continue
		}
		verb := map[string]string{"yes": "holds", "no": "does not hold"}[row[1]]
		fmt.Fprintf(&b, ".It %s\n%s for\n.Ql %s\n(%s)\n", mdoc(row[0]), verb, mdoc(row[2]), mdoc(row[3]))
	}
	b.WriteString(".El\n")
	return b.String()
}

// mdoc escapes text, so that nothing in it is a macro or an escape.
func mdoc(text string) string {
	text = strings.NewReplacer(`\`, `\e`, `"`, `\(dq`, `'`, `\(aq`, `~`, `\(ti`, `^`, `\(ha`).Replace(text)
	words := strings.Fields(text)
	for i, w := range words {
		words[i] = `\&` + w // a word may be the name of a macro, or a delimiter
	}
	return strings.Join(words, " ")
}

// meaningRows returns the headings, in rows of one cell, and the cases, in rows
// of four: the query, yes or no, the line, and the reason.
func meaningRows(t *testing.T) (rows [][]string) {
	text, err := os.ReadFile(meaning)
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(text), "\n") // what the file is
	for line := range strings.Lines(table) {
		line = strings.TrimSuffix(line, "\n")
		if heading, ok := strings.CutPrefix(line, "# "); ok {
			rows = append(rows, []string{heading})
		} else if line != "" {
			rows = append(rows, strings.Split(line, "\t"))
		}
	}
	return rows
}

// The command agrees with the table.
func TestMeaningAtTheCommand(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "names.txt"), []byte("Example\r\n7\n\n\"quoted\"\na|b"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, row := range meaningRows(t) {
		if len(row) == 1 {
			continue
		}
		flag, term, _ := strings.Cut(row[0], " ")
		cmd := exec.Command(filepath.Join(cmdtest.Bin(), "wm-grep"), "-c", flag, term)
		cmd.Dir, cmd.Stdin = dir, strings.NewReader(row[2]+"\n")
		out, _ := cmd.Output() // the exit code agrees with the count
		if want := map[string]string{"yes": "1\n", "no": "0\n"}[row[1]]; string(out) != want {
			t.Errorf("%s of %s: counts %q, want %q (%s)", row[0], row[2], out, want, row[3])
		}
	}
}
