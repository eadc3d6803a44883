package query

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/elastic/go-elasticsearch/v8/esapi"

	"github.com/wmtools/wm/lib/es"
)

// Msearch sends several searches in one request, over index unless a search names
// its own, and returns their pages in the same order. An index that does not
// exist counts as empty. A search that the server refused has a Page with Err; if
// there is no usable answer, there are no pages.
func (r *Reader) Msearch(ctx context.Context, index string, searches []Search) ([]Page, error) {
	body, err := msearchBody(index, searches)
	if err != nil {
		return nil, err
	}
	answer, err := r.do(ctx, esapi.MsearchRequest{Body: bytes.NewReader(body)})
	if err != nil {
		return nil, err
	}
	return r.pages(answer, len(searches))
}

// msearchBody writes a line with the header and a line with the body of each
// search.
func msearchBody(index string, searches []Search) ([]byte, error) {
	type header struct {
		Index       string `json:"index"`
		Unavailable bool   `json:"ignore_unavailable"`
		NoIndices   bool   `json:"allow_no_indices"`
	}
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	for _, s := range searches {
		if err := errors.Join(enc.Encode(header{cmp.Or(s.Index, index), true, true}), enc.Encode(s)); err != nil {
			return nil, fmt.Errorf("search: %w", err)
		}
	}
	return buf.Bytes(), nil
}

func (r *Reader) pages(body []byte, want int) ([]Page, error) {
	var answer struct {
		Responses []json.RawMessage `json:"responses"`
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return nil, r.unreadable(err)
	}
	if len(answer.Responses) != want {
		return nil, r.client.Fail(es.Foreign, fmt.Errorf("%d answers to %d searches", len(answer.Responses), want))
	}
	out := make([]Page, want)
	for i, raw := range answer.Responses {
		var err error
		out[i], err = r.page(raw)
		if failed, ok := errors.AsType[*es.Error](err); ok && failed.Kind() == es.Refused {
			out[i].Err = failed
		} else if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// page decodes the answer to one search.
func (r *Reader) page(raw []byte) (p Page, err error) {
	var outcome struct {
		Status int             `json:"status"`
		Error  json.RawMessage `json:"error"`
		Hits   json.RawMessage `json:"hits"`
	}
	err = json.Unmarshal(raw, &outcome)
	switch {
	case err == nil && outcome.Error != nil:
		return p, r.client.Refused(es.Answer{Status: outcome.Status, Body: raw})
	case err == nil && outcome.Hits == nil:
		err = errNoHits
	case err == nil:
		err = json.Unmarshal(raw, &p)
	}
	if err != nil {
		return Page{}, r.unreadable(err)
	}
	return p, nil
}
