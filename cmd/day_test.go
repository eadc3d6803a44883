package cmd_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/wmtools/wm/cmd/internal/cmdtest"
	"github.com/wmtools/wm/lib/event"
	"github.com/wmtools/wm/lib/simulate"
	"github.com/wmtools/wm/lib/simulate/service"
)

// day is a simulated day, and two hours before and after it, in the life of
// wm-tail --resume | wm-es --cursor. It is a day of the past, because the programs'
// own clock is the real one.
type day struct {
	*testing.T
	server *dayServer
	stream *dayStream
	dir    string    // of the collector
	said   *os.File  // messages of all programs
	start  time.Time // of the day
	now    time.Time // simulated

	run    stages
	events []simulate.Event             // still to come
	want   map[string]map[string]string // index, id, event
	read   int                          // bytes of the messages
	told   strings.Builder              // the transcript
}

// dayServer is where the events of the day go.
type dayServer struct {
	*cmdtest.SearchServer
	start, kill, stop func()
	fill, free        func() // the disk; nil: that is not possible here

	started, stopped, full []string // messages
	may                    []string // messages while the server recovers
}

// chapter is what happens at a time of the day.
type chapter struct {
	at   time.Duration
	what string
	do   func()
	says []string // messages: patterns of exactly one line each
	may  []string // messages that depend on the moment
}

const (
	tailTally = `wm-tail: \d+ events in .*; missing: 0 events, 0s of history`
	esTally   = `wm-es: read \d+ created \d+ present \d+ rejected 0 skipped 0 in .*`
	esWorks   = `wm-es: working again after .*`
	// A request that is on its way when the server ends may fail in another way.
	esHungUp = `wm-es: .*(connection reset by peer|EOF|hung up|broken pipe).*`
	esHint   = `wm-es: hint: .*`
)

// A day goes by: nothing is lost, nothing comes twice, and every trouble is reported
// once, and its end too.
func runDay(t *testing.T, newServer func(*testing.T, *os.File) *dayServer) {
	d := newDay(t, newServer)
	server := d.server
	t.Cleanup(func() { t.Logf("the day:\n%s", &d.told) })
	chapters := []chapter{
		{-2 * time.Hour, "the collector starts", d.collect, server.started, []string{`wm-es: created index template wm-.*`}},
		{3 * time.Hour, "the server is away for 20 minutes", d.away, slices.Concat(server.started, []string{
			`wm-es: .*connection refused; trying again in .*`, `wm-es: hint: is it running\? .*`, esWorks,
		}), slices.Concat(server.may, []string{esHungUp})},
		{6 * time.Hour, "wm-es is killed", func() { d.killed(1) }, nil, nil},
		{8 * time.Hour, "the stream is away for 10 minutes", d.streamAway, []string{
			`wm-tail: .*server answers 503 Service Unavailable; trying again in .*`, `wm-tail: working again after .*`,
		}, nil},
		{10 * time.Hour, "wm-tail is killed", func() { d.killed(0) }, []string{esTally}, nil},
		{12 * time.Hour, "the server's disk is full for half an hour", d.diskFull, server.full, nil},
		{15 * time.Hour, "the server is restarted", d.restart, slices.Concat(server.stopped, server.started), slices.Concat(server.may, []string{
			`wm-es: .*connection refused; trying again in .*`, esHint, esWorks, esHungUp,
		})},
		{17 * time.Hour, "the stream changes its data centre", func() { d.pass(time.Hour, time.Second) }, nil, nil},
		{20 * time.Hour, "the collector is restarted", func() { d.stop(); d.collect() }, []string{tailTally, esTally}, nil},
		{24 * time.Hour, "midnight", func() { d.pass(time.Hour, time.Second) }, nil, nil},
		{25 * time.Hour, "yesterday's events are deleted after a day", d.prune, []string{
			`wm-es: deleted 1 of 3 indices, with \d+ documents`,
		}, nil},
		{26 * time.Hour, "the collector stops", d.stop, []string{tailTally, esTally}, nil},
	}
	if server.fill == nil {
		chapters = slices.DeleteFunc(chapters, func(c chapter) bool { return strings.Contains(c.what, "disk") })
	}
	for _, c := range chapters {
		d.tell(c)
	}
	d.checkAll()
}

func newDay(t *testing.T, newServer func(*testing.T, *os.File) *dayServer) *day {
	start := time.Now().UTC().Truncate(24*time.Hour).AddDate(0, 0, -2)
	d := &day{T: t, dir: t.TempDir(), start: start, now: start.Add(-2 * time.Hour), want: make(map[string]map[string]string)}
	said, err := os.OpenFile(filepath.Join(d.dir, "stderr"), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { said.Close() })
	d.said, d.server, d.stream = said, newServer(t, said), newDayStream(t)
	const perHour = 360
	g := simulate.New(20, simulate.Options{Start: d.now, Rate: perHour / 3600.0, Switch: 19.5 * perHour})
	for e := g.Next(); e.Time < start.Add(26*time.Hour).UnixMilli(); e = g.Next() {
		d.events = append(d.events, e)
	}
	return d
}

// tell lets the time pass until a chapter, and then the chapter happen.
func (d *day) tell(c chapter) {
	d.pass(d.start.Add(c.at).Sub(d.now), 0)
	d.settle()
	if d.run != nil {
		d.expect(chapter{}, "")
	}
	began := d.now
	fmt.Fprintf(&d.told, "%s  %s\n", began.Format("Mon 15:04"), c.what)
	c.do()
	d.settle()
	d.expect(c, c.what)
}

// pass lets simulated time pass, in a given real time or fast.
func (d *day) pass(simulated, real time.Duration) {
	speed := 60_000.0
	if real > 0 {
		speed = float64(simulated) / float64(real)
	}
	clock := service.NewClock(d.now, speed)
	d.now = d.now.Add(simulated)
	n := slices.IndexFunc(d.events, func(e simulate.Event) bool { return e.Time >= d.now.UnixMilli() })
	if n < 0 {
		n = len(d.events)
	}
	now := d.events[:n]
	d.events = d.events[n:]
	for _, e := range cmdtest.NoCanaries(now) {
		index := "wm-recentchange-" + time.UnixMilli(e.Time).UTC().Format("2006.01.02")
		if d.want[index] == nil {
			d.want[index] = make(map[string]string)
		}
		d.want[index][event.New(e.Data).ID()] = string(e.Data)
	}
	if err := service.Feed(d.Context(), d.stream.Service, clock, slices.Values(now)); err != nil {
		d.Error(err)
	}
}

// settle waits until all events so far are in the index.
func (d *day) settle() {
	d.Helper()
	want := 0
	for _, events := range d.want {
		want += len(events)
	}
	if want > 0 && d.run != nil {
		cmdtest.WaitFor(d.T, fmt.Sprintf("%d events are in the index", want), func() bool { return d.server.Written(d.T, "wm-*") == want })
	}
}

// expect waits until the programs have said what a chapter expects, and checks that
// they have said nothing else.
func (d *day) expect(c chapter, what string) {
	d.Helper()
	var lines []string
	cmdtest.WaitFor(d.T, what+": all is said", func() bool {
		text, err := os.ReadFile(filepath.Join(d.dir, "stderr"))
		if err != nil && !os.IsNotExist(err) {
			d.Fatal(err)
		}
		lines = cmdtest.Lines(text[d.read:])
		return !slices.ContainsFunc(c.says, func(pattern string) bool { return count(lines, pattern) == 0 }) || d.Failed()
	})
	for _, pattern := range c.says {
		if n := count(lines, pattern); n != 1 {
			d.Errorf("%s: %d times %s: %q", what, n, pattern, lines)
		}
	}
	for _, line := range lines {
		fmt.Fprintf(&d.told, "           %s\n", line)
		d.read += len(line) + 1
		if !slices.ContainsFunc(slices.Concat(c.says, c.may), func(pattern string) bool { return count([]string{line}, pattern) > 0 }) {
			d.Errorf("%s: unexpected message %q", what, line)
		}
	}
}

func count(lines []string, pattern string) (n int) {
	re := regexp.MustCompile("^" + pattern + "$")
	for _, line := range lines {
		if re.MatchString(line) {
			n++
		}
	}
	return n
}

// collect starts the collector. The first time it begins at the start of the day.
func (d *day) collect() {
	tail := []string{"wm-tail", "--url", d.stream.url, "--resume", "c.json", "--watermark", "100ms"}
	cursor := filepath.Join(d.dir, "c.json")
	if _, err := os.Stat(cursor); err != nil {
		tail = append(tail, "--since", d.now.Format(time.RFC3339))
	}
	d.run = pipeline(d.T, d.dir, tail, []string{"wm-es", "--es", d.server.URL, "--cursor", "c.json"})
	cmdtest.WaitFor(d.T, "the stream is read", func() bool { _, err := os.Stat(cursor); return err == nil })
}

// stop stops the collector as systemd does.
func (d *day) stop() {
	for _, cmd := range d.run {
		if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
			d.Error(err)
		}
	}
	d.run.wait()
	for _, cmd := range d.run {
		if code := cmd.ProcessState.ExitCode(); code != 0 {
			d.Errorf("%s ends with %d", cmd.Path, code)
		}
	}
}

// killed kills a program of the collector while events come. The other one ends, and
// a service manager starts both again.
func (d *day) killed(stage int) {
	before := d.server.Written(d.T, "wm-*")
	var events sync.WaitGroup
	events.Go(func() { d.pass(30*time.Minute, time.Second) })
	cmdtest.WaitFor(d.T, "events come", func() bool { return d.server.Written(d.T, "wm-*") > before })
	if err := d.run[stage].Process.Kill(); err != nil {
		d.Error(err)
	}
	d.run.wait()
	if code := d.run[1-stage].ProcessState.ExitCode(); code != 0 {
		d.Errorf("%s ends with %d", d.run[1-stage].Path, code)
	}
	d.collect()
	events.Wait()
}

func (d *day) away() {
	d.server.kill()
	d.pass(20*time.Minute, time.Second)
	d.server.start()
}

func (d *day) restart() {
	d.server.stop()
	d.server.start()
}

func (d *day) diskFull() {
	d.server.fill()
	d.pass(30*time.Minute, time.Second)
	d.server.free()
}

func (d *day) streamAway() {
	d.stream.leave()
	d.pass(10*time.Minute, time.Second)
	d.stream.comeBack()
}

// prune deletes what is older than a simulated day.
func (d *day) prune() {
	oldest := "wm-recentchange-" + d.start.Add(-time.Hour).Format("2006.01.02")
	d.checkIndex(oldest)
	keep := time.Since(d.now) + 24*time.Hour
	prune, _ := d.server.Command(d.T, nil, "prune", "--keep", fmt.Sprintf("%.0fs", keep.Seconds()))
	prune.Stderr = d.said
	if out, err := prune.Output(); err != nil || string(out) != oldest+"\n" {
		d.Errorf("prune: %v: %s", err, out)
	}
	delete(d.want, oldest)
}

// checkAll compares the indices that are left with the events of the day.
func (d *day) checkAll() {
	if len(d.want) != 2 || len(d.events) > 0 {
		d.Errorf("%d indices, %d events are still to come", len(d.want), len(d.events))
	}
	for index := range d.want {
		d.checkIndex(index)
	}
	if n := d.server.Count(d.T, "wm-*"); n == 0 {
		d.Error("no documents")
	}
	if _, err := os.Stat(filepath.Join(d.dir, "c.json.rejects")); err == nil {
		d.Error("there are rejects")
	}
}

func (d *day) checkIndex(index string) {
	d.Helper()
	checkDocuments(d.T, d.server.Documents(d.T, index), d.want[index])
	fmt.Fprintf(&d.told, "           (%s has %d events, all of them once)\n", index, len(d.want[index]))
}

// dayStream is the look-alike service. It ends connections regularly, as the real
// one does, and can be away.
type dayStream struct {
	*service.Service
	url string

	mu   sync.Mutex
	away bool
	open context.Context // done when the service goes away
	end  context.CancelFunc
}

func newDayStream(t *testing.T) *dayStream {
	s := &dayStream{Service: service.New(service.Options{Faults: service.Cycle(
		service.Fault{Events: 900, End: service.Cut, Line: service.InData},
		service.Fault{Events: 800, End: service.Clean},
		service.Fault{Events: 700, End: service.Reset, Line: service.InID},
	)})}
	s.open, s.end = context.WithCancel(context.Background())
	srv := httptest.NewServer(s)
	t.Cleanup(func() { s.leave(); srv.Close() })
	s.url = srv.URL
	return s
}

func (s *dayStream) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	away, open := s.away, s.open
	s.mu.Unlock()
	if away {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	ctx, end := context.WithCancel(r.Context())
	defer end()
	defer context.AfterFunc(open, end)()
	s.Service.ServeHTTP(w, r.WithContext(ctx))
}

// leave ends all connections and refuses others until comeBack.
func (s *dayStream) leave() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.away = true
	s.end()
}

func (s *dayStream) comeBack() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.away = false
	s.open, s.end = context.WithCancel(context.Background())
}
