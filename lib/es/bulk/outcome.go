package bulk

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/wmtools/wm/lib/es"
)

// item is the outcome of one document in the answer to a bulk request.
type item struct {
	status int
	kind   string // type of the error; "" for success
	reason string
}

// verdict is what an item means for its document.
type verdict byte

const (
	created  verdict = iota
	present          // the id is in the index: an earlier attempt or run wrote it
	rejected         // the document itself is at fault
	open             // the index or the cluster is at fault: the document is sent again
	fatal            // waiting does not help
)

// OpenSearch names the error of a document that does not fit the mapping as
// Elasticsearch 7 did. Callers see the name of Elasticsearch 8.
const (
	misfit           = "document_parsing_exception"
	misfitOpenSearch = "mapper_parsing_exception"
)

// documentFaults are the errors that blame the document.
var documentFaults = map[string]bool{
	misfit:                             true,
	"strict_dynamic_mapping_exception": true,
	"illegal_argument_exception":       true,
	"parse_exception":                  true,
	"x_content_parse_exception":        true,
	"json_parse_exception":             true,
	"invalid_index_name_exception":     true,
}

// indexFaults begin the reasons of an illegal_argument_exception that blames the
// settings of the index instead.
var indexFaults = []string{"pipeline with id [", "no write index is defined for alias ["}

// judge returns what the item means. The error is nil for a document that is in
// the index.
func (it item) judge() (verdict, *es.Error) {
	switch {
	case it.status == http.StatusConflict:
		return present, nil
	case it.status/100 == 2:
		return created, nil
	}
	err := &es.Error{Status: it.status, Type: it.kind, Reason: it.reason}
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

// parseItems reads the items of an answer into a slice that is reused. If there
// are not exactly want items, they cannot be matched to the documents, and the
// answer is unusable.
func parseItems(into []item, a es.Answer, want int) ([]item, error) {
	into = into[:0]
	if allCreated(a.Body, want) {
		for range want {
			into = append(into, item{status: http.StatusCreated})
		}
		return into, nil
	}
	body, _ := a.JSON()
	list := body.Get("items")
	if !list.IsArray() {
		return nil, errUnusable
	}
	list.ForEach(func(_, entry gjson.Result) bool {
		outcome := entry.Get("create")
		it := item{status: int(outcome.Get("status").Int())}
		if it.status == 0 {
			return false
		}
		if it.status >= 300 {
			it.kind, it.reason = es.Explain(outcome.Get("error"))
			if it.kind == misfitOpenSearch {
				it.kind = misfit
			}
		}
		into = append(into, it)
		return true
	})
	if len(into) != want {
		return nil, fmt.Errorf("%w: %d outcomes for %d documents", errUnusable, len(into), want)
	}
	return into, nil
}

// allCreated reports whether an answer says, in the form that Elasticsearch uses,
// that all documents were written. Nearly all answers do.
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

// trouble is what keeps documents open.
type trouble struct {
	err   error
	final bool // waiting does not help
}
