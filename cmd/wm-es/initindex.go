package main

import (
	"fmt"
	"os"

	"github.com/urfave/cli/v2"

	"github.com/wmtools/wm/lib/app"
	"github.com/wmtools/wm/lib/es"
)

func initIndexCommand() *cli.Command {
	return &cli.Command{
		Name:  "init-index",
		Usage: "put the index template",
		Description: `  wm-es init-index                    the template for all streams and days
  wm-es init-index --index changes    the template for one index, and the index`,
		UsageText: "wm-es init-index [flags]      doing it again changes nothing",
		Flags:     connection(),
		Action:    initIndex,
	}
}

func initIndex(c *cli.Context) error {
	if c.NArg() > 0 {
		return app.Usage("init-index takes no argument: --index names the index")
	}
	client, pattern, err := connect(c)
	if err != nil {
		return err
	}
	done, err := client.InitIndex(c.Context, pattern)
	if err != nil {
		return err
	}
	outcome := map[es.TemplateState]string{
		es.TemplateCurrent:  "is there already, nothing changed",
		es.TemplateCreated:  "was missing: put",
		es.TemplateReplaced: "was another: replaced; indices that exist keep their mapping",
	}
	fmt.Fprintf(os.Stderr, "wm-es: index template %s %s\n", done.Template, outcome[done.State])
	switch {
	case done.IndexCreated:
		fmt.Fprintf(os.Stderr, "wm-es: index %s was missing: created\n", done.Index)
	case done.Index != "":
		fmt.Fprintf(os.Stderr, "wm-es: index %s is there already\n", done.Index)
	}
	return nil
}
