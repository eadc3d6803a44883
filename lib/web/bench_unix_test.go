//go:build unix

package web

import (
	"syscall"
	"time"
)

// cpuTime returns the CPU time of the process, including the benchmark's clients.
func cpuTime() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
