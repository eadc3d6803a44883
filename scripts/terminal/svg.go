//go:build linux

package main

import (
	"bufio"
	"fmt"
	"html"
	"io"
	"strings"

	"github.com/mattn/go-runewidth"
)

// picture is how a terminal is drawn.
type picture struct {
	columns int
	title   string
	light   bool
}

// Sizes in pixels.
const (
	charWidth  = 8.4 // of the font at 14 px
	lineHeight = 20
	margin     = 16
)

// palette is the color of the background, of text, and of the colors 0 to 7.
type palette struct {
	back, text string
	colors     [8]string
}

var (
	dark  = palette{"#1b1d1f", "#e6e6e6", [8]string{"#000", "#ff7a6e", "#5fc88f", "#e3b341", "#6d9eff", "#d48cf0", "#5cc8d6", "#e6e6e6"}}
	light = palette{"#ffffff", "#202122", [8]string{"#000", "#b32424", "#12704b", "#8a5a00", "#3366cc", "#7a3ba0", "#0b6a79", "#202122"}}
)

// draw writes the picture of some lines.
func (p picture) draw(w io.Writer, lines [][]span) error {
	colors := dark
	if p.light {
		colors = light
	}
	out := bufio.NewWriter(w)
	width, height := charWidth*float64(p.columns)+2*margin, lineHeight*(len(lines)+1)+2*margin
	fmt.Fprintf(out, `<svg xmlns="http://www.w3.org/2000/svg" width="%.0f" height="%d" viewBox="0 0 %.0f %d" role="img" aria-label="%s">`+"\n",
		width, height, width, height, html.EscapeString("terminal: "+p.title))
	fmt.Fprintf(out, `<rect width="100%%" height="100%%" rx="8" fill="%s"/>`+"\n", colors.back)
	fmt.Fprintf(out, `<g font-family="ui-monospace, SFMono-Regular, Menlo, 'DejaVu Sans Mono', 'Noto Sans Mono', monospace" font-size="14" xml:space="preserve" fill="%s">`+"\n", colors.text)
	prompt := []span{{"$ ", style{faint: true}}, {p.title, style{bold: true}}}
	for i, line := range append([][]span{prompt}, lines...) {
		drawLine(out, colors, line, margin+lineHeight*i+15)
	}
	fmt.Fprintln(out, "</g>\n</svg>")
	return out.Flush()
}

// drawLine puts each span at its column, so that fonts of other widths do not
// shift what follows.
func drawLine(out io.Writer, colors palette, line []span, y int) {
	column := 0
	for _, s := range line {
		columns := runewidth.StringWidth(s.text)
		if text := strings.TrimRight(s.text, " "); text != "" {
			indent := len(text) - len(strings.TrimLeft(text, " "))
			fit := runewidth.StringWidth(text) - indent
			fmt.Fprintf(out, `<text x="%.1f" y="%d" textLength="%.1f" lengthAdjust="spacingAndGlyphs"%s>%s</text>`+"\n",
				margin+charWidth*float64(column+indent), y, charWidth*float64(fit), s.style.attributes(colors), html.EscapeString(text[indent:]))
		}
		column += columns
	}
}

func (s style) attributes(colors palette) string {
	var b strings.Builder
	if s.color != "" {
		fmt.Fprintf(&b, ` fill="%s"`, colors.colors[s.color[0]-'0'])
	}
	if s.bold {
		b.WriteString(` font-weight="bold"`)
	}
	if s.faint {
		b.WriteString(` opacity="0.65"`)
	}
	return b.String()
}
