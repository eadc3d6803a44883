package query

import (
	"fmt"
	"time"

	"github.com/wmtools/wm/lib/match"
)

// Inexpressible is the error of a query that an index cannot answer, because of
// some of its terms or because it ranks a field that the index cannot rank.
// wm-grep can, from the events that the rest of the query selects.
type Inexpressible struct {
	What   string        // the first such term, or the field, quoted
	Reason string        // why an index cannot answer it
	Terms  []*match.Term // terms that cannot be answered
	Rest   []*match.Term // terms that can
	// Since and Until limit the time; zero is no bound.
	Since, Until time.Time
}

func (e *Inexpressible) Error() string { return e.What + ": " + e.Reason }

func (e *Inexpressible) add(t *match.Term, reason string) {
	if len(e.Terms) == 0 {
		e.What, e.Reason = fmt.Sprintf("term %q", t.Text), reason
	}
	e.Terms = append(e.Terms, t)
}
