package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/wmtools/wm/lib/app"
)

const notice = "Made by scripts/generate from the flags of the program; do not edit."

// program is a program whose arguments are completed.
type program struct {
	app.Description
	fields []string
}

// commands are the ways to call the program: without a command, and with each.
func (p program) commands() []app.Description {
	return append([]app.Description{{Flags: p.Flags}}, p.Commands...)
}

func (p program) commandNames() (names []string) {
	for _, c := range p.Commands {
		names = append(names, c.Name)
	}
	return names
}

// kind is what completes an argument.
type kind int

const (
	nothing kind = iota
	file
	field       // a field of events, followed by an operator
	fieldList   // fields separated by commas
	serverField // a field of the index
	streamName
	commandName
)

// choices are the values of flags that have few.
var choices = map[string][]string{
	"color": {"auto", "always", "never"},
	"sort":  {"newest", "oldest"},
	"by":    {"count", "users", "added", "removed", "net"},
}

// kindOf returns what completes the value of a flag.
func kindOf(f app.FlagText) kind {
	switch f.Value {
	case "FILE", "DIR":
		return file
	case "TERM", "TERMS":
		return field
	case "FIELDS":
		return fieldList
	}
	return nothing
}

// argument returns what completes the arguments of a program or command.
func (p program) argument(command string) kind {
	switch p.Name + " " + command {
	case "wm-tail ":
		return streamName
	case "wm-grep ", "wm-cut ", "wm-es rejects":
		return file
	case "wm-es ":
		return commandName
	case "wm-es top", "wm-es search", "wm-es count":
		return serverField
	}
	return nothing
}

func dashed(names []string) (list []string) {
	for _, n := range names {
		if len(n) == 1 {
			list = append(list, "-"+n)
		} else {
			list = append(list, "--"+n)
		}
	}
	return list
}

func flagNames(flags []app.FlagText) (names []string) {
	for _, f := range flags {
		names = append(names, dashed(f.Names)...)
	}
	slices.Sort(names)
	return names
}

// streams are offered if wm-tail --list prints none.
var streams = []string{"recentchange", "page-create", "page-delete", "page-move", "page-properties-change", "page-undelete", "page-links-change", "revision-create", "revision-tags-change", "revision-visibility-change", "page_change.v1", "page_revert_risk_prediction_change.v1"}

// function is the name of a shell function of the program.
func (p program) function(suffix string) string {
	return "_" + strings.ReplaceAll(p.Name, "-", "_") + suffix
}

// valued returns the flags that take a value, of all commands, grouped by what
// completes it. The key is the list of choices, or the kind.
func (p program) valued() map[string][]string {
	groups := map[string][]string{}
	for _, c := range p.commands() {
		for _, f := range c.Flags {
			if f.Value == "" {
				continue
			}
			group := fmt.Sprint(kindOf(f))
			if list := choices[f.Names[0]]; list != nil {
				group = strings.Join(list, " ")
			}
			for _, name := range dashed(f.Names) {
				if !slices.Contains(groups[group], name) {
					groups[group] = append(groups[group], name)
				}
			}
		}
	}
	return groups
}
