package stream

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/tidwall/gjson"
	"github.com/xrash/smetrics"

	"github.com/wmtools/wm/lib/event"
)

// maxSpec is the size in bytes of the largest specification that is read.
const maxSpec = 4 << 20

// List returns the names of the streams that the server offers, as its own
// specification has them: some have a short name beside the whole one.
func List(ctx context.Context, cfg Config) ([]string, error) {
	conn, err := newConnector(cfg.withDefaults())
	if err != nil {
		return nil, err
	}
	names, err := conn.list(ctx)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", conn.url.Host, err)
	}
	return names, nil
}

func (c *connector) list(ctx context.Context) ([]string, error) {
	ctx, cancel := context.WithTimeout(ctx, lookTimeout)
	defer cancel()
	u := *c.url
	u.Path, u.RawQuery = "/", "spec"
	res, err := c.get(ctx, &u, "")
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return nil, refusal(res)
	}
	spec, err := io.ReadAll(io.LimitReader(res.Body, maxSpec))
	if err != nil {
		return nil, err
	}
	var names []string
	for _, name := range gjson.GetBytes(spec, `paths./v2/stream/{streams}.get.parameters.#(name=="streams").schema.items.enum`).Array() {
		names = append(names, name.String())
	}
	if len(names) == 0 {
		return nil, event.WithHint(errors.New("no list of streams in its specification (/?spec)"), "is this the address of an EventStreams service?")
	}
	return names, nil
}

// advise adds to the answer about unknown streams the names that are nearest.
func (c *connector) advise(ctx context.Context, err error) error {
	if _, ok := errors.AsType[*unknownError](err); !ok {
		return err
	}
	names, listErr := c.list(ctx)
	if listErr != nil {
		return event.WithHint(err, "wm-tail --list shows the streams that the server offers")
	}
	var near []string
	for _, asked := range c.streams {
		if !slices.Contains(names, asked) {
			near = append(near, nearest(asked, names)...)
		}
	}
	return event.WithHint(err, "nearest are "+strings.Join(near, ", ")+"; wm-tail --list shows all")
}

// nearest returns the two names that are most like one that does not exist.
func nearest(asked string, names []string) []string {
	likeness := func(name string) float64 {
		return smetrics.JaroWinkler(strings.ToLower(asked), strings.TrimPrefix(name, "mediawiki."), 0.7, 4)
	}
	short := slices.DeleteFunc(slices.Clone(names), func(name string) bool {
		rest, whole := strings.CutPrefix(name, "mediawiki.")
		return whole && slices.Contains(names, rest)
	})
	slices.SortStableFunc(short, func(a, b string) int { return cmp.Compare(likeness(b), likeness(a)) })
	return short[:min(2, len(short))]
}
