package app

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"syscall"
	"time"
)

// Listen opens a TCP listener on a loopback address. There is no
// authentication yet, so it refuses any other: whatever can reach the port can
// read and, on wm-store, write.
func Listen(address string) (net.Listener, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, &advice{fmt.Errorf("cannot listen on %q: %w", address, err), "write it like 127.0.0.1:9200"}
	}
	if !isLoopback(host) {
		return nil, &advice{fmt.Errorf("cannot listen on %s: only loopback addresses are allowed", address),
			"listen on 127.0.0.1 and put a proxy with authentication in front of it"}
	}
	ln, err := net.Listen("tcp", address)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, &advice{fmt.Errorf("cannot listen on %s: the port is in use", address),
			"another copy may be running; choose another port with --listen"}
	}
	return ln, err
}

// Serve answers requests until ctx is done, then lets those that are under way
// finish, for at most drain.
func Serve(ctx context.Context, ln net.Listener, h http.Handler, drain time.Duration) error {
	srv := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute}
	served := make(chan error, 1)
	go func() { served <- srv.Serve(ln) }()
	select {
	case err := <-served:
		return err
	case <-ctx.Done():
	}
	bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), drain)
	defer cancel()
	if err := srv.Shutdown(bounded); err != nil {
		return errors.Join(err, srv.Close())
	}
	return nil
}

// LocalOnly answers only requests whose Host names this machine. A page on the
// internet can make the user's browser send requests to 127.0.0.1 under a name
// of its own (DNS rebinding); such a request carries that name.
func LocalOnly(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host := r.Host
		if name, _, err := net.SplitHostPort(host); err == nil {
			host = name
		}
		if !isLoopback(strings.Trim(host, "[]")) {
			http.Error(w, fmt.Sprintf("host %q is not allowed: use localhost or 127.0.0.1", r.Host), http.StatusForbidden)
			return
		}
		h.ServeHTTP(w, r)
	})
}

func isLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}
