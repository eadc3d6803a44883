package app

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// One cause is reported once a minute, another at once.
func TestOutagesOnceAMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var messages bytes.Buffer
		o := Outages{Out: &messages, Name: "wm-x"}
		closed := &advice{errors.New("index a is closed"), "open it"}
		for range 150 { // two minutes and a half
			o.Report(closed, 2*time.Second)
			time.Sleep(time.Second)
		}
		const once = "wm-x: index a is closed; trying again in 2s\nwm-x: hint: open it\n"
		if got := messages.String(); got != strings.Repeat(once, 3) {
			t.Errorf("messages in 150 seconds:\n%s", got)
		}
		messages.Reset()
		o.Report(errors.New("disk full"), time.Second)
		if got := messages.String(); got != "wm-x: disk full; trying again in 1s\n" {
			t.Errorf("messages about another cause:\n%s", got)
		}
	})
}

// Alternating causes are reported once a minute each, at most five in a minute.
func TestOutagesInTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var messages bytes.Buffer
		o := Outages{Out: &messages, Name: "wm-x"}
		for i := range 90 {
			o.Warn([]error{errors.New("index a is closed"), errors.New("disk full")}[i%2])
			time.Sleep(time.Second)
		}
		const both = "wm-x: index a is closed\nwm-x: disk full\n"
		if got := messages.String(); got != both+both {
			t.Errorf("messages in 90 seconds:\n%s", got)
		}
		time.Sleep(time.Minute)
		messages.Reset()
		for i := range 59 {
			o.Warn(fmt.Errorf("no space for %d", i))
			time.Sleep(time.Second)
		}
		if n := bytes.Count(messages.Bytes(), []byte("\n")); n != maxCauses {
			t.Errorf("%d lines in a minute:\n%s", n, &messages)
		}
	})
}

// The end of an outage is reported once, and the next outage at once.
func TestOutageIsOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var messages bytes.Buffer
		o := Outages{Out: &messages, Name: "wm-x"}
		o.Over(0)
		for range 2 {
			o.Report(errors.New("connection refused"), time.Second)
			o.Over(61 * time.Second)
			o.Over(61 * time.Second)
		}
		const outage = "wm-x: connection refused; trying again in 1s\nwm-x: working again after 1m1s\n"
		if got := messages.String(); got != outage+outage {
			t.Errorf("messages:\n%s", got)
		}
	})
}
