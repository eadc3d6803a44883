package table

import (
	"fmt"
	"strings"

	"github.com/wmtools/wm/lib/match"
)

// Column is a field of an event under the name of its column.
type Column struct {
	Field string   // as the query language writes it, such as "meta.dt"
	Path  []string // its keys, from the outermost inward
	Name  string   // the column's name; Field unless renamed
}

// renamed reports whether the column has a name of its own.
func (c Column) renamed() bool { return c.Name != c.Field }

// ParseColumns reads fields separated by commas. FIELD=NAME renames a column. A
// field is a path of the query language or a derived field; an unknown derived
// field is an error.
func ParseColumns(list string) ([]Column, error) {
	var columns []Column
	for item := range strings.SplitSeq(list, ",") {
		c, err := parseColumn(strings.TrimSpace(item))
		if err != nil {
			return nil, err
		}
		columns = append(columns, c)
	}
	return columns, nil
}

func parseColumn(item string) (c Column, err error) {
	field, name, renamed := strings.Cut(item, "=")
	switch {
	case field == "":
		return c, fmt.Errorf("a field is missing: %q", item)
	case !renamed:
		name = field
	case name == "":
		return c, fmt.Errorf("%s: the new name is missing", item)
	}
	path, err := match.ParsePath(field)
	if err != nil {
		return c, err
	}
	return Column{field, path, name}, nil
}
