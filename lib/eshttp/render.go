package eshttp

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/wmtools/wm/lib/store"
)

// appendSearch appends the members of a search's answer.
func appendSearch(b []byte, q store.Search, a *store.Answer, shards int, took time.Duration) []byte {
	b = append(b, `"took":`...)
	b = strconv.AppendInt(b, took.Milliseconds(), 10)
	b = append(b, `,"timed_out":`...)
	b = strconv.AppendBool(b, a.TimedOut)
	b = appendShards(append(b, ','), shards)
	b = append(b, `,"hits":{`...)
	if q.Total != 0 {
		b = append(b, `"total":{"value":`...)
		b = strconv.AppendInt(b, a.Total, 10)
		relation := "eq"
		if a.AtLeast {
			relation = "gte"
		}
		b = append(b, `,"relation":"`+relation+`"},`...)
	}
	b = append(b, `"max_score":`+maxScore(q, a, shards)+`,"hits":[`...)
	for i, h := range a.Hits {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendHit(b, q, h)
	}
	b = append(b, `]}`...)
	if len(a.Aggs) > 0 {
		b = append(b, `,"aggregations":{`...)
		b = append(appendResults(b, a.Aggs), '}')
	}
	return b
}

// maxScore is 1.0 where there are scores: every match has that.
func maxScore(q store.Search, a *store.Answer, shards int) string {
	switch {
	case shards == 0:
		return "0.0"
	case len(a.Hits) == 0 || len(q.Sort) > 0:
		return "null"
	}
	return "1.0"
}

func appendShards(b []byte, n int) []byte {
	s := strconv.Itoa(n)
	return append(b, `"_shards":{"total":`+s+`,"successful":`+s+`,"skipped":0,"failed":0}`...)
}

func appendHit(b []byte, q store.Search, h store.Hit) []byte {
	b = appendString(append(b, `{"_index":`...), h.Index)
	b = appendString(append(b, `,"_id":`...), h.ID)
	score := "1.0"
	if len(q.Sort) > 0 {
		score = "null"
	}
	b = append(b, `,"_score":`+score...)
	if len(h.Ignored) > 0 {
		b = append(b, `,"_ignored":[`...)
		for i, name := range h.Ignored {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendString(b, name)
		}
		b = append(b, ']')
	}
	if q.Source {
		b = append(append(b, `,"_source":`...), h.Source...)
	}
	if len(h.Sort) > 0 {
		b = append(b, `,"sort":[`...)
		for i, v := range h.Sort {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendScalar(b, store.Scalar(v))
		}
		b = append(b, ']')
	}
	return append(b, '}')
}

func appendScalar(b []byte, s store.Scalar) []byte {
	if s.Kind == store.StringScalar {
		return appendString(b, s.Text)
	}
	return append(b, s.Text...)
}

// appendResults appends the results of aggregations as members.
func appendResults(b []byte, list []store.NamedResult) []byte {
	for i, r := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(appendString(b, r.Name), ':')
		b = appendResult(b, r.Result)
	}
	return b
}

func appendResult(b []byte, r store.Result) []byte {
	switch r := r.(type) {
	case store.Count:
		b = strconv.AppendInt(append(b, `{"value":`...), int64(r), 10)
	case store.Number:
		b = appendNumber(b, r)
	case store.Bucket:
		return appendBucket(b, r)
	case store.Buckets:
		b = append(b, '{')
		if r.Terms {
			b = append(b, `"doc_count_error_upper_bound":0,"sum_other_doc_count":`...)
			b = append(strconv.AppendInt(b, r.Other, 10), ',')
		}
		b = append(b, `"buckets":[`...)
		for i, k := range r.List {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendBucket(b, k)
		}
		b = append(b, ']')
	}
	return append(b, '}')
}

func appendNumber(b []byte, n store.Number) []byte {
	if n.None {
		return append(b, `{"value":null`...)
	}
	b = appendDouble(append(b, `{"value":`...), n.Value)
	if n.Text != "" {
		b = appendString(append(b, `,"value_as_string":`...), n.Text)
	}
	return b
}

func appendBucket(b []byte, k store.Bucket) []byte {
	b = append(b, '{')
	if k.Key.Kind != store.NullScalar {
		b = append(appendScalar(append(b, `"key":`...), k.Key), ',')
	}
	if k.KeyText != "" {
		b = append(appendString(append(b, `"key_as_string":`...), k.KeyText), ',')
	}
	b = strconv.AppendInt(append(b, `"doc_count":`...), k.Docs, 10)
	if len(k.Subs) > 0 {
		b = appendResults(append(b, ','), k.Subs)
	}
	return append(b, '}')
}

// appendDouble writes a number as Java does: 12.0, and 1.2E7 from ten million on.
func appendDouble(b []byte, f float64) []byte {
	if abs := math.Abs(f); abs != 0 && (abs < 1e-3 || abs >= 1e7) {
		s := strconv.FormatFloat(f, 'E', -1, 64)
		mantissa, exponent, _ := strings.Cut(s, "E")
		if !strings.Contains(mantissa, ".") {
			mantissa += ".0"
		}
		n, _ := strconv.Atoi(exponent)
		return append(b, mantissa+"E"+strconv.Itoa(n)...)
	}
	s := strconv.FormatFloat(f, 'f', -1, 64)
	if !strings.Contains(s, ".") {
		s += ".0"
	}
	return append(b, s...)
}
