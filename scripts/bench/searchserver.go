package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
)

// searchServer is a server that is measured: wm-store or Elasticsearch.
type searchServer struct {
	url  string
	pid  int
	data string // folder
	stop func()
}

// startStore starts wm-store with its data in a folder.
func (s settings) startStore(ctx context.Context, data string, flags ...string) (searchServer, error) {
	server, err := s.startServer(ctx, "wm-store", append(flags, "--data", data)...)
	server.data = data
	return server, err
}

// startServer starts one of our servers on a free port and waits until it listens.
func (s settings) startServer(ctx context.Context, name string, args ...string) (server searchServer, err error) {
	program, err := s.binary(name)
	if err != nil {
		return server, err
	}
	cmd := exec.CommandContext(ctx, program, append(args, "--listen", "127.0.0.1:0")...)
	stderr, err := cmd.StderrPipe()
	if err != nil {
		return server, err
	}
	if err := cmd.Start(); err != nil {
		return server, err
	}
	server.pid = cmd.Process.Pid
	server.stop = func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		_ = cmd.Wait()
	}
	messages := bufio.NewScanner(stderr)
	for messages.Scan() {
		if m := listening.FindStringSubmatch(messages.Text()); m != nil {
			server.url = m[1]
			go func() { _, _ = io.Copy(io.Discard, stderr) }()
			return server, nil
		}
	}
	server.stop()
	return server, fmt.Errorf("%s does not listen: %s", name, messages.Text())
}

var listening = regexp.MustCompile(`listening on (http://[^ ,]+)`)

// post sends a request and returns the answer.
func (s searchServer) post(ctx context.Context, method, path, body string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, method, s.url+path, strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s %s: %s: %.500s", method, path, res.Status, answer)
	}
	return answer, err
}

// kill ends the server as a crash does.
func (s searchServer) kill() {
	if p, err := os.FindProcess(s.pid); err == nil {
		_ = p.Kill()
	}
	s.stop() // only waits
}
