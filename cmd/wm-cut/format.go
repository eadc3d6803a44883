package main

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/wmtools/wm/lib/app"
	"github.com/wmtools/wm/lib/event"
	"github.com/wmtools/wm/lib/table"
)

// setFormat sets the format that the flags ask for.
func (s *settings) setFormat(c *cli.Context) error {
	name, err := formatName(c)
	if err != nil {
		return err
	}
	if err := checkFormat(c, name); err != nil {
		return err
	}
	if name == "line" {
		s.format, err = newLines(c)
		return err
	}
	columns, err := table.ParseColumns(strings.Join(c.StringSlice("f"), ","))
	if err != nil {
		return fmt.Errorf("-f: %w", err)
	}
	s.json = name == "json"
	s.hasID = slices.ContainsFunc(columns, func(c table.Column) bool { return c.Field == "meta.id" && c.Name == c.Field })
	s.format, err = table.New(columns, table.Options{
		Syntax: syntaxes[name],
		Header: c.Bool("header") || name == "csv" && !c.Bool("no-header"),
		Absent: c.String("absent"),
		Flat:   c.Bool("flat"),
	})
	if err != nil {
		return fmt.Errorf("-f: %w", err)
	}
	return nil
}

var syntaxes = map[string]table.Syntax{"tsv": table.TSV, "csv": table.CSV, "json": table.JSON}

// formatName returns the name of the format that the flags ask for.
func formatName(c *cli.Context) (string, error) {
	var names []string
	for _, name := range []string{"line", "tsv", "csv", "json"} {
		if c.Bool(name) {
			names = append(names, name)
		}
	}
	switch {
	case len(names) > 1:
		return "", app.Usage("--%s and --%s are different formats", names[0], names[1])
	case len(names) == 1:
		return names[0], nil
	case c.IsSet("f"):
		return "tsv", nil
	}
	return "line", nil
}

// checkFormat rejects flags that have no meaning in a format.
func checkFormat(c *cli.Context, name string) error {
	hasHeader := name == "tsv" || name == "csv"
	switch {
	case name == "line" && c.IsSet("f"):
		return app.Usage("--line chooses the fields itself; use -f with --tsv, --csv or --json")
	case name != "line" && !c.IsSet("f"):
		return event.WithHint(app.Usage("--%s needs -f FIELDS", name), "for example -f @timestamp,wiki,title,wm.user,wm.delta")
	case c.Bool("header") && c.Bool("no-header"):
		return app.Usage("--header and --no-header cannot be combined")
	case c.Bool("header") && !hasHeader:
		return app.Usage("--header needs --tsv or --csv")
	case c.IsSet("absent") && !hasHeader:
		return app.Usage("--absent needs --tsv or --csv")
	case c.Bool("flat") && name != "json":
		return app.Usage("--flat needs --json")
	case c.Bool("utc") && name != "line":
		return app.Usage("--utc needs --line")
	}
	return nil
}

// newLines returns the format for people: fitted to the terminal if stdout is
// one, complete otherwise.
func newLines(c *cli.Context) (table.Format, error) {
	color, err := app.Color(c.String("color"))
	if err != nil {
		return nil, err
	}
	o := table.LineOptions{Color: color, Width: app.TerminalWidth(os.Stdout)}
	if o.Width > 0 {
		o.Links = color
		if !c.Bool("utc") {
			o.Location = time.Local
		}
	}
	return table.NewLines(o), nil
}
