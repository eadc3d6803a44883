package match_test

import (
	"errors"
	"fmt"

	"github.com/wmtools/wm/lib/jsonscan"
	"github.com/wmtools/wm/lib/match"
)

func Example() {
	query, err := match.ParseQuery(`wiki=enwiki|dewiki length.new>1000 title:river -bot=true`)
	if err != nil {
		fmt.Println(err)
		return
	}
	predicate, err := match.Compile(query, match.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	block := []byte(`{"wiki":"enwiki","title":"River Ouse","bot":false,"length":{"new":2048}}
{"wiki":"enwiki","title":"River Cam","bot":true,"length":{"new":4096}}
{"wiki":"frwiki","title":"Seine"}{"wiki":"frwiki","title":"Loire"}
`)
	for line, err := range predicate.Lines(block) {
		fmt.Printf("%.36s... %v\n", block[line.Start:line.End], err)
	}
	// Output:
	// {"wiki":"enwiki","title":"River Ouse... <nil>
	// {"wiki":"frwiki","title":"Seine"}{"w... not a JSON object: several objects on one line
}

func ExampleParseQuery_error() {
	const text = "wiki=enwiki wm.kind=bot"
	_, err := match.ParseQuery(text)
	if bad, ok := errors.AsType[*match.SyntaxError](err); ok {
		fmt.Println(bad)
		fmt.Println("at fault:", text[bad.Start:bad.End])
	}
	// Output:
	// term "wm.kind=bot": no field "wm.kind"
	// at fault: wm.kind
}

func ExamplePredicate_Match() {
	query, err := match.ParseQuery(`"undid revision"`)
	if err != nil {
		fmt.Println(err)
		return
	}
	predicate, err := match.Compile(query, match.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(predicate.Match([]byte(`{"comment":"Undid revision 5 by Example"}`)))
	_, err = predicate.Match([]byte(`data: {"comment":"Undid revision 5 by Example"}`))
	fmt.Println(errors.Is(err, jsonscan.ErrNotObject), err)
	// Output:
	// true <nil>
	// true not a JSON object: a line of an SSE stream
}
