package app

import (
	"context"
	"fmt"
	"io"
	"net/http"

	"github.com/VictoriaMetrics/metrics"
)

// Monitor serves figures for Prometheus at /metrics, with those of the process
// behind those that write writes, and at /healthz 200 or, with the sentence of
// the error, 503. It runs until ctx is done, and says on messages where.
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
