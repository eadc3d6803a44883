package simulate

import (
	"maps"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/tidwall/gjson"
)

// shapes are forms of events that clients must handle, each with a test for it.
var shapes = map[string]func(gjson.Result) bool{
	"edit without patrolled": func(e gjson.Result) bool { return isType(e, "edit") && !e.Get("patrolled").Exists() },
	"edit with patrolled":    func(e gjson.Result) bool { return isType(e, "edit") && e.Get("patrolled").IsBool() },
	"edit with notify_url":   func(e gjson.Result) bool { return isType(e, "edit") && e.Get("notify_url").Exists() },
	"new without old sizes": func(e gjson.Result) bool {
		return isType(e, "new") && !e.Get("length.old").Exists() && e.Get("length.new").Exists()
	},
	"log without id":         func(e gjson.Result) bool { return isType(e, "log") && !e.Get("id").Exists() },
	"log with id 0":          func(e gjson.Result) bool { return isType(e, "log") && e.Get("log_id").Raw == "0" },
	"log_params object":      func(e gjson.Result) bool { return e.Get("log_params").IsObject() },
	"log_params empty array": func(e gjson.Result) bool { return e.Get("log_params").Raw == "[]" },
	"log_params mixed array": func(e gjson.Result) bool {
		return e.Get("log_params.0").Type == gjson.Number && e.Get("log_params.2").Type == gjson.String
	},
	"log_params string":     func(e gjson.Result) bool { return e.Get("log_params").Type == gjson.String },
	"filter as a string":    func(e gjson.Result) bool { return e.Get("log_params.filter").Type == gjson.String },
	"filter as a number":    func(e gjson.Result) bool { return e.Get("log_params.filter").Type == gjson.Number },
	"type 142 is a string":  func(e gjson.Result) bool { return e.Get("type").Raw == `"142"` && e.Get("namespace").Int() == 2600 },
	"canary without a type": func(e gjson.Result) bool { return e.Get("meta.domain").Str == "canary" && !e.Get("type").Exists() },
	"canary that looks like an edit": func(e gjson.Result) bool {
		return e.Get("meta.domain").Str == "canary" && e.Get("page_title").Str == "TestPage10"
	},
	"temporary account": func(e gjson.Result) bool { return strings.HasPrefix(e.Get("user").Str, "~2026-") },
	"address":           func(e gjson.Result) bool { return strings.HasPrefix(e.Get("user").Str, "2001:DB8:") },
	"user removed":      func(e gjson.Result) bool { return isType(e, "edit") && !e.Get("user").Exists() },
	"sign-up elsewhere": func(e gjson.Result) bool {
		return e.Get("server_name").Str == "auth.wikimedia.org" && e.Get("server_script_path").Str == "/"+e.Get("wiki").Str+"/w"
	},
	"empty performer": func(e gjson.Result) bool { return e.Get("performer").Raw == "{}" },
	"anonymous performer": func(e gjson.Result) bool {
		return e.Get("performer.user_text").Exists() && !e.Get("performer.user_id").Exists()
	},
	"key is a buffer": func(e gjson.Result) bool {
		return e.Get("meta.key.type").Str == "Buffer" && e.Get("meta.key.data.0").Int() == '{'
	},
	"page deleted": func(e gjson.Result) bool {
		return e.Get("page_change_kind").Str == "delete" && !e.Get("revision.editor").Exists()
	},
	"page moved":                func(e gjson.Result) bool { return e.Get("prior_state.page.page_title").Exists() },
	"tagged for the first time": func(e gjson.Result) bool { return e.Get("tags.0").Exists() && !e.Get("prior_state").Exists() },
	"tagged again":              func(e gjson.Result) bool { return e.Get("tags.1").Exists() && e.Get("prior_state.tags.0").Exists() },
	"tagged without a comment":  func(e gjson.Result) bool { return e.Get("tags").Exists() && !e.Get("comment").Exists() },
	"score of a new page": func(e gjson.Result) bool {
		return e.Get("predicted_classification").Exists() && !e.Get("revision.rev_parent_id").Exists()
	},
	"revert in English":            comment("Undid revision "),
	"revert in German":             comment("rückgängig gemacht"),
	"revert in Russian":            comment("отмена правки "),
	"revert in Japanese":           comment("版を取り消し"),
	"revert in Arabic":             comment("استرجاع تعديلات"),
	"Wikidata's own summary":       comment("/* wbsetclaim-create:2||1 */ [[Property:P"),
	"categorized in Hebrew":        comment("נוסף לקטגוריה"),
	"Chinese":                      comment("车站"),
	"emoji beyond the basic plane": comment("🎉"),
	"line end in a comment":        comment("\n"),
	"tab in a comment":             comment("\t"),
	"mark of direction":            comment("\u200f"),
	"line separator":               comment("\u2028"),
	"backslash and quote":          comment(`C:\temp\`),
}

func TestShapes(t *testing.T) {
	missing := maps.Clone(shapes)
	for _, e := range New(11, Options{Streams: Streams, Rate: 100}).Take(150_000) {
		object := gjson.ParseBytes(e.Data)
		for name, found := range missing {
			if found(object) {
				delete(missing, name)
			}
		}
		if strings.ContainsFunc(string(e.Data), func(r rune) bool { return r < ' ' }) {
			t.Fatalf("control character in %q", e.Data)
		}
		if strings.Contains(string(e.Data), ":null") {
			t.Fatalf("null, which the service strips: %s", e.Data)
		}
	}
	for name := range missing {
		t.Errorf("no event: %s", name)
	}
}

func isType(e gjson.Result, typ string) bool { return e.Get("type").Str == typ }

func comment(part string) func(gjson.Result) bool {
	return func(e gjson.Result) bool { return strings.Contains(e.Get("comment").Str, part) }
}

// TestMembers pins the members and their order, which are the service's.
func TestMembers(t *testing.T) {
	for _, tt := range []struct {
		name    string
		options Options
		path    string // of a member that identifies the kind of event
		value   string
		want    string
	}{
		{"edit", Options{}, "notify_url", "", "$schema meta id type namespace title title_url comment timestamp user bot notify_url minor patrolled length revision server_url server_name server_script_path wiki parsedcomment"},
		{"log", Options{}, "log_type", "delete", "$schema meta id type namespace title title_url comment timestamp user bot log_id log_type log_action log_params log_action_comment server_url server_name server_script_path wiki parsedcomment"},
		{"categorize", Options{}, "type", "categorize", "$schema meta id type namespace title title_url comment timestamp user bot notify_url server_url server_name server_script_path wiki parsedcomment"},
		{"edit before 2023", Options{Era: Era2020}, "patrolled", "", "$schema meta id type namespace title comment timestamp user bot minor patrolled length revision server_url server_name server_script_path wiki parsedcomment"},
		{"edit of 2019", Options{Era: Era2019}, "patrolled", "", "bot comment id length meta minor namespace parsedcomment patrolled revision server_name server_script_path server_url timestamp title type user wiki"},
		{"canary", Options{Canary: time.Second}, "meta.domain", "canary", "$schema meta"},
	} {
		for _, e := range New(1, tt.options).Take(5000) {
			object := gjson.ParseBytes(e.Data)
			v := object.Get(tt.path)
			if !v.Exists() || tt.value != "" && v.Str != tt.value || tt.name == "edit" && (object.Get("type").Str != "edit" || !object.Get("patrolled").Exists()) {
				continue
			}
			if got := keys(object); got != tt.want {
				t.Errorf("%s:\n got %s\nwant %s", tt.name, got, tt.want)
			}
			break
		}
	}
}

func keys(object gjson.Result) string {
	var names []string
	for key := range object.ForEach {
		names = append(names, key.Str)
	}
	return strings.Join(names, " ")
}

func TestMetaOfEachEra(t *testing.T) {
	for era, want := range map[Era]string{
		Era2025: "uri request_id id domain stream dt topic partition offset",
		Era2020: "uri request_id id dt domain stream topic partition offset",
		Era2019: "domain dt id request_id schema_uri topic uri partition offset",
	} {
		meta := gjson.GetBytes(New(1, Options{Era: era}).Next().Data, "meta")
		if got := keys(meta); got != want {
			t.Errorf("era %d: %s, want %s", era, got, want)
		}
		ends := map[Era]string{Era2025: "Z", Era2020: ":00Z", Era2019: "+00:00"}[era]
		if dt := meta.Get("dt").Str; !strings.HasSuffix(dt, ends) && era != Era2020 || strings.Contains(dt, ".") != (era == Era2025) {
			t.Errorf("era %d: dt %s", era, dt)
		}
	}
}

func TestPagesRecur(t *testing.T) {
	seen := map[string]int{}
	events := New(1, Options{}).Take(10_000)
	for _, e := range events {
		object := gjson.ParseBytes(e.Data)
		seen[object.Get("wiki").Str+object.Get("title").Str]++
	}
	most := 0
	for _, n := range seen {
		most = max(most, n)
	}
	if len(seen) < len(events)/2 || most < 10 {
		t.Errorf("%d pages in %d events, the busiest %d times", len(seen), len(events), most)
	}
}

func TestParsedComment(t *testing.T) {
	g := New(1, Options{})
	p := page{wiki: wikiNamed("enwiki"), title: []byte("A page")}
	for _, tt := range []struct{ comment, want string }{
		{"", ""},
		{`a "b" & <c>'s`, "a &quot;b&quot; &amp; &lt;c&gt;&#039;s"},
		{"[[:File:X y.jpg]] added to category", `<a href="/wiki/File:X_y.jpg" title="File:X y.jpg">File:X y.jpg</a> added to category`},
		{"see [[User talk:Ö|talk]]", `see <a href="/wiki/User_talk:%C3%96" title="User talk:Ö">talk</a>`},
		{"[[:toollabs:a/1|b]]", `<a href="https://iw.toolforge.org/a/1" class="extiw" title="toollabs:a/1">b</a>`},
		{"[[broken", "[[broken"},
		{"/* Early life */ typo", "\u200e<span dir=\"auto\"><span class=\"autocomment\"><a href=\"/wiki/A_page#Early_life\">→\u200eEarly life</a>: </span></span> typo"},
		{"/* wbsetsitelink-add:1|dewiki */", "\u200e<span dir=\"auto\"><span class=\"autocomment\">Added link</span></span>"},
	} {
		if got := string(g.appendParsed(nil, []byte(tt.comment), p)); got != tt.want {
			t.Errorf("%s:\n got %s\nwant %s", tt.comment, got, tt.want)
		}
	}
}

// TestQuoted pins what JSON.stringify escapes, and what it leaves.
func TestQuoted(t *testing.T) {
	text := "\"\\/\b\f\n\r\t\x00\x1f\x7f<é\u2028\u0085🎉"
	want := `"\"\\/\b\f\n\r\t\u0000\u001f` + "\x7f<é\u2028\u0085🎉" + `"`
	if got := string(appendQuoted(nil, text)); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func FuzzQuotedReadsBack(f *testing.F) {
	f.Add("a\"b\\c\x00\x1f\n\t\u2028é🎉")
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) {
			t.Skip()
		}
		quoted := string(appendQuoted(nil, text))
		if got := gjson.Parse(quoted).String(); !gjson.Valid(quoted) || got != text {
			t.Errorf("%q reads back as %q", text, got)
		}
	})
}
