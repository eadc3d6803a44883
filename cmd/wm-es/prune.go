package main

import (
	"fmt"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/wmtools/wm/lib/app"
	"github.com/wmtools/wm/lib/es"
	"github.com/wmtools/wm/lib/event"
)

func pruneCommand() *cli.Command {
	return &cli.Command{
		Name:  "prune",
		Usage: "delete old indices",
		Description: `  wm-es prune --keep 30d --dry-run     print what would be deleted
  wm-es prune --keep 30d               keep the events of the last 30 days`,
		UsageText: "wm-es prune --keep TIME [flags]      prints the names of deleted indices",
		Flags: commandFlags(
			&cli.GenericFlag{Name: "keep", Value: app.Bounded(event.ParseDuration, "", "0s", "36500d"), Usage: "keep the events of the last `TIME`, such as 30d"},
			&cli.BoolFlag{Name: "dry-run", Usage: "delete nothing"}),
		Before: app.CheckStdout,
		Action: prune,
	}
}

// prune deletes indices one by one and by name: a wildcard might match an index
// that was created meanwhile.
func prune(c *cli.Context) error {
	if c.NArg() > 0 || !c.IsSet("keep") {
		return app.Usage("prune takes --keep TIME and no arguments")
	}
	client, pattern, err := connect(c)
	if err != nil {
		return err
	}
	if !pattern.Dated() {
		return app.Usage("--index %s: its names contain no date (%%Y, %%Y and %%m, or %%Y, %%m and %%d)", pattern)
	}
	defer sayWaiting(c, client)()
	list, err := client.Indices(c.Context, pattern)
	if err != nil {
		return err
	}
	var documents int64
	old := outdated(list, pattern, time.Now().Add(-c.Duration("keep")))
	for _, index := range old {
		if !c.Bool("dry-run") {
			if err := client.DeleteIndex(c.Context, index.Name); err != nil {
				return err
			}
		}
		documents += index.Documents
		fmt.Println(index.Name)
	}
	verb := map[bool]string{false: "deleted", true: "would delete"}[c.Bool("dry-run")]
	fmt.Fprintf(app.Stderr, "wm-es: %s %d of %d indices, with %d documents\n", verb, len(old), len(list), documents)
	return nil
}

// outdated returns the indices all of whose events are before a time. An index
// without a date in its name is not among them.
func outdated(list []es.Index, pattern es.IndexPattern, before time.Time) (old []es.Index) {
	for _, index := range list {
		if _, to, ok := pattern.Period(index.Name); ok && !to.After(before) {
			old = append(old, index)
		}
	}
	return old
}
