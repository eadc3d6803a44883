package cmd_test

import (
	"bytes"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/wmtools/wm/cmd/internal/cmdtest"
)

// command is a line of help that lists a subcommand.
var command = regexp.MustCompile(`(?m)^  ([a-z-]+)  +\S`)

// The help of every program and subcommand fits a terminal of 80 columns and 24
// lines and opens with two examples.
func TestHelpFitsTheScreen(t *testing.T) {
	programs, err := filepath.Glob("wm-*")
	if err != nil || len(programs) == 0 {
		t.Fatalf("no programs: %v", err)
	}
	for _, program := range programs {
		page := checkHelp(t, program)
		if !strings.Contains(page, program+" COMMAND") {
			continue
		}
		commands := command.FindAllStringSubmatch(page, -1)
		listed := 0
		for _, c := range commands {
			if !strings.HasPrefix(c[1], program) {
				checkHelp(t, program, c[1])
				listed++
			}
		}
		if listed == 0 {
			t.Errorf("%s -h lists no commands:\n%s", program, page)
		}
	}
}

func checkHelp(t *testing.T, name ...string) string {
	t.Helper()
	cmd := exec.Command(filepath.Join(cmdtest.Bin(), name[0]), append(name[1:], "-h")...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil || stderr.Len() > 0 {
		t.Errorf("%s -h: %v: %s", strings.Join(name, " "), err, &stderr)
	}
	lines := strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
	if len(lines) > 24 {
		t.Errorf("%s -h has %d lines", strings.Join(name, " "), len(lines))
	}
	for _, line := range lines {
		if utf8.RuneCountInString(line) > 80 {
			t.Errorf("%s -h: %d columns: %s", strings.Join(name, " "), utf8.RuneCountInString(line), line)
		}
	}
	if n := len(examples(string(out))); n != 2 {
		t.Errorf("%s -h opens with %d examples:\n%s", strings.Join(name, " "), n, out)
	}
	return string(out)
}

// examples returns the first lines of the second paragraph's entries.
func examples(page string) (lines []string) {
	_, rest, _ := strings.Cut(page, "\n\n")
	paragraph, _, _ := strings.Cut(rest, "\n\n")
	for line := range strings.SplitSeq(paragraph, "\n") {
		if strings.HasPrefix(line, "  ") && !strings.HasPrefix(line, "   ") {
			lines = append(lines, line)
		}
	}
	return lines
}
