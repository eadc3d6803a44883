// Package table turns events into text that people and other programs read:
// chosen fields as TSV, CSV or smaller JSON objects ([New]), or a readable line
// for each event ([NewLines]).
//
// Both are a [Format]. Its [Printer] appends the text of one event after the
// other to a buffer and allocates nothing for an ordinary event. [AppendTSV] and
// [AppendCSV] write single cells for callers with tables of their own.
package table

import (
	"errors"

	"github.com/wmtools/wm/lib/event"
	"github.com/wmtools/wm/lib/jsonscan"
)

// Format is a way to print events. It may be used by several goroutines; each
// of them needs a Printer of its own.
type Format interface {
	// Header returns the line before all others, with its newline, or nothing.
	Header() []byte
	Printer() Printer
}

// Printer prints events for one goroutine.
type Printer interface {
	// Append appends the text of an event, given as its line, and a newline.
	// If the line is not one JSON object it appends nothing; the error is
	// jsonscan.ErrTooDeep or matches jsonscan.ErrNotObject.
	Append(dst, line []byte) ([]byte, error)
}

// Syntax is the syntax of the rows of a Table.
type Syntax int

// The syntaxes. Arrays and objects become compact JSON in TSV and CSV. In JSON,
// values keep their bytes.
const (
	TSV  Syntax = iota // as jq's @tsv
	CSV                // as RFC 4180, with \n after each row
	JSON               // NDJSON
)

// Options of a Table.
type Options struct {
	Syntax Syntax
	Header bool   // a row of names first; not in JSON
	Absent string // the text of an absent or null field; in JSON, the member is left out
	Flat   bool   // in JSON, a member for each column, not an object for each part of a path
}

// Table prints chosen fields of events as rows. It is a Format.
type Table struct {
	columns []column
	paths   jsonscan.Paths
	derived *event.Lookup
	object  *member // of JSON
	absent  []byte
	o       Options
	names   []string
}

type column struct {
	slot    int
	derived appendDerived // nil for a field that only the line can have
}

// New returns the table of some columns.
func New(columns []Column, o Options) (*Table, error) {
	if len(columns) == 0 {
		return nil, errors.New("no columns")
	}
	t := &Table{o: o}
	t.absent = t.appendCell(nil, []byte(o.Absent))
	var fields []string
	for _, c := range columns {
		t.columns = append(t.columns, column{t.paths.Add(c.Path...), derivedFields[c.Field]})
		t.names, fields = append(t.names, c.Name), append(fields, c.Field)
	}
	t.derived = event.NewLookup(&t.paths, fields...)
	var err error
	if o.Syntax == JSON {
		t.object, err = newObject(columns, o.Flat)
	}
	return t, err
}

// Header returns the names of the columns, if Options asked for them.
func (t *Table) Header() (row []byte) {
	if !t.o.Header || t.o.Syntax == JSON {
		return nil
	}
	for i, name := range t.names {
		row = t.appendCell(t.appendSeparator(row, i), []byte(name))
	}
	return append(row, '\n')
}

// Printer returns a printer of rows.
func (t *Table) Printer() Printer {
	return &rowPrinter{t: t, finder: t.paths.Finder(), found: make([]jsonscan.Span, t.paths.Slots()), cells: make([][]byte, len(t.columns))}
}

func (t *Table) appendCell(dst, text []byte) []byte {
	if t.o.Syntax == CSV {
		return AppendCSV(dst, text)
	}
	return AppendTSV(dst, text)
}

func (t *Table) appendSeparator(dst []byte, i int) []byte {
	switch {
	case i == 0:
		return dst
	case t.o.Syntax == CSV:
		return append(dst, ',')
	}
	return append(dst, '\t')
}

// rowPrinter is the Printer of a Table.
type rowPrinter struct {
	t       *Table
	finder  *jsonscan.Finder
	found   []jsonscan.Span
	cells   [][]byte // the JSON of each column; empty if absent
	event   event.Scanned
	derived []byte // the JSON of derived cells
	text    []byte // of one cell
}

// Append appends the row of an event.
func (p *rowPrinter) Append(dst, line []byte) ([]byte, error) {
	line, err := p.finder.Find(line, p.found)
	if err != nil {
		return dst, err
	}
	if err := p.read(line); err != nil {
		return dst, err
	}
	if p.t.object != nil {
		return append(p.t.object.append(dst, p.cells), '\n'), nil
	}
	for i, cell := range p.cells {
		dst = p.appendCell(p.t.appendSeparator(dst, i), cell)
	}
	return append(dst, '\n'), nil
}

// read sets the cells to the values that were found, and to derived fields where
// the line does not have them.
func (p *rowPrinter) read(line []byte) error {
	p.derived = p.derived[:0]
	var d *event.Derived
	for i, c := range p.t.columns {
		cell := p.found[c.slot].Of(line)
		if len(cell) == 0 && c.derived != nil {
			if d == nil {
				if err := p.event.Read(p.t.derived, line, p.found); err != nil {
					return err
				}
				d = p.event.Derive()
			}
			start := len(p.derived)
			p.derived = c.derived(p.derived, d)
			cell = p.derived[start:]
		}
		if string(cell) == "null" {
			cell = nil
		}
		p.cells[i] = cell
	}
	return nil
}

func (p *rowPrinter) appendCell(dst, json []byte) []byte {
	switch {
	case len(json) == 0:
		return append(dst, p.t.absent...)
	case json[0] == '-' || '0' <= json[0] && json[0] <= '9':
		return append(dst, json...)
	case json[0] == '"' && p.t.o.Syntax == TSV:
		// What needs no escapes in JSON needs none in TSV.
		if inside := json[1 : len(json)-1]; jsonscan.PlainLen(jsonscan.View(inside)) == len(inside) {
			return append(dst, inside...)
		}
	}
	p.text = appendPlain(p.text[:0], json)
	return p.t.appendCell(dst, p.text)
}
