package cmdtest

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/tidwall/gjson"

	"github.com/wmtools/wm/lib/simulate"
	"github.com/wmtools/wm/lib/simulate/service"
)

// ScriptCommands are the commands that the scripts in testdata/script use beside
// those of testscript.
func ScriptCommands() map[string]func(*testscript.TestScript, bool, []string) {
	return map[string]func(*testscript.TestScript, bool, []string){
		"events":       makeEvents,
		"eventstreams": serveEvents,
		"server":       startServer,
		"same":         samePipelines,
		"await":        await,
	}
}

// fetchMain implements "fetch URL [PATH [BODY]]": it prints the response, or the
// field at a gjson path of it, and a newline.
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

// makeEvents implements "events N FILE": it writes N synthetic events, canaries
// included, as NDJSON or, to a file named *.sse, as the service sends them.
func makeEvents(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: events N FILE")
	}
	out, err := os.Create(ts.MkAbs(args[1]))
	ts.Check(err)
	events := slices.Values(madeEvents(ts, args[0]))
	if filepath.Ext(args[1]) == ".sse" {
		err = service.WriteSSE(out, []string{simulate.RecentChange}, events)
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

// serveEvents implements "eventstreams N [FAULT...]": it starts the look-alike
// service with the events of "events N" as history. The faults apply to the
// first connections, in order. It sets URL to the service and STREAM to a URL
// that replays the whole history.
func serveEvents(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) == 0 {
		ts.Fatalf("usage: eventstreams N [FAULT...]")
	}
	var faults []service.Fault
	for _, text := range args[1:] {
		f, err := service.ParseFault(text)
		ts.Check(err)
		faults = append(faults, f)
	}
	srv := service.NewServer(service.New(service.Options{Faults: service.Sequence(faults...)}))
	ts.Defer(srv.Close)
	srv.Append(madeEvents(ts, args[0])...)
	ts.Setenv("URL", srv.URL)
	ts.Setenv("STREAM", srv.URL+"/v2/stream/recentchange?since=0")
}

// startServer implements "server VARIABLE COMMAND...": it starts wm-store or
// wm-serve, waits until it listens and sets the variable to its URL. The server
// stops at the end of the script.
func startServer(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) < 2 {
		ts.Fatalf("usage: server VARIABLE COMMAND...")
	}
	cmd := exec.Command(filepath.Join(Bin(), args[1]), args[2:]...)
	cmd.Dir = ts.Getenv("WORK")
	cmd.Env = append(os.Environ(), "WM_ES="+ts.Getenv("WM_ES"), "XDG_DATA_HOME="+ts.Getenv("XDG_DATA_HOME"))
	url, err := AwaitListening(cmd)
	ts.Check(err)
	ts.Defer(func() { Stop(cmd) })
	ts.Setenv(args[0], url)
}

// samePipelines implements "same 'PIPELINE' 'PIPELINE'": both must print the
// same bytes, at least one.
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

// await implements "await FILE PATTERN": it waits up to 30 s until the file,
// which a background command writes, has a match.
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
