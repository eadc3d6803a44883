package stream

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

// parsed is what a client gets from a frame.
type parsed struct{ kind, id, data string }

// readFrames returns all frames of a stream, and the sizes of those skipped.
func readFrames(t testing.TB, r io.Reader, max int) (got []parsed, tooLarge []int) {
	t.Helper()
	f := newFrames(r, max)
	id := ""
	for {
		fr, err := f.next()
		if errors.Is(err, io.EOF) {
			return got, tooLarge
		}
		if err != nil {
			t.Fatal(err)
		}
		if fr.tooLarge > 0 {
			tooLarge = append(tooLarge, fr.tooLarge)
			continue
		}
		if len(fr.id) > 0 {
			id = string(fr.id)
		}
		if len(fr.data) > 0 {
			got = append(got, parsed{string(fr.kind), id, string(fr.data)})
		}
	}
}

// bySpec parses an event stream by the letter of the WHATWG specification,
// section 9.2.6, on the whole of the text at once. Where wm departs from it,
// bySpec does too: data lines are joined by a blank, empty data is not an event,
// and an empty id does not reset the last one (it is not an EventStreams id).
func bySpec(text string) (got []parsed) {
	text = strings.TrimPrefix(text, "\xef\xbb\xbf")
	text = strings.ReplaceAll(text, "\r\n", "\n")
	text = strings.ReplaceAll(text, "\r", "\n")
	lines := strings.Split(text, "\n")
	var kind, id, frameID string
	var data []string
	for _, line := range lines[:len(lines)-1] { // what follows the last newline is truncated
		name, value, _ := strings.Cut(line, ":")
		value = strings.TrimPrefix(value, " ")
		switch {
		case line == "":
			if frameID != "" {
				id = frameID
			}
			if joined := strings.Join(data, " "); joined != "" {
				got = append(got, parsed{kind, id, joined})
			}
			kind, frameID, data = "", "", nil
		case name == "event":
			kind = value
		case name == "data":
			data = append(data, value)
		case name == "id" && !strings.Contains(value, "\x00"):
			frameID = value
		}
	}
	return got
}

func TestFrames(t *testing.T) {
	frame := "event: message\nid: [1]\ndata: {\"a\":1}\n\n"
	want := []parsed{{"message", "[1]", `{"a":1}`}}
	tests := []struct {
		name, in string
		want     []parsed
	}{
		{"as the service writes it", ":ok\n\n" + frame, want},
		{"CRLF", strings.ReplaceAll(":ok\n\n"+frame, "\n", "\r\n"), want},
		{"CR", strings.ReplaceAll(":ok\n\n"+frame, "\n", "\r"), want},
		{"byte order mark", "\xef\xbb\xbf" + frame, want},
		{"no blank after the colon", "event:message\nid:[1]\ndata:{\"a\":1}\n\n", want},
		{"unknown fields", "retry: 5\nfoo\nfoo: bar\n" + frame, want},
		{"comments between fields", ":x\nevent: message\n:y\nid: [1]\ndata: {\"a\":1}\n:z\n\n", want},
		{"separators of Unicode are text", "data: a\u2028b\u0085c\n\n", []parsed{{"", "", "a\u2028b\u0085c"}}},
		{"several data lines are one line", "data: {\ndata: \"a\":1\ndata: }\n\n", []parsed{{"", "", `{ "a":1 }`}}},
		{"an id holds until the next", "id: 1\ndata: a\n\ndata: b\n\n", []parsed{{"", "1", "a"}, {"", "1", "b"}}},
		{"an id with NUL is none", "id: 1\ndata: a\n\nid: 2\x00\ndata: b\n\n", []parsed{{"", "1", "a"}, {"", "1", "b"}}},
		{"an id without data counts", "id: 7\n\ndata: a\n\n", []parsed{{"", "7", "a"}}},
		{"mixed line ends", "event: message\rid: [1]\r\ndata: {\"a\":1}\n\r\n", want},
		{"a byte order mark elsewhere is text", frame + "\xef\xbb\xbfdata: x\n\n", want},
		{"only one blank is dropped", "data:  a \n\n", []parsed{{"", "", " a "}}},
		{"a field without a colon is empty", "data\ndata: a\n\nid: 1\ndata: b\n\nid\ndata: c\n\n",
			[]parsed{{"", "", " a"}, {"", "1", "b"}, {"", "1", "c"}}},
		{"names have small letters and no blanks", "Data: a\n data: b\ndata : c\n\n", nil},
		{"the last of several ids and names counts", "id: 1\nid: 2\nevent: x\nevent: y\ndata: a\n\n", []parsed{{"y", "2", "a"}}},
		{"a name holds for one event", "event: error\ndata: a\n\ndata: b\n\n", []parsed{{"error", "", "a"}, {"", "", "b"}}},
		{"colons in a value", "data: a: b:c\n\n", []parsed{{"", "", "a: b:c"}}},
		{"retry is for browsers", "retry: 1\nretry: x\ndata: a\n\n", []parsed{{"", "", "a"}}},
		{"blank lines", "\n\n\r\n\r\r" + frame, want},
		{"nothing", "", nil},
		{"no data, no event", "event: message\nid: 1\n\n:ping\n\n", nil},
		{"cut after the event line", frame + "event: message\n", want},
		{"cut after the id line", frame + "event: message\nid: [2]\n", want},
		{"cut in the id", frame + "event: message\nid: [2", want},
		{"cut in the data", frame + "id: [2]\ndata: {\"a", want},
		{"cut before the blank line", frame + "id: [2]\ndata: {\"a\":2}\n", want},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for how, r := range map[string]io.Reader{
				"whole":        strings.NewReader(tt.in),
				"byte by byte": iotest.OneByteReader(strings.NewReader(tt.in)),
				"halves":       iotest.HalfReader(strings.NewReader(tt.in)),
			} {
				if got, _ := readFrames(t, r, 1<<20); fmt.Sprint(got) != fmt.Sprint(tt.want) {
					t.Errorf("%s: got %q, want %q", how, got, tt.want)
				}
			}
		})
	}
}

func TestFrameTooLargeIsSkipped(t *testing.T) {
	ok := "id: [1]\ndata: a\n\n"
	large := "id: [2]\ndata: " + strings.Repeat("x", 5000) + "\ndata: y\n\n"
	for how, wrap := range map[string]func(io.Reader) io.Reader{
		"whole": func(r io.Reader) io.Reader { return r }, "byte by byte": iotest.OneByteReader,
	} {
		got, sizes := readFrames(t, wrap(strings.NewReader(ok+large+ok)), 1000)
		if want := fmt.Sprint([]parsed{{"", "[1]", "a"}, {"", "[1]", "a"}}); fmt.Sprint(got) != want {
			t.Errorf("%s: got %q, want %s", how, got, want)
		}
		if fmt.Sprint(sizes) != fmt.Sprint([]int{len(large)}) {
			t.Errorf("%s: skipped sizes %v, want [%d]", how, sizes, len(large))
		}
	}
}

type readerFunc func(p []byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

// A stream without any newline must not make the gate grow.
func TestEndlessLineTakesNoMemory(t *testing.T) {
	const max = 1 << 16
	endless := io.LimitReader(readerFunc(func(p []byte) (int, error) {
		for i := range p {
			p[i] = 'x'
		}
		return len(p), nil
	}), 100<<20)
	g := newGate(endless, max)
	if block, err := g.next(); !errors.Is(err, io.EOF) {
		t.Fatalf("block %.20q, error %v", block, err)
	}
	if len(g.buf) > max {
		t.Errorf("buffer has %d bytes, more than the limit of %d", len(g.buf), max)
	}
}

func FuzzFramesAreThoseOfTheSpecification(f *testing.F) {
	for _, s := range []string{
		":ok\n\nevent: message\nid: [1]\ndata: {}\n\n", "data: a\r\rdata:b\r\n\r\n", "\xef\xbb\xbfdata: a\n\n",
		"data\n\n", "data: a\ndata: b\n\nid\n\n", "id: a\x00b\ndata: x\n\n", "\n\n\r\n\rdata: x\n\r", ":\n\n:\n",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		want := fmt.Sprint(bySpec(string(in)))
		for how, r := range map[string]io.Reader{
			"whole": bytes.NewReader(in), "byte by byte": iotest.OneByteReader(bytes.NewReader(in)),
			"data with error": iotest.DataErrReader(bytes.NewReader(in)),
		} {
			if got, _ := readFrames(t, r, 1<<20); fmt.Sprint(got) != want {
				t.Errorf("%s: got %q, want %s", how, got, want)
			}
		}
	})
}
