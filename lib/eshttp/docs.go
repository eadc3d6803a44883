package eshttp

import (
	"net/http"
	"strconv"

	"github.com/wmtools/wm/lib/store"
)

var (
	writeParams  = []string{"refresh", "timeout", "wait_for_active_shards"}
	sourceParams = []string{"_source", "_source_includes", "_source_excludes"}
	getParams    = also([]string{"realtime", "refresh", "preference"}, sourceParams)
)

// putDoc writes one document: PUT /i/_doc/1, POST /i/_doc, PUT /i/_create/1.
func (s *server) putDoc(r *request) (reply, error) {
	if len(r.body) == 0 {
		return reply{}, refuse("parse_exception", "request body is required")
	}
	op := store.Op{Index: r.vars["index"], ID: r.vars["id"], Source: r.body}
	switch v := r.params.Get("op_type"); {
	case v == "create" || r.create:
		op.Action = store.Create
	case v != "" && v != "index":
		return reply{}, illegal("opType must be 'create' or 'index', found: [%s]", v)
	}
	return s.writeOne(r, op)
}

func (s *server) createDoc(r *request) (reply, error) {
	r.create = true
	return s.putDoc(r)
}

func (s *server) deleteDoc(r *request) (reply, error) {
	return s.writeOne(r, store.Op{Index: r.vars["index"], ID: r.vars["id"], Action: store.Delete})
}

// updateDoc merges a partial document into one.
func (s *server) updateDoc(r *request) (reply, error) {
	t, err := parseTree(r.body)
	if err != nil {
		return reply{}, err
	}
	op := store.Op{Index: r.vars["index"], ID: r.vars["id"], Action: store.Update}
	if err := updateBody(&op, t); err != nil {
		return reply{}, err
	}
	return s.writeOne(r, op)
}

// updateBody parses {"doc":{...},"upsert":{...},"doc_as_upsert":true}.
func updateBody(op *store.Op, t tree) error {
	docAsUpsert := false
	err := t.read(params{
		"doc":           ofKind('{', set(&op.Source, rawJSON)),
		"upsert":        ofKind('{', set(&op.Upsert, rawJSON)),
		"doc_as_upsert": set(&docAsUpsert, member.truth),
		"script":        func(member) error { return illegal("script_lang not supported [painless]") },
	}, unknownTo("UpdateRequest"))
	switch {
	case err != nil:
		return err
	case op.Source == nil:
		return invalid([]string{"script or doc is missing"})
	case docAsUpsert:
		op.Upsert = op.Source
	}
	return nil
}

// writeOne writes one document and responds with the result.
func (s *server) writeOne(r *request, op store.Op) (reply, error) {
	it := item{Op: op}
	if err := validate([]item{it}); err != nil {
		return reply{}, err
	}
	done := s.write(r, []item{it})[0]
	if done.Err != nil {
		return reply{}, done.Err
	}
	var o out
	status := o.open('{').outcome(op, done, r.forced())
	return reply{status: status, body: *o.close('}')}, nil
}

// checkRefresh validates refresh. There is nothing to do: searches see everything
// acknowledged.
func (r *request) checkRefresh() error {
	switch v := r.params.Get("refresh"); v {
	case "", "true", "false", "wait_for":
		return nil
	default:
		return illegal("Unknown value for refresh: [%s].", v)
	}
}

// forced reports whether the response has forced_refresh.
func (r *request) forced() bool {
	return r.params.Has("refresh") && (r.params.Get("refresh") == "" || r.params.Get("refresh") == "true")
}

// getDoc returns one document.
func (s *server) getDoc(r *request) (reply, error) {
	index, id := r.vars["index"], r.vars["id"]
	d, err := s.store.Get(r.Context(), index, id)
	if err != nil {
		return reply{}, err
	}
	status := http.StatusOK
	if d == nil {
		status = http.StatusNotFound
	}
	f, _ := r.source()
	var o out
	o.doc(index, id, d, f)
	return reply{status: status, body: o}, nil
}

// getSource returns the source of a document.
func (s *server) getSource(r *request) (reply, error) {
	index, id := r.vars["index"], r.vars["id"]
	d, err := s.store.Get(r.Context(), index, id)
	switch {
	case err != nil:
		return reply{}, err
	case d == nil:
		e := refuse("resource_not_found_exception", "Document not found [%s]/[%s]", index, id)
		e.status = http.StatusNotFound
		return reply{}, e
	}
	f, _ := r.source()
	var o out
	f.apply(&o, d.Source)
	return ok(o)
}

// doc adds a document, or a not-found response if d is nil.
func (o *out) doc(index, id string, d *store.Doc, f sourceFilter) {
	o.open('{').key("_index").text(index).key("_id").text(id)
	if d != nil {
		o.key("_version").int(d.Version).key("_seq_no").int(d.Seq).key("_primary_term").int(1)
		o.ignored(d.Ignored)
	}
	o.key("found").bool(d != nil)
	if d != nil {
		o.source(f, d.Source)
	}
	o.close('}')
}

// wanted is one document of a multi-get.
type wanted struct {
	index, id string
	source    sourceFilter
}

// multiGet returns several documents.
func (s *server) multiGet(r *request) (reply, error) {
	t, err := parseTree(r.body)
	if err != nil {
		return reply{}, err
	}
	list, err := r.wanted(t)
	if err != nil {
		return reply{}, err
	}
	var o out
	o.open('{').key("docs").open('[')
	for _, w := range list {
		d, err := s.store.Get(r.Context(), w.index, w.id)
		if err == nil {
			o.doc(w.index, w.id, d, w.source)
			continue
		}
		o.open('{').key("_index").text(w.index).key("_id").text(w.id)
		asAPIError(err, w.index).report(o.key("error"))
		o.close('}')
	}
	return ok(*o.close(']').close('}'))
}

func (r *request) wanted(t tree) (list []wanted, err error) {
	f, _ := r.source()
	for _, m := range t.members {
		switch {
		case m.key == "ids" && m.kind == '[':
			for _, id := range m.texts() {
				list = append(list, wanted{r.vars["index"], id, f})
			}
		case m.key == "docs" && m.kind == '[':
			for _, one := range m.list {
				w := wanted{index: r.vars["index"], source: f}
				if err := w.read(one); err != nil {
					return nil, err
				}
				list = append(list, w)
			}
		default:
			return nil, m.parsing("unexpected token [%s], expected [FIELD_NAME] or [START_ARRAY]", m.token())
		}
	}
	var problems []string
	for i, w := range list {
		if w.index == "" {
			problems = append(problems, "index is missing for doc "+strconv.Itoa(i))
		}
		if w.id == "" {
			problems = append(problems, "id is missing for doc "+strconv.Itoa(i))
		}
	}
	if len(list) == 0 {
		problems = append(problems, "no documents to get")
	}
	return list, invalid(problems)
}

func (w *wanted) read(t tree) error {
	return t.read(params{"_index": set(&w.index, plain), "_id": set(&w.id, plain), "_source": setTree(&w.source, parseSource)},
		ifUnknown(func(m member) error { return m.parsing("unknown parameter [%s]", m.key) }))
}
