package web

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"

	"github.com/wmtools/wm/lib/es/query"
)

// ask makes the searches of panels in one request and passes each panel its page. A
// search equal to a recent one is answered from the cache: panels that change slowly
// round their times. partial means that the server could not read everything in
// time. The error is that of the whole request; a panel reports the error of its own
// search.
func (d *Dashboard) ask(ctx context.Context, stream string, list []panel) (partial bool, err error) {
	index, err := source{d.options.Index, stream}.index()
	if err != nil {
		return false, err
	}
	keys := make([]string, len(list))
	found := make([]query.Page, len(list))
	var missing []int
	var searches []query.Search
	for i, p := range list {
		text, err := json.Marshal(p.search)
		if err != nil {
			return false, fmt.Errorf("search: %w", err)
		}
		keys[i] = cmp.Or(p.search.Index, index) + "\n" + string(text)
		page, ok := query.Page{}, false
		if p.keep {
			page, ok = d.pages.get(keys[i])
		}
		if !ok {
			missing = append(missing, i)
			searches = append(searches, p.search)
		}
		found[i] = page
	}
	pages, err := d.msearch(ctx, index, searches)
	if err != nil {
		return false, err
	}
	for n, i := range missing {
		found[i] = pages[n]
		if list[i].keep && pages[n].Err == nil && !pages[n].Partial() {
			d.pages.put(keys[i], pages[n])
		}
	}
	for i, p := range list {
		d.read(p, found[i])
		partial = partial || found[i].Partial()
	}
	return partial, nil
}

func (d *Dashboard) read(p panel, page query.Page) {
	if page.Err == nil {
		p.read(page)
		return
	}
	d.options.OnError(page.Err)
	if p.fail != nil {
		p.fail(page.Err)
	}
}

// msearch makes searches, a few requests at a time.
func (d *Dashboard) msearch(ctx context.Context, index string, searches []query.Search) ([]query.Page, error) {
	if len(searches) == 0 {
		return nil, nil
	}
	select {
	case d.searches <- struct{}{}:
		defer func() { <-d.searches }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	d.counters.searches.Add(1)
	pages, err := d.options.Searcher.Msearch(ctx, index, searches)
	if ctx.Err() == nil {
		d.counters.failing.Store(err != nil)
	}
	if err != nil {
		d.counters.failures.Add(1)
	}
	if err == nil && len(pages) != len(searches) {
		err = fmt.Errorf("%d pages for %d searches", len(pages), len(searches))
	}
	return pages, err
}
