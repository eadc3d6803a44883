package cmd_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/wmtools/wm/cmd/internal/cmdtest"
	"github.com/wmtools/wm/lib/simulate"
	"github.com/wmtools/wm/lib/simulate/service"
)

// captured returns events as curl saves them.
func captured(t *testing.T, events []simulate.Event) string {
	t.Helper()
	var text bytes.Buffer
	if err := service.WriteSSE(&text, []string{simulate.RecentChange}, slices.Values(events)); err != nil {
		t.Fatal(err)
	}
	return text.String()
}

// Whatever is odd about a capture is reported, and nothing else is lost.
func TestTailReadsOddCaptures(t *testing.T) {
	source := cmdtest.Made(17, 40, 10*time.Minute, 40)
	whole := captured(t, source)
	tenth := string(source[9].Data)
	for _, tt := range []struct {
		name, text string
		args, want []string
		code, lost int // lost are events, the tenth first
	}{
		{"whole", whole, nil, nil, 0, 0},
		{"other line ends", strings.ReplaceAll(whole, "\n", "\r"), nil, nil, 0, 0},
		{"an event that is too large", strings.Replace(whole, tenth, tenth[:len(tenth)-1]+`,"x":"`+strings.Repeat("x", 3<<20)+`"}`, 1),
			[]string{"--max-event", "1MiB"}, []string{fmt.Sprintf("wm-tail: %s:%d: event of 31", source[9].Topic, source[9].Offset), "1 skipped"}, 2, 1},
		{"one that does not say which it is", strings.Replace(whole, tenth, `{"x":"`+strings.Repeat("x", 3<<20)+`",`+tenth[1:], 1),
			[]string{"--max-event", "1MiB"}, []string{fmt.Sprintf("wm-tail: %s: event of 31", source[9].Topic), "1 skipped"}, 2, 1},
		{"large, and within the limit", strings.Replace(whole, tenth, `{"x":"`+strings.Repeat("x", 3<<20)+`",`+tenth[1:], 1), nil, nil, 0, 0},
		{"an end that the server gave a reason for", strings.Replace(whole, "data: "+tenth+"\n\n", "data: "+tenth+"\n\nevent: error\ndata: {\"message\":\"broker away\"}\n\n", 1),
			nil, []string{`a-b.sse: server reports {"message":"broker away"}`}, 2, 0},
		{"a cut", whole + "event: message\nid: [", nil, []string{"a-b.sse ends within an event: 20 bytes dropped"}, 0, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			name := cmdtest.WriteFile(t, "a-b.sse", []byte(tt.text))
			lines, stderr, code := cmdtest.RunTail(t, append([]string{"--input", name}, tt.args...)...)
			cmdtest.ExpectExit(t, code, tt.code, stderr)
			cmdtest.Contains(t, stderr, tt.want...)
			if strings.Contains(stderr, "gap") || strings.Count(stderr, "\n") != len(tt.want[:min(1, len(tt.want))])+1 {
				t.Errorf("says %s", stderr)
			}
			cmdtest.CompareEvents(t, lines, slices.Delete(slices.Clone(source), 9, 9+tt.lost))
		})
	}
}
