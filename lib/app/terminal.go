package app

import (
	"os"
	"runtime"

	"golang.org/x/term"
)

// IsTerminal reports whether f is a terminal.
func IsTerminal(f *os.File) bool { return term.IsTerminal(int(f.Fd())) }

// TerminalWidth returns the number of columns of a terminal, or 0 if f is not a
// terminal or its width is unknown.
func TerminalWidth(f *os.File) int {
	width, _, err := term.GetSize(int(f.Fd()))
	if err != nil {
		return 0
	}
	return width
}

// hasEscapes reports whether f is a terminal that interprets escape sequences.
func hasEscapes(f *os.File) bool {
	kind := os.Getenv("TERM")
	return IsTerminal(f) && kind != "dumb" && (kind != "" || runtime.GOOS == "windows")
}

// hasColor reports whether to use color on f: it is a terminal that interprets
// escape sequences, and the user has not set NO_COLOR.
func hasColor(f *os.File) bool { return hasEscapes(f) && os.Getenv("NO_COLOR") == "" }
