package grep

import (
	"bytes"
	"cmp"
	"slices"

	"github.com/wmtools/wm/lib/cursor"
	"github.com/wmtools/wm/lib/match"
)

// Watermarks stand between the events for whoever keeps the place in the stream
// at the end of the pipeline. They pass every filter, and count for none.

// findMarks appends the watermarks of a block to dst. No event has a tab, which
// JSON does not allow in a string, so the search for one is all that this costs.
func findMarks(dst []match.Span, block []byte) []match.Span {
	for at := 0; at < len(block); {
		i := bytes.IndexByte(block[at:], '\t')
		if i < 0 {
			break
		}
		start := bytes.LastIndexByte(block[:at+i], '\n') + 1
		end := len(block)
		if n := bytes.IndexByte(block[at+i:], '\n'); n >= 0 {
			end = at + i + n
		}
		if cursor.IsWatermark(block[start:end]) {
			dst = append(dst, match.Span{Start: start, End: end})
		}
		at = end + 1
	}
	return dst
}

// without takes the watermarks out of the lines that were found. Both are in
// order.
func without(found, marks []match.Span) []match.Span {
	return slices.DeleteFunc(found, func(line match.Span) bool {
		for len(marks) > 0 && marks[0].Start < line.Start {
			marks = marks[1:]
		}
		return len(marks) > 0 && marks[0] == line
	})
}

// with puts those that begin before end between the lines that are written.
func with(found, marks []match.Span, end int) []match.Span {
	all := slices.Clone(found)
	for _, m := range marks {
		if m.Start < end {
			all = append(all, m)
		}
	}
	slices.SortFunc(all, func(a, b match.Span) int { return cmp.Compare(a.Start, b.Start) })
	return all
}
