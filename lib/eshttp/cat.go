package eshttp

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// catColumn is a column of a _cat table.
type catColumn struct {
	name    string
	aliases []string
	number  bool // right-aligned and sorted numerically
}

// cell is a value in a table.
type cell struct {
	text string
	n    int64 // sort key of a number
}

func text(s string) cell { return cell{text: s} }

func number(n int64) cell { return cell{strconv.FormatInt(n, 10), n} }

var byteUnits = map[string]int64{"b": 1, "kb": 1 << 10, "mb": 1 << 20, "gb": 1 << 30, "tb": 1 << 40}

// size formats a number of bytes in a unit or, without one, as Elasticsearch does:
// 9.5kb, rounded down.
func size(n int64, unit string) cell {
	if unit != "" {
		return cell{strconv.FormatInt(n/byteUnits[unit], 10), n}
	}
	for _, unit := range []string{"tb", "gb", "mb", "kb"} {
		if size := byteUnits[unit]; n >= size {
			return cell{strings.TrimSuffix(fmt.Sprintf("%d.%d", n/size, n%size*10/size), ".0") + unit, n}
		}
	}
	return cell{strconv.FormatInt(n, 10) + "b", n}
}

var indexColumns = []catColumn{
	{"health", []string{"h"}, false},
	{"status", []string{"s"}, false},
	{"index", []string{"i", "idx"}, false},
	{"uuid", []string{"id"}, false},
	{"pri", []string{"p", "shards.primary", "shardsPrimary"}, true},
	{"rep", []string{"r", "shards.replica", "shardsReplica"}, true},
	{"docs.count", []string{"dc", "docsCount"}, true},
	{"docs.deleted", []string{"dd", "docsDeleted"}, true},
	{"store.size", []string{"ss", "storeSize"}, true},
	{"pri.store.size", nil, true},
	{"dataset.size", nil, true},
	{"creation.date", []string{"cd"}, true},
	{"creation.date.string", []string{"cds"}, false},
}

// hiddenIndexColumns is the number of columns shown only on request.
const hiddenIndexColumns = 2

// catIndices lists indices.
func (s *server) catIndices(r *request) (reply, error) {
	unit := r.params.Get("bytes")
	if unit != "" && byteUnits[unit] == 0 {
		return reply{}, illegal("[bytes] of wm-store is b, kb, mb, gb or tb, found [%s]", unit)
	}
	var rows [][]cell
	for _, i := range s.infos(r) {
		bytes := size(i.Bytes, unit)
		rows = append(rows, []cell{text("green"), text("open"), text(i.Name), text(i.UUID), number(1), number(0), number(i.Docs), number(i.Deleted),
			bytes, bytes, bytes, number(i.Created.UnixMilli()), text(i.Created.UTC().Format("2006-01-02T15:04:05.000Z"))})
	}
	return table{indexColumns, rows}.reply(r, hiddenIndexColumns)
}

var timeColumns = []catColumn{{"epoch", []string{"t", "time"}, false}, {"timestamp", []string{"ts", "hms", "hhmmss"}, false}}

func timeCells() []cell {
	now := time.Now().UTC()
	return []cell{text(strconv.FormatInt(now.Unix(), 10)), text(now.Format("15:04:05"))}
}

var healthColumns = append(slices.Clone(timeColumns), []catColumn{
	{"cluster", []string{"cl"}, false},
	{"status", []string{"st"}, false},
	{"node.total", []string{"nt", "nodeTotal"}, true},
	{"node.data", []string{"nd", "nodeData"}, true},
	{"shards", []string{"sh", "shards.total", "shardsTotal"}, true},
	{"pri", []string{"p", "shards.primary", "shardsPrimary"}, true},
	{"relo", []string{"r", "shards.relocating", "shardsRelocating"}, true},
	{"init", []string{"i", "shards.initializing", "shardsInitializing"}, true},
	{"unassign", []string{"u", "shards.unassigned", "shardsUnassigned"}, true},
	{"unassign.pri", []string{"up", "shards.unassigned.primary", "shardsUnassignedPrimary"}, true},
	{"pending_tasks", []string{"pt", "pendingTasks"}, true},
	{"max_task_wait_time", []string{"mtwt", "maxTaskWaitTime"}, true},
	{"active_shards_percent", []string{"asp", "activeShardsPercent"}, true},
}...)

// catHealth is _cluster/health as a table.
func (s *server) catHealth(r *request) (reply, error) {
	shards := number(int64(len(r.names)))
	row := append(timeCells(), text(name), text("green"), number(1), number(1), shards, shards,
		number(0), number(0), number(0), number(0), number(0), text("-"), text("100.0%"))
	return table{healthColumns, [][]cell{row}}.reply(r, 0)
}

// catCount counts the documents of indices.
func (s *server) catCount(r *request) (reply, error) {
	n := int64(0)
	for _, i := range s.infos(r) {
		n += i.Docs
	}
	columns := append(slices.Clone(timeColumns), catColumn{"count", []string{"dc", "docs.count", "docsCount"}, false})
	return table{columns, [][]cell{append(timeCells(), number(n))}}.reply(r, 0)
}

// table is the response to a _cat request.
type table struct {
	columns []catColumn
	rows    [][]cell
}

// reply renders the table in the requested format. It omits the last hidden columns
// unless they are requested.
func (t table) reply(r *request, hidden int) (reply, error) {
	if err := t.sort(r.params.Get("s")); err != nil {
		return reply{}, err
	}
	help, err := r.flag("help", false)
	if err != nil {
		return reply{}, err
	}
	header, err := r.flag("v", false)
	if err != nil {
		return reply{}, err
	}
	shown := t.choose(r.params.Get("h"), hidden)
	switch format := r.params.Get("format"); {
	case help:
		return t.help(), nil
	case format == "json":
		return ok(shown.json())
	case format == "" || format == "text" || format == "txt":
		return reply{status: http.StatusOK, body: shown.text(header), text: true}, nil
	default:
		return reply{}, illegal("[format] of wm-store is json or text, found [%s]", format)
	}
}

// find returns the index of a column, -1 if no column has the name.
func (t table) find(name string) int {
	return slices.IndexFunc(t.columns, func(c catColumn) bool { return c.name == name || slices.Contains(c.aliases, name) })
}

// sort orders the rows by a list of columns such as "index:desc,docs.count".
func (t table) sort(by string) error {
	if by == "" {
		return nil
	}
	keys := strings.Split(by, ",")
	slices.Reverse(keys) // a stable sort by the last key first
	for _, key := range keys {
		name, direction, _ := strings.Cut(key, ":")
		i := t.find(name)
		if i < 0 {
			return illegal("Unable to sort by unknown sort key `%s`", name)
		}
		slices.SortStableFunc(t.rows, func(a, b []cell) int {
			if direction == "desc" {
				a, b = b, a
			}
			if t.columns[i].number {
				return cmp.Compare(a[i].n, b[i].n)
			}
			return cmp.Compare(a[i].text, b[i].text)
		})
	}
	return nil
}

// choose selects the columns of h. As in Elasticsearch, unknown names are skipped.
func (t table) choose(h string, hidden int) table {
	var chosen []int
	var names []string
	for i, c := range t.columns[:len(t.columns)-hidden] {
		chosen, names = append(chosen, i), append(names, c.name)
	}
	if h != "" && h != "*" {
		chosen, names = nil, nil
		for pattern := range strings.SplitSeq(h, ",") {
			for i, c := range t.columns {
				if matches(pattern, c.name) || slices.Contains(c.aliases, pattern) {
					chosen = append(chosen, i)
					if names = append(names, c.name); !strings.Contains(pattern, "*") {
						names[len(names)-1] = pattern // the heading is the requested name
					}
				}
			}
		}
	}
	out := table{rows: make([][]cell, len(t.rows))}
	for n, i := range chosen {
		c := t.columns[i]
		c.name = names[n]
		out.columns = append(out.columns, c)
		for j, row := range t.rows {
			out.rows[j] = append(out.rows[j], row[i])
		}
	}
	return out
}

func (t table) json() []byte {
	var o out
	o.open('[')
	for _, row := range t.rows {
		o.open('{')
		for j, c := range row {
			o.key(t.columns[j].name).text(c.text)
		}
		o.close('}')
	}
	return *o.close(']')
}

// text renders the table: numbers right-aligned, the rest left-aligned.
func (t table) text(header bool) []byte {
	rows := t.rows
	if header {
		var names []cell
		for _, c := range t.columns {
			names = append(names, text(c.name))
		}
		rows = slices.Insert(slices.Clone(rows), 0, names)
	}
	widths := make([]int, len(t.columns))
	for _, row := range rows {
		for j, c := range row {
			widths[j] = max(widths[j], len(c.text))
		}
	}
	var b strings.Builder
	for _, row := range rows {
		line := ""
		for j, c := range row {
			width := -widths[j]
			if t.columns[j].number {
				width = widths[j]
			}
			line += fmt.Sprintf("%*s ", width, c.text)
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	return []byte(b.String())
}

// help lists the columns.
func (t table) help() reply {
	var b strings.Builder
	for _, c := range t.columns {
		fmt.Fprintf(&b, "%-22s | %s\n", c.name, strings.Join(c.aliases, ","))
	}
	return reply{status: http.StatusOK, body: []byte(b.String()), text: true}
}
