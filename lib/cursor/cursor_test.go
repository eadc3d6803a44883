package cursor_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/tidwall/gjson"

	"github.com/wmtools/wm/lib/cursor"
)

func sample() cursor.Cursor {
	offset := int64(7)
	return cursor.Cursor{
		Streams: []string{"mediawiki.recentchange", "page-create"}, From: 1_000, Saved: 2_000,
		Positions: []cursor.Position{
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
	got, err := cursor.Decode(want.Encode())
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, error %v", got, err)
	}
}

// A truncated cursor is rejected wherever it was cut, and so is anything else.
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
		_, err := cursor.Decode([]byte(text))
		_, format := errors.AsType[*cursor.FormatError](err)
		_, version := errors.AsType[*cursor.VersionError](err)
		if !format && !version {
			t.Errorf("%q: error %v", text, err)
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
		{[]string{"recentchange"}, now, "cursor is for "},
		{[]string{"recentchange", "page-create", "test"}, now, "cursor is for "},
		{c.Streams, now.Add(-59 * time.Minute), ""},
		{c.Streams, now.Add(-61 * time.Minute), "cursor was saved in the future, at 1970-01-01T00:00:02Z"},
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
	if !cursor.IsWatermark(line) || cursor.IsWatermark([]byte(`{"wm":{"watermark":1}}`)) {
		t.Errorf("not recognized as a watermark, or an event is: %s", line)
	}
	meta := gjson.GetBytes(line, "meta")
	if meta.Get("domain").Str != "canary" || meta.Get("dt").Str != "1970-01-01T00:00:02.000Z" {
		t.Errorf("not a canary of its time: %s", meta.Raw)
	}
	got, err := cursor.DecodeWatermark(line)
	if want.Seen = nil; err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, error %v", got, err)
	}
	if _, err := cursor.DecodeWatermark(line[:len(line)-30]); err == nil {
		t.Error("half a watermark was accepted")
	}
}
