package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/wmtools/wm/lib/app"
	"github.com/wmtools/wm/lib/es"
)

// doctor runs the checks and prints the results.
type doctor struct {
	client  *es.Client
	pattern es.IndexPattern
	maxAge  time.Duration // of the newest event
	now     time.Time
	ill     bool
}

func (d *doctor) good(format string, args ...any) {
	fmt.Println(app.Printable("ok    " + fmt.Sprintf(format, args...)))
}

func (d *doctor) bad(what, todo string) {
	d.ill = true
	if todo != "" {
		what += ": " + todo
	}
	fmt.Println(app.Printable("bad   " + what))
}

// clockTolerance is how far clocks may differ before --since, lag and cursors
// become wrong.
const clockTolerance = 5 * time.Second

func (d *doctor) server(s es.Server) {
	d.good("%s answers in %v", d.client.Address(), s.Took.Round(time.Millisecond))
	switch {
	case s.Product == "":
		d.bad("it does not identify itself as Elasticsearch, OpenSearch or wm-store", "is this the right address?")
	case s.Version == "":
		d.good("%s; its version is hidden from this user", s.Product)
	default:
		d.good("%s %s", s.Product, s.Version)
	}
	switch {
	case !s.Timed:
		d.good("its clock is hidden from this user")
	case s.Clock.Abs() > clockTolerance:
		d.bad(fmt.Sprintf("its clock differs from this machine's by %v", s.Clock), "set both by NTP")
	default:
		d.good("clocks agree")
	}
}

func (d *doctor) rights(ctx context.Context) error {
	missing, users, err := d.client.MissingRights(ctx, d.pattern.Wildcard())
	cannotWrite := slices.ContainsFunc(missing, func(right string) bool { return slices.Contains(es.WriteRights, right) })
	switch {
	case err != nil:
		return err
	case !users:
		d.good("no users: anyone who can connect may do anything")
	case cannotWrite:
		d.bad("the user may not write: it lacks the privileges "+strings.Join(missing, ", "), "grant create_doc and auto_configure on "+d.pattern.Wildcard())
	case len(missing) > 0:
		d.good("the user may write, but lacks privileges that other commands need: %s", strings.Join(missing, ", "))
	default:
		d.good("the user has all privileges on %s", d.pattern.Wildcard())
	}
	return nil
}

func (d *doctor) template(ctx context.Context) error {
	t, err := d.client.Template(ctx, d.pattern)
	if err != nil {
		return err
	}
	switch t.State {
	case es.TemplateCurrent:
		d.good("index template %s is up to date", t.Name)
	case es.TemplateForbidden:
		d.good("index template %s is hidden from this user", t.Name)
	case es.TemplateMissing:
		d.bad("index template "+t.Name+" is missing", "create it with wm-es init-index")
	default:
		d.bad("index template "+t.Name+" differs from this version's", "wm-es init-index --diff shows how, wm-es init-index replaces it")
	}
	return nil
}

func (d *doctor) indices(ctx context.Context) error {
	list, err := d.client.Indices(ctx, d.pattern)
	if isForbidden(err) {
		d.good("the indices are hidden from this user")
		return nil
	}
	if err != nil {
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

// blocks checks that the indices of today's events accept documents. A user may
// have blocked older ones on purpose, but not a full disk.
func (d *doctor) blocks(ctx context.Context) error {
	list, err := d.client.WriteBlocks(ctx, d.pattern)
	for _, block := range list {
		_, to, dated := d.pattern.Period(block.Index)
		switch {
		case block.Index == "":
			d.bad(fmt.Sprintf("writes are blocked (%s)", block.Name), "free disk space on the server, or remove the block")
		case block.FullDisk():
			d.bad(fmt.Sprintf("writes to %s are blocked (%s)", block.Index, block.Name), "free disk space on the server, and remove the block if it stays")
		case !dated || to.After(d.now):
			d.bad(fmt.Sprintf("writes to %s are blocked (%s)", block.Index, block.Name), "remove the block")
		}
	}
	return err
}

// isMissing reports whether an error says that an index does not exist.
func isMissing(err error) bool {
	e, ok := errors.AsType[*es.Error](err)
	return ok && e.Type == "index_not_found_exception"
}

// isForbidden reports whether an error says that the user may not do this.
func isForbidden(err error) bool {
	e, ok := errors.AsType[*es.Error](err)
	return ok && e.Status == http.StatusForbidden
}
