package esconn

import (
	"net/url"
	"os"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
)

// Args returns the arguments among flags that were given on the command line, for
// a command that the user may copy. Those from the environment also apply to that
// command and are left out. Passwords are not shown.
func Args(c *cli.Context, flags []cli.Flag) (args []string) {
	for _, f := range flags {
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

// environment returns the contents of the variables of a flag.
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
