package main

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strconv"
	"time"
)

// memory is the resident memory of a process in KiB. It has no samples where
// there is no /proc.
type memory struct {
	peak    int64   // between samples too
	samples []int64 // in the order of time, at even distances
}

// watchMemory samples a process until the returned function is called. The
// peak in wait4's rusage is useless: it starts with that of the parent.
func watchMemory(pid int) (stop func() memory) {
	end, done := make(chan struct{}), make(chan memory)
	go func() {
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		var m memory
		for {
			select {
			case <-end:
				done <- m
				return
			case <-tick.C:
				m.sample(pid)
			}
		}
	}()
	return func() memory {
		close(end)
		return <-done
	}
}

func (m *memory) sample(pid int) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return
	}
	if now := kibibytes(status, "VmRSS:"); now > 0 { // a process that has just ended has none
		m.samples = append(m.samples, now)
		// The kernel counts the two differently, by a few dozen KiB.
		m.peak = max(m.peak, kibibytes(status, "VmHWM:"), now)
	}
}

// kibibytes returns the value of a line like "VmRSS:	    1732 kB", or 0.
func kibibytes(status []byte, name string) int64 {
	_, rest, _ := bytes.Cut(status, []byte(name))
	line, _, _ := bytes.Cut(rest, []byte(" kB"))
	n, err := strconv.ParseInt(string(bytes.TrimSpace(line)), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// peak returns the highest of some runs.
func peak(runs []usage) (kib int64) {
	for _, u := range runs {
		kib = max(kib, u.peak)
	}
	return kib
}

// course returns the highest sample of each half of the time, and the last.
func (m memory) course() (first, second, end int64) {
	if len(m.samples) < 2 {
		return m.peak, m.peak, m.peak
	}
	middle := len(m.samples) / 2
	return slices.Max(m.samples[:middle]), slices.Max(m.samples[middle:]), m.samples[len(m.samples)-1]
}
