package web

import (
	"net/url"
	"strings"
	"testing"
	"time"
)

// TestViewsRoundTrip checks that the parameters of a view parse to the same view.
func TestViewsRoundTrip(t *testing.T) {
	for _, text := range []string{
		"", "range=1h", "q=wiki%3Denwiki%7Cdewiki+-bot%3Dtrue", "stream=revision-create&split=wiki&measure=editors",
		"from=2026-11-23T10%3A00%3A00Z&to=2026-11-23T11%3A00%3A00Z", "live=0&tz=local&before=0&hide=edit%2Clog&tab=patrol",
		"chart=by%3Dtime%26every%3D1h%26form%3Dbars%26m%3Dremoved%26q%3Dwm.user_kind%253Dtemp%26range%3D3d%26split%3Dnamespace",
		"chart=by%3Duser%26form%3Dlist%26m%3Dadded&chart=by%3Dhour%26form%3Dheat%26m%3Dchanges%26title%3DWhen",
	} {
		params, err := url.ParseQuery(text)
		if err != nil {
			t.Fatal(err)
		}
		v, err := parseView(params)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if got := v.params().Encode(); got != params.Encode() {
			t.Errorf("got  %s\nwant %s", got, params.Encode())
		}
	}
}

// TestRanges checks that an address may have any range, and that links to the same
// length of time are equal.
func TestRanges(t *testing.T) {
	for text, want := range map[string]struct{ value, label string }{
		"3h": {"3h", "3 hours"}, "60m": {"1h", "1 hour"}, "90m": {"90m", "90 minutes"}, "1d12h": {"36h", "36 hours"}, "1d": {"24h", "24 hours"},
		"2w": {"14d", "14 days"}, "90s": {"90s", "90 seconds"}, "1m": {"1m", "1 minute"}, "520w": {"3640d", "3640 days"},
	} {
		v, err := parseView(url.Values{"range": {text}})
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if got := v.params().Get("range"); got != want.value || spanLabel(v.span) != want.label {
			t.Errorf("%s becomes %s, %s", text, got, spanLabel(v.span))
		}
		if w := v.window(noon, 0); w.buckets() > maxBuckets+1 || w.to.Sub(w.from) < v.span {
			t.Errorf("%s: window %+v", text, w)
		}
	}
}

func TestWrongParameters(t *testing.T) {
	for text, want := range map[string]string{
		"rnage=1h":                               `unknown parameter "rnage"`,
		"range=2x":                               `"2x" is not a range`,
		"range=0":                                `"0" is not a range`,
		"range=-3h":                              `"-3h" is not a range`,
		"range=30s":                              `"30s" is not a range`,
		"range=600w":                             `"600w" is not a range`,
		"range=1h&from=2026-11-23&to=2026-11-24": "both range and from or to are given",
		"from=2026-11-23":                        "to is missing",
		"from=2026-11-24&to=2026-11-23":          "from must be at least a second before to",
		"from=1900-01-01&to=2026-11-23":          "more than ten years",
		"from=x&to=2026-11-23":                   `from="x" is not a time`,
		"stream=A/B":                             "is not the name of a stream",
		"split=user":                             "cannot be split by",
		"measure=x":                              `no measure "x"`,
		"chart=m%3Dx":                            `no measure "x"`,
		"chart=by%3Dx":                           "cannot be grouped by",
		"chart=form%3Dpie":                       `no form "pie"`,
		"chart=form%3Dheat":                      "a heat map shows hours and weekdays",
		"chart=by%3Dwiki%26form%3Dlines":         "lines need a chart by time",
		"chart=form%3Dlist":                      "a top list needs a field",
		"chart=by%3Dwiki%26split%3Dwiki%26form%3Dlist": "split by the field that it is grouped by",
		"chart=x%3D1":                           `unknown parameter "x"`,
		"chart=every%3D2m":                      `unknown interval "2m"`,
		"chart=q%3Dwikki%253Dx":                 "There is no field wikki",
		"q=" + strings.Repeat("a", 3000):        "longer than",
		"q=" + strings.Repeat("a+", 31):         "more than 30 terms",
		strings.Repeat("chart=m%3Dchanges&", 9): "at most 8 charts",
	} {
		params, err := url.ParseQuery(strings.TrimSuffix(text, "&"))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := parseView(params); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.60s: error %v, want one with %q", text, err, want)
		}
	}
}

// TestWrongQueries checks that an error points at the wrong part of the text.
func TestWrongQueries(t *testing.T) {
	for _, tt := range []struct{ text, part, message, fix string }{
		{"bot=true wikki=enwiki", "wikki=enwiki", "There is no field wikki. Did you mean wiki?", "wiki=enwiki"},
		{"日本 wikki=enwiki", "wikki=enwiki", "There is no field wikki. Did you mean wiki?", "wiki=enwiki"},
		{"🦊 -wm.user_knd=temp", "wm.user_knd", "There is no field wm.user_knd. Did you mean wm.user_kind?", "wm.user_kind"},
		{"title~^A", "title~^A", "regular expressions", ""},
		{`a "b`, `"b`, "", ""},
		{"a AND b", "AND", "", ""},
		{"wm.delta<x", "", "", ""},
		{"log_params.x=1", "log_params.x=1", "", ""},
	} {
		_, err := parseQuery(tt.text)
		e, ok := err.(*invalid)
		if !ok || !strings.Contains(e.message, tt.message) || e.fix != tt.fix {
			t.Errorf("%s: error %+v", tt.text, err)
			continue
		}
		if at := strings.Index(tt.text, tt.part); tt.part != "" && (e.start != utf16Length(tt.text[:at]) || e.end != e.start+utf16Length(tt.part)) {
			t.Errorf("%s: the error is at %d to %d", tt.text, e.start, e.end)
		}
	}
}

func TestChips(t *testing.T) {
	v := view{}
	var err error
	if v.query, err = parseQuery(`wiki=enwiki|dewiki -namespace=0 wm.delta<=-500 "edit war" title:bridge !log_type user="A b"`); err != nil {
		t.Fatal(err)
	}
	want := []string{"Wiki: enwiki, dewiki", "Namespace not: Article", "Bytes: at most −500", "Words: edit war", "Words of title: bridge", "Log not: present", "User: A b"}
	for i, chip := range v.terms() {
		got := chip.Label
		if chip.Not {
			got += " not"
		}
		if got += ": " + chip.Shown; got != want[i] {
			t.Errorf("chip %d is %q, want %q", i, got, want[i])
		}
		if _, err := parseQuery(chip.Inverse); err != nil {
			t.Errorf("the inverse %s: %v", chip.Inverse, err)
		}
	}
}

// TestQuotedValues checks that the condition for a value matches only that value.
func TestQuotedValues(t *testing.T) {
	f, _ := fieldByID("user")
	for _, value := range []string{"A", "A b", `a"b`, `a\b`, "~2026-1-2", "=x", "a|b", "142", "true", "夕凪町", "A\u3000b", "-x", "!x", `"`} {
		q, err := parseQuery(f.condition(defaultStream, value))
		if err != nil || len(q.Terms) != 1 || len(q.Terms[0].Values) != 1 || q.Terms[0].Values[0].Text != value {
			t.Errorf("%q becomes %s: %v", value, f.condition(defaultStream, value), err)
		}
	}
}

// TestWindows checks that windows have whole buckets at round times, not too many,
// and that the last one contains the present.
func TestWindows(t *testing.T) {
	now := time.Date(2026, 11, 23, 14, 7, 33, 400e6, time.UTC)
	for _, s := range spans {
		w := view{span: s.length}.window(now, 0)
		if !w.start.Equal(w.from) || w.from.UnixMilli()%w.interval.Milliseconds() != 0 {
			t.Errorf("%s: begins at %v, which is not a multiple of %v", s.Value, w.from, w.interval)
		}
		if d := w.to.Sub(w.from); d < s.length || d >= s.length+w.interval+slotFor(s.length) {
			t.Errorf("%s: covers %v", s.Value, d)
		}
		if n := w.buckets(); n > maxBuckets+2 || n < 55 || w.complete() != n-1 {
			t.Errorf("%s: %d buckets, %d complete", s.Value, n, w.complete())
		}
		b := w.before()
		if b.buckets() != w.buckets() || w.from.Sub(b.from) != w.to.Sub(b.to) || b.to.After(w.from) {
			t.Errorf("%s: the period before is %v to %v", s.Value, b.from, b.to)
		}
	}
	fixed := view{from: now.Add(-time.Hour), to: now.Add(-time.Minute)}.window(now, 0)
	if fixed.complete() != fixed.buckets()-1 && fixed.complete() != fixed.buckets() || fixed.start.After(fixed.from) {
		t.Errorf("fixed: %+v", fixed.json())
	}
	if every := (view{span: 3 * 24 * time.Hour}).window(now, time.Hour); every.interval != time.Hour || every.buckets() != 73 {
		t.Errorf("by the hour: %+v", every.json())
	}
}
