package main

import (
	"runtime"
	"runtime/debug"
)

// boundMemory has garbage collected before the process is large, rather than
// when the heap has doubled: there is room for what the reader and the workers
// hold at most, besides what the query needs.
func boundMemory(workers, maxLine int) {
	const mib = 1 << 20
	var query runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&query)
	debug.SetMemoryLimit(int64(query.HeapAlloc) + int64(2*maxLine) + int64(16+2*workers)*mib)
}
