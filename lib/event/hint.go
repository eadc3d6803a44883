package event

// Hint is an error with advice for the user. The command prints the hint on a
// separate line after the error.
type Hint struct {
	err  error
	text string
}

// WithHint adds a hint to an error: one sentence, lower case, no full stop.
func WithHint(err error, hint string) error { return &Hint{err, hint} }

func (h *Hint) Error() string { return h.err.Error() }

func (h *Hint) Unwrap() error { return h.err }

// Hint returns the advice.
func (h *Hint) Hint() string { return h.text }
