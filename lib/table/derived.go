package table

import (
	"strconv"

	"github.com/wmtools/wm/lib/event"
	"github.com/wmtools/wm/lib/jsonscan"
)

// appendDerived appends the JSON of a derived field, or nothing if it is absent.
type appendDerived func(dst []byte, d *event.Derived) []byte

var derivedFields = map[string]appendDerived{
	"@timestamp": func(dst []byte, d *event.Derived) []byte {
		if d.Timestamp.IsZero() || d.Timestamp.Year() < 0 || d.Timestamp.Year() > 9999 {
			return dst
		}
		return append(event.AppendTimestamp(append(dst, '"'), d.Timestamp), '"')
	},
	"wm.wiki":      func(dst []byte, d *event.Derived) []byte { return appendText(dst, d.Wiki) },
	"wm.user":      func(dst []byte, d *event.Derived) []byte { return appendText(dst, d.User) },
	"wm.page":      func(dst []byte, d *event.Derived) []byte { return appendText(dst, d.Page) },
	"wm.user_kind": func(dst []byte, d *event.Derived) []byte { return appendText(dst, d.UserKind) },
	"wm.rev":       func(dst []byte, d *event.Derived) []byte { return appendInt(dst, d.Rev) },
	"wm.delta":     func(dst []byte, d *event.Derived) []byte { return appendInt(dst, d.Delta) },
	"wm.lag_ms":    func(dst []byte, d *event.Derived) []byte { return appendInt(dst, d.LagMS) },
	"wm.revert":    func(dst []byte, d *event.Derived) []byte { return appendBool(dst, d.Revert) },
	"wm.talk":      func(dst []byte, d *event.Derived) []byte { return appendBool(dst, d.Talk) },
	"wm.risk": func(dst []byte, d *event.Derived) []byte {
		if !d.Risk.OK {
			return dst
		}
		return strconv.AppendFloat(dst, d.Risk.Value, 'f', -1, 64)
	},
}

func appendText(dst []byte, text string) []byte {
	if text == "" {
		return dst
	}
	return jsonscan.AppendString(dst, text)
}

func appendInt(dst []byte, n event.Int) []byte {
	if !n.OK {
		return dst
	}
	return strconv.AppendInt(dst, n.Value, 10)
}

func appendBool(dst []byte, b event.Bool) []byte {
	if !b.OK {
		return dst
	}
	return strconv.AppendBool(dst, b.Value)
}
