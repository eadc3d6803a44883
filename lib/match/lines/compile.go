package lines

import (
	"bytes"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"sync"
)

// Options control how patterns are read, as the options of grep do.
type Options struct {
	Literal  bool // -F: patterns are literal text
	FoldCase bool // -i: ignore case
	Word     bool // -w: the match begins and ends at a \b
	Whole    bool // -x: the match is the whole line
}

// Matcher is a set of patterns. A line matches if any of them does. A Matcher is
// immutable.
type Matcher struct {
	std     func() *regexp.Regexp // compiled on first use
	places  func() *regexp.Regexp // finds the positions of matches
	any     bool                  // every line matches
	row     []Literal             // the pattern consists of these with ".*" between them
	needed  *Literal              // every matching line has it
	program *nfa                  // nil if it is too large or not needed
}

// Compile compiles patterns in Go's regular expression syntax. The error is a
// *syntax.Error.
func Compile(patterns []string, o Options) (*Matcher, error) {
	patterns, err := each(patterns, o)
	if err != nil {
		return nil, err
	}
	// The order of the patterns determines which one matches, but not whether one
	// does. Sorted, neighbours with a common prefix share it.
	expr := expression(slices.Compact(slices.Sorted(slices.Values(patterns))), o)
	re, err := syntax.Parse(expr, syntax.Perl)
	if err != nil {
		return nil, err
	}
	re = strip(re.Simplify())
	m := &Matcher{any: re.Op == syntax.OpEmptyMatch}
	m.std = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) }) // expr was parsed above
	m.places = sync.OnceValue(func() *regexp.Regexp {
		if re, err := regexp.Compile(expression(patterns, o)); err == nil {
			return re
		}
		return m.std() // without shared prefixes it may be too large
	})
	if m.any {
		return m, nil
	}
	if row, ok := literalRow(re); ok {
		m.row = row
		return m, nil
	}
	m.needed = neededLiteral(re)
	m.program = compileNFA(re)
	return m, nil
}

// each parses the patterns separately, because two invalid ones may be valid when
// joined, such as "a)" and "(b". It returns them in a form that can be joined.
func each(patterns []string, o Options) ([]string, error) {
	each := slices.Clone(patterns)
	for i, p := range patterns {
		if o.Literal {
			each[i] = regexp.QuoteMeta(p)
			continue
		}
		re, err := syntax.Parse(p, syntax.Perl)
		if err != nil {
			return nil, err
		}
		if strings.Contains(p, `\Q`) {
			each[i] = re.String() // \Q may quote what is joined after it
		}
	}
	return each, nil
}

// expression joins patterns into one.
func expression(patterns []string, o Options) string {
	parts := make([]string, len(patterns))
	for i, p := range patterns {
		parts[i] = "(?:" + p + ")"
	}
	expr := strings.Join(parts, "|")
	switch {
	case o.Whole:
		expr = `^(?:` + expr + `)$`
	case o.Word:
		expr = `\b(?:` + expr + `)\b`
	}
	if o.FoldCase {
		expr = "(?i)" + expr
	}
	return expr
}

// strip removes what does not affect whether a line matches: captures, and ".*"
// at either end of the pattern.
func strip(re *syntax.Regexp) *syntax.Regexp {
	for re.Op == syntax.OpCapture {
		re = re.Sub[0]
	}
	if isAnything(re) {
		return &syntax.Regexp{Op: syntax.OpEmptyMatch}
	}
	if re.Op != syntax.OpConcat {
		return re
	}
	sub := re.Sub
	for len(sub) > 0 && isAnything(sub[0]) {
		sub = sub[1:]
	}
	if len(sub) > 1 && sub[0].Op == syntax.OpBeginText && isAnything(sub[1]) {
		sub = sub[2:]
	}
	for len(sub) > 0 && isAnything(sub[len(sub)-1]) {
		sub = sub[:len(sub)-1]
	}
	switch len(sub) {
	case 0:
		return &syntax.Regexp{Op: syntax.OpEmptyMatch}
	case 1:
		return strip(sub[0])
	}
	stripped := *re
	stripped.Sub = sub
	return &stripped
}

// isAnything reports whether an expression is ".*", greedy or not.
func isAnything(re *syntax.Regexp) bool {
	return re.Op == syntax.OpStar && (re.Sub[0].Op == syntax.OpAnyChar || re.Sub[0].Op == syntax.OpAnyCharNotNL)
}

// EachPlace calls found with each non-empty match in a line: leftmost first,
// without overlaps, as package regexp finds them.
func (m *Matcher) EachPlace(line []byte, found func(Span)) {
	line = bytes.TrimSuffix(line, []byte("\r"))
	// FindAllIndex would allocate fifty bytes per match. ReplaceAllFunc passes a
	// slice of the line, whose capacity reveals its position.
	m.places().ReplaceAllFunc(line, func(match []byte) []byte {
		if start := cap(line) - cap(match); len(match) > 0 {
			found(Span{start, start + len(match)})
		}
		return nil
	})
}

// Span is part of a block: block[Start:End].
type Span struct{ Start, End int }
