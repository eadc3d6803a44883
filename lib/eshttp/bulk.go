package eshttp

import (
	"bytes"
	"net/http"
	"strconv"
	"time"

	"github.com/wmtools/wm/lib/store"
)

// maxID is how long an id may be, in bytes.
const maxID = 512

// bulk writes documents.
func (s *server) bulk(r *request) (reply, error) {
	start := time.Now()
	switch v := r.params.Get("refresh"); v {
	case "", "true", "false", "wait_for": // searches see what was acknowledged anyway
	default:
		return reply{}, illegal("Unknown value for refresh: [%s].", v)
	}
	if len(r.body) == 0 {
		return reply{}, refuse("parse_exception", "request body is required")
	}
	ops, err := parseBulk(r.body, r.vars["index"])
	if err != nil {
		return reply{}, err
	}
	outcomes := s.write(r, ops)
	return reply{status: http.StatusOK, body: bulkAnswer(ops, outcomes, time.Since(start))}, nil
}

// item is one operation of a bulk request.
type item struct {
	store.Op
	emptyID bool // the id was given, and is the empty string
}

// write writes what the store can take; for an empty id that is nothing.
func (s *server) write(r *request, items []item) []store.Outcome {
	var ops []store.Op
	for _, it := range items {
		if !it.emptyID {
			ops = append(ops, it.Op)
		}
	}
	written := s.store.Write(r.Context(), ops)
	if len(written) == len(items) {
		return written
	}
	outcomes := make([]store.Outcome, len(items))
	for i, it := range items {
		if it.emptyID {
			outcomes[i].Err = illegal("if _id is specified it must not be empty")
			continue
		}
		outcomes[i], written = written[0], written[1:]
	}
	return outcomes
}

// parseBulk reads the lines of a bulk request: an action, its document, and so on.
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
		if len(body) == 0 {
			break // an action without its document is no request
		}
		n++
		if it.Source, body, err = cutLine(body); err != nil {
			return nil, err
		}
		items = append(items, it)
	}
	return items, validate(items)
}

// cutLine takes a line, without its end, from the front of a body.
func cutLine(body []byte) (line, rest []byte, err error) {
	line, rest, found := bytes.Cut(body, []byte("\n"))
	if !found {
		return nil, nil, illegal(`The bulk request must be terminated by a newline [\n]`)
	}
	return bytes.TrimSuffix(line, []byte("\r")), rest, nil
}

// parseAction reads an action line such as {"create":{"_index":"i","_id":"1"}}.
func parseAction(line []byte, n int, index string) (item, error) {
	it := item{Op: store.Op{Index: index}}
	t, err := parseTree(line)
	switch {
	case err != nil:
		return it, illegal("Malformed action/metadata line [%d]: %v", n, err)
	case t.kind != '{':
		return it, illegal("Malformed action/metadata line [%d], expected START_OBJECT but found [%s]", n, t.token())
	case len(t.members) != 1:
		return it, illegal("Malformed action/metadata line [%d], expected one action but found [%d]", n, len(t.members))
	}
	action := t.members[0]
	switch {
	case action.key == "delete" || action.key == "update":
		return it, illegal("Malformed action/metadata line [%d], expected field [create] or [index] but found [%s]: wm-store knows no other", n, action.key)
	case action.key != "create" && action.key != "index":
		return it, illegal("Malformed action/metadata line [%d], expected field [create], [delete], [index] or [update] but found [%s]", n, action.key)
	case action.kind != '{':
		return it, illegal("Malformed action/metadata line [%d], expected START_OBJECT or END_OBJECT but found [%s]", n, action.token())
	}
	if action.key == "create" {
		it.Action = store.Create
	}
	for _, m := range action.members {
		switch {
		case m.key != "_index" && m.key != "_id":
			return it, illegal("Action/metadata line [%d] contains an unknown parameter [%s]", n, m.key)
		case m.kind != 's':
			return it, illegal("Malformed action/metadata line [%d], expected a simple value for field [%s] but found [%s]", n, m.key, m.token())
		case !m.isScalar(): // null, as if it were not there
		case m.key == "_index":
			it.Index = m.scalar.Text
		default:
			it.ID = m.scalar.Text
			it.emptyID = it.ID == ""
		}
	}
	return it, nil
}

// validate finds what makes the whole request void.
func validate(items []item) error {
	var problems []string
	for _, it := range items {
		if it.Index == "" {
			problems = append(problems, "index is missing")
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

// invalid is the error of a request that is well formed and still makes no sense.
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
func bulkAnswer(ops []item, outcomes []store.Outcome, took time.Duration) []byte {
	failed := false
	items := make([]byte, 0, 160*len(ops))
	for i, out := range outcomes {
		if i > 0 {
			items = append(items, ',')
		}
		items = appendItem(items, ops[i], out)
		failed = failed || out.Err != nil
	}
	b := make([]byte, 0, len(items)+64)
	b = append(b, `{"errors":`...)
	b = strconv.AppendBool(b, failed)
	b = append(b, `,"took":`...)
	b = strconv.AppendInt(b, took.Milliseconds(), 10)
	b = append(b, `,"items":[`...)
	b = append(b, items...)
	return append(b, `]}`...)
}

func appendItem(b []byte, op item, out store.Outcome) []byte {
	action := "index"
	if op.Action == store.Create {
		action = "create"
	}
	b = append(b, `{"`+action+`":{"_index":`...)
	b = appendString(b, op.Index)
	b = append(b, `,"_id":`...)
	b = appendString(b, out.ID)
	if out.Err != nil {
		e := asAPIError(out.Err, op.Index)
		b = append(b, `,"status":`...)
		b = strconv.AppendInt(b, int64(e.status), 10)
		return append(e.object(append(b, `,"error":`...)), `}}`...)
	}
	status, result := 201, "created"
	if out.Effect != store.Created {
		status, result = 200, "updated"
	}
	b = append(b, `,"_version":`...)
	b = strconv.AppendInt(b, out.Version, 10)
	b = append(b, `,"result":"`+result+`","_shards":{"total":1,"successful":1,"failed":0},"_seq_no":`...)
	b = strconv.AppendInt(b, out.Seq, 10)
	b = append(b, `,"_primary_term":1,"status":`...)
	b = strconv.AppendInt(b, int64(status), 10)
	return append(b, `}}`...)
}
