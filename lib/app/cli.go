package app

import (
	"bytes"
	"io"
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
	print := cli.HelpPrinterCustom
	cli.HelpPrinterCustom = func(w io.Writer, template string, data any, funcs map[string]any) {
		var page bytes.Buffer
		print(&page, template, data, funcs)
		for line := range strings.Lines(page.String()) {
			_, _ = io.WriteString(w, wrap(strings.TrimSuffix(line, "\n"))+"\n")
		}
	}
	a.Flags = append(a.Flags, configFlag(), printConfigFlag(), describeFlag())
	a.Action = configured(a.Flags, a.Action)
	name(a.Flags, a.Name)
	for _, c := range a.Commands {
		c.Flags = append(c.Flags, configFlag(), printConfigFlag())
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
		if !isSetting(long) && long != "config" {
			continue
		}
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
