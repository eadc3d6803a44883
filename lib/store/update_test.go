package store

import (
	"errors"
	"slices"
	"testing"
)

// TestDeleteAndUpdate runs actions on one id, in separate requests and in one, and
// checks the outcomes and the final document.
func TestDeleteAndUpdate(t *testing.T) {
	steps := []struct {
		op      Op
		effect  Effect
		version int64
		kind    Kind   // of the error
		source  string // of the document afterwards, "" for none
	}{
		{Op{Action: Delete}, NotFound, 1, 0, ""},
		{Op{Action: Update, Source: []byte(`{"ns":1}`)}, "", 0, DocumentMissing, ""},
		{Op{Action: Update, Source: []byte(`{"ns":1}`), Upsert: []byte(`{"ns":7}`)}, Created, 1, 0, `{"ns":7}`},
		{Op{Action: Update, Source: []byte(`{"ns":7}`)}, Noop, 1, 0, `{"ns":7}`},
		{Op{Action: Update, Source: []byte(`{"meta":{"id":"<a>"},"wiki":"x"}`)}, Updated, 2, 0, `{"meta":{"id":"<a>"},"ns":7,"wiki":"x"}`},
		{Op{Action: Update, Source: []byte(`{"meta":{"uri":"u"},"ns":9007199254740993}`)}, Updated, 3, 0, `{"meta":{"id":"<a>","uri":"u"},"ns":9007199254740993,"wiki":"x"}`},
		{Op{Action: Update, Source: []byte(`{"ns":"many"}`)}, "", 0, BadDocument, `{"meta":{"id":"<a>","uri":"u"},"ns":9007199254740993,"wiki":"x"}`},
		{Op{Action: Put, Source: []byte(`{"ns": 2}`)}, Updated, 4, 0, `{"ns": 2}`},
		{Op{Action: Create, Source: []byte(`{"ns": 3}`)}, "", 0, Conflict, `{"ns": 2}`},
		{Op{Action: Delete}, Deleted, 5, 0, ""},
		{Op{Action: Create, Source: []byte(`{"ns": 4}`)}, Created, 1, 0, `{"ns": 4}`},
	}
	check := func(t *testing.T, i int, out Outcome) {
		t.Helper()
		step := steps[i]
		e, _ := errors.AsType[*Error](out.Err)
		switch {
		case step.kind != 0 && (e == nil || e.Kind != step.kind):
			t.Errorf("step %d: error %v, want kind %d", i, out.Err, step.kind)
		case step.kind == 0 && (out.Err != nil || out.Effect != step.effect || out.Version != step.version):
			t.Errorf("step %d: %+v, want %s, version %d", i, out, step.effect, step.version)
		}
	}
	for _, layout := range []string{"in the tail", "sealed"} {
		t.Run(layout, func(t *testing.T) {
			s := openTest(t, t.TempDir(), Options{SegmentDocs: tinySegments})
			put(t, s, "test-0", map[string]string{"other": `{"wiki":"other"}`})
			var ops []Op
			for i, step := range steps {
				op := step.op
				op.Index, op.ID = "test-0", "1"
				ops = append(ops, op)
				check(t, i, s.Write(t.Context(), []Op{op})[0])
				s = layouts[layout](t, s)
				d, err := s.Get(t.Context(), "test-0", "1")
				if err != nil || (d != nil) != (step.source != "") || d != nil && string(d.Source) != step.source {
					t.Errorf("step %d: get %s, %v", i, d.Source, err)
				}
				want := []string{"other"}
				if step.source != "" {
					want = []string{"1", "other"}
				}
				got := find(t, s, All{})
				slices.Sort(got)
				if !slices.Equal(got, want) || !slices.Contains(got, "other") {
					t.Errorf("step %d: found %q, want %q", i, got, want)
				}
			}
			for i := range ops {
				ops[i].Index = "test-1"
			}
			for i, out := range s.Write(t.Context(), ops) {
				check(t, i, out)
			}
			if info, err := s.Info("test-1"); err != nil || info.Docs != 1 || info.Deleted != 4 {
				t.Errorf("%+v, %v", info, err)
			}
		})
	}
}
