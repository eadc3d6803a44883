package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/urfave/cli/v2"
)

func TestPermute(t *testing.T) {
	a := &cli.App{
		Flags: []cli.Flag{
			&cli.BoolFlag{Name: "c"}, &cli.BoolFlag{Name: "i"}, &cli.StringSliceFlag{Name: "k"}, &cli.StringFlag{Name: "url"},
			&cli.Int64Flag{Name: "m"},
		},
		Commands: []*cli.Command{{Name: "init", Flags: []cli.Flag{&cli.StringFlag{Name: "es"}}}},
	}
	for in, want := range map[string]string{
		"PATTERN -c":             "-c -- PATTERN",
		"PATTERN -k a=b -c":      "-k a=b -c -- PATTERN",
		"PATTERN -ick a=b":       "-ick a=b -- PATTERN",
		"-k=a=b PATTERN":         "-k=a=b -- PATTERN",
		"-ka=b PATTERN -cm5":     "-k a=b -cm 5 -- PATTERN",
		"-m=5 -url=u -um5":       "-m=5 -url=u -um5",
		"-c -- -PATTERN -i":      "-c -- -PATTERN -i",
		"- -c":                   "-c -- -",
		"s1 --url http://x s2":   "--url http://x -- s1 s2",
		"init x --es u":          "init --es u -- x",
		"--url":                  "--url",
		"PATTERN --unheard-of x": "--unheard-of -- PATTERN x",
	} {
		got := permute(a, append([]string{"tool"}, strings.Fields(in)...))
		if want := append([]string{"tool"}, strings.Fields(want)...); !slices.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", in, got, want)
		}
	}
}

func TestExitCode(t *testing.T) {
	tests := []struct {
		err    error
		code   int
		stderr string
	}{
		{nil, 0, ""},
		{NoMatch, 1, ""},
		{Failed, 2, ""},
		{fmt.Errorf("write /dev/stdout: %w", syscall.EPIPE), 0, ""},
		{errors.Join(errors.New("first"), errors.New("second")), 2, "wm: first\nwm: second\n"},
		{fmt.Errorf("outer: %w", Usage("bad flag")), 2, "wm: outer: bad flag\nwm: hint: see -h\n"},
	}
	for _, tt := range tests {
		var out strings.Builder
		if code := exitCode(&out, "wm", tt.err); code != tt.code || out.String() != tt.stderr {
			t.Errorf("%v: exit %d, stderr %q; want %d, %q", tt.err, code, out.String(), tt.code, tt.stderr)
		}
	}
}

func TestProblemsDoNotBuryTheRest(t *testing.T) {
	var out strings.Builder
	p := Problems{Out: &out, Name: "wm"}
	if p.Err() != nil {
		t.Error("an error without a problem")
	}
	for i := range 5000 {
		p.Report(fmt.Errorf("stdin:%d: bad", i+1))
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(lines) != reported+1+5 || lines[9] != "wm: stdin:10: bad" || lines[15] != "wm: stdin:5000: bad (number 5000)" {
		t.Errorf("got %d lines: %q", len(lines), lines)
	}
	if p.Count() != 5000 || p.Err() != Failed {
		t.Errorf("count %d, status %v", p.Count(), p.Err())
	}
}

func TestProblemsPrintAHintOnce(t *testing.T) {
	var out strings.Builder
	p := Problems{Out: &out, Name: "wm"}
	for i := range 3 {
		p.Report(&advice{fmt.Errorf("stdin:%d: bad", i+1), "convert it"})
	}
	if want := "wm: stdin:1: bad\nwm: hint: convert it\nwm: stdin:2: bad\nwm: stdin:3: bad\n"; out.String() != want {
		t.Errorf("got %q, want %q", out.String(), want)
	}
}

// After a signal, a stage whose input is a pipe reads on for a while; one whose
// reader has exited does not.
func TestStages(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	defer w.Close()
	file, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	tests := []struct {
		name       string
		in         *os.File
		cause      error
		read, work bool // ended at once
	}{
		{"signal, pipe", r, nil, false, false},
		{"signal, file", file, nil, true, false},
		{"reader gone, pipe", r, ErrReaderGone, true, true},
		{"reader gone, file", file, ErrReaderGone, true, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, end := context.WithCancelCause(t.Context())
				read, work := Stages(ctx, tt.in, time.Second)
				end(tt.cause)
				synctest.Wait()
				if (read.Err() != nil) != tt.read || (work.Err() != nil) != tt.work {
					t.Errorf("at once: reading ended %v, working ended %v; want %v, %v", read.Err(), work.Err(), tt.read, tt.work)
				}
				time.Sleep(time.Second)
				synctest.Wait()
				if read.Err() == nil || work.Err() == nil {
					t.Errorf("after the time to drain: reading %v, working %v", read.Err(), work.Err())
				}
			})
		})
	}
}
