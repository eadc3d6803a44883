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
	"github.com/wmtools/wm/lib/es/query"
	"github.com/wmtools/wm/lib/event"
	"github.com/wmtools/wm/lib/match"
)

// selection returns the flags of the commands that read events.
func selection(more ...cli.Flag) []cli.Flag {
	return commandFlags(append([]cli.Flag{
		&cli.StringSliceFlag{Name: "k", Usage: "match `TERM`: FIELD=VALUE, FIELD!=a|b, FIELD<9, FIELD, !FIELD, FIELD@FILE"},
		&cli.StringFlag{Name: "since", Usage: "events from `T` on: 2026-01-31, 2026-01-31T12:00:00Z, 2h (ago)"},
		&cli.StringFlag{Name: "until", Usage: "events before `T`"},
	}, more...)...)
}

// selected is what a command reads.
type selected struct {
	client *es.Client
	index  string
	clause query.Clause
	terms  *match.Query
}

// selector translates a query.
type selector func(q *match.Query, since, until time.Time) (query.Clause, error)

// parseSelection reads the flags of selection, and the query, which is made of
// words. since applies if neither --since nor --until is set. otherwise is the
// pipeline that does the same if an index cannot.
func parseSelection(c *cli.Context, words []string, since time.Time, find selector, otherwise pipeline) (selected, error) {
	client, pattern, err := connectReader(c)
	if err != nil {
		return selected{}, err
	}
	s := selected{client: client, index: pattern.Wildcard()}
	q, err := parseTerms(words, c.StringSlice("k"))
	if err != nil {
		return s, err
	}
	warnWords(app.Messages(c), q)
	s.terms = q
	from, until, err := period.Parse(c, time.Now())
	if err != nil {
		return s, err
	}
	if from.IsZero() && until.IsZero() {
		from = since
	}
	s.clause, err = find(q, from, until)
	if e, ok := errors.AsType[*query.Inexpressible](err); ok {
		err = event.WithHint(err, otherwise.instead(c, e))
	}
	return s, err
}

// reader returns what searches the server.
func (s selected) reader() *query.Reader { return query.NewReader(s.client) }

// parseTerms reads a query and the terms of -k.
func parseTerms(words, terms []string) (*match.Query, error) {
	parser := match.Parser{ReadFile: advice.ReadFile}
	q, err := parser.Query(strings.Join(words, " "))
	if err != nil {
		return nil, advice.Query(err, "")
	}
	for _, text := range terms {
		term, err := parser.Term(text)
		if err != nil {
			return nil, advice.Query(err, "")
		}
		q.Terms = append(q.Terms, term)
	}
	return q, nil
}

// noIndex reports that nothing was found because no index matches. That is not an
// error: before the first event there is no index.
func noIndex(c *cli.Context, err error) error {
	if errors.Is(err, query.ErrNoIndex) {
		fmt.Fprintf(app.Stderr, "wm-es: %v %s\n", err, c.String("index"))
		return nil
	}
	return err
}
