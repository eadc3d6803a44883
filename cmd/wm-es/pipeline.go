package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/wmtools/wm/cmd/internal/advice"
	"github.com/wmtools/wm/cmd/internal/esconn"
	"github.com/wmtools/wm/lib/es/query"
	"github.com/wmtools/wm/lib/match"
)

// pipeline is the part of a pipeline that depends on the command: what to do with
// the events where an index cannot answer.
type pipeline struct {
	search []string // arguments of wm-es search
	grep   []string // arguments of wm-grep
	then   string   // commands that read the events
}

// instead returns the whole pipeline for a query that the index cannot answer:
// wm-es search selects as much as it can, and wm-grep the rest.
func (p pipeline) instead(c *cli.Context, e *query.Inexpressible) string {
	p.search = append(esconn.Args(c, connection()), p.search...)
	return p.format(e)
}

func (p pipeline) format(e *query.Inexpressible) string {
	stages := []string{p.searchStage(e)}
	if len(e.Terms) > 0 {
		stages = append(stages, p.grepStage(e))
	}
	if p.then != "" {
		stages = append(stages, p.then)
	}
	return strings.Join(stages, " | ")
}

func (p pipeline) searchStage(e *query.Inexpressible) string {
	command := append([]string{"wm-es", "search", "--all"}, quoteAll(p.search)...)
	for _, bound := range []struct {
		flag string
		time time.Time
	}{{"--since", e.Since}, {"--until", e.Until}} {
		if !bound.time.IsZero() {
			command = append(command, bound.flag, bound.time.UTC().Format(time.RFC3339Nano))
		}
	}
	terms, words := splitTerms(e.Rest)
	command = append(command, terms...)
	if strings.HasPrefix(words, "-") {
		command = append(command, "--")
	}
	if words != "" {
		command = append(command, advice.Quote(words))
	}
	return strings.Join(command, " ")
}

func (p pipeline) grepStage(e *query.Inexpressible) string {
	command := append([]string{"wm-grep"}, quoteAll(p.grep)...)
	terms, words := splitTerms(e.Terms)
	command = append(command, terms...)
	if words != "" {
		command = append(command, "--query", advice.Quote(words))
	}
	return strings.Join(command, " ")
}

// splitTerms formats terms as arguments of -k, and those that -k cannot express,
// such as words, as a query.
func splitTerms(list []*match.Term) (terms []string, words string) {
	var others []string
	for _, t := range list {
		if t.Op == match.Words || strings.HasPrefix(t.Text, "-") {
			others = append(others, t.Text)
		} else {
			terms = append(terms, "-k", advice.Quote(t.Text))
		}
	}
	return terms, strings.Join(others, " ")
}

// countValues returns the pipeline that ranks the values of a field by number of
// events. For other rankings it only selects the events.
func countValues(r query.Ranking) (p pipeline) {
	if r.By == query.ByCount && r.Per == 0 && len(r.Fields) == 1 {
		p.then = fmt.Sprintf("wm-cut -f %s | grep . | sort | uniq -c | sort -rn | head -n %d", advice.Quote(r.Fields[0]), r.N)
	}
	return p
}

func quoteAll(arguments []string) []string {
	quoted := make([]string, len(arguments))
	for i, a := range arguments {
		quoted[i] = advice.Quote(a)
	}
	return quoted
}
