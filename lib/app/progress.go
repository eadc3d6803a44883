package app

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"
)

// redrawEvery is the interval between updates: short enough to look alive, long
// enough to cost next to nothing.
const redrawEvery = 250 * time.Millisecond

// State describes the progress of a long operation.
type State struct {
	Done, Total float64 // in any unit; a Total of 0 means unknown
	Count       int64   // of what was processed
	Unit        string  // of Count, such as "events"
	Note        string  // anything else, such as the time of the last event
}

// Progress shows a line with the state of the work at the bottom of a terminal.
// Write messages to its Writer, so that they appear above the line.
type Progress struct {
	out *os.File
	on  bool

	mu    sync.Mutex
	line  string // on the terminal
	state func() State
	quit  chan struct{}
	done  chan struct{}
}

// NewProgress returns a progress line on out. It shows nothing if quiet is set,
// if out is not a terminal or cannot move the cursor, or if stdout is a terminal,
// which shows the data itself.
func NewProgress(out *os.File, quiet bool) *Progress {
	return &Progress{out: out, on: !quiet && hasEscapes(out) && !IsTerminal(os.Stdout)}
}

// Writer returns a writer of whole lines to w, which is the same terminal.
func (p *Progress) Writer(w io.Writer) io.Writer {
	if !p.on || w == io.Discard {
		return w
	}
	return between{p, w}
}

// Start begins to draw the line.
func (p *Progress) Start(state func() State) {
	if !p.on {
		return
	}
	p.state, p.quit, p.done = state, make(chan struct{}), make(chan struct{})
	go p.run()
}

// Stop removes the line.
func (p *Progress) Stop() {
	if p.quit == nil {
		return
	}
	close(p.quit)
	<-p.done
	p.quit = nil
}

func (p *Progress) run() {
	defer close(p.done)
	ticks := time.NewTicker(redrawEvery)
	defer ticks.Stop()
	speed := speeds{last: p.state(), at: time.Now()}
	for {
		select {
		case now := <-ticks.C:
			state := p.state()
			speed.update(state, now)
			p.draw(clip(state.line(speed), p.width()))
		case <-p.quit:
			p.draw("")
			return
		}
	}
}

func (p *Progress) width() int {
	if width := TerminalWidth(p.out); width > 0 {
		return width - 1 // a full line would scroll
	}
	return 79
}

const clearLine = "\r\x1b[K"

func (p *Progress) draw(line string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if line != p.line {
		p.line = line
		_, _ = io.WriteString(p.out, clearLine+line) // progress is no longer needed if the terminal is gone
	}
}

// between writes messages above the line.
type between struct {
	p *Progress
	w io.Writer
}

func (b between) Write(message []byte) (int, error) {
	b.p.mu.Lock()
	defer b.p.mu.Unlock()
	if b.p.line == "" {
		return b.w.Write(message)
	}
	if _, err := io.WriteString(b.p.out, clearLine); err != nil {
		return 0, err
	}
	n, err := b.w.Write(message)
	if err == nil {
		_, err = io.WriteString(b.p.out, b.p.line)
	}
	return n, err
}

// speeds are rates smoothed over a few seconds.
type speeds struct {
	last       State
	at         time.Time
	done, each float64 // per second
	begun      bool
}

func (s *speeds) update(state State, now time.Time) {
	seconds := now.Sub(s.at).Seconds()
	if seconds <= 0 {
		return
	}
	done := (state.Done - s.last.Done) / seconds
	each := float64(state.Count-s.last.Count) / seconds
	weight := min(1, seconds/3)
	if !s.begun {
		weight, s.begun = 1, true
	}
	s.done += weight * (done - s.done)
	s.each += weight * (each - s.each)
	s.last, s.at = state, now
}

// line renders the state.
func (s State) line(speed speeds) string {
	parts := []string{fmt.Sprintf("%d %s", s.Count, s.Unit), fmt.Sprintf("%.0f/s", max(0, speed.each))}
	if s.Note != "" {
		parts = append(parts, s.Note)
	}
	if s.Total <= 0 {
		return strings.Join(parts, "  ")
	}
	const width = 20
	part := min(max(s.Done/s.Total, 0), 1)
	full := int(part * width)
	bar := fmt.Sprintf("[%s%s] %3.0f%%", strings.Repeat("=", full), strings.Repeat(" ", width-full), part*100)
	if speed.done > 0 {
		left := time.Duration((s.Total - s.Done) / speed.done * float64(time.Second))
		parts = append(parts, "ETA "+max(0, left).Round(time.Second).String())
	}
	return bar + "  " + strings.Join(parts, "  ")
}

// clip shortens a line to what fits; it is ASCII.
func clip(line string, width int) string { return line[:min(len(line), max(0, width))] }
