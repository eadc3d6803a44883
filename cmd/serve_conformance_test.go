//go:build conformance

package cmd_test

import (
	"testing"
	"time"

	"github.com/wmtools/wm/cmd/internal/cmdtest"
)

// The dashboard shows over a real server what it shows over wm-store.
func TestServeOnElasticsearch(t *testing.T) {
	events := cmdtest.Made(5, 3000, 2*time.Hour, 1)
	since, until := time.UnixMilli(events[0].Time), time.UnixMilli(events[2500].Time)
	want := dashboardOver(t, cmdtest.Serve(t, "wm-store", "--data", t.TempDir()), events)
	for _, version := range cmdtest.Versions {
		t.Run(version, func(t *testing.T) {
			sameDashboard(t, want, dashboardOver(t, cmdtest.StartElasticsearch(t, "-version", version).Server(1).URL, events), since, until)
		})
	}
}
