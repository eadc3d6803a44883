package app

import (
	"errors"
	"fmt"
	"io"
)

// Problems reports bad input: the first few problems one by one, then one of
// every thousand, so that a broken file does not bury other messages. It prints
// each hint once.
type Problems struct {
	Out  io.Writer
	Name string // of the command
	n    int

	hints map[string]bool // printed
}

// reported is how many problems are printed one by one.
const reported = 10

// Report counts a problem and may print it.
func (p *Problems) Report(bad error) {
	p.n++
	switch {
	case p.n <= reported:
		p.print(bad)
	case p.n == reported+1:
		fmt.Fprintf(p.Out, "%s: further problems: only one in 1000 is shown\n", p.Name)
	case p.n%1000 == 0:
		p.print(fmt.Errorf("%w (number %d)", bad, p.n))
	}
}

// print prints an error, without its hint if that was printed before.
func (p *Problems) print(bad error) {
	if h, ok := errors.AsType[hinted](bad); ok {
		if p.hints[h.Hint()] {
			bad = errors.New(bad.Error())
		} else if p.hints == nil {
			p.hints = make(map[string]bool)
		}
		p.hints[h.Hint()] = true
	}
	PrintError(p.Out, p.Name, bad)
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
