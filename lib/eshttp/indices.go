package eshttp

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"github.com/wmtools/wm/lib/store"
)

// compatible is the version of Elasticsearch whose shapes these are. Clients
// look at it to see which API they may use; build_flavor says what answers.
const compatible = "8.19.0"

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
	}{"wm-store", "wm-store", version{compatible, "wm-store", "binary", "9.12.2", "7.17.0", "7.0.0", s.opts.Version}, "You Know, for Search"})
}

// refresh has nothing to do: searches see what was acknowledged.
func (s *server) refresh(r *request) (reply, error) {
	names, err := s.indices(r)
	if err != nil {
		return reply{}, err
	}
	n := strconv.Itoa(len(names))
	return reply{status: http.StatusOK, body: []byte(`{"_shards":{"total":` + n + `,"successful":` + n + `,"failed":0}}`)}, nil
}

func (s *server) health(*request) (reply, error) {
	names, err := s.store.Resolve("", store.Missing{})
	if err != nil {
		return reply{}, err
	}
	return answer(http.StatusOK, struct {
		Cluster   string  `json:"cluster_name"`
		Status    string  `json:"status"`
		TimedOut  bool    `json:"timed_out"`
		Nodes     int     `json:"number_of_nodes"`
		DataNodes int     `json:"number_of_data_nodes"`
		Primaries int     `json:"active_primary_shards"`
		Shards    int     `json:"active_shards"`
		Moving    int     `json:"relocating_shards"`
		Starting  int     `json:"initializing_shards"`
		Homeless  int     `json:"unassigned_shards"`
		Percent   float64 `json:"active_shards_percent_as_number"`
	}{Cluster: "wm-store", Status: "green", Nodes: 1, DataNodes: 1, Primaries: len(names), Shards: len(names), Percent: 100})
}

// putIndex makes an index.
func (s *server) putIndex(r *request) (reply, error) {
	var mappings, settings json.RawMessage
	body, err := members(r.body)
	if err != nil {
		return reply{}, err
	}
	for _, m := range body {
		switch m.key {
		case "mappings":
			mappings = m.raw
		case "settings":
			if settings, err = normalSettings(m.raw); err != nil {
				return reply{}, err
			}
		default:
			return reply{}, refuse("parse_exception", "unknown key [%s] for create index", m.key)
		}
	}
	name := r.vars["index"]
	if err := s.store.CreateIndex(name, mappings, settings); err != nil {
		return reply{}, err
	}
	return answer(http.StatusOK, struct {
		Acknowledged bool   `json:"acknowledged"`
		Shards       bool   `json:"shards_acknowledged"`
		Index        string `json:"index"`
	}{true, true, name})
}

// deleteIndex deletes indices by name. A pattern is refused, as Elasticsearch
// does unless told otherwise.
func (s *server) deleteIndex(r *request) (reply, error) {
	list := r.vars["index"]
	if strings.Contains(list, "*") || list == "_all" {
		return reply{}, illegal("Wildcard expressions or all indices are not allowed")
	}
	names, err := s.indices(r)
	if err != nil {
		return reply{}, err
	}
	for _, name := range names {
		if err := s.store.DeleteIndex(name); err != nil {
			return reply{}, err
		}
	}
	return answer(http.StatusOK, acknowledged)
}

// infos describes the indices that a request is about.
func (s *server) infos(r *request) ([]store.Info, error) {
	names, err := s.indices(r)
	if err != nil {
		return nil, err
	}
	var list []store.Info
	for _, name := range names {
		info, err := s.store.Info(name)
		if err != nil {
			continue // deleted since
		}
		list = append(list, info)
	}
	return list, nil
}

// describe answers with an object that has a member for each index.
func (s *server) describe(r *request, what func(store.Info) map[string]any) (reply, error) {
	list, err := s.infos(r)
	if err != nil {
		return reply{}, err
	}
	out := map[string]any{}
	for _, info := range list {
		out[info.Name] = what(info)
	}
	return answer(http.StatusOK, out)
}

func (s *server) getMapping(r *request) (reply, error) {
	return s.describe(r, func(i store.Info) map[string]any { return map[string]any{"mappings": shownMapping(i)} })
}

func (s *server) getSettings(r *request) (reply, error) {
	return s.describe(r, func(i store.Info) map[string]any { return map[string]any{"settings": shownSettings(i)} })
}

func (s *server) getIndex(r *request) (reply, error) {
	return s.describe(r, func(i store.Info) map[string]any {
		return map[string]any{"aliases": struct{}{}, "mappings": shownMapping(i), "settings": shownSettings(i)}
	})
}

// shownMapping is the mapping as Elasticsearch shows it: "dynamic" is a string.
func shownMapping(i store.Info) map[string]json.RawMessage {
	m := map[string]json.RawMessage{}
	if json.Unmarshal(i.Mapping, &m) == nil {
		m["dynamic"] = json.RawMessage(`"false"`)
	}
	return m
}

func shownSettings(i store.Info) map[string]any {
	s := struct {
		Index map[string]any `json:"index"`
	}{}
	if json.Unmarshal(i.Settings, &s) != nil || s.Index == nil {
		s.Index = map[string]any{}
	}
	s.Index["uuid"] = i.UUID
	s.Index["provided_name"] = i.Name
	s.Index["creation_date"] = strconv.FormatInt(i.Created.UnixMilli(), 10)
	return map[string]any{"index": s.Index}
}
