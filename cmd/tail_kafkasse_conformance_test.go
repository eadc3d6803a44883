//go:build conformance

package cmd_test

import (
	"testing"
	"time"

	"github.com/wmtools/wm/cmd/internal/cmdtest"
	"github.com/wmtools/wm/lib/simulate"
)

func TestTailOnKafkaSSE(t *testing.T) { runTailCases(t, cmdtest.NewKafkaSSE, 8000**cmdtest.Soak) }

func TestTailReplaysOnKafkaSSE(t *testing.T) { runReplayCases(t, cmdtest.NewKafkaSSE) }

func TestTailWatermarksOnKafkaSSE(t *testing.T) { runSinkCases(t, cmdtest.NewKafkaSSE) }

// Events that come while a connection to an empty stream is being made, at
// different times after the request, are not lost: see TestTailBeginsAtTheLiveEnd.
func TestTailBeginsAtTheLiveEndOfKafkaSSE(t *testing.T) {
	t.Parallel()
	w := cmdtest.NewKafkaSSE(t)
	streams := []string{"page-create", "page-delete", "page-links-change", "page-move", "page-properties-change",
		"page-undelete", "revision-create", "page_change.v1", "revision-tags-change", "revision-visibility-change"}
	fresh := func(stream string) simulate.Event {
		return cmdtest.OfStream(simulate.New(uint64(time.Now().UnixNano()), simulate.Options{Start: time.Now(), Canary: -1}).Next(), "mediawiki."+stream)
	}
	tails, want := make([]*cmdtest.Tail, len(streams)), make([][]simulate.Event, len(streams))
	for i, stream := range streams {
		proxy := newHangUp(t, w.URL())
		tails[i] = cmdtest.NewTail(t, "--url", proxy.URL, "--since", "10s", "-n", "2", "--idle", "5s", "--retry-for", "10s", "mediawiki."+stream)
		if err := tails[i].Start(); err != nil {
			t.Fatal(err)
		}
		cmdtest.WaitFor(t, "it asks", func() bool { return proxy.asked.Load() > 0 })
		time.Sleep(time.Duration(i) * 40 * time.Millisecond) // a different moment for each
		want[i] = append(want[i], fresh(stream))
		w.Add(want[i]...)
	}
	time.Sleep(3 * time.Second) // more than the overlap
	for i, stream := range streams {
		later := fresh(stream)
		w.Add(later)
		want[i] = append(want[i], later)
	}
	for i, tail := range tails {
		if err := tail.Wait(); err != nil {
			t.Errorf("%s: %v: %s", streams[i], err, &tail.ErrBuf)
		}
		cmdtest.CompareEvents(t, cmdtest.Lines(tail.OutBuf.Bytes()), want[i])
		t.Logf("%s: %s", streams[i], &tail.ErrBuf)
	}
}
