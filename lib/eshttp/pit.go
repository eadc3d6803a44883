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
	if err := checkKeepAlive("keep_alive", r.params.Get("keep_alive")); err != nil {
		return reply{}, err
	}
	now, err := s.store.Now(r.names)
	if err != nil {
		return reply{}, err
	}
	var o out
	o.open('{').key("id").text(now.ID())
	o.shards(len(r.names))
	return ok(*o.close('}'))
}

func checkKeepAlive(name, s string) error {
	_, err := duration(name, s)
	return err
}

// keepAlive checks a member that says how long to keep something.
func keepAlive(m member) error { return checkKeepAlive(m.key, m.scalar.Text) }

// parsePIT parses {"id":"...","keep_alive":"1m"}.
func parsePIT(t tree) (at *store.Moment, err error) {
	err = t.read(params{"id": setText(&at, store.ParseMoment), "keep_alive": keepAlive}, unknownTo("point_in_time"))
	if err == nil && at == nil {
		err = illegal("point in time id is not provided")
	}
	return at, err
}

// freed is the response to a request that frees a context of each shard.
type freed struct {
	Succeeded bool `json:"succeeded"`
	Freed     int  `json:"num_freed"`
}

func (s *server) closePIT(r *request) (reply, error) {
	var at *store.Moment
	err := r.read(params{"id": setText(&at, store.ParseMoment)}, unknownTo("close_point_in_time"))
	switch {
	case err != nil:
		return reply{}, err
	case at == nil:
		return reply{}, illegal("point in time id is not provided")
	}
	return answer(http.StatusOK, freed{true, len(at.Names())})
}
