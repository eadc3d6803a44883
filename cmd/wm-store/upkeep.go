package main

import (
	"fmt"

	"github.com/urfave/cli/v2"

	"github.com/wmtools/wm/lib/app"
	"github.com/wmtools/wm/lib/store"
)

func verifyCommand() *cli.Command {
	return &cli.Command{
		Name:  "verify",
		Usage: "check every file of a store",
		Description: `  wm-store verify /var/lib/wm              report what is wrong, exit 2
  wm-store verify -q /var/lib/wm || mail   no summary`,
		UsageText: "wm-store verify DIR [flags]      the store may be in use",
		Flags:     []cli.Flag{quiet()},
		Action:    verify,
	}
}

func verify(c *cli.Context) error {
	if c.NArg() != 1 {
		return app.Usage("verify takes one argument, the directory")
	}
	problems := 0
	err := store.Verify(c.Context, c.Args().First(), func(file, problem string) {
		problems++
		app.PrintError(app.Stderr, c.App.Name, fmt.Errorf("%s: %s", file, problem))
	})
	switch {
	case err != nil:
		return err
	case problems > 0:
		return app.Failed
	}
	fmt.Fprintf(app.Messages(c), "wm-store: %s is intact\n", c.Args().First())
	return nil
}

func rebuildCommand() *cli.Command {
	return &cli.Command{
		Name:  "rebuild",
		Usage: "rebuild the columns from the events",
		Description: `  wm-store rebuild /var/lib/wm             after verify has found a damaged segment
  wm-store rebuild -q /var/lib/wm          no messages`,
		UsageText: "wm-store rebuild DIR [flags]     the store must not be in use",
		Flags:     []cli.Flag{memory(), quiet()},
		Action:    rebuild,
	}
}

func rebuild(c *cli.Context) error {
	if c.NArg() != 1 {
		return app.Usage("rebuild takes one argument, the directory")
	}
	messages := app.Messages(c)
	return store.Rebuild(c.Context, c.Args().First(), options(c), func(index string) {
		fmt.Fprintf(messages, "wm-store: rebuilding %s\n", index)
	})
}

func backupCommand() *cli.Command {
	return &cli.Command{
		Name:  "backup",
		Usage: "copy a store, also while it is in use",
		Description: `  wm-store backup /var/lib/wm /mnt/wm      DEST must be empty or missing
  wm-store --data /mnt/wm                  serve the copy`,
		UsageText: "wm-store backup DIR DEST [flags]",
		Flags:     []cli.Flag{quiet()},
		Action:    backup,
	}
}

func backup(c *cli.Context) error {
	if c.NArg() != 2 {
		return app.Usage("backup takes two arguments, the directory and the destination")
	}
	if err := store.Backup(c.Context, c.Args().Get(0), c.Args().Get(1)); err != nil {
		return err
	}
	fmt.Fprintf(app.Messages(c), "wm-store: copied %s to %s\n", c.Args().Get(0), c.Args().Get(1))
	return nil
}
