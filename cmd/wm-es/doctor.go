package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/wmtools/wm/lib/es"
)

// doctor looks at one thing after the other.
type doctor struct {
	client  *es.Client
	pattern es.IndexPattern
	ill     bool
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
	switch {
	case !s.Timed:
		d.good("it does not tell this user its clock")
	case s.Clock.Abs() > clockTolerance:
		d.bad(fmt.Sprintf("its clock differs from this machine's by %v", s.Clock), "set both by NTP")
	default:
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
	case !es.CanWrite(missing):
		d.bad("the user may not write: it lacks the rights "+strings.Join(missing, ", "), "give it create_doc and auto_configure on "+d.pattern.Wildcard())
	case len(missing) > 0:
		d.good("the user may write; it lacks the rights %s, which other commands need", strings.Join(missing, ", "))
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
	if es.IsForbidden(err) {
		d.good("the indices cannot be seen by this user")
		return nil
	}
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
	if es.IsForbidden(err) {
		d.good("the events cannot be read by this user")
		return nil
	}
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
