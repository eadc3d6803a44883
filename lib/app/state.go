package app

import (
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"sync/atomic"
	"time"
)

var stateText atomic.Pointer[func() string]

// OnStateSignal sets the function whose text the program prints to stderr on SIGUSR1:
// lines about its progress. By default it prints how long it has been running. text is
// called from another goroutine. Windows has no SIGUSR1.
func OnStateSignal(text func() string) { stateText.Store(&text) }

// printStateOnSignal also keeps SIGUSR1 from ending a program, because it is
// often sent to all programs of a pipeline.
func printStateOnSignal(w io.Writer, name string) {
	if stateSignal == nil {
		return
	}
	start, received := time.Now(), make(chan os.Signal, 1)
	signal.Notify(received, stateSignal)
	go func() {
		for range received {
			text := fmt.Sprintf("running for %v", time.Since(start).Round(time.Second))
			if f := stateText.Load(); f != nil {
				text = (*f)()
			}
			for line := range strings.SplitSeq(text, "\n") {
				fmt.Fprintf(w, "%s: %s\n", name, line)
			}
		}
	}()
}
