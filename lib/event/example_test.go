package event_test

import (
	"fmt"
	"time"

	"github.com/wmtools/wm/lib/event"
)

func Example() {
	e := event.New([]byte(`{"meta":{"id":"9a4b","dt":"2026-11-28T12:00:00.250Z"},"type":"edit","namespace":1,"title":"Talk:River Ouse",` +
		`"comment":"Undid revision 5","user":"~2026-12345","wiki":"enwiki","length":{"old":120,"new":100},"revision":{"old":5,"new":6}}`))
	fmt.Println(e.ID(), e.Time().Format(time.TimeOnly), e.Get("length.new").Int())

	d := e.Derive()
	fmt.Println(d.Page, d.UserKind, d.Delta.Value, d.Revert.Value, d.Talk.Value)
	// Output:
	// 9a4b 12:00:00 100
	// enwiki:Talk:River Ouse temp -20 true true
}

func ExampleParseTime() {
	now := time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)
	for _, text := range []string{"2h", "1d12h", "2026-11-01", "20000w"} {
		t, err := event.ParseTime(text, now)
		fmt.Println(t.Format(time.RFC3339), err)
	}
	// Output:
	// 2026-11-28T10:00:00Z <nil>
	// 2026-11-27T00:00:00Z <nil>
	// 2026-11-01T00:00:00Z <nil>
	// 0001-01-01T00:00:00Z not a time: "20000w"
}

func ExampleScanned() {
	var s event.Scanned
	for _, line := range []string{`{"meta":{"id":"9a4b","stream":"mediawiki.recentchange"},"wiki":"enwiki"}`, `{"meta":{"id":"9a4b"`} {
		if err := s.Scan([]byte(line)); err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Println(s.ID(), s.Stream(), s.Derive().Wiki)
	}
	// Output:
	// 9a4b mediawiki.recentchange enwiki
	// not a JSON object: the end is missing
}
