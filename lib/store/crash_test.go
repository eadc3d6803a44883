package store

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var soak = flag.Int("soak", 1, "how many times as many kills and draws there are")

// killRounds is the number of kills of each test.
const killRounds = 10

// The environment of the child processes that are killed.
const (
	crashDir  = "STORE_TEST_CRASH_DIR"
	crashWork = "STORE_TEST_CRASH_WORK"
	crashName = "STORE_TEST_CRASH_ROUND"
)

// crashOptions make a segment for every second bulk, so that sealing is always
// under way.
var crashOptions = Options{SegmentDocs: 300}

// bulkSize is how many documents a bulk of the child has.
const bulkSize = 150

func TestMain(m *testing.M) {
	if dir := os.Getenv(crashDir); dir != "" {
		work := map[string]func(dir string) error{"bulks": writeBulks, "deletes": deleteBulks, "rebuild": rebuildAgain}
		fmt.Println(work[os.Getenv(crashWork)](dir))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// bulkOps are the documents of one bulk.
func bulkOps(bulk int, action Action) []Op {
	round := os.Getenv(crashName)
	var ops []Op
	for n := range bulkSize {
		ops = append(ops, Op{Index: fmt.Sprintf("test-%d", bulk%2), ID: fmt.Sprintf("%s-%d-%d", round, bulk, n), Action: action,
			Source: fmt.Appendf(nil, `{"@timestamp":%d,"wiki":"w%s-%d","title":"some words of %d"}`, 1790000000000+n, round, bulk, n)})
	}
	return ops
}

func doAll(s *Store, ops []Op) error {
	for _, out := range s.Write(context.Background(), ops) {
		if out.Err != nil {
			return out.Err
		}
	}
	return nil
}

// writeBulks writes bulks and prints which were acknowledged.
func writeBulks(dir string) error {
	s, err := Open(dir, crashOptions)
	if err != nil {
		return err
	}
	for bulk := 0; ; bulk++ {
		if err := doAll(s, bulkOps(bulk, Create)); err != nil {
			return err
		}
		fmt.Println(bulk)
	}
}

// deleteBulks writes bulks and deletes every second one.
func deleteBulks(dir string) error {
	s, err := Open(dir, crashOptions)
	if err != nil {
		return err
	}
	for bulk := 0; ; bulk++ {
		if err := doAll(s, bulkOps(bulk, Create)); err != nil {
			return err
		}
		fmt.Println(bulk)
		if bulk%2 == 1 {
			continue
		}
		fmt.Println(-1 - bulk)
		if err := doAll(s, bulkOps(bulk, Delete)); err != nil {
			return err
		}
		fmt.Println("deleted", bulk)
	}
}

// rebuildAgain rebuilds all segments over and over.
func rebuildAgain(dir string) error {
	for n := 0; ; n++ {
		if err := Rebuild(context.Background(), dir, crashOptions, nil); err != nil {
			return err
		}
		fmt.Println(n)
	}
}

// bulkState is the known state of a bulk after a kill.
type bulkState int

const (
	written  bulkState = iota + 1 // acknowledged
	deleting                      // its deletion had begun
	deleted                       // its deletion was acknowledged
)

// TestKilledWriting kills a process that writes and seals. Every acknowledged bulk
// must be complete, and any other complete or missing.
func TestKilledWriting(t *testing.T) { testKilled(t, "bulks") }

// TestKilledDeleting is the same for a process that also deletes.
func TestKilledDeleting(t *testing.T) { testKilled(t, "deletes") }

func testKilled(t *testing.T, work string) {
	for range *soak {
		dir, bulks := t.TempDir(), map[string]bulkState{}
		openTest(t, dir).Close()
		for round := range killRounds {
			killChild(t, dir, work, fmt.Sprint(round), bulks)
			s := openTest(t, dir, crashOptions)
			checkBulks(t, s, round, bulks)
			s.Close()
			if p := problems(t, dir); len(p) > 0 {
				t.Fatalf("round %d: verify reports %.500q", round, p)
			}
		}
		if len(bulks) == 0 {
			t.Error("no bulk was acknowledged: the test proves nothing")
		}
		t.Logf("%d kills, %d bulks acknowledged", killRounds, len(bulks))
	}
}

// checkBulks compares the documents of a store with what was acknowledged.
func checkBulks(t *testing.T, s *Store, round int, bulks map[string]bulkState) {
	t.Helper()
	names, err := s.Resolve("", IndicesOptions{AllowNoIndices: true})
	if err != nil {
		t.Fatal(err)
	}
	a, err := s.Search(t.Context(), names, Search{Query: Match{Field: "title.text", Text: Scalar{StringScalar, "words"}}, Total: CountAll,
		Aggs: []NamedAgg{{"bulks", Terms{Field: "wiki", Size: 1e6, MinDocs: 1}}}})
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]int64{}
	for _, b := range a.Aggs[0].Result.(Buckets).List {
		found[b.Key.Text] = b.Docs
		if b.Docs != bulkSize {
			t.Errorf("round %d: bulk %s has %d documents of %d", round, b.Key.Text, b.Docs, bulkSize)
		}
	}
	for bulk, state := range bulks {
		if there := found[bulk] > 0; there && state == deleted || !there && state == written {
			t.Errorf("round %d: bulk %s is in state %d, and there: %v", round, bulk, state, there)
		}
		id := strings.TrimPrefix(bulk, "w") + "-0"
		if d, err := s.Get(t.Context(), indexOf(bulk), id); err != nil || (d != nil) != (found[bulk] > 0) {
			t.Errorf("round %d: get %s: %v %v", round, id, d, err)
		}
	}
}

// indexOf returns the index into which the child wrote a bulk.
func indexOf(bulk string) string {
	var round, n int
	fmt.Sscanf(bulk, "w%d-%d", &round, &n)
	return fmt.Sprintf("test-%d", n%2)
}

// TestKilledRebuilding kills a process that rebuilds segments.
func TestKilledRebuilding(t *testing.T) {
	dir, docs := drawnDir(t)
	for round := range killRounds * *soak {
		killChild(t, dir, "rebuild", fmt.Sprint(round), nil)
		s := openTest(t, dir, crashOptions)
		checkAnswers(t, s, docs)
		s.Close()
		if p := problems(t, dir); len(p) > 0 {
			t.Fatalf("round %d: verify reports %.500q", round, p)
		}
	}
}

// killChild runs a child and kills it at a random moment after a few steps.
func killChild(t *testing.T, dir, work, round string, bulks map[string]bulkState) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), crashDir+"="+dir, crashWork+"="+work, crashName+"="+round)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	stop := rand.IntN(12)
	lines := bufio.NewScanner(out)
	for n := 0; lines.Scan(); n++ {
		note(t, lines.Text(), round, bulks)
		if n == stop {
			kill := time.AfterFunc(rand.N(20*time.Millisecond), func() { cmd.Process.Kill() })
			defer kill.Stop()
		}
	}
	cmd.Wait()
}

// note records a line printed by a child.
func note(t *testing.T, line, round string, bulks map[string]bulkState) {
	t.Helper()
	if bulks == nil {
		return
	}
	number, gone := strings.CutPrefix(line, "deleted ")
	var n int
	if _, err := fmt.Sscan(number, &n); err != nil {
		t.Fatalf("child: %s", line)
	}
	state := written
	switch {
	case gone:
		state = deleted
	case n < 0:
		n, state = -1-n, deleting
	}
	bulks[fmt.Sprintf("w%s-%d", round, n)] = state
}

// fill writes until a write fails, and returns how many documents were
// acknowledged and the error.
func fill(t *testing.T, s *Store) (acked int, failure error) {
	t.Helper()
	r := rand.New(rand.NewPCG(1, 1))
	for n := range 10_000 {
		noise := make([]byte, 4000)
		for i := range noise {
			noise[i] = 'a' + byte(r.IntN(26))
		}
		var ops []Op
		for i := range 10 {
			ops = append(ops, Op{Index: "test-a", ID: fmt.Sprintf("%d-%d", n, i), Action: Create, Source: fmt.Appendf(nil, `{"noise":"%s"}`, noise[i*300:])})
		}
		outs := s.Write(t.Context(), ops)
		for _, out := range outs {
			if out.Err != nil && outs[0].Err == nil {
				t.Fatalf("part of a bulk was written: %v", out.Err)
			}
		}
		if outs[0].Err != nil {
			return acked, outs[0].Err
		}
		acked += len(outs)
	}
	t.Fatal("the disk never filled")
	return 0, nil
}

func count(t *testing.T, s *Store, q Query) int64 {
	t.Helper()
	n, err := s.Count(t.Context(), []string{"test-a"}, q)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// checkFull reports that a store is full and keeps what it had; then, after
// space is freed, that it continues.
func checkFull(t *testing.T, s *Store, makeRoom func()) {
	t.Helper()
	acked, err := fill(t, s)
	if !errors.Is(err, ErrDiskFull) {
		t.Fatalf("full disk: %v", err)
	}
	if n := count(t, s, All{}); n != int64(acked) {
		t.Errorf("%d documents, %d were acknowledged", n, acked)
	}
	makeRoom()
	out := s.Write(t.Context(), []Op{{Index: "test-a", ID: "after", Action: Create, Source: []byte(`{}`)}})[0]
	if out.Err != nil {
		t.Fatalf("after space was freed: %v", out.Err)
	}
	if info, _ := s.Info("test-a"); info.Docs != int64(acked)+1 || count(t, s, All{}) != info.Docs {
		t.Errorf("%d documents, %d were acknowledged", info.Docs, acked+1)
	}
}

// TestFullDatabase limits the size of the file with SQLite's max_page_count.
func TestFullDatabase(t *testing.T) {
	s := openTest(t, t.TempDir())
	put(t, s, "test-a", nil)
	if err := s.CreateIndex("test-a", nil, nil); err != nil {
		t.Fatal(err)
	}
	db := s.indices["test-a"].write
	if _, err := db.Exec("PRAGMA max_page_count = 200"); err != nil {
		t.Fatal(err)
	}
	checkFull(t, s, func() {
		if _, err := db.Exec("PRAGMA max_page_count = 100000"); err != nil {
			t.Fatal(err)
		}
	})
}

// TestFullDisk uses a small file system in memory.
func TestFullDisk(t *testing.T) {
	dir := t.TempDir()
	mount(t, "-t", "tmpfs", "-o", "size=3m", "tmpfs", dir)
	ballast := filepath.Join(dir, "ballast")
	if err := os.WriteFile(ballast, make([]byte, 1<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	s := openTest(t, dir)
	checkFull(t, s, func() {
		// No index or template can be created either.
		for n := range 100 {
			if out := s.Write(t.Context(), []Op{{Index: fmt.Sprintf("test-%d", n), Source: []byte(`{}`)}})[0]; out.Err != nil {
				if !errors.Is(out.Err, ErrDiskFull) {
					t.Errorf("a new index on a full disk: %v", out.Err)
				}
				break
			}
		}
		big := json.RawMessage(`{"dynamic":false,"_meta":"` + strings.Repeat("x", 1<<20) + `"}`)
		if err := s.PutTemplate(Template{Name: "big", Patterns: []string{"big"}, Mapping: big}); !errors.Is(err, ErrDiskFull) {
			t.Errorf("a template on a full disk: %v", err)
		}
		if err := os.Remove(ballast); err != nil {
			t.Fatal(err)
		}
	})
	s.Close()
	s = openTest(t, dir)
	if info, err := s.Info("test-a"); err != nil || count(t, s, All{}) != info.Docs {
		t.Errorf("opened again: %+v %v", info, err)
	}
	s.Close()
}
