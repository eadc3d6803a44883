package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// bash returns the completion for bash, loaded as bash-completion does, by the
// name of the program, or with source.
func (p program) bash() string {
	var b strings.Builder
	fmt.Fprintf(&b, "# Completion of %s for bash. %s\n\n", p.Name, notice)
	fmt.Fprintf(&b, "%s() {\n", p.function(""))
	b.WriteString(`	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} command=
	case $cur in =) cur= ;; *) [[ $prev == = ]] && prev=${COMP_WORDS[COMP_CWORD - 2]} ;; esac
	COMPREPLY=()
`)
	if len(p.Commands) > 0 {
		fmt.Fprintf(&b, "\tcase ${COMP_WORDS[1]} in %s) ((COMP_CWORD > 1)) && command=${COMP_WORDS[1]} ;; esac\n", strings.Join(p.commandNames(), " | "))
	}
	b.WriteString("\tcase $prev in\n")
	groups := p.valued()
	for _, group := range slices.Sorted(maps.Keys(groups)) {
		fmt.Fprintf(&b, "\t%s)\n\t\t%s\n\t\treturn\n\t\t;;\n", strings.Join(groups[group], " | "), p.bashReply(group))
	}
	b.WriteString("\tesac\n\tcase $command in\n")
	for _, c := range slices.Backward(p.commands()) {
		pattern := c.Name
		if pattern == "" {
			pattern = "*"
		}
		fmt.Fprintf(&b, "\t%s)\n\t\tif [[ $cur == -* ]]; then\n\t\t\tCOMPREPLY=($(compgen -W '%s' -- \"$cur\"))\n", pattern, strings.Join(flagNames(c.Flags), " "))
		if reply := p.bashReply(fmt.Sprint(p.argument(c.Name))); reply != ":" {
			fmt.Fprintf(&b, "\t\telse\n\t\t\t%s\n", reply)
		}
		b.WriteString("\t\tfi\n\t\t;;\n")
	}
	fmt.Fprintf(&b, "\tesac\n}\n\ncomplete -F %s %s\n", p.function(""), p.Name)
	return b.String()
}

// bashReply returns the command that offers the values of a group of flags.
func (p program) bashReply(group string) string {
	words := func(list string) string { return `COMPREPLY=($(compgen -W "` + list + `" -- "$cur"))` }
	fields := strings.Join(p.fields, " ")
	switch group {
	case fmt.Sprint(nothing):
		return ":"
	case fmt.Sprint(file):
		return `COMPREPLY=($(compgen -f -- "$cur")); compopt -o filenames 2>/dev/null`
	case fmt.Sprint(field):
		return words(fields) + "; compopt -o nospace 2>/dev/null"
	case fmt.Sprint(fieldList):
		return `COMPREPLY=($(compgen -P "${cur%"${cur##*,}"}" -W "` + fields + `" -- "${cur##*,}")); compopt -o nospace 2>/dev/null`
	case fmt.Sprint(serverField):
		return words(`$(wm-es top --fields 2>/dev/null || echo `+fields+`)`) + "; compopt -o nospace 2>/dev/null"
	case fmt.Sprint(streamName):
		return words(`$(wm-tail --list 2>/dev/null || echo ` + strings.Join(streams, " ") + `)`)
	case fmt.Sprint(commandName):
		return words(strings.Join(p.commandNames(), " "))
	}
	return words(group)
}
