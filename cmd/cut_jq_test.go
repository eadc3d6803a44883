package cmd_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/wmtools/wm/cmd/internal/cmdtest"
	"github.com/wmtools/wm/lib/simulate"
)

// cutFields are columns of strings, numbers, truth values, nested and absent
// fields. meta.offset has large integers, which jq 1.6 keeps up to 2^53.
var cutFields = []string{"meta.dt", "wiki", "title", "user", "comment", "bot", "length.new", "revision.old", "meta.offset", "namespace", "no.such.field", "parsedcomment"}

// wm-cut prints the same cells as jq. Known differences are not tested: jq rounds
// integers beyond 2^53 and rewrites numbers such as 1.0 and 1e2, rejects arrays and
// objects in @tsv and @csv, and quotes every string in @csv.
func TestCutEqualsJq(t *testing.T) {
	inputs := map[string]func(*testing.T) []byte{
		"made": func(t *testing.T) []byte {
			return readAll(t, cmdtest.NDJSON(t, simulate.New(7, simulate.Options{}).Take(3000)))
		},
		"captured": cmdtest.Captures,
		"drawn":    drawnObjects,
	}
	for name, input := range inputs {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			jq := cmdtest.Need(t, "jq")
			events := input(t)
			filter := "[." + strings.Join(cutFields, ",.") + "|if type==\"object\" or type==\"array\" then null else . end]"
			tsv := cmdtest.Run(t, events, "wm-cut", "-f", strings.Join(cutFields, ","))
			compareLines(t, tsv, output(t, events, jq, "-r", filter+"|@tsv"))
			compareCSV(t, events, output(t, events, jq, "-r", filter+"|@csv"))
			compareJSON(t, events)
		})
	}
}

func readAll(t *testing.T, r io.Reader) []byte {
	t.Helper()
	all, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func output(t *testing.T, stdin []byte, program string, args ...string) []byte {
	t.Helper()
	cmd := exec.Command(program, args...)
	cmd.Stdin = bytes.NewReader(stdin)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s %q: %v", program, args, err)
	}
	return out
}

func compareLines(t *testing.T, got, want []byte) {
	t.Helper()
	g, w := bytes.Split(got, []byte("\n")), bytes.Split(want, []byte("\n"))
	if len(g) != len(w) {
		t.Errorf("%d lines, jq has %d", len(g), len(w))
	}
	for i := range min(len(g), len(w)) {
		if !bytes.Equal(g[i], w[i]) {
			t.Fatalf("line %d:\nwm-cut %q\njq     %q", i+1, g[i], w[i])
		}
	}
}

// compareCSV compares cells, because jq puts quotes around every string. It also
// has Python's csv module read what wm-cut writes.
func compareCSV(t *testing.T, events, want []byte) {
	t.Helper()
	got := cmdtest.Run(t, events, "wm-cut", "--csv", "--no-header", "-f", strings.Join(cutFields, ","))
	rows := readCSV(t, got)
	if !slices.EqualFunc(rows, readCSV(t, want), slices.Equal) {
		t.Error("the CSV of wm-cut and of jq have different cells")
	}
	python := cmdtest.Need(t, "python3")
	const script = `import csv,io,json,sys
text = io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8", newline="")
csv.field_size_limit(1 << 30)
print(json.dumps([[c.replace("\r\n", "\n") for c in r] for r in csv.reader(text)]))`
	var read [][]string
	if err := json.Unmarshal(output(t, got, python, "-c", script), &read); err != nil {
		t.Fatal(err)
	}
	if !slices.EqualFunc(rows, read, slices.Equal) {
		t.Error("Python reads other cells than Go")
	}
}

func readCSV(t *testing.T, text []byte) [][]string {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// compareJSON checks that --json gives the values that the events have.
func compareJSON(t *testing.T, events []byte) {
	t.Helper()
	got := cmdtest.Lines(cmdtest.Run(t, events, "wm-cut", "--json", "--flat", "-f", strings.Join(cutFields, ",")))
	for i, line := range cmdtest.Lines(events) {
		if want := flatValues(t, line); got[i] != want && canonical(t, got[i]) != want {
			t.Fatalf("line %d: got %s, want %s", i+1, got[i], want)
		}
	}
}

func flatValues(t *testing.T, line string) string {
	t.Helper()
	whole, flat := decode(t, line), map[string]any{}
	for _, field := range cutFields {
		value := whole
		for key := range strings.SplitSeq(field, ".") {
			object, _ := value.(map[string]any)
			value = object[key]
		}
		if value != nil {
			flat[field] = value
		}
	}
	out, err := json.Marshal(flat)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func canonical(t *testing.T, line string) string {
	t.Helper()
	out, err := json.Marshal(decode(t, line))
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func decode(t *testing.T, line string) (value any) {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(line))
	d.UseNumber()
	if err := d.Decode(&value); err != nil {
		t.Fatalf("%v: %s", err, line)
	}
	return value
}

// drawnObjects returns objects with strange strings, escapes and blanks in the
// fields that are cut.
func drawnObjects(t *testing.T) []byte {
	const seed = 11
	r := rand.New(rand.NewPCG(seed, 0))
	t.Logf("seed %d", seed)
	pieces := []string{`a`, `\t`, `\n`, `\r`, `\\`, `\"`, `\/`, `\u00e9`, `é`, `\ud83d\ude00`, `😀`, `,`, `\u2028`, `;`, ` `, `'`, `[`, `}`, `\b`, `\u0001`}
	text := func() string {
		var b strings.Builder
		for range r.IntN(6) {
			b.WriteString(pieces[r.IntN(len(pieces))])
		}
		return `"` + b.String() + `"`
	}
	value := func() string {
		choices := []string{text(), text(), text(), fmt.Sprint(r.IntN(1 << 30)), "-7", "true", "false", "null"}
		return choices[r.IntN(len(choices))]
	}
	var out bytes.Buffer
	for range 2000 {
		fmt.Fprintf(&out, `{ "meta" : {"x":[{"dt":1}],"dt":%s , "offset":%s},"wiki":%s,"title": %s,"user":%s,"comment":%s,"bot":%s,"length":{"new":%s},"other":{"title":%s}}`+"\n",
			value(), value(), value(), value(), value(), value(), value(), value(), value())
	}
	return out.Bytes()
}
