package ndjson_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/wmtools/wm/lib/ndjson"
)

// upper is a pipeline that writes its input to out in capital letters. Workers
// take a while, at random.
func upper(out *strings.Builder, workers int) ndjson.Pipeline[[]byte] {
	return ndjson.Pipeline[[]byte]{
		Workers: workers,
		NewWorker: func() func([]byte, *[]byte) {
			return func(block []byte, result *[]byte) {
				time.Sleep(rand.N(time.Millisecond))
				*result = append((*result)[:0], bytes.ToUpper(block)...)
			}
		},
		Emit: func(_ ndjson.Block, result *[]byte, err error) error {
			out.Write(*result)
			return err
		},
	}
}

func TestPipelineKeepsTheOrder(t *testing.T) {
	var in strings.Builder
	for i := range 100_000 {
		fmt.Fprintf(&in, "line number %d\n", i)
	}
	for _, workers := range []int{0, 1, 3, 8} {
		var out strings.Builder
		r := ndjson.NewReader(strings.NewReader(in.String()), ndjson.Options{})
		if err := upper(&out, workers).Run(t.Context(), r); err != nil {
			t.Fatal(err)
		}
		if out.String() != strings.ToUpper(in.String()) {
			t.Errorf("%d workers: other lines, or in another order", workers)
		}
	}
}

// An error of Emit ends the pipeline at once, though the input would go on.
func TestPipelineStops(t *testing.T) {
	broken := errors.New("disk full")
	for _, want := range []error{ndjson.ErrEnough, broken} {
		in, feed := io.Pipe()
		go io.WriteString(feed, "one\n") // and nothing more
		p := upper(new(strings.Builder), 2)
		p.Emit = func(ndjson.Block, *[]byte, error) error { return want }
		err := p.Run(t.Context(), ndjson.NewReader(in, ndjson.Options{}))
		if want == broken && !errors.Is(err, broken) || want == ndjson.ErrEnough && err != nil {
			t.Errorf("Emit returned %v, Run returned %v", want, err)
		}
	}
}

// What was read when the context is done is still emitted.
func TestPipelineEmitsWhatWasRead(t *testing.T) {
	silent, feed, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	defer feed.Close()
	if _, err := io.WriteString(feed, "one\ntwo\n"); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	var out strings.Builder
	drained := func() error {
		if out.Len() > 0 {
			cancel()
		}
		return nil
	}
	if err := upper(&out, 2).Run(ctx, ndjson.NewReader(silent, ndjson.Options{Drained: drained})); err != nil {
		t.Fatal(err)
	}
	if out.String() != "ONE\nTWO\n" {
		t.Errorf("got %q", out.String())
	}
}

func TestDetectShape(t *testing.T) {
	for _, tt := range []struct {
		head string
		want ndjson.Shape
	}{
		{"", ""},
		{"\n \n", ""},
		{`{"a":1}`, ""},
		{"not json\n", ""},
		{"[", ndjson.Array},
		{"\n[ {\"a\":1}", ndjson.Array},
		{"[2026-11-23] {\"a\":1}\n[2026-11-23] {\"a\":2}\n", ndjson.LogPrefix},
		{"[2026-11-23] {\"a\":1}\n", ""}, // one line may be torn
		{"{\n", ndjson.Pretty},
		{`{"index":{"_index":"a"}}`, ndjson.Bulk},
		{`{"index":{"_index":"a"},"b":1}`, ""},
		{`{"hits":{"hits":[]}}`, ndjson.SearchResult},
		{":ok\n", ndjson.SSE},
		{"data: {}\r\n", ndjson.SSE},
		{"a,b\n1,2\n", ndjson.CSV},
		{"a\tb\n1\t2\n", ndjson.TSV},
		{"a,b\n{\"a\":1,\"b\":2}\n", ""},
	} {
		if got := ndjson.DetectShape([]byte(tt.head)); got != tt.want {
			t.Errorf("%q: %q, want %q", tt.head, got, tt.want)
		}
	}
}
