package ndjson_test

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/wmtools/wm/lib/ndjson"
)

func ExampleReader_Events() {
	in := strings.NewReader(`{"wiki":"enwiki","title":"Ouse"}
{"wiki":"dewiki","title":"Fluss"}
`)
	out := ndjson.NewWriter(os.Stdout)
	r := ndjson.NewReader(in, ndjson.Options{Name: "events.ndjson", Drained: out.Flush})
	for e, err := range r.Events(context.Background()) {
		if err != nil {
			fmt.Println(err)
			continue
		}
		if e.Get("wiki").Str == "dewiki" {
			if err := out.WriteLine(e.Line()); err != nil {
				fmt.Println(err)
			}
		}
	}
	if err := out.Flush(); err != nil {
		fmt.Println(err)
	}
	// Output: {"wiki":"dewiki","title":"Fluss"}
}

func ExamplePipeline() {
	in := strings.NewReader("{\"n\":1}\n{\"n\":2}\n{\"n\":3}\n")
	lines := 0
	p := ndjson.Pipeline[int]{
		Workers: 4,
		NewWorker: func() func([]byte, *int) {
			return func(block []byte, n *int) {
				*n = 0
				for range ndjson.Lines(block) {
					*n++
				}
			}
		},
		Emit: func(_ ndjson.Block, n *int, err error) error {
			lines += *n
			return err
		},
	}
	err := p.Run(context.Background(), ndjson.NewReader(in, ndjson.Options{}))
	fmt.Println(lines, err)
	// Output: 3 <nil>
}
