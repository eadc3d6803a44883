package query

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"
)

// Search is one search: which documents, in which order, and aggregations over
// all of them.
type Search struct {
	// Index replaces the index of the request, for Msearch; "": that of the
	// request.
	Index          string            `json:"-"`
	Query          Clause            `json:"query"`
	Size           int               `json:"size"`             // maximum number of hits
	TrackTotalHits bool              `json:"track_total_hits"` // count all matches, which costs time
	Sort           []Sort            `json:"sort,omitempty"`
	SearchAfter    []json.RawMessage `json:"search_after,omitempty"` // Sort of the last Hit of the previous page
	Aggs           map[string]Agg    `json:"aggs,omitempty"`
	PIT            *PIT              `json:"pit,omitempty"` // replaces the index
	// Timeout is the time after which a page has what was found until then, such
	// as "3s"; "": no limit.
	Timeout string `json:"timeout,omitempty"`
}

// Sort is one sort key, such as {"@timestamp": "desc"} or
// {"@timestamp": SortOptions{...}}.
type Sort map[string]any

// SortOptions are the details of a Sort.
type SortOptions struct {
	Order        string `json:"order"`
	UnmappedType string `json:"unmapped_type"` // type assumed by an index that lacks the field, which is an error otherwise
}

// Agg is an aggregation over all documents that match. Exactly one of its kinds is
// set. Aggs are computed for each bucket of a kind that has buckets.
type Agg struct {
	Terms            *TermsAgg            `json:"terms,omitempty"`
	SignificantTerms *SignificantTermsAgg `json:"significant_terms,omitempty"`
	DateHistogram    *HistogramAgg        `json:"date_histogram,omitempty"`
	Sum              *FieldAgg            `json:"sum,omitempty"`
	Avg              *FieldAgg            `json:"avg,omitempty"`
	Max              *FieldAgg            `json:"max,omitempty"`
	Cardinality      *FieldAgg            `json:"cardinality,omitempty"`
	Filter           *Clause              `json:"filter,omitempty"`
	Aggs             map[string]Agg       `json:"aggs,omitempty"`
}

// FieldAgg computes one number from the values of a field.
type FieldAgg struct {
	Field string `json:"field"`
}

// TermsAgg makes a bucket of each of the Size most frequent values, or the first
// Size values by Order.
type TermsAgg struct {
	Field     string            `json:"field"`
	Size      int               `json:"size"`
	ShardSize int               `json:"shard_size,omitempty"` // values that each shard proposes; 0: a few more than Size
	Order     map[string]string `json:"order,omitempty"`      // name of an aggregation below: asc or desc
	MinDocs   int               `json:"min_doc_count,omitempty"`
}

// SignificantTermsAgg makes a bucket of each of the Size values that are more
// frequent than among the documents that Background selects.
type SignificantTermsAgg struct {
	Field      string `json:"field"`
	Size       int    `json:"size"`
	MinDocs    int    `json:"min_doc_count"` // minimum number of documents in a bucket
	Background Clause `json:"background_filter"`
}

// HistogramAgg makes a bucket of each time interval from the first to the last
// one with documents. Buckets start at multiples of the interval since 1970.
type HistogramAgg struct {
	Field    string
	Interval time.Duration // a whole number of milliseconds
	MinDocs  int           // minimum number of documents in a bucket
}

// MarshalJSON writes the interval in Elasticsearch's form.
func (h HistogramAgg) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Field    string `json:"field"`
		Interval string `json:"fixed_interval"`
		MinDocs  int    `json:"min_doc_count,omitempty"`
	}{h.Field, fixedInterval(h.Interval), h.MinDocs})
}

// fixedInterval formats a duration in the largest unit that divides it.
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
	Aggs     map[string]Bucket `json:"aggregations"` // by name in Search.Aggs
	Err      error             `json:"-"`            // of Msearch: why this search failed, an *es.Error; nil otherwise
}

// shards counts the shards that were searched.
type shards struct {
	Total  *int `json:"total"`
	Failed int  `json:"failed"`
}

// none reports whether no index matched.
func (s shards) none() bool { return s.Total != nil && *s.Total == 0 }

// Partial reports whether documents that match may be missing, because the search
// timed out or a shard could not be read.
func (p Page) Partial() bool { return p.TimedOut || p.Shards.Failed > 0 }

// Hits are the documents of a Page.
type Hits struct {
	Total struct {
		Value int64 `json:"value"`
	} `json:"total"` // 0 unless TrackTotalHits
	Hits []Hit `json:"hits"`
}

// Hit is one document.
type Hit struct {
	ID     string            `json:"_id"`
	Source json.RawMessage   `json:"_source"` // as it was indexed, byte for byte
	Sort   []json.RawMessage `json:"sort"`    // its sort values, for SearchAfter
}

// Bucket is the result of an Agg: a number in Value, or Buckets. Each of these has
// a Key, the Count of its documents and the results of the aggregations below.
type Bucket struct {
	Key   json.RawMessage // the term, or the bucket's start in milliseconds since 1970
	Count int64           // documents in the bucket
	Other int64           // terms: documents in no bucket
	Error int64           // terms: how much too low Count may be; -1: unknown, as is the order
	Value float64         // sum, average, max (0 if there is no value) and cardinality
	// Background is the number of documents in the background that have the
	// value, or of the whole background: significant terms.
	Background int64
	Buckets    []Bucket
	Aggs       map[string]Bucket
}

// UnmarshalJSON decodes a bucket, in which Elasticsearch mixes its own members
// with the named aggregations of the request.
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
	case "bg_count":
		return json.Unmarshal(raw, &b.Background)
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

// Millis returns the start of a bucket of time in milliseconds since 1970.
func (b Bucket) Millis() int64 {
	var ms float64
	_ = json.Unmarshal(b.Key, &ms) // 0 for a term that is not a number
	return int64(ms)
}
