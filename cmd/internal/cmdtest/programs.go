// Package cmdtest holds what the tests of the programs share: it builds the
// programs once ([Main], [Bin]), runs them ([Run], [Serve], [NewTail]), and
// provides the services they talk to: [EventStreams] and [SearchServer], with
// [Cutter] as an unreliable proxy in front of either of them.
//
// Paths are relative to cmd, where the tests run.
package cmdtest

import (
	"bufio"
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"log"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// Main builds the programs and runs the tests of a package, with the commands
// that scripts use. Call it from TestMain.
func Main(m *testing.M) {
	testscript.Main(programs{m}, map[string]func(){"fetch": fetchMain})
}

// programs builds the programs before it runs the tests.
type programs struct{ *testing.M }

func (p programs) Run() int {
	flag.Parse()
	// Under nohup, or in the background of a script, the programs must not inherit
	// an ignored signal.
	for _, s := range []os.Signal{syscall.SIGHUP, os.Interrupt} {
		if signal.Ignored(s) {
			signal.Notify(make(chan os.Signal, 1), s)
		}
	}
	if flag.Lookup("test.parallel").Value.String() == strconv.Itoa(runtime.GOMAXPROCS(0)) {
		_ = flag.Set("test.parallel", "8") // tests mostly wait for programs
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

// build builds the programs into dir.
func build(dir string) error {
	out, err := exec.Command("go", "build", "-o", dir+string(filepath.Separator), "./...").CombinedOutput()
	if err != nil {
		return fmt.Errorf("build: %w\n%s", err, out)
	}
	return nil
}

// built is the folder of the programs under test.
var built string

// Bin returns the folder of the programs under test.
func Bin() string {
	statSources()
	return built
}

// statSources looks at every source file while a test runs. The go command
// records the files that a test reads and reruns the test when one of them
// changes; it does not see what TestMain reads.
var statSources = sync.OnceFunc(func() {
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
})

// Run runs a program to completion, fails the test unless it succeeds, and
// returns its standard output.
func Run(t *testing.T, stdin []byte, program string, args ...string) []byte {
	t.Helper()
	cmd := exec.Command(filepath.Join(Bin(), program), args...)
	cmd.Stdin = bytes.NewReader(stdin)
	out, err := cmd.Output()
	if err != nil {
		var stderr []byte
		if e, ok := errors.AsType[*exec.ExitError](err); ok {
			stderr = e.Stderr
		}
		t.Fatalf("%s %q: %v\n%s", program, args, err, stderr)
	}
	return out
}

// Serve starts wm-store or wm-serve on a free port for the duration of the test
// and returns its URL.
func Serve(t *testing.T, program string, args ...string) string {
	t.Helper()
	cmd := exec.Command(filepath.Join(Bin(), program), append(args, "--listen", "127.0.0.1:0")...)
	url, err := AwaitListening(cmd)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { Stop(cmd) })
	return url
}

// Fetch requests url, with POST if body is not empty, fails the test unless the
// status is 200, and returns the response body.
func Fetch(t *testing.T, url, body string) []byte {
	t.Helper()
	method := http.MethodGet
	if body != "" {
		method = http.MethodPost
	}
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var answer bytes.Buffer
	if _, err := answer.ReadFrom(res.Body); err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s %v: %s", url, res.Status, err, &answer)
	}
	return answer.Bytes()
}

var listening = regexp.MustCompile(`listening on (http://[^ ,]+)`)

// AwaitListening starts a server, waits until it listens and returns its URL.
func AwaitListening(cmd *exec.Cmd) (string, error) {
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

// StartPiped starts a command and returns pipes to its standard input and from its
// standard output.
func StartPiped(t *testing.T, cmd *exec.Cmd) (stdin io.WriteCloser, stdout io.ReadCloser) {
	t.Helper()
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err = cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return stdin, stdout
}

// Stop interrupts a program and waits for it to exit.
func Stop(cmd *exec.Cmd) {
	_ = cmd.Process.Signal(os.Interrupt)
	_ = cmd.Wait()
}

func drain(lines *bufio.Scanner) {
	for lines.Scan() {
	}
}

// QuietLog returns a logger that discards everything.
func QuietLog() *log.Logger { return log.New(io.Discard, "", 0) }

var peak = regexp.MustCompile(`VmHWM:\s*(\d+) kB`)

// PeakMemory runs a program to completion and returns its peak resident memory
// in bytes, sampled every 10 ms, or 0 on systems without /proc. The peak that
// wait4 reports would include the memory of the test process before exec.
func PeakMemory(t *testing.T, w *exec.Cmd) (most int64) {
	t.Helper()
	if err := w.Start(); err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		_ = w.Wait() // the caller checks the exit code
		close(done)
	}()
	status := fmt.Sprintf("/proc/%d/status", w.Process.Pid)
	for {
		if text, err := os.ReadFile(status); err == nil {
			if m := peak.FindSubmatch(text); m != nil {
				kib, _ := strconv.ParseInt(string(m[1]), 10, 64)
				most = max(most, kib<<10)
			}
		}
		select {
		case <-done:
			return most
		case <-time.After(10 * time.Millisecond):
		}
	}
}
