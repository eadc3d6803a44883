package event

// Hint is an error that knows what the user can do about it. The command
// prints the hint on a line of its own, below the error.
type Hint struct {
	err  error
	text string
}

// WithHint adds a hint to an error: one sentence, lower case, no full stop.
func WithHint(err error, hint string) error { return &Hint{err, hint} }

func (h *Hint) Error() string { return h.err.Error() }

func (h *Hint) Unwrap() error { return h.err }

// Hint returns what the user can do.
func (h *Hint) Hint() string { return h.text }
