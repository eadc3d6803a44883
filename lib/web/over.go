package web

import (
	"slices"
	"strings"

	"github.com/wmtools/wm/lib/match"
)

// untranslated is the reason why a measure of another stream is empty.
const untranslated = "This comes from another stream, which does not have a field of these filters."

// nothing matches no document.
var nothing = mustParse("wm.rev<0 wm.rev>0")

func mustParse(text string) *match.Query {
	q, err := match.ParseQuery(text)
	if err != nil {
		panic(err) // the text is a constant
	}
	return q
}

// common are fields with the same meaning in every stream about edits.
var common = []string{"wm.wiki", "wm.user", "wm.page", "wm.user_kind", "wm.rev", "wm.talk", "meta.domain"}

// counterparts are the names of fields of recentchange in the streams of reports.
var counterparts = map[string]map[string]string{
	riskStream: {"wiki": "wm.wiki", "user": "wm.user", "namespace": "page.namespace_id"},
	tagsStream: {"wiki": "wm.wiki", "user": "wm.user", "namespace": "page_namespace"},
}

// over returns the view with its query translated to the fields of another stream, or
// false if a term has no counterpart there.
func (v view) over(stream string) (view, bool) {
	if stream == "" || stream == v.stream {
		return v, true
	}
	moved := new(match.Query)
	for _, t := range v.query.Terms {
		term, ok := translate(t, stream)
		if !ok {
			return v, false
		}
		if term != nil {
			moved.Terms = append(moved.Terms, term)
		}
	}
	v.stream, v.query = stream, moved
	return v, true
}

// overOrNothing is like over, but instead of false returns a view that matches nothing,
// and the reason.
func (v view) overOrNothing(stream string) (other view, problem string) {
	other, ok := v.over(stream)
	if !ok {
		other.stream, other.query = stream, nothing
		return other, untranslated
	}
	return other, ""
}

// translate returns the counterpart of a term in a stream that has only edits, or nil if
// the term holds for all of them.
func translate(t *match.Term, stream string) (term *match.Term, ok bool) {
	name := t.Field()
	switch {
	case t.Op == match.Words:
		return nil, false
	case slices.Contains(common, name), name == "wm.risk" && stream == riskStream:
		return t, true
	case name == "type":
		return nil, t.Op == match.Equal && !t.Negate && names(t, "edit") && names(t, "new")
	case name == "bot" && t.Op == match.Equal && len(t.Values) == 1:
		term = mustParse("wm.user_kind=bot").Terms[0]
		term.Negate = t.Negate != names(t, "false")
		return term, true
	}
	other := counterparts[stream][name]
	if other == "" {
		return nil, false
	}
	moved := *t
	moved.Path = strings.Split(other, ".")
	return &moved, true
}

func names(t *match.Term, value string) bool {
	return slices.ContainsFunc(t.Values, func(v match.Value) bool { return v.Text == value })
}
