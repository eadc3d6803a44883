package app

import (
	"strings"

	"github.com/urfave/cli/v2"
)

// prepare makes urfave/cli behave like a Unix tool: stdout carries data only, so
// usage errors go to stderr through Main; --version has no short form, because
// -v belongs to wm-grep; values keep their commas and blanks; only Main exits.
func prepare(a *cli.App) {
	a.Version = Version()
	a.HideHelpCommand = true
	a.UseShortOptionHandling = true
	a.DisableSliceFlagSeparator = true
	a.OnUsageError = usageError
	a.ExitErrHandler = func(*cli.Context, error) {}
	a.CustomAppHelpTemplate = appHelp
	cli.VersionFlag = &cli.BoolFlag{Name: "version", Usage: "print the version"}
	cli.HelpFlag = &cli.BoolFlag{Name: "help", Aliases: []string{"h"}, Hidden: true} // no need to list -h in its own page
	cli.VersionPrinter = func(c *cli.Context) {
		_, _ = c.App.Writer.Write([]byte(c.App.Name + " " + c.App.Version + "\n"))
	}
	cli.FlagStringer = describe
	a.Flags = append(a.Flags, configFlag())
	a.Action = configured(a.Flags, a.Action)
	name(a.Flags, a.Name)
	for _, c := range a.Commands {
		c.Flags = append(c.Flags, configFlag())
		c.Action = configured(c.Flags, c.Action)
		c.HideHelpCommand = true
		c.OnUsageError = usageError
		c.UseShortOptionHandling = true
		c.CustomHelpTemplate = commandHelp
		name(c.Flags, a.Name)
	}
}

// shared are the settings of the connection to Elasticsearch, which programs
// share: their environment variables, by flag. Only these may be at the top of
// a configuration file.
var shared = map[string]string{
	"es":            "WM_ES",
	"index":         "WM_INDEX",
	"user":          "WM_ES_USER",
	"password-file": "WM_ES_PASSWORD_FILE",
	"api-key-file":  "WM_ES_API_KEY_FILE",
	"ca":            "WM_ES_CA",
	"fingerprint":   "WM_ES_FINGERPRINT",
	"cloud-id":      "WM_ES_CLOUD_ID",
	"insecure-tls":  "WM_ES_INSECURE_TLS",
}

// name sets the environment variable of every flag: WM_, the tool, the flag.
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
		case MayBeEmpty:
			f.EnvVars, f.KeepSpace = []string{env}, true
		case *cli.GenericFlag:
			f.EnvVars = []string{env}
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

// describe renders a flag for the help page. It leaves out the environment
// variable, so that the page fits a screen; the man page has the rule.
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
	if def := defaultText(d); d.TakesValue() && def != "" && def != "0" && def != `""` {
		usage += " (default " + strings.Trim(def, `"`) + ")"
	}
	return strings.Join(names, ", ") + value + "\t" + usage
}

func defaultText(f cli.DocGenerationFlag) string {
	if g, ok := f.(*cli.GenericFlag); ok && g.DefaultText == "" {
		if b, ok := g.Value.(interface{ defaultText() string }); ok {
			return b.defaultText()
		}
	}
	return f.GetDefaultText()
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
