package service

import (
	"context"
	"errors"
	"net/http"

	"github.com/wmtools/wm/lib/simulate"
)

const (
	// blockSize is the size of a write while a client catches up.
	blockSize = 64 << 10
	// fewEvents is the largest number of waiting events of a client that keeps up.
	fewEvents = 8
)

// errFault reports that the fault of a connection is due.
var errFault = errors.New("the connection's fault is due")

// connection serves the events of some topics to one client.
type connection struct {
	service *Service
	w       http.ResponseWriter
	flusher *http.ResponseController
	ids     identity
	ndjson  bool // events alone, without frames
	fault   Fault

	buf    []byte // not written yet
	block  int    // size at which buf is written
	sent   int64  // bytes written
	events int    // whole ones, including those in buf
}

// serve sends events until the client leaves (it returns the cause of ctx), the
// fault is due (errFault) or, if the service is finite, the log ends (nil).
func (c *connection) serve(ctx context.Context) error {
	if err := c.begin(); err != nil {
		return err
	}
	seq := c.ids.start()
	for {
		events, next, more := c.service.log.from(seq)
		c.pace(len(events))
		first := next - int64(len(events))
		for i, e := range events {
			if err := c.event(first+int64(i), e); err != nil {
				return err
			}
		}
		if err := c.flush(); err != nil {
			return err
		}
		if seq = next; len(events) > 0 {
			continue
		}
		if c.service.config.Finite {
			return nil
		}
		select {
		case <-more:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// begin sends what comes before the first event.
func (c *connection) begin() error {
	c.pace(0)
	c.buf = append(c.buf, ":ok\n\n"...)
	if c.ndjson {
		c.buf = append(c.buf[:0], '\n')
	}
	if err := c.spill(); err != nil {
		return err
	}
	return c.check()
}

// pace sets the size of writes. For a client that keeps up, the service writes
// each line separately, so that a connection can end between two
// lines of a frame. One that catches up gets blocks.
func (c *connection) pace(waiting int) {
	c.block = blockSize
	if waiting <= fewEvents || c.service.config.LineByLine {
		c.block = 1
	}
}

// event sends an event of the log, unless it is of a topic or a time that the
// client did not ask for.
func (c *connection) event(seq int64, e simulate.Event) error {
	el := c.ids.find(e.Topic, e.Partition)
	if el == nil || seq < el.from {
		return nil
	}
	el.delivered(e.Time)
	if c.fault.Line != Nothing && c.due() {
		return c.truncated(e.Data)
	}
	if err := c.send("message", e.Data); err != nil {
		return err
	}
	c.events++
	return c.check()
}

// send writes a frame, or the data alone.
func (c *connection) send(name string, data []byte) error {
	if c.ndjson {
		c.buf = append(append(c.buf, data...), '\n')
		return c.spill()
	}
	c.buf = appendEventLine(c.buf, name)
	if err := c.spill(); err != nil {
		return err
	}
	c.buf = c.ids.appendIDLine(c.buf)
	if err := c.spill(); err != nil {
		return err
	}
	c.buf = appendDataLine(c.buf, data)
	return c.spill()
}

// truncated writes the part of a frame that the fault leaves.
func (c *connection) truncated(data []byte) error {
	if c.ndjson {
		c.buf = append(c.buf, c.fault.Line.upTo(nil, nil, append(data[:len(data):len(data)], '\n'))...)
	} else {
		c.buf = append(c.buf, c.fault.Line.upTo(appendEventLine(nil, "message"), c.ids.appendIDLine(nil), appendDataLine(nil, data))...)
	}
	return errors.Join(c.flush(), errFault)
}

// due reports whether the fault comes after the events sent so far.
func (c *connection) due() bool {
	return c.fault.End != Never && c.fault.Bytes == 0 && c.events == c.fault.Events
}

// check returns errFault if the fault comes here, between two frames.
func (c *connection) check() error {
	if c.fault.Line == Nothing && c.due() {
		return errors.Join(c.flush(), errFault)
	}
	return nil
}

// spill writes the buffer once it has reached the size of a block.
func (c *connection) spill() error {
	if len(c.buf) >= c.block {
		return c.flush()
	}
	return nil
}

// flush writes the buffer, up to the byte at which the fault comes.
func (c *connection) flush() error {
	out := c.buf
	if len(out) == 0 {
		return nil
	}
	var fault error
	if limit := c.fault.Bytes; c.fault.End != Never && limit > 0 && c.sent+int64(len(out)) >= limit {
		out, fault = out[:limit-c.sent], errFault
	}
	c.buf = c.buf[:0]
	c.sent += int64(len(out))
	if _, err := c.w.Write(out); err != nil {
		return err
	}
	if err := c.flusher.Flush(); err != nil {
		return err
	}
	return fault
}

// end ends the connection as the fault requires.
func (c *connection) end(ctx context.Context) {
	if c.fault.End != ErrorFrame {
		hangUp(ctx, c.w, c.fault.End)
		return
	}
	c.fault.End = Never
	const failure = `{"message":"Local: Broker transport failure","code":-195,"errno":-195,"origin":"local"}`
	// Errors do not matter: the client may have left.
	_ = errors.Join(c.send("error", []byte(failure)), c.flush())
}
