package cmd_test

import (
	"bytes"
	"net/url"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tidwall/gjson"

	"github.com/wmtools/wm/cmd/internal/cmdtest"
)

// TestCommandsOfThePage: the commands that the dashboard offers give the events
// of its view: from the stream, from the index and from the dashboard, byte for
// byte.
func TestCommandsOfThePage(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the commands are for a Unix shell")
	}
	cmdtest.Need(t, "curl")
	events := cmdtest.Made(3, 1500, time.Hour, 1)
	stream := cmdtest.NewLookAlike(t)
	stream.Add(events...)
	store := cmdtest.Serve(t, "wm-store", "--data", t.TempDir())
	cmdtest.Run(t, nil, "wm-es", "-q", "--es", store) // the template
	var lines bytes.Buffer
	for _, e := range events {
		lines.Write(append(e.Data, '\n'))
	}
	cmdtest.Run(t, lines.Bytes(), "wm-es", "-q", "--es", store)
	page := cmdtest.Serve(t, "wm-serve", "--es", store)
	since := time.UnixMilli(events[100].Time).UTC().Format(time.RFC3339)
	until := time.UnixMilli(events[1200].Time).UTC().Format(time.RFC3339)
	for _, q := range []string{"", "wiki=enwiki|dewiki -bot=true", `wm.delta<0 type=edit`, `comment:"added to"`, `user="it's"`} {
		params := url.Values{"from": {since}, "to": {until}, "q": {q}}
		if q == "" {
			params.Del("q")
		}
		commands := gjson.ParseBytes(cmdtest.Fetch(t, page+"/api/v1/commands?"+params.Encode(), ""))
		want := sorted(cmdtest.Fetch(t, page+"/api/v1/rows?"+params.Encode(), ""))
		if q == "" && len(want) < 1000 {
			t.Fatalf("the view has %d events", len(want))
		}
		for _, command := range commands.Array() {
			text := command.Get("text").Str
			cmd := exec.Command("sh", "-c", text)
			cmd.Env = append(os.Environ(), "PATH="+cmdtest.Bin()+string(os.PathListSeparator)+os.Getenv("PATH"), "WM_TAIL_URL="+stream.URL(), "WM_TAIL_Q=true")
			out, err := cmd.Output()
			if exit, ok := err.(*exec.ExitError); err != nil && !(ok && exit.ExitCode() == 1 && len(want) == 0) {
				t.Errorf("%s: %v", text, err)
			}
			if got := sorted(out); !slices.Equal(got, want) {
				t.Errorf("%s\ngives %d events, the view has %d", text, len(got), len(want))
			}
		}
	}
}

func sorted(text []byte) []string {
	lines := strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
	lines = slices.DeleteFunc(lines, func(l string) bool { return l == "" })
	slices.Sort(lines)
	return lines
}
