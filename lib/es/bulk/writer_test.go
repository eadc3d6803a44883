package bulk

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/wmtools/wm/lib/es"
	"github.com/wmtools/wm/lib/event"
	"github.com/wmtools/wm/lib/jsonscan"
)

// fakeTime is a clock that does not wait.
type fakeTime struct {
	mu     sync.Mutex
	at     time.Time
	sleeps []time.Duration
}

func (f *fakeTime) clock() clock {
	return clock{
		now: func() time.Time {
			f.mu.Lock()
			defer f.mu.Unlock()
			return f.at
		},
		sleep: func(ctx context.Context, d time.Duration) error {
			f.mu.Lock()
			defer f.mu.Unlock()
			f.at = f.at.Add(d)
			f.sleeps = append(f.sleeps, d)
			return ctx.Err()
		},
	}
}

// run is what one Writer did.
type run struct {
	err     error
	ledger  Ledger
	rejects []Reject
	outages []error
	time    fakeTime
}

func lineOf(i int) string {
	return fmt.Sprintf(`{"meta":{"id":"id-%d","dt":"2026-11-23T10:00:%02d.250Z","stream":"mediawiki.test"},"wiki":"xxwiki","n":%d}`, i, i%60, i)
}

func linesOf(n int) (lines []string) {
	for i := range n {
		lines = append(lines, lineOf(i))
	}
	return lines
}

// write writes lines with batches of about ten.
func write(t *testing.T, s *server, lines []string) *run {
	return writeWith(t.Context(), t, s, lines, Options{Workers: 1, BatchBytes: 2000, Flush: time.Hour})
}

func writeWith(ctx context.Context, t *testing.T, s *server, lines []string, o Options) *run {
	t.Helper()
	r := &run{}
	r.time.at = time.Unix(1e9, 0)
	o.Index, o.Workers = mustPattern(t, es.DefaultIndex), cmp.Or(o.Workers, 1)
	o.OnReject = func(x Reject) error {
		r.rejects = append(r.rejects, x)
		return nil
	}
	o.OnOutage = func(err error, _ time.Duration) { r.outages = append(r.outages, err) }
	b := newWriter(s.client(), o, r.time.clock())
	var buf []byte // reused, as a Source does
	for _, line := range lines {
		buf = append(buf[:0], line...)
		if r.err = b.Put(ctx, event.New(buf)); r.err != nil {
			break
		}
	}
	r.err = errors.Join(r.err, b.Close(ctx))
	r.ledger = b.Ledger()
	return r
}

// expect compares the documents of the server with lines.
func expect(t *testing.T, s *server, lines []string) {
	t.Helper()
	want := map[string]string{}
	for _, line := range lines {
		index, id, source, reason := documentOf(t, es.DefaultIndex, line)
		if reason != "" {
			t.Fatal(reason)
		}
		want[index+"/"+id] = source
	}
	if got := s.stored(); !maps.Equal(got, want) {
		t.Errorf("the server holds %d documents, want %d; or they differ", len(got), len(want))
	}
}

const busy = "es_rejected_execution_exception"

// Whatever fault occurs temporarily, each document is in the index once at the end,
// and the ledger agrees.
func TestWriterLosesNothing(t *testing.T) {
	tests := map[string][]fault{
		"nothing":                     nil,
		"reset before it was written": {hangUp(false)},
		"reset after it was written":  {hangUp(true)},
		"answer cut short":            {cutAnswer},
		"page of a proxy":             {wrongAnswer("<html>welcome</html>")},
		"JSON of another":             {wrongAnswer(`{"took":1}`)},
		"nested beyond reason":        {wrongAnswer(strings.Repeat("[", 12<<20))},
		"an outcome is missing":       {shortAnswer},
		"an outcome without a status": {blankAnswer},
		"busy":                        {status(429, esError(429, busy, "queue full"), "Retry-After", "3")},
		"starting":                    {status(503, "")},
		"bad gateway":                 {status(502, "<html>")},
		"disk full":                   {status(429, esError(429, "cluster_block_exception", "flood stage"))},
		"blocked by hand":             {status(403, esError(403, "cluster_block_exception", "read-only"))},
		"every document busy":         {fail(outcome{429, busy, "queue full"})},
		"some documents busy":         {fail(outcome{429, busy, "queue full"}, "id-0", "id-3", "id-7")},
		"no such index":               {fail(outcome{404, "index_not_found_exception", "no such index"})},
		"index closed":                {fail(outcome{400, "index_closed_exception", "closed"}, "id-2")},
		"index blocked":               {fail(outcome{403, "cluster_block_exception", "read-only"}, "id-2")},
		"too many shards":             {fail(outcome{400, "validation_exception", "maximum normal shards open"})},
		"pipeline missing":            {fail(outcome{400, "illegal_argument_exception", "pipeline with id [x] does not exist"})},
		"alias without an index":      {fail(outcome{400, "illegal_argument_exception", "no write index is defined for alias [x]"})},
		"shards missing":              {fail(outcome{503, "unavailable_shards_exception", "primary shard is not active"}, "id-9")},
		"an unknown error":            {fail(outcome{400, "novel_exception", "?"}, "id-1")},
		"long night":                  slices.Repeat([]fault{hangUp(false), hangUp(true), status(503, "")}, 20),
	}
	for name, faults := range tests {
		t.Run(name, func(t *testing.T) {
			r := losesNothing(t, 1, faults)
			if len(r.outages) != len(faults) || len(r.time.sleeps) != len(faults) {
				t.Errorf("reported %v and waited %v for %d faults", r.outages, r.time.sleeps, len(faults))
			}
			losesNothing(t, 4, faults)
		})
	}
}

func losesNothing(t *testing.T, workers int, faults []fault) *run {
	t.Helper()
	lines := linesOf(95)
	s := newServer(t, faults...)
	r := writeWith(t.Context(), t, s, lines, Options{Workers: workers, BatchBytes: 2000, Flush: time.Hour})
	if r.err != nil {
		t.Fatal(r.err)
	}
	expect(t, s, lines)
	if l := r.ledger; l.Created+l.Present != 95 || l.Read != 95 || len(r.rejects) != 0 {
		t.Errorf("%d workers: ledger %+v, rejects %v", workers, l, r.rejects)
	}
	return r
}

// The same with a random fault for each request.
func TestWriterLosesNothingAtRandom(t *testing.T) {
	for seed := range uint64(20) {
		rnd := rand.New(rand.NewPCG(seed, 1))
		kinds := []fault{nil, nil, hangUp(false), hangUp(true), cutAnswer, shortAnswer, status(503, ""), wrongAnswer("?"),
			status(413, ""), fail(outcome{429, busy, ""}, "id-1", "id-20", "id-55", "id-90")}
		var faults []fault
		for range 60 {
			faults = append(faults, kinds[rnd.IntN(len(kinds))])
		}
		s := newServer(t, faults...)
		lines := linesOf(95)
		r := writeWith(t.Context(), t, s, lines, Options{Workers: 1 + int(seed%4), BatchBytes: 2000, Flush: time.Hour})
		// A 413 for a single document rejects it, so it may be missing.
		missing := map[string]bool{}
		for _, x := range r.rejects {
			missing[string(x.Document)] = true
		}
		expectWithin(t, s, lines, missing)
		if l := r.ledger; r.err != nil || l.unsettled() != 0 || l.Rejected != int64(len(r.rejects)) {
			t.Errorf("seed %d: %v, ledger %+v, %d rejects", seed, r.err, l, len(r.rejects))
		}
	}
}

// expectWithin is expect for a server where some lines may be missing.
func expectWithin(t *testing.T, s *server, lines []string, missing map[string]bool) {
	t.Helper()
	held := s.stored()
	lines = slices.DeleteFunc(slices.Clone(lines), func(line string) bool {
		_, id, _, _ := documentOf(t, es.DefaultIndex, line)
		_, there := held["wm-test-2026.11.23/"+id]
		return missing[line] && !there
	})
	expect(t, s, lines)
}

func TestWriterSendsOnlyOpenDocumentsAgain(t *testing.T) {
	s := newServer(t,
		fail(outcome{429, busy, "full"}, "id-1", "id-3", "id-4"),
		fail(outcome{429, busy, "full"}, "id-3"))
	r := writeWith(t.Context(), t, s, linesOf(6), Options{Flush: time.Hour})
	want := [][]string{{"id-0", "id-1", "id-2", "id-3", "id-4", "id-5"}, {"id-1", "id-3", "id-4"}, {"id-3"}}
	if r.err != nil || !slices.EqualFunc(s.requests, want, slices.Equal) {
		t.Errorf("%v: sent %v, want %v", r.err, s.requests, want)
	}
	if (r.ledger != Ledger{Read: 6, Created: 6}) {
		t.Errorf("ledger %+v", r.ledger)
	}
	expect(t, s, linesOf(6))
	for _, err := range r.outages {
		if want := s.URL + ": index wm-test-2026.11.23: " + busy + ": the server cannot take"; !strings.HasPrefix(err.Error(), want) {
			t.Errorf("reported %q, want %q", err, want)
		}
	}
}

func TestWriterIsPatientAnewAfterProgress(t *testing.T) {
	s := newServer(t, append(slices.Repeat([]fault{status(503, "")}, 8), fail(outcome{429, busy, ""}, "id-1"))...)
	r := writeWith(t.Context(), t, s, linesOf(2), Options{Flush: time.Hour})
	if waits := r.time.sleeps; r.err != nil || len(waits) != 9 || waits[7] < longestWait/2 || waits[8] > firstDelay {
		t.Errorf("%v, waits %v", r.err, waits)
	}
}

func TestWriterReportsUnreachableServer(t *testing.T) {
	s := newServer(t)
	s.Close()
	ctx, cancel := context.WithCancel(t.Context())
	var outage error
	b := NewWriter(s.client(), Options{
		Index: mustPattern(t, es.DefaultIndex), BatchBytes: 1,
		OnOutage: func(err error, _ time.Duration) { outage = err; cancel() },
	})
	_ = b.Put(ctx, event.New([]byte(lineOf(0))))
	err := b.Close(ctx)
	if !errors.Is(outage, syscall.ECONNREFUSED) || strings.Contains(outage.Error(), "dial") || !strings.HasPrefix(outage.Error(), s.URL+": ") {
		t.Errorf("reported %v", outage)
	}
	if e, ok := errors.AsType[*es.Error](err); !ok || e.Kind() != es.Unreachable {
		t.Errorf("closed with %v", err)
	}
}

func TestWriterAgainCreatesNothing(t *testing.T) {
	s := newServer(t)
	lines := append(linesOf(30), lineOf(3)) // one of them twice
	first, second := write(t, s, lines), write(t, s, lines)
	if want := (Ledger{Read: 31, Created: 30, Present: 1}); first.ledger != want || first.err != nil {
		t.Errorf("first run: %+v, %v", first.ledger, first.err)
	}
	if want := (Ledger{Read: 31, Present: 31}); second.ledger != want || second.err != nil {
		t.Errorf("second run: %+v, %v", second.ledger, second.err)
	}
}

func TestWriterRejects(t *testing.T) {
	faults := []outcome{
		{400, "document_parsing_exception", "[1:2] failed to parse field [n]"},
		{400, "mapper_parsing_exception", "failed to parse"},
		{400, "strict_dynamic_mapping_exception", "introduction of [x] is not allowed"},
		{400, "illegal_argument_exception", "Document contains at least one immense term"},
		{413, "", "document too large"},
	}
	for _, o := range faults {
		s := newServer(t, fail(o, "id-2"))
		lines := []string{lineOf(0), "  not json ", lineOf(2), `{"meta":{"id":"x"}}`, lineOf(4)}
		r := writeWith(t.Context(), t, s, lines, Options{Flush: time.Hour})
		if (r.err != nil || r.ledger != Ledger{Read: 5, Created: 2, Rejected: 3}) {
			t.Fatalf("%v: %v, ledger %+v", o, r.err, r.ledger)
		}
		want := []Reject{
			{Line: 2, Reason: jsonscan.ErrNotObject.Error(), Document: []byte("not json")},
			{Line: 3, Reason: (&es.Error{Status: o.status, Type: strings.Replace(o.kind, misfitOpenSearch, misfit, 1), Reason: o.reason}).Error(), Status: o.status, Document: []byte(lines[2])},
			{Line: 4, Reason: noTime, Document: []byte(lines[3])},
		}
		if !slices.EqualFunc(r.rejects, want, func(a, b Reject) bool {
			return a.Line == b.Line && a.Reason == b.Reason && a.Status == b.Status && string(a.Document) == string(b.Document)
		}) {
			t.Errorf("rejects %+v, want %+v", r.rejects, want)
		}
		if len(r.time.sleeps) != 0 {
			t.Errorf("%v: waited %v for a document that will never do", o, r.time.sleeps)
		}
		expect(t, s, []string{lineOf(0), lineOf(4)})
	}
}

func TestWriterEndsAtOnce(t *testing.T) {
	tests := map[string]struct {
		fault
		text string
	}{
		"no password":       {status(401, esError(401, "security_exception", "missing authentication")), "missing authentication"},
		"wrong user":        {status(403, esError(403, "security_exception", "action is unauthorized")), "unauthorized"},
		"index not allowed": {fail(outcome{403, "security_exception", "unauthorized for index"}, "id-1"), "index wm-test-2026.11.23: security_exception"},
		"one not allowed": {func(w http.ResponseWriter, apply func(...refusal) []outcome) {
			respond(w, []outcome{{429, busy, ""}, {403, "security_exception", "not you"}, {429, busy, ""}, {status: 201}, {status: 201}})
		}, "security_exception: not you"},
		"not Elasticsearch":   {status(404, "<html>\n not\n here"), "status 404: <html> not here"},
		"moved":               {status(301, ""), "status 301"},
		"request not allowed": {status(400, esError(400, "illegal_argument_exception", "unrecognized parameter")), "unrecognized parameter"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			s := newServer(t)
			s.always = tt.fault
			r := writeWith(t.Context(), t, s, linesOf(5), Options{Flush: time.Hour})
			if r.err == nil || !strings.Contains(r.err.Error(), tt.text) || !strings.Contains(r.err.Error(), s.URL) {
				t.Errorf("error %v", r.err)
			}
			if len(s.requests) != 1 || len(r.time.sleeps) != 0 {
				t.Errorf("%d requests, waits %v", len(s.requests), r.time.sleeps)
			}
			if lost := r.ledger.unsettled(); lost == 0 || !strings.HasPrefix(r.err.Error(), fmt.Sprintf("%d of 5 events", lost)) {
				t.Errorf("%d unsettled, but %v", lost, r.err)
			}
		})
	}
}

// Put returns the error as soon as it is known, and Close does not repeat it.
func TestWriterReturnsErrorOnce(t *testing.T) {
	s := newServer(t)
	s.always = status(401, "")
	b := NewWriter(s.client(), Options{Index: mustPattern(t, es.DefaultIndex), BatchBytes: 1})
	var err error
	for i := 0; err == nil; i++ {
		err = b.Put(t.Context(), event.New([]byte(lineOf(i))))
	}
	if !strings.Contains(err.Error(), "status 401") {
		t.Error(err)
	}
	if e, ok := errors.AsType[*es.Error](err); !ok || e.Status != 401 {
		t.Errorf("error %v", err)
	}
	if err := b.Close(t.Context()); err != nil {
		t.Errorf("returned again: %v", err)
	}
}

func TestWriterHalvesWhatIsTooLarge(t *testing.T) {
	s := newServer(t)
	s.always = s.atMost(3)
	lines := linesOf(40)
	r := writeWith(t.Context(), t, s, lines, Options{BatchBytes: 4000, Flush: time.Hour})
	if (r.err != nil || r.ledger != Ledger{Read: 40, Created: 40}) {
		t.Fatalf("%v, ledger %+v, rejects %v", r.err, r.ledger, r.rejects)
	}
	expect(t, s, lines)
	refused := slices.DeleteFunc(slices.Clone(s.requests), func(ids []string) bool { return len(ids) <= 3 })
	if len(refused) > 4 {
		t.Errorf("the limit is forgotten: %d requests were too large", len(refused))
	}
}

func TestWriterRejectsDocumentTooLargeAlone(t *testing.T) {
	s := newServer(t)
	s.always = func(w http.ResponseWriter, apply func(...refusal) []outcome) {
		if slices.Contains(s.requests[len(s.requests)-1], "id-4") {
			status(413, "")(w, apply)
			return
		}
		respond(w, apply())
	}
	r := writeWith(t.Context(), t, s, linesOf(9), Options{Flush: time.Hour})
	if (r.err != nil || r.ledger != Ledger{Read: 9, Created: 8, Rejected: 1}) {
		t.Fatalf("%v, ledger %+v", r.err, r.ledger)
	}
	if r.rejects[0].Line != 5 || string(r.rejects[0].Document) != lineOf(4) || r.rejects[0].Status != 413 {
		t.Errorf("reject %+v", r.rejects[0])
	}
}

func TestWriterSkipsCanaries(t *testing.T) {
	canary := `{"meta":{"id":"c","dt":"2026-11-23T10:00:00Z","domain":"canary","stream":"mediawiki.test"}}`
	for keep, want := range map[bool]Ledger{false: {Read: 2, Created: 1, Skipped: 1}, true: {Read: 2, Created: 2}} {
		s := newServer(t)
		r := writeWith(t.Context(), t, s, []string{canary, lineOf(1)}, Options{Canary: keep})
		if r.err != nil || r.ledger != want {
			t.Errorf("canary %v: %v, ledger %+v", keep, r.err, r.ledger)
		}
	}
	s := newServer(t)
	if r := write(t, s, []string{canary}); r.err != nil || len(s.requests) != 0 || r.ledger.Skipped != 1 {
		t.Errorf("canary alone: %v, %d requests, ledger %+v", r.err, len(s.requests), r.ledger)
	}
}

// The zero Options write to the default indices.
func TestWriterZeroOptions(t *testing.T) {
	s := newServer(t)
	w := NewWriter(s.client(), Options{})
	put(t, w, 0)
	if err := w.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	expect(t, s, linesOf(1))
}

// A line that cannot be read is counted and rejected in its place.
func TestWriterRefuse(t *testing.T) {
	s := newServer(t)
	var lines []int64
	w := NewWriter(s.client(), Options{OnReject: func(r Reject) error {
		lines = append(lines, r.Line)
		if back, err := DecodeReject(r.Encode()); err != nil || back.Line != r.Line || back.Reason != r.Reason || (back.Document == nil) != (r.Document == nil) {
			t.Errorf("%+v came back as %+v, %v", r, back, err)
		}
		return nil
	}})
	put(t, w, 0)
	if err := w.Refuse(t.Context(), 2, "too long"); err != nil {
		t.Fatal(err)
	}
	if err := w.Put(t.Context(), event.New([]byte("noise"))); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if l := w.Ledger(); (l != Ledger{Read: 3, Created: 1, Rejected: 2}) || !slices.Equal(lines, []int64{2, 3}) {
		t.Errorf("ledger %+v, rejected lines %v", l, lines)
	}
}

// Once Put has failed, it fails again: no event is lost silently.
func TestWriterFailsAgain(t *testing.T) {
	s := newServer(t)
	s.always = status(401, "")
	w := NewWriter(s.client(), Options{BatchBytes: 1, Workers: 1})
	var first error
	for i := 0; first == nil; i++ {
		first = w.Put(t.Context(), event.New([]byte(lineOf(i))))
	}
	if again := w.Put(t.Context(), event.New([]byte(lineOf(0)))); again == nil || again.Error() != first.Error() {
		t.Errorf("%v, then %v", first, again)
	}
}

// An outage ends when all documents are accepted, however many workers waited.
func TestWriterReportsRecovery(t *testing.T) {
	s := newServer(t, status(503, ""), status(503, ""), status(503, ""))
	var mu sync.Mutex
	var reports []string
	w := NewWriter(s.client(), Options{
		Workers: 2, BatchBytes: 1,
		OnOutage: func(error, time.Duration) {
			mu.Lock()
			defer mu.Unlock()
			reports = append(reports, "outage")
		},
		OnRecover: func(time.Duration) {
			mu.Lock()
			defer mu.Unlock()
			reports = append(reports, "recovered")
		},
	})
	for i := range 4 {
		put(t, w, i)
	}
	if err := w.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := len(reports); n < 4 || reports[0] != "outage" || reports[n-1] != "recovered" {
		t.Errorf("reports %v", reports)
	}
}
