package app

import (
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"
)

// ReadYAML decodes a file into a value. A key that the value has no place for is
// an error.
func ReadYAML(name string, into any) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	dec := yaml.NewDecoder(f)
	dec.KnownFields(true)
	err = dec.Decode(into)
	if form, ok := errors.AsType[*yaml.TypeError](err); ok {
		line, problem, _ := strings.Cut(form.Errors[0], ": ")
		cause := "the file does not have the expected form"
		if m := unknownMember.FindStringSubmatch(problem); m != nil {
			cause = fmt.Sprintf("unknown key %q", m[1])
		}
		return fmt.Errorf("%s:%s: %s", name, strings.TrimPrefix(line, "line "), cause)
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("%s: not YAML: %s", name, strings.TrimPrefix(err.Error(), "yaml: "))
	}
	return nil
}

// unknownMember matches what package yaml says about a key without a place.
var unknownMember = regexp.MustCompile(`^field (\S+) not found`)
