package main

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestGenerate(t *testing.T) {
	for form, want := range map[string]string{"ndjson": "\n", "sse": "data: "} {
		s, err := parse([]string{"-generate", "250", "-form", form})
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		if err := generate(s, &out); err != nil || strings.Count(out.String(), want) != 250 {
			t.Errorf("%s: %d events, %v", form, strings.Count(out.String(), want), err)
		}
	}
}

func TestShares(t *testing.T) {
	file := filepath.Join(t.TempDir(), "captured.ndjson")
	if err := os.WriteFile(file, []byte(`{"type":"edit","wiki":"xwiki"}`+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := parse([]string{"-shares", "100", file})
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := shares(s, &out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"made  captured.ndjson", "wiki xwiki   0.0 %          100.0 %", "size p50"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
}

// run serves with the given arguments and returns the address and a stop function.
func serving(t *testing.T, args ...string) (url string, stop func() error) {
	t.Helper()
	s, err := parse(args)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	r, w := io.Pipe()
	ended := make(chan error, 1)
	go func() { ended <- serve(ctx, s, w) }()
	line, err := bufio.NewReader(r).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimPrefix(strings.TrimSpace(line), "listening on "), func() error {
		cancel()
		return <-ended
	}
}

func ask(t *testing.T, url string) (*http.Response, *bufio.Reader) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("User-Agent", "wm-test/1.0")
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { resp.Body.Close() })
	return resp, bufio.NewReader(resp.Body)
}

func TestServe(t *testing.T) {
	url, stop := serving(t, "-rate", "200", "-backlog", "500")
	_, live := ask(t, url+"/v2/stream/recentchange")
	_, past := ask(t, url+"/v2/stream/recentchange?since=0")
	for name, lines := range map[string]*bufio.Reader{"live": live, "past": past} {
		var body strings.Builder
		for strings.Count(body.String(), "data: ") < 5 {
			line, err := lines.ReadString('\n')
			if err != nil {
				t.Fatalf("%s: %v after %q", name, err, body.String())
			}
			body.WriteString(line)
		}
		if !strings.HasPrefix(body.String(), ":ok\n\nevent: message\nid: [") {
			t.Errorf("%s: %.60q", name, body.String())
		}
	}
	if err := stop(); err != nil {
		t.Errorf("stopped with %v", err)
	}
	if _, err := io.Copy(io.Discard, live); err != nil {
		t.Errorf("the stream ends with %v", err)
	}
}

func TestServeFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "events.ndjson")
	lines := `{"meta":{"dt":"2021-08-27T13:20:17Z","topic":"codfw.mediawiki.recentchange","offset":5},"a":"é"}` + "\n" +
		`{"meta":{"dt":"2021-08-27T13:20:18Z","topic":"codfw.mediawiki.recentchange","offset":6},"b": 1}` + "\n"
	if err := os.WriteFile(file, []byte(lines), 0o600); err != nil {
		t.Fatal(err)
	}
	url, stop := serving(t, "-file", file, "-speed", "1000", "-fault", "events=2,end=clean")
	resp, body := ask(t, url+"/v2/stream/recentchange?since=1")
	all, err := io.ReadAll(body)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(lines) {
		if !strings.Contains(string(all), "data: "+line+"\n") {
			t.Errorf("no %s in %s", line, all)
		}
	}
	if date := resp.Header.Get("Date"); !strings.Contains(date, "27 Aug 2021 13:") {
		t.Errorf("the clock is not the file's: %s", date)
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
}

func TestBadArguments(t *testing.T) {
	for _, tt := range []struct{ args, want string }{
		{"-era 1999", "not one of 2019, 2020, 2025"},
		{"-streams recentchange,x", `"x" is not one of mediawiki.recentchange`},
		{"-fault end=maybe", `"maybe" is not one of none, cut`},
		{"-form xml", `"xml" is neither`},
		{"-rate 0", "must be above 0"},
		{"file.ndjson", "only -shares takes files"},
	} {
		if _, err := parse(strings.Fields(tt.args)); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", tt.args, err, tt.want)
		}
	}
	for _, args := range []string{"-file /nowhere/x.ndjson", "-listen 127.0.0.1:99999"} {
		if err := run(t.Context(), strings.Fields(args)); err == nil {
			t.Errorf("%s: no error", args)
		}
	}
}
