package stream

import (
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
)

// maxRedirects is how many redirects in a row are followed.
const maxRedirects = 5

// redirects returns the policy for redirects. They are followed to the same
// host, from https to https, and on this machine; those to another host are
// reported, once each. Following any other would reveal the user's address and
// position to an attacker on the network.
func redirects(notice func(error)) func(*http.Request, []*http.Request) error {
	reported := ""
	return func(req *http.Request, via []*http.Request) error {
		from := via[len(via)-1].URL
		if len(via) > maxRedirects {
			return &finalError{fmt.Errorf("server redirects more than %d times, last to %s", maxRedirects, req.URL.Redacted())}
		}
		if !follow(from, req.URL) {
			return &finalError{&RedirectError{To: req.URL.Redacted()}}
		}
		if target := req.URL.Scheme + "://" + req.URL.Host; req.URL.Host != from.Host && target != reported {
			reported = target
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
