package eshttp

import "slices"

// route is one endpoint of the API.
type route struct {
	methods []string
	path    string // segments in braces are variables
	serve   handler
	params  []string // in addition to everywhere
}

// handler serves a request.
type handler func(*server, *request) (reply, error)

// over resolves the indices of a request before it is served.
func over(serve handler) handler {
	return func(s *server, r *request) (rep reply, err error) {
		if r.names, err = s.indices(r); err != nil {
			return reply{}, err
		}
		return serve(s, r)
	}
}

// everywhere are the parameters that every request may have.
var everywhere = []string{"pretty", "human", "error_trace", "filter_path"}

// lists are the parameters of requests over a list of indices.
var lists = []string{"ignore_unavailable", "allow_no_indices", "expand_wildcards", "ignore_throttled"}

// routes are tried in order: a plain segment comes before a variable.
var routes []route

// The methods of routes.
var (
	get     = []string{"GET"}
	put     = []string{"PUT"}
	post    = []string{"POST"}
	del     = []string{"DELETE"}
	getHead = []string{"GET", "HEAD"}
	ask     = []string{"GET", "POST"}
	write   = []string{"POST", "PUT"}
)

func init() {
	admin := []string{"timeout", "master_timeout", "local"}
	routes = slices.Concat(documentRoutes(), searchRoutes(), clusterRoutes(admin), indexRoutes(admin))
}

// also concatenates lists of parameters.
func also(lists ...[]string) []string { return slices.Concat(lists...) }

func documentRoutes() []route {
	return []route{
		{write, "/_bulk", (*server).bulk, writeParams},
		{write, "/{index}/_bulk", (*server).bulk, writeParams},
		{post, "/{index}/_doc", (*server).putDoc, also(writeParams, []string{"op_type"})},
		{write, "/{index}/_doc/{id}", (*server).putDoc, also(writeParams, []string{"op_type"})},
		{write, "/{index}/_create/{id}", (*server).createDoc, writeParams},
		{post, "/{index}/_update/{id}", (*server).updateDoc, also(writeParams, []string{"retry_on_conflict"})},
		{del, "/{index}/_doc/{id}", (*server).deleteDoc, writeParams},
		{getHead, "/{index}/_doc/{id}", (*server).getDoc, getParams},
		{getHead, "/{index}/_source/{id}", (*server).getSource, getParams},
		{ask, "/_mget", (*server).multiGet, getParams},
		{ask, "/{index}/_mget", (*server).multiGet, getParams},
	}
}

func searchRoutes() []route {
	q := []string{"q", "df", "default_operator", "preference", "routing"}
	search := also(lists, q, searchParams, sourceParams, []string{"sort", "scroll", "request_cache", "search_type", "max_concurrent_shard_requests",
		"pre_filter_shard_size", "batched_reduce_size", "ccs_minimize_roundtrips", "allow_partial_search_results", "rest_total_hits_as_int", "typed_keys"})
	multi := also(lists, []string{"max_concurrent_searches", "search_type", "rest_total_hits_as_int", "typed_keys", "ccs_minimize_roundtrips",
		"max_concurrent_shard_requests"})
	fields := also(lists, []string{"fields", "include_unmapped", "filters", "types", "include_empty_fields"})
	scroll := []string{"scroll", "scroll_id", "rest_total_hits_as_int"}
	return []route{
		{ask, "/_search", over((*server).search), search},
		{ask, "/{index}/_search", over((*server).search), search},
		{ask, "/_search/scroll", (*server).nextPage, scroll},
		{del, "/_search/scroll", (*server).closeScroll, scroll},
		{del, "/_search/scroll/{scroll_id}", (*server).closeScroll, scroll},
		{ask, "/_msearch", (*server).multiSearch, multi},
		{ask, "/{index}/_msearch", (*server).multiSearch, multi},
		{post, "/{index}/_pit", over((*server).openPIT), also(lists, []string{"keep_alive", "preference", "allow_partial_search_results"})},
		{del, "/_pit", (*server).closePIT, nil},
		{ask, "/_count", over((*server).count), also(lists, q)},
		{ask, "/{index}/_count", over((*server).count), also(lists, q)},
		{ask, "/_field_caps", over((*server).fieldCaps), fields},
		{ask, "/{index}/_field_caps", over((*server).fieldCaps), fields},
		{ask, "/{index}/_terms_enum", over((*server).termsEnum), lists},
		{ask, "/_analyze", (*server).analyze, nil},
		{ask, "/{index}/_analyze", (*server).analyze, nil},
	}
}

func indexRoutes(admin []string) []route {
	shown := also(admin, lists, []string{"flat_settings", "include_defaults"})
	return []route{
		{getHead, "/_index_template", (*server).getTemplates, also(admin, []string{"flat_settings"})},
		{getHead, "/_index_template/{name}", (*server).getTemplates, also(admin, []string{"flat_settings"})},
		{write, "/_index_template/{name}", (*server).putTemplate, also(admin, []string{"create", "cause"})},
		{del, "/_index_template/{name}", (*server).deleteTemplate, admin},
		{ask, "/_refresh", over((*server).refresh), lists},
		{ask, "/{index}/_refresh", over((*server).refresh), lists},
		{get, "/_mapping", over((*server).getMapping), shown},
		{get, "/{index}/_mapping", over((*server).getMapping), shown},
		{get, "/_settings", over((*server).getSettings), shown},
		{get, "/{index}/_settings", over((*server).getSettings), shown},
		{get, "/_alias", over((*server).getAlias), shown},
		{get, "/{index}/_alias", over((*server).getAlias), shown},
		{getHead, "/_alias/{name}", (*server).missingAlias, shown},
		{getHead, "/{index}/_alias/{name}", (*server).missingAlias, shown},
		{getHead, "/{index}", over((*server).getIndex), shown},
		{put, "/{index}", (*server).putIndex, also(admin, []string{"wait_for_active_shards"})},
		{del, "/{index}", over((*server).deleteIndex), also(admin, lists)},
	}
}

func clusterRoutes(admin []string) []route {
	cat := also(admin, lists, []string{"format", "v", "h", "s", "bytes", "time", "help"})
	health := also(admin, lists, []string{"wait_for_status", "wait_for_nodes", "wait_for_no_relocating_shards", "wait_for_no_initializing_shards",
		"wait_for_active_shards", "level"})
	return []route{
		{getHead, "/", (*server).root, nil},
		{get, "/_resolve/index/{index}", over((*server).resolve), lists},
		{get, "/_cat/indices", over((*server).catIndices), cat},
		{get, "/_cat/indices/{index}", over((*server).catIndices), cat},
		{get, "/_cat/health", over((*server).catHealth), also(cat, []string{"ts"})},
		{get, "/_cat/count", over((*server).catCount), cat},
		{get, "/_cat/count/{index}", over((*server).catCount), cat},
		{get, "/_cluster/health", over((*server).health), health},
		{get, "/_cluster/health/{index}", over((*server).health), health},
		{get, "/_nodes", (*server).nodes, []string{"timeout", "flat_settings"}},
		{get, "/_nodes/{node}", (*server).nodes, []string{"timeout", "flat_settings"}},
	}
}
