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
	names, err := s.indices(r)
	if err != nil {
		return reply{}, err
	}
	return answer(http.StatusOK, map[string]shardCounts{"_shards": {len(names), len(names), 0}})
}

// putIndex creates an index.
func (s *server) putIndex(r *request) (reply, error) {
	t, err := parseTree(r.body)
	if err != nil {
		return reply{}, err
	}
	var mappings, settings json.RawMessage
	for _, m := range t.members {
		switch m.key {
		case "mappings":
			mappings = m.raw()
		case "settings":
			if settings, err = normalSettings(m.tree); err != nil {
				return reply{}, err
			}
		case "aliases":
			if len(m.members) > 0 {
				return reply{}, noAliases()
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

func noAliases() error { return illegal("[aliases] are not supported by wm-store") }

// deleteIndex deletes indices by name. It rejects patterns, which is also
// Elasticsearch's default.
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

// infos describes the indices in a request.
func (s *server) infos(r *request) ([]store.Info, error) {
	names, err := s.indices(r)
	if err != nil {
		return nil, err
	}
	var list []store.Info
	for _, name := range names {
		info, err := s.store.Info(name)
		if err != nil {
			continue // deleted in the meantime
		}
		list = append(list, info)
	}
	return list, nil
}

// describe responds with an object that has a member for each index.
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
	names, err := s.indices(r)
	if err != nil {
		return reply{}, err
	}
	type index struct {
		Name       string   `json:"name"`
		Attributes []string `json:"attributes"`
	}
	list := []index{}
	for _, name := range names {
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
