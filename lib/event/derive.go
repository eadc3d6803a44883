package event

import (
	"net/netip"
	"slices"
	"strings"
	"time"
	"unsafe"
)

// Derived holds what wm computes from an event: common names for what the
// streams name differently, and a few values that no stream has. Each depends
// on the line alone, so that it is the same in an index, a filter and a
// browser. Strings may point into the event's bytes.
type Derived struct {
	// Timestamp (field "@timestamp") is meta.dt, else dt, else timestamp. It
	// is zero if the event has no time.
	Timestamp time.Time
	// Wiki (wm.wiki) is wiki, database or wiki_id, such as "enwiki".
	Wiki string
	// User (wm.user) is user, else performer.user_text, else
	// revision.editor.user_text.
	User string
	// Page (wm.page) is Wiki, a colon and the title with blanks: a title is
	// unique only within its wiki.
	Page string
	// UserKind (wm.user_kind) is one of the Kind constants, or "" if the
	// stream does not name a user.
	UserKind string
	// Rev (wm.rev) is the revision: revision.new, rev_id or revision.rev_id.
	Rev Int
	// Delta (wm.delta) is length.new - length.old in bytes, or length.new for
	// a new page.
	Delta Int
	// LagMS (wm.lag_ms) is meta.dt - timestamp, in milliseconds: how long the
	// change took to reach the stream.
	LagMS Int
	// Revert (wm.revert) is whether the summary of an edit or a new page says
	// that it undoes an earlier edit. See IsRevert.
	Revert Bool
	// Talk (wm.talk) is whether the page is in a talk namespace. It is absent
	// for the special namespaces, which are negative.
	Talk Bool
	// Risk (wm.risk) is the probability, 0 to 1, that the edit will be
	// reverted, as Wikimedia's revert-risk model predicts it.
	Risk Float
}

// Kinds of users. Accounts whose name begins with ~2 are temporary: MediaWiki
// creates them for people who edit without logging in.
const (
	KindBot        = "bot"
	KindRegistered = "registered"
	KindTemporary  = "temp"
	KindAddress    = "ip"
	KindHidden     = "hidden" // the stream names users, but not for this event
)

// Int is an integer that may be absent.
type Int struct {
	Value int64
	OK    bool
}

// Float is a number that may be absent.
type Float struct {
	Value float64
	OK    bool
}

// Bool is a truth value that may be absent.
type Bool struct {
	Value, OK bool
}

// derivedNames are the fields that Derived documents.
var derivedNames = []string{"@timestamp", "wm.wiki", "wm.user", "wm.page", "wm.user_kind", "wm.rev", "wm.delta",
	"wm.lag_ms", "wm.revert", "wm.talk", "wm.risk"}

// DerivedNames returns the names of the derived fields, as in an index.
func DerivedNames() []string { return slices.Clone(derivedNames) }

// Derive computes the derived fields. A line that is not valid JSON has none.
func (e Event) Derive() Derived {
	f := e.fields()
	var d Derived
	f.derive(&d, nil)
	return d
}

// derive fills d in. It overwrites page, a buffer from an earlier call, with
// the bytes of d.Page and returns it.
func (f *fields) derive(d *Derived, page []byte) []byte {
	dt, hasDT := f[fieldMetaDT].time()
	*d = Derived{
		Timestamp: dt,
		Wiki:      f.text(fieldWiki, fieldDatabase, fieldWikiID),
		User:      f.text(fieldUser, fieldPerformerText, fieldEditorText),
		Rev:       f.int(fieldRevisionNew, fieldRevID, fieldRevisionRevID),
		Delta:     f.delta(),
		Revert:    f.revert(),
		Talk:      f.talk(),
		Risk:      f.risk(),
	}
	if !hasDT {
		d.Timestamp = f.laterTime()
	}
	if ts := f[fieldTime]; hasDT && ts.isNumber() && inYears(ts.int()) {
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

// text returns the first of some fields that is a non-empty string, or "".
func (f *fields) text(list ...field) string {
	for _, name := range list {
		if v := f[name]; v.isString() && len(v) > len(`""`) {
			return v.text()
		}
	}
	return ""
}

// int returns the first of some fields that is a number.
func (f *fields) int(list ...field) Int {
	for _, name := range list {
		if v := f[name]; v.isNumber() {
			return Int{v.int(), true}
		}
	}
	return Int{}
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

func (f *fields) talk() Bool {
	namespace := f.int(fieldNamespace, fieldPageNamespace, fieldPageNamespaceID)
	if namespace.Value < 0 {
		return Bool{}
	}
	return Bool{namespace.Value%2 == 1, namespace.OK}
}

func (f *fields) risk() Float {
	p := f[fieldProbabilityTrue]
	if !p.isNumber() || !strings.HasPrefix(f[fieldModelName].text(), "revertrisk") {
		return Float{}
	}
	return Float{p.float(), true}
}

func (f *fields) userKind(user string) string {
	switch {
	case user == "" && !f.namesUser():
		return ""
	case user == "":
		return KindHidden
	case f.isBot():
		return KindBot
	case strings.HasPrefix(user, "~2") || f.accountFlag(fieldPerformerIsTemp, fieldEditorIsTemp):
		return KindTemporary
	case isAddress(user):
		return KindAddress
	}
	return KindRegistered
}

// namesUser reports whether an event of this form has a user unless the user was
// removed: one from recentchange or from a stream whose schema always names a
// user, and any other whose performer is an object, even an empty one.
func (f *fields) namesUser() bool {
	if f[fieldPerformer].isObject() {
		return true
	}
	if f[fieldWiki] != "" && f[fieldType] != "" {
		return true
	}
	switch stream := f[fieldMetaStream].text(); stream {
	case "mediawiki.revision-create", "mediawiki.page-create", "mediawiki.page_change.v1":
		return true
	default:
		return strings.HasPrefix(stream, "mediawiki.page_revert_risk_prediction_change")
	}
}

func (f *fields) isBot() bool {
	if bot := f[fieldBot]; bot != "" {
		return bot == "true"
	}
	return f[fieldPerformerUserIsBot] == "true" || f.accountFlag(fieldPerformerIsBot, fieldEditorIsBot)
}

// accountFlag reports whether a flag of the performer, or of the editor if the
// performer is not named, is true.
func (f *fields) accountFlag(performer, editor field) bool {
	if f[fieldPerformerText] != "" {
		return f[performer] == "true"
	}
	return f[editor] == "true"
}

func isAddress(user string) bool {
	// Few names consist of the characters of an address; ParseAddr's error is
	// expensive for all others.
	for i := range len(user) {
		if c := user[i]; c != '.' && c != ':' && !isHex(c) {
			return false
		}
	}
	_, err := netip.ParseAddr(user)
	return err == nil
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'f'
}
