package table

import (
	"strconv"

	"github.com/wmtools/wm/lib/jsonscan"
)

// Grid is a small table in memory, such as a ranking.
type Grid struct {
	Names []string
	Rows  [][]any // cells: string, int64, float64 or bool
}

// AppendCSV appends the names and the rows as comma-separated values.
func (g Grid) AppendCSV(dst []byte) []byte {
	for i, name := range g.Names {
		dst = AppendCSV(comma(dst, i), []byte(name))
	}
	dst = append(dst, '\n')
	for _, row := range g.Rows {
		for i, cell := range row {
			dst = AppendCSV(comma(dst, i), appendAny(nil, cell))
		}
		dst = append(dst, '\n')
	}
	return dst
}

// AppendJSON appends each row as a JSON object and a newline.
func (g Grid) AppendJSON(dst []byte) []byte {
	for _, row := range g.Rows {
		dst = append(dst, '{')
		for i, cell := range row {
			dst = append(jsonscan.AppendString(comma(dst, i), g.Names[i]), ':')
			if text, ok := cell.(string); ok {
				dst = jsonscan.AppendString(dst, text)
			} else {
				dst = appendAny(dst, cell)
			}
		}
		dst = append(dst, "}\n"...)
	}
	return dst
}

// AppendText appends the names and the rows as columns for a terminal: numbers
// right-aligned, the last column unpadded. Text is escaped as in [Lines].
func (g Grid) AppendText(dst []byte) []byte {
	cells := [][][]byte{make([][]byte, len(g.Names))}
	for i, name := range g.Names {
		cells[0][i] = []byte(name)
	}
	for _, row := range g.Rows {
		shown := make([][]byte, len(row))
		for i, cell := range row {
			shown[i] = appendIsolated(nil, string(appendAny(nil, cell)))
		}
		cells = append(cells, shown)
	}
	widths := make([]int, len(g.Names))
	for _, row := range cells {
		for i, cell := range row {
			widths[i] = max(widths[i], displayWidth(cell))
		}
	}
	for _, row := range cells {
		for i, cell := range row {
			dst = appendAligned(dst, cell, widths[i], g.isNumber(i), i == len(row)-1)
		}
		dst = append(dst, '\n')
	}
	return dst
}

// appendAligned appends a cell and, unless it is the last, two blanks.
func appendAligned(dst, cell []byte, width int, right, last bool) []byte {
	padding := width - displayWidth(cell)
	if right {
		dst = append(appendBlanks(dst, padding), cell...)
	} else if dst = append(dst, cell...); !last {
		dst = appendBlanks(dst, padding)
	}
	if !last {
		dst = append(dst, "  "...)
	}
	return dst
}

// isNumber reports whether a column has numbers.
func (g Grid) isNumber(column int) bool {
	if len(g.Rows) == 0 {
		return false
	}
	switch g.Rows[0][column].(type) {
	case int64, float64:
		return true
	}
	return false
}

func appendAny(dst []byte, cell any) []byte {
	switch v := cell.(type) {
	case string:
		return append(dst, v...)
	case int64:
		return strconv.AppendInt(dst, v, 10)
	case float64:
		return strconv.AppendFloat(dst, v, 'f', -1, 64)
	case bool:
		return strconv.AppendBool(dst, v)
	}
	return dst
}

func comma(dst []byte, i int) []byte {
	if i == 0 {
		return dst
	}
	return append(dst, ',')
}
