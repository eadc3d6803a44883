package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"
)

// usage is what a run of a command cost.
type usage struct {
	wall time.Duration
	cpu  time.Duration // user and system, of the command alone
	cat  time.Duration // the same of the cat behind it
	memory
	messages string // what it said on stderr
}

// intoCat runs a command as a shell runs COMMAND | cat >/dev/null.
func intoCat(ctx context.Context, command ...string) (usage, error) {
	r, w, err := os.Pipe()
	if err != nil {
		return usage{}, err
	}
	cat := exec.CommandContext(ctx, "cat")
	cat.Stdin = r
	client := exec.CommandContext(ctx, command[0], command[1:]...)
	var messages bytes.Buffer
	client.Stdout, client.Stderr = w, &messages
	begin := time.Now()
	err = cat.Start()
	r.Close()
	if err != nil {
		w.Close()
		return usage{}, err
	}
	err = client.Start()
	w.Close() // cat ends when the client has
	if err != nil {
		_ = cat.Wait()
		return usage{}, err
	}
	watched := watchMemory(client.Process.Pid)
	err = client.Wait()
	u := usage{wall: time.Since(begin), cpu: cpu(client), memory: watched(), messages: messages.String()}
	if catErr := cat.Wait(); err == nil && catErr != nil {
		return u, fmt.Errorf("cat: %w", catErr)
	}
	u.cat = cpu(cat)
	if err != nil {
		return u, fmt.Errorf("%s: %w: %s", command[0], err, strings.TrimSpace(u.messages))
	}
	return u, nil
}

func cpu(c *exec.Cmd) time.Duration {
	return c.ProcessState.UserTime() + c.ProcessState.SystemTime()
}

// contestant is a command that is measured.
type contestant func() (usage, error)

// interleave lets each contestant run so many times and returns the runs of
// each. They take turns, each time in another order, so that none gains from a
// machine that becomes faster or slower.
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
