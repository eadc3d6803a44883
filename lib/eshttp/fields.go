package eshttp

import (
	"net/http"
	"slices"
	"strings"

	"github.com/wmtools/wm/lib/store"
)

// capability describes the capabilities of a field of one type.
type capability struct {
	Type         string   `json:"type"`
	Metadata     bool     `json:"metadata_field"`
	Searchable   bool     `json:"searchable"`
	Aggregatable bool     `json:"aggregatable"`
	Indices      []string `json:"indices,omitempty"`
}

// fieldCaps describes the fields of indices.
func (s *server) fieldCaps(r *request) (reply, error) {
	var patterns []string
	if err := r.read(params{"fields": set(&patterns, texts)}, unknownTo("field_caps_request")); err != nil {
		return reply{}, err
	}
	patterns = append(patterns, strings.FieldsFunc(r.params.Get("fields"), func(c rune) bool { return c == ',' })...)
	if len(patterns) == 0 {
		return reply{}, invalid([]string{"no fields specified"})
	}
	fields := map[string]map[string]*capability{}
	for _, name := range r.names {
		list, err := s.store.Fields(name)
		if err != nil {
			return reply{}, err
		}
		for _, f := range list {
			if slices.ContainsFunc(patterns, func(p string) bool { return matches(p, f.Name) }) {
				addCapability(fields, f, name)
				addParents(fields, list, f.Name, name)
			}
		}
	}
	for _, types := range fields {
		if len(types) == 1 {
			for _, c := range types {
				c.Indices = nil // shown only where indices differ
			}
		}
	}
	return answer(http.StatusOK, struct {
		Indices []string                          `json:"indices"`
		Fields  map[string]map[string]*capability `json:"fields"`
	}{append([]string{}, r.names...), fields})
}

// addParents adds the objects that contain a field.
func addParents(fields map[string]map[string]*capability, list []store.FieldInfo, field, index string) {
	for _, f := range list {
		if f.Type == "object" && strings.HasPrefix(field, f.Name+".") {
			addCapability(fields, f, index)
		}
	}
}

func addCapability(fields map[string]map[string]*capability, f store.FieldInfo, index string) {
	types := fields[f.Name]
	if types == nil {
		types = map[string]*capability{}
		fields[f.Name] = types
	}
	c := types[string(f.Type)]
	if c == nil {
		c = &capability{Type: string(f.Type), Metadata: f.Metadata, Searchable: true, Aggregatable: true}
		types[string(f.Type)] = c
	}
	c.Searchable = c.Searchable && f.Searchable
	c.Aggregatable = c.Aggregatable && f.Aggregatable
	if !slices.Contains(c.Indices, index) {
		c.Indices = append(c.Indices, index)
	}
}

// termsEnum returns the values of a field that begin with a prefix.
func (s *server) termsEnum(r *request) (reply, error) {
	q := termsEnum{size: 10}
	err := r.read(params{
		"field":            set(&q.field, plain),
		"string":           set(&q.prefix, plain),
		"size":             set(&q.size, natural),
		"case_insensitive": set(&q.fold, member.truth),
		"search_after":     set(&q.after, plain),
		"timeout":          keepAlive,
	}, unknownTo("terms_enum"))
	if err != nil {
		return reply{}, err
	}
	if q.field == "" {
		return reply{}, invalid([]string{"field cannot be null"})
	}
	terms, err := s.enumerate(r, q)
	if err != nil {
		return reply{}, err
	}
	return answer(http.StatusOK, struct {
		Shards   shardCounts `json:"_shards"`
		Terms    []string    `json:"terms"`
		Complete bool        `json:"complete"`
	}{shardCounts{len(r.names), len(r.names), 0}, append([]string{}, terms...), true}) // no shard timed out
}

// termsEnum is a request for the values of a field.
type termsEnum struct {
	field, prefix, after string
	fold                 bool // ignore the case of ASCII letters
	size                 int
}

// enumerate returns values in their order.
func (s *server) enumerate(r *request, q termsEnum) (terms []string, err error) {
	ranking := store.Terms{Field: q.field, Size: store.MaxBuckets, MinDocs: 1, Order: []store.Order{{By: "_key"}}}
	var keyword []string
	for _, name := range r.names {
		fields, err := s.store.Fields(name)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(fields, func(f store.FieldInfo) bool { return f.Name == q.field && f.Type == store.Keyword }) {
			keyword = append(keyword, name)
		}
	}
	found, err := s.store.Search(r.Context(), keyword, store.Search{
		Query: store.Prefix{Field: q.field, Value: q.prefix, FoldCase: q.fold},
		Aggs:  []store.NamedAgg{{Name: "terms", Agg: ranking}},
	})
	if err != nil || len(keyword) == 0 {
		return nil, err
	}
	buckets, _ := found.Aggs[0].Result.(store.Buckets)
	for _, k := range buckets.List {
		if term := k.Key.Text; term > q.after && q.accepts(term) {
			if len(terms) == q.size {
				return terms, nil
			}
			terms = append(terms, term)
		}
	}
	return terms, nil
}

// accepts reports whether a value begins with the prefix. The documents found may also
// have other values.
func (q termsEnum) accepts(term string) bool {
	if len(term) < len(q.prefix) {
		return false
	}
	begin := term[:len(q.prefix)]
	return begin == q.prefix || q.fold && strings.EqualFold(begin, q.prefix)
}
