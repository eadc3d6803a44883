package main

import (
	"context"

	"github.com/urfave/cli/v2"

	"github.com/wmtools/wm/lib/app"
	"github.com/wmtools/wm/lib/es"
)

func checkCommand() *cli.Command {
	return &cli.Command{
		Name:  "check",
		Usage: "look whether all is well",
		Description: `  wm-es check                                       one line for each thing, with what to do
  wm-es check > /dev/null || mail -s wm-es ops      exit code 2: something has to be done`,
		UsageText: "wm-es check [flags]      it changes nothing",
		Flags:     connection(),
		Before:    app.CheckStdout,
		Action:    check,
	}
}

func check(c *cli.Context) error {
	if c.NArg() > 0 {
		return app.Usage("check takes no argument")
	}
	client, pattern, err := connect(c)
	if err != nil {
		return err
	}
	d := &doctor{client: client, pattern: pattern}
	server, err := client.Ask(c.Context)
	if err != nil {
		return err
	}
	d.server(server)
	for _, look := range []func(context.Context) error{d.rights, d.template, d.indices, d.events} {
		if err := look(c.Context); err != nil {
			d.bad(err.Error(), es.Remedy(err))
		}
	}
	if d.ill {
		return app.Failed
	}
	return nil
}
