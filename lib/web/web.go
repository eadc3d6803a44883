// Package web is the dashboard: one page that shows the contents of an Elasticsearch
// index of wm-es, and the JSON API that the page uses.
//
// Most callers need [New] with [Options], and serve the [Dashboard] that it
// returns. The browser sends names, numbers, times and the query language of
// lib/match; every search is built here from structs. The page loads nothing
// from other servers, and its content security policy makes the browser enforce
// that.
package web

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/wmtools/wm/lib/es/query"
)

// Searcher answers searches; the client of lib/es/query is one.
type Searcher interface {
	// Msearch returns one page for each search, in the same order. A search that
	// was rejected has a page with Err set. An index that does not exist counts
	// as empty.
	Msearch(ctx context.Context, index string, searches []query.Search) ([]query.Page, error)
	// Each calls visit with the first n hits of a query in order.
	Each(ctx context.Context, index string, q query.Clause, order []query.Sort, n int, visit func(query.Hit) error) error
}

// Options of a [Dashboard]. Searcher and Index are required.
type Options struct {
	Searcher Searcher
	// Index is a pattern of index names as es.ParseIndexPattern reads it. With
	// {stream} in it, a view searches only the indices of its stream; without,
	// the stream becomes a condition on the documents.
	Index string
	// Source names the server in the footer, such as "wm-store at
	// 127.0.0.1:9200".
	Source  string
	Version string           // of wm, for the footer
	Title   string           // of the page; default "Wikimedia changes"
	Now     func() time.Time // the end of relative ranges; default time.Now
	// OnError receives each failed search. Browsers get no details.
	OnError func(error)
	// PublicURL is the URL at which a proxy serves the page, such as
	// https://tools.example/wm/; nil means the root of this server.
	PublicURL *url.URL
	// Views are named views that the page offers, read-only.
	Views []NamedView
	// Commands returns command lines that print the events of a selection, for the
	// page to copy.
	Commands func(Selection) []Command
	// Client returns the address of the client that sent a request, for limits;
	// default: the remote address of the connection.
	Client func(*http.Request) string
	// MaxLive bounds the live streams of one client; default 32.
	MaxLive int
}

// NamedView is a named view of the page.
type NamedView struct {
	Name   string `json:"name"`
	Params string `json:"params"` // of the address, such as "q=bot%3Dtrue&range=7d"
}

// Selection is what a view selects: the events of one stream.
type Selection struct {
	Stream       string // such as "recentchange"
	Query        string // in the query language; "": all events
	Since, Until time.Time
	Live         bool   // the view ends at the present
	URL          string // of the same events from this dashboard
}

// Command is a command line that prints the events of a [Selection].
type Command struct {
	ID    string `json:"id"` // "pipeline", "search" or "curl"
	Label string `json:"label"`
	Text  string `json:"text"`
}
