package eshttp

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/wmtools/wm/lib/store"
)

// scroll is a search that is read page by page. Its id encodes all of its state: the
// request, a point in time and the end of the last page.
type scroll struct {
	Query string          `json:"query"` // parameters of the request
	Body  json.RawMessage `json:"body,omitempty"`
	At    string          `json:"at"` // id of the point in time
	After []store.Scalar  `json:"after,omitempty"`
}

func (c scroll) id() string {
	text, _ := json.Marshal(c) // strings always marshal
	return base64.RawURLEncoding.EncodeToString(text)
}

func parseScroll(id string) (c scroll, err error) {
	text, err := base64.RawURLEncoding.DecodeString(id)
	if err != nil || json.Unmarshal(text, &c) != nil {
		return c, illegal("Cannot parse scroll id")
	}
	return c, nil
}

// openScroll responds with the first page.
func (s *server) openScroll(r *request) (reply, error) {
	if err := checkKeepAlive("scroll", r.params.Get("scroll")); err != nil {
		return reply{}, err
	}
	now, err := s.store.Now(r.names)
	if err != nil {
		return reply{}, err
	}
	return s.page(r, scroll{Query: r.params.Encode(), Body: r.body, At: now.ID()})
}

// nextPage serves POST /_search/scroll.
func (s *server) nextPage(r *request) (reply, error) {
	id := r.params.Get("scroll_id") + r.vars["scroll_id"]
	err := r.read(params{"scroll_id": set(&id, plain), "scroll": keepAlive}, ifUnknown(func(m member) error {
		return illegal("Unknown parameter [%s] in request body or parameter is of the wrong type[%s] ", m.key, m.token())
	}))
	if err != nil {
		return reply{}, err
	}
	if id == "" {
		return reply{}, invalid([]string{"scrollId is missing"})
	}
	c, err := parseScroll(id)
	if err != nil {
		return reply{}, err
	}
	return s.page(r, c)
}

// page responds with the next hits of a scroll.
func (s *server) page(r *request, c scroll) (reply, error) {
	start := time.Now()
	q, sorted, err := c.search(r)
	if err != nil {
		return reply{}, err
	}
	found, err := s.run(r.Context(), q.At.Names(), q)
	if err != nil {
		return reply{}, err
	}
	if n := len(found.Hits); n > 0 {
		c.After = nil
		for _, v := range found.Hits[n-1].Sort {
			c.After = append(c.After, store.Scalar(v))
		}
	}
	for i := range found.Hits {
		if keys := &found.Hits[i].Sort; !sorted {
			*keys = nil
		} else if len(q.Sort) > 1 {
			*keys = (*keys)[:len(q.Sort)-1] // without the tiebreaker
		}
	}
	var o out
	o.open('{').key("_scroll_id").text(c.id())
	o.found(q, found, len(q.At.Names()), time.Since(start))
	return ok(*o.close('}'))
}

// search returns the search for the next page. sorted reports whether the request has
// a sort.
func (c scroll) search(r *request) (q search, sorted bool, err error) {
	params, err := url.ParseQuery(c.Query)
	if err != nil {
		return q, false, illegal("Cannot parse scroll id")
	}
	if q, err = (&request{Request: r.Request, params: params, body: c.Body}).search(); err != nil {
		return q, false, err
	}
	switch {
	case q.From > 0:
		return q, false, invalid([]string{"using [from] is not allowed in a scroll context"})
	case q.Size == 0:
		return q, false, invalid([]string{"[size] cannot be [0] in a scroll context"})
	case len(q.After) > 0:
		return q, false, invalid([]string{"`search_after` cannot be used in a scroll context."})
	}
	if q.At, err = store.ParseMoment(c.At); err != nil {
		return q, false, err
	}
	sorted = len(q.Sort) > 0
	q.Sort = slices.DeleteFunc(q.Sort, func(k store.Sort) bool { return k.Field == docOrder })
	q.Sort = append(q.Sort, store.Sort{Field: shardDoc})
	q.After, q.Total = c.After, store.CountAll
	return q, sorted, nil
}

// closeScroll does nothing: a scroll holds no resources.
func (s *server) closeScroll(r *request) (reply, error) {
	return answer(http.StatusOK, freed{true, 1})
}
