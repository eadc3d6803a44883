package eshttp

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/wmtools/wm/lib/store"
)

// appendSearch appends the members of a search response.
func appendSearch(b []byte, q search, a *store.Answer, shards int, took time.Duration) []byte {
	b = append(b, `"took":`...)
	b = strconv.AppendInt(b, took.Milliseconds(), 10)
	b = append(b, `,"timed_out":`...)
	b = strconv.AppendBool(b, a.TimedOut)
	b = appendShards(append(b, ','), shards)
	b = append(b, `,"hits":{`...)
	switch {
	case q.asInt:
		b = append(strconv.AppendInt(append(b, `"total":`...), a.Total, 10), ',')
	case q.Total != 0:
		b = append(appendTotal(b, a.Total, a.AtLeast), ',')
	}
	b = appendHits(b, q, a, shards)
	b = append(b, '}')
	if len(a.Aggs) > 0 && shards > 0 {
		b = append(b, `,"aggregations":{`...)
		b = append(results{q.typed}.appendAll(b, q.aggs, a.Aggs), '}')
	}
	return b
}

func appendTotal(b []byte, n int64, atLeast bool) []byte {
	b = strconv.AppendInt(append(b, `"total":{"value":`...), n, 10)
	if atLeast {
		return append(b, `,"relation":"gte"}`...)
	}
	return append(b, `,"relation":"eq"}`...)
}

func appendHits(b []byte, q search, a *store.Answer, shards int) []byte {
	switch {
	case shards == 0:
		b = append(b, `"max_score":0.0`...)
	default:
		max := a.MaxScore
		if len(q.Sort) > 0 {
			max = nil // unknown: the best hit may not be among the first
		}
		b = appendScore(append(b, `"max_score":`...), max)
	}
	b = append(b, `,"hits":[`...)
	for i, h := range a.Hits {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendHit(b, q, h)
	}
	return append(b, ']')
}

// appendScore appends a score, or null for nil.
func appendScore(b []byte, score *float64) []byte {
	if score == nil {
		return append(b, "null"...)
	}
	return appendFloat(b, *score, 32)
}

func appendShards(b []byte, n int) []byte {
	s := strconv.Itoa(n)
	return append(b, `"_shards":{"total":`+s+`,"successful":`+s+`,"skipped":0,"failed":0}`...)
}

func appendHit(b []byte, q search, h store.Hit) []byte {
	b = appendString(append(b, `{"_index":`...), h.Index)
	b = appendString(append(b, `,"_id":`...), h.ID)
	if q.Version {
		b = strconv.AppendInt(append(b, `,"_version":`...), h.Version, 10)
	}
	if q.seq {
		b = strconv.AppendInt(append(b, `,"_seq_no":`...), h.Seq, 10)
		b = append(b, `,"_primary_term":1`...)
	}
	b = appendScore(append(b, `,"_score":`...), h.Score)
	b = appendIgnored(b, h.Ignored)
	if !q.docs.none() {
		b = append(append(b, `,"_source":`...), q.docs.apply(h.Source)...)
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

// appendIgnored appends the names of the fields with ignored values.
func appendIgnored(b []byte, names []string) []byte {
	if len(names) == 0 {
		return b
	}
	b = append(b, `,"_ignored":[`...)
	for i, name := range names {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendString(b, name)
	}
	return append(b, ']')
}

func appendScalar(b []byte, s store.Scalar) []byte {
	if s.Kind == store.StringScalar {
		return appendString(b, s.Text)
	}
	return append(b, s.Text...)
}

// appendDouble appends a number in Java's format: 12.0, and 1.2E7 from ten million on.
func appendDouble(b []byte, f float64) []byte { return appendFloat(b, f, 64) }

func appendFloat(b []byte, f float64, bits int) []byte {
	if abs := math.Abs(f); abs != 0 && (abs < 1e-3 || abs >= 1e7) {
		s := strconv.FormatFloat(f, 'E', -1, bits)
		mantissa, exponent, _ := strings.Cut(s, "E")
		if !strings.Contains(mantissa, ".") {
			mantissa += ".0"
		}
		n, _ := strconv.Atoi(exponent)
		return append(b, mantissa+"E"+strconv.Itoa(n)...)
	}
	s := strconv.FormatFloat(f, 'f', -1, bits)
	if !strings.Contains(s, ".") {
		s += ".0"
	}
	return append(b, s...)
}
