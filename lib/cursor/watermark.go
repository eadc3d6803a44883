package cursor

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"
)

// watermarkStart begins every watermark. No event of the service begins with a
// brace and a tab, so watermarks are found without parsing anything.
var watermarkStart = []byte("{\t\"wm\":{\"watermark\":")

// IsWatermark reports whether a line is a watermark: once all lines before it
// have been processed, a reader may resume from its cursor.
func IsWatermark(line []byte) bool { return bytes.HasPrefix(line, watermarkStart) }

// Watermark returns the cursor as a watermark, without a newline. It omits Seen,
// because repeats do no harm to a program that stores events by id. A program
// that does not know watermarks sees a canary event.
func (c Cursor) Watermark() []byte {
	c.Seen = nil
	line := append(bytes.Clone(watermarkStart), c.Encode()...)
	dt := time.UnixMilli(c.Saved).UTC().Format("2006-01-02T15:04:05.000Z")
	return fmt.Appendf(line, `},"meta":{"domain":"canary","stream":"wm.watermark","dt":%q}}`, dt)
}

// DecodeWatermark returns the cursor of a watermark.
func DecodeWatermark(line []byte) (Cursor, error) {
	var mark struct {
		WM struct {
			Watermark json.RawMessage `json:"watermark"`
		} `json:"wm"`
	}
	if err := json.Unmarshal(line, &mark); err != nil {
		return Cursor{}, fmt.Errorf("watermark: %w", err)
	}
	return Decode(mark.WM.Watermark)
}
