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
		&cli.BoolFlag{Name: "any", Usage: "match if one of the terms holds", Hidden: true},
		&cli.StringFlag{Name: "since", Usage: "events from `T` on: 2026-01-31, 2026-01-31T12:00:00Z, 2h (ago)"},
		&cli.StringFlag{Name: "until", Usage: "events before `T`"},
		app.MayBeEmpty{StringSliceFlag: &cli.StringSliceFlag{Name: "e", Usage: "search for `PATTERN`; with several -e, any of them"}},
		&cli.StringFlag{Name: "f", Usage: "search for any of the patterns in `FILE`, one per line"},
		&cli.BoolFlag{Name: "F", Usage: "patterns are text, not regular expressions"},
		&cli.BoolFlag{Name: "i", Usage: "ignore case in patterns"},
		&cli.BoolFlag{Name: "w", Usage: "match whole words only"},
		&cli.BoolFlag{Name: "x", Usage: "match whole lines only", Hidden: true},
		&cli.BoolFlag{Name: "v", Usage: "print the lines that do not match"},
		&cli.BoolFlag{Name: "o", Usage: "print each match on its own line"},
		&cli.BoolFlag{Name: "c", Usage: "print only the number of matching lines"},
		&cli.GenericFlag{Name: "m", Value: app.Bounded(app.ParseInt, "", "1", ""), Usage: "stop after `N` lines of each input"},
		&cli.StringFlag{Name: "color", Value: "auto", Usage: "highlight matches: `WHEN` is auto, always or never", Hidden: true},
		&cli.BoolFlag{Name: "stats", Usage: "print at the end how much was searched", Hidden: true},
		&cli.BoolFlag{Name: "n", Hidden: true},
		&cli.BoolFlag{Name: "q", Usage: "print nothing; see the exit code"},
		&cli.BoolFlag{Name: "H", Usage: "print the name of the file before each line", Hidden: true},
		&cli.BoolFlag{Name: "no-filename", Usage: "print no file names before counts", Hidden: true},
		&cli.GenericFlag{Name: "j", Value: app.Bounded(app.ParseInt, fmt.Sprint(runtime.GOMAXPROCS(0)), "1", "1024"), Usage: "search `N` blocks in parallel", DefaultText: "one per core", Hidden: true},
		&cli.GenericFlag{Name: "drain", Value: app.Bounded(event.ParseDuration, app.DefaultDrain.String(), "0s", "1d"), Usage: "after a signal, read a pipe for at most `TIME`", Hidden: true},
		&cli.GenericFlag{Name: "max-line", Value: app.Bounded(event.ParseSize, "16MiB", "1KiB", "1GiB"), Usage: "skip lines longer than `SIZE`", Hidden: true},
	}
}
