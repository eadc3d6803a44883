package app

import (
	"strings"
	"unicode/utf8"

	"github.com/urfave/cli/v2"
)

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

// helpWidth is the width of a help page in columns.
const helpWidth = 80

// wrap breaks a line that is wider than a help page. What does not fit continues
// in the column where the description starts.
func wrap(line string) string {
	indent := strings.Repeat(" ", description(line))
	var lines []string
	for utf8.RuneCountInString(line) > helpWidth {
		end := strings.LastIndexByte(line[:helpWidth+1], ' ')
		if end <= len(indent) {
			break // one long word
		}
		lines = append(lines, line[:end])
		line = indent + strings.TrimLeft(line[end:], " ")
	}
	return strings.Join(append(lines, line), "\n")
}

// description returns the column after the first gap of two blanks in the text
// of a line, or that of the text if there is no gap.
func description(line string) int {
	text := strings.TrimLeft(line, " ")
	start := len(line) - len(text)
	gap := strings.Index(text, "  ")
	if gap < 0 {
		return start
	}
	rest := text[gap:]
	return start + gap + len(rest) - len(strings.TrimLeft(rest, " "))
}
