package grep_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"github.com/wmtools/wm/lib/grep"
	"github.com/wmtools/wm/lib/match"
	"github.com/wmtools/wm/lib/ndjson"
	"github.com/wmtools/wm/lib/simulate"
)

func query(t testing.TB, pattern string, terms ...string) (s match.Search) {
	t.Helper()
	var err error
	if pattern != "" {
		if s.Pattern, err = match.CompilePattern([]string{pattern}, match.PatternOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	q := &match.Query{}
	for _, text := range terms {
		term, err := match.ParseTerm(text)
		if err != nil {
			t.Fatal(err)
		}
		q.Terms = append(q.Terms, term)
	}
	if len(terms) > 0 {
		if s.Fields, err = match.Compile(q, match.Options{}); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

func run(t testing.TB, in string, q match.Search, o grep.Options) (out string, matched int64, reported []string) {
	t.Helper()
	got := runOn(t, strings.NewReader(in), q, o)
	return got.out, got.result.Matched, got.reported
}

func TestRun(t *testing.T) {
	const in = "{\"a\":1}\nnoise\n{\"a\":2}\r\n\n{\"a\":1,\"b\":\"noise\"}"
	tests := []struct {
		name     string
		q        match.Search
		o        grep.Options
		want     string
		matched  int64
		reported int
	}{
		{"pattern", query(t, "noise"), grep.Options{}, "noise\n{\"a\":1,\"b\":\"noise\"}\n", 2, 0},
		{"pattern inverted", query(t, "noise"), grep.Options{Invert: true}, "{\"a\":1}\n{\"a\":2}\r\n\n", 3, 0},
		{"term", query(t, "", "a=1"), grep.Options{}, "{\"a\":1}\n{\"a\":1,\"b\":\"noise\"}\n", 2, 1},
		{"term inverted: a line that is not an object never matches", query(t, "", "a=1"), grep.Options{Invert: true}, "{\"a\":2}\r\n", 1, 1},
		{"both", query(t, "noise", "a=1"), grep.Options{}, "{\"a\":1,\"b\":\"noise\"}\n", 1, 1},
		{"count", query(t, "", "a=1"), grep.Options{Quiet: true}, "", 2, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			out, matched, reported := run(t, in, tt.q, tt.o)
			if out != tt.want || matched != tt.matched || len(reported) != tt.reported {
				t.Errorf("got %q, %d matched, reported %q; want %q, %d, %d", out, matched, reported, tt.want, tt.matched, tt.reported)
			}
			if tt.reported > 0 && reported[0] != "stdin:2: not a JSON object" {
				t.Errorf("reported %q", reported[0])
			}
		})
	}
}

// The zero values of a search and of options print every line, and ignore errors.
func TestZeroValues(t *testing.T) {
	var b bytes.Buffer
	w := ndjson.NewWriter(&b)
	in := io.MultiReader(strings.NewReader("a\n\nb"), iotest.ErrReader(errors.New("broken")))
	result, err := grep.Run(t.Context(), ndjson.NewReader(in, ndjson.Options{}), match.Search{}, w, grep.Options{})
	if err := errors.Join(err, w.Flush()); err != nil || b.String() != "a\n\nb\n" || result.Matched != 3 {
		t.Errorf("%q, %+v, %v", b.String(), result, err)
	}
}

// Watermarks pass every query, in their place, and are not counted.
func TestWatermarksPass(t *testing.T) {
	const mark = "{\t\"wm\":{\"watermark\":{}},\"meta\":{\"domain\":\"canary\"}}\n"
	const in = mark + "{\"a\":1}\n" + mark + "{\"a\":2}\nx\ty\n" + mark
	for _, tt := range []struct {
		q       match.Search
		o       grep.Options
		want    string
		matched int64
	}{
		{query(t, "", "a=1"), grep.Options{}, mark + "{\"a\":1}\n" + mark + mark, 1},
		{query(t, "", "a=1"), grep.Options{Invert: true}, mark + mark + "{\"a\":2}\n" + mark, 1},
		{query(t, "watermark"), grep.Options{}, mark + mark + mark, 0},
		{query(t, "a"), grep.Options{Quiet: true}, "", 2},
		{query(t, "a"), grep.Options{Only: true}, "a\na\n", 2},
		{query(t, "y"), grep.Options{}, mark + mark + "x\ty\n" + mark, 1},
	} {
		out, matched, _ := run(t, in, tt.q, tt.o)
		if out != tt.want || matched != tt.matched {
			t.Errorf("%+v: %q, %d matched; want %q, %d", tt.o, out, matched, tt.want, tt.matched)
		}
	}
}

// Many lines of the kinds that are listed separately are searched in linear time.
// If every line were compared with every other, this would take minutes.
func TestManyOfAKind(t *testing.T) {
	const n = 1 << 20
	for _, tt := range []struct {
		name, line        string
		q                 match.Search
		matched, reported int
	}{
		{"no objects", "x\n", query(t, "", "a=1"), 0, n},
		{"blank", "\n", query(t, "", "a=1"), 0, 0},
		{"watermarks", "{\t\"wm\":{\"watermark\":{}}}\n", query(t, "nothing"), 0, 0},
	} {
		reported := 0
		o := grep.Options{Invert: true, Quiet: true, Report: func(error) { reported++ }}
		r := ndjson.NewReader(strings.NewReader(strings.Repeat(tt.line, n)), ndjson.Options{})
		result, err := grep.Run(t.Context(), r, tt.q, ndjson.NewWriter(io.Discard), o)
		if err != nil || result.Matched != int64(tt.matched) || result.Lines != n || reported != tt.reported {
			t.Errorf("%s: %+v, error %v, %d reported; want %d matched, %d reported", tt.name, result, err, reported, tt.matched, tt.reported)
		}
	}
}

// Each bad line is reported with its own number.
func TestPlacesOfBadLines(t *testing.T) {
	_, _, reported := run(t, "x\n{\"a\":1}\n\ny\nz\n{\"a\":1}\n[]", query(t, "", "a=1"), grep.Options{})
	const want = "[stdin:1: not a JSON object stdin:4: not a JSON object stdin:5: not a JSON object stdin:7: not a JSON object: an array]"
	if fmt.Sprint(reported) != want {
		t.Errorf("reported %v, want %s", reported, want)
	}
}

// An error that ends an input is reported, and what came before it counts.
func TestBrokenInput(t *testing.T) {
	in := io.MultiReader(strings.NewReader("{\"a\":1}\n{\"a\":2}\n"), iotest.ErrReader(errors.New("input/output error")))
	got := runOn(t, in, query(t, "a"), grep.Options{})
	if got.result.Matched != 2 || got.out != "{\"a\":1}\n{\"a\":2}\n" || fmt.Sprint(got.reported) != "[stdin: input/output error]" {
		t.Errorf("got %+v", got)
	}
}

// A last line that is too long counts as read.
func TestBytesWithLongLines(t *testing.T) {
	long := strings.Repeat("x", maxLine+1)
	for _, in := range []string{"a\n" + long + "\n", "a\n" + long, long + "\na", long + "\n" + long + "\na\nb"} {
		got := runOn(t, strings.NewReader(in), query(t, "a"), grep.Options{Max: 9})
		if lines := int64(strings.Count(strings.TrimSuffix(in, "\n"), "\n") + 1); got.result.Bytes != int64(len(in)) || got.result.Lines != lines {
			t.Errorf("%d bytes in %d lines: %+v", len(in), lines, got.result)
		}
	}
}

// The number of workers changes neither the lines nor their order nor the limit.
func TestManyBlocks(t *testing.T) {
	var in strings.Builder
	for _, e := range simulate.New(1, simulate.Options{}).Take(6000) {
		fmt.Fprintf(&in, "%s\n", e.Data)
	}
	q := query(t, `"namespace":0.*"bot":true`)
	want, matched, _ := run(t, in.String(), q, grep.Options{Workers: 1})
	if matched == 0 {
		t.Fatal("nothing matches")
	}
	for _, workers := range []int{2, 8} {
		if out, n, _ := run(t, in.String(), q, grep.Options{Workers: workers}); out != want || n != matched {
			t.Errorf("%d workers: %d lines, want %d, or in another order", workers, n, matched)
		}
		some, n, _ := run(t, in.String(), q, grep.Options{Workers: workers, Max: 10})
		if n != 10 || !strings.HasPrefix(want, some) || strings.Count(some, "\n") != 10 {
			t.Errorf("%d workers: %d lines of 10", workers, n)
		}
	}
}

func BenchmarkRun(b *testing.B) {
	var in strings.Builder
	for _, e := range simulate.New(1, simulate.Options{}).Take(20_000) {
		fmt.Fprintf(&in, "%s\n", e.Data)
	}
	for _, bench := range []struct {
		name string
		q    match.Search
	}{
		{"literal", query(b, ".*en.wikipedia.*")},
		{"term", query(b, "", "wiki=enwiki")},
	} {
		b.Run(bench.name, func(b *testing.B) {
			b.SetBytes(int64(in.Len()))
			b.ReportAllocs()
			for b.Loop() {
				run(b, in.String(), bench.q, grep.Options{Quiet: true})
			}
		})
	}
}

// trickle reads a few bytes at a time, so that a short input has many blocks.
type trickle struct {
	io.Reader
	size int
}

func (r trickle) Read(p []byte) (int, error) { return r.Reader.Read(p[:min(len(p), r.size)]) }

// The output depends neither on the number of workers, nor on where blocks begin,
// nor on compression.
func FuzzWorkersAndCompression(f *testing.F) {
	f.Add([]byte("{\"a\":1}\nnoise\n\n{\"a\":2}\r\n{\"a\":1}"), 7, int64(0), false)
	f.Add([]byte("{\t\"wm\":{\"watermark\":{}}}\n{\"a\":1}\n{\"a\":1}\n"), 3, int64(1), true)
	f.Add([]byte("\n\n\x00\xff\n{\"a\":1,\"a\":2}\n"), 1, int64(2), true)
	q := query(f, "[a1]", "a=1")
	plain := query(f, "[a1]")
	f.Fuzz(func(t *testing.T, in []byte, size int, most int64, invert bool) {
		if ndjson.Compressed(in) {
			t.Skip("it would be decompressed")
		}
		gzipped, zstded := compress(t, in)
		for _, q := range []match.Search{q, plain} {
			o := grep.Options{Workers: 1, Invert: invert, Max: max(0, most)}
			want := runOn(t, bytes.NewReader(in), q, o)
			o.Workers = 8
			if got := runOn(t, trickle{bytes.NewReader(in), max(1, size)}, q, o); !reflect.DeepEqual(got, want) {
				t.Errorf("in blocks: %+v\nat once: %+v", got, want)
			}
			if got := runOn(t, bytes.NewReader(gzipped), q, o); !reflect.DeepEqual(got, want) {
				t.Errorf("gzip: %+v\nplain: %+v", got, want)
			}
			if got := runOn(t, bytes.NewReader(zstded), q, o); !reflect.DeepEqual(got, want) {
				t.Errorf("zstd: %+v\nplain: %+v", got, want)
			}
		}
	})
}

// compress returns a text as two members each, one for each half.
func compress(t testing.TB, text []byte) (gzipped, zstded []byte) {
	t.Helper()
	z, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	for _, part := range [][]byte{text[:len(text)/2], text[len(text)/2:]} {
		g := gzip.NewWriter(&b)
		if _, err := g.Write(part); err != nil {
			t.Fatal(err)
		}
		if err := g.Close(); err != nil {
			t.Fatal(err)
		}
		zstded = z.EncodeAll(part, zstded)
	}
	return b.Bytes(), zstded
}

// maxLine is low, so that short inputs can have lines that are too long.
const maxLine = 4096

// outcome is everything observable about a run.
type outcome struct {
	out      string
	result   grep.Result
	reported []string
}

func runOn(t testing.TB, in io.Reader, q match.Search, o grep.Options) (got outcome) {
	t.Helper()
	var b bytes.Buffer
	w := ndjson.NewWriter(&b)
	o.Report = func(err error) { got.reported = append(got.reported, err.Error()) }
	var err error
	got.result, err = grep.Run(t.Context(), ndjson.NewReader(in, ndjson.Options{MaxLine: maxLine}), q, w, o)
	if err := errors.Join(err, w.Flush()); err != nil {
		t.Fatal(err)
	}
	got.out = b.String()
	return got
}
