// Package es is Elasticsearch seen from a client: bulk indexing, search and the
// index template. It speaks to wm-store and to a real cluster alike, and is the
// only room that imports go-elasticsearch: request structs of esapi over the
// bare transport. The root package, esutil and the typed API stay out; they
// cost minutes of build time, and esutil's bulk indexer drops documents when a
// node is busy.
package es

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"github.com/elastic/elastic-transport-go/v8/elastictransport"
	"github.com/elastic/go-elasticsearch/v8/esapi"
)

// DefaultURL is where wm-store listens, and Elasticsearch too.
const DefaultURL = "http://127.0.0.1:9200"

// Client sends requests to one Elasticsearch, to its nodes in turn.
type Client struct {
	urls      []*url.URL
	transport *elastictransport.Client
}

// Address returns where the client sends to, without passwords.
func (c *Client) Address() string {
	var all []string
	for _, u := range c.urls {
		all = append(all, u.Redacted())
	}
	return strings.Join(all, ",")
}

// Remote reports whether requests go to another machine by https: then there
// are networks in between, for which it is worth compressing them.
func (c *Client) Remote() bool {
	return slices.ContainsFunc(c.urls, func(u *url.URL) bool {
		address, err := netip.ParseAddr(u.Hostname())
		loopback := u.Hostname() == "localhost" || err == nil && address.IsLoopback()
		return u.Scheme == "https" && !loopback
	})
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
	res, err := c.send(ctx, req)
	return whole(res, err, nil)
}

// once is do with one node, the next in turn. The answer is written over into.
func (c *Client) once(ctx context.Context, req esapi.Request, into []byte) (answer, error) {
	res, err := req.Do(ctx, c.transport)
	return whole(res, err, into)
}

// send sends a request to the next node in turn, and to those behind it while
// they cannot be reached.
func (c *Client) send(ctx context.Context, req esapi.Request) (res *esapi.Response, err error) {
	for range c.urls {
		if res, err = req.Do(ctx, c.transport); !unreached(err) {
			break
		}
	}
	return res, err
}

// unreached reports whether a request has not left this machine.
func unreached(err error) bool {
	e, ok := errors.AsType[*net.OpError](err)
	return ok && e.Op == "dial"
}

// whole reads an answer to its end, into memory that may have held another.
func whole(res *esapi.Response, err error, into []byte) (answer, error) {
	if err != nil {
		return answer{}, err
	}
	defer res.Body.Close()
	body := bytes.NewBuffer(into[:0])
	if _, err := body.ReadFrom(res.Body); err != nil {
		return answer{}, fmt.Errorf("answer cut short: %w", err)
	}
	return answer{res.StatusCode, res.Header, body.Bytes()}, nil
}
