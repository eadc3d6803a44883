package event

import (
	"net/netip"
	"slices"
	"strings"
	"time"
	"unsafe"

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
	f := e.fields()
	var d Derived
	f.derive(&d, nil)
	return d
}

// derive fills d in. The page is written over the one before, which is given
// and returned.
func (f *fields) derive(d *Derived, page []byte) []byte {
	dt, hasDT := parseTime(f[fieldMetaDT])
	ts := f[fieldTime]
	*d = Derived{
		Timestamp: dt,
		Wiki:      f.text(fieldWiki, fieldDatabase, fieldWikiID),
		User:      f.text(fieldUser, fieldPerformerText),
		Delta:     f.delta(),
		Revert:    f.revert(),
	}
	if !hasDT {
		d.Timestamp = f.laterTime()
	}
	if hasDT && ts.isNumber() {
		d.LagMS = Int{dt.UnixMilli() - ts.int()*1000, true}
	}
	page = f.appendPage(page[:0], d.Wiki)
	d.Page = unsafe.String(unsafe.SliceData(page), len(page))
	d.UserKind = f.userKind(d.User)
	return page
}

func (f *fields) appendPage(dst []byte, wiki string) []byte {
	title := f.text(fieldTitle, fieldPageTitle, fieldPagePageTitle)
	if title == "" || wiki == "" {
		return dst
	}
	dst = slices.Grow(dst, len(wiki)+len(":")+len(title))
	dst = append(append(dst, wiki...), ':')
	for {
		word, rest, more := strings.Cut(title, "_")
		dst = append(dst, word...)
		if !more {
			return dst
		}
		dst, title = append(dst, ' '), rest
	}
}

// Time returns the time of the event: meta.dt, else dt, else timestamp. It is
// zero where there is none that can be read.
func (e Event) Time() time.Time {
	if t, ok := parseTime(value(e.Get(paths[fieldMetaDT]).Raw)); ok {
		return t
	}
	f := e.fields()
	return f.laterTime()
}

// laterTime is the time of an event without meta.dt.
func (f *fields) laterTime() time.Time {
	if t, ok := parseTime(f[fieldDT]); ok {
		return t
	}
	if ts := f[fieldTime]; ts.isNumber() {
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
func (e Event) IndexTime() time.Time {
	f := e.fields()
	return f.indexTime()
}

func (f *fields) indexTime() time.Time {
	for _, v := range [...]value{f[fieldTimestamp], f[fieldMetaDT]} {
		if t, ok := parseTime(v); ok {
			return t
		}
	}
	return f.laterTime()
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

// text returns the first of some fields that is a string and not empty, or "".
func (f *fields) text(list ...field) string {
	for _, name := range list {
		if v := f[name]; v.isString() && len(v) > len(`""`) {
			return v.text()
		}
	}
	return ""
}

func (f *fields) delta() Int {
	after := f[fieldLengthNew]
	if !after.isNumber() {
		return Int{}
	}
	return Int{after.int() - f[fieldLengthOld].int(), true}
}

func (f *fields) revert() Bool {
	switch f[fieldType].text() {
	case "edit", "new":
		return Bool{IsRevert(f[fieldComment].text()), true}
	}
	return Bool{}
}

func (f *fields) userKind(user string) string {
	switch {
	case user == "" && !f.namesUser():
		return ""
	case user == "":
		return KindHidden
	case f.isBot():
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
func (f *fields) namesUser() bool {
	if f[fieldPerformer].isObject() {
		return true
	}
	if f[fieldWiki] != "" && f[fieldType] != "" {
		return true
	}
	switch f[fieldMetaStream].text() {
	case "mediawiki.revision-create", "mediawiki.page-create", "mediawiki.page_change.v1":
		return true
	}
	return false
}

func (f *fields) isBot() bool {
	if bot := f[fieldBot]; bot != "" {
		return bot == "true"
	}
	return f[fieldPerformerUserIsBot] == "true" || f[fieldPerformerIsBot] == "true"
}

func isAddress(user string) bool {
	// Few names have no other letters than an address; an error would be
	// costly.
	for i := range len(user) {
		if c := user[i]; c != '.' && c != ':' && !isHex(c) {
			return false
		}
	}
	_, err := netip.ParseAddr(user)
	return err == nil
}
