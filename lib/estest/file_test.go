package estest

import "testing"

// Recording keeps everything but the responses.
func TestFileAsWritten(t *testing.T) {
	eachFile(t, func(name string, f *file) {
		text, err := caseFiles.ReadFile("cases/" + name)
		if err != nil {
			t.Fatal(err)
		}
		if got := f.String(); got != string(text) {
			t.Errorf("%s: %s", name, diff("|"+string(text), "|"+got, nil))
		}
	})
}
