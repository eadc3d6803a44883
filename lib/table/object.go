package table

import (
	"fmt"
	"strings"

	"github.com/wmtools/wm/lib/jsonscan"
)

// member is a member of the JSON objects that a table writes: a cell, or an
// object of members.
type member struct {
	key     []byte // with its quotes and colon
	name    string
	cell    int // index of the column; -1 for an object
	members []*member
}

// newObject arranges columns as the members of an object: each at its path, or
// with flat under its name. A renamed column is always under its name.
func newObject(columns []Column, flat bool) (*member, error) {
	root := &member{cell: -1}
	for i, c := range columns {
		path := c.Path
		if flat || c.renamed() {
			path = []string{c.Name}
		}
		if err := root.add(path, i); err != nil {
			return nil, err
		}
	}
	return root, nil
}

func (m *member) add(path []string, cell int) error {
	for i, key := range path {
		next := m.member(key)
		last := i == len(path)-1
		if next != nil && (last || next.cell >= 0) {
			return fmt.Errorf("%s is listed twice, or with a part of it", strings.Join(path[:i+1], "."))
		}
		if next == nil {
			next = &member{key: append(jsonscan.AppendString(nil, key), ':'), name: key, cell: -1}
			m.members = append(m.members, next)
		}
		m = next
	}
	m.cell = cell
	return nil
}

func (m *member) member(name string) *member {
	for _, inner := range m.members {
		if inner.name == name {
			return inner
		}
	}
	return nil
}

// append appends the object, without the members whose cells are absent.
func (m *member) append(dst []byte, cells [][]byte) []byte {
	dst = append(dst, '{')
	empty := len(dst)
	for _, inner := range m.members {
		before := len(dst)
		if before > empty {
			dst = append(dst, ',')
		}
		dst = append(dst, inner.key...)
		value := len(dst)
		if inner.cell >= 0 {
			dst = append(dst, cells[inner.cell]...)
		} else if dst = inner.append(dst, cells); len(dst) == value+len("{}") {
			dst = dst[:value]
		}
		if len(dst) == value {
			dst = dst[:before]
		}
	}
	return append(dst, '}')
}
