//go:build conformance

package cmd_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/tidwall/gjson"

	"github.com/wmtools/wm/cmd/internal/cmdtest"
	"github.com/wmtools/wm/lib/simulate"
	"github.com/wmtools/wm/lib/simulate/service"
)

// TestReadmeOnAnEmptyMachine types the shell blocks of the README at a terminal, in
// order: first those that install wm, and then, in a folder for each, those of the
// three readers. The machine has only what the README asks for, and an empty home. It
// shares Go's build cache with this machine, because the first build takes minutes.
func TestReadmeOnAnEmptyMachine(t *testing.T) {
	blocks := readmeBlocks(t)
	if len(blocks) < 6 {
		t.Fatalf("the README has %d shell blocks", len(blocks))
	}
	m := newEmptyMachine(t)
	installed := t.Run("install", func(t *testing.T) {
		s := m.open(t)
		for _, block := range blocks[:3] {
			s.paste(block)
		}
		if got := s.line("~/go/bin/wm-tail --version"); !strings.Contains(got, moduleVersion) {
			t.Errorf("go install has installed %s", got)
		}
		s.exit()
	})
	for i, reader := range []string{"patroller", "researcher", "operator"} {
		if !installed {
			break
		}
		t.Run(reader, func(t *testing.T) {
			s := m.open(t)
			s.paste("export PATH=$HOME/.local/bin:$PATH\nmkdir " + reader + " && cd " + reader)
			s.paste(blocks[3+i])
			s.exit()
		})
	}
}

// emptyMachine has a home, commands and a service to tail.
type emptyMachine struct {
	home         string
	store, serve string // addresses in place of the default ones
	env          []string
}

// onEmptyMachine are the commands that the README asks for, and those that every
// Unix has.
var onEmptyMachine = []string{"go", "git", "make", "jq", "curl", "bash", "sh", "grep", "sed", "awk", "gzip"}

func newEmptyMachine(t *testing.T) *emptyMachine {
	m := &emptyMachine{home: t.TempDir(), store: freeAddress(t), serve: freeAddress(t)}
	checkout := printed(t, "git", "rev-parse", "--show-toplevel")
	bin := t.TempDir()
	tools := onEmptyMachine
	for _, file := range strings.Fields(printed(t, "dpkg", "-L", "coreutils")) {
		if strings.HasPrefix(file, "/bin/") || strings.HasPrefix(file, "/usr/bin/") {
			tools = append(tools, filepath.Base(file))
		}
	}
	for _, name := range tools {
		if err := os.Symlink(cmdtest.Need(t, name), filepath.Join(bin, name)); err != nil {
			t.Fatal(err)
		}
	}
	m.env = []string{
		"HOME=" + m.home, "PATH=" + bin, "LANG=C.UTF-8", "TERM=dumb", "TMPDIR=" + t.TempDir(),
		// GitHub is this checkout.
		"GIT_CONFIG_COUNT=1", "GIT_CONFIG_KEY_0=url.file://" + checkout + ".insteadOf", "GIT_CONFIG_VALUE_0=https://github.com/wmtools/wm",
		// The module proxy is a folder, and the modules that this machine has.
		"GOPROXY=file://" + moduleProxy(t) + ",file://" + filepath.Join(printed(t, "go", "env", "GOMODCACHE"), "cache/download") + "," + printed(t, "go", "env", "GOPROXY"),
		"GOSUMDB=off", "GOTOOLCHAIN=local", "GOCACHE=" + printed(t, "go", "env", "GOCACHE"),
		// Without -trimpath, the cache has nothing for the folders of this home.
		"GOFLAGS=-modcacherw -trimpath",
		// Wikimedia is a look-alike with a past.
		"WM_TAIL_URL=" + m.wikimedia(t), "WM_TAIL_SINCE=4d",
		"WM_STORE_LISTEN=" + m.store, "WM_SERVE_LISTEN=" + m.serve, "WM_ES=http://" + m.store,
	}
	return m
}

func printed(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := exec.Command(name, args...).Output()
	if err != nil {
		t.Fatalf("%s %q: %v", name, args, err)
	}
	return strings.TrimSpace(string(out))
}

// wikimedia starts the look-alike: the history of TestReadme and then live changes.
func (m *emptyMachine) wikimedia(t *testing.T) string {
	server := service.NewServer(service.New(service.Options{}))
	server.Append(readmeEvents(t)...)
	ctx, stop := context.WithCancel(t.Context())
	t.Cleanup(func() { stop(); server.Close() })
	now := time.Now()
	live := simulate.New(8, simulate.Options{Start: now, Streams: []string{simulate.RecentChange, "mediawiki.page-create"}})
	go func() { _ = service.Feed(ctx, server.Service, service.NewClock(now, 1), live.All()) }() // ends with ctx
	return server.URL
}

// moduleVersion is what go install finds.
const moduleVersion = "v0.0.1"

// moduleProxy returns a folder that the go command can use as a proxy, with this
// commit as a version of the module.
func moduleProxy(t *testing.T) string {
	const module, version = "github.com/wmtools/wm", moduleVersion
	proxy := t.TempDir()
	dir := filepath.Join(proxy, filepath.FromSlash(module), "@v")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	mod, err := os.ReadFile("../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string]string{
		"list": version + "\n", version + ".mod": string(mod),
		version + ".info": fmt.Sprintf(`{"Version":%q,"Time":"2026-11-01T00:00:00Z"}`, version),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	// A module excludes nested modules, such as scripts/image.
	file := filepath.Join(dir, version+".zip")
	printed(t, "git", "-C", "..", "archive", "--format=zip", "--prefix="+module+"@"+version+"/", "-o", file, "HEAD", "cmd", "lib", "go.mod", "go.sum", "LICENSE")
	return proxy
}

// session is a shell at a terminal.
type session struct {
	t     *testing.T
	m     *emptyMachine
	typed io.Writer
	cmd   *exec.Cmd
	shown chan string // what appears on the terminal
}

// open starts a shell in the home.
func (m *emptyMachine) open(t *testing.T) *session {
	cmd := exec.CommandContext(t.Context(), cmdtest.Need(t, "script"), "-qfec", cmdtest.Need(t, "bash")+" --norc --noprofile --noediting -i", "/dev/null")
	cmd.Dir, cmd.Env = m.home, append(m.env, `PS1=prompt:$?:\n`)
	in, out := cmdtest.StartPiped(t, cmd)
	s := &session{t, m, in, cmd, make(chan string)}
	go func() {
		defer close(s.shown)
		buf := make([]byte, 1<<16)
		for {
			n, err := out.Read(buf)
			if err != nil {
				return
			}
			s.shown <- string(buf[:n])
		}
	}()
	s.await(nil)
	return s
}

var (
	promptLine   = regexp.MustCompile(`(?m)prompt:(\d+):$`)
	untilCtrlC   = regexp.MustCompile(`^(wm-tail .*[^&]|make demo)$`)
	showsNothing = regexp.MustCompile(`^(export|cd|mkdir|sleep) `)
)

// paste types the lines of a block, one after the other.
func (s *session) paste(block string) {
	s.t.Helper()
	for _, line := range shellLines(block) {
		s.line(line)
		if strings.HasPrefix(line, "sleep ") { // long enough for a person, but CI may be slow
			s.awaitEvents()
		}
	}
}

// awaitEvents waits until the store has events.
func (s *session) awaitEvents() {
	s.t.Helper()
	store := &cmdtest.SearchServer{URL: "http://" + s.m.store, Client: http.DefaultClient}
	for start := time.Now(); store.Written(s.t, "wm-*") < 1000; time.Sleep(100 * time.Millisecond) {
		if time.Since(start) > 2*time.Minute {
			s.t.Fatal("no events are indexed")
		}
	}
}

// line types a line, which must succeed and show something. One that runs until
// Ctrl-C is interrupted when it has.
func (s *session) line(line string) (shown string) {
	s.t.Helper()
	began := time.Now()
	typed := strings.NewReplacer("127.0.0.1:9200", s.m.store, "127.0.0.1:8080", s.m.serve).Replace(line)
	fmt.Fprintln(s.typed, typed)
	var enough func(string) bool
	if untilCtrlC.MatchString(line) && !strings.Contains(line, "--until") {
		enough = func(shown string) bool { return s.delivers(line, strings.TrimPrefix(shown, typed)) }
	}
	shown, status := s.await(enough)
	shown = strings.TrimSpace(strings.TrimPrefix(shown, typed))
	s.t.Logf("%.1f s  $ %s\n%s", time.Since(began).Seconds(), line, excerpt(shown))
	if status != "0" && (enough == nil || status != "130") {
		s.t.Fatalf("%s: status %s: %s", line, status, shown)
	}
	if m := redirected.FindStringSubmatch(line); m == nil && shown == "" && !showsNothing.MatchString(line) {
		s.t.Errorf("%s: shows nothing", line)
	}
	return shown
}

// delivers reports whether a command that runs until Ctrl-C has done what it is
// for: filled a file, served the dashboard, or printed a line that is no message.
func (s *session) delivers(line, shown string) bool {
	if m := redirected.FindStringSubmatch(line); m != nil {
		files, err := filepath.Glob(filepath.Join(s.m.home, "*", m[1]))
		return err == nil && len(files) == 1 && len(cmdtest.ReadLines(s.t, files[0])) > 0
	}
	if line == "make demo" {
		m := dashboard.FindStringSubmatch(shown)
		if m == nil {
			return false
		}
		return gjson.GetBytes(cmdtest.Fetch(s.t, m[1]+"/api/v1/view?range=15m", ""), "total").Int() > 0
	}
	for l := range strings.Lines(shown) {
		if l = strings.TrimSpace(l); l != "" && !strings.HasPrefix(l, "wm-") {
			return true
		}
	}
	return false
}

var dashboard = regexp.MustCompile(`dashboard +(http[^/]+//[^/]+)`)

// await returns what is shown up to the next prompt, and the exit status in it.
// When enough is shown, it presses Ctrl-C.
func (s *session) await(enough func(shown string) bool) (shown, status string) {
	s.t.Helper()
	late := time.After(5 * time.Minute)
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		if m := promptLine.FindStringSubmatchIndex(shown); m != nil {
			return shown[:m[0]], shown[m[2]:m[3]]
		}
		if enough != nil && enough(shown) {
			enough = nil
			fmt.Fprint(s.typed, "\x03")
		}
		select {
		case more, ok := <-s.shown:
			if !ok {
				s.t.Fatalf("the shell ended: %s", shown)
			}
			shown = strings.ReplaceAll(shown+more, "\r\n", "\n")
		case <-tick.C: // files and servers change too
		case <-late:
			s.t.Fatalf("no prompt: %s", shown)
		}
	}
}

// exit stops the background jobs, the last one first, and ends the shell.
func (s *session) exit() {
	fmt.Fprintln(s.typed, "for n in 3 2 1; do kill %$n && wait %$n; done 2>/dev/null; exit 0")
	for more := range s.shown {
		s.t.Log(more)
	}
	if err := s.cmd.Wait(); err != nil {
		s.t.Error(err)
	}
}

// excerpt returns the first lines of a text.
func excerpt(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = line[strings.LastIndexByte(line, '\r')+1:] // the rest was overwritten
	}
	if len(lines) > 6 {
		lines = append(lines[:5], fmt.Sprintf("... (%d lines)", len(lines)))
	}
	return strings.Join(lines, "\n")
}
