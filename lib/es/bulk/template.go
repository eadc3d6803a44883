package bulk

import (
	"context"
	"errors"

	"github.com/wmtools/wm/lib/es"
)

// EnsureTemplate puts the index template of o.Index if it is missing. Like a
// Writer it waits for a server that is down or busy, and reports that to
// o.OnOutage and o.OnRecover.
func EnsureTemplate(ctx context.Context, c *es.Client, o Options) (es.Template, error) {
	return ensureTemplate(ctx, c, o.withDefaults(), wallClock)
}

func ensureTemplate(ctx context.Context, c *es.Client, o Options, clock clock) (es.Template, error) {
	wait := patience{clock: clock, tell: o.OnOutage, limit: o.RetryFor}
	start := clock.now()
	for {
		request, cancel := wait.bound(ctx)
		t, err := c.EnsureTemplate(request, o.Index)
		err = nameLimit(request, c, err)
		cancel()
		if e, failed := errors.AsType[*es.Error](err); !failed || !e.Temporary() {
			if err == nil && wait.delay > 0 {
				o.OnRecover(clock.now().Sub(start))
			}
			return t, err
		}
		if err := wait.wait(ctx, err, 0); err != nil {
			return t, err
		}
	}
}
