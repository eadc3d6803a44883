package service

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/tidwall/gjson"

	"github.com/wmtools/wm/lib/simulate"
)

// history is a log whose times go backwards. In order of arrival:
//
//	eqiad 10 at 1000, eqiad 11 at 3000, codfw 7 at 1500, eqiad 12 at 2000, eqiad 15 at 4000
func history() []simulate.Event {
	return []simulate.Event{
		fixed(rc, "eqiad", 10, 1000), fixed(rc, "eqiad", 11, 3000), fixed(rc, "codfw", 7, 1500),
		fixed(rc, "eqiad", 12, 2000), fixed(rc, "eqiad", 15, 4000),
	}
}

// offsets returns which events a response holds, as "e10" and "c7".
func (r response) offsets() string {
	var found []string
	for _, data := range r.data() {
		meta := gjson.Get(data, "meta")
		found = append(found, meta.Get("topic").Str[:1]+meta.Get("offset").Raw)
	}
	return strings.Join(found, " ")
}

func TestSince(t *testing.T) {
	s := start(t, Options{Finite: true}, history()...)
	for _, tt := range []struct {
		since, want string
		status      int
	}{
		{"", "", 200},
		// Any number is read as the time 0.
		{"1001", "e10 e11 c7 e12 e15", 200},
		{"9999999999999", "e10 e11 c7 e12 e15", 200},
		{"0", "e10 e11 c7 e12 e15", 200},
		{" 3001 ", "e10 e11 c7 e12 e15", 200},
		{"3.001e3", "e10 e11 c7 e12 e15", 200},
		{"0xbb9", "e10 e11 c7 e12 e15", 200},
		{"2025", "e10 e11 c7 e12 e15", 200},
		{"-5", "e10 e11 c7 e12 e15", 200},
		{"1970-01-01T00:00:01Z", "e10 e11 c7 e12 e15", 200},
		{"1970-01-01T00:00:01.001Z", "e11 c7 e12 e15", 200},
		{"1970-01-01T00:00:02.001Z", "e11 e12 e15", 200}, // e11 is the first that is not older; e12, which is, follows it
		{"1970-01-01T00:00:04.001Z", "", 200},
		{"2026-01-01T00:00:00Z", "", 200},
		{"1970-01-01T00:00:03.001Z", "e15", 200},
		{"1970-01-01T01:00:03.001+01:00", "e15", 200},
		{"1970-01-01 00:00:04", "e15", 200},
		{"1970-01-01", "", 200}, // 0 means no time
		{"1969-12-31", "", 500},
		{"NaN", "", 400},
		{"yesterday", "", 400},
		{"1_000", "", 400},
		{"1970-01-01T00:00:03 00:00", "", 400}, // a plus sign that was not encoded
	} {
		got := get(t, s, "/v2/stream/recentchange?since="+url.QueryEscape(tt.since))
		if got.StatusCode != tt.status || got.offsets() != tt.want {
			t.Errorf("since=%s: %d %q, want %d %q", tt.since, got.StatusCode, got.offsets(), tt.status, tt.want)
		}
	}
	if got := get(t, s, "/v2/stream/recentchange?since=1000&since=2000"); got.StatusCode != 400 {
		t.Errorf("since twice: %s", got.Status)
	}
}

// at is an element of a Last-Event-ID.
func at(dc, position string) string {
	return `{"topic":"` + dc + `.mediawiki.recentchange","partition":0,` + position + `}`
}

func TestLastEventID(t *testing.T) {
	s := start(t, Options{Finite: true}, history()...)
	const eqiad, codfw = `"eqiad.mediawiki.recentchange"`, `"codfw.mediawiki.recentchange"`
	for _, tt := range []struct{ name, id, want, first string }{
		{"both times", "[" + at("eqiad", `"timestamp":2001`) + "," + at("codfw", `"timestamp":1501`) + "]", "e11 e12 e15",
			`[{"topic":"eqiad.mediawiki.recentchange","partition":0,"timestamp":3001},{"offset":-1,"partition":0,"topic":"codfw.mediawiki.recentchange"}]`},
		{"time and end", "[" + at("eqiad", `"offset":-1`) + "," + at("codfw", `"timestamp":1500`) + "]", "c7",
			`[{"topic":"eqiad.mediawiki.recentchange","partition":0,"offset":-1},{"topic":"codfw.mediawiki.recentchange","partition":0,"timestamp":1501}]`},
		{"an element without a time comes first", "[" + at("codfw", `"timestamp":1500`) + "," + at("eqiad", `"offset":-1`) + "]", "c7",
			`[{"topic":"eqiad.mediawiki.recentchange","partition":0,"offset":-1},{"topic":"codfw.mediawiki.recentchange","partition":0,"timestamp":1501}]`},
		{"offset", "[" + at("eqiad", `"offset":11`) + "]", "e11 e12 e15", ""},
		{"offset in a gap", "[" + at("eqiad", `"offset":13`) + "]", "e15", ""},
		{"offset too old", "[" + at("eqiad", `"offset":9`) + "]", "", ""},
		{"offset too new", "[" + at("eqiad", `"offset":99`) + "]", "", ""},
		{"the end", "[" + at("eqiad", `"offset":-1`) + "]", "", ""},
		{"the start", "[" + at("eqiad", `"offset":-2`) + "]", "e10 e11 e12 e15", ""},
		{"only the topics that are named", "[" + at("codfw", `"timestamp":0`) + "]", "c7", ""},
		{"both keys, nothing to look up", "[" + at("eqiad", `"offset":12,"timestamp":1`) + "]", "e12 e15", ""},
		{"both keys are dropped", "[" + at("eqiad", `"offset":12,"timestamp":1`) + "," + at("codfw", `"timestamp":0`) + "]", "c7",
			`[{"topic":"codfw.mediawiki.recentchange","partition":0,"timestamp":1501}]`},
		{"an element twice", "[" + at("eqiad", `"offset":11`) + "," + at("eqiad", `"offset":15`) + "]", "e15", ""},
		{"names", "[" + eqiad + "," + codfw + "]", "", ""},
		{"names in a string", `"eqiad.mediawiki.recentchange,codfw.mediawiki.recentchange"`, "", ""},
		{"blanks stay out of the id", "[ { \"topic\": " + eqiad + ", \"partition\": 0, \"offset\": -1 }, " + at("codfw", `"timestamp":0`) + "]", "c7",
			`[{"topic":"eqiad.mediawiki.recentchange","partition":0,"offset":-1},{"topic":"codfw.mediawiki.recentchange","partition":0,"timestamp":1501}]`},
	} {
		got := get(t, s, "/v2/stream/recentchange", "Last-Event-ID", tt.id)
		if got.StatusCode != 200 || got.offsets() != tt.want {
			t.Errorf("%s: %s %q, want %q", tt.name, got.Status, got.offsets(), tt.want)
		}
		if ids := got.ids(); tt.first != "" && (len(ids) == 0 || ids[0] != tt.first) {
			t.Errorf("%s:\n got %v\nwant %s first", tt.name, ids, tt.first)
		}
	}
}

func TestLastEventIDBeatsSince(t *testing.T) {
	s := start(t, Options{Finite: true}, history()...)
	got := get(t, s, "/v2/stream/recentchange?since=1000", "Last-Event-ID", "["+at("eqiad", `"timestamp":4000`)+"]")
	if got.offsets() != "e15" {
		t.Errorf("got %q, want e15", got.offsets())
	}
	names := get(t, s, "/v2/stream/recentchange?since=1970-01-01T00:00:03.001Z", "Last-Event-ID", `["eqiad.mediawiki.recentchange"]`)
	if names.offsets() != "e15" {
		t.Errorf("topics by name start at since: got %q, want e15", names.offsets())
	}
	if bad := get(t, s, "/v2/stream/recentchange?since=never", "Last-Event-ID", "["+at("eqiad", `"timestamp":4000`)+"]"); bad.StatusCode != 400 {
		t.Errorf("since is checked all the same: %s", bad.Status)
	}
}

// A client that sends back the id of the last event, as browsers do, loses older
// events that arrive later.
func TestEchoedIDLoses(t *testing.T) {
	events := simulate.New(1, simulate.Options{Era: simulate.Era2020, Late: 5e9}).Take(2000)
	s := start(t, Options{Finite: true, Faults: Cycle(Fault{Events: 250, End: Cut})}, events...)
	seen := map[string]int{}
	id := "[" + at("eqiad", `"offset":`+strconv.FormatInt(events[0].Offset, 10)) + "]"
	for last := ""; id != last; {
		last = id
		got := get(t, s, "/v2/stream/recentchange", "Last-Event-ID", id)
		for _, data := range got.data() {
			seen[gjson.Get(data, "meta.id").Str]++
		}
		if ids := got.ids(); len(ids) > 0 {
			id = ids[len(ids)-1]
		}
		if s.Connections() > 500 {
			break
		}
	}
	if lost := len(events) - len(seen); lost <= 0 || lost > 1500 {
		t.Errorf("%d of %d events are lost", lost, len(events))
	}
}

// TestHighestTimeLosesNothing is the rule that the toolkit follows.
func TestHighestTimeLosesNothing(t *testing.T) {
	events := simulate.New(1, simulate.Options{Era: simulate.Era2020, Late: 2e9, Rate: 30}).Take(2000)
	faults := Cycle(Fault{Events: 250, End: Cut}, Fault{Events: 301, Line: InData, End: Cut}, Fault{Bytes: 400_000, End: Reset})
	s := start(t, Options{Faults: faults, Finite: true}, events...)
	seen := map[string]bool{}
	highest := events[0].Time - 1e6
	for len(seen) < len(events) {
		got := get(t, s, "/v2/stream/recentchange", "Last-Event-ID", "["+at("eqiad", `"timestamp":`+fmt.Sprint(highest))+"]")
		ids, data := got.ids(), got.data()
		before := len(seen)
		for i := range data {
			if !gjson.Valid(data[i]) {
				break // a truncated line
			}
			seen[gjson.Get(data[i], "meta.id").Str] = true
			highest = max(highest, gjson.Get(ids[i], `#(topic=="eqiad.mediawiki.recentchange").timestamp`).Int()-1)
		}
		if len(seen) == before {
			t.Fatalf("%d of %d events after %d connections, and no progress", len(seen), len(events), s.Connections())
		}
	}
	want := slices.ContainsFunc(events, func(e simulate.Event) bool { return !seen[gjson.GetBytes(e.Data, "meta.id").Str] })
	if want {
		t.Error("an event is missing")
	}
}

// FuzzLastEventID checks that the response to any header is a stream or one line
// of JSON.
func FuzzLastEventID(f *testing.F) {
	for _, id := range []string{"", "[]", "null", "{}", `"a"`, "[1]", `[{"topic":"eqiad.mediawiki.recentchange","partition":0,"timestamp":5}]`, `["x"]`, "[[]]", "\xff"} {
		f.Add(id)
	}
	s := New(Options{Finite: true})
	s.Append(history()...)
	f.Fuzz(func(t *testing.T, id string) {
		r := newRequest(t, "/v2/stream/recentchange")
		r.Header.Set("Last-Event-ID", id)
		ids, refused := s.assign(r, []string{"eqiad.mediawiki.recentchange"}, instant{})
		if refused == nil && len(ids) == 0 && !strings.Contains(id, "timestamp") {
			t.Errorf("%q leads nowhere", id)
		}
		if refused != nil && (!gjson.ValidBytes(refused.body) || refused.status < 400) {
			t.Errorf("%q: %d %s", id, refused.status, refused.body)
		}
	})
}
