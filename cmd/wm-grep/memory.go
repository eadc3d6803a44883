package main

import (
	"runtime"
	"runtime/debug"
)

// boundMemory makes the garbage collector run before the process is large,
// instead of when the heap has doubled. The limit allows for the query and for
// what the reader and the workers hold at most.
func boundMemory(workers, maxLine int) {
	const mib = 1 << 20
	var query runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&query)
	debug.SetMemoryLimit(int64(query.HeapAlloc) + int64(2*maxLine) + int64(4+2*workers)*mib)
}
