package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// startNode starts Elasticsearch by the program in scripts/elasticsearch, prints
// its version and returns its address.
func (s settings) startNode(ctx context.Context, folder, heap string) (url string, stop func(), err error) {
	program, err := buildNode(ctx, folder)
	if err != nil {
		return "", nil, err
	}
	cmd := exec.CommandContext(ctx, program, "-heap", heap)
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = 30 * time.Second
	var messages bytes.Buffer
	cmd.Stderr = &messages
	in, err := cmd.StdinPipe()
	if err != nil {
		return "", nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return "", nil, err
	}
	if err := cmd.Start(); err != nil {
		return "", nil, err
	}
	stop = func() {
		in.Close() // the program ends with its input
		_ = cmd.Wait()
	}
	if url = nodeURL(out); url == "" {
		stop()
		return "", nil, errors.New(strings.TrimSpace(messages.String()))
	}
	// GET / needs a module that this node lacks.
	about, err := searchServer{url: url}.post(ctx, http.MethodGet, "/_cat/nodes?h=version", "")
	if err != nil {
		stop()
		return "", nil, err
	}
	s.found(fmt.Sprintf("Elasticsearch %s (heap %s)", bytes.TrimSpace(about), heap))
	return url, stop, nil
}

func buildNode(ctx context.Context, folder string) (program string, err error) {
	source, err := sourceFolder(ctx, "scripts/elasticsearch")
	if err != nil {
		return "", err
	}
	program = filepath.Join(folder, "elasticsearch")
	if out, err := exec.CommandContext(ctx, "go", "build", "-C", source, "-o", program, ".").CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build in %s: %w: %s", source, err, bytes.TrimSpace(out))
	}
	return program, nil
}

// nodeURL reads the program's output until it is ready; it returns "" if the
// program exits first.
func nodeURL(said io.Reader) (url string) {
	for lines := bufio.NewScanner(said); lines.Scan(); {
		switch words := strings.Fields(lines.Text()); {
		case len(words) == 3 && words[0] == "node":
			url = words[2]
		case len(words) == 1 && words[0] == "ready":
			return url
		}
	}
	return ""
}
