package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/urfave/cli/v2"
)

// parseSize is like a parser of another package: its error has a hint.
func parseSize(text string) (int64, error) {
	n, err := ParseInt(strings.TrimSuffix(text, "K"))
	if err != nil {
		return 0, &advice{fmt.Errorf("not a size: %q", text), "write 5K"}
	}
	return n << 10, nil
}

// runApp runs a program whose flags are of all kinds, and returns its message.
// action is called unless an argument or setting is invalid.
func runApp(t *testing.T, action func(*cli.Context), args ...string) string {
	t.Helper()
	flags := func() []cli.Flag {
		return []cli.Flag{
			&cli.GenericFlag{Name: "n", Value: Bounded(ParseInt, "", "1", "")},
			&cli.GenericFlag{Name: "size", Value: Bounded(parseSize, "16K", "1K", "32K")},
			&cli.GenericFlag{Name: "wait", Value: Bounded(time.ParseDuration, "2s", "0s", "1h")},
			&cli.StringFlag{Name: "cursor"},
			&cli.StringSliceFlag{Name: "k"},
			MayBeEmpty{&cli.StringSliceFlag{Name: "e"}},
			&cli.BoolFlag{Name: "all"},
		}
	}
	act := func(c *cli.Context) error { action(c); return nil }
	a := &cli.App{
		Name: "wm-x", Flags: flags(), Action: act,
		Commands: []*cli.Command{{Name: "sub", Flags: flags(), Action: act}},
	}
	prepare(a)
	var message strings.Builder
	exitCode(&message, a.Name, a.RunContext(context.Background(), permute(a, append([]string{"wm-x"}, args...))))
	return message.String()
}

func TestBoundedFlags(t *testing.T) {
	for _, command := range []string{"", "sub "} {
		called := false
		message := runApp(t, func(c *cli.Context) {
			called = true
			if n := c.Int64("n"); n != 10 {
				t.Errorf("%sn is %d, want 10", command, n)
			}
			if size := c.Int64("size"); size != 16<<10 {
				t.Errorf("%ssize is %d", command, size)
			}
			if wait := c.Duration("wait"); wait != 90*time.Second {
				t.Errorf("%swait is %v", command, wait)
			}
		}, strings.Fields(command+"-n 010 --wait 1m30s")...)
		if !called || message != "" {
			t.Errorf("%scalled: %v, message %q", command, called, message)
		}
	}
}

func TestInvalidValues(t *testing.T) {
	const usage = "\nwm-x: hint: see -h\n"
	tests := []struct{ args, env, want string }{
		{"-n 0", "", `wm-x: -n: "0" is less than 1` + usage},
		{"-n 0x10", "", `wm-x: -n: not a whole number: "0x10"` + usage},
		{"-n 99999999999999999999", "", `wm-x: -n: number too large: 99999999999999999999` + usage},
		{"--size 33K", "", `wm-x: --size: "33K" is not between 1K and 32K` + usage},
		{"--size big", "", "wm-x: --size: not a size: \"big\"\nwm-x: hint: write 5K\n"},
		{"--wait 2h", "", `wm-x: --wait: "2h" is not between 0s and 1h` + usage},
		{"--all=maybe", "", `wm-x: --all: "maybe" is not true or false` + usage},
		{"--cursor=", "", "wm-x: --cursor: must not be empty" + usage},
		{"-k a -k=", "", "wm-x: -k: must not be empty" + usage},
		{"--wait=", "", "wm-x: --wait: must not be empty" + usage},
		{"", "WM_X_CURSOR=", "wm-x: WM_X_CURSOR: must not be empty\nwm-x: hint: unset WM_X_CURSOR\n"},
		{"", "WM_X_N=", "wm-x: WM_X_N: must not be empty\nwm-x: hint: unset WM_X_N\n"},
		{"", "WM_X_ALL=", "wm-x: WM_X_ALL: must not be empty\nwm-x: hint: unset WM_X_ALL\n"},
		{"", "WM_X_CONFIG=", "wm-x: WM_X_CONFIG: must not be empty\nwm-x: hint: unset WM_X_CONFIG\n"},
		{"", "WM_X_N=no", `wm-x: WM_X_N: not a whole number: "no"` + usage},
		{"", "WM_X_ALL=no", `wm-x: WM_X_ALL: "no" is not true or false` + usage},
		{"-e=", "", ""},
	}
	for _, tt := range tests {
		for _, command := range []string{"", "sub "} {
			t.Run(command+tt.args+tt.env, func(t *testing.T) {
				if name, value, ok := strings.Cut(tt.env, "="); ok {
					t.Setenv(name, value)
				}
				called := false
				got := runApp(t, func(*cli.Context) { called = true }, strings.Fields(command+tt.args)...)
				if got != tt.want || called != (tt.want == "") {
					t.Errorf("called: %v, message\n%swant\n%s", called, got, tt.want)
				}
			})
		}
	}
}

func TestInvalidConfiguration(t *testing.T) {
	for text, want := range map[string]string{
		"wm-x:\n  cursor: ''":  "2: cursor: must not be empty",
		"wm-x:\n  k: [a, '']":  "2: k: must not be empty",
		"wm-x:\n  n: ''":       "2: n: must not be empty",
		"wm-x:\n  n: 0":        `2: n: "0" is less than 1`,
		"wm-x:\n  size: 5M":    `2: size: not a size: "5M"`,
		"wm-x:\n  all: yes!":   `2: all: "yes!" is not true or false`,
		"wm-x:\n  cursr: a":    `2: unknown key "cursr"`,
		"wm-x:\n  cursor: [b]": "",
	} {
		name := filepath.Join(t.TempDir(), "wm.yaml")
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		got, _, _ := strings.Cut(runApp(t, func(*cli.Context) {}, "--config", name), "\n")
		if want != "" {
			want = "wm-x: " + name + ":" + want
		}
		if got != want {
			t.Errorf("%s: message %q, want %q", text, got, want)
		}
	}
}

func TestBoundedPanicsOnItsOwnText(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	Bounded(func(string) (int64, error) { return 0, errors.New("no") }, "1", "", "")
}
