package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http/httptest"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/wmtools/wm/lib/simulate"
)

// The bench starts itself as its server, and the test is the bench.
func TestMain(m *testing.M) {
	if slices.Equal(os.Args[1:], []string{"frames"}) {
		if err := serveFrames(context.Background(), os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

var start = time.Date(2026, 11, 20, 23, 59, 59, 0, time.UTC)

// served returns the frames of an answer, without what comes before the first.
func served(t *testing.T, f *frames, query string) []string {
	t.Helper()
	srv := httptest.NewServer(frameServer{f})
	defer srv.Close()
	res, err := srv.Client().Get(srv.URL + "/v2/stream/recentchange" + query)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(string(body), "\n\n")
	if parts[0] != ":ok" || parts[len(parts)-1] != "" {
		t.Fatalf("the answer begins with %q and ends with %q", parts[0], parts[len(parts)-1])
	}
	return parts[1 : len(parts)-1]
}

// message is what the bench changes in an event.
type message struct {
	Meta struct {
		ID, Topic string
		DT        time.Time
		Offset    int64
	}
	Timestamp int64
}

// parse reads a frame, whose id must agree with its event.
func parse(t *testing.T, frame string) (m message, data string) {
	t.Helper()
	lines := strings.Split(frame, "\n")
	if len(lines) != 3 || lines[0] != "event: message" {
		t.Fatalf("frame %.300q", frame)
	}
	var id []struct {
		Topic     string
		Timestamp int64
	}
	data = strings.TrimPrefix(lines[2], "data: ")
	if err := json.Unmarshal([]byte(strings.TrimPrefix(lines[1], "id: ")), &id); err != nil {
		t.Fatalf("id of %.300q: %v", frame, err)
	}
	if err := json.Unmarshal([]byte(data), &m); err != nil {
		t.Fatalf("data of %.300q: %v", frame, err)
	}
	if len(id) != 2 || id[0].Topic != m.Meta.Topic || id[0].Timestamp != m.Meta.DT.UnixMilli()+1 || id[1].Timestamp == 0 {
		t.Fatalf("the id does not fit the event: %.600s", frame)
	}
	return m, data
}

func TestServedEventsAreAsIfMade(t *testing.T) {
	const rounds, n = 3, 500
	f, err := newFrames(n, start)
	if err != nil {
		t.Fatal(err)
	}
	got := served(t, f, "?since=0&n=1600")
	if len(got) != 1600 {
		t.Fatalf("%d frames, want 1600", len(got))
	}
	seen := map[string]bool{}
	newest := start
	for k, frame := range got {
		m, _ := parse(t, frame)
		if seen[m.Meta.ID] {
			t.Fatalf("event %d: id %s comes again", k, m.Meta.ID)
		}
		seen[m.Meta.ID] = true
		if m.Meta.Offset != firstOffset+int64(k) {
			t.Fatalf("event %d has offset %d", k, m.Meta.Offset)
		}
		if back := newest.Sub(m.Meta.DT); back > 30*time.Millisecond {
			t.Fatalf("event %d is %v older than one before it", k, back)
		}
		if lag := m.Meta.DT.UnixMilli() - 1000*m.Timestamp; lag < 0 || lag > 7000 {
			t.Fatalf("event %d came %d ms after it happened", k, lag)
		}
		if m.Meta.DT.After(newest) {
			newest = m.Meta.DT
		}
	}
	// A round of n events takes less than a second here, but counts as a whole one.
	if took := newest.Sub(start); took < rounds*time.Second || took > (rounds+1)*time.Second {
		t.Errorf("the events span %v", took)
	}
}

// A slow reader must not see text that is overwritten for another one.
func TestTwoReadersAtOnce(t *testing.T) {
	const n = 20_000 // more than the buffers between server and client hold
	f, err := newFrames(500, start)
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(frameServer{f})
	defer srv.Close()
	res, err := srv.Client().Get(fmt.Sprintf("%s?n=%d", srv.URL, n))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	served(t, f, "?n=500")
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	for k, frame := range strings.Split(strings.TrimSpace(string(body)), "\n\n")[1:] {
		if m, _ := parse(t, frame); m.Meta.Offset != firstOffset+int64(k) {
			t.Fatalf("event %d has offset %d", k, m.Meta.Offset)
		}
	}
}

// The first round must equal the generated events except for what never repeats.
func TestStampingKeepsTheRest(t *testing.T) {
	f, err := newFrames(300, start)
	if err != nil {
		t.Fatal(err)
	}
	made := simulate.New(2, simulate.Options{Start: start, Rate: eventRate, Canary: -1}).Take(300)
	for i, frame := range served(t, f, "?n=300") {
		_, data := parse(t, frame)
		if got, want := generic(t, []byte(data)), generic(t, made[i].Data); !reflect.DeepEqual(got, want) {
			t.Fatalf("event %d: got %v\nwant %v", i, got, want)
		}
	}
}

func generic(t *testing.T, data []byte) (object map[string]any) {
	t.Helper()
	if err := json.Unmarshal(data, &object); err != nil {
		t.Fatal(err)
	}
	meta := object["meta"].(map[string]any)
	delete(meta, "id")
	delete(meta, "offset")
	return object
}

func TestLargeEvent(t *testing.T) {
	f, err := newFrames(4, start)
	if err != nil {
		t.Fatal(err)
	}
	got := served(t, f, "?n=9&large=100000")
	if len(got) != 9 {
		t.Fatalf("%d frames, want 9", len(got))
	}
	for k, frame := range got {
		m, _ := parse(t, frame)
		if m.Meta.Offset != firstOffset+int64(k) {
			t.Errorf("event %d has offset %d", k, m.Meta.Offset)
		}
		if large := len(frame) > 100_000; large != (k == 4) {
			t.Errorf("event %d has %d bytes", k, len(frame))
		}
	}
}

func TestInterleave(t *testing.T) {
	var order []string
	runner := func(name string, cost time.Duration) contestant {
		return func() (usage, error) {
			order = append(order, name)
			return usage{cpu: cost * time.Duration(len(order))}, nil
		}
	}
	runs, err := interleave(3, runner("a", 2), runner("b", 1))
	if err != nil || strings.Join(order, "") != "abbaab" {
		t.Fatalf("order %v, error %v", order, err)
	}
	var out bytes.Buffer
	table := newTable(&out, "what")
	_ = table.compare("cpu", 0, func(u usage) float64 { return float64(u.cpu) }, runs, "low")
	if err := table.flush(); err != nil {
		t.Fatal(err)
	}
	// a costs 2, 8, 10 and b 2, 3, 6: the ratios are 1, 2.67, 1.67.
	if want := "| cpu  | 8 | 3 | 1.67 (1.00-2.67) | low |"; !strings.Contains(out.String(), want) {
		t.Errorf("got\n%swant %s", out.String(), want)
	}
}
