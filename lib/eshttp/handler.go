// Package eshttp is Elasticsearch's REST interface over a store: the part of it
// that wm-es, wm-serve and a curl line need, in the JSON shapes of
// Elasticsearch 8. What it does not know it refuses with status 400 and by
// name; it never ignores anything that would change the answer.
//
// Where it differs, because the store does: there is no dynamic mapping, so an
// index is made from a template or by PUT with a mapping that says
// "dynamic":false; a search sees what was acknowledged at once, so refresh does
// nothing; every match scores 1; and an error in one of several indices is the
// answer of the whole search, never a partial result.
package eshttp

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/wmtools/wm/lib/store"
)

// MaxBody is how long the body of a request may be, in bytes and after
// decompression. It is Elasticsearch's http.max_content_length.
const MaxBody = 100 << 20

// Options is what a Handler needs to know beside the store.
type Options struct {
	Version string // of the program, shown by GET /
	MaxBody int64  // 0: MaxBody
}

type server struct {
	store *store.Store
	opts  Options
}

// Handler answers Elasticsearch requests from a store. Who may ask, and by which
// host name, is for the caller to check.
func Handler(s *store.Store, opts Options) http.Handler {
	if opts.MaxBody == 0 {
		opts.MaxBody = MaxBody
	}
	return &server{s, opts}
}

// request is a request on its way through a handler.
type request struct {
	*http.Request
	vars   map[string]string // by their name in the route
	params url.Values
	filter filter
	body   []byte
}

// reply is a whole answer.
type reply struct {
	status int
	body   []byte
	text   bool // plain text rather than JSON
}

// route is one line of the API.
type route struct {
	methods []string
	path    string // segments in braces are variables
	serve   func(*server, *request) (reply, error)
	params  []string // that it knows, beside those that all do
}

// everywhere is what every request may say.
var everywhere = []string{"pretty", "human", "error_trace", "filter_path"}

// lists is what requests over a list of indices may say.
var lists = []string{"ignore_unavailable", "allow_no_indices", "expand_wildcards"}

// routes are tried in order; a plain segment goes before a variable.
var routes []route

func init() {
	get, put := []string{"GET"}, []string{"POST", "PUT"}
	ask := []string{"GET", "POST"}
	bulk := []string{"refresh", "timeout", "wait_for_active_shards"}
	search := append(slices.Clone(lists), "size", "from", "track_total_hits", "timeout", "request_cache", "preference")
	multi := append(slices.Clone(lists), "max_concurrent_searches")
	admin := []string{"timeout", "master_timeout"}
	routes = []route{
		{[]string{"GET", "HEAD"}, "/", (*server).root, nil},
		{put, "/_bulk", (*server).bulk, bulk},
		{put, "/{index}/_bulk", (*server).bulk, bulk},
		{ask, "/_search", (*server).search, search},
		{ask, "/{index}/_search", (*server).search, search},
		{ask, "/_msearch", (*server).multiSearch, multi},
		{ask, "/{index}/_msearch", (*server).multiSearch, multi},
		{[]string{"POST"}, "/{index}/_pit", (*server).openPIT, append(slices.Clone(lists), "keep_alive", "preference")},
		{[]string{"DELETE"}, "/_pit", (*server).closePIT, nil},
		{ask, "/_count", (*server).count, lists},
		{ask, "/{index}/_count", (*server).count, lists},
		{ask, "/_refresh", (*server).refresh, lists},
		{ask, "/{index}/_refresh", (*server).refresh, lists},
		{get, "/_cat/indices", (*server).catIndices, catParams},
		{get, "/_cat/indices/{index}", (*server).catIndices, catParams},
		{get, "/_cluster/health", (*server).health, append(admin, "wait_for_status")},
		{get, "/_index_template", (*server).getTemplates, admin},
		{[]string{"GET", "HEAD"}, "/_index_template/{name}", (*server).getTemplates, admin},
		{[]string{"PUT", "POST"}, "/_index_template/{name}", (*server).putTemplate, append(admin, "create", "cause")},
		{[]string{"DELETE"}, "/_index_template/{name}", (*server).deleteTemplate, admin},
		{get, "/_mapping", (*server).getMapping, append(admin, lists...)},
		{get, "/{index}/_mapping", (*server).getMapping, append(admin, lists...)},
		{get, "/{index}/_settings", (*server).getSettings, append(admin, lists...)},
		{[]string{"GET", "HEAD"}, "/{index}", (*server).getIndex, append(admin, lists...)},
		{[]string{"PUT"}, "/{index}", (*server).putIndex, append(admin, "wait_for_active_shards")},
		{[]string{"DELETE"}, "/{index}", (*server).deleteIndex, append(admin, lists...)},
	}
}

// find returns the route of a request, or the methods that its path allows.
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

// match compares a path with a route's. Segments that begin with an underscore
// are the API's own words, never an index.
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
		rep = reply{status: e.status, body: e.body()}
	}
	respond(w, req, rep)
}

func (s *server) serve(w http.ResponseWriter, req *request) (reply, error) {
	path := req.URL.EscapedPath()
	r, vars, allowed := find(req.Method, path)
	switch {
	case r.serve == nil && len(allowed) > 0:
		slices.Sort(allowed)
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

// flag reads a parameter that is true when it is there without a value.
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

// indices resolves the list of indices that a request is about.
func (s *server) indices(r *request) ([]string, error) {
	m, err := r.missing()
	if err != nil {
		return nil, err
	}
	return s.store.Resolve(r.vars["index"], m)
}

// missing reads what a request says about indices that are not there.
func (r *request) missing() (store.Missing, error) {
	if v := r.params.Get("expand_wildcards"); v != "" && v != "open" && v != "all" {
		return store.Missing{}, illegal("[expand_wildcards] of wm-store knows open and all only: [%s]", v)
	}
	skip, err := r.flag("ignore_unavailable", false)
	if err != nil {
		return store.Missing{}, err
	}
	allow, err := r.flag("allow_no_indices", true)
	return store.Missing{SkipNames: skip, RefuseNothing: !allow}, err
}
