//go:build linux

// Command terminal draws what a shell command prints on a terminal, as an SVG
// picture for the README.
//
//	go run ./scripts/terminal -columns 110 -title 'wm-tail | wm-cut' 'wm-cut < events.ndjson' > picture.svg
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"

	"golang.org/x/sys/unix"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	p := picture{}
	flag.IntVar(&p.columns, "columns", 100, "width of the terminal")
	flag.StringVar(&p.title, "title", "", "command line to show as the prompt; default: the command")
	flag.BoolVar(&p.light, "light", false, "use a light background")
	flag.Parse()
	if flag.NArg() != 1 {
		fmt.Fprintln(os.Stderr, "terminal: usage: terminal [flags] COMMAND")
		os.Exit(2)
	}
	if p.title == "" {
		p.title = flag.Arg(0)
	}
	printed, err := run(ctx, flag.Arg(0), p.columns)
	if err == nil {
		err = p.draw(os.Stdout, parse(printed))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "terminal:", err)
		os.Exit(2)
	}
}

// run runs a shell command on a terminal of a width and returns what it prints.
func run(ctx context.Context, command string, columns int) (string, error) {
	screen, tty, err := openTerminal(columns)
	if err != nil {
		return "", err
	}
	defer screen.Close()
	cmd := exec.CommandContext(ctx, "sh", "-c", command)
	cmd.Stdout, cmd.Stderr = tty, os.Stderr
	cmd.Env = append(os.Environ(), "TERM=xterm-256color", "NO_COLOR=")
	if err := cmd.Start(); err != nil {
		return "", err
	}
	tty.Close()
	printed, err := io.ReadAll(screen)
	if waitErr := cmd.Wait(); waitErr != nil {
		return "", waitErr
	}
	if len(printed) > 0 {
		err = nil // a terminal ends with EIO, not with EOF
	}
	return string(printed), err
}

// openTerminal returns the two ends of a terminal: the screen and what the
// command writes to.
func openTerminal(columns int) (screen, tty *os.File, err error) {
	screen, err = os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		return nil, nil, err
	}
	fd := int(screen.Fd())
	if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		return nil, nil, err
	}
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err != nil {
		return nil, nil, err
	}
	if err := unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Row: 50, Col: uint16(columns)}); err != nil {
		return nil, nil, err
	}
	tty, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	return screen, tty, err
}
