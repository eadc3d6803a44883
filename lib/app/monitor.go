package app

import (
	"context"
	"fmt"
	"io"
	"net/http"

	"github.com/VictoriaMetrics/metrics"
)

// Monitor serves Prometheus metrics at /metrics: first what write writes, then
// metrics of the process. /healthz answers 200, or 503 with the text of the error
// that healthy returns. It serves until ctx is done, and writes the address to
// messages.
func Monitor(ctx context.Context, address string, messages io.Writer, name string, healthy func() error, write func(io.Writer)) error {
	ln, err := Guard{}.Listen(address)
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /metrics", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
		write(w)
		metrics.WriteProcessMetrics(w)
	})
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		if err := healthy(); err != nil {
			w.WriteHeader(http.StatusServiceUnavailable)
			fmt.Fprintln(w, err)
			return
		}
		fmt.Fprintln(w, "ok")
	})
	fmt.Fprintf(messages, "%s: metrics at http://%s/metrics\n", name, ln.Addr())
	go func() {
		if err := serve(ctx, ln, Guard{}.Handler(mux)); err != nil && ctx.Err() == nil {
			PrintError(messages, name, fmt.Errorf("metrics: %w", err))
		}
	}()
	return nil
}
