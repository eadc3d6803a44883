// Package eshttp serves Elasticsearch's REST interface over a store: the part that
// wm-es, wm-serve, the official clients and people with curl use, with the JSON of
// Elasticsearch 8. Most callers want [Handler].
//
// Anything that is not supported is rejected by name, with status 400 and an error in
// Elasticsearch's format; nothing that would change a result is ignored.
//
// It differs from Elasticsearch where the store does: a search sees everything
// acknowledged before it, so refresh does nothing; a point in time takes no resources
// and lasts as long as its indices; counts and percentiles are exact; and an error in
// one of several indices fails the whole search instead of giving a partial result.
package eshttp

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/wmtools/wm/lib/store"
)

// MaxBody is the maximum length of a request body in bytes, after decompression. It is
// Elasticsearch's http.max_content_length.
const MaxBody = 100 << 20

// Options configures a Handler.
type Options struct {
	Version string        // of the program, shown by GET /
	MaxBody int64         // in bytes; 0 means MaxBody
	Timeout time.Duration // of searches without one; 0 means DefaultTimeout

	// Failed is called with errors that are not the client's, such as a full
	// disk, and Recovered when documents are written again after it was called
	// with a full disk. Nil functions are not called.
	Failed    func(err error)
	Recovered func(outage time.Duration)
}

// DefaultTimeout is how long a search may take by default. After that it returns what
// it has found, with "timed_out".
const DefaultTimeout = time.Minute

type server struct {
	store *store.Store
	opts  Options
	disk  disk
}

// Handler returns a handler of Elasticsearch requests over a store. The caller must
// check users and host names.
func Handler(s *store.Store, opts Options) http.Handler {
	if opts.MaxBody == 0 {
		opts.MaxBody = MaxBody
	}
	if opts.Timeout == 0 {
		opts.Timeout = DefaultTimeout
	}
	return &server{store: s, opts: opts}
}

// request is a request being handled.
type request struct {
	*http.Request
	vars   map[string]string // by their name in the route
	params url.Values
	names  []string // its indices, set by over
	filter filter
	body   []byte
	create bool // the path is _create
}

// reply is a whole response.
type reply struct {
	status int
	body   []byte
	text   bool // plain text rather than JSON
}

// find returns the route of a request, or the methods allowed for its path. Routes are
// tried in order.
func find(method, path string) (r route, vars map[string]string, allowed []string) {
	for _, r := range routes {
		vars, ok := match(r.path, path)
		if !ok {
			continue
		}
		if slices.Contains(r.methods, method) {
			return r, vars, nil
		}
		if len(vars) == 0 || !strings.HasPrefix(path, "/_") {
			allowed = append(allowed, r.methods...)
		}
	}
	return route{}, nil, allowed
}

// match compares a path with that of a route. A segment that begins with an underscore
// is a keyword of the API, never an index.
func match(pattern, path string) (vars map[string]string, ok bool) {
	want := strings.Split(strings.Trim(pattern, "/"), "/")
	have := strings.Split(strings.Trim(path, "/"), "/")
	if len(want) != len(have) {
		return nil, false
	}
	vars = map[string]string{}
	for i, w := range want {
		name, isVar := strings.CutPrefix(w, "{")
		switch {
		case !isVar && w != have[i]:
			return nil, false
		case isVar:
			v, err := url.PathUnescape(have[i])
			if err != nil || v == "" || i == 0 && v[0] == '_' && v != "_all" && len(want) > 1 {
				return nil, false
			}
			vars[strings.TrimSuffix(name, "}")] = v
		}
	}
	return vars, true
}

func (s *server) ServeHTTP(w http.ResponseWriter, hr *http.Request) {
	w.Header().Set("X-Elastic-Product", "Elasticsearch")
	req := &request{Request: hr, params: hr.URL.Query()}
	rep, err := s.serve(w, req)
	if err != nil {
		e := asAPIError(err, req.vars["index"])
		if e.shards && e.index == "" {
			e.index = req.vars["index"]
		}
		rep = reply{status: e.status, body: e.body()}
		if e.status >= http.StatusInternalServerError && !errors.Is(err, context.Canceled) {
			s.failed(err)
		}
	}
	respond(w, req, rep)
}

func (s *server) serve(w http.ResponseWriter, req *request) (reply, error) {
	path := req.URL.EscapedPath()
	r, vars, allowed := find(req.Method, path)
	switch {
	case r.serve == nil && len(allowed) > 0:
		slices.SortFunc(allowed, func(a, b string) int { return slices.Index(methodOrder, a) - slices.Index(methodOrder, b) })
		methods := strings.Join(slices.Compact(allowed), ", ")
		w.Header().Set("Allow", methods)
		return reply{}, plainError(http.StatusMethodNotAllowed, "Incorrect HTTP method for uri [%s] and method [%s], allowed: [%s]",
			req.URL.RequestURI(), req.Method, methods)
	case r.serve == nil:
		return reply{}, plainError(http.StatusBadRequest, "no handler found for uri [%s] and method [%s]", req.URL.RequestURI(), req.Method)
	}
	req.vars = vars
	if err := checkParams(req, r.params); err != nil {
		return reply{}, err
	}
	if err := req.checkRefresh(); err != nil {
		return reply{}, err
	}
	if paths := req.params.Get("filter_path"); paths != "" {
		var err error
		if req.filter, err = parseFilter(paths); err != nil {
			return reply{}, err
		}
	}
	if err := s.readBody(req); err != nil {
		return reply{}, err
	}
	return r.serve(s, req)
}

// methodOrder is the order in which Elasticsearch lists methods.
var methodOrder = []string{"GET", "POST", "PUT", "DELETE", "OPTIONS", "HEAD"}

func checkParams(req *request, known []string) error {
	var unknown []string
	for name := range req.params {
		if !slices.Contains(known, name) && !slices.Contains(everywhere, name) {
			unknown = append(unknown, "["+name+"]")
		}
	}
	if len(unknown) == 0 {
		return nil
	}
	slices.Sort(unknown)
	plural := ""
	if len(unknown) > 1 {
		plural = "s"
	}
	return illegal("request [%s] contains unrecognized parameter%s: %s", req.URL.Path, plural, strings.Join(unknown, ", "))
}

// flag parses a Boolean parameter, which is true without a value.
func (r *request) flag(name string, otherwise bool) (bool, error) {
	if !r.params.Has(name) {
		return otherwise, nil
	}
	switch v := r.params.Get(name); v {
	case "", "true":
		return true, nil
	case "false":
		return false, nil
	default:
		return false, illegal("Failed to parse value [%s] as only [true] or [false] are allowed.", v)
	}
}

// indices resolves the list of indices in a request.
func (s *server) indices(r *request) ([]string, error) {
	m, err := r.missing()
	if err != nil {
		return nil, err
	}
	return s.store.Resolve(r.vars["index"], m)
}

// missing reads what a request says about missing indices.
func (r *request) missing() (store.IndicesOptions, error) {
	for v := range strings.SplitSeq(r.params.Get("expand_wildcards"), ",") {
		if v != "" && v != "open" && v != "all" && v != "closed" && v != "hidden" && v != "none" {
			return store.IndicesOptions{}, illegal("No enum constant org.elasticsearch.action.support.IndicesOptions.WildcardStates.%s", strings.ToUpper(v))
		}
	}
	skip, err := r.indexFlag("ignore_unavailable", false)
	if err != nil {
		return store.IndicesOptions{}, err
	}
	allow, err := r.indexFlag("allow_no_indices", true)
	return store.IndicesOptions{IgnoreUnavailable: skip, AllowNoIndices: allow}, err
}

// indexFlag is like flag, with the error message of these parameters.
func (r *request) indexFlag(name string, otherwise bool) (bool, error) {
	v, err := r.flag(name, otherwise)
	if err == nil {
		return v, nil
	}
	e := illegal("Could not convert [%s] to boolean", name)
	e.cause = asAPIError(err, "")
	return v, e
}
