package store

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// crashDir is set for the child process of TestKilledInMidBulk.
const crashDir = "STORE_TEST_CRASH_DIR"

// bulkSize is how many documents a bulk of the child has.
const bulkSize = 150

func TestMain(m *testing.M) {
	if dir := os.Getenv(crashDir); dir != "" {
		writeUntilKilled(dir, os.Getenv("STORE_TEST_ROUND"))
	}
	os.Exit(m.Run())
}

// writeUntilKilled writes bulks and says on stdout which were acknowledged.
func writeUntilKilled(dir, round string) {
	s, err := Open(dir, Options{})
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	for bulk := 0; ; bulk++ {
		var ops []Op
		for n := range bulkSize {
			ops = append(ops, Op{Index: fmt.Sprintf("test-%d", bulk%2), ID: fmt.Sprintf("%s-%d-%d", round, bulk, n), Action: Create,
				Source: fmt.Appendf(nil, `{"@timestamp":%d,"wiki":"w%s-%d"}`, 1790000000000+n, round, bulk)})
		}
		for _, out := range s.Write(context.Background(), ops) {
			if out.Err != nil {
				fmt.Println(out.Err)
				os.Exit(1)
			}
		}
		fmt.Println(bulk)
	}
}

// TestKilledInMidBulk kills a writing process and looks for what it had
// acknowledged: all of it is there, and of each bulk all or nothing.
func TestKilledInMidBulk(t *testing.T) {
	dir := t.TempDir()
	openTest(t, dir).Close()
	acked := map[string]bool{}
	for round := range 5 {
		killWriter(t, dir, fmt.Sprint(round), acked)
		s := openTest(t, dir)
		names, err := s.Resolve("", Missing{})
		if err != nil {
			t.Fatal(err)
		}
		a, err := s.Search(t.Context(), names, Search{Query: All{}, Total: CountAll, Aggs: []NamedAgg{{"bulks", Terms{Field: "wiki", Size: 1e6, MinDocs: 1}}}})
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
		for bulk := range acked {
			if found[bulk] == 0 {
				t.Errorf("round %d: bulk %s was acknowledged and is not there", round, bulk)
			}
		}
		// Ids and documents agree: each that is there is a conflict, no other is.
		for name := range found {
			id := strings.TrimPrefix(name, "w") + "-0"
			out := s.Write(t.Context(), []Op{{Index: indexOf(name), ID: id, Action: Create, Source: []byte(`{}`)}})[0]
			if e, ok := errors.AsType[*Error](out.Err); !ok || e.Kind != Conflict {
				t.Errorf("round %d: %s: %+v", round, id, out)
			}
		}
		s.Close()
	}
	if len(acked) == 0 {
		t.Error("no bulk was acknowledged: the test shows nothing")
	}
}

// indexOf is where the child wrote a bulk.
func indexOf(bulk string) string {
	var round, n int
	fmt.Sscanf(bulk, "w%d-%d", &round, &n)
	return fmt.Sprintf("test-%d", n%2)
}

// killWriter runs the writer and kills it after a few bulks.
func killWriter(t *testing.T, dir, round string, acked map[string]bool) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), crashDir+"="+dir, "STORE_TEST_ROUND="+round)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	stop := 2 + rand.IntN(20)
	lines := bufio.NewScanner(out)
	for n := 0; lines.Scan(); n++ {
		var bulk int
		if _, err := fmt.Sscan(lines.Text(), &bulk); err != nil {
			t.Fatalf("child: %s", lines.Text())
		}
		acked[fmt.Sprintf("w%s-%d", round, bulk)] = true
		if n == stop {
			cmd.Process.Kill() // and read on: what it said before it died counts
		}
	}
	cmd.Wait()
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
			ops = append(ops, Op{Index: "test-a", ID: fmt.Sprintf("%d-%d", n, i), Action: Create, Source: fmt.Appendf(nil, `{"x":"%s"}`, noise[i*300:])})
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

// checkFull tells that a store is full and keeps what it had; then, after
// room is made, that it goes on.
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
		t.Fatalf("after room was made: %v", out.Err)
	}
	if info, _ := s.Info("test-a"); info.Docs != int64(acked)+1 || count(t, s, All{}) != info.Docs {
		t.Errorf("%d documents, %d were acknowledged", info.Docs, acked+1)
	}
}

// TestFullDatabase limits the file by SQLite's own means.
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

// TestFullDisk limits the disk itself: a small file system in memory.
func TestFullDisk(t *testing.T) {
	dir := t.TempDir()
	if runtime.GOOS != "linux" || os.Getuid() != 0 {
		t.Skip("mounting a small file system takes root on Linux")
	}
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", dir).CombinedOutput(); err != nil {
		t.Skipf("mounting a small file system is not permitted here: %s", out)
	}
	t.Cleanup(func() {
		if out, err := exec.Command("umount", dir).CombinedOutput(); err != nil {
			t.Errorf("%v: %s", err, out)
		}
	})
	ballast := filepath.Join(dir, "ballast")
	if err := os.WriteFile(ballast, make([]byte, 1<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	s := openTest(t, dir)
	checkFull(t, s, func() {
		// Nor can an index or a template be made now.
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
