package main

import (
	"fmt"
	"strings"

	"github.com/wmtools/wm/lib/app"
)

// zsh returns the completion for zsh, to be put into a folder of $fpath.
func (p program) zsh() string {
	var b strings.Builder
	fmt.Fprintf(&b, "#compdef %s\n# Completion of %s for zsh. %s\n\n", p.Name, p.Name, notice)
	for _, k := range []kind{field, fieldList, serverField, streamName, commandName} {
		if body := p.zshBody(k); p.uses(k) {
			fmt.Fprintf(&b, "(( $+functions[%s] )) ||\n%s() {\n%s}\n\n", p.zshFunction(k), p.zshFunction(k), body)
		}
	}
	fmt.Fprintf(&b, "_%s() {\n", p.Name)
	if len(p.Commands) > 0 {
		b.WriteString("\tlocal command=${words[2]}\n\tif (( CURRENT > 2 )); then\n\t\tcase $command in\n")
		for _, c := range p.Commands {
			fmt.Fprintf(&b, "\t\t%s)\n\t\t\tshift words\n\t\t\t(( CURRENT-- ))\n\t\t\t%s\n\t\t\treturn\n\t\t\t;;\n", c.Name, p.zshArguments(c))
		}
		b.WriteString("\t\tesac\n\tfi\n")
	}
	fmt.Fprintf(&b, "\t%s\n}\n\n_%s \"$@\"\n", p.zshArguments(app.Description{Flags: p.Flags}), p.Name)
	return b.String()
}

// uses reports whether an argument or the value of a flag is of a kind.
func (p program) uses(k kind) bool {
	for _, c := range p.commands() {
		if p.argument(c.Name) == k {
			return true
		}
		for _, f := range c.Flags {
			if f.Value != "" && kindOf(f) == k {
				return true
			}
		}
	}
	return false
}

func (p program) zshFunction(k kind) string {
	if k == file {
		return "_files"
	}
	return p.function([]string{field: "_field", fieldList: "_fields", serverField: "_indexed", streamName: "_streams", commandName: "_commands"}[k])
}

func (p program) zshBody(k kind) string {
	fields := strings.Join(p.fields, " ")
	switch k {
	case fieldList:
		return "\tlocal -a names=(" + fields + ")\n\t_sequence compadd - $names\n"
	case serverField:
		return "\tlocal -a names=(${(f)\"$(wm-es top --fields 2>/dev/null)\"})\n\t(( $#names )) || names=(" + fields + ")\n\tcompadd -q -S '' -- $names\n"
	case streamName:
		return "\tlocal -a names=(${(f)\"$(wm-tail --list 2>/dev/null)\"})\n\t(( $#names )) || names=(" + strings.Join(streams, " ") + ")\n\tcompadd -- $names\n"
	case commandName:
		text := "\tlocal -a names=(\n"
		for _, c := range p.Commands {
			text += "\t\t" + quote(c.Name+":"+c.Usage) + "\n"
		}
		return text + "\t)\n\t_describe command names\n"
	}
	return "\tlocal -a names=(" + fields + ")\n\tcompadd -q -S '' -- $names\n"
}

func (p program) zshArguments(c app.Description) string {
	text := "_arguments -s -S"
	for _, f := range c.Flags {
		for _, name := range dashed(f.Names) {
			text += " \\\n\t\t" + quote(p.zshFlag(f, name))
		}
	}
	if k := p.argument(c.Name); k != nothing {
		text += " \\\n\t\t" + quote("*:argument:"+p.zshFunction(k))
	}
	return text
}

func (p program) zshFlag(f app.FlagText, name string) string {
	special := strings.NewReplacer("[", `\[`, "]", `\]`, ":", `\:`)
	spec := name + "[" + special.Replace(f.Usage) + "]"
	if f.Repeats {
		spec = "*" + spec
	}
	if f.Value == "" {
		return spec
	}
	action := ""
	switch list := choices[f.Names[0]]; {
	case list != nil:
		action = "(" + strings.Join(list, " ") + ")"
	case kindOf(f) != nothing:
		action = p.zshFunction(kindOf(f))
	default:
		action = " "
	}
	return spec + ":" + f.Value + ":" + action
}

// quote quotes text for a shell.
func quote(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }
