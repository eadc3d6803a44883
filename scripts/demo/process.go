package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sync"
	"time"
)

// process is a running program. Its stderr is forwarded and kept.
type process struct {
	name string
	cmd  *exec.Cmd
	url  string // of its listener, for a server

	mu    sync.Mutex
	lines []string
	done  chan struct{} // closed when it has ended
	err   error         // how it ended; set before done is closed
}

// start starts a server and waits until it listens.
func (d *demo) start(name string, args ...string) (*process, error) {
	p, err := d.launch(nil, nil, name, args...)
	if err != nil {
		return nil, err
	}
	listening := regexp.MustCompile(`listening on (http://[^ ,]+)`)
	for range 200 {
		if m := p.find(listening); m != nil {
			p.url = m[1]
			return p, nil
		}
		select {
		case <-p.done:
			return nil, fmt.Errorf("%s did not start: %w", name, cmpErr(p.err))
		case <-time.After(50 * time.Millisecond):
		}
	}
	return nil, fmt.Errorf("%s does not listen after 10 s", name)
}

// pipe starts two commands joined by a pipe, as a shell does.
func (d *demo) pipe(left, right []string) (from, to *process, err error) {
	r, w, err := os.Pipe()
	if err != nil {
		return nil, nil, err
	}
	defer r.Close()
	defer w.Close()
	if to, err = d.launch(r, nil, right[0], right[1:]...); err != nil {
		return nil, nil, err
	}
	from, err = d.launch(nil, w, left[0], left[1:]...)
	return from, to, err
}

func (d *demo) launch(stdin, stdout *os.File, name string, args ...string) (*process, error) {
	cmd := exec.Command(filepath.Join(d.bin, name), args...)
	cmd.Stdin, cmd.Stdout = stdin, os.Stdout
	if stdout != nil {
		cmd.Stdout = stdout
	}
	// Ctrl-C goes to every process of the terminal's group; the store must
	// outlive the stages that write to it.
	cmd.SysProcAttr = ownGroup()
	stderr, err := cmd.StderrPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	p := &process{name: name, cmd: cmd, done: make(chan struct{})}
	d.running = append(d.running, p)
	go p.watch(stderr)
	return p, nil
}

// watch passes stderr on until the process has ended.
func (p *process) watch(stderr io.Reader) {
	for s := bufio.NewScanner(stderr); s.Scan(); {
		fmt.Fprintln(os.Stderr, s.Text())
		p.mu.Lock()
		p.lines = append(p.lines, s.Text())
		p.mu.Unlock()
	}
	p.err = p.cmd.Wait()
	close(p.done)
}

// find returns the groups of the newest line that matches, or nil.
func (p *process) find(re *regexp.Regexp) []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i := len(p.lines) - 1; i >= 0; i-- {
		if m := re.FindStringSubmatch(p.lines[i]); m != nil {
			return m
		}
	}
	return nil
}

// stop interrupts the process and waits for its end.
func (p *process) stop() error {
	select {
	case <-p.done:
		return nil
	default:
	}
	return errors.Join(interrupt(p.cmd.Process), p.wait())
}

// wait waits for the process to exit, and kills it if that takes too long.
func (p *process) wait() error {
	select {
	case <-p.done:
	case <-time.After(30 * time.Second):
		_ = p.cmd.Process.Kill()
		<-p.done
		return fmt.Errorf("%s did not end within 30 s", p.name)
	}
	if p.err != nil {
		return fmt.Errorf("%s: %w", p.name, p.err)
	}
	return nil
}
