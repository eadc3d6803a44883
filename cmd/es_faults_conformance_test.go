//go:build conformance

package cmd_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/wmtools/wm/cmd/internal/cmdtest"
)

// troubles of an index or a cluster last until an administrator acts.
var troubles = map[string]trouble{
	"a disk that is full": {
		[3]string{"PUT", "/trouble-disk/_settings", `{"index.blocks.read_only_allow_delete":true}`},
		[3]string{"PUT", "/trouble-disk/_settings", `{"index.blocks.read_only_allow_delete":null}`},
		"cluster_block_exception", "free disk space",
	},
	"an index that is closed": {
		[3]string{"POST", "/trouble-closed/_close", ""},
		[3]string{"POST", "/trouble-closed/_open", ""},
		"index_closed_exception", "open the index",
	},
}

// runTroubleCases checks that wm-es waits for an administrator. Obstacles come
// last: if one fails, its setting remains.
func runTroubleCases(t *testing.T, s *cmdtest.SearchServer) {
	for name, tr := range troubles {
		t.Run(name, func(t *testing.T) {
			tr.outlasts(t, s, strings.Split(tr.begin[1], "/")[1], 10_000)
		})
	}
	for name, tr := range obstacles {
		t.Run(name, func(t *testing.T) { tr.delays(t, s) })
	}
}

func clusterSetting(name, value string) [3]string {
	return [3]string{"PUT", "/_cluster/settings", fmt.Sprintf(`{"persistent":{%q:%s}}`, name, value)}
}

// obstacles prevent the index of a new day from being created.
var obstacles = map[string]trouble{
	"too many shards": {
		clusterSetting("cluster.max_shards_per_node", "1"),
		clusterSetting("cluster.max_shards_per_node", "null"),
		"validation_exception", "raise cluster.max_shards_per_node",
	},
	"no index is made by itself": {
		clusterSetting("action.auto_create_index", `"false"`),
		clusterSetting("action.auto_create_index", "null"),
		"index_not_found_exception", "wm-es init-index",
	},
}

// delays checks that wm-es waits until the index can be created, and says what to
// do.
func (tr trouble) delays(t *testing.T, s *cmdtest.SearchServer) {
	prefix := strings.ReplaceAll(tr.message, "_", "-")
	events := cmdtest.NoCanaries(cmdtest.AroundMidnight(2000))
	s.Ask(t, tr.begin[0], tr.begin[1], tr.begin[2])
	cmd, _ := s.Command(t, cmdtest.NDJSON(t, events), "--index", prefix+"-{stream}-%Y.%m.%d")
	var messages said
	cmd.Stderr = &messages
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	tr.isReported(t, &messages)
	cmdtest.Contains(t, messages.String(), ": index "+prefix+"-")
	s.Ask(t, tr.end[0], tr.end[1], tr.end[2])
	if err := cmd.Wait(); err != nil {
		t.Errorf("%v: %s", err, &messages)
	}
	if got := cmdtest.ParseTally(t, messages.String()); got.Created != len(events) || got.Rejected != 0 {
		t.Errorf("%+v of %d: %s", got, len(events), &messages)
	}
	if count := s.Count(t, prefix+"-*"); count != len(events) {
		t.Errorf("%d documents of %d", count, len(events))
	}
}

// A node with a tiny queue refuses single documents with 429, and large bodies with
// 413: both are sent again, in parts.
func TestEsOnElasticsearchWithATinyQueue(t *testing.T) {
	for _, version := range []string{"9.2", "opensearch-3.3"} {
		t.Run(version, func(t *testing.T) {
			s := cmdtest.StartElasticsearch(t, "-version", version, "-E", "thread_pool.write.queue_size=1", "-E", "thread_pool.write.size=1",
				"-E", "http.max_content_length=1mb").Server(1)
			events := cmdtest.NoCanaries(cmdtest.AroundMidnight(20_000))
			got, stderr, code := s.Index(t, cmdtest.NDJSON(t, events), "--index", "tiny", "--workers", "16", "--batch-bytes", "2MiB")
			cmdtest.ExpectExit(t, code, 0, stderr)
			if got.Created+got.Present != len(events) || got.Rejected != 0 {
				t.Errorf("%+v of %d: %s", got, len(events), stderr)
			}
			if count := s.Count(t, "tiny"); count != len(events) {
				t.Errorf("%d documents of %d", count, len(events))
			}
			if refused := refusedWrites(t, s); refused == 0 {
				t.Error("the node refused nothing")
			}
			// Once a minute for requests and once for the index; there are hundreds.
			if n := strings.Count(stderr, "the server cannot take more requests"); n < 1 || n > 20 {
				t.Errorf("it says so %d times: %s", n, stderr)
			}
			large := `{"meta":{"id":"large","dt":"2026-11-01T12:00:00Z","stream":"mediawiki.recentchange"},"comment":"` + strings.Repeat("x", 2<<20) + `"}`
			got, stderr, code = s.Index(t, strings.NewReader(large+"\n"+string(events[0].Data)+"\n"), "--index", "tiny")
			cmdtest.ExpectExit(t, code, 2, stderr)
			if want := (cmdtest.Tally{Read: 2, Present: 1, Rejected: 1}); got != want {
				t.Errorf("%+v, want %+v: %s", got, want, stderr)
			}
			cmdtest.Contains(t, stderr, "stdin:1: ", "too large")
		})
	}
}

// refusedWrites returns how often the nodes refused part of a bulk request, with
// 429 for each document.
func refusedWrites(t *testing.T, s *cmdtest.SearchServer) (n int64) {
	t.Helper()
	for _, node := range s.Ask(t, "GET", "/_nodes/stats/thread_pool", "").Get("nodes").Map() {
		n += node.Get("thread_pool.write.rejected").Int()
	}
	return n
}
