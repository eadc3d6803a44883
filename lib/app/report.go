package app

import (
	"fmt"
	"io"
)

// Problems tells the user about bad input: the first few pieces one by one,
// then one of every thousand, so that a broken file does not bury the rest.
type Problems struct {
	Out  io.Writer
	Name string // of the command
	n    int
}

// told is how many problems are printed one by one.
const told = 10

// Report prints a problem, or only counts it.
func (p *Problems) Report(bad error) {
	p.n++
	switch {
	case p.n <= told:
		PrintError(p.Out, p.Name, bad)
	case p.n == told+1:
		fmt.Fprintf(p.Out, "%s: more of this kind: from here on one of 1000 is shown\n", p.Name)
	case p.n%1000 == 0:
		PrintError(p.Out, p.Name, fmt.Errorf("%w (number %d)", bad, p.n))
	}
}

// Count returns how many problems there were.
func (p *Problems) Count() int { return p.n }

// Status is Failed when there were problems, and nil otherwise.
func (p *Problems) Status() error {
	if p.n > 0 {
		return Failed
	}
	return nil
}
