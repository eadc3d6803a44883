package eshttp

import (
	"net/http"
	"slices"

	"github.com/wmtools/wm/lib/store"
)

// A point in time is a store.Moment, encoded in its id, so nothing has to be kept
// alive. It becomes invalid when one of its indices is deleted.

// checkShardDoc adds a tiebreaker to the sort of a point in time, as Elasticsearch
// does, so that no two hits are equal.
func checkShardDoc(q *store.Search) error {
	there := slices.ContainsFunc(q.Sort, func(k store.Sort) bool { return k.Field == shardDoc })
	switch {
	case there && q.At == nil:
		return invalid([]string{"[_shard_doc] sort field cannot be used without [point in time]"})
	case !there && q.At != nil && len(q.Sort) > 0:
		q.Sort = append(q.Sort, store.Sort{Field: shardDoc})
	}
	return nil
}

func (s *server) openPIT(r *request) (reply, error) {
	if !r.params.Has("keep_alive") {
		return reply{}, invalid([]string{"[keep_alive] is not specified"})
	}
	if err := checkKeepAlive(r.params.Get("keep_alive")); err != nil {
		return reply{}, err
	}
	names, err := s.indices(r)
	if err != nil {
		return reply{}, err
	}
	now, err := s.store.Now(names)
	if err != nil {
		return reply{}, err
	}
	var o out
	o.open('{').key("id").text(now.ID())
	o.shards(len(names))
	return ok(*o.close('}'))
}

func checkKeepAlive(s string) error {
	_, err := duration("keep_alive", s)
	return err
}

// parsePIT parses {"id":"...","keep_alive":"1m"}.
func parsePIT(t tree) (at *store.Moment, err error) {
	for _, m := range t.members {
		switch {
		case m.key == "id" && m.isScalar():
			at, err = store.ParseMoment(m.scalar.Text)
		case m.key == "keep_alive" && m.isScalar():
			err = checkKeepAlive(m.scalar.Text)
		default:
			err = m.unknown("point_in_time")
		}
		if err != nil {
			return nil, err
		}
	}
	if at == nil {
		return nil, illegal("point in time id is not provided")
	}
	return at, nil
}

// freed is the response to a request that frees a context of each shard.
type freed struct {
	Succeeded bool `json:"succeeded"`
	Freed     int  `json:"num_freed"`
}

func (s *server) closePIT(r *request) (reply, error) {
	t, err := parseTree(r.body)
	if err != nil {
		return reply{}, err
	}
	for _, m := range t.members {
		if m.key != "id" {
			return reply{}, m.unknown("close_point_in_time")
		}
	}
	at, err := parsePIT(t)
	if err != nil {
		return reply{}, err
	}
	return answer(http.StatusOK, freed{true, len(at.Names())})
}
