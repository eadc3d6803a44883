package jsonscan

import "bytes"

// Shape is what a line is that is not one JSON object.
type Shape int

// Shapes of lines. ShapeOther is anything that is none of the rest, such as
// plain text or damaged JSON.
const (
	ShapeOther        Shape = iota
	ShapeObjects            // more than one object: {"a":1}{"a":2}
	ShapeSingleQuotes       // {'a': 1}, as Python prints a dict
	ShapeArray              // a JSON array
	ShapePretty             // part of JSON that is spread over several lines
	ShapeCut                // an object whose end is missing
	ShapeSSE                // a line of a stream of server-sent events: data: {"a":1}
	ShapePrefix             // text before an object, as in a log
	ShapeSuffix             // text after an object
	shapes
)

// ShapeError reports a line that is not one JSON object. It matches
// ErrNotObject.
type ShapeError struct{ Shape Shape }

func (e *ShapeError) Error() string {
	if detail := shapeDetails[e.Shape]; detail != "" {
		return ErrNotObject.Error() + ": " + detail
	}
	return ErrNotObject.Error()
}

// Is reports whether target is ErrNotObject.
func (e *ShapeError) Is(target error) bool { return target == ErrNotObject }

var shapeDetails = [shapes]string{
	ShapeObjects:      "several objects on one line",
	ShapeSingleQuotes: "single quotes",
	ShapeArray:        "an array",
	ShapePretty:       "spread over several lines",
	ShapeCut:          "the end is missing",
	ShapeSSE:          "a line of an SSE stream",
	ShapePrefix:       "text before the object",
	ShapeSuffix:       "text after the object",
}

// shapeErrors are the errors of all shapes: a file of other data has one for
// each line, and none of them allocates.
var shapeErrors = func() (list [shapes]*ShapeError) {
	for i := range list {
		list[i] = &ShapeError{Shape(i)}
	}
	return list
}()

// Diagnose returns the error for a line that cannot be read as an object:
// ErrTooDeep or a *ShapeError.
func Diagnose(line []byte) error {
	line = bytes.Trim(line, " \t\r\n")
	if len(line) == 0 {
		return shapeErrors[ShapeOther]
	}
	if line[0] == '{' {
		return diagnoseObject(line)
	}
	return shapeErrors[shapeOf(line)]
}

// diagnoseObject returns the error for a line that begins like an object.
func diagnoseObject(line []byte) error {
	next := SkipBlank(line, 1)
	switch at(line, next) {
	case 0:
		return shapeErrors[ShapePretty]
	case '\'':
		return shapeErrors[ShapeSingleQuotes]
	}
	end := skipNested(line, 0, 0)
	switch {
	case end == TooDeep:
		return ErrTooDeep
	case end == Invalid:
		return shapeErrors[ShapeCut]
	case end == len(line):
		return shapeErrors[ShapeOther]
	case at(line, SkipBlank(line, end)) == '{':
		return shapeErrors[ShapeObjects]
	}
	return shapeErrors[ShapeSuffix]
}

// shapeOf returns the shape of a line that does not begin like an object.
func shapeOf(line []byte) Shape {
	switch {
	case isSSE(line):
		return ShapeSSE
	case string(line) == "[" || line[0] == '}' || line[0] == ']' || isMember(line):
		return ShapePretty
	case line[0] == '[' && isArray(line):
		return ShapeArray
	case bytes.Contains(line, objectStart) && line[len(line)-1] == '}':
		return ShapePrefix
	}
	return ShapeOther
}

var objectStart = []byte(`{"`)

// isArray reports whether a line that begins with a bracket goes on like a JSON
// array, unlike the time in brackets that some logs begin with.
func isArray(line []byte) bool {
	switch c := at(line, SkipBlank(line, 1)); c {
	case '{', '[', ']', '"':
		return true
	}
	return SkipValue(line, 0, 0) == len(line)
}

// isMember reports whether a line is a member of an object: "key": value.
func isMember(line []byte) bool {
	if line[0] != '"' {
		return false
	}
	end := SkipString(line, 0)
	return end > 0 && at(line, SkipBlank(line, end)) == ':'
}

// isSSE reports whether a line has the form of a field or comment of
// server-sent events.
func isSSE(line []byte) bool {
	if line[0] == ':' {
		return true
	}
	name, _, found := bytes.Cut(line, []byte{':'})
	switch string(name) {
	case "data", "event", "id", "retry":
		return found
	}
	return false
}
