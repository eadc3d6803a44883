package main

import (
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/wmtools/wm/lib/es"
	"github.com/wmtools/wm/lib/event"
	"github.com/wmtools/wm/lib/match"
)

// selection makes the flags of the commands that read events.
func selection() []cli.Flag {
	return append(connection(),
		&cli.StringSliceFlag{Name: "k", Usage: "`TERM` must hold: FIELD=VALUE, FIELD!=a|b, FIELD<9, FIELD, !FIELD, FIELD@FILE"},
		&cli.StringFlag{Name: "since", Usage: "events from time `T` on: 2026-01-31, 2026-01-31T12:00:00Z, 2h (ago)"},
		&cli.StringFlag{Name: "until", Usage: "events before time `T`"},
	)
}

// selected is what a command reads.
type selected struct {
	client       *es.Client
	index        string
	query        es.Query
	since, until time.Time
}

// parseSelection reads the flags of selection, and the query: the arguments
// together. Since is the time that counts without --since and --until.
func parseSelection(c *cli.Context, words []string, since time.Time) (selected, error) {
	client, pattern, err := connectReader(c)
	if err != nil {
		return selected{}, err
	}
	s := selected{client: client, index: pattern.Wildcard()}
	query, err := parseTerms(words, c.StringSlice("k"))
	if err != nil {
		return s, err
	}
	now := time.Now()
	if s.since, err = parseTime(c, "since", now); err != nil {
		return s, err
	}
	if s.until, err = parseTime(c, "until", now); err != nil {
		return s, err
	}
	if s.since.IsZero() && s.until.IsZero() {
		s.since = since
	}
	s.query, err = es.Select(query, s.since, s.until)
	return s, err
}

// parseTerms reads a query and the terms of -k.
func parseTerms(words, terms []string) (*match.Query, error) {
	parser := match.Parser{ReadFile: os.ReadFile}
	query, err := parser.Query(strings.Join(words, " "))
	if err != nil {
		return nil, err
	}
	for _, text := range terms {
		term, err := parser.Term(text)
		if err != nil {
			return nil, err
		}
		query.Terms = append(query.Terms, term)
	}
	return query, nil
}

// parseTime reads the flag of a time; zero: it is not set.
func parseTime(c *cli.Context, name string, now time.Time) (time.Time, error) {
	if !c.IsSet(name) {
		return time.Time{}, nil
	}
	t, err := event.ParseTime(c.String(name), now)
	if err != nil {
		return t, fmt.Errorf("--%s: %w", name, err)
	}
	return t, nil
}
