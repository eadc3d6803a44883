package es

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/wmtools/wm/lib/event"
)

// item is what the answer to a bulk request says of one document.
type item struct {
	status int
	kind   string // type of the error, "" without one
	reason string
}

// verdict is what an item means for its document.
type verdict byte

const (
	created  verdict = iota
	present          // the id is in the index: an earlier attempt, or run, wrote it
	rejected         // the document is at fault, for ever
	open             // the index or the cluster is: the document is sent again
	fatal            // no patience helps: whoever runs this must act first
)

// documentFaults are the errors that blame the document. Elasticsearch 8 says
// document_parsing_exception where 7 said mapper_parsing_exception.
var documentFaults = map[string]bool{
	"document_parsing_exception":       true,
	"mapper_parsing_exception":         true,
	"strict_dynamic_mapping_exception": true,
	"illegal_argument_exception":       true,
	"parse_exception":                  true,
	"x_content_parse_exception":        true,
	"json_parse_exception":             true,
	"invalid_index_name_exception":     true,
}

// indexFaults begin the reasons of an illegal_argument_exception that blames
// the settings of the index instead.
var indexFaults = []string{"pipeline with id [", "no write index is defined for alias ["}

// judge tells what the item means. The error is nil for a document that is in
// the index.
func (it item) judge() (verdict, error) {
	switch {
	case it.status == http.StatusConflict:
		return present, nil
	case it.status/100 == 2:
		return created, nil
	}
	err := &serverError{it.status, it.kind, it.reason}
	switch {
	case it.kind == "security_exception":
		return fatal, err
	case it.status == http.StatusRequestEntityTooLarge || it.blamesDocument():
		return rejected, err
	}
	return open, err
}

func (it item) blamesDocument() bool {
	if it.status != http.StatusBadRequest || !documentFaults[it.kind] {
		return false
	}
	for _, opening := range indexFaults {
		if strings.HasPrefix(it.reason, opening) {
			return false
		}
	}
	return true
}

var errUnusable = errors.New("the answer is not that of a bulk request")

// parseItems reads the items of an answer into a slice that is used again. An
// answer that does not have exactly want of them cannot be matched to the
// documents and is unusable as a whole.
func parseItems(into []item, body []byte, want int) ([]item, error) {
	if allCreated(body, want) {
		into = into[:0]
		for range want {
			into = append(into, item{status: http.StatusCreated})
		}
		return into, nil
	}
	if nestedTooDeep(body) || !gjson.ValidBytes(body) {
		return nil, errUnusable
	}
	list := gjson.GetBytes(body, "items")
	if !list.IsArray() {
		return nil, errUnusable
	}
	into = into[:0]
	list.ForEach(func(_, entry gjson.Result) bool {
		outcome := entry.Get("create")
		it := item{status: int(outcome.Get("status").Int())}
		if it.status == 0 {
			return false
		}
		if it.status >= 300 {
			it.kind, it.reason = explain(outcome.Get("error"))
		}
		into = append(into, it)
		return true
	})
	if len(into) != want {
		return nil, fmt.Errorf("%w: %d outcomes for %d documents", errUnusable, len(into), want)
	}
	return into, nil
}

// allCreated reports whether an answer says, in the form that Elasticsearch gives
// it, that each document was written. Nearly all answers do.
func allCreated(body []byte, want int) bool {
	const one = `{"create":{"status":201}}`
	_, list, ok := bytes.Cut(body, []byte(`"items":[`))
	if !ok || bytes.IndexByte(body, '[') != len(body)-len(list)-1 || len(list) != want*len(one)+want-1+len("]}") {
		return false
	}
	for range want {
		if string(list[:len(one)]) != one || list[len(one)] != ',' && list[len(one)] != ']' {
			return false
		}
		list = list[len(one)+1:]
	}
	return string(list) == "}"
}

// explain reads type and reason of an error. The cause below it is often the
// only place that says what was wrong with a value.
func explain(e gjson.Result) (kind, reason string) {
	reason = e.Get("reason").String()
	if cause := e.Get("caused_by.reason").String(); cause != "" && !strings.Contains(reason, cause) {
		reason += ": " + cause
	}
	return oneLine(e.Get("type").String()), oneLine(reason)
}

// oneLine makes a message of a text that may be a page of HTML, quote a whole
// document, or end in a semicolon.
func oneLine(s string) string {
	const enough = 400
	if len(s) > enough {
		s = s[:enough] + "..."
	}
	return strings.TrimRight(strings.Join(strings.Fields(strings.ToValidUTF8(s, "")), " "), ";")
}

// serverError is an error in Elasticsearch's own words.
type serverError struct {
	status int
	kind   string // its type, "" when the answer was not Elasticsearch's
	reason string
}

// tooBusy is the type of the error of a node that has enough to do.
const tooBusy = "es_rejected_execution_exception"

func (e *serverError) Error() string {
	switch e.kind {
	case "":
		return strings.TrimSpace(fmt.Sprintf("status %d %s", e.status, e.reason))
	case tooBusy: // the reason is a task in the words of the server's programmers, another each time
		return tooBusy + ": the server has no room for more requests at the moment"
	}
	return fmt.Sprintf("%s: %s", e.kind, e.reason)
}

// failure reads the error of an answer whose status is not one of success.
func failure(a answer) *serverError {
	if !nestedTooDeep(a.body) && gjson.ValidBytes(a.body) {
		if kind, reason := explain(gjson.GetBytes(a.body, "error")); kind != "" {
			return &serverError{a.status, kind, reason}
		}
	}
	return &serverError{a.status, "", oneLine(string(a.body))}
}

// judgeRequest tells what an answer other than success means for a whole
// request: open, that it should be sent again later, or fatal.
func judgeRequest(e *serverError) verdict {
	switch {
	case e.status >= 500, e.status == http.StatusTooManyRequests, e.status == http.StatusRequestTimeout,
		e.kind == "cluster_block_exception", e.kind == "index_not_found_exception":
		return open
	}
	return fatal
}

// trouble is what keeps documents from being settled.
type trouble struct {
	err   error
	index string // "" when it is not about one index
	final bool   // waiting does not help
}

// remedies are what can be done about errors of the index or the cluster.
var remedies = map[string]string{
	"index_not_found_exception":    "run wm-es init-index with the same --index, or allow the server to create indices (action.auto_create_index)",
	"cluster_block_exception":      "free disk space on the server, or take the block off the index",
	"index_closed_exception":       "open the index, or delete it",
	"validation_exception":         "delete old indices, or raise cluster.max_shards_per_node",
	"security_exception":           "give the user the privilege, on these indices; wm-es check shows which it has",
	tooBusy:                        "if it stays so: fewer --workers, or a smaller --batch-bytes",
	"unavailable_shards_exception": "look at the health of the cluster: the index has no primary shard",
}

// describe makes the error that the user reads: where, which index, what, and
// what to do about it.
func (c *Client) describe(t *trouble) error {
	place := c.Address()
	if t.index != "" {
		place += ": index " + t.index
	}
	cause := t.err
	if e, ok := errors.AsType[*net.OpError](cause); ok {
		cause = e.Err // the rest repeats the address, or names a port of no interest
	} else if errors.Is(cause, errSilent) {
		cause = errSilent
	}
	err := fmt.Errorf("%s: %w", place, cause)
	if hint := remedy(t.err); hint != "" {
		return event.WithHint(err, hint)
	}
	return err
}

func remedy(err error) string {
	e, ok := errors.AsType[*serverError](err)
	switch hint := distrust(err); {
	case hint != "":
		return hint
	case errors.Is(err, errSilent):
		return "is it stopped, or has it far too much to do?"
	case errors.Is(err, io.EOF):
		return "the server hung up: does it want https instead of http?"
	case !ok && !errors.Is(err, errUnusable):
		return "is it running? start wm-store, or give the address with --es"
	case ok && e.status == http.StatusUnauthorized:
		return "say who you are: --user with WM_ES_PASSWORD or --password-file, or WM_ES_API_KEY or --api-key-file"
	case ok && strings.Contains(e.reason, "[index.lifecycle.name]"):
		return "this server has no index lifecycle management: leave --ilm-policy out, and let wm-es prune delete old days"
	case !ok || e.kind == "" && judgeRequest(e) == fatal:
		return "is this the address of Elasticsearch or wm-store? --es gives another"
	}
	return remedies[e.kind]
}
