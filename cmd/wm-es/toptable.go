package main

import (
	"cmp"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
	"unicode"

	"github.com/wmtools/wm/lib/es/query"
)

// table is a ranking as it is printed: column names, and rows of strings, integers
// and booleans.
type table struct {
	names []string
	rows  [][]any
}

// tableOf returns a row for each value, or for each interval and value, ordered by
// time and then by rank.
func tableOf(r query.Ranking, ranks []query.Rank) table {
	t := table{names: []string{"value", "count"}}
	if r.By != query.ByCount {
		t.names = append(t.names, string(r.By))
	}
	if r.Per > 0 {
		t.names = slices.Insert(t.names, 0, "time")
	}
	for _, rank := range ranks {
		if r.Per == 0 {
			t.rows = append(t.rows, []any{rank.Value, rank.Count, rank.Size}[:len(t.names)])
		}
		for _, i := range rank.Times {
			t.rows = append(t.rows, []any{i.Start.Format(time.RFC3339), rank.Value, i.Count, i.Size}[:len(t.names)])
		}
	}
	if r.Per > 0 {
		slices.SortStableFunc(t.rows, func(a, b []any) int { return cmp.Compare(a[0].(string), b[0].(string)) })
	}
	return t
}

func (t table) ndjson(w io.Writer) error {
	for _, row := range t.rows {
		line := "{"
		for i, cell := range row {
			if i > 0 {
				line += ","
			}
			value, err := quoted(cell)
			if err != nil {
				return err
			}
			line += `"` + t.names[i] + `":` + value
		}
		if _, err := io.WriteString(w, line+"}\n"); err != nil {
			return err
		}
	}
	return nil
}

// quoted returns JSON in which < and & are not escaped.
func quoted(v any) (string, error) {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	return strings.TrimSuffix(b.String(), "\n"), err
}

func (t table) csv(w io.Writer) error {
	out := csv.NewWriter(w)
	if err := out.Write(t.names); err != nil {
		return err
	}
	for _, row := range t.rows {
		var cells []string
		for _, cell := range row {
			cells = append(cells, fmt.Sprint(cell))
		}
		if err := out.Write(cells); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// text writes columns. The value comes last, because it may be of any length.
func (t table) text(w io.Writer) error {
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	at := slices.Index(t.names, "value")
	writeRow := func(row []string) {
		last := row[at]
		for _, cell := range slices.Delete(row, at, at+1) {
			fmt.Fprint(out, cell, "\t")
		}
		fmt.Fprintln(out, " ", last)
	}
	var head []string
	for _, name := range t.names {
		head = append(head, strings.ToUpper(name))
	}
	writeRow(head)
	for _, row := range t.rows {
		var cells []string
		for _, cell := range row {
			cells = append(cells, printable(fmt.Sprint(cell)))
		}
		writeRow(cells)
	}
	return out.Flush()
}

// printable replaces characters that could control the terminal.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsGraphic(r) {
			return unicode.ReplacementChar
		}
		return r
	}, s)
}
