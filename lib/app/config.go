package app

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
	"go.yaml.in/yaml/v3"
)

// programs share a configuration file, with a section each.
var programs = []string{"wm-tail", "wm-grep", "wm-cut", "wm-es", "wm-store", "wm-serve"}

func configFlag() cli.Flag {
	return &cli.StringFlag{Name: "config", Usage: "read settings from `FILE` (YAML)", Hidden: true}
}

// configured returns an action that rejects empty values and applies the file of
// --config, over which flags and the environment take precedence.
func configured(flags []cli.Flag, action cli.ActionFunc) cli.ActionFunc {
	return func(c *cli.Context) error {
		if err := rejectEmpty(c, flags); err != nil {
			return err
		}
		var found config
		if name := c.String("config"); name != "" {
			var err error
			if found, err = readConfig(name, c.App); err != nil {
				return err
			}
			if err := found.apply(c, name, flags); err != nil {
				return err
			}
		}
		switch {
		case c.Bool(printConfigName):
			return printConfig(c.App.Writer, c, flags, found)
		case c.Bool(describeName):
			return describeProgram(c.App.Writer, c.App)
		}
		return action(c)
	}
}

// config is what a file sets, by key.
type config map[string]entry

type entry struct {
	line   int
	values []string // more than one if the file has a list
}

// apply sets the flags that are not set yet.
func (s config) apply(c *cli.Context, name string, flags []cli.Flag) error {
	for _, f := range flags {
		flag := longest(f.Names())
		e, ok := s[flag]
		if !ok || c.IsSet(flag) {
			continue
		}
		if err := e.apply(c, f, flag); err != nil {
			return fmt.Errorf("%s:%d: %s: %w", name, e.line, flag, err)
		}
	}
	return nil
}

func (e entry) apply(c *cli.Context, f cli.Flag, flag string) error {
	_, isBool := f.(*cli.BoolFlag)
	switch f.(type) {
	case *cli.StringSliceFlag, MayBeEmpty:
	default:
		if len(e.values) != 1 {
			return fmt.Errorf("takes one value, not %d", len(e.values))
		}
	}
	for _, value := range e.values {
		if _, ok := f.(MayBeEmpty); value == "" && !ok {
			return errEmpty
		}
		if err := c.Set(flag, value); err != nil && isBool {
			return fmt.Errorf("%q is not true or false", value)
		} else if err != nil {
			return err
		}
	}
	return nil
}

// readConfig returns the settings of a program: its section and the shared
// settings at the top. The sections of other programs are left to them.
func readConfig(name string, a *cli.App) (config, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var document yaml.Node
	if err := yaml.NewDecoder(f).Decode(&document); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: not YAML: %s", name, strings.TrimPrefix(err.Error(), "yaml: "))
	}
	if len(document.Content) == 0 {
		return nil, nil // an empty file
	}
	r := configReader{name: name, program: a.Name, keys: keysOf(a), top: config{}, own: config{}}
	if err := r.file(document.Content[0]); err != nil {
		return nil, err
	}
	maps.Copy(r.top, r.own)
	return r.top, nil
}

// keysOf returns the keys that a program's section may have: the flags of all
// its commands.
func keysOf(a *cli.App) (keys []string) {
	flags := a.Flags
	for _, c := range a.Commands {
		flags = append(flags[:len(flags):len(flags)], c.Flags...)
	}
	for _, f := range flags {
		if name := longest(f.Names()); isSetting(name) {
			keys = append(keys, name)
		}
	}
	slices.Sort(keys) // so that the nearest is always the same
	return slices.Compact(keys)
}

type configReader struct {
	name    string // of the file
	program string
	keys    []string // of the program
	top     config
	own     config // the program's section
}

func (r configReader) file(node *yaml.Node) error {
	known := append(slices.Sorted(maps.Keys(shared)), programs...)
	return r.pairs(node, func(key, value *yaml.Node) error {
		switch {
		case key.Value == r.program:
			return r.section(value)
		case slices.Contains(programs, key.Value):
			return nil
		case slices.Contains(r.keys, key.Value) && !slices.Contains(known, key.Value):
			return &advice{r.wrong(key, "%s is not a shared setting", key.Value), "put it in the section " + r.program}
		}
		return r.setting(key, value, known, r.top)
	})
}

func (r configReader) section(node *yaml.Node) error {
	return r.pairs(node, func(key, value *yaml.Node) error {
		return r.setting(key, value, r.keys, r.own)
	})
}

// pairs calls each for the pairs of a mapping, which may be empty.
func (r configReader) pairs(node *yaml.Node, each func(key, value *yaml.Node) error) error {
	if node.Tag == "!!null" {
		return nil
	}
	if node.Kind != yaml.MappingNode {
		return r.wrong(node, "not a mapping (KEY: VALUE)")
	}
	for i := 0; i+1 < len(node.Content); i += 2 {
		if err := each(node.Content[i], node.Content[i+1]); err != nil {
			return err
		}
	}
	return nil
}

// setting stores a setting, which must be among the known.
func (r configReader) setting(key, value *yaml.Node, known []string, into config) error {
	if !slices.Contains(known, key.Value) {
		return &advice{r.wrong(key, "unknown key %q", key.Value), "nearest is " + nearest(key.Value, known)}
	}
	if _, twice := into[key.Value]; twice {
		return r.wrong(key, "%s is set twice", key.Value)
	}
	e := entry{line: key.Line}
	list := []*yaml.Node{value}
	if value.Kind == yaml.SequenceNode {
		list = value.Content
	}
	for _, v := range list {
		if v.Kind != yaml.ScalarNode || v.Tag == "!!null" {
			return r.wrong(v, "%s: not a value or a list of values", key.Value)
		}
		e.values = append(e.values, v.Value)
	}
	into[key.Value] = e
	return nil
}

func (r configReader) wrong(node *yaml.Node, format string, args ...any) error {
	return fmt.Errorf("%s:%d: %s", r.name, node.Line, fmt.Sprintf(format, args...))
}

// nearest returns the known name most similar to a misspelled one.
func nearest(name string, known []string) string {
	var flags []cli.Flag
	for _, k := range known {
		flags = append(flags, &cli.BoolFlag{Name: k})
	}
	return strings.TrimLeft(cli.SuggestFlag(flags, name, true), "-")
}
