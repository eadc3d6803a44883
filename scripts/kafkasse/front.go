package main

import (
	"bufio"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

//go:embed front.js
var frontJS string

// startFront starts Node with front.js. The process ends with ctx and with this
// process. ended receives its result.
func startFront(ctx context.Context, modules, listen, brokers string) (url string, ended <-chan error, err error) {
	names, err := json.Marshal(topicsByName())
	if err != nil {
		return "", nil, err
	}
	cmd := exec.Command("node", "-e", frontJS)
	cmd.Env = append(os.Environ(), "NODE_PATH="+filepath.Join(modules, "node_modules"),
		"WM_BROKERS="+brokers, "WM_STREAMS="+string(names), "WM_LISTEN="+listen)
	cmd.Stderr = os.Stderr
	stdin, err := cmd.StdinPipe() // its end is the end of Node
	if err != nil {
		return "", nil, err
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return "", nil, err
	}
	if err := cmd.Start(); err != nil {
		return "", nil, err
	}
	context.AfterFunc(ctx, func() { stdin.Close() })
	line, err := bufio.NewReader(stdout).ReadString('\n')
	url, ok := strings.CutPrefix(strings.TrimSpace(line), "listening on ")
	if !ok {
		return "", nil, fmt.Errorf("node does not listen: %w", errors.Join(err, cmd.Wait()))
	}
	end := make(chan error, 1)
	go func() { end <- cmd.Wait() }()
	return url, end, nil
}
