package simulate

import (
	"bytes"
	"encoding/json"
	"math"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tidwall/gjson"
)

func TestSameSeedSameBytes(t *testing.T) {
	for _, o := range []Options{{}, {Streams: Streams, Switch: 100, Gap: 70}, {Era: Era2019}} {
		a, b := New(7, o).Take(2000), New(7, o).Take(2000)
		if !slices.EqualFunc(a, b, sameEvent) {
			t.Errorf("%+v: the same seed made other events", o)
		}
		if c := New(8, o).Take(2000); slices.EqualFunc(a, c, sameEvent) {
			t.Errorf("%+v: another seed made the same events", o)
		}
	}
}

func sameEvent(a, b Event) bool {
	return a.Topic == b.Topic && a.Offset == b.Offset && a.Time == b.Time && bytes.Equal(a.Data, b.Data)
}

// required are the members that the schemas require, and some on which clients
// rely.
var required = map[string][]string{
	RecentChange:   {"$schema", "meta.dt", "meta.stream", "meta.id"},
	RevisionCreate: {"$schema", "meta.dt", "meta.stream", "meta.id", "database", "page_id", "page_title", "page_namespace", "rev_id", "rev_timestamp"},
	PageCreate:     {"$schema", "meta.dt", "meta.stream", "meta.id", "database", "page_id", "page_title", "page_namespace", "rev_id", "rev_timestamp"},
	PageChange:     {"$schema", "meta.dt", "meta.stream", "meta.id", "changelog_kind", "page_change_kind", "dt", "wiki_id", "page.page_id", "page.page_title", "revision.rev_id", "performer"},
	RevertRisk: {"$schema", "meta.dt", "meta.stream", "meta.id", "changelog_kind", "page_change_kind", "dt", "wiki_id", "page.page_id", "page.page_title",
		"revision.rev_id", "performer.user_text", "predicted_classification.model_name", "predicted_classification.predictions.0", "predicted_classification.probabilities.true"},
	RevisionTags: {"$schema", "meta.dt", "meta.stream", "meta.id", "database", "page_id", "page_title", "page_namespace", "page_is_redirect", "rev_id", "rev_timestamp"},
}

func TestEventsAgreeWithTheirPosition(t *testing.T) {
	ids := map[string]bool{}
	next := map[string]int64{}
	for _, e := range New(1, Options{Streams: Streams}).Take(30_000) {
		if !json.Valid(e.Data) {
			t.Fatalf("not JSON: %s", e.Data)
		}
		object := gjson.ParseBytes(e.Data)
		for _, path := range required[e.Stream] {
			if v := object.Get(path); !v.Exists() || v.Type == gjson.Null {
				t.Fatalf("%s is missing: %s", path, e.Data)
			}
		}
		meta := object.Get("meta")
		dt, err := time.Parse(time.RFC3339, meta.Get("dt").Str)
		if err != nil || dt.UnixMilli() != e.Time {
			t.Fatalf("meta.dt %q, message time %d: %v", meta.Get("dt").Str, e.Time, err)
		}
		if meta.Get("topic").Str != e.Topic || meta.Get("offset").Int() != e.Offset || meta.Get("stream").Str != e.Stream {
			t.Fatalf("%+v: meta is %s", e, meta.Raw)
		}
		if want, seen := next[e.Topic]; seen && e.Offset != want {
			t.Fatalf("%s: offset %d after %d", e.Topic, e.Offset, want-1)
		}
		next[e.Topic] = e.Offset + 1
		if id := meta.Get("id").Str; len(id) != 36 || id[14] != '4' || ids[id] {
			t.Fatalf("id %q is not a UUID or is a repeat", id)
		}
		ids[meta.Get("id").Str] = true
	}
	if len(next) != 2*len(Streams) {
		t.Errorf("events in %d topics, want %d (canaries are in both data centres)", len(next), 2*len(Streams))
	}
}

func TestSharesFollowTheTables(t *testing.T) {
	s := NewShares()
	for _, e := range New(3, Options{}).Take(60_000) {
		s.Add(e.Data)
	}
	percent := func(n int) float64 { return 100 * float64(n) / float64(len(s.Sizes)) }
	for _, tt := range []struct {
		name             string
		got, want, allow float64
	}{
		{"edit", percent(s.Types["edit"]), 59.8, 1.5},
		{"categorize", percent(s.Types["categorize"]), 32.4, 1.5},
		{"log", percent(s.Types["log"]), 5.4, 1},
		{"new", percent(s.Types["new"]), 2.3, 0.5},
		{"142", percent(s.Types["142"]), 0.07, 0.05},
		{"commonswiki", percent(s.Wikis["commonswiki"]), 27.8, 3},
		{"wikidatawiki", percent(s.Wikis["wikidatawiki"]), 21.4, 2},
		{"enwiki", percent(s.Wikis["enwiki"]), 11.7, 2},
		{"bots", percent(s.Users["bot"]), 40.6, 2},
		{"not logged in", percent(s.Users["temp"] + s.Users["ip"]), 4.7, 1},
		{"main namespace", percent(s.Spaces["0"]), 49.1, 3},
		{"median size", float64(s.Size(50)), 1200, 100},
		{"size p99", float64(s.Size(99)), 2200, 300},
		{"wikis", float64(len(s.Wikis)), float64(len(wikis)), 0},
	} {
		if math.Abs(tt.got-tt.want) > tt.allow {
			t.Errorf("%s: %.2f, want %.2f ± %.2f", tt.name, tt.got, tt.want, tt.allow)
		}
	}
}

func TestTimesGoBackwards(t *testing.T) {
	for _, tt := range []struct {
		options  Options
		low      float64 // share of events older than the newest before them
		high     float64
		lateness int64 // at most, ms
	}{
		{Options{}, 0.05, 0.4, 25},
		{Options{Era: Era2020, Rate: 30, Late: 100 * time.Second}, 0.6, 0.9, 101_000},
	} {
		var newest, latest int64
		late, same, shared := 0, 0, map[string]int{}
		events := New(5, tt.options).Take(20_000)
		for i, e := range events {
			if e.Time < newest {
				late++
				latest = max(latest, newest-e.Time)
			}
			if i > 0 && e.Time == events[i-1].Time {
				same++
			}
			newest = max(newest, e.Time)
			shared[gjson.GetBytes(e.Data, "meta.request_id").Str]++
		}
		if got := float64(late) / float64(len(events)); got < tt.low || got > tt.high {
			t.Errorf("%+v: %.3f of the events are late", tt.options, got)
		}
		if latest > tt.lateness || latest < tt.lateness/2 {
			t.Errorf("%+v: the latest is %d ms late, want nearly %d", tt.options, latest, tt.lateness)
		}
		if same == 0 || len(shared) == len(events) {
			t.Errorf("%+v: %d events share a time, %d request ids in %d events", tt.options, same, len(shared), len(events))
		}
	}
}

func TestDelayAfterTimestamp(t *testing.T) {
	for _, e := range New(2, Options{}).Take(5000) {
		object := gjson.ParseBytes(e.Data)
		if ts := object.Get("timestamp"); ts.Exists() {
			if lag := e.Time - ts.Int()*1000; lag < 100 || lag > 6000 {
				t.Fatalf("meta.dt is %d ms after timestamp", lag)
			}
		}
	}
	for _, e := range New(2, Options{Era: Era2020, Late: time.Minute}).Take(5000) {
		if ts := gjson.GetBytes(e.Data, "timestamp"); ts.Exists() && ts.Int()*1000 != e.Time {
			t.Fatalf("meta.dt is not timestamp: %s", e.Data)
		}
	}
}

func TestSwitchAndGap(t *testing.T) {
	var live []string
	for _, e := range New(1, Options{Switch: 50, Canary: 100 * time.Hour}).Take(200) {
		if dc, _, _ := strings.Cut(e.Topic, "."); len(live) == 0 || live[len(live)-1] != dc {
			live = append(live, dc)
		}
	}
	if want := []string{"eqiad", "codfw", "eqiad", "codfw"}; !slices.Equal(live, want) {
		t.Errorf("data centres %v, want %v", live, want)
	}
	var gaps []int
	events := New(1, Options{Gap: 30}).Take(100)
	for i := 1; i < len(events); i++ {
		if events[i].Offset != events[i-1].Offset+1 {
			gaps = append(gaps, i)
		}
	}
	if want := []int{30, 60, 90}; !slices.Equal(gaps, want) {
		t.Errorf("gaps before events %v, want %v", gaps, want)
	}
}

func TestOversized(t *testing.T) {
	e := New(1, Options{}).Oversized(3 << 20)
	if len(e.Data) < 3<<20 || !json.Valid(e.Data) || bytes.ContainsRune(e.Data, '\n') {
		t.Errorf("%d bytes, valid %v", len(e.Data), json.Valid(e.Data))
	}
}

func TestAddressesAreForDocumentation(t *testing.T) {
	var ranges []netip.Prefix
	for _, text := range []string{"192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32"} {
		ranges = append(ranges, netip.MustParsePrefix(text))
	}
	versions := map[bool]int{}
	for _, e := range New(1, Options{Era: Era2020}).Take(20_000) {
		addr, err := netip.ParseAddr(gjson.GetBytes(e.Data, "user").Str)
		if err != nil {
			continue
		}
		versions[addr.Is4()]++
		if !slices.ContainsFunc(ranges, func(p netip.Prefix) bool { return p.Contains(addr) }) {
			t.Fatalf("%s is not reserved for documentation", addr)
		}
	}
	if versions[true] == 0 || versions[false] == 0 {
		t.Errorf("%d addresses of IPv4, %d of IPv6", versions[true], versions[false])
	}
}

func TestStreamsAndCanariesCanBeChosen(t *testing.T) {
	for _, e := range New(1, Options{Streams: []string{"x", PageCreate}, Canary: -1, Rate: 1}).Take(2000) {
		if e.Stream != PageCreate || bytes.Contains(e.Data, []byte(`"canary"`)) {
			t.Fatalf("%s: %s", e.Stream, e.Data)
		}
	}
	if e := New(1, Options{Streams: []string{"x"}}).Next(); e.Stream != RecentChange {
		t.Errorf("without a known stream, it generates %s", e.Stream)
	}
}
