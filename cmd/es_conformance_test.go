//go:build conformance

package cmd_test

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/wmtools/wm/cmd/internal/cmdtest"
	"github.com/wmtools/wm/lib/estest"
)

// Every version runs all cases on one node, because a node takes longer to start
// than most of them.
func TestEsOnElasticsearch(t *testing.T) {
	for _, version := range cmdtest.Versions {
		t.Run(version, func(t *testing.T) {
			s := cmdtest.StartElasticsearch(t, "-version", version, "-heap", "1g").Server(1) // with less, OpenSearch refuses requests
			t.Run("requests", func(t *testing.T) { estest.Run(t, s.URL) })
			t.Run("views", func(t *testing.T) { runViewCases(t, s) })
			t.Run("dashboard", func(t *testing.T) { runDashboardCases(t, s) })
			t.Run("killed pipeline", func(t *testing.T) {
				s.Output(t, "init-index", "--recreate", "--yes")
				killPipeline(t, cmdtest.NewLookAlike(t), s, 2000, 4**cmdtest.Soak)
			})
			// OpenSearch does not list a value that is too long for the index in _ignored,
			// so that its field cannot be found there.
			openSearch := strings.HasPrefix(version, "opensearch")
			t.Run("search like grep", func(t *testing.T) { searchLikeGrep(t, s.URL, openSearch) })
			runIndexCases(t, s, 20_000**cmdtest.Soak)
			runFaultCases(t, s, 5000)
			runTroubleCases(t, s)
		})
	}
}

// runViewCases runs the tests of the dashboard's answers, which are in lib/web, on
// a server without indices wm-*.
func runViewCases(t *testing.T, s *cmdtest.SearchServer) {
	cmd := exec.CommandContext(t.Context(), "go", "test", "-count=1", "-v", "-run", "^TestViewsOverAServer$", "../lib/web", "-server", s.URL)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, out)
	}
}

// runDashboardCases checks that the dashboard shows over a real server what it
// shows over wm-store.
func runDashboardCases(t *testing.T, s *cmdtest.SearchServer) {
	s.Output(t, "init-index", "--recreate", "--yes")
	dashboardLikeStore(t, s.URL)
}
