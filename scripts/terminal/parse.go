//go:build linux

package main

import (
	"regexp"
	"strings"
)

// run of text in one style.
type span struct {
	text  string
	style style
}

// style is what SGR parameters set: those that wm-cut uses.
type style struct {
	color       string // "1" to "7", or ""
	bold, faint bool
}

// escape matches a sequence that sets the style, or one that begins or ends a
// hyperlink.
var escape = regexp.MustCompile("\x1b\\[([0-9;]*)m|\x1b\\]8;[^\x1b]*\x1b\\\\")

// parse splits what was printed into lines of spans.
func parse(printed string) (lines [][]span) {
	var current style
	for line := range strings.Lines(printed) {
		line = strings.TrimRight(line, "\r\n")
		var spans []span
		for {
			at := escape.FindStringSubmatchIndex(line)
			if at == nil {
				break
			}
			if at[0] > 0 {
				spans = append(spans, span{line[:at[0]], current})
			}
			if at[2] >= 0 {
				current = current.set(line[at[2]:at[3]])
			}
			line = line[at[1]:]
		}
		lines = append(lines, append(spans, span{line, current}))
	}
	return lines
}

func (s style) set(parameters string) style {
	for p := range strings.SplitSeq(parameters, ";") {
		switch {
		case p == "" || p == "0":
			s = style{}
		case p == "1":
			s.bold = true
		case p == "2":
			s.faint = true
		case len(p) == 2 && p[0] == '3':
			s.color = p[1:]
		}
	}
	return s
}
