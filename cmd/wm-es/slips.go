package main

import (
	"fmt"
	"io"
	"slices"

	"github.com/wmtools/wm/lib/es/query"
	"github.com/wmtools/wm/lib/match"
)

// warnWords reports bare words that name a field: "wm-es top wiki bot" searches
// for the word bot.
func warnWords(w io.Writer, q *match.Query) {
	for _, t := range q.Terms {
		if t.Op == match.Words && t.Path == nil && len(t.Tokens) == 1 && query.HasField(t.Text) {
			fmt.Fprintf(w, "wm-es: %q is searched as a word\nwm-es: hint: to test the field, use -k %s or a comparison such as %[1]s=VALUE\n", t.Text, t.Text)
		}
	}
}

// explainNothing adds a hint to a result without events, if a term compares a
// whole text although probably a word of it was meant.
func explainNothing(w io.Writer, q *match.Query) {
	for _, t := range q.Terms {
		if t.Op == match.Equal && !t.Negate && len(t.Values) == 1 && slices.Contains([]string{"title", "comment", "user"}, t.Field()) {
			fmt.Fprintf(w, "wm-es: hint: %s compares the whole %s; %[2]s:WORD finds a word in it\n", t.Text, t.Field())
		}
	}
}
