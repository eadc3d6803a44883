package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/wmtools/wm/lib/simulate"
	"github.com/wmtools/wm/lib/simulate/service"
)

const (
	liveURL = "https://stream.wikimedia.org"
	rate    = 40 // synthetic events per second: about the rate of all wikis together
	history = 10 * time.Minute
	// What is tailed: the changes, and what other streams say about them.
	streams = simulate.RecentChange + "," + simulate.RevertRisk + "," + simulate.RevisionTags
	retain  = 100_000 // events; a demo may run for days
)

// source is a service to tail.
type source struct {
	url   string
	close func()
}

// chooseSource returns the live service if it answers, otherwise a look-alike in
// this process, and a phrase that names it.
func chooseSource(ctx context.Context) (source, string, error) {
	fmt.Println("looking for the live streams of Wikimedia (3 s at most)")
	err := reachable(ctx)
	if err == nil {
		return source{liveURL + "/v2/stream/" + streams, func() {}}, "the live streams of Wikimedia", nil
	}
	if ctx.Err() != nil {
		return source{}, "", context.Cause(ctx)
	}
	return lookAlike(), fmt.Sprintf("synthetic events, the last %.0f minutes at once and then %d changes per second: the live streams cannot be reached (%v)",
		history.Minutes(), rate, err), nil
}

func reachable(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, liveURL+"/?spec", nil)
	if err != nil {
		return err
	}
	req.Header.Set("User-Agent", "wm-demo (https://github.com/wmtools/wm)")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("no answer from %s", req.URL.Host)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answers %s", req.URL.Host, res.Status)
	}
	return nil
}

// lookAlike serves synthetic events: those of the last minutes at once, so that
// the dashboard has something to show, and then live ones.
func lookAlike() source {
	ctx, cancel := context.WithCancel(context.Background())
	now := time.Now()
	start := now.Add(-history)
	made := simulate.New(uint64(now.UnixNano()), simulate.Options{Start: start, Rate: rate, Streams: strings.Split(streams, ",")})
	srv := service.NewServer(service.New(service.Options{Retain: retain}))
	go func() {
		// It ends with the context, which is no news.
		_ = service.Feed(ctx, srv.Service, service.NewClock(now, 1), made.All())
	}()
	return source{
		url:   fmt.Sprintf("%s/v2/stream/%s?since=%d", srv.URL, streams, start.UnixMilli()),
		close: func() { cancel(); srv.Close() },
	}
}
