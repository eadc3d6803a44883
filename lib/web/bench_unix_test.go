//go:build unix

package web

import (
	"syscall"
	"time"
)

// cpuTime is what the process has used, clients of the benchmark included.
func cpuTime() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
