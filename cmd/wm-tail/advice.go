package main

import (
	"errors"
	"net/http"
	"strings"

	"github.com/wmtools/wm/cmd/internal/advice"
	"github.com/wmtools/wm/lib/event"
	"github.com/wmtools/wm/lib/stream"
)

// advise adds a hint to an error.
func (s *settings) advise(err error) error {
	if unknown, ok := errors.AsType[*stream.UnknownStreamsError](err); ok {
		hint := "wm-tail --list shows the streams that the server offers"
		if len(unknown.Nearest) > 0 {
			hint = "nearest are " + strings.Join(unknown.Nearest, ", ") + "; wm-tail --list shows all"
		}
		return event.WithHint(err, hint)
	}
	if refused, ok := errors.AsType[*stream.StatusError](err); ok && refused.Code == http.StatusForbidden {
		return event.WithHint(err, "say who you are with --contact: the service rejects clients without an address to write to")
	}
	if proxy, ok := errors.AsType[*stream.ProxyError](err); ok {
		return event.WithHint(err, proxyHint(proxy))
	}
	if _, ok := errors.AsType[*stream.RedirectError](err); ok {
		return event.WithHint(err, "give that address with --url if you trust it")
	}
	if other, ok := errors.AsType[*stream.NotStreamError](err); ok && other.Shape != nil {
		return advice.Input(err, s.input, "wm-grep")
	} else if ok {
		return event.WithHint(err, notStreamHint(other))
	}
	return advice.Input(advice.Cursor(err), s.input, "wm-tail --input -")
}

func proxyHint(e *stream.ProxyError) string {
	if e.Code == http.StatusProxyAuthRequired {
		return "set HTTPS_PROXY (or HTTP_PROXY) to http://USER:PASSWORD@HOST:PORT"
	}
	return "ask the administrator of the proxy to allow the host, or add it to NO_PROXY"
}

func notStreamHint(e *stream.NotStreamError) string {
	if e.Events {
		return "these are events already: wm-grep, wm-cut and wm-es read them"
	}
	return "--input reads what curl saves: lines that begin with event:, id: and data:"
}
