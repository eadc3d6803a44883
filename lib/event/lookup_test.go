package event

import (
	"errors"
	"testing"

	"github.com/wmtools/wm/lib/jsonscan"
	"github.com/wmtools/wm/lib/simulate"
)

// A Lookup of all derived fields, and one of each, agree with Derive.
func TestLookupAgreesWithDerive(t *testing.T) {
	lines := [][]byte{
		[]byte(`{"performer":{"user_text":"~x","is_temp":true},"revision":{"rev_id":5,"editor":{"user_text":"B","is_bot":true}},"meta":{"stream":"mediawiki.page_change.v1"}}`),
		[]byte(`{"revision":{"editor":{"user_text":"B","is_bot":true},"rev_id":6},"wiki_id":"w","page":{"page_title":"A_b","namespace_id":3},"timestamp":1}`),
		[]byte(`{"predicted_classification":{"probabilities":{"true":0.5},"model_name":"revertrisk-x"},"length":{"old":1},"length":{"new":3}}`),
		[]byte(`{"performer":null,"revision":[1],"meta":"x","length":5,"namespace":"7"}`),
		[]byte(`{}`),
	}
	streams := []string{simulate.RecentChange, simulate.RevisionCreate, simulate.PageCreate, simulate.PageChange}
	for _, e := range simulate.New(5, simulate.Options{Streams: streams}).Take(500) {
		lines = append(lines, e.Data)
	}
	lookups := [][]string{DerivedNames()}
	for _, name := range DerivedNames() {
		lookups = append(lookups, []string{name})
	}
	for _, names := range lookups {
		var p jsonscan.Paths
		l := NewLookup(&p, names...)
		found := make([]jsonscan.Span, p.Slots())
		var s Scanned
		for _, line := range lines {
			want, err := New(line).Derive(), p.Find(line, found)
			if err == nil {
				err = s.Read(l, line, found)
			}
			if err != nil {
				t.Fatalf("%s: %v", line, err)
			}
			got := *s.Derive()
			for _, name := range names {
				if g, w := derivedValue(got, name), derivedValue(want, name); g != w {
					t.Fatalf("%s of %s with %v: got %v, want %v", name, line, names, g, w)
				}
			}
		}
	}
}

func derivedValue(d Derived, name string) any {
	return map[string]any{
		"@timestamp": d.Timestamp, "wm.wiki": d.Wiki, "wm.user": d.User, "wm.page": d.Page, "wm.user_kind": d.UserKind,
		"wm.rev": d.Rev, "wm.delta": d.Delta, "wm.lag_ms": d.LagMS, "wm.revert": d.Revert, "wm.talk": d.Talk, "wm.risk": d.Risk,
	}[name]
}

func TestLookupValidatesValues(t *testing.T) {
	var p jsonscan.Paths
	l := NewLookup(&p, "wm.delta", "wm.user")
	found := make([]jsonscan.Span, p.Slots())
	for _, line := range []string{`{"length":{"new":5x}}`, `{"user":"\q"}`, `{"length":{"new":1,}}`} {
		if err := p.Find([]byte(line), found); err != nil {
			t.Fatal(err)
		}
		if err := new(Scanned).Read(l, []byte(line), found); !errors.Is(err, jsonscan.ErrNotObject) {
			t.Errorf("%s: %v", line, err)
		}
	}
}
