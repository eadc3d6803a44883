package es

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tidwall/gjson"
)

// streamFields are the fields in the schemas of the streams. What is inside a field
// named here has no fixed form, or none that matters to wm.
var streamFields = map[string]string{
	"every stream": `$schema meta.uri meta.request_id meta.id meta.dt meta.domain meta.stream meta.topic meta.partition meta.offset meta.schema_uri`,
	"recentchange": `id type namespace title title_url comment parsedcomment timestamp user bot minor patrolled length.old length.new
		revision.old revision.new notify_url log_id log_type log_action log_action_comment log_params
		server_url server_name server_script_path wiki`,
	"revision-create and page-create": `database page_id page_title page_namespace page_is_redirect comment parsedcomment dt
		rev_id rev_parent_id rev_timestamp rev_len rev_sha1 rev_minor_edit rev_content_model rev_content_format
		rev_content_changed rev_is_revert rev_revert_details rev_slots
		performer.user_text performer.user_id performer.user_groups performer.user_is_bot performer.user_edit_count performer.user_registration_dt`,
	"page-delete, page-undelete and page-move":         `database page_id page_title page_namespace rev_id rev_count prior_state comment`,
	"page-properties-change":                           `database page_id page_title page_namespace rev_id added_properties removed_properties`,
	"page-links-change":                                `database page_id page_title page_namespace rev_id added_links removed_links`,
	"revision-tags-change, revision-visibility-change": `database rev_id rev_timestamp tags visibility prior_state`,
	"page_change.v1": `wiki_id dt page_change_kind changelog_kind comment created_redirect_page prior_state
		page.page_id page.page_title page.namespace_id page.is_redirect page.revision_count page.redirect_page_link
		revision.rev_id revision.rev_parent_id revision.rev_dt revision.is_minor_edit revision.rev_sha1 revision.rev_size revision.comment
		revision.editor revision.content_slots revision.is_comment_visible revision.is_content_visible revision.is_editor_visible
		performer.user_text performer.user_id performer.groups performer.is_bot performer.is_system performer.is_temp
		performer.edit_count performer.registration_dt`,
	"revision-score":       `database scores errors`,
	"prediction_change.v1": `wiki_id predicted_classification`,
	"reconcile":            `item revision_id reconciliation_source reconciliation_action original_event_info`,
}

// notIndexed returns the fields that the man page lists as not indexed.
func notIndexed(t *testing.T) map[string]bool {
	t.Helper()
	page, err := os.ReadFile("../../cmd/wm-es/wm-es.1")
	if err != nil {
		t.Fatal(err)
	}
	_, list, _ := strings.Cut(string(page), "are stored but not indexed, including everything in them:\n")
	list, _, found := strings.Cut(list, ".Pp\n")
	if !found {
		t.Fatal("the man page has no list of the fields that are not indexed")
	}
	named := make(map[string]bool)
	for field := range strings.FieldsSeq(strings.NewReplacer(".Cm ", " ", ",", " ").Replace(list)) {
		named[field] = true
	}
	return named
}

// indexed reports whether the template maps a field so that it can be searched.
func indexed(field string) bool {
	path := "template.mappings.properties." + strings.ReplaceAll(field, ".", ".properties.")
	m := gjson.GetBytes(templateJSON, path)
	return m.Get("type").Exists() && m.Get("index").Raw != "false" && m.Get("enabled").Raw != "false"
}

// known reports whether a field, or one that contains it, is indexed or listed.
func known(field string, named map[string]bool) bool {
	for {
		if indexed(field) || named[field] {
			return true
		}
		dot := strings.LastIndexByte(field, '.')
		if dot < 0 {
			return false
		}
		field = field[:dot]
	}
}

// Each field of each stream is indexed or listed in the man page.
func TestEveryFieldIsIndexedOrNamed(t *testing.T) {
	named := notIndexed(t)
	used := make(map[string]bool)
	for stream, fields := range streamFields {
		for field := range strings.FieldsSeq(fields) {
			used[field] = true
			if indexed(field) == named[field] {
				t.Errorf("%s of %s: indexed is %v, and so is named as not indexed", field, stream, named[field])
			}
		}
	}
	for field := range named {
		if !used[field] {
			t.Errorf("the man page names %s, which no stream has", field)
		}
	}
}

// Captured events have no other fields.
func TestEveryCapturedFieldIsIndexedOrNamed(t *testing.T) {
	dir := os.Getenv("WM_CAPTURES")
	if dir == "" {
		t.Skip("WM_CAPTURES is not set to a folder of captured events")
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.ndjson"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no captured events in %s: %v", dir, err)
	}
	named, reported := notIndexed(t), make(map[string]bool)
	var walk func(prefix string, v gjson.Result)
	walk = func(prefix string, v gjson.Result) {
		v.ForEach(func(key, value gjson.Result) bool {
			field := prefix + key.Str
			switch {
			case known(field, named) || reported[field]:
			case value.IsObject():
				walk(field+".", value)
			default:
				reported[field] = true
				t.Errorf("%s is neither indexed nor named", field)
			}
			return true
		})
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for line := range bytes.Lines(text) {
			if event := gjson.ParseBytes(line); event.IsObject() {
				walk("", event)
			}
		}
	}
}
