package simulate

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/tidwall/gjson"
)

// revision identifies an edit in every stream.
type revision struct {
	wiki string
	id   int64
}

// reported is what the streams say about an edit.
type reported struct {
	edit                    gjson.Result // in recentchange
	risk                    float64
	edited, scored, changed int64 // message times; the last of the tags
	tags                    []string
}

// reports generates events of three streams and joins them.
func reports(t *testing.T, n int) map[revision]*reported {
	t.Helper()
	all := map[revision]*reported{}
	of := func(wiki gjson.Result, id gjson.Result) *reported {
		r := revision{wiki.Str, id.Int()}
		if all[r] == nil {
			all[r] = &reported{}
		}
		return all[r]
	}
	for _, e := range New(21, Options{Streams: []string{RecentChange, RevertRisk, RevisionTags}, Canary: -1}).Take(n) {
		object := gjson.ParseBytes(e.Data)
		switch e.Stream {
		case RevertRisk:
			r := of(object.Get("wiki_id"), object.Get("revision.rev_id"))
			r.risk, r.scored = object.Get("predicted_classification.probabilities.true").Num, e.Time
		case RevisionTags:
			r := of(object.Get("database"), object.Get("rev_id"))
			if prior := texts(object.Get("prior_state.tags")); !slices.Equal(prior, r.tags) && r.edit.Exists() {
				t.Fatalf("the tags change from %q, but were %q: %s", prior, r.tags, e.Data)
			}
			r.tags, r.changed = texts(object.Get("tags")), e.Time
		default:
			if object.Get("type").Str == "edit" || object.Get("type").Str == "new" {
				r := of(object.Get("wiki"), object.Get("revision.new"))
				r.edit, r.edited = object, e.Time
			}
		}
	}
	return all
}

func texts(list gjson.Result) (values []string) {
	for _, v := range list.Array() {
		values = append(values, v.Str)
	}
	return values
}

func TestScoresAndTagsFollowEdits(t *testing.T) {
	all := reports(t, 60_000)
	var scored, below, temporary, doubted int
	for r, about := range all {
		if !about.edit.Exists() {
			t.Fatalf("%v: scored or tagged, but never made", r)
		}
		if about.scored == 0 {
			continue
		}
		scored++
		if after := about.scored - about.edited; after < 300 || after > 30_000 {
			t.Errorf("%v: scored %d ms after the edit", r, after)
		}
		if about.changed > 0 && about.changed <= about.scored {
			t.Errorf("%v: tagged %d ms before it was scored", r, about.scored-about.changed)
		}
		if about.risk < 0.3 {
			below++
		}
		if user := about.edit.Get("user").Str; len(user) > 1 && user[:2] == "~2" {
			temporary++
			if about.risk >= 0.3 {
				doubted++
			}
		}
	}
	if scored < 5000 || below < scored*3/4 || below > scored*97/100 {
		t.Errorf("%d of %d scores are below 0.3", below, scored)
	}
	if doubted*3 < temporary {
		t.Errorf("%d of %d scores of temporary accounts are 0.3 or more", doubted, temporary)
	}
}

func TestUndoneEditsAreTagged(t *testing.T) {
	all := reports(t, 60_000)
	methods := map[string]int{}
	for r, about := range all {
		i := slices.IndexFunc(about.tags, func(tag string) bool {
			return tag == "mw-undo" || tag == "mw-rollback" || tag == "mw-manual-revert"
		})
		if i < 0 {
			continue
		}
		undone := all[revision{r.wiki, about.edit.Get("revision.old").Int()}]
		if undone == nil || undone.edit.Get("title").Str != about.edit.Get("title").Str ||
			undone.edit.Get("length.old").Int() != about.edit.Get("length.new").Int() {
			t.Fatalf("%v undoes no edit: %s", r, about.edit.Raw)
		}
		if slices.Contains(undone.tags, "mw-reverted") {
			methods[about.tags[i]]++
		}
	}
	for _, m := range methods {
		if m < 10 {
			t.Errorf("reverts whose edit has mw-reverted: %v", methods)
		}
	}
	if len(methods) != 3 {
		t.Errorf("reverts whose edit has mw-reverted: %v", methods)
	}
}

// TestSequelsAlone checks that scores and tags do not need the stream with the
// edits, and come in the order of their times.
func TestSequelsAlone(t *testing.T) {
	var last int64
	streams := map[string]int{}
	for _, e := range New(4, Options{Streams: []string{RevertRisk, RevisionTags}, Rate: 2, Canary: time.Hour}).Take(2000) {
		if !json.Valid(e.Data) || e.Time < last {
			t.Fatalf("%d after %d: %s", e.Time, last, e.Data)
		}
		last = e.Time
		streams[e.Stream]++
	}
	if streams[RevertRisk] < 500 || streams[RevisionTags] < 500 || len(streams) != 2 {
		t.Errorf("events %v", streams)
	}
}

// TestStreamsWithoutSequels checks that generated edits do not depend on code for
// streams that are not chosen: benchmarks compare with earlier runs.
func TestStreamsWithoutSequels(t *testing.T) {
	g := New(1, Options{Streams: []string{RecentChange, RevisionCreate, PageCreate, PageChange}})
	g.Take(5000)
	if len(g.later.events.planned)+len(g.later.undoing.planned) > 0 {
		t.Error("events are scheduled for streams that are not chosen")
	}
}
