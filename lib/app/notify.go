package app

import (
	"net"
	"os"
	"strconv"
	"sync"
	"time"
)

// Ready reports to systemd that the program has started, and afterwards regularly
// that it is alive, if the unit has Type=notify and WatchdogSec. Later calls do
// nothing.
//
// The programs of a pipeline are children of the unit's main process, a shell,
// so that the unit needs NotifyAccess=all.
func Ready() { ready() }

var ready = sync.OnceFunc(func() {
	if notifySystemd("READY=1") != nil {
		return
	}
	if every := watchdog(); every > 0 {
		go func() {
			for range time.Tick(every) {
				_ = notifySystemd("WATCHDOG=1") // systemd acts if too many are missing
			}
		}()
	}
})

// watchdog returns the interval of watchdog messages, half of WatchdogSec as systemd
// recommends, or 0 for none.
func watchdog() time.Duration {
	us, err := strconv.ParseInt(os.Getenv("WATCHDOG_USEC"), 10, 64)
	if err != nil || us <= 0 {
		return 0
	}
	switch pid := os.Getenv("WATCHDOG_PID"); pid {
	case "", strconv.Itoa(os.Getpid()), strconv.Itoa(os.Getppid()):
		return time.Duration(us) * time.Microsecond / 2
	}
	return 0
}

// notifySystemd sends a state to the socket that systemd names in the
// environment.
func notifySystemd(state string) error {
	socket := os.Getenv("NOTIFY_SOCKET")
	if socket == "" {
		return os.ErrNotExist
	}
	if socket[0] == '@' {
		socket = "\x00" + socket[1:] // in the abstract namespace
	}
	conn, err := net.DialUnix("unixgram", nil, &net.UnixAddr{Name: socket, Net: "unixgram"})
	if err != nil {
		return err
	}
	defer conn.Close()
	_, err = conn.Write([]byte(state))
	return err
}
