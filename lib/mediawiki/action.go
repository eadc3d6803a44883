package mediawiki

import (
	"slices"
	"strconv"
	"strings"

	"github.com/tidwall/gjson"
)

// Action returns what an event reports other than an edit or a new page, such
// as "block/reblock" for a log entry or "move" for an event of a stream of page
// moves. It is "" for edits and new pages.
func Action(e Fields) string {
	if _, action := Log(e); action != "" {
		kind, name, _ := strings.Cut(action, "/")
		if kind == name {
			return kind // delete, not delete/delete
		}
		return action
	}
	if isRecentChange(e) {
		return ""
	}
	switch kind := e.Get("page_change_kind").Str; kind {
	case "", "edit", "create":
	default:
		return strings.ReplaceAll(kind, "_", " ")
	}
	switch stream(e) {
	case "page-delete":
		return "delete"
	case "page-undelete":
		return "undelete"
	case "page-move":
		return "move"
	case "revision-visibility-change":
		return "visibility change"
	}
	return ""
}

// isRecentChange reports whether an event is from recentchange, the only stream
// whose events have a type.
func isRecentChange(e Fields) bool { return e.Get("type").Exists() }

func stream(e Fields) string { return strings.TrimPrefix(e.Get("meta.stream").Str, "mediawiki.") }

// Detail returns what an event says about its change beyond the edit summary:
// the old title of a page that was moved, tags, links or page properties that
// were added (+) and removed (-), what is hidden, or a classification. It is ""
// if the event says nothing of the kind.
func Detail(e Fields) string {
	if isRecentChange(e) {
		return ""
	}
	var parts []string
	add := func(part string) {
		if part != "" {
			parts = append(parts, part)
		}
	}
	add(movedFrom(e))
	if stream(e) == "revision-tags-change" {
		add(changes("tags", texts(e.Get("prior_state.tags")), texts(e.Get("tags"))))
	}
	add(changes("properties", keys(e.Get("removed_properties")), keys(e.Get("added_properties"))))
	add(linkCounts(e))
	add(visibility(e.Get("visibility")))
	add(scores(e.Get("scores")))
	add(predictions(e))
	return strings.Join(parts, "; ")
}

func movedFrom(e Fields) string {
	if Action(e) != "move" {
		return ""
	}
	if old := firstText(e, "prior_state.page_title", "prior_state.page.page_title"); old != "" {
		return "from " + strings.ReplaceAll(old, "_", " ")
	}
	return ""
}

// changes lists what is only in after with a +, then what is only in before with
// a -, such as "tags +mw-reverted".
func changes(what string, before, after []string) string {
	var out strings.Builder
	for _, s := range after {
		if !slices.Contains(before, s) {
			out.WriteString(" +" + s)
		}
	}
	for _, s := range before {
		if !slices.Contains(after, s) {
			out.WriteString(" -" + s)
		}
	}
	if out.Len() == 0 {
		return ""
	}
	return what + out.String()
}

func texts(list gjson.Result) (out []string) {
	if list.IsArray() {
		list.ForEach(func(_, v gjson.Result) bool {
			out = append(out, v.String())
			return true
		})
	}
	return out
}

func keys(object gjson.Result) (out []string) {
	if object.IsObject() {
		object.ForEach(func(key, _ gjson.Result) bool {
			out = append(out, key.String())
			return true
		})
	}
	return out
}

func linkCounts(e Fields) string {
	added, removed := e.Get("added_links"), e.Get("removed_links")
	if !added.IsArray() && !removed.IsArray() {
		return ""
	}
	return "links +" + strconv.Itoa(length(added)) + " -" + strconv.Itoa(length(removed))
}

func length(list gjson.Result) (n int) {
	if list.IsArray() {
		list.ForEach(func(_, _ gjson.Result) bool { n++; return true })
	}
	return n
}

// visibility names the parts of a revision that readers cannot see.
func visibility(v gjson.Result) string {
	if !v.IsObject() {
		return ""
	}
	var hidden []string
	for _, part := range []string{"text", "comment", "user"} {
		if v.Get(part).Type == gjson.False {
			hidden = append(hidden, part)
		}
	}
	if len(hidden) == 0 {
		return "all visible"
	}
	return "hidden: " + strings.Join(hidden, ", ")
}

// scores renders the probabilities of the former stream revision-score.
func scores(models gjson.Result) string {
	if !models.IsObject() {
		return ""
	}
	var parts []string
	models.ForEach(func(name, model gjson.Result) bool {
		if p := model.Get("probability.true"); p.Type == gjson.Number {
			parts = append(parts, name.String()+" "+strconv.FormatFloat(p.Float(), 'f', 2, 64))
		}
		return true
	})
	return strings.Join(parts, ", ")
}

// predictions renders a classification other than the risk of a revert, which
// is the derived field wm.risk.
func predictions(e Fields) string {
	if strings.HasPrefix(e.Get("predicted_classification.model_name").Str, "revertrisk") {
		return ""
	}
	classes := texts(e.Get("predicted_classification.predictions"))
	if len(classes) == 0 {
		return ""
	}
	return "predicted: " + strings.Join(classes, ", ")
}
