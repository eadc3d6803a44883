package estest

import (
	"fmt"
	"strconv"
	"strings"
)

// file is a file of cases.
type file struct {
	head    []string // the lines before the first case
	differs []difference
	cases   []*testcase
}

// testcase is a series of requests.
type testcase struct {
	head     string // its first line
	name     string
	template bool
	marks    []string // the lines of differs, as written
	differs  []difference
	requests []*request
}

// request is a request, the response of Elasticsearch 8.19, and allowed differences.
type request struct {
	comments []string
	line     string   // method and path
	body     []string // lines
	marks    []string // the lines after the body, as written
	gzip     bool
	typ      string // content type; "" means the usual one
	differs  []difference
	keep     [][2]string // name and path
	status   int
	answer   string // normalized JSON, or text
}

// difference is a part of a response in which a server may differ.
type difference struct {
	server, path, reason string
}

const blankLine = "<blank>" // an empty line of a body

func parseFile(text string) (*file, error) {
	f := new(file)
	p := fileParser{lines: strings.Split(text, "\n")}
	for ; p.n < len(p.lines) && !strings.HasPrefix(p.lines[p.n], "== "); p.n++ {
		line := p.lines[p.n]
		f.head = append(f.head, line)
		if strings.HasPrefix(line, "~ ") {
			d, err := parseDifference(line)
			if err != nil {
				return nil, p.failed(err)
			}
			f.differs = append(f.differs, d)
		}
	}
	for p.n < len(p.lines) {
		c, err := p.testcase()
		if err != nil {
			return nil, p.failed(err)
		}
		f.cases = append(f.cases, c)
	}
	return f, nil
}

type fileParser struct {
	lines []string
	n     int
}

func (p *fileParser) failed(err error) error { return fmt.Errorf("%d: %w", p.n+1, err) }

func (p *fileParser) testcase() (*testcase, error) {
	c := &testcase{head: p.lines[p.n]}
	c.name, c.template = strings.CutSuffix(strings.TrimPrefix(c.head, "== "), " (template)")
	for p.n++; p.n < len(p.lines) && !strings.HasPrefix(p.lines[p.n], "== "); {
		switch line := p.lines[p.n]; {
		case line == "":
			p.n++
		case strings.HasPrefix(line, "~ "):
			d, err := parseDifference(line)
			if err != nil {
				return nil, err
			}
			c.marks, c.differs = append(c.marks, line), append(c.differs, d)
			p.n++
		default:
			r, err := p.request()
			if err != nil {
				return nil, err
			}
			c.requests = append(c.requests, r)
		}
	}
	return c, nil
}

func (p *fileParser) request() (*request, error) {
	r := new(request)
	for ; strings.HasPrefix(p.lines[p.n], "#"); p.n++ {
		r.comments = append(r.comments, p.lines[p.n])
	}
	r.line = p.lines[p.n]
	if method, path, ok := strings.Cut(r.line, " "); !ok || strings.ToUpper(method) != method || !strings.HasPrefix(path, "/") {
		return nil, fmt.Errorf("not a request: %q", r.line)
	}
	for p.n++; p.n < len(p.lines); p.n++ {
		line := p.lines[p.n]
		status, done := strings.CutPrefix(line, "=> ")
		if done {
			n, err := strconv.Atoi(status)
			r.status = n
			p.n++
			r.answer = p.answer()
			return r, err
		}
		if err := r.add(line); err != nil {
			return nil, err
		}
	}
	return nil, fmt.Errorf("no => after %q", r.line)
}

// add parses a line between the request and its response.
func (r *request) add(line string) (err error) {
	isMark := true
	switch {
	case line == "@ gzip":
		r.gzip = true
	case strings.HasPrefix(line, "@ type"):
		r.typ = strings.TrimSpace(strings.TrimPrefix(line, "@ type"))
	case strings.HasPrefix(line, "~ "):
		var d difference
		d, err = parseDifference(line)
		r.differs = append(r.differs, d)
	case strings.HasPrefix(line, "$ "):
		name, path, _ := strings.Cut(line[2:], " = ")
		r.keep = append(r.keep, [2]string{name, path})
	default:
		isMark = false
		r.body = append(r.body, line)
	}
	if isMark {
		r.marks = append(r.marks, line)
	}
	return err
}

func parseDifference(line string) (difference, error) {
	what, reason, ok := strings.Cut(line[2:], ": ")
	server, path, ok2 := strings.Cut(what, " ")
	if !ok || !ok2 || reason == "" {
		return difference{}, fmt.Errorf("not a difference: %q", line)
	}
	return difference{server, path, reason}, nil
}

// answer reads the lines up to an empty one.
func (p *fileParser) answer() string {
	var lines []string
	for ; p.n < len(p.lines) && p.lines[p.n] != ""; p.n++ {
		lines = append(lines, p.lines[p.n])
	}
	return strings.Join(lines, "\n")
}

// String returns the text of the file.
func (f *file) String() string {
	var b strings.Builder
	for _, line := range f.head {
		b.WriteString(line + "\n")
	}
	for i, c := range f.cases {
		if i > 0 {
			b.WriteString("\n")
		}
		for _, line := range append([]string{c.head}, c.marks...) {
			b.WriteString(line + "\n")
		}
		for _, r := range c.requests {
			b.WriteString("\n")
			for _, lines := range [][]string{r.comments, {r.line}, r.body, r.marks, {"=> " + strconv.Itoa(r.status)}} {
				for _, line := range lines {
					b.WriteString(line + "\n")
				}
			}
			if r.answer != "" {
				b.WriteString(r.answer + "\n")
			}
		}
	}
	return b.String()
}

// text returns the body as it is sent.
func (r *request) text() string {
	var b strings.Builder
	for i, line := range r.body {
		if line == blankLine {
			line = ""
		}
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(line)
	}
	if r.lines() && b.Len() > 0 {
		b.WriteByte('\n')
	}
	return b.String()
}

// lines reports whether the body is NDJSON.
func (r *request) lines() bool {
	_, path, _ := strings.Cut(r.line, " ")
	path, _, _ = strings.Cut(path, "?")
	return strings.HasSuffix(path, "/_bulk") || strings.HasSuffix(path, "/_msearch")
}
