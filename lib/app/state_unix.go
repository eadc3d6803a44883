//go:build unix

package app

import (
	"os"
	"syscall"
)

var stateSignal os.Signal = syscall.SIGUSR1
