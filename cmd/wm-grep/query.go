package main

import (
	"os"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/wmtools/wm/cmd/internal/period"
	"github.com/wmtools/wm/lib/app"
	"github.com/wmtools/wm/lib/match"
)

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
	if options.Since, options.Until, err = period.Parse(c, time.Now()); err != nil {
		return nil, err
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
