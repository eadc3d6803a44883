package app

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/urfave/cli/v2"
)

// Stderr is where messages go. Control characters, which may come from the
// network or from input, are written as \x1b, so that they do not reach a
// terminal. Write whole lines.
var Stderr io.Writer = printable{os.Stderr}

// Messages returns where a program writes its messages: Stderr, or nowhere with
// the flag -q.
func Messages(c *cli.Context) io.Writer {
	if c.Bool("q") {
		return io.Discard
	}
	return Stderr
}

// hinted is an error with a hint for the user.
type hinted interface {
	error
	Hint() string
}

// PrintError writes "name: error" and, if the error has a hint, a second line
// "name: hint: ..." to w. Each line of a joined error becomes a message.
func PrintError(w io.Writer, name string, err error) {
	var text strings.Builder
	for line := range strings.SplitSeq(err.Error(), "\n") {
		fmt.Fprintf(&text, "%s: %s\n", name, Printable(line))
	}
	if h, ok := errors.AsType[hinted](err); ok {
		fmt.Fprintf(&text, "%s: hint: %s\n", name, Printable(h.Hint()))
	}
	_, _ = io.WriteString(w, text.String())
}

// advice is the hinted error of this package.
type advice struct {
	error
	hint string
}

func (a *advice) Unwrap() error { return a.error }

func (a *advice) Hint() string { return a.hint }

// printable escapes what is written to w.
type printable struct{ w io.Writer }

func (p printable) Write(text []byte) (int, error) {
	if _, err := io.WriteString(p.w, Printable(string(text))); err != nil {
		return 0, err
	}
	return len(text), nil
}

// Printable escapes what could control a terminal: control characters other
// than newline and tab, invalid UTF-8, and characters that change the direction
// of text.
func Printable(text string) string {
	if strings.IndexFunc(text, controls) < 0 && utf8.ValidString(text) {
		return text
	}
	var out strings.Builder
	for i, r := range text {
		switch {
		case r == utf8.RuneError && !strings.HasPrefix(text[i:], string(utf8.RuneError)):
			fmt.Fprintf(&out, `\x%02x`, text[i])
		case !controls(r):
			out.WriteRune(r)
		case r < utf8.RuneSelf:
			fmt.Fprintf(&out, `\x%02x`, r)
		default:
			fmt.Fprintf(&out, `\u%04x`, r)
		}
	}
	return out.String()
}

func controls(r rune) bool {
	return r != '\n' && r != '\t' && (unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r))
}
