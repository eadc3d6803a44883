package event

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"
)

// A watermark is a line between events that says: a reader who has settled all
// lines before this one may go on from this cursor. No event of the service
// begins with a brace and a tab, so whoever looks for watermarks finds them
// without parsing anything.
var watermarkStart = []byte("{\t\"wm\":{\"watermark\":")

// IsWatermark reports whether a line is a watermark.
func IsWatermark(line []byte) bool { return bytes.HasPrefix(line, watermarkStart) }

// Watermark renders a cursor as a watermark, without the line's end. The ids
// that it has seen are left out: whoever keeps documents by their id does not
// mind a repeat. To a reader that knows nothing of watermarks it is a canary.
func (c Cursor) Watermark() []byte {
	c.Seen = nil
	line := append(bytes.Clone(watermarkStart), c.Encode()...)
	dt := time.UnixMilli(c.Saved).UTC().Format("2006-01-02T15:04:05.000Z")
	return fmt.Appendf(line, `},"meta":{"domain":"canary","stream":"wm.watermark","dt":%q}}`, dt)
}

// DecodeWatermark returns the cursor in a watermark.
func DecodeWatermark(line []byte) (Cursor, error) {
	var mark struct {
		WM struct {
			Watermark json.RawMessage `json:"watermark"`
		} `json:"wm"`
	}
	if err := json.Unmarshal(line, &mark); err != nil {
		return Cursor{}, fmt.Errorf("watermark: %w", err)
	}
	return DecodeCursor(mark.WM.Watermark)
}
