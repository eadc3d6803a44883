package cmd_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/wmtools/wm/cmd/internal/cmdtest"
)

// completionCases are command lines and what must be offered for the last word.
// Fields of the index come from the server.
var completionCases = []struct {
	line string
	want string
}{
	{"wm-tail --res", "--resume"},
	{"wm-tail page-cr", "page-create"},
	{"wm-grep --que", "--query"},
	{"wm-grep -k wm.user_", "wm.user_kind"},
	{"wm-cut --color ne", "never"},
	{"wm-es init", "init-index"},
	{"wm-es --curs", "--cursor"},
	{"wm-es search --sort new", "newest"},
	{"wm-es search --der", "--derived"},
	{"wm-es top --b", "--by"},
	{"wm-es top only_on_ser", "only_on_server"},
	{"wm-store --dat", "--data"},
	{"wm-serve --lis", "--listen"},
}

// completionEnv is the environment of the shells. The server of wm-es has an
// additional field.
func completionEnv(t *testing.T) []string {
	t.Helper()
	store := cmdtest.Serve(t, "wm-store", "--data", t.TempDir())
	put := exec.Command("curl", "-sfX", "PUT", store+"/wm-x-2026.01.01", "-H", "Content-Type: application/json",
		"-d", `{"mappings":{"dynamic":false,"properties":{"only_on_server":{"type":"keyword"}}}}`)
	if out, err := put.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return append(os.Environ(), "PATH="+cmdtest.Bin()+":"+os.Getenv("PATH"), "WM_ES="+store, "WM_TAIL_URL=http://127.0.0.1:1")
}

func runShell(t *testing.T, env []string, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Env = env
	var out, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &stderr
	if err := cmd.Run(); err != nil || stderr.Len() > 0 {
		t.Errorf("%s: %v\n%s", name, err, &stderr)
	}
	return out.String()
}

func TestBashCompletes(t *testing.T) {
	t.Parallel()
	cmdtest.Need(t, "bash", "curl")
	env := completionEnv(t)
	for _, c := range completionCases {
		words := strings.Fields(c.line)
		script := `source "../scripts/completion/bash/$1"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
			_${1//-/_} 2>/dev/null; printf '%s\n' "${COMPREPLY[@]}"`
		got := runShell(t, env, "bash", append([]string{"-c", script, "bash"}, words...)...)
		if !slices.Contains(cmdtest.Lines([]byte(got)), c.want) {
			t.Errorf("%s: offers %q, not %s", c.line, got, c.want)
		}
	}
}

func TestFishCompletes(t *testing.T) {
	t.Parallel()
	cmdtest.Need(t, "fish", "curl")
	env := append(completionEnv(t), "HOME="+t.TempDir())
	for _, c := range completionCases {
		program, _, _ := strings.Cut(c.line, " ")
		script := "source ../scripts/completion/fish/" + program + ".fish; complete -C '" + c.line + "'"
		got := runShell(t, env, "fish", "--no-config", "-c", script)
		found := false
		for line := range strings.Lines(got) {
			word, _, _ := strings.Cut(strings.TrimSpace(line), "\t")
			found = found || word == c.want
		}
		if !found {
			t.Errorf("%s: offers %q, not %s", c.line, got, c.want)
		}
	}
}

// zshScript types a line and a tab into zsh in a pseudo-terminal, and prints what
// zsh makes of it.
const zshScript = `zmodload zsh/zpty
zpty shell "zsh -f -i"
zpty -w shell "PS1= PS2= RPS1=; unsetopt zle_bracketed_paste; fpath=($1 \$fpath); autoload -Uz compinit; compinit -u -D; bindkey '^I' complete-word; print re''ady"
while zpty -r shell line; do [[ $line == *ready* ]] && break; done
zpty -w -n shell "$2"$'\t'
while zpty -r shell line "*$3*"; do print -r -- $line; break; done
zpty -d shell`

func TestZshCompletes(t *testing.T) {
	t.Parallel()
	cmdtest.Need(t, "zsh", "curl", "timeout")
	env := append(completionEnv(t), "HOME="+t.TempDir(), "TERM=dumb")
	dir, err := filepath.Abs("../scripts/completion/zsh")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range completionCases {
		got, _ := func() ([]byte, error) {
			cmd := exec.Command("timeout", "60", "zsh", "-f", "-c", zshScript, "zsh", dir, c.line, c.want)
			cmd.Env = env
			return cmd.CombinedOutput()
		}()
		if !strings.Contains(string(got), c.want) {
			t.Errorf("%s: makes %q, not %s", c.line, got, c.want)
		}
	}
}
