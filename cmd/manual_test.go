package cmd_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/wmtools/wm/cmd/internal/cmdtest"
	"github.com/wmtools/wm/lib/app"
)

var (
	manFlag     = regexp.MustCompile(`\bFl (-?[A-Za-z][a-z-]*)((?: , -?[a-z][a-z-]*)*)`)
	manFlagLine = regexp.MustCompile(`(?m)^\.(?:It |Op |Pq |No )?Fl .*$`)
	manVariable = regexp.MustCompile(`\bWM_[A-Z_]+`)
	manEntry    = regexp.MustCompile(`(?m)^\.It Fl -?([a-z-]+)`)
)

func manual(t *testing.T, program string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(program, program+".1"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// allFlags returns the flags of a program and its commands.
func allFlags(d app.Description) []app.FlagText {
	flags := d.Flags
	for _, c := range d.Commands {
		flags = append(flags[:len(flags):len(flags)], c.Flags...)
	}
	return flags
}

// The man page of each program has all flags that the program has, with their
// defaults, and no others.
func TestManualsHaveTheFlags(t *testing.T) {
	for _, program := range programs {
		page := manual(t, program)
		documented := map[string]bool{}
		for _, line := range manFlagLine.FindAllString(page, -1) {
			for _, m := range manFlag.FindAllStringSubmatch(line, -1) {
				for _, name := range strings.Split(m[1]+m[2], " , ") {
					documented[strings.TrimPrefix(name, "-")] = true
				}
			}
		}
		known := map[string]bool{}
		for _, f := range allFlags(describe(t, program)) {
			for _, name := range f.Names {
				known[name] = true
				if !documented[name] {
					t.Errorf("%s.1 lacks the flag %s", program, name)
				}
			}
		}
		for name := range documented {
			if !known[name] {
				t.Errorf("%s.1 has the flag %s, which %s has not", program, name, program)
			}
		}
	}
}

// The defaults in the man pages are those of the programs.
func TestManualsHaveTheDefaults(t *testing.T) {
	for _, program := range programs {
		page := manual(t, program)
		starts := manEntry.FindAllStringSubmatchIndex(page, -1)
		for _, f := range describe(t, program).Flags {
			if f.Default == "" || slices.Contains([]string{"workers", "data", "rejects"}, f.Names[0]) || len(f.Names[0]) == 1 {
				continue // depends on the machine, or on another flag
			}
			found := false
			for i, m := range starts {
				end := len(page)
				if i+1 < len(starts) {
					end = starts[i+1][0]
				}
				if page[m[2]:m[3]] == f.Names[0] && strings.Contains(page[m[0]:end], strings.TrimSuffix(f.Default, "0s")) {
					found = true
				}
			}
			if !found {
				t.Errorf("%s.1 lacks the default of --%s, %s", program, f.Names[0], f.Default)
			}
		}
	}
}

// The man page of each program names the environment variables that follow no
// rule, and only variables that the program reads.
func TestManualsHaveTheVariables(t *testing.T) {
	for _, program := range programs {
		rule := strings.ReplaceAll(strings.ToUpper(program), "-", "_") + "_"
		read := []string{rule}
		page := manual(t, program)
		for _, f := range allFlags(describe(t, program)) {
			read = append(read, f.Variable)
			if f.Variable != "" && !strings.HasPrefix(f.Variable, rule) && !strings.Contains(page, ".Ev "+f.Variable) {
				t.Errorf("%s.1 lacks the variable %s", program, f.Variable)
			}
		}
		if slices.Contains(read, "WM_ES") {
			read = append(read, "WM_ES_PASSWORD", "WM_ES_API_KEY")
		}
		for _, name := range manVariable.FindAllString(page, -1) {
			if !slices.Contains(read, name) {
				t.Errorf("%s.1 has the variable %s, which %s does not read", program, name, program)
			}
		}
	}
}

// The man page of each program has the exit codes that the program has: 1 is only
// wm-grep's, when nothing matches.
func TestManualsHaveTheExitCodes(t *testing.T) {
	digit := regexp.MustCompile(`\b[0-9]\b`)
	for _, program := range programs {
		_, rest, _ := strings.Cut(manual(t, program), ".Sh EXIT STATUS\n")
		section, _, _ := strings.Cut(rest, "\n.Sh ")
		documented := digit.FindAllString(section, -1)
		slices.Sort(documented)
		documented = slices.Compact(documented)
		codes := []string{exitCode(program, "-h"), exitCode(program, "--no-such-flag")}
		if program == "wm-grep" {
			codes = append(codes, exitCode(program, "x"))
		}
		slices.Sort(codes)
		if !slices.Equal(codes, documented) {
			t.Errorf("%s.1 has the exit codes %q, %s has %q", program, documented, program, codes)
		}
	}
}

func exitCode(program string, args ...string) string {
	cmd := exec.Command(filepath.Join(cmdtest.Bin(), program), args...)
	_ = cmd.Run()
	return string(rune('0' + cmd.ProcessState.ExitCode()))
}

// The man pages are correct mdoc.
func TestManualsAreCorrect(t *testing.T) {
	cmdtest.Need(t, "mandoc")
	pages, _ := filepath.Glob("*/*.1")
	out, err := exec.Command("mandoc", append([]string{"-T", "lint", "-W", "warning", "wm.7"}, pages...)...).CombinedOutput()
	if err != nil || len(out) > 0 {
		t.Errorf("%v\n%s", err, out)
	}
}
