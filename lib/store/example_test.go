package store_test

import (
	"context"
	"fmt"
	"log"
	"os"

	"github.com/wmtools/wm/lib/store"
)

// Documents are written to an index, which is created with the first of them, and
// found and counted by the next search.
func Example() {
	dir, err := os.MkdirTemp("", "store")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	s, err := store.Open(dir, store.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer s.Close()
	ctx := context.Background()

	outcomes := s.Write(ctx, []store.Op{
		{Index: "edits", ID: "1", Source: []byte(`{"wiki":"enwiki","comment":"fix a typo"}`)},
		{Index: "edits", ID: "2", Source: []byte(`{"wiki":"dewiki","comment":"typo"}`)},
		{Index: "edits", ID: "3", Source: []byte(`{"wiki":"enwiki","comment":"add a source"}`)},
	})
	for _, o := range outcomes {
		if o.Err != nil {
			log.Fatal(o.Err)
		}
	}

	answer, err := s.Search(ctx, []string{"edits"}, store.Search{
		Query:  store.Match{Field: "comment", Text: store.Scalar{Kind: store.StringScalar, Text: "Typo"}},
		Size:   10,
		Source: true,
		Aggs:   []store.NamedAgg{{Name: "wikis", Agg: store.Terms{Field: "wiki.keyword", Size: 5, MinDocs: 1}}},
	})
	if err != nil {
		log.Fatal(err)
	}
	for _, hit := range answer.Hits {
		fmt.Println(hit.ID, string(hit.Source))
	}
	for _, bucket := range answer.Aggs[0].Result.(store.Buckets).List {
		fmt.Println(bucket.Key.Text, bucket.Docs)
	}
	// Output:
	// 2 {"wiki":"dewiki","comment":"typo"}
	// 1 {"wiki":"enwiki","comment":"fix a typo"}
	// dewiki 1
	// enwiki 1
}
