package stream

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/wmtools/wm/lib/event"
)

// streamURL returns the URL of some streams, and their names. The base is the
// URL of the service, or the whole URL of a stream, which then names the
// streams itself.
func streamURL(base string, streams []string) (*url.URL, []string, error) {
	if base == "" {
		base = DefaultURL
	}
	u, err := parseURL(base)
	if err != nil {
		return nil, nil, event.WithHint(err, "write it like "+DefaultURL)
	}
	if path := strings.Trim(u.Path, "/"); path != "" {
		if len(streams) > 0 {
			return nil, nil, event.WithHint(fmt.Errorf("%s already names its streams", u.Redacted()),
				"give the address of the service, or name no other streams")
		}
		return u, strings.Split(path[strings.LastIndexByte(path, '/')+1:], ","), nil
	}
	if len(streams) == 0 {
		streams = []string{DefaultStream}
	}
	if i := slices.IndexFunc(streams, func(s string) bool { return s == "" || strings.ContainsAny(s, ",/?# ") }); i >= 0 {
		return nil, nil, event.WithHint(fmt.Errorf("not a stream: %q", streams[i]), "separate several streams with blanks")
	}
	return u.JoinPath("v2", "stream", strings.Join(streams, ",")), streams, nil
}

func parseURL(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil || u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("not an address: %q", text)
	}
	if port := u.Port(); port != "" {
		if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
			return nil, fmt.Errorf("not an address: %q: no such port: %s", text, port)
		}
	}
	return u, nil
}

// takeSince removes since from the URL and returns it in milliseconds, or 0.
func (c *connector) takeSince(now time.Time) (int64, error) {
	q := c.url.Query()
	values := q["since"]
	q.Del("since")
	c.url.RawQuery = q.Encode()
	text := strings.Join(values, ",") // two values are not a time
	if text == "" {
		return 0, nil
	}
	t, ok := serviceTime(text)
	if !ok {
		return 0, event.WithHint(fmt.Errorf("not a time: since=%s", text),
			"write 2026-01-31, 2026-01-31T00:00:00Z, or milliseconds since 1970")
	}
	if t.After(now) {
		return 0, fmt.Errorf("since=%s is in the future", text)
	}
	return max(1, t.UnixMilli()), nil
}

// serviceTime parses a time as the service does: a number is milliseconds since
// 1970, anything else a date.
func serviceTime(text string) (time.Time, bool) {
	if ms, err := strconv.ParseInt(text, 10, 64); err == nil {
		return time.UnixMilli(ms), ms >= 0
	}
	for _, layout := range [...]string{
		time.RFC3339, "2006-01-02T15:04Z07:00", "2006-01-02T15:04:05", "2006-01-02T15:04", time.DateOnly, "2006-01",
		time.DateTime, "2006-01-02 15:04", time.RFC1123, time.RFC1123Z,
	} {
		if t, err := time.Parse(layout, text); err == nil && t.UnixMilli() >= 0 {
			return t, true
		}
	}
	return time.Time{}, false
}
