package service

import (
	"bytes"
	"encoding/json"
)

// compact encodes a value as JSON.stringify does: without blanks and without
// escapes for HTML.
func compact(v any) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		panic(err) // strings, numbers and valid raw JSON always encode
	}
	return bytes.TrimSuffix(b.Bytes(), []byte{'\n'})
}

func quoted(s string) string { return string(compact(s)) }
