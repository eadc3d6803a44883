// Package period reads the flags --since and --until, which most programs have.
package period

import (
	"fmt"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/wmtools/wm/lib/app"
	"github.com/wmtools/wm/lib/event"
)

// Parse returns the times of --since and --until; a flag that is not set gives
// the zero time. Times such as 2h are relative to now. It rejects an empty
// period.
func Parse(c *cli.Context, now time.Time) (since, until time.Time, err error) {
	if since, err = parse(c, "since", now); err != nil {
		return since, until, err
	}
	if until, err = parse(c, "until", now); err != nil {
		return since, until, err
	}
	if !since.IsZero() && !until.IsZero() && !since.Before(until) {
		err = app.Usage("--since %s is not before --until %s", c.String("since"), c.String("until"))
	}
	return since, until, err
}

func parse(c *cli.Context, flag string, now time.Time) (time.Time, error) {
	if !c.IsSet(flag) {
		return time.Time{}, nil
	}
	t, err := event.ParseTime(c.String(flag), now)
	if err != nil {
		return t, fmt.Errorf("--%s: %w", flag, err)
	}
	return t, nil
}
