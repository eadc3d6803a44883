package mediawiki

import "github.com/tidwall/gjson"

// Fields gives access to the fields of an event. [event.Event] implements it;
// so can a reader that has found all [Paths] in one pass over the line.
type Fields interface {
	Get(path string) gjson.Result
}

// firstText returns the first of some fields that is a non-empty string, or "".
func firstText(e Fields, paths ...string) string {
	for _, path := range paths {
		if v := e.Get(path); v.Type == gjson.String && v.Str != "" {
			return v.Str
		}
	}
	return ""
}

// Paths returns the paths of all fields that this package reads.
func Paths() []string {
	return []string{
		"added_links", "added_properties", "bot", "comment", "log_action", "log_id", "log_type", "meta.domain", "meta.stream",
		"minor", "page.page_title", "page_change_kind", "page_title", "patrolled", "predicted_classification.model_name",
		"predicted_classification.predictions", "prior_state.page.page_title", "prior_state.page_title", "prior_state.tags",
		"rev_id", "rev_minor_edit", "rev_parent_id", "removed_links", "removed_properties", "revision.comment",
		"revision.is_minor_edit", "revision.new", "revision.old", "revision.rev_id", "revision.rev_parent_id", "scores",
		"server_url", "tags", "title", "type", "visibility",
	}
}
