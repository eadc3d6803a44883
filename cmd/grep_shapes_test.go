package cmd_test

import (
	"bytes"
	"errors"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/wmtools/wm/cmd/internal/cmdtest"
)

// Two events of enwiki and one of dewiki, in the shapes that are not events.
var shapes = []struct {
	name, shape string
	tool        string // that the hint needs
	text        string
}{
	{"array", "a JSON array", "jq", `[{"wiki":"enwiki"},{"wiki":"dewiki"},{"wiki":"enwiki"}]` + "\n"},
	{"array over lines", "a JSON array", "jq", "[\n" + `{"wiki":"enwiki"},` + "\n" + `{"wiki":"dewiki"},{"wiki":"enwiki"}` + "\n]\n"},
	{"pretty", "JSON over several lines", "jq", "{\n  \"wiki\": \"enwiki\"\n}\n{\n  \"wiki\": \"dewiki\"\n}\n{\n  \"wiki\": \"enwiki\"\n}\n"},
	{"bulk", "pairs of action and source, as for _bulk", "grep", `{"index":{}}` + "\n" + `{"wiki":"enwiki"}` + "\n" +
		`{ "create" : {"_id":"1"} }` + "\n" + `{"wiki":"enwiki"}` + "\n" + `{"delete":{"_id":"2"}}` + "\n"},
	{"search", "a search result of Elasticsearch", "jq", `{"took":1,"hits":{"total":{"value":3},"hits":[{"_id":"1","_source":{"wiki":"enwiki"}},{"_source":{"wiki":"enwiki"}}]}}` + "\n"},
	{"sse", "an event stream", "sh", ":ok\n\nevent: message\nid: [{\"topic\":\"eqiad.x\",\"partition\":0,\"timestamp\":1795435198001}]\n" +
		`data: {"wiki":"enwiki","meta":{"dt":"2026-11-23T12:00:00Z"}}` + "\n\n" +
		"event: message\nid: [{\"topic\":\"eqiad.x\",\"partition\":0,\"timestamp\":1795435198002}]\n" +
		`data: {"wiki":"enwiki","meta":{"dt":"2026-11-23T12:00:00Z"}}` + "\n\n"},
	{"csv", "CSV", "mlr", "wiki,title\nenwiki,A\ndewiki,\"B, C\"\nenwiki,D\n"},
	{"tsv", "TSV", "mlr", "wiki\ttitle\nenwiki\tA\ndewiki\tB\nenwiki\tD\n"},
	{"log", "lines with text before the JSON object", "sed", `2026-11-23 INFO {"wiki":"enwiki"}` + "\n" + `2026-11-23 INFO {"wiki":"dewiki"}` + "\n" + `2026-11-23 INFO {"wiki":"enwiki"}` + "\n"},
}

// An input of a foreign shape is reported once, and the hint is a pipeline that
// works, for a file as for stdin.
func TestForeignShapes(t *testing.T) {
	t.Parallel()
	for _, s := range shapes {
		t.Run(s.name, func(t *testing.T) {
			name := cmdtest.WriteFile(t, "it's "+s.name, []byte(s.text))
			_, errFile := grepFails(t, nil, "-k", "wiki=enwiki", name)
			want := "wm-grep: " + name + ": " + s.shape + ", not one JSON object per line\nwm-grep: hint: convert it: "
			hint, ok := strings.CutPrefix(errFile, want)
			if !ok {
				t.Fatalf("got %q, want %q", errFile, want)
			}
			_, errStdin := grepFails(t, []byte(s.text), "-k", "wiki=enwiki")
			_, pipeline, ok := strings.Cut(errStdin, "hint: convert it: ... | ")
			if !ok {
				t.Fatalf("got %q", errStdin)
			}
			cmdtest.Need(t, s.tool)
			quoted := "'" + strings.ReplaceAll(name, "'", `'\''`) + "'"
			for _, line := range []string{hint, "cat " + quoted + " | " + pipeline} {
				line = strings.Replace(line, "wm-grep ...", "wm-grep -c -k wiki=enwiki", 1)
				if got := shell(t, line); got != "2\n" {
					t.Errorf("%s: got %q", line, got)
				}
			}
		})
	}
}

// Lines that are events, or may be, are not taken for anything else, however the
// input begins.
func TestNotForeign(t *testing.T) {
	t.Parallel()
	for _, in := range []string{
		`{"index":{"wiki":"x"},"wiki":"enwiki"}` + "\n",
		`{"wiki":"enwiki","hits":{"hits":1}}` + "\n",
		`"id":"torn, by, tail"}` + "\n" + `{"wiki":"enwiki"}` + "\n",
		`torn {"a":"by tail"}}` + "\n" + `{"wiki":"enwiki"}` + "\n",
		"one, two\n" + `{"wiki":"enwiki"}` + "\n",
		"\n \n" + `{"wiki":"enwiki"}` + "\n",
		"{\t\"wm\":{\"watermark\":{}}}\n" + `{"wiki":"enwiki"}` + "\n",
	} {
		cmd := exec.Command(filepath.Join(cmdtest.Bin(), "wm-grep"), "-c", "-k", "wiki=enwiki")
		cmd.Stdin = strings.NewReader(in)
		if out, _ := cmd.Output(); string(out) != "1\n" {
			t.Errorf("%q: got %q", in, out)
		}
	}
}

// grepFails runs wm-grep, which must exit with 2.
func grepFails(t *testing.T, stdin []byte, args ...string) (stdout, stderr string) {
	t.Helper()
	cmd := exec.Command(filepath.Join(cmdtest.Bin(), "wm-grep"), args...)
	cmd.Stdin = bytes.NewReader(stdin)
	out, err := cmd.Output()
	exit, ok := errors.AsType[*exec.ExitError](err)
	if !ok || exit.ExitCode() != 2 {
		t.Fatalf("wm-grep %q: %v, want exit code 2", args, err)
	}
	return string(out), string(exit.Stderr)
}

// shell runs a line with the programs in its PATH and returns what it prints.
func shell(t *testing.T, line string) string {
	t.Helper()
	out, err := exec.Command("sh", "-c", "PATH="+cmdtest.Bin()+":$PATH; "+line).Output()
	if err != nil {
		t.Errorf("%s: %v", line, err)
	}
	return string(out)
}
