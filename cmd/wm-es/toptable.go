package main

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/wmtools/wm/lib/es/query"
	"github.com/wmtools/wm/lib/table"
)

// gridOf returns a row for each combination of values, or for each interval and
// combination, ordered by time and then by rank.
func gridOf(r query.Ranking, ranks []query.Rank) table.Grid {
	g := table.Grid{Names: []string{"value"}}
	if len(r.Fields) > 1 {
		g.Names = slices.Clone(r.Fields)
	}
	g.Names = append(g.Names, "count")
	if r.By != query.ByCount {
		g.Names = append(g.Names, string(r.By))
	}
	if r.Per > 0 {
		g.Names = slices.Insert(g.Names, 0, "time")
	}
	for _, rank := range ranks {
		if r.Per == 0 {
			g.Rows = append(g.Rows, row(r, rank.Values, rank.Count, rank.Size))
		}
		for _, i := range rank.Times {
			start := []any{i.Start.Format(time.RFC3339)}
			g.Rows = append(g.Rows, append(start, row(r, rank.Values, i.Count, i.Size)...))
		}
	}
	if r.Per > 0 {
		slices.SortStableFunc(g.Rows, func(a, b []any) int { return cmp.Compare(a[0].(string), b[0].(string)) })
	}
	return g
}

func row(r query.Ranking, values []any, count int64, size float64) []any {
	cells := append(slices.Clone(values), count)
	switch r.By {
	case query.ByCount:
	case query.ByRevertShare:
		cells = append(cells, math.Round(size*1e4)/1e4)
	default:
		cells = append(cells, int64(size))
	}
	return cells
}

// forTerminal returns a grid with headings in capitals, and the numbers before the
// values, which may be of any length.
func forTerminal(g table.Grid, values int) table.Grid {
	first := slices.IndexFunc(g.Names, func(name string) bool { return name != "time" })
	t := table.Grid{}
	for _, name := range moveToEnd(g.Names, first, values) {
		t.Names = append(t.Names, strings.ToUpper(name))
	}
	for _, cells := range g.Rows {
		t.Rows = append(t.Rows, moveToEnd(cells, first, values))
	}
	return t
}

// moveToEnd returns a list with the n elements from i on at its end.
func moveToEnd[T any](list []T, i, n int) []T {
	return slices.Concat(list[:i], list[i+n:], list[i:i+n])
}
