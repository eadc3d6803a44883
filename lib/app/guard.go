package app

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"syscall"
)

// Guard decides who may use a server. The zero Guard admits requests from this
// machine only.
type Guard struct {
	Hosts []string // host names besides those of this machine
	Users *Users   // nil: no authentication, and only loopback addresses are served

	// Refuse writes the answer to a request that is not admitted; nil is
	// http.Error.
	Refuse func(w http.ResponseWriter, r *http.Request, status int, reason string)
}

// ParseHosts splits a list of host names such as "wm.example,store".
func ParseHosts(list string) ([]string, error) {
	if list == "" {
		return nil, nil
	}
	hosts := strings.Split(strings.ToLower(list), ",")
	for _, h := range hosts {
		if h == "" || strings.ContainsAny(h, "/ *") {
			return nil, fmt.Errorf("not a host name: %q", h)
		}
	}
	return hosts, nil
}

// Listen opens a TCP listener. Without users it refuses all but loopback
// addresses: anyone who can reach the port could read and, on wm-store, write.
func (g Guard) Listen(address string) (net.Listener, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, &advice{fmt.Errorf("cannot listen on %q: %w", address, err), "write it like 127.0.0.1:9200"}
	}
	if g.Users == nil && !isLoopback(host) {
		return nil, &advice{fmt.Errorf("cannot listen on %s: only loopback addresses are allowed without --users", address),
			"give --users FILE, or listen on 127.0.0.1"}
	}
	ln, err := net.Listen("tcp", address)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, &advice{fmt.Errorf("cannot listen on %s: the port is in use", address),
			"another copy may be running; choose another port"}
	}
	return ln, err
}

// Handler passes on the requests that are admitted.
//
// A page on the internet can make the user's browser send requests to
// 127.0.0.1. Under another name (DNS rebinding) the Host header gives it
// away, otherwise the Origin header does.
func (g Guard) Handler(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case !g.knows(r.Host):
			g.refuse(w, r, http.StatusForbidden, fmt.Sprintf("host %q is not allowed: use localhost or 127.0.0.1, or add it with --hosts", r.Host))
		case !sameOrigin(r):
			g.refuse(w, r, http.StatusForbidden, fmt.Sprintf("origin %q is not allowed", r.Header.Get("Origin")))
		case g.Users != nil && !g.Users.admit(r):
			w.Header().Set("WWW-Authenticate", `Basic realm="wm", charset="UTF-8"`)
			g.refuse(w, r, http.StatusUnauthorized, "user name and password are required")
		default:
			h.ServeHTTP(w, r)
		}
	})
}

func (g Guard) refuse(w http.ResponseWriter, r *http.Request, status int, reason string) {
	if g.Refuse != nil {
		g.Refuse(w, r, status, reason)
		return
	}
	http.Error(w, reason, status)
}

// knows reports whether a Host header is acceptable. With users any host is,
// unless some are named: a foreign page has no password for its own name.
func (g Guard) knows(hostport string) bool {
	host := hostport
	if name, _, err := net.SplitHostPort(hostport); err == nil {
		host = name
	}
	host = strings.Trim(host, "[]")
	return isLoopback(host) || slices.Contains(g.Hosts, strings.ToLower(host)) || g.Users != nil && len(g.Hosts) == 0
}

// sameOrigin reports whether a request comes from a page of this server or
// from no page at all.
func sameOrigin(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	if origin == "" {
		return true
	}
	u, err := url.Parse(origin)
	return err == nil && u.Host != "" && strings.EqualFold(u.Host, r.Host)
}

func isLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}
