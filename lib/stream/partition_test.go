package stream

import (
	"fmt"
	"strings"
	"testing"
)

// Offsets are read as "12" for a new message, "r12" for a repeat, "|" for a new
// connection and "||" for one that resumes from a watermark.
func TestGaps(t *testing.T) {
	for _, tt := range []struct{ offsets, want string }{
		{"5 6 7", ""},
		{"5 6 9 10", "gap of 2 events after offset 6"},
		{"5 6 | r5 r6 7", ""},
		{"5 6 | r5 r6 9", "gap of 2 events after offset 6"},
		{"5 6 | r15 r16 17 20", "offsets changed, counting anew; gap of 2 events after offset 17"},
		{"5 6 | 17 18", "offsets changed, counting anew"},
		{"5 6 4", "offsets changed, counting anew"},
		{"5 6 | r5 | r5 r6 7", ""},
		{"-1 5 6", ""},
		{"5 6 || 5 6 7", ""},
		{"5 6 || 5 6 9", "gap of 2 events after offset 6"},
		{"5 6 || 17 18 20", "gap of 1 events after offset 18"},
	} {
		p, reported := newPlace(partition{"t", 0}, 0), []string(nil)
		for word := range strings.FieldsSeq(tt.offsets) {
			var offset int64
			number, repeat := strings.CutPrefix(word, "r")
			if _, err := fmt.Sscan(number, &offset); err != nil {
				p.counted, p.blind = false, word == "||"
				continue
			}
			if n := p.count(offset, repeat); n != (numbering{}) {
				reported = append(reported, strings.TrimPrefix(n.Error(), "t: "))
			}
		}
		if got := strings.Join(reported, "; "); got != tt.want {
			t.Errorf("%s: reported %q, want %q", tt.offsets, got, tt.want)
		}
	}
}
