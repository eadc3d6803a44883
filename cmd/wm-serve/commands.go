package main

import (
	"strings"
	"time"

	"github.com/wmtools/wm/cmd/internal/advice"
	"github.com/wmtools/wm/lib/web"
)

// commands returns the command lines that print the events of a view: from the stream,
// from the index, and from this dashboard. args are the flags of the connection, which
// wm-es also needs.
func commands(args []string) func(web.Selection) []web.Command {
	return func(s web.Selection) []web.Command {
		return []web.Command{
			{ID: "pipeline", Label: "Copy as pipeline", Text: pipeline(s)},
			{ID: "search", Label: "Copy as wm-es search", Text: search(s, args)},
			{ID: "curl", Label: "Copy as curl", Text: "curl " + advice.Quote(s.URL)},
		}
	}
}

// pipeline returns a command that reads the stream. If the view ends now, it continues
// with the live stream.
func pipeline(s web.Selection) string {
	words := []string{"wm-tail", "--since", s.Since.Format(time.RFC3339)}
	if !s.Live {
		words = append(words, "--until", s.Until.Format(time.RFC3339))
	}
	if s.Stream != "recentchange" {
		words = append(words, advice.Quote(s.Stream))
	}
	line := strings.Join(words, " ")
	if s.Query != "" {
		line += " | wm-grep --query " + advice.Quote(s.Query)
	}
	return line
}

// search returns a command that reads the index.
func search(s web.Selection, args []string) string {
	words := []string{"wm-es", "search", "--all", "--since", s.Since.Format(time.RFC3339)}
	if !s.Live {
		words = append(words, "--until", s.Until.Format(time.RFC3339))
	}
	for _, arg := range args {
		words = append(words, advice.Quote(arg))
	}
	if s.Query != "" {
		words = append(words, "--", advice.Quote(s.Query))
	}
	return strings.Join(words, " ")
}
