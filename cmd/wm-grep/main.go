// Wm-grep prints the lines of NDJSON that match a regular expression and have
// the fields that are asked for, byte for byte as they came.
package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/wmtools/wm/lib/app"
	"github.com/wmtools/wm/lib/grep"
	"github.com/wmtools/wm/lib/ndjson"
)

func main() {
	app.Main(&cli.App{
		Name:  "wm-grep",
		Usage: "print the events that match",
		Description: `  wm-tail | wm-grep -k wiki=enwiki -k bot=false     humans on English Wikipedia
  wm-grep -c '.*en.wikipedia.*' < events.ndjson     count in a capture`,
		UsageText: `wm-grep [flags] PATTERN [FILE...]      a regular expression over the whole line
       wm-grep [flags] -k FIELD=VALUE... [PATTERN] [FILE...]`,
		Flags:  flags(),
		Action: run,
	})
}

// search is one run over all of the inputs.
type search struct {
	*settings
	out   *ndjson.Writer
	bad   app.Problems
	live  context.Context
	total grep.Result
}

func run(c *cli.Context) error {
	set, err := parse(c)
	if err != nil {
		return err
	}
	boundMemory(set.options.Workers, set.maxLine)
	begin := time.Now()
	app.WidenPipe(os.Stdout)
	live, stop := app.WatchStdout(c.Context)
	defer stop()
	s := &search{settings: set, out: ndjson.NewWriter(os.Stdout), live: live}
	s.bad = app.Problems{Out: os.Stderr, Name: c.App.Name}
	for _, name := range set.files {
		if s.enough() {
			break
		}
		if err := s.file(name); err != nil {
			return err
		}
	}
	if err := s.out.Flush(); err != nil {
		return err
	}
	s.note()
	if set.stats {
		fmt.Fprintf(os.Stderr, "wm-grep: %s\n", tally(s.total, time.Since(begin)))
	}
	switch {
	case s.bad.Count() > 0 && !(set.quiet && s.total.Matched > 0):
		return app.Failed
	case s.total.Matched == 0:
		return app.NoMatch
	}
	return nil
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
	reader := ndjson.NewReader(source, ndjson.Options{Name: title(name), MaxLine: s.maxLine})
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
