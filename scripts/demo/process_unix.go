//go:build unix

package main

import (
	"os"
	"os/signal"
	"syscall"

	"golang.org/x/sys/unix"
)

func ownGroup() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

func interrupt(p *os.Process) error { return p.Signal(os.Interrupt) }

// ownTerminal makes this process receive the terminal's Ctrl-C and returns a
// function that undoes it. Otherwise make would get the signal too and report a
// successful demo as a failure. Without a terminal it does nothing.
func ownTerminal() (restore func()) {
	tty := int(os.Stdin.Fd())
	before, err := unix.IoctlGetInt(tty, unix.TIOCGPGRP)
	if err != nil || before != unix.Getpgrp() || unix.Setpgid(0, 0) != nil {
		return func() {}
	}
	// A process in the background is stopped for setting the foreground.
	signal.Ignore(unix.SIGTTOU)
	if unix.IoctlSetPointerInt(tty, unix.TIOCSPGRP, unix.Getpid()) != nil {
		return func() {}
	}
	return func() { _ = unix.IoctlSetPointerInt(tty, unix.TIOCSPGRP, before) }
}
