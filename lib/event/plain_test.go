package event_test

import (
	"strings"
	"testing"

	"github.com/wmtools/wm/lib/event"
)

func TestPlain(t *testing.T) {
	for before := range 20 {
		for after := range 10 {
			for c := range 256 {
				s := strings.Repeat("é", before) + string([]byte{byte(c)}) + strings.Repeat("!", after)
				want := len(s)
				if c < ' ' || c == '"' || c == '\\' {
					want = 2 * before
				}
				if got := event.Plain(s); got != want {
					t.Fatalf("%q: %d, want %d", s, got, want)
				}
			}
		}
	}
}
