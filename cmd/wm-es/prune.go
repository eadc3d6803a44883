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
		Usage: "delete daily indices that are old",
		Description: `  wm-es prune --keep 30d --dry-run     which would be deleted
  wm-es prune --keep 30d               keep the events of thirty days`,
		UsageText: "wm-es prune --keep TIME [flags]      the names are printed",
		Flags: append(connection(),
			&cli.StringFlag{Name: "keep", Usage: "keep the events of the last `TIME`, as 30d"},
			&cli.BoolFlag{Name: "dry-run", Usage: "delete nothing"}),
		Before: app.CheckStdout,
		Action: prune,
	}
}

// prune deletes indices one by one and by name: a wildcard could take more than
// was looked at.
func prune(c *cli.Context) error {
	if c.NArg() > 0 || !c.IsSet("keep") {
		return app.Usage("prune takes --keep TIME and no argument")
	}
	keep, err := event.ParseDuration(c.String("keep"))
	if err != nil {
		return fmt.Errorf("--keep: %w", err)
	}
	client, pattern, err := connect(c)
	if err != nil {
		return err
	}
	if !pattern.Daily() {
		return app.Usage("--index %s: its names do not tell the day", pattern)
	}
	list, err := client.Indices(c.Context, pattern)
	if err != nil {
		return err
	}
	var documents int64
	old := outdated(list, pattern, time.Now().Add(-keep))
	for _, index := range old {
		if !c.Bool("dry-run") {
			if err := client.DeleteIndex(c.Context, index.Name); err != nil {
				return err
			}
		}
		documents += index.Documents
		fmt.Println(index.Name)
	}
	verb := map[bool]string{false: "deleted", true: "would be deleted"}[c.Bool("dry-run")]
	fmt.Fprintf(app.Stderr, "wm-es: %d of %d indices with %d documents %s\n", len(old), len(list), documents, verb)
	return nil
}

// outdated returns the indices whose day ended before a time. One without a day
// in its name is never among them.
func outdated(list []es.Index, pattern es.IndexPattern, before time.Time) (old []es.Index) {
	for _, index := range list {
		if day, ok := pattern.Day(index.Name); ok && !day.AddDate(0, 0, 1).After(before) {
			old = append(old, index)
		}
	}
	return old
}
