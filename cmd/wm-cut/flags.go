package main

import (
	"fmt"
	"runtime"

	"github.com/urfave/cli/v2"

	"github.com/wmtools/wm/lib/app"
	"github.com/wmtools/wm/lib/event"
)

func flags() []cli.Flag {
	return []cli.Flag{
		&cli.StringSliceFlag{Name: "f", Usage: "print `FIELDS`, comma separated; FIELD=NAME renames a column"},
		&cli.BoolFlag{Name: "line", Usage: "a readable line for each event (default without -f)"},
		&cli.BoolFlag{Name: "tsv", Usage: "tab-separated values (default with -f)"},
		&cli.BoolFlag{Name: "csv", Usage: "comma-separated values, with a header"},
		&cli.BoolFlag{Name: "json", Usage: "a JSON object with only these fields"},
		&cli.BoolFlag{Name: "flat", Usage: "with --json: name members by their path, do not nest"},
		&cli.BoolFlag{Name: "header", Usage: "print column names first"},
		&cli.BoolFlag{Name: "no-header", Usage: "with --csv: do not print column names"},
		&cli.StringFlag{Name: "absent", Usage: "print `TEXT` for a field that is absent or null"},
		&cli.BoolFlag{Name: "utc", Usage: "with --line: print UTC on a terminal too"},
		&cli.GenericFlag{Name: "n", Value: app.Bounded(app.ParseInt, "", "1", ""), Usage: "stop after `N` events"},
		&cli.StringFlag{Name: "since", Usage: "skip events before `TIME`: 2026-01-31, 2026-01-31T12:00Z, 2h"},
		&cli.StringFlag{Name: "until", Usage: "skip events at or after `TIME`"},
		&cli.StringFlag{Name: "color", Value: "auto", Usage: "color lines: `WHEN` is auto, always or never"},
		&cli.BoolFlag{Name: "stats", Usage: "print a summary at the end", Hidden: true},
		&cli.GenericFlag{Name: "j", Value: app.Bounded(app.ParseInt, fmt.Sprint(runtime.GOMAXPROCS(0)), "1", "1024"), Usage: "print `N` blocks at the same time", DefaultText: "one per core", Hidden: true},
		&cli.GenericFlag{Name: "drain", Value: app.Bounded(event.ParseDuration, app.DefaultDrain.String(), "0s", "1d"), Usage: "after a signal, read a pipe to its end for at most `TIME`", Hidden: true},
		&cli.GenericFlag{Name: "max-line", Value: app.Bounded(event.ParseSize, "16MiB", "1KiB", "1GiB"), Usage: "skip lines longer than `SIZE`", Hidden: true},
	}
}
