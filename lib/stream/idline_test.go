package stream

import (
	"fmt"
	"testing"

	"github.com/wmtools/wm/lib/event"
)

func TestSender(t *testing.T) {
	p := newPositions(0)
	for _, tt := range []struct{ id, topic, want string }{
		{`[{"topic":"a","partition":0,"timestamp":101},{"topic":"b","partition":0,"offset":-1}]`, "a", "a 100"},
		{`[{"topic":"a","partition":0,"timestamp":103},{"topic":"b","partition":0,"offset":-1}]`, "a", "a 102"},
		{`[{"topic":"a","partition":0,"timestamp":103},{"topic":"b","partition":0,"offset":-1}]`, "a", "a 102"}, // the same millisecond
		{`[{"topic":"a","partition":0,"timestamp":103},{"topic":"b","partition":0,"timestamp":51}]`, "b", "b 50"},
		{`[{"topic":"a","partition":0,"timestamp":103},{"topic":"b","partition":0,"timestamp":51}]`, "a", "a 102"},
		{`[{"topic":"a","partition":0,"timestamp":99},{"topic":"b","partition":0,"timestamp":51}]`, "a", "a 98"},
		{`[{"timestamp":106,"partition":0,"topic":"a"},{"topic":"b","partition":0,"timestamp":51}]`, "a", "a 105"},
		{`[{"timestamp":107,"partition":0,"topic":"a"},{"topic":"b","partition":0,"timestamp":51}]`, "a", "a 106"},
		{`[{"topic":"b","partition":0,"timestamp":61},{"topic":"a","partition":0,"timestamp":107}]`, "b", "b 60"},
		{`[{"topic":"c","partition":2,"timestamp":7}]`, "", "c 6"},
		{`[{"topic":"a","partition":0,"timestamp":`, "a", "a 106"}, // invalid: the place stays
		{`{}`, "x", ""}, {``, "a", ""}, {`null`, "x", ""}, {`[1,"a",[]]`, "x", ""},
	} {
		got := ""
		m := event.Meta{Topic: tt.topic}
		if pl := p.sender([]byte(tt.id), m); pl != nil {
			got = fmt.Sprint(pl.topic, " ", pl.time())
		}
		if got != tt.want {
			t.Errorf("%s of %q: sender %q, want %q", tt.id, tt.topic, got, tt.want)
		}
	}
}

// readSame and readAny leave the same positions, for any two lines.
func FuzzReadSameAgreesWithReadAny(f *testing.F) {
	const a = `[{"topic":"a","partition":0,"timestamp":101},{"topic":"b","partition":0,"offset":-1}]`
	for _, second := range []string{
		a, `[{"topic":"a","partition":0,"timestamp":1012},{"topic":"b","partition":0,"offset":-1}]`,
		`[{"topic":"a","partition":0,"timestamp":1e3},{"topic":"b","partition":0,"offset":-1}]`,
		`[{"topic":"a","partition":0,"timestamp":101}]`, `[{"topic":"a","partition":0,"timestamp":00101},{"topic":"b","partition":0,"offset":-1}]`,
	} {
		f.Add(a, second)
	}
	f.Fuzz(func(t *testing.T, first, second string) {
		quick, thorough := newPositions(0), newPositions(0)
		quick.read([]byte(first))
		quick.read([]byte(second))
		thorough.readAny([]byte(first))
		thorough.readAny([]byte(second))
		if got, want := stamps(quick), stamps(thorough); got != want {
			t.Errorf("%q, then %q: %s, want %s", first, second, got, want)
		}
	})
}

func stamps(p *positions) (text string) {
	for _, pl := range p.places {
		text += fmt.Sprint(pl.partition, pl.stamped, pl.stamp, " ")
	}
	return text
}
