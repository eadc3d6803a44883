// Package lib is the map of wm. Each folder is a room; a room may import only
// those to the left of it here, and imports_test.go holds the house to that.
//
//	jsonscan  byte-level JSON: skip, check and decode values, compare numbers, diagnose lines. Imports no room
//	event     the nouns: Event, Source, Sink, Copy, derived fields, Hint. Imports no room
//	words     text into tokens, as Elasticsearch's standard analyzer does. Imports no room
//	ndjson    bytes <-> events: blocks of lines, gzip and zstd, a writer that is flushed when its input is drained
//	stream    Wikimedia EventStreams: connection, frames, position, resume. The only room that dials it
//	match     the query language: regular expressions over lines (match/lines finds them), terms over fields
//	grep      runs blocks through a query, several at a time, and prints what matches, in order
//	es        Elasticsearch seen from a client: bulk, search, index template. The only importer of go-elasticsearch
//	store     the embedded engine: documents in, hits and buckets out. No HTTP, no Wikimedia
//	eshttp    Elasticsearch's REST face over a store
//	mediawiki a change as MediaWiki shows it: links, flag letters, edit summaries, logs
//	web       the dashboard: its API and its page
//	app       what every main needs: command line, exit codes, signals, HTTP frame. Imports no room; only cmd imports it
//	estest    one suite of requests for any Elasticsearch, the embedded one and the real one. Only tests import it
//	simulate  made-up events and a look-alike of the EventStreams service. Only tests and scripts import it
//
// Who may import whom: jsonscan < event, match, stream, es, store; event < ndjson, match, grep, stream, es, mediawiki, web; mediawiki < web;
// words < store; ndjson < grep; match < grep, es, web; es < web, estest; store < eshttp;
// every room but simulate and estest < cmd. In tests, es, web and estest may start
// eshttp over a store, and any room may use simulate and estest.
//
// Data flows along the shell's pipes, one process a stage:
//
//	wm-tail  stream -> ndjson
//	wm-grep  ndjson -> grep(match) -> ndjson
//	wm-es    ndjson -> es -> HTTP
//	wm-store HTTP -> eshttp -> store
//	wm-serve browser -> web -> es -> HTTP
package lib
