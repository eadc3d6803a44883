package stream

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/tidwall/gjson"

	"github.com/wmtools/wm/lib/event"
)

// kafka is a minimal model of the service: a log for each partition, and answers
// that begin, in each, at the first message that is not older than the time asked
// for.
type kafka struct {
	topics []string
	log    []logged // of all partitions, in the order of arrival
}

type logged struct {
	topic int
	id    string
	time  int64
}

// from returns the messages that the server sends for a position, with the id
// of each frame. An empty header asks for what comes from the start on.
func (k kafka) from(header string, start int64) (out []logged, ids []string) {
	begun := make([]bool, len(k.topics))
	asked := make([]int64, len(k.topics))
	last := make([]string, len(k.topics))
	for i, topic := range k.topics {
		asked[i] = start
		if header != "" {
			el := gjson.Get(header, fmt.Sprintf(`#(topic=="%s")`, topic))
			asked[i] = el.Get("timestamp").Int()
		}
		last[i] = fmt.Sprintf(`{"topic":%q,"partition":0,"offset":-1}`, topic)
	}
	for _, m := range k.log {
		if begun[m.topic] = begun[m.topic] || m.time >= asked[m.topic]; !begun[m.topic] {
			continue
		}
		last[m.topic] = fmt.Sprintf(`{"topic":%q,"partition":0,"timestamp":%d}`, k.topics[m.topic], m.time+1)
		out = append(out, m)
		ids = append(ids, "["+strings.Join(last, ",")+"]")
	}
	return out, ids
}

// drawLog makes a log whose times go backwards, with bursts on one millisecond
// and, in the middle, a switch from one data centre to the other.
func drawLog(r *rand.Rand, n int) kafka {
	k := kafka{topics: []string{"eqiad.x", "codfw.x"}}
	now := int64(1_800_000_000_000)
	for i := range n {
		if r.IntN(4) > 0 {
			now += r.Int64N(200)
		}
		late := int64(0)
		if r.IntN(3) == 0 {
			late = r.Int64N(100_000)
		}
		k.log = append(k.log, logged{i * 2 / n, fmt.Sprint("id", i), now - late})
	}
	return k
}

// pass does what a reading does with a frame, and reports whether it is a repeat.
func pass(p *positions, id, topic, metaID string, clock int64) (repeat bool) {
	sender := p.sender([]byte(id), event.Meta{Topic: topic, ID: metaID})
	repeat, remembered := p.seen.repeated(metaID)
	if !remembered && sender != nil {
		p.pass(sender, metaID, clock)
	}
	return repeat
}

// never is a clock that no message is ahead of.
const never = 1 << 62

// Wherever connections end, every message is delivered exactly once.
func TestNothingIsLostOrTwiceAtAnyCut(t *testing.T) {
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 0))
		k := drawLog(r, 400)
		start := k.log[0].time - 200_000
		p := newPositions(DefaultOverlap)
		p.from = start
		got, connections := map[string]int{}, 0
		for every := 1 + r.IntN(40); len(got) < len(k.log); connections++ {
			header := ""
			if p.known() {
				header = p.lastEventID()
			}
			msgs, ids := k.from(header, p.from)
			handed := 0
			p.connected()
			for i, m := range msgs {
				if !pass(p, ids[i], k.topics[m.topic], m.id, never) {
					got[m.id]++
					handed++
				}
				if handed == every {
					break // the connection ends here
				}
			}
			if handed == 0 || connections > 10*len(k.log) {
				t.Fatalf("seed %d: stuck with %d of %d events", seed, len(got), len(k.log))
			}
		}
		for id, n := range got {
			if n != 1 {
				t.Fatalf("seed %d: %s was delivered %d times", seed, id, n)
			}
		}
	}
}

// Few ids are remembered: those before the time of the next request are
// forgotten.
func TestSeenStaysSmall(t *testing.T) {
	k := drawLog(rand.New(rand.NewPCG(1, 1)), 50_000)
	p := newPositions(DefaultOverlap)
	most := 0
	msgs, ids := k.from("", 0)
	for i, m := range msgs {
		pass(p, ids[i], k.topics[m.topic], m.id, never)
		most = max(most, p.seen.n)
	}
	if most > 2000 {
		t.Errorf("%d ids were remembered", most)
	}
}

func TestPositionOfWhatWasNotSentYet(t *testing.T) {
	p := newPositions(time.Second)
	p.from = 5_000
	pass(p, `[{"topic":"a","partition":0,"timestamp":9001},{"topic":"b","partition":0,"offset":-1}]`, "a", "x", never)
	want := `[{"topic":"a","partition":0,"timestamp":8000},{"topic":"b","partition":0,"timestamp":5000}]`
	if got := p.lastEventID(); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// A topic is sent back as a JSON string, whatever is in its name.
func TestTopicsAreQuotedAsJSON(t *testing.T) {
	p := newPositions(0)
	pass(p, `[{"topic":"a\u0007\"b","partition":0,"timestamp":9001}]`, "a\a\"b", "", never)
	if got := gjson.Get(p.lastEventID(), "0.topic").String(); !gjson.Valid(p.lastEventID()) || got != "a\a\"b" {
		t.Errorf("header %s", p.lastEventID())
	}
}

func TestMessageDatedTomorrow(t *testing.T) {
	p := newPositions(0)
	clock := int64(1_000_000)
	pass(p, `[{"topic":"a","partition":0,"timestamp":90000001}]`, "a", "x", clock)
	if got, want := p.lastEventID(), `[{"topic":"a","partition":0,"timestamp":1000000}]`; got != want {
		t.Errorf("got %s, want the server's clock: %s", got, want)
	}
}

func TestMendTopics(t *testing.T) {
	p := newPositions(0)
	p.from = 50
	pass(p, `[{"topic":"a","partition":0,"timestamp":101},{"topic":"b","partition":0,"offset":-1}]`, "a", "x", never)
	pass(p, `[{"topic":"a","partition":0,"timestamp":101},{"topic":"b","partition":0,"timestamp":201}]`, "b", "y", never)
	if !p.mend([]string{"b", "c"}) {
		t.Error("nothing changed")
	}
	if got, want := p.lastEventID(), `[{"topic":"b","partition":0,"timestamp":200},{"topic":"c","partition":0,"timestamp":100}]`; got != want {
		t.Errorf("got %s, want %s: the new topic at the oldest position", got, want)
	}
	if p.mend([]string{"b", "c"}) {
		t.Error("the same topics were reported as a change")
	}
}
