package main

import (
	"context"
	"regexp"
	"time"

	"github.com/wmtools/wm/lib/store"
)

// dated matches the end of the name of an index for one day, as wm-es names them.
var dated = regexp.MustCompile(`\d{4}\.\d{2}\.\d{2}$`)

// prune deletes the indices of days that ended longer ago than keep, now and
// every hour until ctx is done.
func prune(ctx context.Context, s *store.Store, keep time.Duration, report func(format string, args ...any)) {
	tick := time.NewTicker(time.Hour)
	defer tick.Stop()
	for {
		if err := pruneOnce(s, time.Now().Add(-keep), report); err != nil {
			report("--keep: %v", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func pruneOnce(s *store.Store, before time.Time, report func(format string, args ...any)) error {
	names, err := s.Resolve("", store.IndicesOptions{AllowNoIndices: true})
	if err != nil {
		return err
	}
	for _, name := range names {
		day, err := time.Parse("2006.01.02", dated.FindString(name))
		if err != nil || day.AddDate(0, 0, 1).After(before) {
			continue
		}
		if err := s.DeleteIndex(name); err != nil {
			return err
		}
		report("deleted %s, which is older than --keep", name)
	}
	return nil
}
