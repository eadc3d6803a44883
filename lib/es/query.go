package es

// Query selects documents. Exactly one field is set.
type Query struct {
	MatchAll    *struct{}         `json:"match_all,omitempty"`
	MatchNone   *struct{}         `json:"match_none,omitempty"`
	Bool        *Bool             `json:"bool,omitempty"`
	Term        map[string]any    `json:"term,omitempty"`         // field: value
	Terms       map[string][]any  `json:"terms,omitempty"`        // field: any of these values
	Range       map[string]Range  `json:"range,omitempty"`        // field: bounds
	Exists      *Exists           `json:"exists,omitempty"`       // documents that have the field
	Match       map[string]string `json:"match,omitempty"`        // text field: any of these words
	MatchPhrase map[string]string `json:"match_phrase,omitempty"` // text field: these words in a row
}

// Bool combines queries: all of Filter hold, none of MustNot, and at least AtLeast
// of Should.
type Bool struct {
	Filter  []Query `json:"filter,omitempty"`
	Should  []Query `json:"should,omitempty"`
	MustNot []Query `json:"must_not,omitempty"`
	AtLeast int     `json:"minimum_should_match,omitempty"`
}

// Range bounds a field. A bound that is nil is open. Bounds of a date are a
// time.Time in UTC, milliseconds since 1970, or text in the field's format.
type Range struct {
	GT  any `json:"gt,omitempty"`
	GTE any `json:"gte,omitempty"`
	LT  any `json:"lt,omitempty"`
	LTE any `json:"lte,omitempty"`
}

// Exists names the field that must be there.
type Exists struct {
	Field string `json:"field"`
}

var (
	matchAll  = Query{MatchAll: &struct{}{}}
	matchNone = Query{MatchNone: &struct{}{}}
)

// anyOf holds where one of the queries does.
func anyOf(queries []Query) Query {
	switch len(queries) {
	case 0:
		return matchNone
	case 1:
		return queries[0]
	}
	return Query{Bool: &Bool{Should: queries, AtLeast: 1}}
}
