package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"
)

// usage is the cost of a run of a command.
type usage struct {
	wall time.Duration
	cpu  time.Duration // user and system, of the command alone
	cat  time.Duration // the same for the sink that reads from it
	memory
	messages string // its stderr
}

// pipeline is what a shell runs as SOURCE | COMMAND | SINK. Only the command is
// measured, and what the sink costs.
type pipeline struct {
	source  []string // none: the command reads nothing
	command []string
	sink    []string
	filter  bool // exit code 1 of the command means that nothing matched
}

// intoCat runs a command as a shell runs COMMAND | cat >/dev/null.
func intoCat(ctx context.Context, command ...string) (usage, error) {
	return pipeline{command: command, sink: []string{"cat"}}.run(ctx, nil)
}

// run runs all of the pipeline and returns when it has ended. What the sink
// prints goes to out; nil discards it.
func (p pipeline) run(ctx context.Context, out io.Writer) (usage, error) {
	var messages bytes.Buffer
	sink := exec.CommandContext(ctx, p.sink[0], p.sink[1:]...)
	command := exec.CommandContext(ctx, p.command[0], p.command[1:]...)
	command.Stderr = &messages
	sink.Stdout = out
	stages := []*exec.Cmd{command, sink}
	if p.source != nil {
		stages = append([]*exec.Cmd{exec.CommandContext(ctx, p.source[0], p.source[1:]...)}, stages...)
	}
	begin := time.Now()
	if err := startAll(stages); err != nil {
		return usage{}, err
	}
	watched := watchMemory(command.Process.Pid)
	err := command.Wait()
	if p.filter && command.ProcessState.ExitCode() == 1 {
		err = nil
	}
	u := usage{wall: time.Since(begin), cpu: cpu(command), memory: watched(), messages: messages.String()}
	for _, other := range stages {
		if other == command {
			continue
		}
		if otherErr := other.Wait(); err == nil && otherErr != nil {
			return u, fmt.Errorf("%s: %w", other.Path, otherErr)
		}
	}
	u.cat = cpu(sink)
	if err != nil {
		return u, fmt.Errorf("%s: %w: %s", p.command[0], err, strings.TrimSpace(u.messages))
	}
	return u, nil
}

// startAll starts commands, the last one first, each with its output in a pipe to
// the next. If one fails to start, those already started end at the end of their
// input.
func startAll(stages []*exec.Cmd) error {
	var next *os.File // where the stage before the one that was started writes to
	for i := len(stages) - 1; i >= 0; i-- {
		if next != nil {
			stages[i].Stdout = next
		}
		var in *os.File
		if i > 0 {
			r, w, err := os.Pipe()
			if err != nil {
				return err
			}
			stages[i].Stdin, in = r, w
			defer r.Close()
		}
		err := stages[i].Start()
		if next != nil {
			next.Close() // the stage has a copy; otherwise the next one never sees the end
		}
		if err != nil {
			if in != nil {
				in.Close()
			}
			return err
		}
		next = in
	}
	return nil
}

func cpu(c *exec.Cmd) time.Duration {
	return c.ProcessState.UserTime() + c.ProcessState.SystemTime()
}

// contestant is a command that is measured.
type contestant func() (usage, error)

// interleave runs each contestant the given number of times and returns the runs
// of each. They take turns, in a different order each time, so that none benefits
// from a machine that becomes faster or slower.
func interleave(times int, contestants ...contestant) ([][]usage, error) {
	runs := make([][]usage, len(contestants))
	for i := range times {
		for j := range contestants {
			k := (i + j) % len(contestants)
			u, err := contestants[k]()
			if err != nil {
				return nil, err
			}
			runs[k] = append(runs[k], u)
		}
	}
	return runs, nil
}
