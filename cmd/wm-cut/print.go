package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/wmtools/wm/cmd/internal/advice"
	"github.com/wmtools/wm/lib/app"
	"github.com/wmtools/wm/lib/ndjson"
	"github.com/wmtools/wm/lib/table"
)

// printer prints all of the inputs.
type printer struct {
	*settings
	out   *ndjson.Writer
	bad   app.Problems
	live  context.Context
	total table.Result
}

// files prints the header and each input.
func (p *printer) files() error {
	if _, err := p.out.Write(p.format.Header()); err != nil {
		return err
	}
	for _, name := range p.names {
		if p.max > 0 && p.total.Printed == p.max {
			break
		}
		if err := p.file(name); err != nil {
			return err
		}
	}
	return p.out.Flush()
}

// file prints one input; "-" is stdin. If it cannot be read, the others are
// still printed.
func (p *printer) file(name string) error {
	in, title := os.Stdin, "stdin"
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			p.bad.Report(err)
			return nil
		}
		defer f.Close()
		in, title = f, name
	}
	if err := p.out.Flush(); err != nil {
		return err
	}
	if app.ReadsOutput(in, os.Stdout) {
		p.bad.Report(fmt.Errorf("%s: the input is also the output", title))
		return nil
	}
	read, _ := app.Stages(p.live, in, p.drain)
	app.WidenPipe(in)
	reader := ndjson.NewReader(in, ndjson.Options{Name: title, MaxLine: p.maxLine, EventsOnly: true, Drained: p.out.Flush})
	o := p.options
	o.Report = func(err error) { p.bad.Report(advice.Input(err, name, "wm-cut")) }
	if p.max > 0 {
		o.Max = p.max - p.total.Printed
	}
	result, err := table.Run(read, reader, p.format, p.out, o)
	p.total.Add(result)
	return err
}

// noteWatermarks warns that wm-es, which the flags suggest comes next, cannot
// use this output: watermarks and ids are missing.
func (p *printer) noteWatermarks() {
	n := p.total.Watermarks
	if !p.json || p.hasID || n == 0 {
		return
	}
	what := "1 watermark was dropped"
	if n > 1 {
		what = fmt.Sprintf("%d watermarks were dropped", n)
	}
	fmt.Fprintf(app.Stderr, "wm-cut: %s: wm-es cannot advance its cursor with this output\n", what)
	fmt.Fprintln(app.Stderr, "wm-cut: hint: index whole events: ... | tee >(wm-es) | wm-cut")
}

func (p *printer) tally(took time.Duration) string {
	mib := float64(p.total.Bytes) / (1 << 20)
	return fmt.Sprintf("%d of %d lines printed, %.1f MiB in %.1fs, %.0f MiB/s",
		p.total.Printed, p.total.Lines, mib, took.Seconds(), mib/max(took.Seconds(), 0.001))
}
