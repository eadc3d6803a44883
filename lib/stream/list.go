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

// List returns the names of the streams that the server offers, from its own
// specification. Some streams have a short name in addition to the full one.
func List(ctx context.Context, o Options) ([]string, error) {
	conn, err := newConnector(o.withDefaults())
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

// explainUnknown adds the nearest names to the answer about unknown streams.
func (c *connector) explainUnknown(ctx context.Context, err error) error {
	unknown, ok := errors.AsType[*UnknownStreamsError](err)
	if !ok {
		return err
	}
	names, listErr := c.list(ctx)
	if listErr != nil {
		return err
	}
	for _, asked := range c.streams {
		if !slices.Contains(names, asked) {
			unknown.Nearest = append(unknown.Nearest, nearest(asked, names)...)
		}
	}
	return err
}

// nearest returns the two names most similar to one that does not exist.
func nearest(asked string, names []string) []string {
	likeness := func(name string) float64 {
		return smetrics.JaroWinkler(strings.ToLower(asked), strings.TrimPrefix(name, "mediawiki."), 0.7, 4)
	}
	short := slices.DeleteFunc(slices.Clone(names), func(name string) bool {
		rest, full := strings.CutPrefix(name, "mediawiki.")
		return full && slices.Contains(names, rest)
	})
	slices.SortStableFunc(short, func(a, b string) int { return cmp.Compare(likeness(b), likeness(a)) })
	return short[:min(2, len(short))]
}
