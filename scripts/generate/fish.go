package main

import (
	"fmt"
	"strings"

	"github.com/wmtools/wm/lib/app"
)

// fish returns the completion for fish, to be put into a folder of
// $fish_complete_path.
func (p program) fish() string {
	var b strings.Builder
	fmt.Fprintf(&b, "# Completion of %s for fish. %s\n\ncomplete -c %s -f\n", p.Name, notice, p.Name)
	for _, c := range p.commands() {
		when := ""
		switch {
		case c.Name != "":
			when = " -n '__fish_seen_subcommand_from " + c.Name + "'"
		case len(p.Commands) > 0:
			when = " -n 'not __fish_seen_subcommand_from " + strings.Join(p.commandNames(), " ") + "'"
		}
		line := "complete -c " + p.Name + when
		for _, f := range c.Flags {
			b.WriteString(line + p.fishFlag(f) + "\n")
		}
		if k := p.argument(c.Name); k == commandName {
			for _, sub := range p.Commands {
				fmt.Fprintf(&b, "%s -a %s -d %s\n", line, sub.Name, fishQuote(sub.Usage))
			}
		} else if values := p.fishValues(k); values != "" {
			b.WriteString(line + values + "\n")
		}
	}
	return b.String()
}

func (p program) fishFlag(f app.FlagText) (text string) {
	for _, n := range f.Names {
		if len(n) == 1 {
			text += " -s " + n
		} else {
			text += " -l " + n
		}
	}
	text += " -d " + fishQuote(f.Usage)
	if f.Value == "" {
		return text
	}
	if list := choices[f.Names[0]]; list != nil {
		return text + " -x -a '" + strings.Join(list, " ") + "'"
	}
	if kindOf(f) == file {
		return text + " -r -F"
	}
	return text + " -x" + p.fishValues(kindOf(f))
}

// fishValues returns the options that offer values.
func (p program) fishValues(k kind) string {
	fields := strings.Join(p.fields, " ")
	switch k {
	case file:
		return " -F"
	case field:
		return " -a '" + fields + "'"
	case fieldList:
		return ` -a '(__fish_append , ` + fields + `)'`
	case serverField:
		return ` -a '(wm-es top --fields 2>/dev/null; or string split " " "` + fields + `")'`
	case streamName:
		return ` -a '(wm-tail --list 2>/dev/null; or string split " " "` + strings.Join(streams, " ") + `")'`
	}
	return ""
}

func fishQuote(text string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, "'", `\'`).Replace(text) + "'"
}
