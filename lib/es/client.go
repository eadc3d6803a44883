// Package es is Elasticsearch seen from a client: bulk indexing, search and the
// index template. It speaks to wm-store and to a real cluster alike, and is the
// only room that imports go-elasticsearch: request structs of esapi over the
// bare transport. The root package, esutil and the typed API stay out; they
// cost minutes of build time, and esutil's bulk indexer drops documents when a
// node is busy.
package es

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"time"

	"github.com/elastic/elastic-transport-go/v8/elastictransport"
	"github.com/elastic/go-elasticsearch/v8/esapi"

	"github.com/wmtools/wm/lib/event"
)

// DefaultURL is where wm-store listens, and Elasticsearch too.
const DefaultURL = "http://127.0.0.1:9200"

// Client sends requests to one Elasticsearch.
type Client struct {
	url       *url.URL
	transport *elastictransport.Client
}

// New makes a client for an address such as http://127.0.0.1:9200; user and
// password may stand in it. It does not connect yet.
func New(address string) (*Client, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, event.WithHint(fmt.Errorf("not an Elasticsearch address: %q", address),
			"write it like "+DefaultURL)
	}
	tr := http.DefaultTransport.(*http.Transport).Clone()
	tr.WriteBufferSize = 64 << 10
	tr.ResponseHeaderTimeout = 2 * time.Minute
	return newClient(u, tr)
}

func newClient(u *url.URL, tr http.RoundTripper) (*Client, error) {
	t, err := elastictransport.NewClient(elastictransport.WithURLs(u), elastictransport.WithTransport(tr),
		// Retrying is the caller's: only it knows which documents are still open.
		elastictransport.WithDisableRetry())
	if err != nil {
		return nil, fmt.Errorf("elasticsearch client: %w", err)
	}
	return &Client{url: u, transport: t}, nil
}

// Address returns where the client sends to, without the password.
func (c *Client) Address() string { return c.url.Redacted() }

// Remote reports whether requests go to another machine by https: then there
// are networks in between, for which it is worth compressing them.
func (c *Client) Remote() bool {
	host := c.url.Hostname()
	address, err := netip.ParseAddr(host)
	loopback := host == "localhost" || err == nil && address.IsLoopback()
	return c.url.Scheme == "https" && !loopback
}

// answer is the status, header and whole body of one response.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// do sends a request and reads the whole answer. An error means that there was
// no whole answer; a status of 400 and more is not an error here.
func (c *Client) do(ctx context.Context, req esapi.Request) (answer, error) {
	res, err := req.Do(ctx, c.transport)
	if err != nil {
		return answer{}, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return answer{}, fmt.Errorf("answer cut short: %w", err)
	}
	return answer{res.StatusCode, res.Header, body}, nil
}
