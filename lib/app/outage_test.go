package app

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/wmtools/wm/lib/event"
)

// One trouble is told once a minute, however often it is met; another at once.
func TestOutagesAreToldOnceAMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var said bytes.Buffer
		o := Outages{Out: &said, Name: "wm-x"}
		closed := event.WithHint(errors.New("index a is closed"), "open it")
		for range 150 { // two minutes and a half
			o.Report(closed, 2*time.Second)
			time.Sleep(time.Second)
		}
		const once = "wm-x: index a is closed; trying again in 2s\nwm-x: hint: open it\n"
		if got := said.String(); got != strings.Repeat(once, 3) {
			t.Errorf("in 150 seconds it says:\n%s", got)
		}
		said.Reset()
		o.Report(errors.New("disk full"), time.Second)
		if got := said.String(); got != "wm-x: disk full; trying again in 1s\n" {
			t.Errorf("of another trouble it says:\n%s", got)
		}
	})
}
