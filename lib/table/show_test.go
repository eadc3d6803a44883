package table

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// Every byte is found at every place of a text, whatever comes after it.
func TestPrintable(t *testing.T) {
	for c := range 256 {
		for at := range 20 {
			for _, rest := range []string{"", "\x00", "\x1f\x7f\x80\xff", strings.Repeat("~ ", 8)} {
				text := strings.Repeat("_", at) + string([]byte{byte(c)}) + rest
				want := strings.IndexFunc(text, func(r rune) bool { return r < ' ' || r >= 0x7f })
				if want < 0 {
					want = len(text)
				}
				if got := printable(text); got != want {
					t.Fatalf("%q: %d, want %d", text, got, want)
				}
			}
		}
	}
}

func FuzzShownIsHarmless(f *testing.F) {
	f.Add("plain\x1b[31m\u202e \u05d0 漢字\xff")
	f.Fuzz(func(t *testing.T, text string) {
		shown := string(appendShown(nil, text))
		if !utf8.ValidString(shown) || strings.ContainsFunc(shown, func(r rune) bool { return r < ' ' || r >= 0x7f && hides(r) }) {
			t.Errorf("%q is shown as %q", text, shown)
		}
		plain := strings.IndexFunc(text, func(r rune) bool { return r < ' ' || r == 0x7f || r >= 0x80 && hides(r) }) < 0
		if plain && utf8.ValidString(text) && shown != text {
			t.Errorf("%q is shown as %q", text, shown)
		}
	})
}

// A letter that runs from right to left is found at every place.
func TestRunsLeft(t *testing.T) {
	for at := range 20 {
		text := strings.Repeat("é", at%3) + strings.Repeat("x", at)
		if runsLeft([]byte(text + "漢字é")) {
			t.Errorf("%q runs left", text)
		}
		if !runsLeft([]byte(text + "א" + text)) {
			t.Errorf("%q and a Hebrew letter do not run left", text)
		}
	}
}
