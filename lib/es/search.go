package es

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/elastic/go-elasticsearch/v8/esapi"
	"github.com/tidwall/gjson"

	"github.com/wmtools/wm/lib/event"
)

// Search is one search: which documents, in which order, and what is counted
// over all of them.
type Search struct {
	Query          Query             `json:"query"`
	Size           int               `json:"size"`             // hits to return
	TrackTotalHits bool              `json:"track_total_hits"` // count all matches; false saves work
	Sort           []Sort            `json:"sort,omitempty"`
	SearchAfter    []json.RawMessage `json:"search_after,omitempty"` // the Sort of the last Hit of the page before
	Aggs           map[string]Agg    `json:"aggs,omitempty"`
	PIT            *PIT              `json:"pit,omitempty"` // then the index is that of the point in time
}

// Sort is one key of the order of hits, such as {"@timestamp": "desc"} or
// {"@timestamp": SortOptions{...}}.
type Sort map[string]any

// SortOptions is a Sort with more to say.
type SortOptions struct {
	Order        string `json:"order"`
	UnmappedType string `json:"unmapped_type"` // what an index that lacks the field takes it for; else that is an error
}

// Agg counts something over all documents that match. Exactly one of its kinds
// is set. Aggs are worked out once for each bucket of a kind that has buckets.
type Agg struct {
	Terms         *TermsAgg      `json:"terms,omitempty"`
	DateHistogram *HistogramAgg  `json:"date_histogram,omitempty"`
	Sum           *FieldAgg      `json:"sum,omitempty"`
	Cardinality   *FieldAgg      `json:"cardinality,omitempty"`
	Filter        *Query         `json:"filter,omitempty"`
	Aggs          map[string]Agg `json:"aggs,omitempty"`
}

// FieldAgg works out one number from the values of a field.
type FieldAgg struct {
	Field string `json:"field"`
}

// TermsAgg makes a bucket of each of the Size most frequent values, or of the
// first in Order.
type TermsAgg struct {
	Field     string            `json:"field"`
	Size      int               `json:"size"`
	ShardSize int               `json:"shard_size,omitempty"` // values that each part of the index proposes; 0: a few more than Size
	Order     map[string]string `json:"order,omitempty"`      // by the number below that is named: asc or desc
}

// HistogramAgg makes a bucket of each interval of time that has documents, and
// of those between them. Buckets begin at multiples of the interval since 1970.
type HistogramAgg struct {
	Field    string
	Interval time.Duration // a whole number of milliseconds
	MinDocs  int           // documents that a bucket must have; 0: none
}

// MarshalJSON writes the interval as Elasticsearch wants it.
func (h HistogramAgg) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Field    string `json:"field"`
		Interval string `json:"fixed_interval"`
		MinDocs  int    `json:"min_doc_count,omitempty"`
	}{h.Field, fixedInterval(h.Interval), h.MinDocs})
}

// fixedInterval writes a duration in the largest unit that divides it.
func fixedInterval(d time.Duration) string {
	units := []struct {
		name string
		size time.Duration
	}{{"d", 24 * time.Hour}, {"h", time.Hour}, {"m", time.Minute}, {"s", time.Second}}
	for _, u := range units {
		if d%u.size == 0 {
			return strconv.FormatInt(int64(d/u.size), 10) + u.name
		}
	}
	return strconv.FormatInt(d.Milliseconds(), 10) + "ms"
}

// Page is the answer to one Search.
type Page struct {
	Took     int64             `json:"took"` // milliseconds
	TimedOut bool              `json:"timed_out"`
	Shards   shards            `json:"_shards"`
	Hits     Hits              `json:"hits"`
	Aggs     map[string]Bucket `json:"aggregations"` // by the names in Search.Aggs
}

// shards are the parts of the indices that were searched.
type shards struct {
	Total  *int `json:"total"`
	Failed int  `json:"failed"`
}

// none reports whether there was no index to search.
func (s shards) none() bool { return s.Total != nil && *s.Total == 0 }

// Partial reports whether the page leaves out documents that match, because
// time ran out or a part of the index could not be read.
func (p Page) Partial() bool { return p.TimedOut || p.Shards.Failed > 0 }

// Hits are the documents found.
type Hits struct {
	Total struct {
		Value int64 `json:"value"`
	} `json:"total"` // zero unless TrackTotalHits
	Hits []Hit `json:"hits"`
}

// Hit is one document.
type Hit struct {
	ID     string            `json:"_id"`
	Source json.RawMessage   `json:"_source"` // as it was indexed, byte for byte
	Sort   []json.RawMessage `json:"sort"`    // its place in the order, for SearchAfter
}

// Bucket is what an Agg found: a number in Value, or Buckets, or, within
// these, the Count of documents and the results of the aggregations below.
type Bucket struct {
	Key     json.RawMessage // the term, or the bucket's begin in milliseconds since 1970
	Count   int64           // documents in the bucket
	Other   int64           // terms: documents in no bucket
	Error   int64           // terms: how much Count may be too low, -1: not known, as is the order
	Value   float64         // sum and cardinality
	Buckets []Bucket
	Aggs    map[string]Bucket
}

// UnmarshalJSON reads a bucket, in which Elasticsearch mixes its own members
// with the aggregations that the request named.
func (b *Bucket) UnmarshalJSON(data []byte) error {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(data, &members); err != nil {
		return err
	}
	for name, raw := range members {
		if err := b.set(name, raw); err != nil {
			return fmt.Errorf("aggregation member %q: %w", name, err)
		}
	}
	return nil
}

func (b *Bucket) set(name string, raw json.RawMessage) error {
	switch name {
	case "key":
		b.Key = raw
		return nil
	case "doc_count":
		return json.Unmarshal(raw, &b.Count)
	case "sum_other_doc_count":
		return json.Unmarshal(raw, &b.Other)
	case "doc_count_error_upper_bound":
		return json.Unmarshal(raw, &b.Error)
	case "value":
		return json.Unmarshal(raw, &b.Value)
	case "buckets":
		return json.Unmarshal(raw, &b.Buckets)
	}
	if raw[0] != '{' {
		return nil // key_as_string, error bounds and the like
	}
	var sub Bucket
	if err := json.Unmarshal(raw, &sub); err != nil {
		return err
	}
	if b.Aggs == nil {
		b.Aggs = make(map[string]Bucket)
	}
	b.Aggs[name] = sub
	return nil
}

// Term returns the key of a bucket of terms as text.
func (b Bucket) Term() string {
	var s string
	if json.Unmarshal(b.Key, &s) == nil {
		return s
	}
	return string(b.Key)
}

// Millis returns the begin of a bucket of time in milliseconds since 1970.
func (b Bucket) Millis() int64 {
	var ms float64
	_ = json.Unmarshal(b.Key, &ms) // a term that is no number has no time: 0
	return int64(ms)
}

// SearchError is a search that was answered, but not with a page.
type SearchError struct {
	Status int    // HTTP status
	Type   string // Elasticsearch's name for the error
	Reason string // its explanation: for the operator, it may quote the index
}

func (e *SearchError) Error() string {
	return fmt.Sprintf("search failed with status %d: %s: %s", e.Status, e.Type, e.Reason)
}

// Msearch sends searches in one request and returns their pages in the same
// order. Index is a name or a pattern; an index that is not there counts as
// empty. When any of the searches fails there are no pages; the error of one
// that was answered is a *SearchError.
func (c *Client) Msearch(ctx context.Context, index string, searches []Search) ([]Page, error) {
	body, err := msearchBody(index, searches)
	if err != nil {
		return nil, err
	}
	res, err := c.do(ctx, esapi.MsearchRequest{Body: bytes.NewReader(body)})
	if err != nil {
		return nil, event.WithHint(fmt.Errorf("no answer from Elasticsearch at %s: %w", c.Address(), err),
			"start wm-store, or give the address with --es")
	}
	if res.status != http.StatusOK {
		return nil, searchError(res.status, res.body)
	}
	return pages(res.body, len(searches))
}

// msearchBody writes a line of header and a line of body for each search.
func msearchBody(index string, searches []Search) ([]byte, error) {
	header := struct {
		Index       string `json:"index"`
		Unavailable bool   `json:"ignore_unavailable"`
		NoIndices   bool   `json:"allow_no_indices"`
	}{index, true, true}
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	for _, s := range searches {
		if err := errors.Join(enc.Encode(header), enc.Encode(s)); err != nil {
			return nil, fmt.Errorf("search: %w", err)
		}
	}
	return buf.Bytes(), nil
}

func pages(body []byte, want int) ([]Page, error) {
	var answer struct {
		Responses []json.RawMessage `json:"responses"`
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return nil, fmt.Errorf("answer of _msearch: %w", err)
	}
	if len(answer.Responses) != want {
		return nil, fmt.Errorf("answer of _msearch: %d responses to %d searches", len(answer.Responses), want)
	}
	out := make([]Page, want)
	for i, raw := range answer.Responses {
		if err := page(raw, &out[i]); err != nil {
			return nil, fmt.Errorf("search %d of %d: %w", i+1, want, err)
		}
	}
	return out, nil
}

func page(raw []byte, into *Page) error {
	var outcome struct {
		Status int             `json:"status"`
		Error  json.RawMessage `json:"error"`
		Hits   json.RawMessage `json:"hits"`
	}
	if err := json.Unmarshal(raw, &outcome); err != nil {
		return err
	}
	if outcome.Error != nil {
		return searchError(outcome.Status, raw)
	}
	if outcome.Hits == nil {
		return errNoHits
	}
	return json.Unmarshal(raw, into)
}

// searchError reads Elasticsearch's account of a failure. A proxy in between
// may answer with something else; then the begin of that is the reason.
func searchError(status int, body []byte) error {
	kind, reason := rootCause(body)
	if kind == "" {
		return &SearchError{status, "unexpected answer", oneLine(string(body[:min(len(body), 200)]))}
	}
	return &SearchError{status, kind, reason}
}

// rootCause reads the type and reason of an error; the type is "" where there
// is none. "all shards failed" says nothing, nor does an error without a reason;
// its cause does.
func rootCause(body []byte) (kind, reason string) {
	account := gjson.GetBytes(body, "error")
	if account.Get("reason").Str == "" && account.Get("caused_by").Exists() {
		account = account.Get("caused_by")
	}
	for _, e := range []gjson.Result{account.Get("root_cause.0"), account} {
		if kind, reason = explain(e); kind != "" {
			break
		}
	}
	return kind, reason
}
