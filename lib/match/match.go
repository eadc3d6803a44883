// Package match is the language in which wm asks for events: a regular
// expression over a whole line, and terms over its fields.
//
// A term is FIELD OP VALUE. FIELD is a path such as wiki or meta.domain. OP is
// = or !=, the first in the term that does not stand at its start. VALUE is one
// value or several with | between them: = holds if the field has any of them,
// != if it has none. It compares by the type that the field has in the event:
// strings as they read after JSON's escapes, numbers by their value and whole
// numbers exactly, true, false and null by their name. In double quotes VALUE
// is one string. An array has each value that one of its elements has. An
// absent field has no value.
package match

import "bytes"

// Query is what a line must fulfil: the pattern, if there is one, and every
// term.
type Query struct {
	Pattern *Pattern
	Terms   []*Term
}

// IsObject reports whether a line has the outer form of a JSON object. Only the
// fields that are asked for are read, so nothing more is judged.
func IsObject(line []byte) bool {
	line = bytes.TrimSpace(line)
	return len(line) >= 2 && line[0] == '{' && line[len(line)-1] == '}'
}
