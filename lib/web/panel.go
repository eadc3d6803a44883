package web

import (
	"errors"
	"strings"

	"github.com/wmtools/wm/lib/es"
	"github.com/wmtools/wm/lib/es/query"
)

// panel is a part of an answer: one search, and how to read its page.
type panel struct {
	search query.Search
	keep   bool // the search is the same for many refreshes, so its page is cached
	read   func(query.Page)
	fail   func(error) // records why the panel is empty; nil: not recorded
}

// answerTimeout bounds each search; what has been found by then is shown as partial.
const answerTimeout = "3s"

// problemOf returns a sentence that says why a search was rejected. The server's own
// words never reach a browser.
func problemOf(err error) string {
	refused, ok := errors.AsType[*es.Error](err)
	switch {
	case !ok || refused.Kind() != es.Refused:
		return "The server's answer cannot be read."
	case isForeign(err):
		return "The index maps its fields in a way that wm does not know."
	case strings.Contains(refused.Reason, "allow_expensive_queries"):
		return "The server does not allow this kind of query."
	case strings.Contains(refused.Reason, "Unknown aggregation type"), strings.Contains(refused.Type, "unsupported"), strings.Contains(refused.Reason, "unknown query"):
		return "This server cannot calculate it."
	case strings.Contains(refused.Type, "too_many_buckets"):
		return "There are too many values; a shorter time or another filter helps."
	}
	return "The server refused this search."
}

// isForeign reports whether a search failed because the index was not created by
// wm-es: it analyzes a field that must be a keyword.
func isForeign(err error) bool {
	refused, ok := errors.AsType[*es.Error](err)
	return ok && strings.Contains(strings.ToLower(refused.Reason), "fielddata is disabled")
}
