package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync/atomic"
	"time"
)

// Serve answers requests on ln until ctx is done, then waits for those in
// progress, at most [DefaultDrain]. It writes to messages where it listens, with
// a phrase about what it serves, and at the end the number of requests. h comes
// from [Guard.Handler].
func Serve(ctx context.Context, ln net.Listener, h http.Handler, messages io.Writer, name, about string) error {
	start, served := time.Now(), atomic.Int64{}
	counted := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		served.Add(1)
		h.ServeHTTP(w, r)
	})
	fmt.Fprintf(messages, "%s: listening on http://%s, %s\n", name, ln.Addr(), about)
	Ready()
	OnStateSignal(func() string {
		return fmt.Sprintf("%d requests in %v", served.Load(), time.Since(start).Round(time.Second))
	})
	err := serve(ctx, ln, counted)
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
