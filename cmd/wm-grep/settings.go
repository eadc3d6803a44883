package main

import (
	"os"
	"runtime"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/wmtools/wm/lib/app"
	"github.com/wmtools/wm/lib/event"
	"github.com/wmtools/wm/lib/grep"
	"github.com/wmtools/wm/lib/match"
)

func flags() []cli.Flag {
	return []cli.Flag{
		&cli.StringSliceFlag{Name: "k", Usage: "`FIELD=VALUE` must hold, or FIELD!=VALUE; a|b is either; several -k: all must hold"},
		&cli.StringSliceFlag{Name: "e", Usage: "search for `PATTERN`; several -e: any of them"},
		&cli.StringFlag{Name: "f", Usage: "search for any of the patterns in `FILE`, one a line"},
		&cli.BoolFlag{Name: "F", Usage: "patterns are text, not regular expressions"},
		&cli.BoolFlag{Name: "i", Usage: "ignore case in patterns"},
		&cli.BoolFlag{Name: "w", Usage: "match whole words only"},
		&cli.BoolFlag{Name: "x", Usage: "match whole lines only"},
		&cli.BoolFlag{Name: "v", Usage: "print the lines that do not match"},
		&cli.BoolFlag{Name: "o", Usage: "print what the patterns match, each on a line"},
		&cli.BoolFlag{Name: "c", Usage: "print only how many lines match"},
		&cli.Int64Flag{Name: "m", Usage: "end after `N` lines of each input"},
		&cli.BoolFlag{Name: "q", Usage: "print nothing; the exit code tells"},
		&cli.BoolFlag{Name: "H", Usage: "print the name of the file before each line"},
		&cli.BoolFlag{Name: "no-filename", Usage: "print no names of files before counts", Hidden: true},
		&cli.Int64Flag{Name: "j", Usage: "search `N` blocks at the same time", Value: int64(runtime.GOMAXPROCS(0)), DefaultText: "one for each core"},
		&cli.StringFlag{Name: "max-line", Value: "16MiB", Usage: "skip lines of more than `SIZE`", Hidden: true},
	}
}

// settings are what the command line says.
type settings struct {
	query                  *match.Query
	files                  []string
	options                grep.Options
	count, quiet           bool
	withNames, namesCounts bool
	maxLine                int
}

func parse(c *cli.Context) (*settings, error) {
	s := &settings{count: c.Bool("c"), quiet: c.Bool("q"), withNames: c.Bool("H")}
	s.options = grep.Options{Workers: int(c.Int64("j")), Invert: c.Bool("v"), Only: c.Bool("o"), Quiet: c.Bool("c") || c.Bool("q"), Max: c.Int64("m")}
	if s.quiet && !s.count {
		s.options.Max = 1
	}
	size, err := event.ParseSize(c.String("max-line"))
	switch {
	case err != nil:
		return nil, err
	case size < 1<<10 || size > 1<<30:
		return nil, app.Usage("--max-line %s: between 1KiB and 1GiB", c.String("max-line"))
	case c.IsSet("m") && s.options.Max < 1:
		return nil, app.Usage("-m %d: at least 1 line", s.options.Max)
	case s.options.Workers < 1 || s.options.Workers > 1024:
		return nil, app.Usage("-j %d: between 1 and 1024", s.options.Workers)
	}
	s.maxLine = int(size)
	if s.query, s.files, err = parseQuery(c); err != nil {
		return nil, err
	}
	if s.options.Only && s.query.Pattern == nil {
		return nil, app.Usage("-o prints what a pattern matches: give a PATTERN")
	}
	s.namesCounts = s.withNames || len(s.files) > 1 && !c.Bool("no-filename")
	return s, nil
}

// parseQuery makes the query, and returns the files to search: the first
// argument is a pattern unless there is another way to say what is meant.
func parseQuery(c *cli.Context) (*match.Query, []string, error) {
	query, files := &match.Query{}, c.Args().Slice()
	for _, text := range c.StringSlice("k") {
		term, err := match.ParseTerm(text)
		if err != nil {
			return nil, nil, err
		}
		query.Terms = append(query.Terms, term)
	}
	patterns := c.StringSlice("e")
	if c.IsSet("f") {
		more, err := readPatterns(c.String("f"))
		if err != nil {
			return nil, nil, err
		}
		patterns = append(patterns, more...)
	}
	if len(patterns) == 0 && len(files) > 0 && (len(query.Terms) == 0 || !isFile(files[0])) {
		patterns, files = files[:1], files[1:]
	}
	if len(files) == 0 {
		files = []string{"-"}
	}
	if len(patterns) == 0 {
		if len(query.Terms) == 0 {
			return nil, nil, app.Usage("nothing to search for: give a PATTERN or -k FIELD=VALUE")
		}
		return query, files, nil
	}
	var err error
	query.Pattern, err = match.CompilePattern(patterns, match.PatternOptions{
		Literal: c.Bool("F"), FoldCase: c.Bool("i"), Word: c.Bool("w"), Whole: c.Bool("x"),
	})
	return query, files, err
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
