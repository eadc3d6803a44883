package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync/atomic"
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
			"another copy may be running; choose another port"}
	}
	return ln, err
}

// Serve answers requests on ln until ctx is done, then lets those that are
// under way finish. It says on messages where it listens, with a word about
// what it serves, and how many requests there were.
func Serve(ctx context.Context, ln net.Listener, h http.Handler, messages io.Writer, name, about string) error {
	start, served := time.Now(), atomic.Int64{}
	counted := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		served.Add(1)
		h.ServeHTTP(w, r)
	})
	fmt.Fprintf(messages, "%s: listening on http://%s, %s\n", name, ln.Addr(), about)
	err := serve(ctx, ln, LocalOnly(counted))
	fmt.Fprintf(messages, "%s: %d requests in %.1fs\n", name, served.Load(), time.Since(start).Seconds())
	return err
}

func serve(ctx context.Context, ln net.Listener, h http.Handler) error {
	srv := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute}
	served := make(chan error, 1)
	go func() { served <- srv.Serve(ln) }()
	select {
	case err := <-served:
		return err
	case <-ctx.Done():
	}
	bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), DefaultDrain)
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
