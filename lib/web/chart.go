package web

import (
	"slices"

	"github.com/wmtools/wm/lib/es/query"
)

// types are the parts of a bar, in their order from the bottom: fixed, so that
// a colour always means the same. The last takes in whatever is left.
var types = []string{"edit", "new", "log", "categorize", "other"}

// chart turns the aggregations by time into buckets without holes. Series that
// are empty throughout are left out; events of a stream that has no types are
// one series, "events".
func chart(w window, aggs map[string]query.Bucket) (series []string, buckets []bucket) {
	columns := byType(w, aggs)
	if !hasTypes(columns) {
		series, columns = []string{"events"}, columns[len(types)-1:]
	} else {
		series, columns = dropEmpty(types, columns)
	}
	buckets = make([]bucket, w.buckets())
	for i := range buckets {
		begin, incomplete := w.bucket(i)
		buckets[i] = bucket{begin.UnixMilli(), make([]int64, len(columns)), incomplete}
		for j, column := range columns {
			buckets[i].Counts[j] = column[i]
		}
	}
	return series, buckets
}

// byType returns the counts over time for each of types.
func byType(w window, aggs map[string]query.Bucket) [][]int64 {
	out := make([][]int64, len(types))
	rest := over(w, aggs["time"])
	for i := range out {
		out[i] = make([]int64, w.buckets())
	}
	for _, b := range aggs["types"].Buckets {
		i := slices.Index(types[:len(types)-1], b.Term())
		if i < 0 {
			continue
		}
		out[i] = over(w, b.Aggs["time"])
		for j, n := range out[i] {
			rest[j] -= n
		}
	}
	out[len(out)-1] = rest
	return out
}

// over spreads a histogram over the buckets of the window.
func over(w window, histogram query.Bucket) []int64 {
	counts := make([]int64, w.buckets())
	for _, b := range histogram.Buckets {
		if i, ok := w.index(b.Millis()); ok {
			counts[i] = b.Count
		}
	}
	return counts
}

func hasTypes(columns [][]int64) bool {
	return slices.ContainsFunc(columns[:len(columns)-1], notEmpty)
}

func notEmpty(column []int64) bool {
	return slices.ContainsFunc(column, func(n int64) bool { return n != 0 })
}

func dropEmpty(names []string, columns [][]int64) (kept []string, full [][]int64) {
	for i, column := range columns {
		if notEmpty(column) {
			kept, full = append(kept, names[i]), append(full, column)
		}
	}
	return kept, full
}
