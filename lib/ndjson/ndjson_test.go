package ndjson_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/klauspost/compress/zstd"

	"github.com/wmtools/wm/lib/event"
	"github.com/wmtools/wm/lib/ndjson"
)

// read returns the lines and the errors that a Reader yields, in order.
func read(t testing.TB, in io.Reader, o ndjson.Options) []string {
	t.Helper()
	var got []string
	for e, err := range ndjson.NewReader(in, o).Events(t.Context()) {
		if err != nil {
			got = append(got, "error: "+err.Error())
			continue
		}
		got = append(got, string(e.Line()))
	}
	return got
}

func TestEvents(t *testing.T) {
	tests := []struct {
		name, in string
		want     []string
	}{
		{"empty", "", nil},
		{"lines", "{1}\n{2}\n", []string{"{1}", "{2}"}},
		{"last line without a newline", "{1}\n{2}", []string{"{1}", "{2}"}},
		{"blank lines are skipped", "\n{1}\n\n \t\r\n{2}\n\n", []string{"{1}", "{2}"}},
		{"lines keep their CR", "{1}\r\n{2}\r\n", []string{"{1}\r", "{2}\r"}},
		{"other line separators are text", "{\u2028\u0085}\n", []string{"{\u2028\u0085}"}},
		{"a line over the limit", "{1}\n" + strings.Repeat("x", 21) + "\n{3}\n",
			[]string{"{1}", "error: stdin:2: line of 21 bytes is longer than the limit of 20: skipped", "{3}"}},
		{"a line at the limit", strings.Repeat("x", 20) + "\n{2}\n", []string{strings.Repeat("x", 20), "{2}"}},
		{"a last line over the limit", "{1}\n" + strings.Repeat("x", 1000),
			[]string{"{1}", "error: stdin:2: line of 1000 bytes is longer than the limit of 20: skipped"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			readers := map[string]io.Reader{
				"whole":             strings.NewReader(tt.in),
				"one byte per read": iotest.OneByteReader(strings.NewReader(tt.in)),
				"data with error":   iotest.DataErrReader(strings.NewReader(tt.in)),
				"gzip":              bytes.NewReader(gzipped(t, tt.in)),
				"gzip, two pieces":  bytes.NewReader(append(gzipped(t, tt.in[:len(tt.in)/2]), gzipped(t, tt.in[len(tt.in)/2:])...)),
				"zstd":              bytes.NewReader(zstded(t, tt.in)),
			}
			for how, in := range readers {
				if got := read(t, in, ndjson.Options{MaxLine: 20}); fmt.Sprint(got) != fmt.Sprint(tt.want) {
					t.Errorf("%s: got %q, want %q", how, got, tt.want)
				}
			}
		})
	}
}

func gzipped(t testing.TB, s string) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := io.WriteString(w, s); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func zstded(t testing.TB, s string) []byte {
	w, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	return w.EncodeAll([]byte(s), nil)
}

func TestLongLinesInPieces(t *testing.T) {
	text := "{1}\n" + strings.Repeat("x", 50) + "\n{3}\n" + strings.Repeat("y", 41)
	for how, in := range map[string]io.Reader{
		"whole": strings.NewReader(text), "one byte per read": iotest.OneByteReader(strings.NewReader(text)),
	} {
		var got []byte
		for block, err := range ndjson.NewReader(in, ndjson.Options{MaxLine: 20, Pieces: true}).Blocks(t.Context()) {
			if err != nil || len(block.Data) > 21 {
				t.Errorf("%s: a block of %d bytes, error %v", how, len(block.Data), err)
			}
			got = append(got, block.Data...)
		}
		if string(got) != text {
			t.Errorf("%s: got %q", how, got)
		}
	}
}

func TestReadErrorNamesTheInput(t *testing.T) {
	in := io.MultiReader(strings.NewReader("{1}\n{2"), iotest.ErrReader(errors.New("input/output error")))
	got := read(t, in, ndjson.Options{Name: "events.ndjson"})
	want := "[{1} {2 error: events.ndjson: input/output error]"
	if fmt.Sprint(got) != want {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestHugeWindowIsRejected(t *testing.T) {
	for what, frame := range map[string][]byte{ // of 64 MiB (RFC 8878, 3.1.1.1)
		"window":         {0x28, 0xb5, 0x2f, 0xfd, 0x00, 16 << 3, 0x01, 0x00, 0x00},
		"single segment": {0x28, 0xb5, 0x2f, 0xfd, 0xa0, 0x00, 0x00, 0x00, 0x04, 0x01, 0x00, 0x00},
	} {
		got := read(t, bytes.NewReader(frame), ndjson.Options{})
		if len(got) != 1 || got[0] != "error: stdin: the zstd window is larger than 32 MiB" {
			t.Errorf("%s: got %q", what, got)
		}
	}
}

// The error for a header that is cut short names the input.
func TestCutHeaderNamesTheInput(t *testing.T) {
	got := read(t, strings.NewReader("\x1f\x8b"), ndjson.Options{Name: "events.gz"})
	if fmt.Sprint(got) != "[error: events.gz: unexpected EOF]" {
		t.Errorf("got %q", got)
	}
}

// A line is yielded as soon as it has arrived, and what was read is flushed
// before the reader waits.
func TestLiveLineIsYieldedAtOnce(t *testing.T) {
	in, feed := io.Pipe()
	out, sink := io.Pipe()
	w := ndjson.NewWriter(sink)
	r := ndjson.NewReader(in, ndjson.Options{Drained: w.Flush})
	copied := make(chan error, 1)
	go func() {
		err := event.Copy(t.Context(), t.Context(), w, r, func(error) {})
		copied <- errors.Join(err, sink.Close())
	}()
	buf := make([]byte, 100)
	for i := range 3 {
		line := fmt.Sprintf("{\"n\":%d}\n", i)
		if _, err := io.WriteString(feed, line); err != nil {
			t.Fatal(err)
		}
		n, err := out.Read(buf) // blocks if the line is held back
		if err != nil || string(buf[:n]) != line {
			t.Fatalf("got %q, %v; want %q", buf[:n], err, line)
		}
	}
	if err := feed.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadAll(out); err != nil {
		t.Fatal(err)
	}
	if err := <-copied; err != nil {
		t.Fatal(err)
	}
}

func TestStopsWhenContextEndsWhileInputIsSilent(t *testing.T) {
	silent, keepOpen, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { keepOpen.Close(); silent.Close() })
	ctx, cancel := context.WithCancel(t.Context())
	r := ndjson.NewReader(silent, ndjson.Options{Drained: func() error { cancel(); return nil }})
	for e, err := range r.Events(ctx) {
		t.Fatalf("got %s, %v from a silent input", e.Line(), err)
	}
}

func TestLineNumbers(t *testing.T) {
	var in strings.Builder
	for i := range 300_000 { // several blocks
		fmt.Fprintf(&in, "{\"line\":%d}\n", i+1)
	}
	next := int64(1)
	for b, err := range ndjson.NewReader(strings.NewReader(in.String()), ndjson.Options{}).Blocks(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if want := fmt.Sprintf("{\"line\":%d}\n", b.Line); b.Line != next || !bytes.HasPrefix(b.Data, []byte(want)) {
			t.Fatalf("block at line %d (want %d) begins with %.20q", b.Line, next, b.Data)
		}
		next += int64(bytes.Count(b.Data, []byte{'\n'}))
	}
	if next != 300_001 {
		t.Errorf("read %d lines, want 300000", next-1)
	}
}

// FuzzLinesSurvive checks that cutting input into lines loses and changes nothing.
func FuzzLinesSurvive(f *testing.F) {
	f.Add([]byte("{}\n{}\n"))
	f.Add([]byte("\n\r\n\x00\xff{}"))
	f.Add([]byte{0x1f, 0x8b, 8})
	f.Add([]byte{0x28, 0xb5, 0x2f, 0xfd, 0x00})
	f.Add([]byte("\xef\xbb\xbf{}\n"))
	f.Add([]byte("P*M\x18"))
	f.Fuzz(func(t *testing.T, in []byte) {
		var got []byte
		for b, err := range ndjson.NewReader(bytes.NewReader(in), ndjson.Options{}).Blocks(t.Context()) {
			if _, format := errors.AsType[*ndjson.FormatError](err); format || err != nil && ndjson.Compressed(in) {
				return
			}
			if err != nil {
				t.Fatalf("plain input failed: %v", err)
			}
			got = append(got, b.Data...)
		}
		if !ndjson.Compressed(in) && !bytes.Equal(got, ndjson.TrimBOM(in)) {
			t.Fatalf("got %q, want %q", got, in)
		}
	})
}

func BenchmarkEvents(b *testing.B) {
	line := []byte(`{"meta":{"id":"x"},"title":"` + strings.Repeat("y", 1300) + `"}` + "\n")
	in := bytes.Repeat(line, 10_000)
	b.SetBytes(int64(len(in)))
	b.ReportAllocs()
	for b.Loop() {
		for _, err := range ndjson.NewReader(bytes.NewReader(in), ndjson.Options{}).Events(b.Context()) {
			if err != nil {
				b.Fatal(err)
			}
		}
	}
}
