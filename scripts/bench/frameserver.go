package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// frameServer serves frames as fast as a client reads them. The look-alike of
// lib/simulate/service is more realistic, but it keeps its log in memory and
// generates each frame, and would compete with the client for the CPU.
type frameServer struct{ frames *frames }

// ServeHTTP serves every request from the beginning, ignoring since and Last-Event-ID:
// n events, or endlessly many if n is 0 or missing. With large, the event in the middle
// is larger by that number of bytes.
func (s frameServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	n, ok := number(r, "n")
	large, ok2 := number(r, "large")
	if !ok || !ok2 {
		http.Error(w, "n and large are numbers below 2^31", http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
	w.Header().Set("Cache-Control", "no-cache")
	// The only error is that the client has left.
	_ = s.frames.clone().serve(w, n, int(large))
}

// number returns a number in the query, or 0 if it is absent.
func number(r *http.Request, name string) (n int64, ok bool) {
	text := r.URL.Query().Get(name)
	if text == "" {
		return 0, true
	}
	u, err := strconv.ParseUint(text, 10, 31)
	return int64(u), err == nil
}

// serve writes the body of an answer.
func (f *frames) serve(w io.Writer, n int64, large int) error {
	if n == 0 {
		n = math.MaxInt64
	}
	if _, err := io.WriteString(w, ":ok\n\n"); err != nil {
		return err
	}
	if large == 0 {
		return f.write(w, 0, n)
	}
	middle := n / 2
	if err := f.write(w, 0, middle); err != nil {
		return err
	}
	if err := f.writeLarge(w, middle, large); err != nil {
		return err
	}
	return f.write(w, middle+1, n)
}

// serveFrames runs the service until ctx or standard input ends. The latter also
// happens when the parent process dies.
func serveFrames(ctx context.Context, out io.Writer) error {
	f, err := newFrames(templates, time.Now().Add(-24*time.Hour).Truncate(time.Second))
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	failed := make(chan error, 2)
	go func() { failed <- http.Serve(listener, frameServer{f}) }()
	fmt.Fprintf(out, "http://%s/v2/stream/recentchange\n", listener.Addr())
	go func() {
		_, err := io.Copy(io.Discard, os.Stdin)
		failed <- err
	}()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
		return nil
	}
}

// server is the service in a separate process, so that its CPU time does not
// count as a client's.
type server struct {
	url  string
	cmd  *exec.Cmd
	life io.Closer
}

func startServer() (*server, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(self, "frames")
	cmd.Stderr = os.Stderr
	life, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	s := &server{strings.TrimSpace(line), cmd, life}
	if err != nil {
		s.stop()
		return nil, fmt.Errorf("the bench's server did not start: %w", err)
	}
	return s, nil
}

// stop ends the server and ignores its exit status.
func (s *server) stop() {
	s.life.Close()
	_ = s.cmd.Wait()
}
