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
		&cli.StringSliceFlag{Name: "k", Usage: "match `TERM`: FIELD=VALUE, FIELD!=a|b, FIELD~REGEX, FIELD<9, FIELD, !FIELD, FIELD@FILE"},
		&cli.StringFlag{Name: "query", Usage: "match all `TERMS`: conditions, words or quoted phrases"},
		&cli.BoolFlag{Name: "any", Usage: "one of the terms is enough", Hidden: true},
		&cli.StringFlag{Name: "since", Usage: "events from `T` on: 2026-01-31, 2026-01-31T12:00:00Z, 2h (ago)"},
		&cli.StringFlag{Name: "until", Usage: "events before `T`"},
		app.MayBeEmpty{StringSliceFlag: &cli.StringSliceFlag{Name: "e", Usage: "search for `PATTERN`; several -e: any of them"}},
		&cli.StringFlag{Name: "f", Usage: "search for any of the patterns in `FILE`, one a line"},
		&cli.BoolFlag{Name: "F", Usage: "patterns are text, not regular expressions"},
		&cli.BoolFlag{Name: "i", Usage: "ignore case in patterns"},
		&cli.BoolFlag{Name: "w", Usage: "match whole words only"},
		&cli.BoolFlag{Name: "x", Usage: "match whole lines only", Hidden: true},
		&cli.BoolFlag{Name: "v", Usage: "print the lines that do not match"},
		&cli.BoolFlag{Name: "o", Usage: "print what the patterns match, each on a line"},
		&cli.BoolFlag{Name: "c", Usage: "print only how many lines match"},
		&cli.GenericFlag{Name: "m", Value: app.Bounded(app.ParseInt, "", "1", ""), Usage: "end after `N` lines of each input"},
		&cli.StringFlag{Name: "color", Value: "auto", Usage: "paint matches: `WHEN` is auto, always or never", Hidden: true},
		&cli.BoolFlag{Name: "stats", Usage: "say at the end how much was searched", Hidden: true},
		&cli.BoolFlag{Name: "n", Hidden: true},
		&cli.BoolFlag{Name: "q", Usage: "print nothing; the exit code tells"},
		&cli.BoolFlag{Name: "H", Usage: "print the name of the file before each line", Hidden: true},
		&cli.BoolFlag{Name: "no-filename", Usage: "print no names of files before counts", Hidden: true},
		&cli.GenericFlag{Name: "j", Value: app.Bounded(app.ParseInt, fmt.Sprint(runtime.GOMAXPROCS(0)), "1", "1024"), Usage: "search `N` blocks at the same time", DefaultText: "one for each core", Hidden: true},
		&cli.GenericFlag{Name: "drain", Value: app.Bounded(event.ParseDuration, app.DefaultDrain.String(), "0s", "1d"), Usage: "go on for `TIME` at most when told to stop", Hidden: true},
		&cli.GenericFlag{Name: "max-line", Value: app.Bounded(event.ParseSize, "16MiB", "1KiB", "1GiB"), Usage: "skip lines of more than `SIZE`", Hidden: true},
	}
}
