package web

import (
	"net/url"
	"strings"
	"testing"
	"time"
)

func TestParseRequest(t *testing.T) {
	day := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	tests := []struct {
		params string
		want   request
	}{
		{"", request{stream: "recentchange", span: time.Hour}},
		{"range=7d&stream=page_change.v1", request{stream: "page_change.v1", span: 7 * 24 * time.Hour}},
		{"stream=mediawiki.revision-create", request{stream: "revision-create", span: time.Hour}},
		{"wiki=be_x_oldwiki&range=15m", request{stream: "recentchange", wiki: "be_x_oldwiki", span: 15 * time.Minute}},
		{"from=2026-11-23&to=2026-11-24", request{stream: "recentchange", from: day, to: day.AddDate(0, 0, 1)}},
		{"from=2026-11-23T02:00:00.9%2B02:00&to=2026-11-23T00:00:01Z",
			request{stream: "recentchange", from: day, to: day.Add(time.Second)}},
	}
	for _, tt := range tests {
		got, err := parseRequest(parse(t, tt.params))
		if err != nil || got != tt.want {
			t.Errorf("%s: got %+v, %v, want %+v", tt.params, got, err, tt.want)
		}
	}
}

func TestParseRequestRefuses(t *testing.T) {
	tests := []struct{ params, want string }{
		{"range=99h", `unknown range "99h": use 15m`},
		{"rnage=1h", `unknown parameter "rnage"`},
		{"live=0", `unknown parameter "live"`},
		{"stream=*", `"*" cannot be the name of a stream`},
		{"stream=a,b", "cannot be the name of a stream"},
		{"stream=mediawiki.", "cannot be the name of a stream"},
		{"stream=Recentchange", "cannot be the name of a stream"},
		{"stream=..%2F_all", "cannot be the name of a stream"},
		{"wiki=enwiki%22}", "cannot be the name of a wiki"},
		{"wiki=" + strings.Repeat("a", 65), "cannot be the name of a wiki"},
		{"from=2026-11-23", "to is missing"},
		{"to=2026-11-23", "from is missing"},
		{"from=yesterday&to=2026-11-23", `from="yesterday" is not a time`},
		{"from=2026-11-23&to=2026-11-23", "at least a second before"},
		{"from=2026-11-24&to=2026-11-23", "at least a second before"},
		{"from=0001-01-01&to=9999-01-01", "more than ten years"},
		{"range=1h&from=2026-11-23&to=2026-11-24", "either range or from and to"},
	}
	for _, tt := range tests {
		_, err := parseRequest(parse(t, tt.params))
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: error %v does not say %q", tt.params, err, tt.want)
		}
	}
}

func parse(t *testing.T, params string) url.Values {
	t.Helper()
	v, err := url.ParseQuery(params)
	if err != nil {
		t.Fatal(err)
	}
	return v
}
