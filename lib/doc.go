// Package lib documents the packages of wm and the imports allowed between them.
// imports_test.go reads the tables below and fails on an import they do not
// list, and on an entry that no file needs. To add a package or an import, add
// it here.
//
// # Packages
//
//	app             what every program needs: command line, configuration, exit status, signals, terminal, HTTP middleware
//	cursor          a position in the stream: the cursor file (lock, load, save) and watermarks
//	es              Elasticsearch client: connection, errors, index templates, indices
//	es/bulk         writing: documents, batches, outcomes, retries, the ledger
//	es/query        reading: the query language as a bool query, search, rankings, paging
//	eshttp          Elasticsearch's REST interface over a store
//	estest          conformance suite for any Elasticsearch, the embedded one and real ones
//	event           Event and its derived fields, Source, Sink, Copy
//	grep            runs blocks of lines through a matcher in parallel and prints matches in order
//	jsonscan        byte-level JSON primitives: skip, unescape, compare numbers, depth limit
//	match           the query language: regular expressions over lines, predicates over fields, words
//	match/lines     finds the lines that match a regular expression
//	mediawiki       a change as MediaWiki shows it: links, flags, edit summaries, log entries
//	ndjson          bytes to events and back: block reader (gzip, zstd), writer that flushes when its input is drained
//	simulate         synthetic events, for tests, benchmarks and the demo
//	simulate/service a service that looks like EventStreams and serves them
//	store           the embedded engine: documents in, hits and buckets out
//	stream          Wikimedia EventStreams: connection, frames, position, resume
//	table           fields of events as columns: readable lines, TSV, CSV, JSON
//	web             the dashboard: API and page
//	web/browsertest tests of the page in a browser
//	words           text to tokens, as Elasticsearch's standard analyzer does
//
// # Allowed imports
//
// Programs and libraries may import these packages of this module:
//
//	app
//	cursor
//	es              jsonscan
//	es/bulk         cursor es event jsonscan
//	es/query        es event match
//	eshttp          jsonscan store words
//	estest          es
//	event           cursor jsonscan
//	grep            cursor event match ndjson
//	jsonscan
//	match           event jsonscan match/lines words
//	match/lines
//	mediawiki       event
//	ndjson          event
//	simulate
//	simulate/service simulate
//	store           jsonscan words
//	stream          cursor event ndjson
//	table           cursor event jsonscan match mediawiki ndjson
//	web             es es/bulk es/query event match mediawiki
//	web/browsertest
//	words
//	cmd
//	cmd/internal/advice  cursor es es/query event jsonscan match ndjson
//	cmd/internal/esconn  app cmd/internal/advice es
//	cmd/internal/period app event
//	cmd/internal/cmdtest event simulate simulate/service
//	cmd/wm-cut      app cmd/internal/advice cmd/internal/period event match ndjson table
//	cmd/wm-es       app cmd/internal/advice cmd/internal/esconn cmd/internal/period cursor es es/bulk es/query event match ndjson table
//	cmd/wm-grep     cmd/internal/advice cmd/internal/period app event grep match ndjson
//	cmd/wm-serve    app cmd/internal/advice cmd/internal/esconn es es/query event web
//	cmd/wm-store    app eshttp event store
//	cmd/wm-tail     cmd/internal/period app cmd/internal/advice cursor event ndjson stream
//
// # Test packages
//
// Only tests, scripts and other test packages may import these:
//
//	estest
//	simulate
//	simulate/service
//	cmd/internal/cmdtest
//
// # Imports of tests
//
// Test files may import test packages, and these in addition:
//
//	cmd             app cursor event
//	es/bulk         eshttp ndjson store
//	es/query        es/bulk eshttp store
//	estest          eshttp store
//	web             eshttp store
//	web/browsertest es es/bulk es/query eshttp event store web
//
// Anything in scripts may import any package in lib.
//
// # Third-party packages
//
// Each third-party module belongs to the packages listed here; scripts may use
// modules of their own.
//
//	github.com/VictoriaMetrics/metrics         any
//	github.com/chromedp                        web/browsertest
//	github.com/elastic/elastic-transport-go/v8 es
//	github.com/elastic/go-elasticsearch/v8     es es/query
//	github.com/klauspost/compress              any
//	github.com/mattn/go-runewidth              table
//	github.com/r3labs/sse/v2                   stream
//	github.com/rivo/uniseg                     words
//	github.com/rogpeppe/go-internal            cmd
//	github.com/tidwall/gjson                   any
//	github.com/urfave/cli/v2                   app cmd
//	github.com/xrash/smetrics                  stream
//	go.yaml.in/yaml/v3                         app
//	golang.org/x                               any
//	modernc.org/sqlite                         store
package lib
