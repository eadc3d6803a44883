package store

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// problems returns what Verify reports.
func problems(t *testing.T, dir string) []string {
	t.Helper()
	var list []string
	if err := Verify(t.Context(), dir, func(file, problem string) { list = append(list, file+": "+problem) }); err != nil {
		t.Fatal(err)
	}
	return list
}

// drawnDir is the directory of a closed store with drawn documents in sealed
// segments.
func drawnDir(t *testing.T) (dir string, docs []drawn) {
	s, docs := drawStore(t, rand.New(rand.NewPCG(8, 8)), 150, layouts["sealed"])
	s.Close()
	return s.dir, docs
}

// change runs a statement on the file of an index.
func change(t *testing.T, dir, index, statement string, args ...any) {
	t.Helper()
	db, err := openDB(filepath.Join(dir, fileName(index)))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	res, err := db.Exec(statement, args...)
	if err != nil {
		t.Fatal(err)
	}
	if n, _ := res.RowsAffected(); n == 0 && !strings.Contains(statement, "TABLE") {
		t.Fatalf("%s changed nothing", statement)
	}
}

// flip returns an SQL expression that changes a byte in the middle of a blob.
func flip(column string) string {
	return fmt.Sprintf("substr(%[1]s, 1, length(%[1]s)/2) || x'5a5a' || substr(%[1]s, length(%[1]s)/2 + 3)", column)
}

// checkAnswers compares some queries with the naive evaluation.
func checkAnswers(t *testing.T, s *Store, docs []drawn) {
	t.Helper()
	r := rand.New(rand.NewPCG(9, 9))
	for range 40 {
		q := drawQuery(r, 2)
		got, want := find(t, s, q), []string{}
		for _, d := range docs {
			if naive(q, d) {
				want = append(want, d.id)
			}
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Fatalf("%+v: %d documents, want %d", q, len(got), len(want))
		}
	}
}

func TestVerifyFindsNothingInAnIntactStore(t *testing.T) {
	dir, _ := drawnDir(t)
	if p := problems(t, dir); len(p) > 0 {
		t.Errorf("%q", p)
	}
	if err := Verify(t.Context(), t.TempDir(), nil); err == nil {
		t.Error("an empty directory is a store")
	}
}

// TestDamagedSegments: searches answer as before, and the segments are rebuilt
// from the documents.
func TestDamagedSegments(t *testing.T) {
	tests := map[string]struct{ statement, problem string }{
		"blocks":      {"UPDATE blocks SET body = " + flip("body"), "checksum of block"},
		"lost blocks": {"DELETE FROM blocks WHERE id % 3 = 0", "is missing"},
		"directory":   {"UPDATE segments SET directory = " + flip("directory"), "segment"},
		"checksum":    {"UPDATE segments SET sum = sum + 1", "checksum of the directory"},
		"newer":       {"UPDATE segments SET directory = x'7f' || substr(directory, 2)", "damaged segment"},
		"other place": {"UPDATE segments SET first = first + 1 WHERE first = 7", "differs from the documents"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			dir, docs := drawnDir(t)
			change(t, dir, "test-0", tt.statement)
			if p := problems(t, dir); len(p) == 0 || !strings.Contains(strings.Join(p, "\n"), tt.problem) {
				t.Errorf("verify reports %q, want %q", p, tt.problem)
			}
			s := openTest(t, dir, Options{SegmentDocs: tinySegments})
			if name != "other place" { // the checksums match, so only Verify finds it and Rebuild repairs it
				checkAnswers(t, s, docs)
			}
			s.Close()
			if err := Rebuild(t.Context(), dir, Options{SegmentDocs: tinySegments}, nil); err != nil {
				t.Fatal(err)
			}
			if p := problems(t, dir); len(p) > 0 {
				t.Errorf("after the rebuild: %q", p)
			}
			checkAnswers(t, openTest(t, dir), docs)
		})
	}
}

func TestVerifyFindsDamagedDocuments(t *testing.T) {
	for statement, want := range map[string]string{
		"UPDATE bodies SET body = " + flip("body") + " WHERE first = 0": "damaged frame",
		"DELETE FROM bodies WHERE first = 0":                            "damaged frame",
		"DELETE FROM frames WHERE first = 0":                            "are missing",
		"DELETE FROM ids WHERE seq = (SELECT max(seq) FROM ids)":        "the id is missing",
		"UPDATE ids SET seq = 0 WHERE seq = (SELECT max(seq) FROM ids)": "the id leads to document 0",
		"UPDATE meta SET value = '9' WHERE key = 'format'":              "file format 9, this wm-store reads 2",
		"UPDATE meta SET value = 'other' WHERE key = 'name'":            "holds the index other",
		"INSERT INTO ids VALUES ('stray', 3, 1)":                        "ids for",
	} {
		dir, _ := drawnDir(t)
		change(t, dir, "test-0", statement)
		if p := strings.Join(problems(t, dir), "\n"); !strings.Contains(p, want) || strings.Contains(p, "index-test-1") {
			t.Errorf("%s: verify reports %q, want %q", statement, p, want)
		}
	}
}

// TestDamagedPage overwrites pages of the file itself.
func TestDamagedPage(t *testing.T) {
	dir, _ := drawnDir(t)
	path := filepath.Join(dir, fileName("test-0"))
	change(t, dir, "test-0", "DROP TABLE IF EXISTS none")
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for at := 3 * 4096; at < 6*4096; at++ { // pages of tables
		raw[at] ^= 0x55
	}
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	if p := problems(t, dir); len(p) == 0 {
		t.Error("verify finds nothing")
	}
}

func TestFormat1IsUpgraded(t *testing.T) {
	dir, docs := drawnDir(t)
	for _, index := range []string{"test-0", "test-1"} {
		for _, statement := range []string{"DROP TABLE segments", "DROP TABLE blocks", "CREATE TABLE times (x)", "CREATE TABLE spans (x)",
			"UPDATE meta SET value = '1' WHERE key = 'format'"} {
			change(t, dir, index, statement)
		}
	}
	if p := problems(t, dir); len(p) > 0 {
		t.Errorf("verify reports %q", p)
	}
	s := openTest(t, dir, Options{SegmentDocs: tinySegments})
	put(t, s, "test-1", map[string]string{"zz": `{"wiki":"zz"}`}) // written while the others are being read
	checkAnswers(t, s, append(docs, drawn{id: "zz", fields: map[string]any{"wiki": "zz"}}))
	sealEverything(t, s)
	s.Close()
	if p := problems(t, dir); len(p) > 0 {
		t.Errorf("verify reports %q", p)
	}
}

func TestBackupOfAStoreInUse(t *testing.T) {
	s, docs := drawStore(t, rand.New(rand.NewPCG(8, 8)), 150, layouts["sealed and in the tail"])
	ctx, stop := context.WithCancel(t.Context())
	wrote := make(chan int)
	go func() {
		n := 0
		for ; ctx.Err() == nil; n++ {
			if out := s.Write(t.Context(), []Op{{Index: "test-9", Source: []byte(`{"wiki":"later"}`)}})[0]; out.Err != nil {
				t.Error(out.Err)
			}
		}
		wrote <- n
	}()
	dest := filepath.Join(t.TempDir(), "copy")
	err := Backup(t.Context(), s.dir, dest)
	stop()
	<-wrote
	if err != nil {
		t.Fatal(err)
	}
	if err := Backup(t.Context(), s.dir, dest); err == nil {
		t.Error("a backup over another")
	}
	if p := problems(t, dest); len(p) > 0 {
		t.Errorf("verify reports %q", p)
	}
	c := openTest(t, dest)
	if err := c.DeleteIndex("test-9"); err != nil {
		t.Log(err) // it may have begun later
	}
	checkAnswers(t, c, docs)
}

// TestReadOnlyDirectory checks that a store which cannot be written is refused,
// and that its files stay as they are.
func TestReadOnlyDirectory(t *testing.T) {
	dir, docs := drawnDir(t)
	restore := makeReadOnly(t, dir)
	if s, err := Open(dir, Options{}); err == nil {
		s.Close()
		t.Error("a read-only directory opens")
	} else if !strings.Contains(err.Error(), dir) {
		t.Errorf("the error does not name the directory: %v", err)
	}
	restore()
	checkAnswers(t, openTest(t, dir), docs)
}

// makeReadOnly makes a directory read-only until restore is called. Root ignores
// permissions, so for root the file system becomes read-only.
func makeReadOnly(t *testing.T, dir string) (restore func()) {
	t.Helper()
	if os.Getuid() != 0 {
		if err := os.Chmod(dir, 0o500); err != nil {
			t.Fatal(err)
		}
		return func() { os.Chmod(dir, 0o700) }
	}
	mount(t, "--bind", dir, dir)
	if out, err := exec.Command("mount", "-o", "remount,ro,bind", dir).CombinedOutput(); err != nil {
		t.Skipf("mounting a directory read-only is not permitted here: %s", out)
	}
	return func() {
		if out, err := exec.Command("mount", "-o", "remount,rw,bind", dir).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
}

// mount mounts a file system for the duration of the test. The last argument is
// the directory.
func mount(t *testing.T, args ...string) {
	t.Helper()
	if runtime.GOOS != "linux" || os.Getuid() != 0 {
		t.Skip("mounting a file system takes root on Linux")
	}
	if out, err := exec.Command("mount", args...).CombinedOutput(); err != nil {
		t.Skipf("mounting a file system is not permitted here: %s", out)
	}
	t.Cleanup(func() {
		if out, err := exec.Command("umount", args[len(args)-1]).CombinedOutput(); err != nil {
			t.Errorf("%v: %s", err, out)
		}
	})
}
