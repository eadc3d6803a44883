package main

import (
	"context"
	"math"
	"time"

	"github.com/wmtools/wm/lib/es"
	"github.com/wmtools/wm/lib/es/bulk"
	"github.com/wmtools/wm/lib/event"
	"github.com/wmtools/wm/lib/simulate"
)

// now is the time of the picture, within a bar of the histogram.
func now() time.Time { return time.Date(2026, 11, 24, 14, 27, 20, 0, time.UTC) }

const (
	rate   = 3 // events per second, before thinning
	before = 31 * time.Hour
)

// fill indexes the events of a day and of the same hours of the day before, more of
// them in the afternoon than in the night.
func fill(ctx context.Context, c *es.Client) error {
	pattern, err := es.ParseIndexPattern(es.DefaultIndex)
	if err != nil {
		return err
	}
	if _, err := c.InitIndex(ctx, pattern, es.TemplateOptions{}); err != nil {
		return err
	}
	w := bulk.NewWriter(c, bulk.Options{Index: pattern})
	events, due := simulate.New(5, simulate.Options{Start: now().Add(-before), Rate: rate, Canary: -1}), 0.0
	for e := range events.All() {
		at := time.UnixMilli(e.Time).UTC()
		if at.After(now().Add(-time.Second)) {
			return w.Close(ctx)
		}
		if due += share(at); due < 1 {
			continue
		}
		due--
		if err := w.Put(ctx, event.New(e.Data)); err != nil {
			return err
		}
	}
	return nil
}

// share is the part of the events that is kept at a time.
func share(at time.Time) float64 {
	hour := float64(at.Hour()) + float64(at.Minute())/60
	day := 0.55 + 0.25*math.Sin((hour-9)/24*2*math.Pi)
	burst := 0.35 * math.Exp(-math.Pow((hour-10.8)/0.35, 2))
	return min(1, day+burst)
}
