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

// programs are the binaries that share a file of settings, and the flags of
// each, which are the keys of the file.
var programs = map[string]string{
	"wm-tail": "since until n cursor resume watermark canary contact retry-for max-event url list input metrics q overlap idle",
	"wm-grep": "e f F i w x v o c m q H no-filename color k any query since until j drain max-line stats n",
	"wm-es": "es index user password-file api-key-file ca fingerprint cloud-id insecure-tls cursor rejects workers gzip flush batch-bytes " +
		"retry-for drain max-line metrics canary n q shards replicas refresh ilm-policy recreate yes diff print " +
		"k since until sort all derived by per csv keep dry-run back",
	"wm-store": "data listen q",
	"wm-serve": "es index listen q",
}

// Settings returns the keys that a file of settings may have for a program.
func Settings(program string) []string { return strings.Fields(programs[program]) }

func configFlag() cli.Flag {
	return &cli.StringFlag{Name: "config", Usage: "settings from `FILE`, in YAML", Hidden: true}
}

// configured runs an action with the settings of --config: flags and the
// environment go before them.
func configured(program string, flags []cli.Flag, action cli.ActionFunc) cli.ActionFunc {
	return func(c *cli.Context) error {
		if name := c.String("config"); name != "" {
			found, err := readConfig(name, program)
			if err != nil {
				return err
			}
			if err := found.apply(c, name, flags); err != nil {
				return err
			}
		}
		return action(c)
	}
}

// config is what a file sets: the values of each key, which are several for
// some.
type config map[string]entry

type entry struct {
	line   int
	values []string
}

// apply sets the flags that are not set.
func (s config) apply(c *cli.Context, name string, flags []cli.Flag) error {
	for _, f := range flags {
		flag := longest(f.Names())
		e, ok := s[flag]
		if !ok || c.IsSet(flag) {
			continue
		}
		if _, several := f.(*cli.StringSliceFlag); !several && len(e.values) != 1 {
			return fmt.Errorf("%s:%d: %s takes one value, not %d", name, e.line, flag, len(e.values))
		}
		for _, value := range e.values {
			if err := c.Set(flag, value); err != nil {
				return fmt.Errorf("%s:%d: %s: not a value for it: %q", name, e.line, flag, value)
			}
		}
	}
	return nil
}

// readConfig returns the settings of a program: those of its section, and
// those on top that it has. What no program has is an error, for it would be
// ignored.
func readConfig(name, program string) (config, error) {
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
	r := configReader{name: name, found: config{}, own: config{}, program: program}
	if err := r.top(document.Content[0]); err != nil {
		return nil, err
	}
	maps.Copy(r.found, r.own)
	return r.found, nil
}

type configReader struct {
	name    string // of the file
	program string
	found   config // on top
	own     config // of the program's section
}

func (r configReader) top(node *yaml.Node) error {
	return r.pairs(node, func(key, value *yaml.Node) error {
		if _, ok := programs[key.Value]; ok {
			return r.section(key.Value, value)
		}
		return r.setting(key, value, everySetting(), r.found)
	})
}

func (r configReader) section(program string, node *yaml.Node) error {
	into := config{} // another's is looked at, and not kept
	if program == r.program {
		into = r.own
	}
	return r.pairs(node, func(key, value *yaml.Node) error {
		return r.setting(key, value, Settings(program), into)
	})
}

// pairs goes through a mapping. An empty one may be left out.
func (r configReader) pairs(node *yaml.Node, each func(key, value *yaml.Node) error) error {
	if node.Tag == "!!null" {
		return nil
	}
	if node.Kind != yaml.MappingNode {
		return r.wrong(node, "not lines of KEY: VALUE")
	}
	for i := 0; i+1 < len(node.Content); i += 2 {
		if err := each(node.Content[i], node.Content[i+1]); err != nil {
			return err
		}
	}
	return nil
}

// setting notes one, if it is among the known.
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
			return r.wrong(v, "%s: neither a value nor a list of values", key.Value)
		}
		e.values = append(e.values, v.Value)
	}
	into[key.Value] = e
	return nil
}

func (r configReader) wrong(node *yaml.Node, format string, args ...any) error {
	return fmt.Errorf("%s:%d: %s", r.name, node.Line, fmt.Sprintf(format, args...))
}

// everySetting returns the names that may stand on top: those of the programs,
// and of what any of them knows.
func everySetting() (all []string) {
	for program := range programs {
		all = append(append(all, program), Settings(program)...)
	}
	slices.Sort(all) // the nearest is always the same one
	return all
}

// nearest returns the name that is most like a misspelt one.
func nearest(name string, known []string) string {
	var flags []cli.Flag
	for _, k := range known {
		flags = append(flags, &cli.BoolFlag{Name: k})
	}
	return strings.TrimLeft(cli.SuggestFlag(flags, name, true), "-")
}
