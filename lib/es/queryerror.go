package es

import (
	"fmt"
	"strings"
	"time"

	"github.com/wmtools/wm/lib/match"
)

// Inexpressible is the error of a query with terms that an index cannot answer.
// Its hint is the pipeline in which wm-grep does.
type Inexpressible struct {
	reason       string        // of the first of terms
	terms        []*match.Term // those that cannot be answered
	rest         []*match.Term // those that can
	since, until time.Time
}

func (e *Inexpressible) add(t *match.Term, reason string) {
	if len(e.terms) == 0 {
		e.reason = reason
	}
	e.terms = append(e.terms, t)
}

func (e *Inexpressible) Error() string {
	return fmt.Sprintf("term %q: %s", e.terms[0].Text, e.reason)
}

// Hint returns the pipeline.
func (e *Inexpressible) Hint() string {
	search := []string{"wm-es", "search", "--all"}
	for _, bound := range []struct {
		flag string
		time time.Time
	}{{"--since", e.since}, {"--until", e.until}} {
		if !bound.time.IsZero() {
			search = append(search, bound.flag, bound.time.UTC().Format(time.RFC3339Nano))
		}
	}
	terms, query := splitTerms(e.rest)
	search = append(search, terms...)
	if strings.HasPrefix(query, "-") {
		search = append(search, "--")
	}
	if query != "" {
		search = append(search, shellWord(query))
	}
	grep, query := splitTerms(e.terms)
	if query != "" {
		grep = append(grep, "--query", shellWord(query))
	}
	return strings.Join(search, " ") + " | wm-grep " + strings.Join(grep, " ")
}

// splitTerms writes terms as arguments of -k, and those that only a query has, such
// as words, as a query.
func splitTerms(list []*match.Term) (terms []string, query string) {
	var others []string
	for _, t := range list {
		if t.Op == match.Words || strings.HasPrefix(t.Text, "-") {
			others = append(others, t.Text)
		} else {
			terms = append(terms, "-k", shellWord(t.Text))
		}
	}
	return terms, strings.Join(others, " ")
}

// shellWord quotes an argument for a shell where that is needed.
func shellWord(s string) string {
	const plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@%+=:,./-"
	if s != "" && strings.Trim(s, plain) == "" {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
