package eshttp

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/wmtools/wm/lib/store"
)

// apiError is an error in Elasticsearch's format.
type apiError struct {
	status  int
	typ     string
	reason  string
	cause   *apiError
	details []detail // further members of the error object
	index   string   // of the shards
	at      int      // offset in the body; 0 if unknown
	plain   bool     // only the reason is shown: {"error":"..."}
	shards  bool     // an error of the shards: wrapped as "all shards failed"
}

// detail is a member of an error object, its value as JSON.
type detail struct {
	key, value string
}

func textDetail(key, value string) detail {
	var o out
	o.text(value)
	return detail{key, string(o)}
}

func (e *apiError) Error() string { return e.reason }

// refuse returns an error of status 400.
func refuse(typ, format string, args ...any) *apiError {
	return &apiError{status: http.StatusBadRequest, typ: typ, reason: fmt.Sprintf(format, args...)}
}

func illegal(format string, args ...any) *apiError {
	return refuse("illegal_argument_exception", format, args...)
}

// ofShards makes an error one that Elasticsearch finds when it searches the shards.
func ofShards(e *apiError) *apiError {
	e.shards = true
	return e
}

// plainError returns an error of the HTTP layer, which has no types.
func plainError(status int, format string, args ...any) *apiError {
	return &apiError{status: status, plain: true, reason: fmt.Sprintf(format, args...)}
}

// kinds maps the errors of a store to Elasticsearch's.
var kinds = map[store.Kind]struct {
	status int
	typ    string
}{
	store.BadArgument:     {400, "illegal_argument_exception"},
	store.BadSearch:       {400, "illegal_argument_exception"},
	store.BadMapping:      {400, "mapper_parsing_exception"},
	store.BadTemplate:     {400, "invalid_index_template_exception"},
	store.BadName:         {400, "invalid_index_name_exception"},
	store.BadDocument:     {400, "document_parsing_exception"},
	store.MappingConflict: {400, "illegal_argument_exception"},
	store.StrictMapping:   {400, "strict_dynamic_mapping_exception"},
	store.BadQuery:        {400, "query_shard_exception"},
	store.IndexMissing:    {404, "index_not_found_exception"},
	store.IndexExists:     {400, "resource_already_exists_exception"},
	store.DocumentMissing: {404, "document_missing_exception"},
	store.Conflict:        {409, "version_conflict_engine_exception"},
	store.TemplateMissing: {404, "index_template_missing_exception"},
	store.TooManyBuckets:  {400, "too_many_buckets_exception"},
	store.MomentGone:      {404, "search_context_missing_exception"},
}

// asAPIError converts any error to an apiError. index is the index of the request, if
// there was exactly one.
func asAPIError(err error, index string) *apiError {
	if e, ok := errors.AsType[*apiError](err); ok {
		return e
	}
	if e, ok := errors.AsType[*store.Error](err); ok {
		return fromStore(e)
	}
	switch {
	case errors.Is(err, store.ErrDiskFull):
		return &apiError{status: http.StatusTooManyRequests, typ: "cluster_block_exception", reason: fmt.Sprintf("index [%s] blocked by:"+
			" [TOO_MANY_REQUESTS/12/disk usage exceeded flood-stage watermark, index has read-only-allow-delete block];", index)}
	case errors.Is(err, store.ErrClosed):
		return &apiError{status: http.StatusServiceUnavailable, typ: "node_closed_exception", reason: err.Error()}
	}
	return &apiError{status: http.StatusInternalServerError, typ: "exception", reason: err.Error()}
}

const dateError = "failed to parse date field"

// causeOf returns the cause of an error with its type in Elasticsearch.
func causeOf(e *store.Error) *apiError {
	switch {
	case e.Kind == store.BadMapping:
		return refuse("mapper_parsing_exception", "%s", e.Cause)
	case e.Kind == store.BadQuery && strings.HasPrefix(e.Cause, dateError):
		cause := illegal("%s", e.Cause)
		cause.cause = refuse("date_time_parse_exception", "Failed to parse with all enclosed parsers")
		outer := refuse("parse_exception", "%s: [%[1]s]", e.Cause)
		outer.cause = cause
		return outer
	case strings.HasPrefix(e.Cause, "For input string"):
		return refuse("number_format_exception", "%s", e.Cause)
	}
	cause := illegal("%s", e.Cause)
	if strings.HasPrefix(e.Cause, dateError) {
		cause.cause = refuse("date_time_parse_exception", "Failed to parse with all enclosed parsers")
	}
	return cause
}

func fromStore(e *store.Error) *apiError {
	k := kinds[e.Kind]
	a := &apiError{status: k.status, typ: k.typ, reason: e.Reason}
	if e.Cause != "" {
		a.cause = causeOf(e)
	}
	if a.cause != nil && e.Kind == store.BadQuery {
		a.reason = "failed to create query: " + a.cause.reason
	}
	switch e.Kind {
	case store.IndexMissing:
		a.details = []detail{textDetail("resource.type", "index_or_alias"), textDetail("resource.id", e.Index),
			textDetail("index_uuid", "_na_"), textDetail("index", e.Index)}
	case store.BadName:
		a.details = []detail{textDetail("index_uuid", "_na_"), textDetail("index", e.Index)}
	case store.Conflict, store.DocumentMissing:
		a.details = []detail{textDetail("index_uuid", e.UUID), textDetail("shard", "0"), textDetail("index", e.Index)}
	case store.BadQuery, store.IndexExists:
		a.details = []detail{textDetail("index_uuid", e.UUID), textDetail("index", e.Index)}
		a.shards = e.Kind == store.BadQuery
	case store.BadArgument:
		a.shards = e.Index != ""
	case store.BadSearch:
		a.shards = true
	}
	a.index = e.Index
	return a
}

// object adds the error object.
func (e *apiError) object(o *out) {
	o.open('{')
	e.members(o)
	o.close('}')
}

func (e *apiError) members(o *out) {
	o.key("type").text(e.typ).key("reason").text(e.reason)
	for _, d := range e.details {
		o.key(d.key).raw(d.value)
	}
	if e.cause != nil {
		e.cause.object(o.key("caused_by"))
	}
}

// body returns the whole response.
func (e *apiError) body() []byte {
	var o out
	o.open('{').key("error")
	if e.plain {
		o.text(e.reason)
	} else {
		e.report(&o)
	}
	if !e.plain || e.status != http.StatusBadRequest {
		o.key("status").int(int64(e.status))
	}
	return *o.close('}')
}

// root returns the error that Elasticsearch calls the root cause: the innermost of its
// own exceptions.
func (e *apiError) root() *apiError {
	root := *e
	for c := e; c.cause != nil && (elastic(c.typ) || c.typ == "x_content_parse_exception"); c = c.cause {
		if elastic(c.cause.typ) {
			root = *c.cause
		}
	}
	root.cause = nil
	return &root
}

// elastic reports whether a type is one of Elasticsearch's own exceptions.
func elastic(typ string) bool {
	switch typ {
	case "parsing_exception", "parse_exception", "mapper_parsing_exception", "query_shard_exception":
		return true
	}
	return false
}

// report adds the error with its root cause, as the response to one request.
func (e *apiError) report(o *out) {
	o.open('{').key("root_cause").open('[')
	e.root().object(o)
	o.close(']')
	if !e.shards {
		e.members(o)
		o.close('}')
		return
	}
	o.raw(`"type":"search_phase_execution_exception","reason":"all shards failed","phase":"query","grouped":true`)
	o.key("failed_shards").open('[').open('{').key("shard").int(0)
	if e.index != "" {
		o.key("index").text(e.index)
	}
	e.object(o.key("node").text(nodeID).key("reason"))
	o.close('}').close(']')
	switch {
	case e.cause != nil && elastic(e.cause.typ):
		e.cause.object(o.key("caused_by"))
	case !elastic(e.typ):
		outer := apiError{typ: e.typ, reason: e.reason, cause: e}
		outer.object(o.key("caused_by"))
	}
	o.close('}')
}

// Refuse writes the response to a request that is rejected before it reaches the
// handler: status 401 or 403, and the reason in Elasticsearch's format.
func Refuse(w http.ResponseWriter, r *http.Request, status int, reason string) {
	e := &apiError{status: status, typ: "security_exception", reason: reason}
	w.Header().Set("X-Elastic-Product", "Elasticsearch")
	respond(w, &request{Request: r}, reply{status: status, body: e.body()})
}
