package event

import (
	"net/netip"
	"strings"
	"time"

	"github.com/tidwall/gjson"
)

// Derived holds what wm works out of an event: a common place for the things
// that the streams name differently, and a few that none of them names. Every
// field depends on the line alone, so that it has the same value in an index,
// in a filter and in a browser. Strings may point into the event's bytes.
type Derived struct {
	// Timestamp (field "@timestamp") is meta.dt, else dt, else timestamp.
	// Zero: the event has no time.
	Timestamp time.Time
	// Wiki (wm.wiki) is wiki, database or wiki_id, such as "enwiki".
	Wiki string
	// User (wm.user) is user, else performer.user_text.
	User string
	// Page (wm.page) is Wiki, a colon and the title with blanks: titles are
	// unique in one wiki only.
	Page string
	// UserKind (wm.user_kind) is one of the Kind constants, or "" where the
	// stream does not name a user.
	UserKind string
	// Delta (wm.delta) is length.new - length.old in bytes, length.new for a
	// page that is new.
	Delta Int
	// LagMS (wm.lag_ms) is meta.dt - timestamp: how long the change took to
	// reach the stream, in milliseconds.
	LagMS Int
	// Revert (wm.revert) tells whether the summary of an edit or a new page
	// says that it takes an earlier edit back.
	Revert Bool
}

// Kinds of users. Accounts whose name begins with ~2 are temporary: what
// Wikimedia gives to those who edit without logging in.
const (
	KindBot        = "bot"
	KindRegistered = "registered"
	KindTemporary  = "temp"
	KindAddress    = "ip"
	KindHidden     = "hidden" // the stream names users, this event's was removed
)

// Int is a whole number that may be absent.
type Int struct {
	Value int64
	OK    bool
}

// Bool is a truth value that may be absent.
type Bool struct {
	Value, OK bool
}

// getter reads fields of an event.
type getter interface{ get(field) value }

func (e Event) get(f field) value { return value(e.Get(paths[f]).Raw) }

// Derive works out the derived fields.
func (e Event) Derive() Derived { return derive(e) }

func derive[G getter](e G) Derived {
	dt, hasDT := parseTime(e.get(fieldMetaDT))
	ts := e.get(fieldTime)
	kind := e.get(fieldType)
	d := Derived{
		Wiki:   text(e, fieldWiki, fieldDatabase, fieldWikiID),
		User:   text(e, fieldUser, fieldPerformerText),
		Delta:  delta(e),
		Revert: revert(e, kind),
	}
	d.Timestamp = dt
	if !hasDT {
		d.Timestamp = laterTime(e)
	}
	if hasDT && ts.isNumber() {
		d.LagMS = Int{dt.UnixMilli() - ts.int()*1000, true}
	}
	if title := text(e, fieldTitle, fieldPageTitle, fieldPagePageTitle); title != "" && d.Wiki != "" {
		d.Page = d.Wiki + ":" + strings.ReplaceAll(title, "_", " ")
	}
	d.UserKind = userKind(e, d.User, kind)
	return d
}

// Time returns the time of the event: meta.dt, else dt, else timestamp. It is
// zero where there is none that can be read.
func (e Event) Time() time.Time { return timeOf(e) }

func timeOf[G getter](e G) time.Time {
	if t, ok := parseTime(e.get(fieldMetaDT)); ok {
		return t
	}
	return laterTime(e)
}

// laterTime is the time of an event without meta.dt.
func laterTime[G getter](e G) time.Time {
	if t, ok := parseTime(e.get(fieldDT)); ok {
		return t
	}
	if ts := e.get(fieldTime); ts.isNumber() {
		return time.Unix(ts.int(), 0).UTC()
	}
	return time.Time{}
}

func parseTime(v value) (time.Time, bool) {
	text := v.text()
	if text == "" {
		return time.Time{}, false
	}
	t, err := time.Parse(time.RFC3339, text)
	return t.UTC(), err == nil
}

// IndexTime returns the time under which the event is indexed: the @timestamp
// that it came with, if it has one that can be read, else Time.
func (e Event) IndexTime() time.Time { return indexTime(e) }

func indexTime[G getter](e G) time.Time {
	if t, ok := parseTime(e.get(fieldTimestamp)); ok {
		return t
	}
	return timeOf(e)
}

// Text returns the first of some fields that is a string and not empty, or "".
func (e Event) Text(paths ...string) string {
	for _, path := range paths {
		if v := e.Get(path); v.Type == gjson.String && v.Str != "" {
			return v.Str
		}
	}
	return ""
}

func text[G getter](e G, fields ...field) string {
	for _, f := range fields {
		if v := e.get(f); v.isString() && len(v) > len(`""`) {
			return v.text()
		}
	}
	return ""
}

func delta[G getter](e G) Int {
	after := e.get(fieldLengthNew)
	if !after.isNumber() {
		return Int{}
	}
	return Int{after.int() - e.get(fieldLengthOld).int(), true}
}

func revert[G getter](e G, kind value) Bool {
	switch kind.text() {
	case "edit", "new":
		return Bool{IsRevert(e.get(fieldComment).text()), true}
	}
	return Bool{}
}

func userKind[G getter](e G, user string, kind value) string {
	switch {
	case user == "" && !namesUser(e, kind):
		return ""
	case user == "":
		return KindHidden
	case isBot(e):
		return KindBot
	case strings.HasPrefix(user, "~2"):
		return KindTemporary
	case isAddress(user):
		return KindAddress
	}
	return KindRegistered
}

// namesUser reports whether an event of this form has a user unless it was
// removed: those of recentchange, of the streams whose schema always names a
// performer, and any other that has the performer as an empty shell.
func namesUser[G getter](e G, kind value) bool {
	if e.get(fieldPerformer).isObject() {
		return true
	}
	if e.get(fieldWiki) != "" && kind != "" {
		return true
	}
	switch e.get(fieldMetaStream).text() {
	case "mediawiki.revision-create", "mediawiki.page-create", "mediawiki.page_change.v1":
		return true
	}
	return false
}

func isBot[G getter](e G) bool {
	if bot := e.get(fieldBot); bot != "" {
		return bot == "true"
	}
	return e.get(fieldPerformerUserIsBot) == "true" || e.get(fieldPerformerIsBot) == "true"
}

func isAddress(user string) bool {
	// Most names fail on their first byte; an address begins with a hex digit
	// or, for ::1, a colon.
	if c := user[0]; c != ':' && !('0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F') {
		return false
	}
	_, err := netip.ParseAddr(user)
	return err == nil
}
