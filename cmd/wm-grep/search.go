package main

import (
	"context"
	"fmt"
	"os"

	"github.com/wmtools/wm/cmd/internal/advice"
	"github.com/wmtools/wm/lib/app"
	"github.com/wmtools/wm/lib/grep"
	"github.com/wmtools/wm/lib/ndjson"
)

// search is one run over all inputs.
type search struct {
	*settings
	out   *ndjson.Writer
	bad   app.Problems
	live  context.Context
	total grep.Result
}

// enough reports whether the remaining inputs can be skipped.
func (s *search) enough() bool { return s.quiet && !s.count && s.total.Matched > 0 }

// file searches one file; "-" is stdin. If it cannot be read, the search goes on
// with the next.
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
	if isOutput, err := s.isOutput(in); isOutput || err != nil {
		if isOutput {
			s.bad.Report(fmt.Errorf("%s: the input is also the output", title(name)))
		}
		return err
	}
	options := s.options
	options.Report = func(err error) { s.bad.Report(advice.Input(err, name, "wm-grep")) }
	if s.withNames {
		options.Prefix = []byte(title(name) + ":")
	}
	read, _ := app.Stages(s.live, in, s.drain)
	app.WidenPipe(in)
	source := newInput(in, options.Max > 0)
	result, err := grep.Run(read, s.reader(source, name), s.query, s.out, options)
	s.add(result)
	if err == nil && s.count {
		err = s.printCount(name, result.Matched)
	}
	if err == nil {
		err = source.leave(result.Bytes)
	}
	return err
}

func (s *search) reader(in input, name string) *ndjson.Reader {
	return ndjson.NewReader(in, ndjson.Options{
		Name: title(name), MaxLine: s.maxLine, EventsOnly: s.query.Fields != nil, Drained: s.out.Flush,
	})
}

// isOutput reports whether lines that are written would be read again. It
// flushes, for the answer depends on the position of the output.
func (s *search) isOutput(in *os.File) (bool, error) {
	if s.options.Quiet {
		return false, nil
	}
	err := s.out.Flush()
	return err == nil && app.ReadsOutput(in, os.Stdout), err
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

// title is the name of an input in messages.
func title(name string) string {
	if name == "-" {
		return "stdin"
	}
	return name
}
