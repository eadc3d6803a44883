package query

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/wmtools/wm/lib/match"
)

// selectJSON returns the JSON of a query's clause.
func selectJSON(t *testing.T, text string) (string, error) {
	t.Helper()
	parser := match.Parser{ReadFile: func(string) ([]byte, error) { return []byte("Ann\nBob\n"), nil }}
	q, err := parser.Query(text)
	if err != nil {
		t.Fatal(err)
	}
	selected, err := Select(q, time.Time{}, time.Time{})
	if err != nil {
		return "", err
	}
	body, err := json.Marshal(selected)
	if err != nil {
		t.Fatal(err)
	}
	return string(body), nil
}

func TestSelect(t *testing.T) {
	const words = `{"bool":{"should":[{"match_phrase":{"title.text":"%[1]s"}},{"match_phrase":{"comment.text":"%[1]s"}},{"match_phrase":{"user.text":"%[1]s"}}],"minimum_should_match":1}}`
	for text, want := range map[string]string{
		``:                                `{"match_all":{}}`,
		`wiki=enwiki`:                     `{"bool":{"filter":[{"term":{"wiki":"enwiki"}}]}}`,
		`-wiki=enwiki|dewiki`:             `{"bool":{"must_not":[{"terms":{"wiki":["enwiki","dewiki"]}}]}}`,
		`user@names`:                      `{"bool":{"filter":[{"terms":{"user":["Ann","Bob"]}}]}}`,
		`type="142" bot=false`:            `{"bool":{"filter":[{"term":{"type":"142"}},{"term":{"bot":false}}]}}`,
		`bot="true"`:                      `{"bool":{"filter":[{"match_none":{}}]}}`,
		`bot!=5|x`:                        `{"match_all":{}}`,
		`bot=true|x|false`:                `{"bool":{"filter":[{"terms":{"bot":[true,false]}}]}}`,
		`namespace=0|1.0|talk|1.5|true`:   `{"bool":{"filter":[{"terms":{"namespace":[0,1]}}]}}`,
		`namespace!="0"`:                  `{"match_all":{}}`,
		`id=9007199254740993`:             `{"bool":{"filter":[{"term":{"id":9007199254740993}}]}}`,
		`id=9007199254740992.0`:           `{"bool":{"filter":[{"range":{"id":{"gte":9007199254740992,"lte":9007199254740993}}}]}}`,
		`id=18446744073709551615`:         `{"bool":{"filter":[{"match_none":{}}]}}`,
		`id>9223372036854775806`:          `{"bool":{"filter":[{"range":{"id":{"gte":9223372036854775807}}}]}}`,
		`id>9223372036854775807`:          `{"bool":{"filter":[{"match_none":{}}]}}`,
		`id<=9223372036854775807`:         `{"bool":{"filter":[{"exists":{"field":"id"}}]}}`,
		`length.new>0.5 length.new<1e3`:   `{"bool":{"filter":[{"range":{"length.new":{"gte":1}}},{"range":{"length.new":{"lte":999}}}]}}`,
		`-length.old>=-1e400`:             `{"bool":{"must_not":[{"exists":{"field":"length.old"}}]}}`,
		`wm.delta<-100`:                   `{"bool":{"filter":[{"range":{"wm.delta":{"lte":-101}}}]}}`,
		`wiki>5`:                          `{"bool":{"filter":[{"match_none":{}}]}}`,
		`timestamp>=1795435200`:           `{"bool":{"filter":[{"range":{"timestamp":{"gte":"1795435200"}}}]}}`,
		`timestamp=1795435200|5|x`:        `{"bool":{"filter":[{"terms":{"timestamp":["1795435200","5"]}}]}}`,
		`-!minor`:                         `{"bool":{"filter":[{"exists":{"field":"minor"}}]}}`,
		`!log_type`:                       `{"bool":{"must_not":[{"bool":{"should":[{"exists":{"field":"log_type"}},{"term":{"_ignored":"log_type"}}],"minimum_should_match":1}}]}}`,
		`@timestamp=2026|` + aTime:        `{"bool":{"filter":[{"term":{"@timestamp":"` + aTime + `"}}]}}`,
		`Berlin`:                          `{"bool":{"filter":[` + fmt.Sprintf(words, "berlin") + `]}}`,
		`-"the (Berlin) WALL"`:            `{"bool":{"must_not":[` + fmt.Sprintf(words, "the berlin wall") + `]}}`,
		`東京`:                              `{"bool":{"filter":[` + fmt.Sprintf(words, "東 京") + `]}}`,
		`title=` + strings.Repeat("x", 9): `{"bool":{"filter":[{"term":{"title":"xxxxxxxxx"}}]}}`,
	} {
		got, err := selectJSON(t, text)
		if err != nil || got != want {
			t.Errorf("%s:\n got %s, error %v\nwant %s", text, got, err, want)
		}
	}
}

const aTime = "2026-11-23T12:00:00.250Z"

func TestSelectPeriod(t *testing.T) {
	since := time.Date(2026, 11, 23, 12, 0, 0, 1, time.FixedZone("", 3600))
	got, err := Select(new(match.Query), since, since.Add(time.Minute-1))
	body, _ := json.Marshal(got)
	const want = `{"bool":{"filter":[{"range":{"@timestamp":{"gte":"2026-11-23T11:00:00.001Z","lt":"2026-11-23T11:01:00.000Z"}}}]}}`
	if err != nil || string(body) != want {
		t.Errorf("got %s, error %v, want %s", body, err, want)
	}
}

// What an index cannot answer is an error, which has the terms that it can.
func TestInexpressible(t *testing.T) {
	tests := []struct{ query, reason, terms, rest string }{
		{`wiki=enwiki comment~^Undid`, "regular expressions", "comment~^Undid", "wiki=enwiki"},
		{`-user!~^A -c "a b"`, "regular expressions", "-user!~^A", `-c "a b"`},
		{`d -c parsedcomment=x`, "not indexed", "parsedcomment=x", "d -c"},
		{`meta.uri=x`, "not indexed", "meta.uri=x", ""},
		{`!log_params`, "not indexed", "!log_params", ""},
		{`title.text=x`, "not indexed", "title.text=x", ""},
		{`length\.new=5`, "not indexed", `length\.new=5`, ""},
		{`performer.user_groups.0=bot`, "not indexed", "performer.user_groups.0=bot", ""},
		{`!length`, "only its fields, such as length.new", "!length", ""},
		{`bot=null wiki!=null|x`, "null", "bot=null wiki!=null|x", ""},
		{`meta.dt=` + aTime, "does not keep how a time is written", "meta.dt=" + aTime, ""},
		{`title=` + strings.Repeat("é", 1025), "more than 1024 characters", `title=` + strings.Repeat("é", 1025), ""},
	}
	for _, tt := range tests {
		_, err := selectJSON(t, tt.query)
		e, ok := errors.AsType[*Inexpressible](err)
		if !ok || !strings.Contains(e.Error(), tt.reason) || textOf(e.Terms) != tt.terms || textOf(e.Rest) != tt.rest {
			t.Errorf("%s: error %v: %+v", tt.query, err, e)
		}
	}
	if _, err := selectJSON(t, `title=`+strings.Repeat("é", 1024)); err != nil {
		t.Error(err)
	}
}

func textOf(terms []*match.Term) string {
	var all []string
	for _, t := range terms {
		all = append(all, t.Text)
	}
	return strings.Join(all, " ")
}

// A field that the index cannot rank is an error too.
func TestInexpressibleRanking(t *testing.T) {
	q, err := match.ParseQuery("wiki=a|b")
	if err != nil {
		t.Fatal(err)
	}
	since := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	_, err = Ranking{Fields: []string{"meta.dt"}, N: 7, By: ByCount}.Select(q, since, time.Time{})
	e, ok := errors.AsType[*Inexpressible](err)
	if !ok || e.Error() != `field "meta.dt": the index cannot rank its values` || len(e.Terms) != 0 || textOf(e.Rest) != "wiki=a|b" || e.Since != since {
		t.Errorf("error %v: %+v", err, e)
	}
}

// Numbers in a floating-point field compare as such.
func TestSelectDoubles(t *testing.T) {
	for text, want := range map[string]string{
		"wm.risk>0.9":       `{"range":{"wm.risk":{"gt":0.9}}}`,
		"wm.risk<=1e-2":     `{"range":{"wm.risk":{"lte":0.01}}}`,
		"wm.risk<1e400":     `{"exists":{"field":"wm.risk"}}`,
		"wm.risk>=1e400":    `{"match_none":{}}`,
		"wm.risk>-1e400":    `{"exists":{"field":"wm.risk"}}`,
		"wm.risk=0.5|1.0|x": `{"terms":{"wm.risk":[0.5,1]}}`,
		"wm.risk=1e400":     `{"match_none":{}}`,
	} {
		if got, err := selectJSON(t, text); err != nil || got != `{"bool":{"filter":[`+want+`]}}` {
			t.Errorf("%s: %s, %v", text, got, err)
		}
	}
}
