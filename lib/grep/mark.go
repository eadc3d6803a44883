package grep

import (
	"bytes"
	"cmp"
	"slices"

	"github.com/wmtools/wm/lib/cursor"
	"github.com/wmtools/wm/lib/match"
)

// Watermarks carry the position in the stream to the end of the pipeline. Every
// filter passes them and none counts them.

// findMarks appends the watermarks of a block to dst. JSON does not allow a tab
// in a string and events have none outside, so searching for tabs is nearly free.
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

// withoutMarks removes the watermarks from the lines of a block.
func withoutMarks(lines []match.Span, block []byte) []match.Span {
	return slices.DeleteFunc(lines, func(line match.Span) bool {
		return cursor.IsWatermark(block[line.Start:line.End])
	})
}

// withMarks merges the watermarks that begin before end into lines.
func withMarks(lines, marks []match.Span, end int) []match.Span {
	all := slices.Clone(lines)
	for _, m := range marks {
		if m.Start < end {
			all = append(all, m)
		}
	}
	slices.SortFunc(all, func(a, b match.Span) int { return cmp.Compare(a.Start, b.Start) })
	return all
}
