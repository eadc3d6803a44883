package main

import (
	"cmp"
	"strings"
)

// question is a task for a program and for a rival.
type question struct {
	name  string
	ours  []string // arguments of the program
	rival []string // command
	note  string   // on the rival
	slow  bool     // the rival gets a share of the data: all of it would take minutes
	bar   string   // on the rival's seconds / ours
}

// share is how much of the data the rival reads.
func (q question) share() float64 {
	if q.slow {
		return grepShare
	}
	return 1
}

func (b filterBench) questions() []question {
	all := append(b.patterns(), b.fields()...)
	return append(all, question{
		name: "-k user@FILE, 100,000 names", ours: []string{"-k", "user@" + b.data.namesFile},
		rival: []string{b.program, "-k", "user=" + b.data.name}, note: "-k user=NAME", bar: ">= 0.67",
	})
}

// patterns are put to ripgrep.
func (b filterBench) patterns() []question {
	pattern := func(ours, theirs, bar string) question {
		q := question{name: ours, ours: []string{"-e", ours}, rival: []string{"rg", "-e", cmp.Or(theirs, ours)}, bar: bar}
		if theirs != "" {
			q.note = `(?-u:\b)`
		}
		return q
	}
	boundary := pattern(`\b(revert|undid|rvv)\b`, "", ">= 3")
	boundary.slow = true // Unicode's \b keeps ripgrep from its fast engine
	words := []string{"-f", b.data.wordsFile}
	return []question{
		pattern("enwiki", "", ">= 1"),
		pattern(".*en.wikipedia.*", "", ">= 1"),
		pattern("(?i)vandal", "", ">= 1"),
		pattern(`"bot":true.*"namespace":0`, "", ">= 1"), // never in this order
		pattern(`"namespace":0.*"bot":true`, "", ">= 1"),
		boundary,
		pattern(`\b(revert|undid|rvv)\b`, `(?-u:\b)(revert|undid|rvv)(?-u:\b)`, ">= 1"),
		pattern(`\b(?:[0-9]{1,3}\.){3}[0-9]{1,3}\b`, `(?-u:\b)(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?-u:\b)`, ">= 1"),
		{name: "-f FILE, 50 words", ours: words, rival: append([]string{"rg"}, words...), bar: ">= 1"},
		pattern(".", "", ">= 1"),
	}
}

// fields are put to jq and jaq.
func (b filterBench) fields() (all []question) {
	for _, f := range []struct{ terms, filter string }{
		{"wiki=enwiki", `.wiki == "enwiki"`},
		{"wiki=enwiki bot=false", `.wiki == "enwiki" and .bot == false`},
		{"length.new>100000", `.length.new != null and .length.new > 100000`}, // null is less than a number
	} {
		var ours []string
		for term := range strings.FieldsSeq(f.terms) {
			ours = append(ours, "-k", term)
		}
		for _, r := range []struct{ name, bar string }{{"jq", ">= 20"}, {"jaq", ">= 5"}} {
			all = append(all, question{
				name: strings.Join(ours, " "), ours: ours,
				rival: []string{r.name, "-c", "select(" + f.filter + ")"}, slow: true, bar: r.bar,
			})
		}
	}
	return all
}
