package main

import (
	"context"
	"os"
	"strings"
)

// cut measures wm-cut against jq and Miller.
func cut(ctx context.Context, s settings) error {
	folder, err := os.MkdirTemp("", "wm-bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	b, err := newFilterBench(s, "wm-cut", folder, "jq", "mlr")
	if err != nil {
		return err
	}
	return b.askAll(ctx, cutQuestions())
}

func cutRows() []row { return rowsOf("wm-cut", cutQuestions()) }

func cutQuestions() []question {
	const fields = "meta.dt,wiki,title,user,type"
	cells := "[." + strings.ReplaceAll(fields, ",", ",.") + "]"
	const derived = "@timestamp,wiki,title,wm.user,wm.delta"
	const derivedCells = "[(.meta.dt // .dt // .timestamp),.wiki,.title,(.user // .performer.user_text),(if .length then .length.new-(.length.old//0) else null end)]"
	const object = "{meta:{dt:.meta.dt},wiki,title,user,type}"
	const line = `"\(.meta.dt)  \(.wiki)  \(.title)  \(.user)  \(.comment)  \(.server_url)"`
	jq := func(filter, bar string, ours ...string) question {
		return question{name: strings.Join(ours, " "), ours: ours, rival: []string{"jq", "-rc", filter}, slow: true, bar: bar}
	}
	miller := func(output, bar string, ours ...string) question {
		return question{name: strings.Join(ours, " "), ours: ours, rival: []string{"mlr", "--ijsonl", output, "cut", "-o", "-f", fields}, slow: true, bar: bar}
	}
	return []question{
		jq(cells+"|@tsv", ">= 30", "-f", fields),
		miller("--otsv", ">= 10", "-f", fields),
		jq(derivedCells+"|@tsv", "", "-f", derived),
		jq(cells+"|@csv", "", "--csv", "--no-header", "-f", fields),
		miller("--ocsv", "", "--csv", "-f", fields),
		jq(object, "", "--json", "-f", fields),
		miller("--ojsonl", "", "--json", "-f", fields),
		jq(line, ">= 15", "--line"),
	}
}
