package app

import (
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
	"go.yaml.in/yaml/v3"
)

const printConfigName = "print-config"

func printConfigFlag() cli.Flag {
	return &cli.BoolFlag{Name: printConfigName, Usage: "print all settings and where they come from", Hidden: true}
}

// secrets are environment variables that have no flag, because all users of a
// machine can see its command lines.
var secrets = []string{"WM_ES_PASSWORD", "WM_ES_API_KEY"}

// setting is a setting as --print-config shows it.
type setting struct {
	key, value string // the value as YAML; empty: not set
	source     string
}

// printConfig writes the settings as a section of a configuration file, with the
// source of each. found is what the file of --config sets.
func printConfig(w io.Writer, c *cli.Context, flags []cli.Flag, found config) error {
	var all []setting
	width := 0
	given := onCommandLine(flags, permute(c.App, os.Args)[1:])
	for _, f := range flags {
		name := longest(f.Names())
		d, ok := f.(cli.DocGenerationFlag)
		if !ok || isRejected(d) || !isSetting(name) {
			continue
		}
		s := newSetting(c, d, name, slices.Contains(given, name), found)
		all = append(all, s)
		width = max(width, len(s.text()))
	}
	text := c.App.Name + ":\n"
	for _, s := range all {
		text += fmt.Sprintf("  %-*s  # %s\n", min(width, 48), s.text(), s.source)
	}
	for _, name := range secrets {
		if os.Getenv(name) != "" && takesSecrets(flags) {
			text += fmt.Sprintf("# %s is set\n", name)
		}
	}
	_, err := io.WriteString(w, text)
	return err
}

// newSetting returns the setting of a flag. given says whether the flag is on the
// command line.
func newSetting(c *cli.Context, f cli.DocGenerationFlag, name string, given bool, found config) setting {
	s := setting{key: name, value: shownValue(c, f, name)}
	switch e, inFile := found[name]; {
	case given:
		s.source = "command line"
	case variable(f) != "":
		s.source = variable(f)
	case inFile:
		s.source = fmt.Sprintf("%s:%d", c.String("config"), e.line)
	case s.value != "":
		s.source = "default"
	case defaultText(f) != "":
		s.key, s.source = "# "+name, "default: "+strings.Trim(defaultText(f), `"`)
	default:
		s.key, s.source = "# "+name, "not set"
	}
	return s
}

func (s setting) text() string { return strings.TrimSuffix(s.key+": "+s.value, " ") }

// isSetting reports whether a flag may be in a configuration file.
func isSetting(name string) bool {
	return !slices.Contains([]string{"config", printConfigName, describeName, "help", "version"}, name)
}

// takesSecrets reports whether a program with these flags connects to
// Elasticsearch.
func takesSecrets(flags []cli.Flag) bool { return lookup(flags, "password-file") != nil }

// onCommandLine returns the flags among arguments in which flags come first.
func onCommandLine(flags []cli.Flag, args []string) (given []string) {
	for i := 0; i < len(args) && args[i] != "--"; i++ {
		name, _, _ := strings.Cut(strings.TrimLeft(args[i], "-"), "=")
		group := []string{name}
		if lookup(flags, name) == nil {
			group = strings.Split(name, "") // short flags, as in -ic
		}
		for _, name := range group {
			if f := lookup(flags, name); f != nil {
				given = append(given, longest(f.Names()))
			}
		}
		if wantsValue(flags, args[i]) {
			i++
		}
	}
	return given
}

// variable returns the environment variable that sets a flag, or "".
func variable(f cli.DocGenerationFlag) string {
	for _, name := range f.GetEnvVars() {
		if _, set := os.LookupEnv(name); set {
			return name
		}
	}
	return ""
}

// password is the password in a URL.
var password = regexp.MustCompile(`(://[^/@:\s]*:)\S*@`)

// shownValue returns the value of a flag as YAML, without passwords, or "" if it
// has none.
func shownValue(c *cli.Context, f cli.DocGenerationFlag, name string) string {
	var value any
	switch f := f.(type) {
	case *cli.BoolFlag:
		if f.DefaultText != "" && !c.IsSet(name) {
			return ""
		}
		value = c.Bool(name)
	case *cli.StringSliceFlag, MayBeEmpty:
		if !c.IsSet(name) {
			return ""
		}
		value = c.StringSlice(name)
	case *cli.GenericFlag:
		return asWritten(f.Value) // a number, size or duration
	default:
		value = c.String(name)
	}
	if value == "" {
		return ""
	}
	var node yaml.Node
	if err := node.Encode(value); err != nil {
		return ""
	}
	node.Style = yaml.FlowStyle
	text, err := yaml.Marshal(&node)
	if err != nil {
		return ""
	}
	return password.ReplaceAllString(strings.TrimSpace(string(text)), "${1}***@")
}

// asWritten returns the value of a flag as the user wrote it, if the flag keeps
// it.
func asWritten(v cli.Generic) string {
	if w, ok := v.(interface{ written() string }); ok {
		return w.written()
	}
	return v.String()
}
