package service

import (
	"bufio"
	"bytes"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/wmtools/wm/lib/simulate"
)

// fixed is an event whose data is short enough to be read in a test.
func fixed(stream, dc string, offset, ms int64) simulate.Event {
	topic := dc + "." + stream
	data := `{"meta":{"topic":"` + topic + `","offset":` + strconv.FormatInt(offset, 10) + `}}`
	return simulate.Event{Stream: stream, Topic: topic, Offset: offset, Time: ms, Data: []byte(data)}
}

// start serves events with a service that behaves as c says.
func start(t *testing.T, c Options, events ...simulate.Event) *Server {
	t.Helper()
	s := NewServer(New(c))
	t.Cleanup(s.Close)
	s.Append(events...)
	return s
}

// response is what a client received.
type response struct {
	*http.Response
	body string
	err  error // that ended the body
}

// get requests a path with headers given in pairs.
func get(t *testing.T, s *Server, path string, headers ...string) response {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("User-Agent", "wm-test/1.0 (https://github.com/wmtools/wm)")
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	client := &http.Client{
		Transport:     &http.Transport{DisableCompression: true, DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return response{resp, string(body), err}
}

// ids returns the id lines of a body, dataLines the data.
func (r response) ids() []string { return r.lines("id: ") }

func (r response) data() []string { return r.lines("data: ") }

func (r response) lines(prefix string) (found []string) {
	lines := bufio.NewScanner(bytes.NewReader([]byte(r.body)))
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		if rest, ok := strings.CutPrefix(lines.Text(), prefix); ok {
			found = append(found, rest)
		}
	}
	return found
}
