package stream_test

import (
	"context"
	"fmt"
	"time"

	"github.com/wmtools/wm/lib/event"
	"github.com/wmtools/wm/lib/simulate"
	"github.com/wmtools/wm/lib/simulate/service"
	"github.com/wmtools/wm/lib/stream"
)

// Read five events from a service that closes every connection after two.
func Example() {
	server := service.NewServer(service.New(service.Options{
		Faults: service.Cycle(service.Fault{Events: 2, End: service.Cut}),
	}))
	defer server.Close()
	server.Append(simulate.New(1, simulate.Options{Start: time.Now().Add(-time.Hour), Rate: 1, Canary: -1}).Take(5)...)

	s, err := stream.New(stream.Options{
		URL:       server.URL,
		Since:     time.Now().Add(-2 * time.Hour),
		UserAgent: "example/1.0 (https://github.com/wmtools/wm)",
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for e, err := range event.Limit(s, 5).Events(context.Background()) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(e.Get("type"), e.Get("wiki"))
	}
	c, _ := s.Cursor()
	fmt.Println("resume from", c.Positions[0].Topic)
	// Output:
	// categorize commonswiki
	// edit wikidatawiki
	// edit wikidatawiki
	// categorize commonswiki
	// categorize commonswiki
	// resume from eqiad.mediawiki.recentchange
}
