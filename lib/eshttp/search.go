package eshttp

import (
	"context"
	"strconv"
	"time"

	"github.com/wmtools/wm/lib/store"
)

// maxWindow is the maximum of from + size. search_after has no limit.
const maxWindow = 10_000

// search is one search of a request: the search for the store, and how to render its
// result.
type search struct {
	store.Search
	aggs  []agg
	docs  sourceFilter
	seq   bool // hits show _seq_no and _primary_term
	asInt bool // the total is a number (rest_total_hits_as_int)
	typed bool // names of aggregations begin with their type (typed_keys)
}

// searchParams are the parameters that may also be in the body.
var searchParams = []string{"size", "from", "track_total_hits", "timeout", "version", "seq_no_primary_term", "track_scores"}

// search serves one search.
func (s *server) search(r *request) (reply, error) {
	start := time.Now()
	if r.params.Has("scroll") {
		return s.openScroll(r)
	}
	names := r.names
	q, err := r.search()
	if err != nil {
		return reply{}, err
	}
	var o out
	o.open('{')
	if q.At != nil {
		if r.vars["index"] != "" {
			return reply{}, invalid([]string{"[indices] cannot be used with point in time. Do not specify any index with point in time."})
		}
		names = q.At.Names()
		o.key("pit_id").text(q.At.ID())
	}
	found, err := s.run(r.Context(), names, q)
	if err != nil {
		return reply{}, err
	}
	o.found(q, found, len(names), time.Since(start))
	return ok(*o.close('}'))
}

// run executes a search.
func (s *server) run(ctx context.Context, names []string, q search) (*store.Answer, error) {
	if q.Timeout == 0 {
		q.Timeout = s.opts.Timeout
	}
	return s.store.Search(ctx, names, q.Search)
}

// search parses a search from the body and the parameters, which take precedence.
func (r *request) search() (search, error) {
	t, err := parseTree(r.body)
	if err != nil {
		return search{}, err
	}
	q, err := parseSearch(t)
	if err != nil {
		return q, err
	}
	inBody := q.params()
	for _, key := range searchParams {
		if r.params.Has(key) {
			m := member{key: key, tree: tree{kind: 's', scalar: store.Scalar{Kind: store.StringScalar, Text: r.params.Get(key)}}}
			if err := inBody[key](m); err != nil {
				return q, err
			}
		}
	}
	if sort := r.params.Get("sort"); sort != "" {
		if q.Sort, err = sortParam(sort); err != nil {
			return q, err
		}
	}
	if f, given := r.source(); given {
		q.docs = f
	}
	if r.params.Get("q") != "" {
		if q.Query, err = r.parseQ(); err != nil {
			return q, err
		}
	}
	if q.asInt, err = r.flag("rest_total_hits_as_int", false); err != nil {
		return q, err
	}
	if q.typed, err = r.flag("typed_keys", false); err != nil {
		return q, err
	}
	return q, q.check()
}

// parseSearch parses the body of a search.
func parseSearch(t tree) (search, error) {
	q := search{Search: store.Search{Query: store.All{}, Size: 10, Total: maxWindow}, docs: sourceFilter{all: true}}
	if t.kind != '{' {
		return q, t.parsing("Expected [START_OBJECT] but found [%s]", t.token())
	}
	err := t.read(q.params(), unknownKey)
	return q, err
}

// unknownKey converts errUnknown to the error of a search.
var unknownKey = ifUnknown(func(m member) error { return m.parsing("Unknown key for a %s in [%s].", m.token(), m.key) })

// check completes a search and validates the combination of its parameters.
func (q *search) check() error {
	q.Source = !q.docs.none()
	q.Aggs = runs(q.aggs)
	switch {
	case q.From+q.Size > maxWindow:
		return ofShards(illegal("Result window is too large, from + size must be less than or equal to: [%d] but was [%d]. See the scroll api for a more"+
			" efficient way to request large data sets. This limit can be set by changing the [index.max_result_window] index level setting.",
			maxWindow, q.From+q.Size))
	case len(q.After) > 0 && q.From > 0:
		return invalid([]string{"[from] parameter must be set to 0 when [search_after] is used"})
	}
	return checkShardDoc(&q.Search)
}

// params are the members of the body.
func (q *search) params() params {
	return params{
		"query":               setTree(&q.Query, parseQuery),
		"size":                set(&q.Size, natural),
		"from":                set(&q.From, natural),
		"sort":                setTree(&q.Sort, parseSort),
		"pit":                 setTree(&q.At, parsePIT),
		"search_after":        setTree(&q.After, parseAfter),
		"track_total_hits":    set(&q.Total, totalHits),
		"aggs":                setTree(&q.aggs, parseAggs),
		"aggregations":        setTree(&q.aggs, parseAggs),
		"_source":             setTree(&q.docs, parseSource),
		"version":             set(&q.Version, member.truth),
		"seq_no_primary_term": set(&q.seq, member.truth),
		"timeout":             set(&q.Timeout, timeout),
		"profile":             notSupported,
		"explain":             notSupported,
		"track_scores":        notSupported,
	}
}

func timeout(m member) (time.Duration, error) {
	if m.scalar.Text == "-1" {
		return 0, nil
	}
	return duration("timeout", m.scalar.Text)
}

// notSupported accepts only false.
func notSupported(m member) error {
	if m.scalar.Text != "false" {
		return m.parsing("[%s] is not supported by wm-store", m.key)
	}
	return nil
}

func natural(m member) (int, error) {
	n, err := strconv.Atoi(m.scalar.Text)
	switch {
	case err != nil:
		return 0, refuse("number_format_exception", "For input string: %q", m.scalar.Text)
	case n < 0 && m.key == "from":
		return 0, illegal("[from] parameter cannot be negative but was [%d]", n)
	case n < 0:
		return 0, illegal("[%s] parameter cannot be negative, found [%d]", m.key, n)
	}
	return min(n, 1<<30), nil
}

func totalHits(m member) (int, error) {
	switch m.scalar.Text {
	case "true":
		return store.CountAll, nil
	case "false":
		return 0, nil
	}
	n, err := strconv.Atoi(m.scalar.Text)
	switch {
	case err != nil:
		return 0, refuse("number_format_exception", "For input string: %q", m.scalar.Text)
	case n < -1:
		return 0, illegal("[track_total_hits] parameter must be positive or equals to -1, got %d", n)
	}
	return max(n, 0), nil
}

func parseAfter(t tree) ([]store.Scalar, error) {
	if t.kind != '[' || len(t.list) == 0 {
		return nil, t.parsing("Expected [START_ARRAY] in [search_after] but found [%s] inside search_after", t.token())
	}
	var list []store.Scalar
	for _, v := range t.list {
		if v.kind != 's' {
			return nil, v.parsing("Expected [VALUE_STRING] or [VALUE_NUMBER] or [VALUE_BOOLEAN] or [VALUE_NULL] but found [%s] inside search_after.", v.token())
		}
		list = append(list, v.scalar)
	}
	return list, nil
}

// count serves _count.
func (s *server) count(r *request) (reply, error) {
	var q store.Query = store.All{}
	unknown := ifUnknown(func(m member) error { return m.parsing("request does not support [%s]", m.key) })
	err := r.read(params{"query": setTree(&q, parseQuery)}, unknown)
	if err == nil && r.params.Get("q") != "" {
		q, err = r.parseQ()
	}
	if err != nil {
		return reply{}, err
	}
	n, err := s.store.Count(r.Context(), r.names, q)
	if err != nil {
		return reply{}, err
	}
	var o out
	o.open('{').key("count").int(n)
	o.shards(len(r.names))
	return ok(*o.close('}'))
}
