package eshttp

import (
	"encoding/json"
	"net/http"
	"strings"
)

// compatible is the version of Elasticsearch whose API this is. Clients use it to
// choose their requests; build_flavor identifies wm-store.
const compatible = "8.19.0"

// The names of the cluster and of its only node.
const (
	name   = "wm-store"
	nodeID = "wm-store"
)

func (s *server) root(*request) (reply, error) {
	type version struct {
		Number    string `json:"number"`
		Flavor    string `json:"build_flavor"`
		Build     string `json:"build_type"`
		Lucene    string `json:"lucene_version"`
		Wire      string `json:"minimum_wire_compatibility_version"`
		Index     string `json:"minimum_index_compatibility_version"`
		WMVersion string `json:"wm_version,omitempty"`
	}
	return answer(http.StatusOK, struct {
		Name    string  `json:"name"`
		Cluster string  `json:"cluster_name"`
		Version version `json:"version"`
		Tagline string  `json:"tagline"`
	}{name, name, version{compatible, name, "binary", "9.12.2", "7.17.0", "7.0.0", s.opts.Version}, "You Know, for Search"})
}

type health struct {
	Cluster   string          `json:"cluster_name"`
	Status    string          `json:"status"`
	TimedOut  bool            `json:"timed_out"`
	Nodes     int             `json:"number_of_nodes"`
	DataNodes int             `json:"number_of_data_nodes"`
	Primaries int             `json:"active_primary_shards"`
	Shards    int             `json:"active_shards"`
	Moving    int             `json:"relocating_shards"`
	Starting  int             `json:"initializing_shards"`
	Lost      int             `json:"unassigned_shards"`
	LostPri   int             `json:"unassigned_primary_shards"`
	Delayed   int             `json:"delayed_unassigned_shards"`
	Tasks     int             `json:"number_of_pending_tasks"`
	Fetching  int             `json:"number_of_in_flight_fetch"`
	Waiting   int             `json:"task_max_waiting_in_queue_millis"`
	Percent   json.RawMessage `json:"active_shards_percent_as_number"`
}

// health reports one node, one shard for each index, and status green, always.
func (s *server) health(r *request) (reply, error) {
	if level := r.params.Get("level"); level != "" && level != "cluster" {
		return reply{}, illegal("[level] of wm-store is cluster, found [%s]", level)
	}
	return answer(http.StatusOK, health{Cluster: name, Status: "green", Nodes: 1, DataNodes: 1, Primaries: len(r.names), Shards: len(r.names), Percent: json.RawMessage("100.0")})
}

// nodes describes the only node with the most used fields.
func (s *server) nodes(r *request) (reply, error) {
	if id := r.vars["node"]; id != "" && id != "_all" && id != "_local" && id != nodeID && !strings.Contains(id, "*") {
		return reply{}, illegal("[_nodes/%s] is not supported by wm-store", id)
	}
	type node struct {
		Name      string         `json:"name"`
		Transport string         `json:"transport_address"`
		Host      string         `json:"host"`
		IP        string         `json:"ip"`
		Version   string         `json:"version"`
		Flavor    string         `json:"build_flavor"`
		Build     string         `json:"build_type"`
		Roles     []string       `json:"roles"`
		HTTP      map[string]any `json:"http"`
	}
	address := r.Host
	one := node{name, address, "127.0.0.1", "127.0.0.1", compatible, name, "binary", []string{"data", "ingest", "master"},
		map[string]any{"publish_address": address, "max_content_length_in_bytes": s.opts.MaxBody}}
	return answer(http.StatusOK, map[string]any{
		"_nodes":       map[string]int{"total": 1, "successful": 1, "failed": 0},
		"cluster_name": name,
		"nodes":        map[string]node{nodeID: one},
	})
}
