package main

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/wmtools/wm/lib/app"
	"github.com/wmtools/wm/lib/es"
)

func initIndexCommand() *cli.Command {
	return &cli.Command{
		Name:  "init-index",
		Usage: "create or update the index template",
		Description: `  wm-es init-index                    the template for all streams and days
  wm-es init-index --index changes    the template for one index, and the index`,
		UsageText: "wm-es init-index [flags]      keeps unnamed settings; safe to rerun",
		Flags: commandFlags(
			&cli.GenericFlag{Name: "shards", Value: app.Bounded(app.ParseInt, "", "1", "1024"), Usage: "`N` shards per index", DefaultText: "1"},
			&cli.GenericFlag{Name: "replicas", Value: app.Bounded(app.ParseInt, "", "0", "100"), Usage: "`N` replicas per shard", DefaultText: "1, and 0 on a single node"},
			&cli.StringFlag{Name: "refresh", Usage: "make documents searchable after `TIME`", DefaultText: "1s"},
			&cli.StringFlag{Name: "ilm-policy", Usage: "`NAME` of an index lifecycle management policy"},
			&cli.BoolFlag{Name: "print", Usage: "print the template and change nothing"},
			&cli.BoolFlag{Name: "diff", Usage: "print how the server's template differs and change nothing"},
			&cli.BoolFlag{Name: "recreate", Usage: "delete the pattern's indices with all documents; needs --yes"},
			&cli.BoolFlag{Name: "yes", Usage: "confirm --recreate"}),
		Before: app.CheckStdout,
		Action: initIndex,
	}
}

func initIndex(c *cli.Context) error {
	if c.NArg() > 0 {
		return app.Usage("init-index takes no arguments: --index names the index")
	}
	o := templateOptions(c)
	client, pattern, err := connect(c)
	if err != nil {
		return err
	}
	if c.Bool("print") {
		_, body := es.TemplateBody(pattern, o)
		fmt.Printf("%s\n", strings.TrimSpace(string(body)))
		return nil
	}
	defer sayWaiting(c, client)()
	switch {
	case c.Bool("diff"):
		return printDrift(c, client, pattern, o)
	case c.Bool("recreate"):
		if err := deleteAll(c, client, pattern); err != nil {
			return err
		}
	}
	done, err := client.InitIndex(c.Context, pattern, o)
	if err != nil {
		return err
	}
	report(done)
	return nil
}

func templateOptions(c *cli.Context) es.TemplateOptions {
	o := es.TemplateOptions{Shards: int(c.Int64("shards")), Refresh: c.String("refresh"), ILM: c.String("ilm-policy")}
	if c.IsSet("replicas") {
		n := int(c.Int64("replicas"))
		o.Replicas = &n
	}
	return o
}

func report(done es.Init) {
	outcome := map[es.TemplateState]string{
		es.TemplateCurrent:  "is up to date",
		es.TemplateCreated:  "created",
		es.TemplateReplaced: "replaced; existing indices keep their mapping",
	}
	fmt.Fprintf(app.Stderr, "wm-es: index template %s %s\n", done.Name, outcome[done.State])
	if done.Removed != "" {
		fmt.Fprintf(app.Stderr, "wm-es: index template %s of an earlier version deleted\n", done.Removed)
	}
	switch {
	case done.IndexCreated:
		fmt.Fprintf(app.Stderr, "wm-es: index %s created\n", done.Index)
	case done.Index != "":
		fmt.Fprintf(app.Stderr, "wm-es: index %s exists\n", done.Index)
	}
}

// printDrift prints the differences between the templates, and the fields that
// existing indices lack.
func printDrift(c *cli.Context, client *es.Client, pattern es.IndexPattern, o es.TemplateOptions) error {
	drift, found, err := client.TemplateDrift(c.Context, pattern, o)
	switch {
	case err != nil:
		return err
	case !found:
		fmt.Fprintln(app.Stderr, "wm-es: the server has no such template")
		return app.Failed
	}
	for _, d := range drift {
		fmt.Println(app.Printable(fmt.Sprintf("%s: server %s, wm %s", d.Path, cmp.Or(d.Theirs, "nothing"), cmp.Or(d.Ours, "nothing"))))
	}
	if err := printUnmapped(c, client, pattern); err != nil {
		return err
	}
	if len(drift) > 0 {
		return app.Failed
	}
	return nil
}

// printUnmapped prints which fields existing indices lack: a template applies only
// to new ones. Indices that lack the same fields share a line.
func printUnmapped(c *cli.Context, client *es.Client, pattern es.IndexPattern) error {
	list, err := client.UnmappedFields(c.Context, pattern)
	if err != nil {
		return err
	}
	var order []string
	indices := make(map[string][]string)
	for _, index := range list {
		fields := strings.Join(index.Fields, ", ")
		if indices[fields] == nil {
			order = append(order, fields)
		}
		indices[fields] = append(indices[fields], index.Index)
	}
	for _, fields := range order {
		names := indices[fields][0]
		if more := len(indices[fields]) - 1; more > 0 {
			names += fmt.Sprintf(" and %d more", more)
		}
		fmt.Println(app.Printable("existing indices: " + names + ": without " + fields))
	}
	return nil
}

// deleteAll deletes the indices of a pattern one by one. Without --yes it prints
// what it would delete.
func deleteAll(c *cli.Context, client *es.Client, pattern es.IndexPattern) error {
	list, err := client.Indices(c.Context, pattern)
	if err != nil {
		return err
	}
	for _, index := range list {
		if !c.Bool("yes") {
			fmt.Fprintf(app.Stderr, "wm-es: would delete index %s with %d documents\n", index.Name, index.Documents)
			continue
		}
		if err := client.DeleteIndex(c.Context, index.Name); err != nil {
			return err
		}
		fmt.Fprintf(app.Stderr, "wm-es: deleted index %s with %d documents\n", index.Name, index.Documents)
	}
	if !c.Bool("yes") {
		return app.Usage("--recreate would permanently delete %s: confirm with --yes", counted(len(list), "index", "indices"))
	}
	return nil
}

func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
