package eshttp

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/wmtools/wm/lib/store"
)

var catParams = append([]string{"format", "v", "h", "s", "bytes"}, lists...)

// catColumn is a column of _cat/indices.
type catColumn struct {
	name    string
	aliases []string
	number  func(store.Info) int64 // nil for text
	text    func(store.Info) string
	size    bool // bytes
}

func fixed(s string) func(store.Info) string { return func(store.Info) string { return s } }

var catColumns = []catColumn{
	{name: "health", aliases: []string{"h"}, text: fixed("green")},
	{name: "status", aliases: []string{"s"}, text: fixed("open")},
	{name: "index", aliases: []string{"i", "idx"}, text: func(i store.Info) string { return i.Name }},
	{name: "uuid", aliases: []string{"id"}, text: func(i store.Info) string { return i.UUID }},
	{name: "pri", aliases: []string{"p"}, number: func(store.Info) int64 { return 1 }},
	{name: "rep", aliases: []string{"r"}, number: func(store.Info) int64 { return 0 }},
	{name: "docs.count", aliases: []string{"dc", "docsCount"}, number: func(i store.Info) int64 { return i.Docs }},
	{name: "docs.deleted", aliases: []string{"dd", "docsDeleted"}, number: func(i store.Info) int64 { return i.Deleted }},
	{name: "store.size", aliases: []string{"ss", "storeSize"}, number: func(i store.Info) int64 { return i.Bytes }, size: true},
	{name: "pri.store.size", number: func(i store.Info) int64 { return i.Bytes }, size: true},
	{name: "dataset.size", number: func(i store.Info) int64 { return i.Bytes }, size: true},
}

func findColumn(name string) (catColumn, bool) {
	i := slices.IndexFunc(catColumns, func(c catColumn) bool { return c.name == name || slices.Contains(c.aliases, name) })
	if i < 0 {
		return catColumn{}, false
	}
	return catColumns[i], true
}

func (c catColumn) cell(i store.Info, unit string) string {
	switch {
	case c.number == nil:
		return c.text(i)
	case c.size && unit == "":
		return humanBytes(c.number(i))
	case c.size:
		return strconv.FormatInt(c.number(i)/byteUnits[unit], 10)
	}
	return strconv.FormatInt(c.number(i), 10)
}

var byteUnits = map[string]int64{"b": 1, "kb": 1 << 10, "mb": 1 << 20, "gb": 1 << 30}

// humanBytes writes a size as Elasticsearch does: 9.5kb, rounded down.
func humanBytes(n int64) string {
	for _, unit := range []string{"gb", "mb", "kb"} {
		if size := byteUnits[unit]; n >= size {
			return strings.TrimSuffix(fmt.Sprintf("%d.%d", n/size, n%size*10/size), ".0") + unit
		}
	}
	return strconv.FormatInt(n, 10) + "b"
}

// catIndices is the table of indices, for people.
func (s *server) catIndices(r *request) (reply, error) {
	list, err := s.infos(r)
	if err != nil {
		return reply{}, err
	}
	if err := sortInfos(list, r.params.Get("s")); err != nil {
		return reply{}, err
	}
	unit := r.params.Get("bytes")
	if unit != "" && byteUnits[unit] == 0 {
		return reply{}, illegal("No enum constant for bytes [%s]; wm-store knows b, kb, mb and gb", unit)
	}
	columns := chosenColumns(r.params.Get("h"))
	rows := make([][]string, len(list))
	for i, info := range list {
		for _, c := range columns {
			rows[i] = append(rows[i], c.cell(info, unit))
		}
	}
	switch format := r.params.Get("format"); format {
	case "json":
		return catJSON(columns, rows), nil
	case "", "text", "txt":
	default:
		return reply{}, illegal("[format] of wm-store is json or text, found [%s]", format)
	}
	header, err := r.flag("v", false)
	return reply{status: http.StatusOK, body: catText(columns, rows, header), text: true}, err
}

// chosenColumns reads h; unknown names are passed over, as in Elasticsearch.
func chosenColumns(h string) []catColumn {
	if h == "" || h == "*" {
		return catColumns
	}
	var list []catColumn
	for name := range strings.SplitSeq(h, ",") {
		if c, ok := findColumn(name); ok {
			list = append(list, c)
		}
	}
	return list
}

func sortInfos(list []store.Info, s string) error {
	if s == "" {
		return nil
	}
	keys := strings.Split(s, ",")
	slices.Reverse(keys) // a stable sort by the last key first
	for _, key := range keys {
		name, direction, _ := strings.Cut(key, ":")
		c, ok := findColumn(name)
		if !ok {
			return illegal("Unable to sort by unknown sort key `%s`", name)
		}
		slices.SortStableFunc(list, func(a, b store.Info) int {
			if direction == "desc" {
				a, b = b, a
			}
			if c.number != nil {
				return cmp.Compare(c.number(a), c.number(b))
			}
			return cmp.Compare(c.text(a), c.text(b))
		})
	}
	return nil
}

func catJSON(columns []catColumn, rows [][]string) reply {
	b := []byte{'['}
	for i, row := range rows {
		if i > 0 {
			b = append(b, ',')
		}
		for j, cell := range row {
			open := byte(',')
			if j == 0 {
				open = '{'
			}
			b = append(appendString(append(b, open), columns[j].name), ':')
			b = appendString(b, cell)
		}
		b = append(b, '}')
	}
	return reply{status: http.StatusOK, body: append(b, ']')}
}

// catText aligns the cells: numbers to the right, the rest to the left.
func catText(columns []catColumn, rows [][]string, header bool) []byte {
	if header {
		var names []string
		for _, c := range columns {
			names = append(names, c.name)
		}
		rows = slices.Insert(rows, 0, names)
	}
	widths := make([]int, len(columns))
	for _, row := range rows {
		for j, cell := range row {
			widths[j] = max(widths[j], len(cell))
		}
	}
	var b strings.Builder
	for _, row := range rows {
		line := ""
		for j, cell := range row {
			width := widths[j]
			if columns[j].number == nil {
				width = -width
			}
			line += fmt.Sprintf("%*s ", width, cell)
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	return []byte(b.String())
}
