package cmd_test

import "syscall"

// peakMemory returns the peak of a process that has ended, in bytes.
func peakMemory(w *wmTail) int64 {
	return w.ProcessState.SysUsage().(*syscall.Rusage).Maxrss << 10
}
