package cmd_test

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/wmtools/wm/cmd/internal/cmdtest"
)

// index is a pattern of indices on a server for one test.
type index struct {
	t       *testing.T
	url     string
	pattern string
	dir     string // in which the programs run
}

// newIndex returns an index that is deleted after the test, so that tests can share
// a server.
func newIndex(t *testing.T, url string) *index {
	t.Helper()
	name := "wmtest-" + strconv.FormatInt(time.Now().UnixNano(), 36)
	x := &index{t, url, name + "-%Y.%m.%d", t.TempDir()}
	t.Cleanup(func() {
		for index := range strings.FieldsSeq(ask(t, http.MethodGet, url+"/_cat/indices/"+name+"-*?h=index")) {
			ask(t, http.MethodDelete, url+"/"+index)
		}
		ask(t, http.MethodDelete, url+"/_index_template/"+name+"-yyyy.mm.dd")
	})
	return x
}

// ask is fetch for the end of a test.
func ask(t *testing.T, method, url string) string {
	t.Helper()
	req, err := http.NewRequest(method, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		t.Errorf("%s %s: %s %v: %s", method, url, res.Status, err, answer)
	}
	return string(answer)
}

// run runs a program that queries the index and returns what it prints.
func (x *index) run(program string, args ...string) (stdout, stderr string, code int) {
	x.t.Helper()
	cmd := x.command(filepath.Join(cmdtest.Bin(), program), args...)
	var out, problems bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &problems
	if program == "wm-es" && len(args) == 0 {
		in, err := os.Open(filepath.Join(x.dir, "events.ndjson"))
		if err != nil {
			x.t.Fatal(err)
		}
		defer in.Close()
		cmd.Stdin = in
	}
	if err := cmd.Run(); err != nil {
		if _, ended := errors.AsType[*exec.ExitError](err); !ended {
			x.t.Fatal(err)
		}
	}
	return out.String(), problems.String(), cmd.ProcessState.ExitCode()
}

func (x *index) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(name, args...)
	cmd.Dir = x.dir
	cmd.Env = append(os.Environ(), "WM_ES="+x.url, "WM_INDEX="+x.pattern, "PATH="+cmdtest.Bin()+string(os.PathListSeparator)+os.Getenv("PATH"))
	return cmd
}

// load indexes lines and writes them to events.ndjson.
func (x *index) load(lines []string) {
	x.t.Helper()
	x.file("events.ndjson", strings.Join(lines, "\n")+"\n")
	if _, stderr, code := x.run("wm-es"); code != 0 || !strings.Contains(stderr, "created "+strconv.Itoa(len(lines))+" ") {
		x.t.Fatalf("exit %d: %s", code, stderr)
	}
	cmdtest.Fetch(x.t, x.url+"/"+strings.NewReplacer("%Y.%m.%d", "*").Replace(x.pattern)+"/_refresh", "")
}

func (x *index) file(name, text string) {
	x.t.Helper()
	if err := os.WriteFile(filepath.Join(x.dir, name), []byte(text), 0o666); err != nil {
		x.t.Fatal(err)
	}
}

// grep returns the lines of events.ndjson that wm-grep prints.
func (x *index) grep(args ...string) []string {
	x.t.Helper()
	stdout, stderr, code := x.run("wm-grep", append(args, "events.ndjson")...)
	if code > 1 {
		x.t.Fatalf("wm-grep %q: exit %d: %s", args, code, stderr)
	}
	return sortedLines(stdout)
}

func sortedLines(text string) []string { return slices.Sorted(strings.Lines(text)) }

// TestSearchLikeGrep draws events and queries. wm-es search prints what wm-grep
// prints, byte for byte; if an index cannot answer, the pipeline in the hint does.
func TestSearchLikeGrep(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("servers are stopped by a signal that Windows does not have")
	}
	searchLikeGrep(t, cmdtest.Serve(t, "wm-store", "--data", t.TempDir()), false)
}

func searchLikeGrep(t *testing.T, url string, short bool) {
	x := newIndex(t, url)
	x.file("names.txt", "Ann\n5\ntrue\nenwiki\n\n9007199254740993\n")
	d := searchDrawer{rand.New(rand.NewPCG(1, 2)), short}
	x.load(d.events(400))
	found, refused := 0, 0
	for range 120 * *cmdtest.Soak {
		args, expressible := d.query()
		want := x.grep(append([]string{"--since", "2026-11-01"}, args...)...) // since: a term or a time must be there
		stdout, stderr, code := x.run("wm-es", searchArgs("search", args)...)
		if code == 0 != expressible {
			t.Fatalf("wm-es search %q: exit %d: %s", args, code, stderr)
		}
		if code != 0 {
			stdout = x.pipeline(stderr)
			refused++
		}
		got := sortedLines(stdout)
		if !slices.Equal(got, want) {
			t.Fatalf("%q: %d events, wm-grep has %d\nnot expected: %.500q\nmissing: %.500q", args, len(got), len(want), without(got, want), without(want, got))
		}
		if n, _, _ := x.run("wm-es", searchArgs("count", args)...); code == 0 && n != strconv.Itoa(len(want))+"\n" {
			t.Fatalf("wm-es count %q: %s, wm-grep has %d", args, n, len(want))
		}
		if len(want) > 0 && len(want) < 400 {
			found++
		}
	}
	t.Logf("%d queries, %d found some events and not all, %d went by wm-grep", 120**cmdtest.Soak, found, refused)
	if found < 40 || refused == 0 {
		t.Error("which proves little")
	}
}

// searchArgs converts the arguments of wm-grep to those of wm-es.
func searchArgs(command string, args []string) []string {
	out := []string{command}
	if command == "search" {
		out = append(out, "--all")
	}
	var query []string
	for i := 0; i < len(args); i += 2 {
		if args[i] == "--query" {
			query = append(query, "--", args[i+1])
		} else {
			out = append(out, args[i], args[i+1])
		}
	}
	return append(out, query...)
}

// pipeline runs the pipeline of a hint.
func (x *index) pipeline(stderr string) string {
	x.t.Helper()
	_, hint, ok := strings.Cut(stderr, "wm-es: hint: ")
	if !ok {
		x.t.Fatalf("no hint: %s", stderr)
	}
	cmd := x.command("sh", "-c", hint)
	var problems bytes.Buffer
	cmd.Stderr = &problems
	out, err := cmd.Output()
	if err != nil && cmd.ProcessState.ExitCode() != 1 || problems.Len() > 0 {
		x.t.Fatalf("%s: %v: %s", hint, err, &problems)
	}
	return string(out)
}

func without(list, others []string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return slices.Contains(others, s) })
}
