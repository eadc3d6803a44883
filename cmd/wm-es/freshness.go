package main

import (
	"context"
	"fmt"
	"time"

	"github.com/wmtools/wm/lib/es/query"
)

// week is how long after its newest event a stream still counts as live.
const week = 7 * 24 * time.Hour

// maxEnded is how many streams that have ended are listed one by one.
const maxEnded = 3

// events checks that the newest events are recent. Events dated in the future do
// not count.
func (d *doctor) events(ctx context.Context) error {
	list, err := query.NewReader(d.client).NewestEvents(ctx, d.pattern.Wildcard(), d.now)
	switch {
	case isForbidden(err):
		d.good("the events are hidden from this user")
		return nil
	case isMissing(err), err == nil && len(list) == 0:
		d.good("no events yet")
		return nil
	case err != nil:
		return err
	}
	live, ended := d.split(list)
	for _, at := range live {
		if d.now.Sub(at.Newest) > d.maxAge {
			d.bad(d.newest(at), "is wm-tail | wm-es running?")
		} else {
			d.good("%s", d.newest(at))
		}
	}
	if len(live) == 0 {
		d.bad("the newest event is "+age(d.now.Sub(newestOf(ended)))+" old", "is wm-tail | wm-es running?")
	}
	d.ended(ended)
	return nil
}

// split separates the streams that had an event within --max-age or within the
// last week from the others.
func (d *doctor) split(list []query.StreamTime) (live, ended []query.StreamTime) {
	for _, at := range list {
		if d.now.Sub(at.Newest) <= max(week, d.maxAge) {
			live = append(live, at)
		} else {
			ended = append(ended, at)
		}
	}
	return live, ended
}

// ended lists streams that have ended, in one line if there are many.
func (d *doctor) ended(list []query.StreamTime) {
	if len(list) > maxEnded {
		d.good("%d more streams have no event of the last week; their newest is of %s", len(list), newestOf(list).UTC().Format(time.RFC3339))
		return
	}
	for _, at := range list {
		d.good("%s", d.newest(at))
	}
}

func (d *doctor) newest(at query.StreamTime) string {
	return fmt.Sprintf("newest event of %s: %s, %s ago", at.Stream, at.Newest.UTC().Format(time.RFC3339), age(d.now.Sub(at.Newest)))
}

func newestOf(list []query.StreamTime) (newest time.Time) {
	for _, at := range list {
		if at.Newest.After(newest) {
			newest = at.Newest
		}
	}
	return newest
}

// age formats a duration for people.
func age(d time.Duration) string {
	if d > 48*time.Hour {
		return fmt.Sprintf("%d days", d/(24*time.Hour))
	}
	return d.Round(time.Second).String()
}
