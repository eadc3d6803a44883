package app

import (
	"fmt"
	"io"
)

// Problems reports bad input: the first few problems one by one, then one of
// every thousand, so that a broken file does not bury other messages.
type Problems struct {
	Out  io.Writer
	Name string // of the command
	n    int
}

// reported is how many problems are printed one by one.
const reported = 10

// Report counts a problem and may print it.
func (p *Problems) Report(bad error) {
	p.n++
	switch {
	case p.n <= reported:
		PrintError(p.Out, p.Name, bad)
	case p.n == reported+1:
		fmt.Fprintf(p.Out, "%s: further problems: only one in 1000 is shown\n", p.Name)
	case p.n%1000 == 0:
		PrintError(p.Out, p.Name, fmt.Errorf("%w (number %d)", bad, p.n))
	}
}

// Count returns the number of problems.
func (p *Problems) Count() int { return p.n }

// Err returns Failed if there were problems, otherwise nil.
func (p *Problems) Err() error {
	if p.n > 0 {
		return Failed
	}
	return nil
}
