package app

import (
	"encoding/json"
	"io"
	"strings"

	"github.com/urfave/cli/v2"
)

const describeName = "describe"

func describeFlag() cli.Flag {
	return &cli.BoolFlag{Name: describeName, Usage: "print the commands and flags as JSON", Hidden: true}
}

// Description is the output of --describe, for the tools that generate completions and
// check man pages.
type Description struct {
	Name     string        `json:"name"` // of the program or command
	Usage    string        `json:"usage"`
	Flags    []FlagText    `json:"flags"`
	Commands []Description `json:"commands,omitempty"`
}

// FlagText describes a flag.
type FlagText struct {
	Names    []string `json:"names"` // without dashes
	Value    string   `json:"value,omitempty"`
	Usage    string   `json:"usage"`
	Default  string   `json:"default,omitempty"`
	Variable string   `json:"variable,omitempty"` // in the environment
	Repeats  bool     `json:"repeats,omitempty"`
}

func describeProgram(w io.Writer, a *cli.App) error {
	d := Description{Name: a.Name, Usage: a.Usage, Flags: flagTexts(a.Flags)}
	d.Flags = append(d.Flags, FlagText{Names: []string{"help", "h"}, Usage: "print a short help"})
	for _, c := range a.Commands {
		d.Commands = append(d.Commands, Description{Name: c.Name, Usage: c.Usage, Flags: flagTexts(c.Flags)})
	}
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", " ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(d)
}

func flagTexts(flags []cli.Flag) (texts []FlagText) {
	for _, f := range flags {
		d, ok := f.(cli.DocGenerationFlag)
		if !ok || isRejected(d) || f.Names()[0] == describeName || f.Names()[0] == "help" {
			continue
		}
		text := FlagText{Names: f.Names(), Usage: strings.ReplaceAll(d.GetUsage(), "`", "")}
		if d.TakesValue() {
			_, rest, _ := strings.Cut(d.GetUsage(), "`")
			text.Value, _, _ = strings.Cut(rest, "`")
			text.Default = strings.Trim(defaultText(d), `"`)
		}
		if names := d.GetEnvVars(); len(names) > 0 {
			text.Variable = names[0]
		}
		switch f.(type) {
		case *cli.StringSliceFlag, MayBeEmpty:
			text.Repeats = true
		}
		texts = append(texts, text)
	}
	return texts
}

// isRejected reports whether a flag exists only so that its use can be explained:
// it has no description.
func isRejected(f cli.DocGenerationFlag) bool { return f.GetUsage() == "" }
