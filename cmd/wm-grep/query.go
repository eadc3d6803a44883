package main

import (
	"os"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/wmtools/wm/cmd/internal/advice"
	"github.com/wmtools/wm/cmd/internal/period"
	"github.com/wmtools/wm/lib/app"
	"github.com/wmtools/wm/lib/match"
)

// parseQuery sets the query and the files. The first argument is a pattern,
// unless patterns are given by flags, or it is a file and there are conditions.
func (s *settings) parseQuery(c *cli.Context) (err error) {
	if s.terms, s.query.Fields, err = parseFields(c); err != nil {
		return err
	}
	if s.patterns, err = parsePatterns(c); err != nil {
		return err
	}
	s.files = c.Args().Slice()
	if len(s.patterns) == 0 && len(s.files) > 0 && (s.query.Fields == nil || !isFile(s.files[0])) {
		s.patterns, s.files = s.files[:1], s.files[1:]
		if err := s.checkPattern(s.patterns[0]); err != nil {
			return err
		}
	}
	if len(s.files) == 0 {
		s.files = []string{"-"}
	}
	if len(s.patterns) == 0 {
		if s.query.Fields == nil {
			return app.Usage("nothing to search for: give a PATTERN or -k FIELD=VALUE")
		}
		return nil
	}
	s.query.Pattern, err = match.CompilePattern(s.patterns, match.PatternOptions{
		Literal: c.Bool("F"), FoldCase: c.Bool("i"), Word: c.Bool("w"), Whole: c.Bool("x"),
	})
	return advice.Pattern(err)
}

// parseFields returns the conditions, and a predicate of them and the times, or nil
// if there are none.
func parseFields(c *cli.Context) ([]*match.Term, *match.Predicate, error) {
	parser := match.Parser{ReadFile: advice.ReadFile}
	query, err := parser.Query(c.String("query"))
	if err != nil {
		return nil, nil, advice.Query(err, "--query ")
	}
	for _, text := range c.StringSlice("k") {
		term, err := parser.Term(text)
		if err != nil {
			return nil, nil, advice.Query(err, "--query ")
		}
		query.Terms = append(query.Terms, term)
	}
	options := match.Options{FoldCase: c.Bool("i"), Any: c.Bool("any")}
	if options.Since, options.Until, err = period.Parse(c, time.Now()); err != nil {
		return nil, nil, err
	}
	if len(query.Terms) == 0 && options.Since.IsZero() && options.Until.IsZero() {
		return nil, nil, nil
	}
	predicate, err := match.Compile(query, options)
	return query.Terms, predicate, err
}

// parsePatterns returns the patterns of -e and -f.
func parsePatterns(c *cli.Context) ([]string, error) {
	patterns := c.StringSlice("e")
	if !c.IsSet("f") {
		return patterns, nil
	}
	text, err := advice.ReadFile(c.String("f"))
	if err != nil {
		return nil, err
	}
	if len(text) == 0 {
		return nil, app.Usage("-f %s: the file has no patterns", c.String("f"))
	}
	lines := strings.TrimSuffix(strings.ReplaceAll(string(text), "\r\n", "\n"), "\n")
	return append(patterns, strings.Split(lines, "\n")...), nil
}

func isFile(name string) bool {
	_, err := os.Stat(name)
	return name == "-" || err == nil
}
