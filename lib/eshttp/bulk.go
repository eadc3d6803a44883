package eshttp

import (
	"bytes"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/wmtools/wm/lib/store"
)

// maxID is the maximum length of an id in bytes.
const maxID = 512

// bulk writes documents.
func (s *server) bulk(r *request) (reply, error) {
	start := time.Now()
	if len(r.body) == 0 {
		return reply{}, refuse("parse_exception", "request body is required")
	}
	ops, err := parseBulk(r.body, r.vars["index"])
	if err != nil {
		return reply{}, err
	}
	outcomes := s.write(r, ops)
	return ok(bulkAnswer(ops, outcomes, r.forced(), time.Since(start)))
}

// item is one operation of a bulk request.
type item struct {
	store.Op
	err *apiError // why it is not passed to the store
}

// write writes the items without an error.
func (s *server) write(r *request, items []item) []store.Outcome {
	var ops []store.Op
	for _, it := range items {
		if it.err == nil {
			ops = append(ops, it.Op)
		}
	}
	written := s.store.Write(r.Context(), ops)
	s.watchDisk(written)
	if len(written) == len(items) {
		return written
	}
	outcomes := make([]store.Outcome, len(items))
	for i, it := range items {
		if it.err != nil {
			outcomes[i] = store.Outcome{ID: it.ID, Err: it.err}
			continue
		}
		outcomes[i], written = written[0], written[1:]
	}
	return outcomes
}

// parseBulk parses the lines of a bulk request: actions, each except delete followed
// by a document.
func parseBulk(body []byte, index string) ([]item, error) {
	var items []item
	for n := 1; len(body) > 0; n++ {
		line, rest, err := cutLine(body)
		if err != nil {
			return nil, err
		}
		body = rest
		if len(line) == 0 {
			continue
		}
		it, err := parseAction(line, n, index)
		if err != nil {
			return nil, err
		}
		if it.Action != store.Delete {
			if len(body) == 0 {
				break // an action without its document is ignored
			}
			n++
			if line, body, err = cutLine(body); err != nil {
				return nil, err
			}
			if err := it.document(line); err != nil {
				return nil, err
			}
		}
		items = append(items, it)
	}
	return items, validate(items)
}

// document takes the line after an action.
func (it *item) document(line []byte) error {
	if it.Action == store.Update {
		if len(line) == 0 {
			return refuse("x_content_parse_exception", "[1:0] [UpdateRequest] Expected START_OBJECT but was: null")
		}
		t, err := parseTree(line)
		if err != nil {
			return err
		}
		return updateBody(&it.Op, t)
	}
	it.Source = line
	if len(line) == 0 {
		it.err = refuse("document_parsing_exception", "[0:0] failed to parse, document is empty")
	}
	return nil
}

// cutLine cuts the first line, without its newline, off a body.
func cutLine(body []byte) (line, rest []byte, err error) {
	line, rest, found := bytes.Cut(body, []byte("\n"))
	if !found {
		return nil, nil, illegal(`The bulk request must be terminated by a newline [\n]`)
	}
	return bytes.TrimSuffix(line, []byte("\r")), rest, nil
}

var actions = map[string]store.Action{"create": store.Create, "index": store.Put, "delete": store.Delete, "update": store.Update}

// parseAction parses an action line such as {"create":{"_index":"i","_id":"1"}}.
func parseAction(line []byte, n int, index string) (item, error) {
	it := item{Op: store.Op{Index: index}}
	t, err := parseTree(line)
	switch {
	case err != nil:
		return it, illegal("Malformed action/metadata line [%d]: %v", n, err)
	case t.kind != '{':
		return it, illegal("Malformed action/metadata line [%d], expected START_OBJECT but found [%s]", n, t.token())
	case len(t.members) == 0:
		return it, illegal("Malformed action/metadata line [%d], expected FIELD_NAME but found [END_OBJECT]", n)
	case len(t.members) > 1:
		return it, illegal("Malformed action/metadata line [%d], expected one action but found [%d]", n, len(t.members))
	}
	m := t.members[0]
	action, known := actions[m.key]
	switch {
	case !known:
		return it, illegal("Malformed action/metadata line [%d], expected field [create], [delete], [index] or [update] but found [%s]", n, m.key)
	case m.kind != '{':
		return it, illegal("Malformed action/metadata line [%d], expected START_OBJECT or END_OBJECT but found [%s]", n, m.token())
	}
	it.Action = action
	for _, p := range m.members {
		if err := it.param(p, n); err != nil {
			return it, err
		}
	}
	return it, nil
}

// param parses a parameter of an action.
func (it *item) param(p member, n int) error {
	switch {
	case p.key != "_index" && p.key != "_id" && p.key != "retry_on_conflict":
		return illegal("Action/metadata line [%d] contains an unknown parameter [%s]", n, p.key)
	case p.kind != 's':
		return illegal("Malformed action/metadata line [%d], expected a simple value for field [%s] but found [%s]", n, p.key, p.token())
	case !p.isScalar(): // null, the same as absent
	case p.key == "_index":
		it.Index = p.scalar.Text
	case p.key == "_id":
		if it.ID = p.scalar.Text; it.ID == "" {
			it.err = illegal("if _id is specified it must not be empty")
		}
	}
	return nil
}

// validate returns an error if the whole request is invalid.
func validate(items []item) error {
	var problems []string
	for _, it := range items {
		if it.Index == "" {
			problems = append(problems, "index is missing")
		}
		if it.ID == "" && it.err == nil && it.Action >= store.Delete {
			problems = append(problems, "id is missing")
		}
		if len(it.ID) > maxID {
			problems = append(problems, "id ["+it.ID+"] is too long, must be no longer than 512 bytes but was: "+strconv.Itoa(len(it.ID)))
		}
	}
	if len(items) == 0 {
		problems = append(problems, "no requests added")
	}
	return invalid(problems)
}

// invalid returns the validation error of a well-formed request, or nil if there are
// no problems.
func invalid(problems []string) error {
	if len(problems) == 0 {
		return nil
	}
	reason := "Validation Failed: "
	for i, p := range problems {
		reason += strconv.Itoa(i+1) + ": " + p + ";"
		if len(reason) > 10_000 {
			break
		}
	}
	return refuse("action_request_validation_exception", "%s", reason)
}

// bulkAnswer renders the outcome of each operation.
func bulkAnswer(ops []item, outcomes []store.Outcome, forced bool, took time.Duration) []byte {
	failed := func(done store.Outcome) bool { return done.Err != nil }
	o := make(out, 0, 160*len(ops)+64)
	o.open('{').key("errors").bool(slices.ContainsFunc(outcomes, failed)).key("took").int(took.Milliseconds())
	o.key("items").open('[')
	for i, done := range outcomes {
		o.item(ops[i], done, forced)
	}
	return *o.close(']').close('}')
}

var actionNames = map[store.Action]string{store.Create: "create", store.Put: "index", store.Delete: "delete", store.Update: "update"}

// item adds the result of one operation.
func (o *out) item(op item, done store.Outcome, forced bool) {
	o.open('{').key(actionNames[op.Action]).open('{')
	if done.Err != nil {
		e := asAPIError(done.Err, op.Index)
		o.key("_index").text(op.Index).key("_id").text(done.ID).key("status").int(int64(e.status))
		e.object(o.key("error"))
	} else {
		status := o.outcome(op.Op, done, forced)
		o.key("status").int(int64(status))
	}
	o.close('}').close('}')
}

// outcome adds the members that describe a write, and returns its status.
func (o *out) outcome(op store.Op, done store.Outcome, forced bool) (status int) {
	o.key("_index").text(op.Index).key("_id").text(done.ID).key("_version").int(done.Version)
	o.key("result").text(string(done.Effect))
	shards := int64(1)
	if done.Effect == store.Noop {
		shards = 0
	} else if forced {
		o.key("forced_refresh").bool(true)
	}
	o.key("_shards").open('{').key("total").int(shards).key("successful").int(shards).key("failed").int(0).close('}')
	o.key("_seq_no").int(done.Seq).key("_primary_term").int(1)
	switch done.Effect {
	case store.Created:
		return http.StatusCreated
	case store.NotFound:
		return http.StatusNotFound
	}
	return http.StatusOK
}
