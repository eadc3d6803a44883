package event_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/wmtools/wm/lib/event"
)

func sample() event.Cursor {
	offset := int64(7)
	return event.Cursor{
		Streams: []string{"mediawiki.recentchange", "page-create"}, From: 1_000, Saved: 2_000,
		Positions: []event.Position{
			{Topic: "eqiad.x", Timestamp: 1_500, Offset: &offset},
			{Topic: "codfw.x", Partition: 1, Timestamp: 1_000},
		},
		Seen: []string{"a", "b"},
	}
}

func TestCursorSurvivesTheFile(t *testing.T) {
	want := sample()
	const text = `{"version":1,"streams":["mediawiki.recentchange","page-create"],"from":1000,"saved":2000,` +
		`"positions":[{"topic":"eqiad.x","partition":0,"timestamp":1500,"offset":7},{"topic":"codfw.x","partition":1,"timestamp":1000}],"seen":["a","b"]}`
	if got := string(want.Encode()); got != text {
		t.Errorf("encoded as\n%s, want\n%s", got, text)
	}
	got, err := event.DecodeCursor(want.Encode())
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, error %v", got, err)
	}
}

// Every part of a cursor that was cut, and every one that is not a cursor, is
// refused with a word on what to do.
func TestWhatIsNotACursor(t *testing.T) {
	whole := string(sample().Encode())
	bad := []string{
		"null", "[]", "{}", `{"version":2,"streams":["a"],"from":1,"saved":1,"positions":[]}`,
		`{"version":1,"streams":[],"from":1,"saved":1}`, `{"version":1,"streams":["a"],"from":-5,"saved":1}`,
		`{"version":1,"streams":["a"],"from":1,"saved":1,"positions":[{"topic":"x"}]}`, whole + "x",
	}
	for n := range len(whole) {
		bad = append(bad, whole[:n])
	}
	for _, text := range bad {
		_, err := event.DecodeCursor([]byte(text))
		if hint, ok := errors.AsType[*event.Hint](err); !ok || hint.Hint() == "" {
			t.Errorf("%q: error %v has no hint", text, err)
		}
	}
}

func TestCursorOfOtherStreamsOrTimes(t *testing.T) {
	c, now := sample(), time.UnixMilli(2_000)
	for _, tt := range []struct {
		streams []string
		now     time.Time
		want    string
	}{
		{[]string{"page-create", "recentchange"}, now, ""},
		{[]string{"mediawiki.page-create", "recentchange", "page-create"}, now, ""},
		{[]string{"recentchange"}, now, "cursor of other streams"},
		{[]string{"recentchange", "page-create", "test"}, now, "cursor of other streams"},
		{c.Streams, now.Add(-59 * time.Minute), ""},
		{c.Streams, now.Add(-61 * time.Minute), "cursor saved in the future, at 1970-01-01T00:00:02Z"},
	} {
		err := c.Check(tt.streams, tt.now)
		if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
			t.Errorf("%q at %v: error %v, want %q", tt.streams, tt.now, err, tt.want)
		}
	}
}

func TestWatermark(t *testing.T) {
	want := sample()
	line := want.Watermark()
	if !event.IsWatermark(line) || event.IsWatermark([]byte(`{"wm":{"watermark":1}}`)) {
		t.Errorf("a watermark is not told from an event: %s", line)
	}
	if e := event.New(line); !e.Canary() || e.Time() != time.UnixMilli(2_000).UTC() {
		t.Errorf("to others it is no canary, or of %v", e.Time())
	}
	got, err := event.DecodeWatermark(line)
	if want.Seen = nil; err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, error %v", got, err)
	}
	if _, err := event.DecodeWatermark(line[:len(line)-30]); err == nil {
		t.Error("half a watermark is taken for one")
	}
}
