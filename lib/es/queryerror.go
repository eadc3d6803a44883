package es

import (
	"fmt"
	"strings"
	"time"

	"github.com/wmtools/wm/lib/match"
)

// Inexpressible is the error of a query with terms that an index cannot answer,
// or of a ranking of values that it does not count. Its hint is the pipeline in
// which wm-grep does.
type Inexpressible struct {
	Pipeline
	what, reason string        // what cannot be answered, the first of terms or a field, and why
	terms        []*match.Term // those that cannot be answered
	rest         []*match.Term // those that can
	since, until time.Time
}

// Pipeline is what else the user has asked for, on the way from the index
// through wm-grep to the end.
type Pipeline struct {
	Search []string // arguments of wm-es search
	Grep   []string // arguments of wm-grep
	Then   string   // commands that read the events
}

func (e *Inexpressible) add(t *match.Term, reason string) {
	if len(e.terms) == 0 {
		e.what, e.reason = fmt.Sprintf("term %q", t.Text), reason
	}
	e.terms = append(e.terms, t)
}

func (e *Inexpressible) Error() string { return e.what + ": " + e.reason }

// Hint returns the pipeline.
func (e *Inexpressible) Hint() string {
	stages := []string{e.search()}
	if len(e.terms) > 0 {
		stages = append(stages, e.grep())
	}
	if e.Then != "" {
		stages = append(stages, e.Then)
	}
	return strings.Join(stages, " | ")
}

func (e *Inexpressible) search() string {
	command := append([]string{"wm-es", "search", "--all"}, shellWords(e.Search)...)
	for _, bound := range []struct {
		flag string
		time time.Time
	}{{"--since", e.since}, {"--until", e.until}} {
		if !bound.time.IsZero() {
			command = append(command, bound.flag, bound.time.UTC().Format(time.RFC3339Nano))
		}
	}
	terms, query := splitTerms(e.rest)
	command = append(command, terms...)
	if strings.HasPrefix(query, "-") {
		command = append(command, "--")
	}
	if query != "" {
		command = append(command, shellWord(query))
	}
	return strings.Join(command, " ")
}

func (e *Inexpressible) grep() string {
	command := append([]string{"wm-grep"}, shellWords(e.Grep)...)
	terms, query := splitTerms(e.terms)
	command = append(command, terms...)
	if query != "" {
		command = append(command, "--query", shellWord(query))
	}
	return strings.Join(command, " ")
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

func shellWords(arguments []string) []string {
	quoted := make([]string, len(arguments))
	for i, a := range arguments {
		quoted[i] = shellWord(a)
	}
	return quoted
}

// shellWord quotes an argument for a shell where that is needed.
func shellWord(s string) string {
	const plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@%+=:,./-"
	if s != "" && strings.Trim(s, plain) == "" {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
