package bulk

import (
	"bytes"
	"time"

	"github.com/tidwall/gjson"

	"github.com/wmtools/wm/lib/event"
)

// AppendOriginal appends the event that a document was made from: its source
// without the members that wm put in front. An event that already had such
// members when it was indexed loses them too; any other is byte for byte as it
// was.
func AppendOriginal(dst, source []byte) []byte {
	splice := readSplice(source)
	if splice == nil {
		return append(dst, source...)
	}
	return append(append(dst, '{'), source[1+len(splice):]...)
}

// readSplice returns what wm inserted after the "{" of a source, or nil. It
// parses the derived fields and writes them again: wm inserted exactly what it
// would write. It does not derive the values again, because an older version may
// have derived them differently.
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
