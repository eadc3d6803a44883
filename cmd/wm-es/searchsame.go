package main

import (
	"net/url"
	"os"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
)

// connectionArgs repeats the flags of connection, for a command that the user
// may copy: it has to ask the same server for the same index. What is in the
// environment holds for that command too. Passwords are not shown.
func connectionArgs(c *cli.Context) (args []string) {
	for _, f := range connection() {
		name := f.Names()[0]
		if !c.IsSet(name) || slices.Contains(environment(c, name), flagText(c, name)) {
			continue
		}
		switch name {
		case "insecure-tls":
			args = append(args, "--insecure-tls")
		case "es":
			for _, list := range c.StringSlice(name) {
				args = append(args, "--es", withoutPasswords(list))
			}
		default:
			args = append(args, "--"+name, c.String(name))
		}
	}
	return args
}

func flagText(c *cli.Context, name string) string {
	if name == "es" {
		return strings.Join(c.StringSlice(name), ",")
	}
	return c.String(name)
}

// environment returns what the variables of a flag hold.
func environment(c *cli.Context, name string) (values []string) {
	for _, f := range c.Command.Flags {
		if d, ok := f.(cli.DocGenerationFlag); ok && slices.Contains(f.Names(), name) {
			for _, variable := range d.GetEnvVars() {
				values = append(values, os.Getenv(variable))
			}
		}
	}
	return values
}

func withoutPasswords(list string) string {
	all := addresses(list)
	for i, address := range all {
		if u, err := url.Parse(address); err == nil {
			all[i] = u.Redacted()
		}
	}
	return strings.Join(all, ",")
}
