package stream

import (
	"context"
	"errors"
	"fmt"
	"mime"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/wmtools/wm/lib/event"
)

const (
	// maxHeader is the largest accepted response header, in bytes. Those of the
	// service are below 2 KiB.
	maxHeader = 64 << 10
	// lookTimeout bounds requests other than the stream itself.
	lookTimeout = 10 * time.Second
)

// connector opens connections to one URL.
type connector struct {
	url       *url.URL // without since, which depends on the position
	streams   []string
	agent     string
	idle      time.Duration
	transport *http.Transport
	client    *http.Client
}

func newConnector(o Options) (*connector, error) {
	u, streams, err := streamURL(o.URL, o.Streams)
	if err != nil {
		return nil, err
	}
	tr := http.DefaultTransport.(*http.Transport).Clone()
	// HTTP/1 costs less CPU than HTTP/2, and a connection has one request.
	tr.Protocols = new(http.Protocols)
	tr.Protocols.SetHTTP1(true)
	// Compression on the way could hold events back.
	tr.DisableCompression = true
	tr.DisableKeepAlives = true
	// Smaller than the gate's buffer: large reads go there directly.
	tr.ReadBufferSize = 64 << 10
	tr.MaxResponseHeaderBytes = maxHeader
	tr.OnProxyConnectResponse = judgeProxy
	return &connector{
		url: u, streams: streams, agent: o.UserAgent, idle: o.Idle, transport: tr,
		client: &http.Client{Transport: tr, CheckRedirect: redirects(o.OnNotice)},
	}, nil
}

// ask is the position at which a connection should begin. The zero value means
// the live end.
type ask struct {
	since       int64 // ms
	lastEventID string
}

// open requests events. The server must respond within limit; the connection then
// lives until it is closed or ctx is done.
func (c *connector) open(ctx context.Context, what ask, limit time.Duration) (*connection, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	u := *c.url
	if what.since > 0 {
		q := u.Query()
		// The service would read a number as the time 0 and send everything that it
		// has kept.
		q.Set("since", time.UnixMilli(what.since).UTC().Format(event.TimestampLayout)) // the service misreads numbers
		u.RawQuery = q.Encode()
	}
	timer := time.AfterFunc(limit, func() { cancel(&answerTimeout{limit}) })
	defer timer.Stop()
	res, err := c.get(ctx, &u, what.lastEventID)
	if err != nil {
		defer cancel(nil)
		if late, ok := errors.AsType[*answerTimeout](context.Cause(ctx)); ok {
			return nil, late
		}
		return nil, err
	}
	if err := judge(res); err != nil {
		res.Body.Close()
		cancel(nil)
		return nil, err
	}
	return newConnection(ctx, cancel, res, c.idle), nil
}

// get sends one request.
func (c *connector) get(ctx context.Context, u *url.URL, lastEventID string) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, &finalError{err}
	}
	req.Header.Set("Accept", "text/event-stream")
	req.Header.Set("User-Agent", c.agent)
	if lastEventID != "" {
		req.Header.Set("Last-Event-ID", lastEventID)
	}
	res, err := c.client.Do(req)
	if err != nil {
		// Every message already begins with the host: no URL, no address.
		if u, ok := errors.AsType[*url.Error](err); ok {
			err = u.Err
		}
		if dial, ok := errors.AsType[*net.OpError](err); ok && dial.Op == "dial" {
			err = dial.Err
		}
		return nil, explain(err)
	}
	if res.StatusCode == http.StatusProxyAuthRequired {
		if proxy, err := c.transport.Proxy(res.Request); err == nil && proxy != nil {
			res.Body.Close()
			return nil, judgeProxy(ctx, proxy, req, res)
		}
	}
	return res, nil
}

// judge returns an error for a response that is not an event stream.
func judge(res *http.Response) error {
	if res.StatusCode != http.StatusOK {
		return refusal(res)
	}
	contentType := res.Header.Get("Content-Type")
	if kind, _, err := mime.ParseMediaType(contentType); err != nil || kind != "text/event-stream" {
		return &answerError{fmt.Sprintf("server sends %q instead of an event stream", clip([]byte(contentType)))}
	}
	if encoding := res.Header.Get("Content-Encoding"); encoding != "" && encoding != "identity" {
		return &answerError{fmt.Sprintf("server sends a body in %q, which was not requested", clip([]byte(encoding)))}
	}
	return nil
}

// judgeProxy returns an error for a proxy that does not open a tunnel.
func judgeProxy(_ context.Context, proxy *url.URL, _ *http.Request, res *http.Response) error {
	if res.StatusCode == http.StatusOK {
		return nil
	}
	err := &ProxyError{Proxy: proxy.Redacted(), Code: res.StatusCode, Status: clip([]byte(res.Status))}
	if permanent(res.StatusCode) {
		return &finalError{err}
	}
	return err
}

// serverDate returns the clock of the server, or the local one if the server
// sends none.
func serverDate(res *http.Response) time.Time {
	if t, err := http.ParseTime(res.Header.Get("Date")); err == nil {
		return t
	}
	return time.Now()
}
