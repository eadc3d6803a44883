package main

import (
	"errors"
	"testing"
	"time"

	"github.com/wmtools/wm/lib/es/query"
	"github.com/wmtools/wm/lib/match"
)

// The pipeline selects with wm-es what it can, and the rest with wm-grep.
func TestPipelineForTerms(t *testing.T) {
	noon := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	for text, want := range map[string]string{
		`wiki=enwiki comment~^Undid`: `-k wiki=enwiki | wm-grep -k 'comment~^Undid'`,
		`-user!~^A -c "a b"`:         `-- '-c "a b"' | wm-grep --query '-user!~^A'`,
		`d -c parsedcomment=x`:       `'d -c' | wm-grep -k parsedcomment=x`,
		`meta.uri=x`:                 `| wm-grep -k meta.uri=x`,
		`!log_params`:                `| wm-grep -k '!log_params'`,
		`title~it's`:                 `| wm-grep -k 'title~it'\''s'`,
	} {
		q, err := match.ParseQuery(text)
		if err != nil {
			t.Fatal(err)
		}
		_, err = query.Select(q, noon, noon.Add(1500*time.Millisecond))
		e, ok := errors.AsType[*query.Inexpressible](err)
		if !ok {
			t.Fatalf("%s: error %v", text, err)
		}
		const all = "wm-es search --all --since 2026-11-23T12:00:00Z --until 2026-11-23T12:00:01.5Z "
		if got := (pipeline{}).format(e); got != all+want {
			t.Errorf("%s:\n%s\nwant\n%s", text, got, all+want)
		}
	}
}

// A ranking continues with commands that count.
func TestPipelineForRankings(t *testing.T) {
	type ranking = query.Ranking
	tests := []struct {
		ranking     ranking
		query, want string
	}{
		{ranking{Fields: []string{"meta.dt"}, N: 7, By: query.ByCount}, "wiki=a|b",
			`wm-es search --all -k 'wiki=a|b' | wm-cut -f meta.dt | grep . | sort | uniq -c | sort -rn | head -n 7`},
		{ranking{Fields: []string{"it's"}, N: 7, By: query.ByCount}, "",
			`wm-es search --all | wm-cut -f 'it'\''s' | grep . | sort | uniq -c | sort -rn | head -n 7`},
		{ranking{Fields: []string{"wiki"}, N: 7, By: query.ByCount}, "bot=true user~A",
			`wm-es search --all -k bot=true | wm-grep -k 'user~A' | wm-cut -f wiki | grep . | sort | uniq -c | sort -rn | head -n 7`},
		{ranking{Fields: []string{"wm.page"}, N: 7, By: query.ByCount}, "user~A",
			`wm-es search --all | wm-grep -k 'user~A' | wm-cut -f wm.page | grep . | sort | uniq -c | sort -rn | head -n 7`},
		{ranking{Fields: []string{"wiki"}, N: 7, By: query.ByUsers}, "user~A", `wm-es search --all | wm-grep -k 'user~A'`},
		{ranking{Fields: []string{"wiki"}, N: 7, By: query.ByCount, Per: time.Hour}, "user~A", `wm-es search --all | wm-grep -k 'user~A'`},
	}
	for _, tt := range tests {
		q, err := match.ParseQuery(tt.query)
		if err != nil {
			t.Fatal(err)
		}
		_, err = tt.ranking.Select(q, time.Time{}, time.Time{})
		e, ok := errors.AsType[*query.Inexpressible](err)
		if !ok {
			t.Fatalf("%+v: error %v", tt.ranking, err)
		}
		if got := countValues(tt.ranking).format(e); got != tt.want {
			t.Errorf("%+v:\n%s\nwant\n%s", tt.ranking, got, tt.want)
		}
	}
}
