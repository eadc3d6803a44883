package advice

import (
	"errors"

	"github.com/wmtools/wm/lib/event"
	"github.com/wmtools/wm/lib/jsonscan"
	"github.com/wmtools/wm/lib/ndjson"
)

// Input adds a hint to an error about an input or one of its lines: the pipeline
// that converts the input for a program. File is the name of the input; "-" is stdin. Input
// returns any other error as it is.
func Input(err error, file, program string) error {
	command := converter(err)
	switch {
	case command == "":
		return err
	case file == "-":
		command = "... | " + command
		if shape, ok := errors.AsType[*ndjson.ShapeError](err); ok && shape.Shape == ndjson.SSE {
			command += " -"
		}
	default:
		command += " " + Quote(file)
	}
	return event.WithHint(err, "convert it: "+command+" | "+program+" ...")
}

// converter returns the command that turns an input into events; the name of a
// file can follow it. It returns "" for an error that no command mends.
func converter(err error) string {
	if shape, ok := errors.AsType[*ndjson.ShapeError](err); ok {
		return map[ndjson.Shape]string{
			ndjson.Array:        "jq -c '.[]'",
			ndjson.Pretty:       "jq -c .",
			ndjson.Bulk:         `grep -vE '^\{ *"(index|create|update|delete)"'`,
			ndjson.SearchResult: "jq -c '.hits.hits[]._source'",
			ndjson.SSE:          "wm-tail --input",
			ndjson.CSV:          "mlr --icsv --ojsonl cat",
			ndjson.TSV:          "mlr --itsv --ojsonl cat",
			ndjson.LogPrefix:    "sed 's/^[^{]*//'",
		}[shape.Shape]
	}
	if line, ok := errors.AsType[*jsonscan.ShapeError](err); ok {
		return map[jsonscan.Shape]string{
			jsonscan.ShapeObjects: "jq -c .",
			jsonscan.ShapePrefix:  "sed 's/^[^{]*//'",
		}[line.Shape]
	}
	if _, ok := errors.AsType[*ndjson.WindowError](err); ok {
		return "zstd --long=31 -dc"
	}
	format, ok := errors.AsType[*ndjson.FormatError](err)
	if !ok {
		return ""
	}
	switch format.Format {
	case "bzip2", "xz", "lz4":
		return format.Format + " -dc"
	case "zip":
		return "unzip -p"
	}
	return "iconv -f " + format.Format + " -t UTF-8"
}

// ReadFile is ndjson.ReadFile. Its errors have a hint: the command that converts
// the file.
func ReadFile(name string) ([]byte, error) {
	text, err := ndjson.ReadFile(name)
	if command := converter(err); command != "" {
		err = event.WithHint(err, "convert it: "+command+" "+Quote(name)+" > NEWFILE")
	}
	return text, err
}
