package main

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/wmtools/wm/cmd/internal/advice"
	"github.com/wmtools/wm/cmd/internal/period"
	"github.com/wmtools/wm/lib/app"
	"github.com/wmtools/wm/lib/es"
	"github.com/wmtools/wm/lib/match"
)

// selection makes the flags of the commands that read events.
func selection() []cli.Flag {
	return append(connection(),
		&cli.StringSliceFlag{Name: "k", Usage: "match `TERM`: FIELD=VALUE, FIELD!=a|b, FIELD<9, FIELD, !FIELD, FIELD@FILE"},
		&cli.StringFlag{Name: "since", Usage: "events from `T` on: 2026-01-31, 2026-01-31T12:00:00Z, 2h (ago)"},
		&cli.StringFlag{Name: "until", Usage: "events before `T`"},
	)
}

// selected is what a command reads.
type selected struct {
	client *es.Client
	index  string
	query  es.Query
}

// selector makes the query of an index.
type selector func(q *match.Query, since, until time.Time) (es.Query, error)

// parseSelection reads the flags of selection, and the query: the words
// together. Since is the time that counts without --since and --until, and
// otherwise what is done where an index cannot answer.
func parseSelection(c *cli.Context, words []string, since time.Time, find selector, otherwise es.Pipeline) (selected, error) {
	client, pattern, err := connectReader(c)
	if err != nil {
		return selected{}, err
	}
	s := selected{client: client, index: pattern.Wildcard()}
	query, err := parseTerms(words, c.StringSlice("k"))
	if err != nil {
		return s, err
	}
	from, until, err := period.Parse(c, time.Now())
	if err != nil {
		return s, err
	}
	if from.IsZero() && until.IsZero() {
		from = since
	}
	s.query, err = find(query, from, until)
	if e, ok := errors.AsType[*es.Inexpressible](err); ok {
		e.Pipeline = otherwise
		e.Search = append(connectionArgs(c), otherwise.Search...)
	}
	return s, err
}

// parseTerms reads a query and the terms of -k.
func parseTerms(words, terms []string) (*match.Query, error) {
	parser := match.Parser{ReadFile: advice.ReadFile}
	query, err := parser.Query(strings.Join(words, " "))
	if err != nil {
		return nil, advice.Query(err, "")
	}
	for _, text := range terms {
		term, err := parser.Term(text)
		if err != nil {
			return nil, advice.Query(err, "")
		}
		query.Terms = append(query.Terms, term)
	}
	return query, nil
}

// noIndex tells that nothing was found for want of an index. It is no failure:
// whoever has yet to write the first event has none.
func noIndex(c *cli.Context, err error) error {
	if errors.Is(err, es.ErrNoIndex) {
		fmt.Fprintf(app.Stderr, "wm-es: %v: %s\n", err, c.String("index"))
		return nil
	}
	return err
}
