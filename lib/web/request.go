package web

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

// request names a view: what a browser may ask for, and all that it may ask.
type request struct {
	stream string        // such as "recentchange"
	wiki   string        // only this one; "": all
	span   time.Duration // a range that ends now; 0: from and to hold
	from   time.Time
	to     time.Time
}

// choice is one entry of a list to choose from.
type choice struct {
	Value, Label string
	span         time.Duration // of a range
}

// ranges are the spans that a view may have, the shortest first.
var ranges = []choice{
	{"15m", "15 minutes", 15 * time.Minute},
	{"1h", "1 hour", time.Hour},
	{"6h", "6 hours", 6 * time.Hour},
	{"24h", "24 hours", 24 * time.Hour},
	{"7d", "7 days", 7 * 24 * time.Hour},
	{"30d", "30 days", 30 * 24 * time.Hour},
}

const (
	defaultRange  = "1h"
	defaultStream = "recentchange"
)

// parameters are those of a view. The page has more in its address, the data
// does not: who misspells one there should hear of it.
var parameters = []string{"stream", "wiki", "range", "from", "to"}

// streams are those that the page offers. The address of a view may name any.
var streams = []string{
	defaultStream, "revision-create", "page-create", "page-delete", "page-move", "page_change.v1",
}

var (
	streamName = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,63}$`)
	wikiName   = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)
)

// parseRequest reads the parameters of a view. The error is a sentence for
// whoever wrote the address.
func parseRequest(params url.Values) (request, error) {
	for name := range params {
		if !slices.Contains(parameters, name) {
			return request{}, fmt.Errorf("unknown parameter %q: a view has stream, wiki, range, from and to", name)
		}
	}
	req := request{stream: params.Get("stream"), wiki: params.Get("wiki")}
	if req.stream == "" {
		req.stream = defaultStream
	}
	req.stream = strings.TrimPrefix(req.stream, "mediawiki.")
	if !streamName.MatchString(req.stream) {
		return request{}, fmt.Errorf("%q cannot be the name of a stream: write it like recentchange", req.stream)
	}
	if req.wiki != "" && !wikiName.MatchString(req.wiki) {
		return request{}, fmt.Errorf("%q cannot be the name of a wiki: write it like enwiki", req.wiki)
	}
	return req, req.setTimes(params.Get("range"), params.Get("from"), params.Get("to"))
}

func (req *request) setTimes(span, from, to string) error {
	if from == "" && to == "" {
		return req.setRange(span)
	}
	if span != "" {
		return errors.New("give either range or from and to")
	}
	var err error
	if req.from, err = parseTime("from", from); err != nil {
		return err
	}
	if req.to, err = parseTime("to", to); err != nil {
		return err
	}
	return checkOrder(req.from, req.to)
}

func (req *request) setRange(name string) error {
	if name == "" {
		name = defaultRange
	}
	for _, r := range ranges {
		if r.Value == name {
			req.span = r.span
			return nil
		}
	}
	return fmt.Errorf("unknown range %q: use 15m, 1h, 6h, 24h, 7d or 30d, or give from and to", name)
}

// longest is the longest time between from and to.
const longest = 10 * 366 * 24 * time.Hour

func checkOrder(from, to time.Time) error {
	switch d := to.Sub(from); {
	case d < time.Second:
		return errors.New("from must be at least a second before to")
	case d > longest:
		return errors.New("from and to are more than ten years apart")
	}
	return nil
}

// parseTime reads a time to the second: finer ones would make views that
// nobody shares, and are no use on a chart.
func parseTime(name, text string) (time.Time, error) {
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if t, err := time.Parse(layout, text); err == nil {
			return t.UTC().Truncate(time.Second), nil
		}
	}
	if text == "" {
		return time.Time{}, fmt.Errorf("%s is missing: a view has both from and to", name)
	}
	return time.Time{}, fmt.Errorf("%s=%q is not a time: write it like 2026-11-23T10:00:00Z or 2026-11-23", name, text)
}
