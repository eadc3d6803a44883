package eshttp

import (
	"bytes"
	"context"
	"net/http"
	"runtime"
	"strconv"
	"sync"
	"time"

	"github.com/wmtools/wm/lib/store"
)

// maxWindow is how deep from and size may reach; search_after reaches any depth.
const maxWindow = 10_000

// search answers one search.
func (s *server) search(r *request) (reply, error) {
	start := time.Now()
	names, err := s.indices(r)
	if err != nil {
		return reply{}, err
	}
	t, err := parseTree(r.body)
	if err != nil {
		return reply{}, err
	}
	for _, key := range []string{"size", "from", "track_total_hits", "timeout"} {
		if r.params.Has(key) {
			t.members = append(t.members, member{key, scalar(store.StringScalar, r.params.Get(key))})
		}
	}
	q, err := parseSearch(t)
	if err != nil {
		return reply{}, err
	}
	body := []byte{'{'}
	if q.At != nil {
		if r.vars["index"] != "" {
			return reply{}, invalid([]string{"[indices] cannot be used with point in time. Do not specify any index with point in time."})
		}
		names = q.At.Names()
		body = append(appendString(append(body, `"pit_id":`...), q.At.ID()), ',')
	}
	found, err := s.store.Search(r.Context(), names, q)
	if err != nil {
		return reply{}, err
	}
	body = appendSearch(body, q, found, len(names), time.Since(start))
	return reply{status: http.StatusOK, body: append(body, '}')}, nil
}

// parseSearch reads the body of a search.
func parseSearch(t tree) (store.Search, error) {
	q := store.Search{Query: store.All{}, Size: 10, Total: 10_000, Source: true}
	if t.kind != '{' {
		return q, parsing("Expected [START_OBJECT] but found [%s]", t.token())
	}
	for _, m := range t.members {
		if err := searchMember(&q, m); err != nil {
			return q, err
		}
	}
	if q.From+q.Size > maxWindow {
		e := illegal("Result window is too large, from + size must be less than or equal to: [%d] but was [%d]. See the scroll api for a more"+
			" efficient way to request large data sets. This limit can be set by changing the [index.max_result_window] index level setting.",
			maxWindow, q.From+q.Size)
		e.shards = true
		return q, e
	}
	if len(q.After) > 0 && q.From > 0 {
		return q, invalid([]string{"[from] parameter must be set to 0 when [search_after] is used"})
	}
	return q, checkShardDoc(&q)
}

func searchMember(q *store.Search, m member) (err error) {
	switch m.key {
	case "query":
		q.Query, err = parseQuery(m.tree)
	case "size":
		q.Size, err = natural(m)
	case "from":
		q.From, err = natural(m)
	case "sort":
		q.Sort, err = parseSort(m.tree)
	case "pit":
		q.At, err = parsePIT(m.tree)
	case "search_after":
		q.After, err = parseAfter(m.tree)
	case "track_total_hits":
		q.Total, err = totalHits(m)
	case "aggs", "aggregations":
		q.Aggs, err = parseAggs(m.tree)
	case "_source":
		if m.scalar.Kind != store.BoolScalar {
			return illegal("[_source] of wm-store is true or false: filters would write documents anew, found [%s]", m.token())
		}
		q.Source = m.scalar.Text == "true"
	case "timeout":
		if q.Timeout, err = duration(m.scalar.Text); err != nil {
			err = illegal("failed to parse setting [timeout] with value [%s] as a time value: unit is missing or unrecognized", m.scalar.Text)
		}
	default:
		err = parsing("Unknown key for a %s in [%s].", m.token(), m.key)
	}
	return err
}

func natural(m member) (int, error) {
	n, err := strconv.Atoi(m.scalar.Text)
	switch {
	case err != nil:
		return 0, refuse("number_format_exception", "For input string: %q", m.scalar.Text)
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

// parseSort reads "field", {"field":"desc"}, {"field":{"order":"desc"}} or an
// array of such.
func parseSort(t tree) ([]store.Sort, error) {
	var list []store.Sort
	for _, one := range t.each() {
		if one.kind == 's' {
			list = append(list, store.Sort{Field: one.scalar.Text})
		}
		for _, m := range one.members {
			k := store.Sort{Field: m.key}
			var err error
			if m.kind == 's' {
				k.Desc, err = descending(m.scalar.Text)
			} else {
				err = sortOptions(&k, m.tree)
			}
			if err != nil {
				return nil, err
			}
			list = append(list, k)
		}
	}
	for _, k := range list {
		if k.Field == "" || k.Field[0] == '_' && k.Field != "_doc" && k.Field != shardDoc {
			return nil, illegal("[sort] by [%s] is not supported by wm-store", k.Field)
		}
	}
	return list, nil
}

func sortOptions(k *store.Sort, t tree) (err error) {
	for _, m := range t.members {
		switch m.key {
		case "order":
			if k.Desc, err = descending(m.scalar.Text); err != nil {
				return badField("field_sort", m.key, "%v", err)
			}
		case "missing":
			if k.MissingFirst = m.scalar.Text == "_first"; !k.MissingFirst && m.scalar.Text != "_last" {
				return badField("field_sort", m.key, "wm-store knows _first and _last, found [%s]", m.scalar.Text)
			}
		case "format":
			if k.Format, err = store.ParseFormat(m.scalar.Text); err != nil {
				return err
			}
		case "unmapped_type":
			k.Unmapped = store.Type(m.scalar.Text)
		default:
			return refuse("x_content_parse_exception", "[field_sort] unknown field [%s]", m.key)
		}
	}
	return nil
}

func parseAfter(t tree) ([]store.Scalar, error) {
	if t.kind != '[' || len(t.list) == 0 {
		return nil, parsing("[search_after] must be an array of the sort values of a hit")
	}
	var list []store.Scalar
	for _, v := range t.list {
		if v.kind != 's' {
			return nil, parsing("Expected [VALUE_STRING] or [VALUE_NUMBER] or [VALUE_BOOLEAN] or [VALUE_NULL] but found [%s] inside search_after.", v.token())
		}
		list = append(list, v.scalar)
	}
	return list, nil
}

// count answers how many documents match.
func (s *server) count(r *request) (reply, error) {
	names, err := s.indices(r)
	if err != nil {
		return reply{}, err
	}
	t, err := parseTree(r.body)
	if err != nil {
		return reply{}, err
	}
	var q store.Query = store.All{}
	for _, m := range t.members {
		if m.key != "query" {
			return reply{}, parsing("request does not support [%s]", m.key)
		}
		if q, err = parseQuery(m.tree); err != nil {
			return reply{}, err
		}
	}
	n, err := s.store.Count(r.Context(), names, q)
	if err != nil {
		return reply{}, err
	}
	body := strconv.AppendInt([]byte(`{"count":`), n, 10)
	body = appendShards(append(body, ','), len(names))
	return reply{status: http.StatusOK, body: append(body, '}')}, nil
}

// oneSearch is a search of a multi-search.
type oneSearch struct {
	list    string
	missing store.Missing
	query   store.Search
}

// multiSearch answers several searches at once. One that does not parse spoils
// the request, as in Elasticsearch; one that fails is an error in its place.
func (s *server) multiSearch(r *request) (reply, error) {
	start := time.Now()
	searches, err := parseMulti(r)
	if err != nil {
		return reply{}, err
	}
	answers := s.allOf(r.Context(), searches)
	body := strconv.AppendInt([]byte(`{"took":`), time.Since(start).Milliseconds(), 10)
	body = append(body, `,"responses":[`...)
	body = append(body, bytes.Join(answers, []byte{','})...)
	return reply{status: http.StatusOK, body: append(body, `]}`...)}, nil
}

// allOf runs searches side by side, as many as there are processors.
func (s *server) allOf(ctx context.Context, searches []oneSearch) [][]byte {
	answers := make([][]byte, len(searches))
	panics := make([]any, len(searches))
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	var wg sync.WaitGroup
	for i, one := range searches {
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { panics[i] = recover(); <-slots }()
			answers[i] = s.oneOf(ctx, one)
		})
	}
	wg.Wait()
	for _, p := range panics {
		if p != nil {
			panic(p) // where net/http catches it, so that one request fails and not the store
		}
	}
	return answers
}

func (s *server) oneOf(ctx context.Context, one oneSearch) []byte {
	start := time.Now()
	names, err := s.store.Resolve(one.list, one.missing)
	if err != nil {
		return asAPIError(err, one.list).body()
	}
	if one.query.At != nil {
		return illegal("[pit] in a multi-search is not supported by wm-store").body()
	}
	found, err := s.store.Search(ctx, names, one.query)
	if err != nil {
		return asAPIError(err, one.list).body()
	}
	return append(appendSearch([]byte{'{'}, one.query, found, len(names), time.Since(start)), `,"status":200}`...)
}

// parseMulti reads pairs of lines: a header, and the body of a search.
func parseMulti(r *request) ([]oneSearch, error) {
	if len(r.body) == 0 {
		return nil, refuse("parse_exception", "request body is required")
	}
	if r.body[len(r.body)-1] != '\n' {
		return nil, illegal(`The msearch request must be terminated by a newline [\n]`)
	}
	missing, err := r.missing()
	if err != nil {
		return nil, err
	}
	lines := bytes.Split(r.body[:len(r.body)-1], []byte{'\n'})
	var list []oneSearch
	for i := 0; i+1 < len(lines); i += 2 {
		one := oneSearch{list: r.vars["index"], missing: missing} // unless the header says otherwise
		if err := one.header(lines[i]); err != nil {
			return nil, err
		}
		t, err := parseTree(lines[i+1])
		if err != nil {
			return nil, err
		}
		if one.query, err = parseSearch(t); err != nil {
			return nil, err
		}
		list = append(list, one)
	}
	if len(list) == 0 {
		return nil, invalid([]string{"no requests added"})
	}
	return list, nil
}

func (one *oneSearch) header(line []byte) error {
	t, err := parseTree(line)
	if err != nil {
		return err
	}
	for _, m := range t.members {
		switch m.key {
		case "index", "indices":
			one.list = ""
			for i, name := range m.each() {
				if i > 0 {
					one.list += ","
				}
				one.list += name.scalar.Text
			}
		case "ignore_unavailable":
			one.missing.SkipNames = m.scalar.Text == "true"
		case "allow_no_indices":
			one.missing.RefuseNothing = m.scalar.Text == "false"
		case "preference", "request_cache", "search_type": // how, not what
		default:
			return illegal("key [%s] is not supported in the metadata section", m.key)
		}
	}
	return nil
}
