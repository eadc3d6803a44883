package main

import (
	"context"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/wmtools/wm/cmd/internal/advice"
	"github.com/wmtools/wm/lib/app"
	"github.com/wmtools/wm/lib/event"
)

func checkCommand() *cli.Command {
	return &cli.Command{
		Name:  "check",
		Usage: "check server, template and indices",
		Description: `  wm-es check                                     print ok or bad for each check
  wm-es check > /dev/null || mail -s wm-es ops    exit code 2: something is bad`,
		UsageText: "wm-es check [flags]      changes nothing",
		Flags: commandFlags(
			&cli.GenericFlag{Name: "max-age", Value: app.Bounded(event.ParseDuration, "1h", "1s", "36500d"), Usage: "newest events older than `TIME` are bad"}),
		Before: app.CheckStdout,
		Action: check,
	}
}

func check(c *cli.Context) error {
	if c.NArg() > 0 {
		return app.Usage("check takes no arguments")
	}
	client, pattern, err := connect(c)
	if err != nil {
		return err
	}
	d := &doctor{client: client, pattern: pattern, maxAge: c.Duration("max-age"), now: time.Now()}
	defer sayWaiting(c, client)()
	server, err := client.Ask(c.Context)
	if err != nil {
		return err
	}
	d.server(server)
	for _, look := range []func(context.Context) error{d.rights, d.template, d.indices, d.blocks, d.events} {
		if err := look(c.Context); err != nil {
			d.bad(err.Error(), advice.ElasticsearchHint(err))
		}
	}
	if d.ill {
		return app.Failed
	}
	return nil
}
