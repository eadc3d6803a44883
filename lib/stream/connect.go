package stream

import (
	"context"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/wmtools/wm/lib/event"
)

const (
	// maxHeader is the size in bytes of the largest header of an answer. The
	// service's own have less than two KiB.
	maxHeader = 64 << 10
	// sinceForm is the form of a time that the service cannot misread.
	sinceForm = "2006-01-02T15:04:05.000Z"
	// lookTimeout bounds requests beside the stream itself.
	lookTimeout = 10 * time.Second
)

// connector opens connections to one URL.
type connector struct {
	url     *url.URL // without since, which is the position's business
	streams []string
	agent   string
	idle    time.Duration
	client  *http.Client
}

func newConnector(cfg Config) (*connector, error) {
	u, streams, err := streamURL(cfg.URL, cfg.Streams)
	if err != nil {
		return nil, err
	}
	tr := http.DefaultTransport.(*http.Transport).Clone()
	// HTTP/1 costs less CPU than HTTP/2, and there is one request a connection.
	tr.Protocols = new(http.Protocols)
	tr.Protocols.SetHTTP1(true)
	// Nobody on the way may collect events to compress them together.
	tr.DisableCompression = true
	tr.DisableKeepAlives = true
	// Less than the gate's: what arrives in large pieces goes there at once.
	tr.ReadBufferSize = 64 << 10
	tr.ResponseHeaderTimeout = cfg.Idle
	tr.MaxResponseHeaderBytes = maxHeader
	c := &connector{url: u, streams: streams, agent: cfg.UserAgent, idle: cfg.Idle}
	c.client = &http.Client{Transport: tr, CheckRedirect: redirects(cfg.OnNotice)}
	return c, nil
}

// streamURL returns the URL of some streams, and their names: base is that of
// the service, or a whole stream URL, which then names the streams itself.
func streamURL(base string, streams []string) (*url.URL, []string, error) {
	if base == "" {
		base = DefaultURL
	}
	u, err := url.Parse(base)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, nil, event.WithHint(fmt.Errorf("not an address: %q", base), "write it like "+DefaultURL)
	}
	if path := strings.Trim(u.Path, "/"); path != "" {
		if len(streams) > 0 {
			return nil, nil, event.WithHint(fmt.Errorf("%s already names its streams", base),
				"give the address of the service, or no stream beside it")
		}
		return u, strings.Split(path[strings.LastIndexByte(path, '/')+1:], ","), nil
	}
	if len(streams) == 0 {
		streams = []string{DefaultStream}
	}
	if i := slices.IndexFunc(streams, func(s string) bool { return s == "" || strings.ContainsAny(s, ",/?# ") }); i >= 0 {
		return nil, nil, event.WithHint(fmt.Errorf("not a stream: %q", streams[i]), "several streams are separated by blanks")
	}
	return u.JoinPath("v2", "stream", strings.Join(streams, ",")), streams, nil
}

// takeSince removes since from the URL and returns it in milliseconds; 0 where
// there is none.
func (c *connector) takeSince() (int64, error) {
	q := c.url.Query()
	if !q.Has("since") {
		return 0, nil
	}
	text := q.Get("since")
	q.Del("since")
	c.url.RawQuery = q.Encode()
	if ms, err := strconv.ParseInt(text, 10, 64); err == nil && ms >= 0 {
		return max(1, ms), nil
	}
	t, err := time.Parse(time.RFC3339, text)
	if err != nil || t.UnixMilli() < 1 {
		return 0, event.WithHint(fmt.Errorf("not a time: since=%s", text), "write milliseconds since 1970, or 2026-01-31T00:00:00Z")
	}
	return t.UnixMilli(), nil
}

// ask is where a connection should begin. The zero value asks for the live end.
type ask struct {
	since       int64 // ms
	lastEventID string
}

// open asks for events. The connection lives until it is closed or ctx is done.
func (c *connector) open(ctx context.Context, what ask) (*connection, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	u := *c.url
	if what.since > 0 {
		q := u.Query()
		// Not as a number: the service would take it for the time 0, and send all
		// that it has kept.
		q.Set("since", time.UnixMilli(what.since).UTC().Format(sinceForm))
		u.RawQuery = q.Encode()
	}
	res, err := c.get(ctx, &u, what.lastEventID)
	if err != nil {
		cancel(nil)
		return nil, err
	}
	if err := judge(res, cancel); err != nil {
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
	if err == nil {
		return res, nil
	}
	// The URL is in front of every message already.
	if u, ok := errors.AsType[*url.Error](err); ok {
		err = u.Err
	}
	return nil, explain(err)
}

// judge returns an error for an answer that is no event stream.
func judge(res *http.Response, cancel context.CancelCauseFunc) error {
	if res.StatusCode != http.StatusOK {
		defer time.AfterFunc(lookTimeout, func() { cancel(nil) }).Stop()
		return refusal(res)
	}
	kind, _, err := mime.ParseMediaType(res.Header.Get("Content-Type"))
	if err != nil || kind != "text/event-stream" {
		return &answerError{fmt.Sprintf("server sends %q instead of an event stream", clip([]byte(res.Header.Get("Content-Type"))))}
	}
	if how := res.Header.Get("Content-Encoding"); how != "" && how != "identity" {
		return &answerError{fmt.Sprintf("server sends a body in %q that was not asked for", clip([]byte(how)))}
	}
	return nil
}

// serverDate returns the clock of the server; ours only where it has none.
func serverDate(res *http.Response) time.Time {
	if t, err := http.ParseTime(res.Header.Get("Date")); err == nil {
		return t
	}
	return time.Now()
}
