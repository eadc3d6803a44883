package query

// Clause selects documents: it is a query clause of Elasticsearch. Exactly one
// field is set.
type Clause struct {
	MatchAll    *struct{}         `json:"match_all,omitempty"`
	MatchNone   *struct{}         `json:"match_none,omitempty"`
	Bool        *Bool             `json:"bool,omitempty"`
	Term        map[string]any    `json:"term,omitempty"`         // field: value
	Terms       map[string][]any  `json:"terms,omitempty"`        // field: any of these values
	Range       map[string]Range  `json:"range,omitempty"`        // field: bounds
	Exists      *Exists           `json:"exists,omitempty"`       // the field has a value
	Match       map[string]string `json:"match,omitempty"`        // text field: any of these words
	MatchPhrase map[string]string `json:"match_phrase,omitempty"` // text field: these words as a phrase
	Prefix      map[string]string `json:"prefix,omitempty"`       // field: how the exact value begins
}

// Bool combines clauses: all of Filter must match, none of MustNot, and at least
// AtLeast of Should.
type Bool struct {
	Filter  []Clause `json:"filter,omitempty"`
	Should  []Clause `json:"should,omitempty"`
	MustNot []Clause `json:"must_not,omitempty"`
	AtLeast int      `json:"minimum_should_match,omitempty"`
}

// Range limits a field. A nil bound is open. The bounds of a date are a time.Time
// in UTC, milliseconds since 1970, or text in the field's format.
type Range struct {
	GT  any `json:"gt,omitempty"`
	GTE any `json:"gte,omitempty"`
	LT  any `json:"lt,omitempty"`
	LTE any `json:"lte,omitempty"`
}

// Exists names the field that must have a value.
type Exists struct {
	Field string `json:"field"`
}

var (
	matchAll  = Clause{MatchAll: &struct{}{}}
	matchNone = Clause{MatchNone: &struct{}{}}
)

// anyOf matches if one of the clauses does.
func anyOf(clauses []Clause) Clause {
	switch len(clauses) {
	case 0:
		return matchNone
	case 1:
		return clauses[0]
	}
	return Clause{Bool: &Bool{Should: clauses, AtLeast: 1}}
}
