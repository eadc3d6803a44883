package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/wmtools/wm/lib/simulate"
	"github.com/wmtools/wm/lib/simulate/service"
)

// settings are the parsed command line.
type settings struct {
	listen   string
	speed    float64
	seed     uint64
	file     string
	backlog  int
	generate int
	form     string
	shares   int
	captures []string // files to compare with

	options simulate.Options
	faults  []service.Fault
}

func parse(args []string) (*settings, error) {
	s := &settings{}
	// The default flag set has flags of imported packages.
	f := flag.NewFlagSet("simulate", flag.ContinueOnError)
	f.StringVar(&s.listen, "listen", "127.0.0.1:0", "serve on this `address`")
	f.Float64Var(&s.options.Rate, "rate", 40, "events per second of the clock")
	f.Float64Var(&s.speed, "speed", 1, "speed of the clock relative to real time")
	f.Uint64Var(&s.seed, "seed", 1, "seed of the generator")
	f.StringVar(&s.file, "file", "", "serve the events of this NDJSON `file` at their original pace")
	f.IntVar(&s.backlog, "backlog", 0, "number of events that exist at the start")
	f.IntVar(&s.generate, "generate", 0, "write `N` events to standard output instead of serving")
	f.StringVar(&s.form, "form", "ndjson", "output format of -generate: ndjson or sse")
	f.IntVar(&s.shares, "shares", 0, "print the composition of `N` generated events next to that of the given files")
	f.Func("streams", "streams to generate, separated by commas (default recentchange)", s.setStreams)
	f.Func("era", "form of the events: 2019, 2020 or 2025 (default 2025)", s.setEra)
	f.DurationVar(&s.options.Late, "late", 0, "maximum by which message times go backwards (default 25ms)")
	f.IntVar(&s.options.Switch, "switch", 0, "switch the data center every `N` events")
	f.IntVar(&s.options.Gap, "gap", 0, "skip offsets every `N` events")
	f.Func("fault", "what goes wrong on a connection: events=100,line=in-data,end=cut or status=429,retry-after=7 or none;\n"+
		"several apply to the connections in turn", s.addFault)
	f.SetOutput(io.Discard) // main prints errors
	if err := f.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			f.SetOutput(os.Stderr)
			f.PrintDefaults()
		}
		return nil, err
	}
	s.captures = f.Args()
	return s, s.check()
}

func (s *settings) setStreams(text string) error {
	for name := range strings.SplitSeq(text, ",") {
		i := slices.IndexFunc(simulate.Streams, func(known string) bool {
			return known == name || known == "mediawiki."+name
		})
		if i < 0 {
			return fmt.Errorf("%q is not one of %s", name, strings.Join(simulate.Streams, ", "))
		}
		s.options.Streams = append(s.options.Streams, simulate.Streams[i])
	}
	return nil
}

func (s *settings) setEra(text string) error {
	era, ok := map[string]simulate.Era{"2019": simulate.Era2019, "2020": simulate.Era2020, "2025": simulate.Era2025}[text]
	if !ok {
		return errors.New("not one of 2019, 2020, 2025")
	}
	s.options.Era = era
	return nil
}

func (s *settings) addFault(text string) error {
	fault, err := service.ParseFault(text)
	s.faults = append(s.faults, fault)
	return err
}

func (s *settings) check() error {
	switch {
	case s.options.Rate <= 0 || s.speed <= 0:
		return errors.New("-rate and -speed must be above 0")
	case s.backlog < 0:
		return errors.New("-backlog must not be below 0")
	case s.form != "ndjson" && s.form != "sse":
		return fmt.Errorf("-form %q is neither ndjson nor sse", s.form)
	case len(s.captures) > 0 && s.shares == 0:
		return fmt.Errorf("%s: only -shares takes files", s.captures[0])
	}
	return nil
}
