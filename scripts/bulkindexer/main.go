// Command bulkindexer writes the events of its standard input to Elasticsearch
// with go-elasticsearch's bulk indexer and its default options. The bench compares
// wm-es with it.
//
//	cat events.ndjson | bulkindexer http://127.0.0.1:9200
package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/elastic/go-elasticsearch/v8"
	"github.com/elastic/go-elasticsearch/v8/esutil"
	"github.com/tidwall/gjson"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: bulkindexer URL < EVENTS")
		os.Exit(2)
	}
	written, err := index(context.Background(), os.Args[1], os.Stdin)
	fmt.Fprintf(os.Stderr, "bulkindexer: %d written\n", written)
	if err != nil {
		fmt.Fprintln(os.Stderr, "bulkindexer:", err)
		os.Exit(2)
	}
}

// index writes each line as a document whose id is meta.id.
func index(ctx context.Context, url string, in io.Reader) (written uint64, err error) {
	client, err := elasticsearch.NewClient(elasticsearch.Config{Addresses: []string{url}})
	if err != nil {
		return 0, err
	}
	bulk, err := esutil.NewBulkIndexer(esutil.BulkIndexerConfig{Client: client, Index: "bench"})
	if err != nil {
		return 0, err
	}
	lines := bufio.NewScanner(in)
	lines.Buffer(make([]byte, 1<<20), 16<<20)
	for lines.Scan() {
		line := lines.Text() // a copy: the indexer reads it later
		err := bulk.Add(ctx, esutil.BulkIndexerItem{
			Action:     "create",
			DocumentID: gjson.Get(line, "meta.id").Str,
			Body:       strings.NewReader(line),
		})
		if err != nil {
			return bulk.Stats().NumFlushed, err
		}
	}
	if err := bulk.Close(ctx); err != nil {
		return bulk.Stats().NumFlushed, err
	}
	stats := bulk.Stats()
	if stats.NumFailed > 0 {
		return stats.NumFlushed, fmt.Errorf("%d of %d failed", stats.NumFailed, stats.NumAdded)
	}
	return stats.NumFlushed, lines.Err()
}
