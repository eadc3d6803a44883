package stream

import (
	"fmt"
	"net/http"
	"net/netip"
	"net/url"

	"github.com/wmtools/wm/lib/event"
)

// maxRedirects is how many redirects in a row are followed.
const maxRedirects = 5

// redirects returns the rule for redirects: to the same host, from https to
// https, or on this machine they are followed; those to another host are told,
// once each. Anything else would hand the user's address and position to
// whoever stands in between.
func redirects(notice func(error)) func(*http.Request, []*http.Request) error {
	told := ""
	return func(req *http.Request, via []*http.Request) error {
		from := via[len(via)-1].URL
		if len(via) > maxRedirects {
			return &finalError{fmt.Errorf("server redirects more than %d times, at last to %s", maxRedirects, req.URL.Redacted())}
		}
		if !follow(from, req.URL) {
			return &finalError{event.WithHint(fmt.Errorf("server redirects to %s: not followed", req.URL.Redacted()),
				"give that address with --url if you trust it")}
		}
		if target := req.URL.Scheme + "://" + req.URL.Host; req.URL.Host != from.Host && target != told {
			told = target
			notice(fmt.Errorf("%s redirects to %s", from.Host, target))
		}
		return nil
	}
}

func follow(from, to *url.URL) bool {
	if from.Scheme == "https" || from.Hostname() == to.Hostname() && to.Scheme == "https" {
		return to.Scheme == "https"
	}
	return to.Scheme == "http" && (from.Host == to.Host || onLoopback(from) && onLoopback(to))
}

func onLoopback(u *url.URL) bool {
	if u.Hostname() == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(u.Hostname())
	return err == nil && ip.IsLoopback()
}
