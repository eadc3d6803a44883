package es

import (
	"bytes"
	"time"

	"github.com/tidwall/gjson"

	"github.com/wmtools/wm/lib/event"
)

// AppendLine appends the line that a document was made of: the source without
// the members that wm put in front. A line that came with such members, because
// it was indexed before, loses them too; any other is as it was.
func AppendLine(dst, source []byte) []byte {
	splice := readSplice(source)
	if splice == nil {
		return append(dst, source...)
	}
	return append(append(dst, '{'), source[1+len(splice):]...)
}

// readSplice returns what wm put behind the "{" of a source, or nil. It reads
// the derived fields and writes them again: only what wm itself would write is
// its own. Their values count as they stand, for an older version may have
// derived them in another way.
func readSplice(source []byte) []byte {
	const opening = `{"@timestamp":"`
	if !bytes.HasPrefix(source, []byte(opening)) {
		return nil
	}
	text, _, _ := bytes.Cut(source[len(opening):], []byte{'"'})
	at, err := time.Parse(event.TimestampLayout, string(text))
	if err != nil {
		return nil
	}
	wm := gjson.GetBytes(source, "wm")
	splice := appendSplice(nil, &event.Derived{
		Timestamp: at,
		Wiki:      wm.Get("wiki").Str,
		User:      wm.Get("user").Str,
		Page:      wm.Get("page").Str,
		UserKind:  wm.Get("user_kind").Str,
		Rev:       readInt(wm.Get("rev")),
		Delta:     readInt(wm.Get("delta")),
		Revert:    readBool(wm.Get("revert")),
		Talk:      readBool(wm.Get("talk")),
		Risk:      event.Float{Value: wm.Get("risk").Float(), OK: wm.Get("risk").Exists()},
		LagMS:     readInt(wm.Get("lag_ms")),
	})
	if !bytes.HasPrefix(source[1:], splice) {
		return nil
	}
	return splice
}

func readBool(v gjson.Result) event.Bool { return event.Bool{Value: v.Bool(), OK: v.Exists()} }

func readInt(v gjson.Result) event.Int { return event.Int{Value: v.Int(), OK: v.Exists()} }
