package query_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/tidwall/gjson"

	"github.com/wmtools/wm/lib/es"
	"github.com/wmtools/wm/lib/es/bulk"
	"github.com/wmtools/wm/lib/es/query"
)

var matchAll = query.Clause{MatchAll: &struct{}{}}

// numbered returns events of three days, several of which share a time.
func numbered(from, to int) (lines []string) {
	for i := from; i < to; i++ {
		lines = append(lines, fmt.Sprintf(`{"meta":{"id":"%05d","dt":"2026-11-%02dT12:00:%02dZ","stream":"s"}}`, i, 1+i%3, i/7%60))
	}
	return lines
}

// More hits than a page are visited once each and in order, whatever is written
// meanwhile.
func TestEach(t *testing.T) {
	c := embedded(t)
	p, err := es.ParseIndexPattern(es.DefaultIndex)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.EnsureTemplate(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	lines := numbered(0, 3500)
	write(t, c, p, lines)
	for _, n := range []int{query.All, 1, 999, 1000, 1001, 2000, 3500, 9999} {
		for _, newest := range []bool{true, false} {
			want := slices.Clone(lines)
			slices.SortFunc(want, func(a, b string) int { return strings.Compare(place(a), place(b)) })
			if newest {
				slices.Reverse(want)
			}
			if n != query.All {
				want = want[:min(n, len(want))]
			}
			var got []string
			err := query.NewReader(c).Each(t.Context(), p.Wildcard(), matchAll, query.ByTime(newest), n, func(h query.Hit) error {
				if got = append(got, string(bulk.AppendOriginal(nil, h.Source))); len(got) == 10 && (n == query.All || n > 1000) {
					more := numbered(len(lines), len(lines)+50)
					write(t, c, p, more)
					lines = append(lines, more...)
				}
				return nil
			})
			if err != nil || !slices.Equal(got, want) {
				t.Fatalf("%d hits, newest first %v: error %v, %d hits of %d", n, newest, err, len(got), len(want))
			}
		}
	}
}

// place returns the sort key of a numbered line.
func place(line string) string { return line[strings.Index(line, `"dt"`):] + line }

// page returns the answer to a search with hits, followed by rest.
func page(hits int, rest string) string {
	var list []string
	for i := range hits {
		list = append(list, fmt.Sprintf(`{"_id":"%d","_source":{"n":%[1]d},"sort":[%[1]d,null]}`, i))
	}
	return `{"pit_id":"second","took":1,"_shards":{"total":1,"failed":0},"hits":{"max_score":null,"hits":[` + strings.Join(list, ",") + "]}" + rest
}

// answering returns a client of an Elasticsearch that gives one answer after the
// other.
func answering(t *testing.T, status int, answers ...string) (c *es.Client, asked *[]string) {
	t.Helper()
	return answeringAs(t, `{"version":{"number":"8.19.21"}}`, status, answers...)
}

// answeringAs is answering for a server that says what it is about itself.
func answeringAs(t *testing.T, about string, status int, answers ...string) (c *es.Client, asked *[]string) {
	t.Helper()
	asked = new([]string)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/" {
			_, _ = io.WriteString(w, about)
			return
		}
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		*asked = append(*asked, r.Method+" "+r.URL.String()+" "+string(body))
		w.WriteHeader(status)
		_, _ = io.WriteString(w, answers[0])
		answers = answers[1:]
	}))
	t.Cleanup(srv.Close)
	c, err := es.New(es.Options{URLs: []string{srv.URL}})
	if err != nil {
		t.Fatal(err)
	}
	return c, asked
}

// The requests of Each: it uses the new id of the point in time, and releases it.
func TestEachRequests(t *testing.T) {
	c, asked := answering(t, 200, `{"id":"first"}`, page(1000, "}"), page(3, "}"), `{}`)
	n := 0
	if err := query.NewReader(c).Each(t.Context(), "wm-*", matchAll, query.ByTime(true), query.All, func(query.Hit) error { n++; return nil }); err != nil || n != 1003 {
		t.Fatalf("%d hits, error %v", n, err)
	}
	const search = `POST /_search {"query":{"match_all":{}},"size":1000,"track_total_hits":false,"sort":[{"@timestamp":{"order":"desc","unmapped_type":"date"}},{"meta.id":{"order":"desc","unmapped_type":"keyword"}}],`
	want := []string{
		"POST /wm-*/_pit?keep_alive=15m ",
		search + `"pit":{"id":"first","keep_alive":"15m"}}`,
		search + `"search_after":[999,null],"pit":{"id":"second","keep_alive":"15m"}}`,
		`DELETE /_pit {"id":"second"}`,
	}
	if !slices.Equal(*asked, want) {
		t.Errorf("requests\n%s\nwant\n%s", strings.Join(*asked, "\n"), strings.Join(want, "\n"))
	}
}

// OpenSearch has other requests for a point in time.
func TestEachOnOpenSearch(t *testing.T) {
	c, asked := answeringAs(t, `{"version":{"distribution":"opensearch","number":"2.19.1"}}`, 200, `{"pit_id":"first"}`, page(3, "}"), `{}`)
	n := 0
	if err := query.NewReader(c).Each(t.Context(), "wm-*", matchAll, nil, query.All, func(query.Hit) error { n++; return nil }); err != nil || n != 3 {
		t.Fatalf("%d hits, error %v", n, err)
	}
	want := []string{
		"POST /wm-*/_search/point_in_time?keep_alive=15m ",
		`POST /_search {"query":{"match_all":{}},"size":1000,"track_total_hits":false,"pit":{"id":"first","keep_alive":"15m"}}`,
		`DELETE /_search/point_in_time {"pit_id":"first"}`,
	}
	if !slices.Equal(*asked, want) {
		t.Errorf("requests\n%s\nwant\n%s", strings.Join(*asked, "\n"), strings.Join(want, "\n"))
	}
}

// An incomplete answer is an error; the hits before it were visited.
func TestEachErrors(t *testing.T) {
	tests := []struct {
		name, answer string
		status, hits int
		want         string
	}{
		{"cut short", page(3, ""), 200, 3, "unexpected EOF"},
		{"cut in a hit", page(3, "")[:170], 200, 1, "unexpected EOF"},
		{"timed out", page(3, `,"timed_out":true}`), 200, 3, "incomplete"},
		{"a shard failed", strings.Replace(page(3, "}"), `"failed":0`, `"failed":1`, 1), 200, 3, "incomplete"},
		{"another's answer", `{"responses":[]}`, 200, 0, "contains no hits"},
		{"no JSON", `hello`, 200, 0, "not JSON of Elasticsearch"},
		{"refused", `{"error":{"root_cause":[{"type":"query_shard_exception","reason":"failed to create query: x"}],"type":"search_phase_execution_exception","reason":"all shards failed"},"status":400}`,
			400, 0, "query_shard_exception: failed to create query: x"},
		{"a proxy", "<html>\nbad gateway", 502, 0, "status 502: <html> bad gateway"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, _ := answering(t, tt.status, tt.answer)
			n := 0
			err := query.NewReader(c).Each(t.Context(), "x", matchAll, nil, 5, func(query.Hit) error { n++; return nil })
			if n != tt.hits || err == nil || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), c.Address()) {
				t.Errorf("%d hits, error %v, want %d, %s", n, err, tt.hits, tt.want)
			}
		})
	}
}

// An error of visit ends Each.
func TestEachStopped(t *testing.T) {
	enough := errors.New("enough")
	c, _ := answering(t, 200, page(3, "}"))
	if err := query.NewReader(c).Each(t.Context(), "x", matchAll, nil, 5, func(query.Hit) error { return enough }); err != enough {
		t.Errorf("error %v", err)
	}
}

// The point in time is released however Each ends.
func TestEachReleases(t *testing.T) {
	for name, end := range map[string]func(cancel func()) error{
		"error of visit": func(func()) error { return errors.New("enough") },
		"context ends":   func(cancel func()) error { cancel(); return nil },
	} {
		t.Run(name, func(t *testing.T) {
			c, asked := answering(t, 200, `{"id":"first"}`, page(1000, "}"), `{}`, `{}`)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			n := 0
			err := query.NewReader(c).Each(ctx, "x", matchAll, nil, query.All, func(query.Hit) error {
				if n++; n == 1000 {
					return end(cancel)
				}
				return nil
			})
			if last := (*asked)[len(*asked)-1]; err == nil || len(*asked) != 3 || !strings.HasPrefix(last, "DELETE /_pit ") {
				t.Errorf("error %v, %d requests, the last %s", err, len(*asked), last)
			}
		})
	}
}

// Hits are visited while they arrive, before the page is complete.
func TestEachStreams(t *testing.T) {
	visited := make(chan struct{})
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, page(2, "")[:len(page(2, ""))-10])
		w.(http.Flusher).Flush()
		select {
		case <-visited:
		case <-r.Context().Done():
		}
	}))
	t.Cleanup(srv.Close)
	c, err := es.New(es.Options{URLs: []string{srv.URL}})
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	err = query.NewReader(c).Each(t.Context(), "x", matchAll, nil, 5, func(query.Hit) error {
		if n++; n == 1 {
			close(visited)
		}
		return nil
	})
	if n != 1 || err == nil {
		t.Errorf("%d hits, error %v", n, err)
	}
}

func TestCount(t *testing.T) {
	c, asked := answering(t, 200, `{"count":12,"_shards":{"failed":0}}`, `{"count":12,"_shards":{"failed":1}}`, `{}`)
	if n, err := query.NewReader(c).Count(t.Context(), "wm-*", matchAll); n != 12 || err != nil {
		t.Errorf("count %d, error %v", n, err)
	}
	if want := `POST /wm-*/_count {"query":{"match_all":{}}}`; (*asked)[0] != want {
		t.Errorf("asked %s, want %s", (*asked)[0], want)
	}
	c2, _ := answering(t, 200, `{"count":0,"_shards":{"total":0,"failed":0}}`)
	if _, err := query.NewReader(c2).Count(t.Context(), "wm-*", matchAll); !errors.Is(err, query.ErrNoIndex) {
		t.Errorf("no index: error %v", err)
	}
	for _, want := range []string{"incomplete", "no count"} {
		if _, err := query.NewReader(c).Count(t.Context(), "wm-*", matchAll); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %s", err, want)
		}
	}
}

// The reason of an error is the one that explains it.
func TestSearchReasons(t *testing.T) {
	const fielddata = "Fielddata is disabled on [wiki] in [x]. Text fields are not optimised for operations that require per-document field data. Please use a keyword field instead."
	for answer, want := range map[string]string{
		`{"error":{"root_cause":[{"type":"index_not_found_exception","reason":"no such index [x]"}]},"status":404}`:                                                                                      "index_not_found_exception: no such index [x]",
		`{"error":{"root_cause":[],"type":"search_phase_execution_exception","reason":"","caused_by":{"type":"too_many_buckets_exception","reason":"Trying to create too many buckets."}},"status":400}`: "too_many_buckets_exception: Trying to create too many buckets.",
		`{"error":{"root_cause":[{"type":"illegal_argument_exception","reason":"` + fielddata + `"}]},"status":400}`:                                                                                     "illegal_argument_exception: Fielddata is disabled on [wiki] in [x]",
	} {
		c, _ := answering(t, int(gjson.Get(answer, "status").Int()), answer)
		_, err := query.NewReader(c).Search(t.Context(), "x", query.Search{})
		if e, ok := errors.AsType[*es.Error](err); !ok || e.Kind() != es.Refused || !strings.HasSuffix(err.Error(), want) {
			t.Errorf("%s\ngives %v\nwant %q", answer, err, want)
		}
	}
}

// An answer that is not Elasticsearch's is reported as such.
func TestSearchElsewhere(t *testing.T) {
	for _, answer := range []string{"<html>", "{}"} {
		for name, ask := range map[string]func(*query.Reader) error{
			"count":   func(r *query.Reader) error { _, err := r.Count(t.Context(), "x", matchAll); return err },
			"search":  func(r *query.Reader) error { _, err := r.Search(t.Context(), "x", query.Search{}); return err },
			"msearch": func(r *query.Reader) error { _, err := r.Msearch(t.Context(), "x", []query.Search{{}}); return err },
			"page":    func(r *query.Reader) error { return r.Each(t.Context(), "x", matchAll, nil, 5, nil) },
			"all":     func(r *query.Reader) error { return r.Each(t.Context(), "x", matchAll, nil, query.All, nil) },
		} {
			c, _ := answering(t, 200, answer)
			if e, ok := errors.AsType[*es.Error](ask(query.NewReader(c))); !ok || e.Kind() != es.Foreign {
				t.Errorf("%s of %s: %v", name, answer, e)
			}
		}
	}
}

// When the context ends, the error does not blame the server.
func TestSearchStopped(t *testing.T) {
	for name, ask := range map[string]func(context.Context, *es.Client) error{
		"count": func(ctx context.Context, c *es.Client) error {
			_, err := query.NewReader(c).Count(ctx, "x", matchAll)
			return err
		},
		"search": func(ctx context.Context, c *es.Client) error {
			return query.NewReader(c).Each(ctx, "x", matchAll, nil, 5, func(query.Hit) error { return nil })
		},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			srv := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				_, _ = io.Copy(io.Discard, r.Body) // only then does the server notice that the client hangs up
				cancel()
				<-r.Context().Done()
			}))
			defer srv.Close()
			c, err := es.New(es.Options{URLs: []string{srv.URL}})
			if err != nil {
				t.Fatal(err)
			}
			err = ask(ctx, c)
			if e, ok := errors.AsType[*es.Error](err); !ok || e.Kind() != es.Stopped {
				t.Errorf("error %v", err)
			}
		})
	}
}
