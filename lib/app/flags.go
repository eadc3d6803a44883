package app

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/urfave/cli/v2"
)

// Bounded returns the value of a [cli.GenericFlag] that must lie between min and
// max. value is the default; if it is empty, the default is 0 and help does not
// show it. An empty max means no limit. All are written as the user writes them
// and read with parse. Read the flag with the method of [cli.Context] for its
// type, Int64 or Duration.
//
// Bounded panics if parse rejects value, min or max.
func Bounded[T int64 | time.Duration](parse func(string) (T, error), value, min, max string) cli.Generic {
	b := &bounded[T]{parse: parse, text: value, min: min, max: max}
	for _, limit := range []struct {
		text string
		into *T
	}{{value, &b.value}, {min, &b.low}, {max, &b.high}} {
		if limit.text == "" {
			continue
		}
		v, err := parse(limit.text)
		if err != nil {
			panic(err)
		}
		*limit.into = v
	}
	return b
}

type bounded[T int64 | time.Duration] struct {
	parse          func(string) (T, error)
	value          T
	low, high      T
	text, min, max string
	given          string // the value that was set, as written
}

// Set sets the value.
func (b *bounded[T]) Set(text string) error {
	if text == "" {
		return errEmpty
	}
	v, err := b.parse(text)
	if err != nil {
		return err
	}
	switch {
	case b.max == "" && v < b.low:
		return fmt.Errorf("%q is less than %s", text, b.min)
	case b.max != "" && (v < b.low || v > b.high):
		return fmt.Errorf("%q is not between %s and %s", text, b.min, b.max)
	}
	b.value, b.given = v, text
	return nil
}

// String returns the value in the form that Int64 and Duration of [cli.Context]
// read.
func (b *bounded[T]) String() string { return fmt.Sprint(b.value) }

// defaultText returns the default as help shows it.
func (b *bounded[T]) defaultText() string { return b.text }

// written returns the value as the user writes it.
func (b *bounded[T]) written() string { return cmp.Or(b.given, b.text) }

// ParseInt reads a whole number in decimal: 010 is ten.
func ParseInt(text string) (int64, error) {
	n, err := strconv.ParseInt(text, 10, 64)
	switch {
	case errors.Is(err, strconv.ErrRange):
		return 0, fmt.Errorf("number too large: %s", text)
	case err != nil:
		return 0, fmt.Errorf("not a whole number: %q", text)
	}
	return n, nil
}

// MayBeEmpty is a flag of strings that may be empty. No other flag may.
type MayBeEmpty struct{ *cli.StringSliceFlag }

var errEmpty = errors.New("must not be empty")

// rejectEmpty returns an error if a flag is empty, on the command line, in the
// environment or in the configuration file. An empty value is usually an unset
// shell variable, and must not turn a guarantee off.
func rejectEmpty(c *cli.Context, flags []cli.Flag) error {
	for _, f := range flags {
		name := longest(f.Names())
		if env, ok := emptyVariable(f); ok {
			return &advice{fmt.Errorf("%s: %w", env, errEmpty), "unset " + env}
		}
		if c.IsSet(name) && isEmpty(c, f, name) {
			return Usage("%s: %w", dashed(name), errEmpty)
		}
	}
	return nil
}

// emptyVariable returns the environment variable of a flag if it is set to the
// empty string.
func emptyVariable(f cli.Flag) (name string, ok bool) {
	d, ok := f.(cli.DocGenerationFlag)
	if _, mayBe := f.(MayBeEmpty); mayBe || !ok {
		return "", false
	}
	for _, env := range d.GetEnvVars() {
		if value, set := os.LookupEnv(env); set && value == "" {
			return env, true
		}
	}
	return "", false
}

func isEmpty(c *cli.Context, f cli.Flag, name string) bool {
	switch f.(type) {
	case *cli.StringFlag:
		return c.String(name) == ""
	case *cli.StringSliceFlag:
		for _, value := range c.StringSlice(name) {
			if value == "" {
				return true
			}
		}
	}
	return false
}

func dashed(name string) string {
	if len(name) == 1 {
		return "-" + name
	}
	return "--" + name
}

// Errors of the flag package and of urfave/cli about a value.
var (
	badArgument = regexp.MustCompile(`(?s)^invalid (?:boolean )?value "(.*)" for (?:flag )?-(\S+): (.*)$`)
	badVariable = regexp.MustCompile(`(?s)^could not parse "(.*)" (?:as \S+ value )?from environment variable "(\w+)" (?:as value )?for flag (\S+): (.*)$`)
)

// usageError puts the flag or the variable first: "--max-line: not a size".
func usageError(c *cli.Context, err error, _ bool) error {
	var place, name, value string
	if m := badArgument.FindStringSubmatch(err.Error()); m != nil {
		place, name, value = dashed(m[2]), m[2], m[1]
	} else if m := badVariable.FindStringSubmatch(err.Error()); m != nil {
		place, name, value = m[2], m[3], m[1]
	} else if name, ok := strings.CutPrefix(err.Error(), "flag provided but not defined: -"); ok {
		return Usage("unknown flag %s", dashed(name))
	} else if name, ok := strings.CutPrefix(err.Error(), "flag needs an argument: -"); ok {
		return Usage("%s needs a value", dashed(name))
	} else {
		return Usage("%w", err)
	}
	if text, err := strconv.Unquote(`"` + value + `"`); err == nil {
		value = text
	}
	cause := fmt.Errorf("%q is not true or false", value)
	if f, ok := lookup(flagsOf(c), name).(*cli.GenericFlag); ok {
		cause = f.Value.Set(value) // the error itself, with its hint
	}
	err = fmt.Errorf("%s: %w", place, cause)
	if _, ok := errors.AsType[hinted](err); ok {
		return err
	}
	return Usage("%w", err)
}

func flagsOf(c *cli.Context) []cli.Flag {
	if c.Command != nil && len(c.Command.Flags) > 0 {
		return c.Command.Flags
	}
	return c.App.Flags
}
