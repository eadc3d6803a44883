package main

import (
	"context"
	"fmt"
	"strings"
	"time"

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
		Action:    check,
	}
}

// doctor looks at one thing after the other.
type doctor struct {
	client  *es.Client
	pattern es.IndexPattern
	ill     bool
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

func (d *doctor) good(format string, args ...any) { fmt.Printf("ok    "+format+"\n", args...) }

func (d *doctor) bad(what, todo string) {
	d.ill = true
	if todo != "" {
		what += ": " + todo
	}
	fmt.Println("bad   " + what)
}

// clockTolerance is how far clocks may differ until --since, lag and a cursor
// of the future go wrong.
const clockTolerance = 5 * time.Second

func (d *doctor) server(s es.Server) {
	d.good("%s answers in %v", d.client.Address(), s.Took.Round(time.Millisecond))
	switch {
	case !s.Product:
		d.bad("it does not say that it is Elasticsearch", "is this the right address?")
	case s.Version == "":
		d.good("it does not tell this user its version")
	default:
		d.good("version %s", s.Version)
	}
	if s.Clock.Abs() > clockTolerance {
		d.bad(fmt.Sprintf("its clock differs from this machine's by %v", s.Clock), "set both by NTP")
	} else {
		d.good("clocks agree")
	}
}

func (d *doctor) rights(ctx context.Context) error {
	missing, users, err := d.client.MissingRights(ctx, d.pattern.Wildcard())
	switch {
	case err != nil:
		return err
	case !users:
		d.good("it has no users: whoever reaches it may do anything")
	case len(missing) > 0:
		d.bad("the user lacks the rights "+strings.Join(missing, ", "), "without create_doc nothing can be written, without the others some commands fail")
	default:
		d.good("the user has all rights on %s", d.pattern.Wildcard())
	}
	return nil
}

func (d *doctor) template(ctx context.Context) error {
	name, state, err := d.client.Template(ctx, d.pattern)
	if err != nil {
		return err
	}
	switch state {
	case es.TemplateCurrent:
		d.good("index template %s is that of this version", name)
	case es.TemplateForbidden:
		d.good("index template %s cannot be seen by this user", name)
	case es.TemplateMissing:
		d.bad("there is no index template "+name, "wm-es init-index puts it")
	default:
		d.bad("index template "+name+" is not that of this version", "see wm-es init-index --diff; without --diff it is replaced")
	}
	return nil
}

func (d *doctor) indices(ctx context.Context) error {
	list, err := d.client.Indices(ctx, d.pattern)
	if err != nil && !es.IsMissing(err) {
		return err
	}
	var documents, bytes int64
	for _, index := range list {
		documents += index.Documents
		bytes += index.Bytes
	}
	d.good("%d indices, %d documents, %.1f MiB", len(list), documents, float64(bytes)/(1<<20))
	return nil
}

func (d *doctor) events(ctx context.Context) error {
	list, err := d.client.NewestEvents(ctx, d.pattern.Wildcard(), time.Time{})
	if err != nil && !es.IsMissing(err) {
		return err
	}
	for _, at := range list {
		d.good("newest event of %s is of %s, %s ago", at.Stream, at.Newest.UTC().Format(time.RFC3339), age(time.Since(at.Newest)))
	}
	if len(list) == 0 {
		d.good("no events yet")
	}
	return nil
}

// age is a length of time as people say it.
func age(d time.Duration) string {
	if d > 48*time.Hour {
		return fmt.Sprintf("%d days", d/(24*time.Hour))
	}
	return d.Round(time.Second).String()
}
