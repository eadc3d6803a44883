// Package es is a client for Elasticsearch, OpenSearch and wm-store: connections,
// errors, index names, the index template and indices. Most callers make a
// [Client] with [New] and pass it to package bulk, which writes events, or to
// package query, which reads them.
//
// Failed requests return an [*Error], which holds the facts: server, index, HTTP
// status, type and reason. What the user can do about it is up to the caller.
//
// The package uses go-elasticsearch's request structs over the bare transport.
// The root package, esutil and the typed API would add minutes of build time,
// and esutil's bulk indexer drops documents when a node is busy.
package es

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/elastic/elastic-transport-go/v8/elastictransport"
	"github.com/elastic/go-elasticsearch/v8/esapi"
)

// Client sends requests to the nodes of one cluster in turn. Several goroutines
// may use it at the same time.
type Client struct {
	urls      []*url.URL
	transport *elastictransport.Client

	mu         sync.Mutex
	openSearch *bool // nil: not known yet
}

// New returns a client. It does not connect yet.
func New(o Options) (*Client, error) {
	urls, err := o.addresses()
	if err != nil {
		return nil, err
	}
	rt := o.Transport
	if rt == nil {
		tr := transport((&net.Dialer{Timeout: dialTimeout}).DialContext, o.silence())
		if tr.TLSClientConfig, err = o.trust(); err != nil {
			return nil, err
		}
		rt = tr
	}
	t, err := elastictransport.NewClient(append(o.credentials(), elastictransport.WithURLs(urls...), elastictransport.WithTransport(rt),
		// The caller retries: only it knows which documents are still open.
		elastictransport.WithDisableRetry())...)
	if err != nil {
		return nil, fmt.Errorf("elasticsearch client: %w", err)
	}
	return &Client{urls: urls, transport: t}, nil
}

// Address returns the URLs of the nodes, separated by commas, without passwords.
func (c *Client) Address() string {
	var all []string
	for _, u := range c.urls {
		all = append(all, u.Redacted())
	}
	return strings.Join(all, ",")
}

// Remote reports whether a node is on another machine and reached by https.
// Compressing requests to it is worth the CPU time.
func (c *Client) Remote() bool {
	return slices.ContainsFunc(c.urls, func(u *url.URL) bool {
		address, err := netip.ParseAddr(u.Hostname())
		loopback := u.Hostname() == "localhost" || err == nil && address.IsLoopback()
		return u.Scheme == "https" && !loopback
	})
}

// Answer is a whole response, of any status.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// Do sends a request and returns the body of the answer. The error is an *Error,
// also for an answer whose status is not 2xx.
func (c *Client) Do(ctx context.Context, req esapi.Request) ([]byte, error) {
	a, err := c.do(ctx, req)
	if err != nil {
		return nil, c.unanswered(ctx, err)
	}
	if a.Status/100 != 2 {
		return nil, c.Refused(a)
	}
	return a.Body, nil
}

// Stream sends a request and passes the body of the answer to read while it
// arrives. The error is that of read, or an *Error.
func (c *Client) Stream(ctx context.Context, req esapi.Request, read func(io.Reader) error) error {
	res, err := c.send(ctx, req)
	if err != nil {
		return c.unanswered(ctx, err)
	}
	defer res.Body.Close()
	if res.StatusCode/100 != 2 {
		body, _ := io.ReadAll(io.LimitReader(res.Body, 1<<20)) // what has arrived explains enough
		return c.Refused(Answer{res.StatusCode, res.Header, body})
	}
	return read(res.Body)
}

// do sends a request and reads the whole answer. The error means that no whole
// answer came; a status of 400 and above is not an error.
func (c *Client) do(ctx context.Context, req esapi.Request) (Answer, error) {
	res, err := c.send(ctx, req)
	return whole(res, err, nil)
}

// send sends a request to the next node in turn, and to the following nodes
// while they cannot be reached.
func (c *Client) send(ctx context.Context, req esapi.Request) (res *esapi.Response, err error) {
	for range c.urls {
		if res, err = req.Do(ctx, c.transport); !unreached(err) {
			break
		}
	}
	return res, err
}

// unreached reports whether no connection could be made for a request.
func unreached(err error) bool {
	e, ok := errors.AsType[*net.OpError](err)
	return ok && e.Op == "dial"
}

// whole reads an answer to its end into the memory of a previous one.
func whole(res *esapi.Response, err error, into []byte) (Answer, error) {
	if err != nil {
		return Answer{}, err
	}
	defer res.Body.Close()
	body := bytes.NewBuffer(into[:0])
	if _, err := body.ReadFrom(res.Body); err != nil {
		return Answer{}, fmt.Errorf("answer cut short: %w", err)
	}
	return Answer{res.StatusCode, res.Header, body.Bytes()}, nil
}
