package es

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/wmtools/wm/lib/match"
)

// selectJSON translates a query into what goes over the wire.
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

// What an index cannot answer is refused, with the pipeline that can.
func TestInexpressible(t *testing.T) {
	const all = "wm-es search --all "
	tests := []struct{ query, reason, pipeline string }{
		{`wiki=enwiki comment~^Undid`, "regular expressions", all + `-k wiki=enwiki | wm-grep -k 'comment~^Undid'`},
		{`-user!~^A -c "a b"`, "regular expressions", all + `-- '-c "a b"' | wm-grep --query '-user!~^A'`},
		{`d -c parsedcomment=x`, "not indexed", all + `'d -c' | wm-grep -k parsedcomment=x`},
		{`meta.uri=x`, "not indexed", all + "| wm-grep -k meta.uri=x"},
		{`!log_params`, "not indexed", all + "| wm-grep -k '!log_params'"},
		{`title.text=x`, "not indexed", all + "| wm-grep -k title.text=x"},
		{`length\.new=5`, "not indexed", all + `| wm-grep -k 'length\.new=5'`},
		{`performer.user_groups.0=bot`, "not indexed", all + `| wm-grep -k performer.user_groups.0=bot`},
		{`!length`, "only fields in it such as length.new", all + `| wm-grep -k '!length'`},
		{`bot=null`, "null", all + "| wm-grep -k bot=null"},
		{`wiki!=null|x`, "null", all + "| wm-grep -k 'wiki!=null|x'"},
		{`meta.dt=` + aTime, "not indexed as it is written", all + "| wm-grep -k meta.dt=" + aTime},
		{`title=` + strings.Repeat("é", 1025), "more than 1024 characters", ""},
	}
	for _, tt := range tests {
		_, err := selectJSON(t, tt.query)
		e, ok := errors.AsType[*Inexpressible](err)
		if !ok || !strings.Contains(e.Error(), tt.reason) || tt.pipeline != "" && e.Hint() != tt.pipeline {
			t.Errorf("%s: error %v\nwant a hint %s", tt.query, err, tt.pipeline)
		}
	}
	if _, err := selectJSON(t, `title=`+strings.Repeat("é", 1024)); err != nil {
		t.Error(err)
	}
}

// The pipeline keeps the times.
func TestInexpressiblePeriod(t *testing.T) {
	q, err := match.ParseQuery("title~it's")
	if err != nil {
		t.Fatal(err)
	}
	since := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	_, err = Select(q, since, since.Add(1500*time.Millisecond))
	e, ok := errors.AsType[*Inexpressible](err)
	const want = `wm-es search --all --since 2026-11-23T12:00:00Z --until 2026-11-23T12:00:01.5Z | wm-grep -k 'title~it'\''s'`
	if !ok || e.Hint() != want {
		t.Errorf("error %v, hint %s", err, e.Hint())
	}
}

// The pipeline goes on with what else was asked for.
func TestInexpressibleRanking(t *testing.T) {
	tests := []struct {
		ranking           Ranking
		query, says, hint string
	}{
		{Ranking{Field: "meta.dt", N: 7, By: ByCount}, "wiki=a|b", `field "meta.dt": the index does not count its values`,
			`wm-es search --all --index 'x-*' -k 'wiki=a|b' | jq -c 'getpath(["meta","dt"]) | values' | sort | uniq -c | sort -rn | head -n 7`},
		{Ranking{Field: "it's", N: 7, By: ByCount}, "", `field "it's": the index`,
			`wm-es search --all --index 'x-*' | jq -c 'getpath(["it'\''s"]) | values' | sort | uniq -c | sort -rn | head -n 7`},
		{Ranking{Field: "wiki", N: 7, By: ByCount}, "bot=true user~A", `term "user~A": `,
			`wm-es search --all --index 'x-*' -k bot=true | wm-grep -c -k 'user~A' | jq -c 'getpath(["wiki"]) | values' | sort | uniq -c | sort -rn | head -n 7`},
		{Ranking{Field: "wiki", N: 7, By: ByUsers}, "user~A", `term "user~A": `, `wm-es search --all --index 'x-*' | wm-grep -c -k 'user~A'`},
		{Ranking{Field: "wiki", N: 7, By: ByCount, Per: time.Hour}, "user~A", `term "user~A": `, `wm-es search --all --index 'x-*' | wm-grep -c -k 'user~A'`},
	}
	for _, tt := range tests {
		q, err := match.ParseQuery(tt.query)
		if err != nil {
			t.Fatal(err)
		}
		_, err = tt.ranking.Select(q, time.Time{}, time.Time{})
		e, ok := errors.AsType[*Inexpressible](err)
		if !ok {
			t.Fatalf("%+v: error %v", tt.ranking, err)
		}
		e.Pipeline = tt.ranking.Otherwise()
		e.Search, e.Grep = []string{"--index", "x-*"}, []string{"-c"}
		if !strings.HasPrefix(e.Error(), tt.says) || e.Hint() != tt.hint {
			t.Errorf("%+v: %s, hint\n%s\nwant\n%s", tt.ranking, e, e.Hint(), tt.hint)
		}
	}
}
