package app

import (
	"strings"

	"github.com/urfave/cli/v2"
)

// prepare sets what urfave/cli leaves open or does otherwise than a Unix tool:
// stdout carries data only, so usage errors go to stderr through Main; -v
// belongs to wm-grep, so --version has no short form; values keep their commas
// and blanks; nothing exits behind Main's back.
func prepare(a *cli.App) {
	a.Version = Version()
	a.HideHelpCommand = true
	a.UseShortOptionHandling = true
	a.DisableSliceFlagSeparator = true
	a.OnUsageError = usageError
	a.ExitErrHandler = func(*cli.Context, error) {}
	a.CustomAppHelpTemplate = appHelp
	cli.VersionFlag = &cli.BoolFlag{Name: "version", Usage: "print the version"}
	cli.HelpFlag = &cli.BoolFlag{Name: "help", Aliases: []string{"h"}, Hidden: true} // whoever reads its page knows it
	cli.VersionPrinter = func(c *cli.Context) {
		_, _ = c.App.Writer.Write([]byte(c.App.Name + " " + c.App.Version + "\n"))
	}
	cli.FlagStringer = describe
	a.Flags = append(a.Flags, configFlag())
	a.Action = configured(a.Name, a.Flags, a.Action)
	name(a.Flags, a.Name)
	for _, c := range a.Commands {
		c.Flags = append(c.Flags, configFlag())
		c.Action = configured(a.Name, c.Flags, c.Action)
		c.HideHelpCommand = true
		c.OnUsageError = usageError
		c.UseShortOptionHandling = true
		c.CustomHelpTemplate = commandHelp
		name(c.Flags, a.Name)
	}
}

func usageError(_ *cli.Context, err error, _ bool) error {
	return Usage("%w", err)
}

// shared names the settings that all binaries read from the same variables.
var shared = map[string]string{"es": "WM_ES", "index": "WM_INDEX"}

// name gives every flag its environment variable: WM_, the tool, the flag.
func name(flags []cli.Flag, tool string) {
	for _, f := range flags {
		long := longest(f.Names())
		env, ok := shared[long]
		if !ok {
			env = strings.ToUpper(strings.ReplaceAll(tool+"_"+long, "-", "_"))
		}
		switch f := f.(type) {
		case *cli.StringFlag:
			f.EnvVars = []string{env}
		case *cli.StringSliceFlag:
			f.EnvVars, f.KeepSpace = []string{env}, true
		case *cli.BoolFlag:
			f.EnvVars = []string{env}
		case *cli.Int64Flag:
			f.EnvVars = []string{env}
		case *cli.DurationFlag:
			f.EnvVars = []string{env}
		}
	}
}

func longest(names []string) string {
	long := ""
	for _, n := range names {
		if len(n) > len(long) {
			long = n
		}
	}
	return long
}

// describe renders a flag for the help page, which must fit a screen: the name
// of its environment variable follows a rule that the man page has.
func describe(f cli.Flag) string {
	d, ok := f.(cli.DocGenerationFlag)
	if !ok {
		return ""
	}
	usage := d.GetUsage()
	value := ""
	if before, rest, ok := strings.Cut(usage, "`"); ok {
		name, after, _ := strings.Cut(rest, "`")
		value, usage = " "+name, before+name+after
	}
	var names []string
	for _, n := range f.Names() {
		dashes := "--"
		if len(n) == 1 {
			dashes = "-"
		}
		names = append(names, dashes+n)
	}
	if def := d.GetDefaultText(); d.TakesValue() && def != "" && def != "0" && def != `""` {
		usage += " (default " + strings.Trim(def, `"`) + ")"
	}
	return strings.Join(names, ", ") + value + "\t" + usage
}

const flagHelp = `{{range .VisibleFlags}}  {{.}}
{{end}}`

const appHelp = `{{.Name}} - {{.Usage}}

{{.Description}}

usage: {{.UsageText}}
{{if .VisibleCommands}}{{range .VisibleCommands}}
  {{.Name}}{{"\t"}}{{.Usage}}{{end}}

{{end}}` + flagHelp

const commandHelp = `{{.HelpName}} - {{.Usage}}

{{.Description}}

usage: {{.UsageText}}
` + flagHelp
