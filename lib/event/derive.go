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

// Derive works out the derived fields.
func (e Event) Derive() Derived {
	d := Derived{
		Timestamp: e.Time(),
		Wiki:      e.Text("wiki", "database", "wiki_id"),
		User:      e.Text("user", "performer.user_text"),
		LagMS:     e.lag(),
		Delta:     e.delta(),
		Revert:    e.revert(),
	}
	if title := e.Text("title", "page_title", "page.page_title"); title != "" && d.Wiki != "" {
		d.Page = d.Wiki + ":" + strings.ReplaceAll(title, "_", " ")
	}
	d.UserKind = e.userKind(d.User)
	return d
}

// Time returns the time of the event: meta.dt, else dt, else timestamp. It is
// zero where there is none that can be read.
func (e Event) Time() time.Time {
	for _, path := range [...]string{"meta.dt", "dt"} {
		if t, err := time.Parse(time.RFC3339, e.Get(path).String()); err == nil {
			return t.UTC()
		}
	}
	if ts := e.Get("timestamp"); ts.Type == gjson.Number {
		return time.Unix(ts.Int(), 0).UTC()
	}
	return time.Time{}
}

// IndexTime returns the time under which the event is indexed: the @timestamp
// that it came with, if it has one that can be read, else Time.
func (e Event) IndexTime() time.Time {
	if t, err := time.Parse(time.RFC3339, e.Get(`\@timestamp`).String()); err == nil {
		return t.UTC()
	}
	return e.Time()
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

func (e Event) lag() Int {
	ts := e.Get("timestamp")
	if ts.Type != gjson.Number {
		return Int{}
	}
	dt, err := time.Parse(time.RFC3339, e.Get("meta.dt").String())
	if err != nil {
		return Int{}
	}
	return Int{dt.UnixMilli() - ts.Int()*1000, true}
}

func (e Event) delta() Int {
	length := e.Get("length")
	after := length.Get("new")
	if after.Type != gjson.Number {
		return Int{}
	}
	return Int{after.Int() - length.Get("old").Int(), true}
}

func (e Event) revert() Bool {
	switch e.Get("type").String() {
	case "edit", "new":
		return Bool{IsRevert(e.Get("comment").String()), true}
	}
	return Bool{}
}

func (e Event) userKind(user string) string {
	switch {
	case user == "" && !e.namesUser():
		return ""
	case user == "":
		return KindHidden
	case e.isBot():
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
func (e Event) namesUser() bool {
	if e.Get("performer").IsObject() {
		return true
	}
	if e.Get("wiki").Exists() && e.Get("type").Exists() {
		return true
	}
	switch e.Get("meta.stream").String() {
	case "mediawiki.revision-create", "mediawiki.page-create", "mediawiki.page_change.v1":
		return true
	}
	return false
}

func (e Event) isBot() bool {
	if bot := e.Get("bot"); bot.Exists() {
		return bot.Type == gjson.True
	}
	performer := e.Get("performer")
	return performer.Get("user_is_bot").Type == gjson.True || performer.Get("is_bot").Type == gjson.True
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
