package table

import "github.com/wmtools/wm/lib/event"

// Colors by meaning, as SGR parameters. They are from the first sixteen, which
// every terminal has and adapts to a light or dark background.
const (
	timeColor = "2"  // faint
	wikiColor = "36" // cyan
	flagColor = "33" // yellow
	pageColor = "1"  // bold
)

func deltaColor(n int64) string {
	switch {
	case n >= 500:
		return "1;32"
	case n > 0:
		return "32" // green
	case n <= -500:
		return "1;31"
	case n < 0:
		return "31" // red
	}
	return "2"
}

// userColor marks those who edit without an account and fades bots.
func userColor(kind string) string {
	switch kind {
	case event.KindTemporary, event.KindAddress:
		return "35" // magenta
	case event.KindBot, event.KindHidden:
		return "2"
	}
	return ""
}

func riskColor(p float64) string {
	switch {
	case p >= 0.9:
		return "1;31"
	case p >= 0.5:
		return "33"
	}
	return "2"
}

func (l *Lines) startColor(dst []byte, color string) []byte {
	if !l.o.Color || color == "" {
		return dst
	}
	return append(append(append(dst, "\x1b["...), color...), 'm')
}

func (l *Lines) endColor(dst []byte, color string) []byte {
	if !l.o.Color || color == "" {
		return dst
	}
	return append(dst, "\x1b[m"...)
}

func (l *Lines) appendColored(dst []byte, color string, text []byte) []byte {
	return l.endColor(append(l.startColor(dst, color), text...), color)
}
