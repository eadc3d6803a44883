//go:build conformance

package cmd_test

import (
	"testing"

	"github.com/wmtools/wm/cmd/internal/cmdtest"
	"github.com/wmtools/wm/lib/estest"
)

func TestEsOnElasticsearch(t *testing.T) {
	for _, version := range cmdtest.Versions {
		t.Run(version, func(t *testing.T) {
			s := cmdtest.StartElasticsearch(t, "-version", version).Server(1)
			t.Run("requests", func(t *testing.T) { estest.Run(t, s.URL) })
			runIndexCases(t, s, cmdtest.ManyEvents())
		})
	}
}

// wm-es search finds on the real server what wm-grep prints, as on wm-store.
func TestSearchLikeGrepOnElasticsearch(t *testing.T) {
	for _, version := range cmdtest.Versions {
		t.Run(version, func(t *testing.T) {
			searchLikeGrep(t, cmdtest.StartElasticsearch(t, "-version", version).Server(1).URL)
		})
	}
}
