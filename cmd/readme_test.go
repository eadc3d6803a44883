package cmd_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/tidwall/gjson"

	"github.com/wmtools/wm/cmd/internal/cmdtest"
	"github.com/wmtools/wm/lib/simulate"
	"github.com/wmtools/wm/lib/simulate/service"
)

// notRun are the commands of the README that build wm or only wait.
var notRun = regexp.MustCompile(`^(git clone|make|export|go install|sleep) `)

// readmeWants are the checks of the output of commands. The other commands must
// print something, to stdout or to the file that they are redirected to.
var readmeWants = map[string]func(s *sandbox, out string) bool{
	`wm-tail mediawiki.page_revert_risk_prediction_change.v1 | wm-grep -k 'wm.risk>0.9' -k wiki_id=enwiki | wm-cut`: func(s *sandbox, out string) bool {
		return strings.Contains(out, "The Otter")
	},
	`wm-tail | wm-grep -k wiki=enwiki -k type=edit -k 'user!@known.txt'`: func(s *sandbox, out string) bool {
		return each(out, func(e gjson.Result) bool {
			return e.Get("wiki").Str == "enwiki" && e.Get("type").Str == "edit" && e.Get("user").Str != "Example"
		})
	},
	`wm-tail | wm-grep -k wiki=dewiki -i 'vandal' | jq -r '.user + "  " + .title'`: func(s *sandbox, out string) bool {
		return out == "Example  Der Fluss\n"
	},
	`wm-tail | wm-grep -k wiki=enwiki -k wm.user_kind=temp -k 'wm.delta<-500' | wm-cut`: func(s *sandbox, out string) bool {
		return strings.Contains(out, "~2026-77")
	},
	`wm-tail | wm-grep --query 'wiki=enwiki -bot=true "edit war"' | wm-cut`: func(s *sandbox, out string) bool {
		return strings.Contains(out, "The River Ouse") && strings.Contains(out, "edit war")
	},
	`wm-grep -c -k wm.wiki=enwiki < day.ndjson`: func(s *sandbox, out string) bool {
		want := 0
		for _, line := range cmdtest.ReadLines(s.t, filepath.Join(s.dir, "day.ndjson")) {
			if gjson.Get(line, "database").Str == "enwiki" {
				want++
			}
		}
		return want > 0 && out == strconv.Itoa(want)+"\n"
	},
}

// each reports whether out has lines and all are events that ok accepts.
func each(out string, ok func(gjson.Result) bool) bool {
	for line := range strings.Lines(out) {
		if !gjson.Valid(line) || !ok(gjson.Parse(line)) {
			return false
		}
	}
	return out != ""
}

// TestReadme runs every command of the README, in order and in one folder, on
// synthetic events.
func TestReadme(t *testing.T) {
	t.Parallel()
	cmdtest.Need(t, "bash", "jq", "curl")
	s := newSandbox(t)
	commands := readmeCommands(t)
	for _, command := range commands {
		s.run(command)
	}
	for command := range readmeWants {
		if !strings.Contains("\n"+strings.Join(commands, "\n")+"\n", "\n"+command+"\n") {
			t.Errorf("the README does not have the command %s", command)
		}
	}
}

// readmeCommands returns the lines of the README's shell blocks that can be run
// here.
func readmeCommands(t *testing.T) (commands []string) {
	for _, block := range readmeBlocks(t) {
		for _, line := range shellLines(block) {
			if !notRun.MatchString(line + " ") {
				commands = append(commands, line)
			}
		}
	}
	return commands
}

// readmeBlocks returns the shell blocks of the README.
func readmeBlocks(t *testing.T) (blocks []string) {
	text, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile("(?s)```sh\n(.*?)```").FindAllSubmatch(text, -1) {
		blocks = append(blocks, string(m[1]))
	}
	return blocks
}

var comment = regexp.MustCompile(`(^|\s+)#( .*)?$`)

// shellLines returns the lines of a block without their comments.
func shellLines(block string) (lines []string) {
	for line := range strings.Lines(strings.ReplaceAll(block, "\\\n", "")) {
		if line = strings.TrimSpace(comment.ReplaceAllString(strings.TrimSpace(line), "")); line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

// sandbox is the environment of the commands.
type sandbox struct {
	t            *testing.T
	dir          string
	store, serve string // addresses in place of the default ones
	env          []string
}

func newSandbox(t *testing.T) *sandbox {
	s := &sandbox{t: t, dir: t.TempDir(), store: freeAddress(t), serve: freeAddress(t)}
	server := service.NewServer(service.New(service.Options{}))
	t.Cleanup(server.Close)
	server.Append(readmeEvents(t)...)
	s.env = append(os.Environ(),
		"PATH="+cmdtest.Bin()+string(os.PathListSeparator)+os.Getenv("PATH"),
		"WM_TAIL_URL="+server.URL, "WM_TAIL_SINCE=4d", "WM_TAIL_N=1000",
		"WM_STORE_LISTEN="+s.store, "WM_STORE_DATA="+filepath.Join(s.dir, "data"), "WM_SERVE_LISTEN="+s.serve, "WM_ES=http://"+s.store)
	return s
}

// freeAddress returns an address that nothing listens on.
func freeAddress(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// readmeEvents are the history of the service: pages created in the last three days,
// and recent changes of the last minutes, among them what the README looks for.
func readmeEvents(t *testing.T) []simulate.Event {
	pages := simulate.New(5, simulate.Options{
		Start: time.Now().Add(-72 * time.Hour), Rate: 0.005, Streams: []string{"mediawiki.page-create"}, Canary: -1,
	}).Take(72 * 3600 / 200)
	changes := cmdtest.Made(6, 3000, 5*time.Minute, 20)
	for i, fields := range []map[string]any{
		{"wiki": "dewiki", "type": "edit", "title": "Der Fluss", "user": "Example", "comment": "Vandalismus"},
		{"wiki": "enwiki", "type": "edit", "title": "The River Ouse", "user": "Example", "bot": false, "comment": "stop this edit war"},
		{"wiki": "enwiki", "type": "edit", "title": "A", "user": "~2026-77", "bot": false, "length": map[string]int{"old": 1000, "new": 1}},
	} {
		changes[i].Data = withFields(t, changes[i].Data, fields)
	}
	scores := simulate.New(7, simulate.Options{Start: time.Now().Add(-5 * time.Minute), Streams: []string{simulate.RevertRisk}, Canary: -1}).Take(1000)
	scores[0].Data = withFields(t, scores[0].Data, map[string]any{
		"wiki_id": "enwiki", "page": map[string]any{"page_title": "The_Otter", "namespace_id": 0},
		"predicted_classification": map[string]any{"model_name": "revertrisk-language-agnostic", "probabilities": map[string]any{"true": 0.97}},
	})
	return slices.Concat(pages, scores, changes)
}

// withFields replaces fields of an event.
func withFields(t *testing.T, data []byte, fields map[string]any) []byte {
	var e map[string]any
	err := json.Unmarshal(data, &e)
	if err == nil {
		maps.Copy(e, fields)
		data, err = json.Marshal(e)
	}
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// run runs a command and checks its output.
func (s *sandbox) run(command string) {
	s.t.Helper()
	switch program := strings.TrimSpace(strings.TrimSuffix(command, "&")); program {
	case "wm-store", "wm-serve":
		s.start(program)
		return
	}
	line := strings.NewReplacer("127.0.0.1:9200", s.store, "127.0.0.1:8080", s.serve).Replace(strings.TrimSuffix(command, "&"))
	out, stderr, err := s.shell(line)
	if err != nil {
		s.t.Errorf("%s: %v\n%s", command, err, stderr)
		return
	}
	ok := out != ""
	switch want := readmeWants[command]; {
	case want != nil:
		ok = want(s, out)
	case strings.Contains(command, "> ") || strings.Contains(command, "wm-es --cursor"):
		ok = s.wrote(command, stderr)
	}
	if !ok {
		s.t.Errorf("%s: printed %.500q\n%s", command, out, stderr)
	}
}

var redirected = regexp.MustCompile(`> (\S+)$`)

// wrote reports whether a command has put events into a file, or documents into
// the index.
func (s *sandbox) wrote(command, stderr string) bool {
	if m := redirected.FindStringSubmatch(command); m != nil {
		return len(cmdtest.ReadLines(s.t, filepath.Join(s.dir, m[1]))) > 0
	}
	return regexp.MustCompile(`created [1-9]\d* present 0 rejected 0`).MatchString(stderr)
}

// shell runs a line in bash.
func (s *sandbox) shell(line string) (stdout, stderr string, err error) {
	cmd := exec.Command("timeout", "60", "bash", "-c", "set -o pipefail; "+line)
	cmd.Dir, cmd.Env = s.dir, s.env
	var out, diagnostics bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &diagnostics
	err = cmd.Run()
	return out.String(), diagnostics.String(), err
}

// start starts a server for the duration of the test.
func (s *sandbox) start(program string) {
	s.t.Helper()
	cmd := exec.Command(filepath.Join(cmdtest.Bin(), program))
	cmd.Dir, cmd.Env = s.dir, s.env
	url, err := cmdtest.AwaitListening(cmd)
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { cmdtest.Stop(cmd) })
	res, err := http.Get(url)
	if err != nil || res.StatusCode != http.StatusOK {
		s.t.Errorf("%s: %v, %v", program, res, err)
	}
}
