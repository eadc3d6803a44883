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

// One trouble is told once a minute, however often it is met; another at once.
func TestOutagesAreToldOnceAMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var said bytes.Buffer
		o := Outages{Out: &said, Name: "wm-x"}
		closed := &advice{errors.New("index a is closed"), "open it"}
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

// Troubles that come in turn are told once a minute each, and not all of many.
func TestOutagesInTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var said bytes.Buffer
		o := Outages{Out: &said, Name: "wm-x"}
		for i := range 90 {
			o.Tell([]error{errors.New("index a is closed"), errors.New("disk full")}[i%2])
			time.Sleep(time.Second)
		}
		const both = "wm-x: index a is closed\nwm-x: disk full\n"
		if got := said.String(); got != both+both {
			t.Errorf("in 90 seconds it says:\n%s", got)
		}
		time.Sleep(time.Minute)
		said.Reset()
		for i := range 59 {
			o.Tell(fmt.Errorf("no room for %d", i))
			time.Sleep(time.Second)
		}
		if n := bytes.Count(said.Bytes(), []byte("\n")); n != manyTroubles {
			t.Errorf("in a minute it says %d lines:\n%s", n, &said)
		}
	})
}
