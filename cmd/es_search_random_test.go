package cmd_test

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"
)

// searchDrawer makes events and queries from a few words, so that queries match. The
// events follow the types of the schemas: an index turns the number 5 into text
// where it expects text.
type searchDrawer struct {
	*rand.Rand
	short bool // no value is too long for the index
}

func (d searchDrawer) of(list ...string) string { return list[d.IntN(len(list))] }

var (
	searchTexts = []string{"", "enwiki", "dewiki", "edit", "new", "Ann", "A page", "A_page", `say \"hi\"`, `back\\slash`, `tab\there`, "Undid revision 1",
		"Café", "\u212aelvin", "İstanbul", "東京都", "~2026-1", "192.0.2.1", "true", "null", "5", "1e3", "caf\\u00e9", "can't re-add 1,000", "\U0001F469", "x\u2028y",
		"ΟΔΟΣ straße", "สวัสดี ชาวโลก", "한국어 カタカナ ﾊﾝｶｸ", "\U0001F1E9\U0001F1EA foo:bar a_b it’s 3,14", strings.Repeat("x", 300), "bell\\u0007 \x7f",
		strings.Repeat("é", 1024), "nul\\u0000", strings.Repeat("long ", 300)}
	// searchWords are words of these texts, and some that are in none.
	searchWords = []string{"kelvin", "page", "istanbul", "revision", "café", "hi", "a", "192.0.2.1", "京", "can't", "éé", "PAGE", "οδος", "οδοσ", "strasse", "STRASSE",
		"straße", "สวัสดี", "국", "한국어", "カタカナ", "ﾊﾝｶｸ", "\U0001F1E9\U0001F1EA", "\U0001F469", "foo:bar", "foo", "a_b", "b", "it’s", "3,14", "14", strings.Repeat("x", 45),
		strings.Repeat("x", 255), strings.Repeat("X", 300), "bell", "nul", "back\\slash"}
	searchPhrases = []string{"say hi", "A page", "undid REVISION", "long long long", "東京", "re-add 1,000", "page A", "foo:bar a_b", "\U0001F1E9\U0001F1EA foo",
		"ΟΔΟΣ STRASSE", "οδοσ straße", "ชาวโลก", "ﾊﾝｶｸ カタカナ", "undid  1", "x y", strings.Repeat("x", 301)}
	searchTimes   = []string{"2026-11-02T00:00:00.000Z", "2026-11-02T00:00:00.001Z", "2026-11-01T23:59:59.999Z", "2026-11-02T12:00:00Z"}
	searchNumbers = []string{"0", "-0", "1", "-1", "5", "100", "1e3", "100.0", "9007199254740993", "9007199254740992", "9223372036854775807", "-9223372036854775808"}
	searchFields  = map[string][]string{
		"text": {"wiki", "type", "log_type", "server_name", "database", "page_title", "performer.user_text", "performer.user_groups", "meta.domain", "meta.topic", "page.page_title",
			"title", "comment", "user", "wm.wiki", "wm.user", "wm.page", "wm.user_kind"},
		"number": {"namespace", "id", "length.old", "length.new", "page_id", "wm.delta", "wm.lag_ms", "wm.rev", "wm.rev", "wm.risk", "wm.risk", "rev_id", "timestamp", "meta.offset", "page.page_id"},
		"truth":  {"bot", "minor", "patrolled", "performer.user_is_bot", "wm.revert", "wm.talk"},
		"time":   {"@timestamp", "meta.dt", "dt"},
	}
)

func (d searchDrawer) events(n int) (lines []string) {
	for i := range n {
		lines = append(lines, d.event(i))
	}
	return lines
}

func (d searchDrawer) event(i int) string {
	members := []string{fmt.Sprintf(`"meta":{"id":"%d","dt":%q,"domain":%s,"topic":%s,"offset":%s}`, i, d.time(), d.text(false), d.text(true), d.number(true))}
	some := func(name, value string) {
		if d.IntN(3) > 0 {
			members = append(members, strconv.Quote(name)+":"+value)
		}
	}
	for _, name := range []string{"wiki", "type", "log_type", "server_name", "database", "page_title"} {
		some(name, d.text(true))
	}
	for _, name := range []string{"title", "comment", "user", "parsedcomment"} {
		some(name, d.text(false))
	}
	for _, name := range []string{"namespace", "id", "page_id", "rev_id"} {
		some(name, d.number(true))
	}
	some("dt", d.of(`"`+d.time()+`"`, "null"))
	some("timestamp", d.of("1793534400", "1793534401", "0", "-5", "null"))
	for _, name := range []string{"bot", "minor", "patrolled"} {
		some(name, d.list(true, func() string { return d.of("true", "false") }))
	}
	some("length", d.object("old", d.number(false), "new", d.number(false)))
	some("revision", d.object("new", d.number(false), "rev_id", d.number(false)))
	some("predicted_classification", d.object("model_name", d.of(`"revertrisk-language-agnostic"`, `"revertrisk-multilingual"`, `"outlink-topic"`),
		"probabilities", `{"true":`+d.of("0", "0.5", "0.9", "0.90", "0.999999", "1", "5e-1", "1e-7", `"0.5"`, "null")+`}`))
	some("page", d.object("page_title", d.text(true), "page_id", d.number(false)))
	some("performer", d.object("user_text", d.text(true), "user_groups", d.text(true), "user_is_bot", d.of("true", "false", "null")))
	d.Shuffle(len(members), func(i, j int) { members[i], members[j] = members[j], members[i] })
	return "{" + strings.Join(members, ",") + "}"
}

// time draws a time within three days, sometimes one of a few.
func (d searchDrawer) time() string {
	if d.IntN(4) == 0 {
		return d.of(searchTimes...)
	}
	at := time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC).Add(time.Duration(d.IntN(3*86_400_000)) * time.Millisecond)
	return at.Format(d.of("2006-01-02T15:04:05.000Z07:00", time.RFC3339))
}

func (d searchDrawer) object(pairs ...string) string {
	var members []string
	for i := 0; i < len(pairs); i += 2 {
		if d.IntN(4) > 0 {
			members = append(members, strconv.Quote(pairs[i])+":"+pairs[i+1])
		}
	}
	return d.of("null", "{"+strings.Join(members, ", ")+"}", "{ "+strings.Join(members, ",")+" }")
}

func (d searchDrawer) text(lists bool) string {
	texts := searchTexts
	if d.short {
		texts = texts[:len(texts)-1] // the last is too long
	}
	return d.list(lists, func() string { return `"` + d.of(texts...) + `"` })
}

func (d searchDrawer) number(lists bool) string {
	return d.list(lists, func() string { return d.of(searchNumbers...) })
}

// list draws a value, null, or a list of values, but no empty list, which an index
// does not distinguish from an absent field.
func (d searchDrawer) list(lists bool, value func() string) string {
	switch n := d.IntN(12); {
	case n == 0:
		return "null"
	case n == 1 && lists:
		return "[" + value() + ",null,[" + value() + "]]"
	case n == 2 && lists:
		return "[" + value() + "]"
	}
	return value()
}

// query draws arguments of wm-grep, and whether an index can answer them.
func (d searchDrawer) query() (args []string, expressible bool) {
	expressible = true
	var query []string
	for range 1 + d.IntN(3) {
		if d.IntN(12) == 0 {
			args = append(args, "-k", d.field()) // in a query it would be a word
			continue
		}
		term, known := d.term()
		expressible = expressible && known
		if d.IntN(3) == 0 && term[0] != '"' && strings.ContainsAny(term, "=!<>~@") {
			args = append(args, "-k", term)
		} else {
			query = append(query, d.of("", "", "-")+term)
		}
	}
	if len(query) > 0 {
		args = append(args, "--query", strings.Join(query, " "))
	}
	switch d.IntN(4) {
	case 0:
		args = append(args, "--since", d.of("2026-11-02", "2026-11-02T00:00:00.0005Z", "2026-11-02T00:00:00.001Z", "2026-11-03T10:00:00+02:00"))
	case 1:
		args = append(args, "--until", d.of("2026-11-02", "2026-11-02T00:00:00.001Z", "2026-11-03T10:00:00Z"))
	}
	return args, expressible
}

func (d searchDrawer) field() string {
	return d.of(searchFields[d.of("text", "text", "text", "number", "number", "truth", "truth", "time")]...)
}

func (d searchDrawer) term() (term string, expressible bool) {
	field := d.field()
	switch d.IntN(16) {
	case 0, 1:
		return "!" + field, true
	case 2, 3:
		return `"` + d.of(searchPhrases...) + `"`, true
	case 4, 5:
		return d.of(searchWords...), true
	case 6, 7, 8:
		return field + d.of("<", "<=", ">", ">=") + d.of("0", "-1", "0.5", "0.9", "1", "5", "1e3", "9007199254740992.0", "9223372036854775807", "1e400", "1793534400"), true
	case 9:
		return field + d.of("@", "!@") + "names.txt", field != "dt" && field != "meta.dt"
	case 10:
		return d.of("meta.dt=2026-11-01", "wiki=null", "!length", "!performer", "parsedcomment=edit", "comment~^Undid", "user!~^A", "performer.user_groups.0=Ann",
			"title!="+strings.Repeat("é", 1025)), false
	}
	var values []string
	for range 1 + d.IntN(3) {
		values = append(values, d.value())
	}
	term = field + d.of("=", "!=") + strings.Join(values, "|")
	if strings.HasSuffix(field, "page_title") && strings.Contains(term, " ") {
		return d.term() // wm-grep takes a blank in such a title for a slip
	}
	return term, field != "dt" && field != "meta.dt" // an index has no texts of times but those that wm writes
}

// value draws a value with quotes or without.
func (d searchDrawer) value() string {
	switch d.IntN(6) {
	case 0, 1:
		return d.of("true", "false", "5", "0", "0.5", "0.90", "1000", "1e3", "9007199254740993", "9007199254740992.0", "-9223372036854775808", "18446744073709551615", "enwiki", "Ann")
	case 2:
		return `"` + d.of(searchTimes...) + `"`
	}
	// The last texts cannot be queried: a NUL in an argument, and one too long for the index.
	return `"` + strings.NewReplacer(`\t`, "\t", `\u00e9`, "é", `\u0007`, "\a").Replace(d.of(searchTexts[:len(searchTexts)-2]...)) + `"`
}
