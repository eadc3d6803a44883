package main

import (
	"context"
	"fmt"
	"os"

	"github.com/wmtools/wm/lib/app"
	"github.com/wmtools/wm/lib/grep"
	"github.com/wmtools/wm/lib/ndjson"
)

// search is one run over all of the inputs.
type search struct {
	*settings
	out   *ndjson.Writer
	bad   app.Problems
	live  context.Context
	total grep.Result
}

// enough reports whether nothing more needs to be searched.
func (s *search) enough() bool { return s.options.Quiet && !s.count && s.total.Matched > 0 }

// file searches one file; "-" is standard input. One that cannot be opened does
// not keep the others from being searched.
func (s *search) file(name string) error {
	in := os.Stdin
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			s.bad.Report(err)
			return nil
		}
		defer f.Close()
		in = f
	}
	options := s.options
	options.Report = s.bad.Report
	if s.withNames {
		options.Prefix = []byte(title(name) + ":")
	}
	read, _ := app.Stages(s.live, in, s.drain)
	app.WidenPipe(in)
	source := newInput(in, options.Max > 0)
	reader := ndjson.NewReader(source, ndjson.Options{Name: title(name), MaxLine: s.maxLine, Drained: s.out.Flush})
	result, err := grep.Run(read, reader, s.query, s.out, options)
	s.add(result)
	if err == nil && s.count {
		err = s.printCount(name, result.Matched)
	}
	if err == nil {
		err = source.leave(result.Bytes)
	}
	return err
}

func (s *search) add(r grep.Result) {
	s.total.Lines += r.Lines
	s.total.Bytes += r.Bytes
	s.total.Matched += r.Matched
}

func (s *search) printCount(name string, matched int64) error {
	if s.namesCounts {
		return s.out.WriteLine(fmt.Appendf(nil, "%s:%d", title(name), matched))
	}
	return s.out.WriteLine(fmt.Append(nil, matched))
}
