package web

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// table is a panel as rows and columns, for export.
type table struct {
	columns []string
	rows    [][]any // strings, numbers, booleans or nil
}

// serveExport sends the contents of a panel as CSV, NDJSON or JSON.
func (d *Dashboard) serveExport(w http.ResponseWriter, r *http.Request) {
	v, own, err := viewOf(r, "format", "plain")
	if err != nil {
		writeProblem(w, err)
		return
	}
	panel, format := r.PathValue("panel"), own.Get("format")
	if format == "" {
		format = "csv"
	}
	if !slices.Contains([]string{"csv", "ndjson", "json"}, format) {
		writeProblem(w, bad("format", "there is no format %q", format).hint("the formats are csv, ndjson and json"))
		return
	}
	t, err := d.table(r.Context(), v, panel)
	if err != nil {
		writeProblem(w, err)
		return
	}
	name := fmt.Sprintf("wm-%s-%s-%s.%s", v.stream, panel, d.options.Now().UTC().Format("20060102T150405Z"), format)
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	w.Header().Set("Cache-Control", "no-store")
	t.write(w, format, own.Get("plain") == "1")
}

// table returns the table of a panel, from the same answer that the page shows.
func (d *Dashboard) table(ctx context.Context, v view, panel string) (*table, error) {
	if panel == "chart" {
		if len(v.charts) != 1 {
			return nil, bad("chart", "there must be one chart")
		}
		c, err := d.chart(ctx, v, d.options.Now())
		if err != nil {
			return nil, err
		}
		return c.table(), nil
	}
	mk, known := tables[panel]
	if !known {
		if _, known = fieldByID(panel); !known {
			return nil, bad("panel", "there is no panel %q", panel)
		}
		found, err := d.list(ctx, v, panel)
		if err != nil {
			return nil, err
		}
		return found, nil
	}
	v.charts = nil
	a, err := d.view(ctx, v, d.options.Now())
	if err != nil {
		return nil, err
	}
	return mk(a), nil
}

// list returns the table of the most frequent values of a field.
func (d *Dashboard) list(ctx context.Context, v view, id string) (*table, error) {
	f, _ := fieldByID(id)
	found, err := d.values(ctx, v, f, "", manyValues, d.options.Now())
	if err != nil {
		return nil, err
	}
	t := &table{columns: []string{found.Field, "label", "changes"}}
	for _, value := range found.Values {
		t.rows = append(t.rows, []any{value.Value, value.Label, value.Count})
	}
	return t, nil
}

// tables are the panels of an answer as tables.
var tables = map[string]func(*answer) *table{
	"figures": func(a *answer) *table {
		t := &table{columns: []string{"figure", "value", "previous"}}
		for _, f := range a.Figures {
			t.rows = append(t.rows, []any{f.ID, f.Value, f.Previous})
		}
		return t
	},
	"histogram": func(a *answer) *table {
		return overTimeTable(a.Window, a.Histogram.Series, a.Histogram.Totals, a.Histogram.Before)
	},
	"hot": func(a *answer) *table {
		t := &table{columns: []string{"page", "editors", "edits", "likely_reverts", "net_bytes", "url"}}
		for _, p := range a.Hot.Pages {
			t.rows = append(t.rows, []any{p.Value, p.Editors, p.Edits, p.Reverts, p.Net, p.URL})
		}
		return t
	},
	"unusual": func(a *answer) *table {
		t := &table{columns: []string{"field", "value", "now", "usual"}}
		for _, i := range a.Unusual.Items {
			t.rows = append(t.rows, []any{i.Term, i.Value, i.Now, i.Usual})
		}
		return t
	},
	"heat": func(a *answer) *table {
		t := &table{columns: []string{"hour", "weekday", "changes"}}
		for i, n := range a.Heat.Hours {
			at := time.UnixMilli(a.Heat.Start).UTC().Add(time.Duration(i) * time.Hour)
			t.rows = append(t.rows, []any{at.Format(time.RFC3339), at.Weekday().String(), n})
		}
		return t
	},
}

// overTimeTable returns a table with a row for each bucket. The last buckets may be
// incomplete.
func overTimeTable(w times, parts []series, totals, before []float64) *table {
	t := &table{columns: []string{"from", "unfinished"}}
	for _, s := range parts {
		t.columns = append(t.columns, s.name())
	}
	t.columns = append(t.columns, "total")
	if before != nil {
		t.columns = append(t.columns, "period_before")
	}
	for i, total := range totals {
		at := time.UnixMilli(w.Start + int64(i)*w.Interval).UTC()
		row := []any{at.Format(time.RFC3339), i >= w.Complete}
		for _, s := range parts {
			row = append(row, s.Values[i])
		}
		row = append(row, total)
		if before != nil {
			row = append(row, before[i])
		}
		t.rows = append(t.rows, row)
	}
	return t
}

func (l labelled) name() string {
	if l.Label != "" {
		return l.Label
	}
	return l.Value
}

// table is the chart as a table.
func (d *drawn) table() *table {
	switch {
	case d.By == byTime && d.Form != "number":
		return overTimeTable(d.Window, d.Series, d.Totals, nil)
	case d.By == byHour:
		t := &table{columns: []string{"hour", d.Measure}}
		for i, n := range d.Hours {
			at := time.UnixMilli(d.Start + int64(i)*d.Window.Interval).UTC()
			t.rows = append(t.rows, []any{at.Format(time.RFC3339), n})
		}
		return t
	case d.By == byTime:
		return &table{columns: []string{d.Measure}, rows: [][]any{{d.Value}}}
	}
	t := &table{columns: []string{d.By, "label"}}
	for _, s := range d.Series {
		t.columns = append(t.columns, s.name())
	}
	t.columns = append(t.columns, d.Measure)
	for i, key := range d.Keys {
		row := []any{key.Value, key.Label}
		for _, s := range d.Series {
			row = append(row, s.Values[i])
		}
		t.rows = append(t.rows, append(row, d.Totals[i]))
	}
	return t
}

// write sends the table. plain omits the protection against formulas in CSV.
func (t *table) write(w http.ResponseWriter, format string, plain bool) {
	switch format {
	case "json":
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		t.writeObjects(w, "[", ",\n", "]\n")
	case "ndjson":
		w.Header().Set("Content-Type", "application/x-ndjson; charset=utf-8")
		t.writeObjects(w, "", "\n", "\n")
	default:
		w.Header().Set("Content-Type", "text/csv; charset=utf-8")
		t.writeCSV(w, plain)
	}
}

// writeObjects writes a JSON object for each row, its members in the order of
// the columns.
func (t *table) writeObjects(w io.Writer, begin, between, end string) {
	out := bytes.NewBufferString(begin)
	for i, row := range t.rows {
		if i > 0 {
			out.WriteString(between)
		}
		for j, cell := range row {
			out.WriteByte("{,"[min(j, 1)])
			name, _ := json.Marshal(t.columns[j]) // strings and numbers always marshal
			value, _ := json.Marshal(cell)
			out.Write(name)
			out.WriteByte(':')
			out.Write(value)
		}
		out.WriteByte('}')
	}
	if len(t.rows) > 0 || begin != "" {
		out.WriteString(end)
	}
	_, _ = out.WriteTo(w)
}

func (t *table) writeCSV(w http.ResponseWriter, plain bool) {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	_ = out.Write(t.columns)
	cells := make([]string, len(t.columns))
	for _, row := range t.rows {
		for i, cell := range row {
			cells[i] = csvCell(cell, plain)
		}
		_ = out.Write(cells)
	}
	out.Flush()
}

// csvCell formats a cell. Unless plain is set, text that a spreadsheet would read as
// a formula is prefixed with an apostrophe.
func csvCell(cell any, plain bool) string {
	switch v := cell.(type) {
	case nil:
		return ""
	case string:
		if !plain && v != "" && strings.ContainsRune("=+-@\t\r", rune(v[0])) {
			return "'" + v
		}
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case *float64:
		if v == nil {
			return ""
		}
		return csvCell(*v, plain)
	}
	return fmt.Sprint(cell)
}
