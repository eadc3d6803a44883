package app

import (
	"strings"

	"github.com/urfave/cli/v2"
)

// permute moves flags before the other arguments, so that they may follow them as
// in GNU tools (wm-grep PATTERN -c): urfave/cli takes a flag after the first
// argument for an argument. Everything after "--" stays an argument.
func permute(a *cli.App, args []string) []string {
	if len(args) < 2 {
		return args
	}
	out := args[:1:1]
	rest, flags := args[1:], a.Flags
	for _, c := range a.Commands {
		if c.HasName(rest[0]) {
			out, rest, flags = append(out, rest[0]), rest[1:], c.Flags
			break
		}
	}
	if asksHelp(flags, rest) {
		return append(out, "--help") // with arguments, urfave/cli looks for a help topic
	}
	return append(out, flagsFirst(flags, rest)...)
}

// asksHelp reports whether -h or --help is among the flags.
func asksHelp(flags []cli.Flag, args []string) bool {
	for i := 0; i < len(args) && args[i] != "--"; i++ {
		switch arg := args[i]; {
		case arg == "-h" || arg == "--help":
			return true
		case strings.HasPrefix(arg, "-") && arg != "-":
			if _, value := attached(flags, arg); value == "" && wantsValue(flags, arg) {
				i++
			}
		}
	}
	return false
}

func flagsFirst(flags []cli.Flag, args []string) []string {
	var front, back []string
	for i := 0; i < len(args); i++ {
		switch arg := args[i]; {
		case arg == "--":
			back = append(back, args[i+1:]...)
			i = len(args)
		case arg == "-" || !strings.HasPrefix(arg, "-"):
			back = append(back, arg)
		default:
			if group, value := attached(flags, arg); value != "" {
				front = append(front, group, value)
				continue
			}
			front = append(front, arg)
			if wantsValue(flags, arg) && i+1 < len(args) {
				i++
				front = append(front, args[i])
			}
		}
	}
	if len(back) > 0 {
		front = append(front, "--")
	}
	return append(front, back...)
}

// attached splits a group of short flags (-m5, -im5) after the first that takes
// a value, if the value follows in the same argument.
func attached(flags []cli.Flag, arg string) (group, value string) {
	name, _, _ := strings.Cut(arg[1:], "=")
	if strings.HasPrefix(arg, "--") || lookup(flags, name) != nil {
		return "", ""
	}
	for i, c := range arg[1:] {
		f, ok := lookup(flags, string(c)).(cli.DocGenerationFlag)
		switch end := 1 + i + len(string(c)); {
		case !ok:
			return "", ""
		case f.TakesValue():
			return arg[:end], arg[end:]
		}
	}
	return "", ""
}

// wantsValue reports whether the argument after arg is arg's value. In a group
// of short flags (-ic) only the last can have one.
func wantsValue(flags []cli.Flag, arg string) bool {
	name := strings.TrimLeft(arg, "-")
	if strings.Contains(name, "=") {
		return false
	}
	if !strings.HasPrefix(arg, "--") && len(name) > 1 && lookup(flags, name) == nil {
		name = name[len(name)-1:]
	}
	f, ok := lookup(flags, name).(cli.DocGenerationFlag)
	return ok && f.TakesValue()
}

func lookup(flags []cli.Flag, name string) cli.Flag {
	for _, f := range flags {
		for _, n := range f.Names() {
			if n == name {
				return f
			}
		}
	}
	return nil
}
