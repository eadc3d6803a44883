package eshttp

import (
	"bytes"
	"context"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/wmtools/wm/lib/store"
)

// oneSearch is a search of a multi-search.
type oneSearch struct {
	list    string
	missing store.IndicesOptions
	query   search
	err     error // of the query; it does not affect the other searches
}

// multiSearch serves several searches at once. A search that fails has an error in its
// place.
func (s *server) multiSearch(r *request) (reply, error) {
	start := time.Now()
	searches, err := parseMulti(r)
	if err != nil {
		return reply{}, err
	}
	answers := s.allOf(r.Context(), searches)
	var o out
	o.open('{').key("took").int(time.Since(start).Milliseconds())
	o.key("responses").open('[').raw(string(bytes.Join(answers, []byte{','}))).close(']')
	return ok(*o.close('}'))
}

// allOf runs searches in parallel, one per processor at a time.
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
			panic(p) // net/http recovers it, so that one request fails and not the store
		}
	}
	return answers
}

func (s *server) oneOf(ctx context.Context, one oneSearch) []byte {
	start := time.Now()
	if one.err != nil {
		return asAPIError(one.err, one.list).body()
	}
	names, err := s.store.Resolve(one.list, one.missing)
	if err != nil {
		return asAPIError(err, one.list).body()
	}
	if one.query.At != nil {
		return illegal("[pit] in a multi-search is not supported by wm-store").body()
	}
	found, err := s.run(ctx, names, one.query)
	if err != nil {
		return asAPIError(err, one.list).body()
	}
	var o out
	o.open('{').found(one.query, found, len(names), time.Since(start))
	return *o.key("status").int(http.StatusOK).close('}')
}

// parseMulti parses pairs of lines: a header and the body of a search.
func parseMulti(r *request) ([]oneSearch, error) {
	if len(r.body) == 0 {
		return nil, refuse("parse_exception", "request body or source parameter is required")
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
		one.query.asInt = slices.Contains(r.params["rest_total_hits_as_int"], "true")
		one.query.typed = slices.Contains(r.params["typed_keys"], "true")
		one.err = one.query.check()
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
	index := func(m member) error { one.list = strings.Join(m.texts(), ","); return nil }
	return t.read(params{
		"index": index, "indices": index,
		"ignore_unavailable": func(m member) error { one.missing.IgnoreUnavailable = m.scalar.Text == "true"; return nil },
		"allow_no_indices":   func(m member) error { one.missing.AllowNoIndices = m.scalar.Text != "false"; return nil },
		// How to search, not what:
		"preference": ignore, "request_cache": ignore, "search_type": ignore, "ccs_minimize_roundtrips": ignore, "expand_wildcards": ignore,
		"routing": ignore,
	}, ifUnknown(func(m member) error { return illegal("key [%s] is not supported in the metadata section", m.key) }))
}
