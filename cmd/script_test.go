// Package cmd_test tests the five programs at their surface: it builds them
// and runs the scripts of testdata/script, which use them as a shell does.
package cmd_test

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/tidwall/gjson"

	"github.com/wmtools/wm/lib/simulate"
)

var update = flag.Bool("update", false, "rewrite the golden files and the expectations in scripts")

// built is the folder of the programs under test; tests take it from bin.
var built string

// bin returns the folder of the programs. It looks at every source file while a
// test runs: what was looked at before is not noted, and the results would be
// taken from the cache after a change.
var bin = sync.OnceValue(func() string {
	for _, top := range []string{".", "../lib"} {
		err := filepath.WalkDir(top, func(path string, _ fs.DirEntry, err error) error {
			if err == nil {
				_, err = os.Stat(path)
			}
			return err
		})
		if err != nil {
			panic(err)
		}
	}
	return built
})

func TestMain(m *testing.M) {
	testscript.Main(programs{m}, map[string]func(){"fetch": fetchMain})
}

// programs runs the tests with the programs built.
type programs struct{ *testing.M }

func (p programs) Run() int {
	flag.Parse()
	if flag.Lookup("test.parallel").Value.String() == strconv.Itoa(runtime.GOMAXPROCS(0)) {
		_ = flag.Set("test.parallel", "8") // they wait for programs most of the time
	}
	dir, err := os.MkdirTemp("", "wm-cmd-")
	if err == nil {
		defer os.RemoveAll(dir)
		built = dir
		err = build(dir)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return p.M.Run()
}

// fetchMain is the command "fetch URL [PATH [BODY]]" of the scripts: it prints
// what the address answers, or the field at a path of it, with a line's end.
func fetchMain() {
	args := append(os.Args[1:], "", "", "")
	res, err := http.Get(args[0])
	if args[2] != "" {
		res, err = http.Post(args[0], "application/json", strings.NewReader(args[2]))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "fetch:", err)
		os.Exit(1)
	}
	answer, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		fmt.Fprintf(os.Stderr, "fetch: %s %v: %s\n", res.Status, err, answer)
		os.Exit(1)
	}
	if args[1] != "" {
		answer = []byte(gjson.GetBytes(answer, args[1]).String())
	}
	fmt.Printf("%s\n", answer)
}

// build builds the programs.
func build(dir string) error {
	out, err := exec.Command("go", "build", "-o", dir+string(filepath.Separator),
		"./wm-tail", "./wm-grep", "./wm-es", "./wm-store", "./wm-serve").CombinedOutput()
	if err != nil {
		return fmt.Errorf("build: %w\n%s", err, out)
	}
	return nil
}

func TestScripts(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the scripts need a Unix shell")
	}
	testscript.Run(t, testscript.Params{
		Dir:                 "../testdata/script",
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("PATH", bin()+string(os.PathListSeparator)+env.Getenv("PATH"))
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"events": makeEvents, "eventstreams": serveEvents, "server": startServer, "same": samePipelines, "await": await,
		},
	})
}

// makeEvents is "events N FILE": N made events, canaries among them, as NDJSON
// or, in a file that ends in .sse, as the service sends them.
func makeEvents(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: events N FILE")
	}
	out, err := os.Create(ts.MkAbs(args[1]))
	ts.Check(err)
	events := slices.Values(madeEvents(ts, args[0]))
	if filepath.Ext(args[1]) == ".sse" {
		err = simulate.WriteSSE(out, []string{simulate.RecentChange}, events)
	} else {
		err = simulate.WriteNDJSON(out, events)
	}
	ts.Check(errors.Join(err, out.Close()))
}

func madeEvents(ts *testscript.TestScript, count string) []simulate.Event {
	n, err := strconv.Atoi(count)
	ts.Check(err)
	return simulate.New(1, simulate.Options{Canary: 20 * time.Second}).Take(n)
}

// serveEvents is "eventstreams N [FAULT...]": the look-alike service with the
// events of "events N" as history; the faults befall the first connections. It
// sets URL to the service and STREAM to all of its history.
func serveEvents(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) == 0 {
		ts.Fatalf("usage: eventstreams N [FAULT...]")
	}
	var faults []simulate.Fault
	for _, text := range args[1:] {
		f, err := simulate.ParseFault(text)
		ts.Check(err)
		faults = append(faults, f)
	}
	srv := simulate.NewServer(simulate.NewService(simulate.Config{Faults: simulate.Sequence(faults...)}))
	ts.Defer(srv.Close)
	srv.Append(madeEvents(ts, args[0])...)
	ts.Setenv("URL", srv.URL)
	ts.Setenv("STREAM", srv.URL+"/v2/stream/recentchange?since=0")
}

var listening = regexp.MustCompile(`listening on (http://[^ ,]+)`)

// startServer is "server VARIABLE COMMAND...": starts a server of ours, waits
// until it listens and puts its address into the variable. The server is
// stopped at the end of the script.
func startServer(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) < 2 {
		ts.Fatalf("usage: server VARIABLE COMMAND...")
	}
	cmd := exec.Command(filepath.Join(bin(), args[1]), args[2:]...)
	cmd.Dir = ts.Getenv("WORK")
	cmd.Env = append(os.Environ(), "WM_ES="+ts.Getenv("WM_ES"))
	url, err := awaitListening(cmd)
	ts.Check(err)
	ts.Defer(func() { stop(cmd) })
	ts.Setenv(args[0], url)
}

// awaitListening starts a server and returns the address that it listens on.
func awaitListening(cmd *exec.Cmd) (string, error) {
	stderr, err := cmd.StderrPipe()
	if err != nil {
		return "", err
	}
	if err := cmd.Start(); err != nil {
		return "", err
	}
	var said []string
	lines := bufio.NewScanner(stderr)
	for lines.Scan() {
		if m := listening.FindStringSubmatch(lines.Text()); m != nil {
			go drain(lines)
			return m[1], nil
		}
		said = append(said, lines.Text())
	}
	return "", errors.Join(fmt.Errorf("%s does not listen: %q", cmd.Path, said), cmd.Wait())
}

func stop(cmd *exec.Cmd) {
	_ = cmd.Process.Signal(os.Interrupt)
	_ = cmd.Wait()
}

func drain(lines *bufio.Scanner) {
	for lines.Scan() {
	}
}

// samePipelines is "same 'PIPELINE' 'PIPELINE'": both print the same bytes, and
// some.
func samePipelines(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: same 'PIPELINE' 'PIPELINE'")
	}
	var outputs [2]string
	for i, pipeline := range args {
		ts.Check(ts.Exec("sh", "-c", pipeline))
		outputs[i] = ts.ReadFile("stdout")
	}
	if outputs[0] == "" {
		ts.Fatalf("both print nothing")
	}
	if same := outputs[0] == outputs[1]; same == neg {
		ts.Fatalf("same output is %v:\n%.500s\n---\n%.500s", same, outputs[0], outputs[1])
	}
}

// await is "await FILE PATTERN": waits until a file that a background command
// writes has a match, for at most 30 s.
func await(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: await FILE PATTERN")
	}
	re, err := regexp.Compile(args[1])
	ts.Check(err)
	for range 600 {
		if text, err := os.ReadFile(ts.MkAbs(args[0])); err == nil && re.Match(text) {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	ts.Fatalf("%s has no match for %s", args[0], args[1])
}
