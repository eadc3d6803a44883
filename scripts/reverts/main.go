// Command reverts measures how well wm.revert, which depends on the edit summary,
// agrees with the edits that MediaWiki itself has tagged as reverts. It reads an index
// that has both recentchange and revision-tags-change:
//
//	wm-tail recentchange mediawiki.revision-tags-change | wm-es
//	go run ./scripts/reverts -es http://127.0.0.1:9200 -since 2026-11-23 -until 2026-11-24
//
// Precision is the share of the edits with wm.revert that are tagged; recall is the
// share of the tagged edits that have wm.revert.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"time"

	"github.com/wmtools/wm/lib/es"
	"github.com/wmtools/wm/lib/es/query"
)

func main() {
	address := flag.String("es", "http://127.0.0.1:9200", "`URL` of the server")
	index := flag.String("index", es.DefaultIndex, "`pattern` of the index names")
	since := flag.String("since", "", "first `day` or time, RFC 3339; default: a day before -until")
	until := flag.String("until", "", "first `day` or time after the period; default: now")
	examples := flag.Int("examples", 5, "print `N` examples of each kind of error")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *address, *index, *since, *until, *examples); err != nil {
		fmt.Fprintln(os.Stderr, "reverts:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, address, index, since, until string, examples int) error {
	p, err := parsePeriod(since, until, time.Now())
	if err != nil {
		return err
	}
	pattern, err := es.ParseIndexPattern(index)
	if err != nil {
		return err
	}
	client, err := es.New(es.Options{URLs: strings.Split(address, ",")})
	if err != nil {
		return err
	}
	s := source{reader: query.NewReader(client), index: pattern.Wildcard(), period: p}
	m, err := s.measure(ctx, examples)
	if err != nil {
		return err
	}
	return m.print(os.Stdout)
}

// period is since <= t < until.
type period struct{ since, until time.Time }

func parsePeriod(since, until string, now time.Time) (p period, err error) {
	p.until = now
	if until != "" {
		if p.until, err = parseTime(until); err != nil {
			return p, fmt.Errorf("-until: %w", err)
		}
	}
	p.since = p.until.AddDate(0, 0, -1)
	if since != "" {
		if p.since, err = parseTime(since); err != nil {
			return p, fmt.Errorf("-since: %w", err)
		}
	}
	if !p.since.Before(p.until) {
		return p, errors.New("-since must be before -until")
	}
	return p, nil
}

func parseTime(text string) (time.Time, error) {
	if t, err := time.Parse(time.DateOnly, text); err == nil {
		return t, nil
	}
	return time.Parse(time.RFC3339, text)
}
