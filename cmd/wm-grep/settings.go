package main

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/wmtools/wm/lib/app"
	"github.com/wmtools/wm/lib/event"
	"github.com/wmtools/wm/lib/grep"
	"github.com/wmtools/wm/lib/match"
)

func flags() []cli.Flag {
	return []cli.Flag{
		&cli.StringSliceFlag{Name: "k", Usage: "`TERM` must hold: FIELD=VALUE, FIELD!=a|b, FIELD~REGEX, FIELD<9, FIELD, !FIELD, FIELD@FILE"},
		&cli.StringFlag{Name: "query", Usage: "`TERMS` must hold, words and phrases among them"},
		&cli.BoolFlag{Name: "any", Usage: "one of the terms is enough", Hidden: true},
		&cli.StringFlag{Name: "since", Usage: "events from time `T` on: 2026-01-31, 2026-01-31T12:00:00Z, 2h (ago)"},
		&cli.StringFlag{Name: "until", Usage: "events before time `T`"},
		&cli.StringSliceFlag{Name: "e", Usage: "search for `PATTERN`; several -e: any of them"},
		&cli.StringFlag{Name: "f", Usage: "search for any of the patterns in `FILE`, one a line"},
		&cli.BoolFlag{Name: "F", Usage: "patterns are text, not regular expressions"},
		&cli.BoolFlag{Name: "i", Usage: "ignore case in patterns"},
		&cli.BoolFlag{Name: "w", Usage: "match whole words only"},
		&cli.BoolFlag{Name: "x", Usage: "match whole lines only", Hidden: true},
		&cli.BoolFlag{Name: "v", Usage: "print the lines that do not match"},
		&cli.BoolFlag{Name: "o", Usage: "print what the patterns match, each on a line"},
		&cli.BoolFlag{Name: "c", Usage: "print only how many lines match"},
		&cli.Int64Flag{Name: "m", Usage: "end after `N` lines of each input"},
		&cli.StringFlag{Name: "color", Value: "auto", Usage: "paint matches: `WHEN` is auto, always or never", Hidden: true},
		&cli.BoolFlag{Name: "stats", Usage: "say at the end how much was searched", Hidden: true},
		&cli.BoolFlag{Name: "n", Hidden: true},
		&cli.BoolFlag{Name: "q", Usage: "print nothing; the exit code tells"},
		&cli.BoolFlag{Name: "H", Usage: "print the name of the file before each line", Hidden: true},
		&cli.BoolFlag{Name: "no-filename", Usage: "print no names of files before counts", Hidden: true},
		&cli.Int64Flag{Name: "j", Usage: "search `N` blocks at the same time", Value: int64(runtime.GOMAXPROCS(0)), DefaultText: "one for each core", Hidden: true},
		&cli.DurationFlag{Name: "drain", Value: app.DefaultDrain, Usage: "go on for `TIME` at most when told to stop", Hidden: true},
		&cli.StringFlag{Name: "max-line", Value: "16MiB", Usage: "skip lines of more than `SIZE`", Hidden: true},
	}
}

// settings are what the command line says.
type settings struct {
	query                  match.Search
	files                  []string
	options                grep.Options
	count, quiet, stats    bool
	withNames, namesCounts bool
	maxLine                int
	drain                  time.Duration
}

func parse(c *cli.Context) (*settings, error) {
	s := &settings{count: c.Bool("c"), quiet: c.Bool("q"), stats: c.Bool("stats"), withNames: c.Bool("H"), drain: c.Duration("drain")}
	s.options = grep.Options{Workers: int(c.Int64("j")), Invert: c.Bool("v"), Only: c.Bool("o"), Quiet: c.Bool("c") || c.Bool("q"), Max: c.Int64("m")}
	if s.quiet && !s.count {
		s.options.Max = 1
	}
	size, err := event.ParseSize(c.String("max-line"))
	if err != nil {
		return nil, err
	}
	if err := s.check(c, size); err != nil {
		return nil, err
	}
	s.maxLine = int(size)
	if s.query, s.files, err = parseQuery(c); err != nil {
		return nil, err
	}
	if s.options.Only && s.query.Pattern == nil {
		return nil, app.Usage("-o prints what a pattern matches: give a PATTERN")
	}
	if s.options.Color, err = colored(c.String("color")); err != nil {
		return nil, err
	}
	if s.query.Fields != nil && !s.quiet && app.IsTerminal(os.Stderr) {
		s.query.Witness = s.query.Fields.Witness()
	}
	s.namesCounts = s.withNames || len(s.files) > 1 && !c.Bool("no-filename")
	return s, nil
}

// check refuses what cannot be meant.
func (s *settings) check(c *cli.Context, maxLine int64) error {
	switch {
	case c.IsSet("n"):
		return event.WithHint(app.Usage("-n is no flag here"), "-m N ends after N lines; lines have no numbers, for they are printed as they came")
	case maxLine < 1<<10 || maxLine > 1<<30:
		return app.Usage("--max-line %s: between 1KiB and 1GiB", c.String("max-line"))
	case c.IsSet("m") && s.options.Max < 1:
		return app.Usage("-m %d: at least 1 line", s.options.Max)
	case s.drain < 0:
		return app.Usage("--drain %v: more than nothing", s.drain)
	case s.options.Workers < 1 || s.options.Workers > 1024:
		return app.Usage("-j %d: between 1 and 1024", s.options.Workers)
	}
	return nil
}

// colored reports whether matches are painted.
func colored(when string) (bool, error) {
	switch when {
	case "always":
		return true, nil
	case "never":
		return false, nil
	case "auto":
		return app.IsTerminal(os.Stdout) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb", nil
	}
	return false, app.Usage("--color %s: auto, always or never", when)
}

// parseQuery makes the search, and returns the files: the first argument is a
// pattern unless there is another way to say what is meant.
func parseQuery(c *cli.Context) (search match.Search, files []string, err error) {
	if search.Fields, err = parseFields(c); err != nil {
		return search, nil, err
	}
	files = c.Args().Slice()
	patterns := c.StringSlice("e")
	if c.IsSet("f") {
		more, err := readPatterns(c.String("f"))
		if err != nil {
			return search, nil, err
		}
		patterns = append(patterns, more...)
	}
	if len(patterns) == 0 && len(files) > 0 && (search.Fields == nil || !isFile(files[0])) {
		patterns, files = files[:1], files[1:]
	}
	if len(files) == 0 {
		files = []string{"-"}
	}
	if len(patterns) == 0 {
		if search.Fields == nil {
			return search, nil, app.Usage("nothing to search for: give a PATTERN or -k FIELD=VALUE")
		}
		return search, files, nil
	}
	search.Pattern, err = match.CompilePattern(patterns, match.PatternOptions{
		Literal: c.Bool("F"), FoldCase: c.Bool("i"), Word: c.Bool("w"), Whole: c.Bool("x"),
	})
	return search, files, err
}

// parseFields makes a predicate of the terms and times, or nil where there are
// none.
func parseFields(c *cli.Context) (*match.Predicate, error) {
	parser := match.Parser{ReadFile: os.ReadFile}
	query, err := parser.Query(c.String("query"))
	if err != nil {
		return nil, err
	}
	for _, text := range c.StringSlice("k") {
		term, err := parser.Term(text)
		if err != nil {
			return nil, err
		}
		query.Terms = append(query.Terms, term)
	}
	options := match.Options{FoldCase: c.Bool("i"), Any: c.Bool("any")}
	now := time.Now()
	for name, bound := range map[string]*time.Time{"since": &options.Since, "until": &options.Until} {
		if c.IsSet(name) {
			if *bound, err = event.ParseTime(c.String(name), now); err != nil {
				return nil, fmt.Errorf("--%s: %w", name, err)
			}
		}
	}
	if len(query.Terms) == 0 && options.Since.IsZero() && options.Until.IsZero() {
		return nil, nil
	}
	return match.Compile(query, options)
}

// isFile tells a file from a pattern behind -k, where the pattern may be left
// out.
func isFile(name string) bool {
	_, err := os.Stat(name)
	return name == "-" || err == nil
}

func readPatterns(name string) ([]string, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	if len(text) == 0 {
		return nil, app.Usage("-f %s: the file has no patterns", name)
	}
	return strings.Split(strings.TrimSuffix(strings.ReplaceAll(string(text), "\r\n", "\n"), "\n"), "\n"), nil
}
