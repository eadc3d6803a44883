package app

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

func TestEndLine(t *testing.T) {
	name := filepath.Join(t.TempDir(), "events.ndjson")
	for _, tt := range []struct {
		before, want string
		flags        int
		ended        bool
	}{
		{"", "next\n", os.O_APPEND, false},
		{"a\n", "a\nnext\n", os.O_APPEND, false},
		{"a\n{\"cut", "a\n{\"cut\nnext\n", os.O_APPEND, true},
		{"a\n{\"cut", "next\n", os.O_TRUNC, false},
		{"abcdefg", "next\nfg", 0, false}, // it is written over
	} {
		if err := os.WriteFile(name, []byte(tt.before), 0o644); err != nil {
			t.Fatal(err)
		}
		f, err := os.OpenFile(name, os.O_WRONLY|tt.flags, 0)
		if err != nil {
			t.Fatal(err)
		}
		o := NewOutput(f)
		ended, err := o.EndLine()
		if err != nil || ended != tt.ended {
			t.Errorf("%q: ended %v, error %v", tt.before, ended, err)
		}
		if _, err := f.WriteString("next\n"); err != nil {
			t.Fatal(err)
		}
		if err := o.Sync(); err != nil {
			t.Error(err)
		}
		f.Close()
		if got, err := os.ReadFile(name); !bytes.Equal(got, []byte(tt.want)) {
			t.Errorf("%q: file holds %q, error %v, want %q", tt.before, got, err, tt.want)
		}
	}
}

func TestOutputThatIsNoFile(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	defer w.Close()
	o := NewOutput(w)
	if ended, err := o.EndLine(); ended || err != nil {
		t.Errorf("a pipe: ended %v, error %v", ended, err)
	}
	if err := o.Sync(); err != nil {
		t.Error(err)
	}
}
