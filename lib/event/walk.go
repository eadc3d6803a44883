package event

import "github.com/wmtools/wm/lib/jsonscan"

// walk validates JSON and notes the fields, in one pass.
type walk struct {
	line   []byte
	text   string // the same
	fields *fields
}

// object reads the object at i, which is the value of the field in, and returns
// the index after it, jsonscan.Invalid or jsonscan.TooDeep. Depth is the number
// of objects and arrays that are open, this one included.
func (w *walk) object(i, depth int, in field) int {
	if depth > jsonscan.MaxDepth {
		return jsonscan.TooDeep
	}
	if i = jsonscan.SkipBlank(w.line, i+1); i < len(w.line) && w.line[i] == '}' {
		return i + 1
	}
	for {
		key := i
		end, escapes, ok := jsonscan.String(w.line, i)
		if !ok {
			return jsonscan.Invalid
		}
		f := noField
		if in != noField {
			f = w.field(in, w.text[key+1:end-1], escapes)
		}
		if i = jsonscan.SkipBlank(w.line, end); i >= len(w.line) || w.line[i] != ':' {
			return jsonscan.Invalid
		}
		start := jsonscan.SkipBlank(w.line, i+1)
		if i = w.value(start, depth, f); i < 0 {
			return i
		}
		if f != noField {
			w.fields[f] = value(w.text[start:i])
		}
		switch i = jsonscan.SkipBlank(w.line, i); {
		case i >= len(w.line):
			return jsonscan.Invalid
		case w.line[i] == '}':
			return i + 1
		case w.line[i] != ',':
			return jsonscan.Invalid
		}
		i = jsonscan.SkipBlank(w.line, i+1)
	}
}

// field returns the field of a key, or noField if the key is a repeat.
func (w *walk) field(in field, key string, escapes bool) field {
	if escapes {
		plain, _ := jsonscan.Unescape([]byte(key))
		key = string(plain)
	}
	f := in.member(key)
	if w.fields[f] != "" { // never for noField
		return noField
	}
	return f
}

// value reads the value at i, which is that of the field f. Depth is the number
// of objects and arrays open around it.
func (w *walk) value(i, depth int, f field) int {
	if i >= len(w.line) {
		return jsonscan.Invalid
	}
	ok := false
	switch c := w.line[i]; c {
	case '"':
		i, _, ok = jsonscan.String(w.line, i)
	case '{':
		return w.object(i, depth+1, f)
	case '[':
		return w.array(i, depth+1)
	case 't', 'f', 'n':
		i, ok = jsonscan.Word(w.line, i)
	default:
		i, ok = jsonscan.Number(w.line, i)
	}
	if !ok {
		return jsonscan.Invalid
	}
	return i
}

func (w *walk) array(i, depth int) int {
	if depth > jsonscan.MaxDepth {
		return jsonscan.TooDeep
	}
	if i = jsonscan.SkipBlank(w.line, i+1); i < len(w.line) && w.line[i] == ']' {
		return i + 1
	}
	for {
		if i = w.value(i, depth, noField); i < 0 {
			return i
		}
		switch i = jsonscan.SkipBlank(w.line, i); {
		case i >= len(w.line):
			return jsonscan.Invalid
		case w.line[i] == ']':
			return i + 1
		case w.line[i] != ',':
			return jsonscan.Invalid
		}
		i = jsonscan.SkipBlank(w.line, i+1)
	}
}
