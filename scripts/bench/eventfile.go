package main

import (
	"bufio"
	"os"

	"github.com/wmtools/wm/lib/simulate"
)

// eventFile is a file of synthetic events, one per line.
type eventFile struct {
	path   string
	size   int // bytes
	events int
}

// writeEvents writes a file of at least size bytes of events in realistic
// proportions and calls each, if set, for every one. The same options produce the
// same events.
func writeEvents(path string, size int, o simulate.Options, each func(simulate.Event)) (eventFile, error) {
	file := eventFile{path: path}
	f, err := os.Create(path)
	if err != nil {
		return file, err
	}
	defer f.Close()
	out := bufio.NewWriterSize(f, 1<<20)
	for events := simulate.New(1, o); file.size < size; file.events++ {
		e := events.Next()
		if each != nil {
			each(e)
		}
		n, err := out.Write(append(e.Data, '\n'))
		if err != nil {
			return file, err
		}
		file.size += n
	}
	if err := out.Flush(); err != nil {
		return file, err
	}
	return file, f.Sync() // or the disk is written to while the first command runs
}
