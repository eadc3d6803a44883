package eshttp

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/wmtools/wm/lib/store"
)

// shardCounts are the shards of a request that is not a search.
type shardCounts struct {
	Total      int `json:"total"`
	Successful int `json:"successful"`
	Failed     int `json:"failed"`
}

// refresh does nothing: searches see everything acknowledged.
func (s *server) refresh(r *request) (reply, error) {
	return answer(http.StatusOK, map[string]shardCounts{"_shards": {len(r.names), len(r.names), 0}})
}

// putIndex creates an index.
func (s *server) putIndex(r *request) (reply, error) {
	var mappings, settings json.RawMessage
	err := r.read(params{
		"mappings": set(&mappings, rawJSON),
		"settings": setTree(&settings, normalSettings),
		"aliases":  noAliases,
	}, ifUnknown(func(m member) error { return refuse("parse_exception", "unknown key [%s] for create index", m.key) }))
	if err != nil {
		return reply{}, err
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

func noAliases(m member) error {
	if len(m.members) > 0 {
		return illegal("[aliases] are not supported by wm-store")
	}
	return nil
}

// deleteIndex deletes indices by name. It rejects patterns, which is also
// Elasticsearch's default.
func (s *server) deleteIndex(r *request) (reply, error) {
	list := r.vars["index"]
	if strings.Contains(list, "*") || list == "_all" {
		return reply{}, illegal("Wildcard expressions or all indices are not allowed")
	}
	for _, name := range r.names {
		if err := s.store.DeleteIndex(name); err != nil {
			return reply{}, err
		}
	}
	return answer(http.StatusOK, acknowledged)
}

// infos describes the indices in a request.
func (s *server) infos(r *request) (list []store.Info) {
	for _, name := range r.names {
		if info, err := s.store.Info(name); err == nil { // not deleted in the meantime
			list = append(list, info)
		}
	}
	return list
}

// describe responds with an object that has a member for each index.
func (s *server) describe(r *request, what func(store.Info) map[string]any) (reply, error) {
	out := map[string]any{}
	for _, info := range s.infos(r) {
		out[info.Name] = what(info)
	}
	return answer(http.StatusOK, out)
}

func (s *server) getMapping(r *request) (reply, error) {
	return s.describe(r, func(i store.Info) map[string]any { return map[string]any{"mappings": shownMapping(i)} })
}

func (s *server) getSettings(r *request) (reply, error) {
	flat, err := r.flag("flat_settings", false)
	if err != nil {
		return reply{}, err
	}
	return s.describe(r, func(i store.Info) map[string]any { return map[string]any{"settings": shownSettings(i, flat)} })
}

func (s *server) getIndex(r *request) (reply, error) {
	flat, err := r.flag("flat_settings", false)
	if err != nil {
		return reply{}, err
	}
	return s.describe(r, func(i store.Info) map[string]any {
		return map[string]any{"aliases": struct{}{}, "mappings": shownMapping(i), "settings": shownSettings(i, flat)}
	})
}

// getAlias returns the indices with empty lists of aliases.
func (s *server) getAlias(r *request) (reply, error) {
	return s.describe(r, func(store.Info) map[string]any { return map[string]any{"aliases": struct{}{}} })
}

func (s *server) missingAlias(r *request) (reply, error) {
	return reply{}, plainError(http.StatusNotFound, "alias [%s] missing", r.vars["name"])
}

// resolve returns the indices of an expression.
func (s *server) resolve(r *request) (reply, error) {
	type index struct {
		Name       string   `json:"name"`
		Attributes []string `json:"attributes"`
	}
	list := []index{}
	for _, name := range r.names {
		list = append(list, index{name, []string{"open"}})
	}
	return answer(http.StatusOK, struct {
		Indices []index `json:"indices"`
		Aliases []any   `json:"aliases"`
		Streams []any   `json:"data_streams"`
	}{list, []any{}, []any{}})
}

// shownMapping returns the mapping as Elasticsearch shows it, with "dynamic" as a
// string.
func shownMapping(i store.Info) map[string]json.RawMessage {
	m := map[string]json.RawMessage{}
	if json.Unmarshal(i.Mapping, &m) == nil && string(m["dynamic"]) == "false" {
		m["dynamic"] = json.RawMessage(`"false"`)
	}
	return m
}
