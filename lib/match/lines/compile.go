package lines

import (
	"bytes"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"sync"
)

// Options are those of grep.
type Options struct {
	Literal  bool // -F: patterns are text
	FoldCase bool // -i
	Word     bool // -w: the match begins and ends at a \b
	Whole    bool // -x: the match is the whole line
}

// Matcher is some patterns, any of which a line may match. It is immutable.
type Matcher struct {
	std     func() *regexp.Regexp // compiled when it is needed first
	places  func() *regexp.Regexp // that finds the places of matches
	any     bool                  // every line matches
	row     []Literal             // the pattern is just these, in a row
	needed  *Literal              // every line that matches has it
	program *nfa                  // nil: too large, or std alone can do it
}

// Compile takes patterns in Go's syntax of regular expressions. Its error is
// that of package regexp: a *syntax.Error.
func Compile(patterns []string, o Options) (*Matcher, error) {
	patterns, err := each(patterns, o)
	if err != nil {
		return nil, err
	}
	// Which of several patterns matches depends on their order; whether one does
	// not. Those with a beginning in common share it only if they are neighbours.
	expr := expression(slices.Compact(slices.Sorted(slices.Values(patterns))), o)
	re, err := syntax.Parse(expr, syntax.Perl)
	if err != nil {
		return nil, err
	}
	re = strip(re.Simplify())
	m := &Matcher{any: re.Op == syntax.OpEmptyMatch}
	m.std = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) }) // it was parsed above
	m.places = sync.OnceValue(func() *regexp.Regexp {
		if re, err := regexp.Compile(expression(patterns, o)); err == nil {
			return re
		}
		return m.std() // without neighbours that share, it may be too large
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

// each reads patterns one by one, for two that are wrong may be right together,
// such as "a)" and "(b". It returns them so that they can be joined.
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
			each[i] = re.String() // may quote all that would follow
		}
	}
	return each, nil
}

// expression joins patterns to one.
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

// strip takes away what does not change whether a line matches: captures, and
// ".*" at either end of the pattern.
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

// EachPlace calls found with the places of all matches in a line that are not
// empty, as package regexp finds them: each from the leftmost place on, none
// within another.
func (m *Matcher) EachPlace(line []byte, found func(Span)) {
	line = bytes.TrimSuffix(line, []byte("\r"))
	// FindAllIndex would take fifty bytes for each: more than a long line has.
	// What is passed here is a part of the line, so its capacity tells the place.
	m.places().ReplaceAllFunc(line, func(match []byte) []byte {
		if start := cap(line) - cap(match); len(match) > 0 {
			found(Span{start, start + len(match)})
		}
		return nil
	})
}

// Span is a part of a block.
type Span struct{ Start, End int }
