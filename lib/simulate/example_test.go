package simulate_test

import (
	"bufio"
	"fmt"
	"net/http"
	"strings"

	"github.com/wmtools/wm/lib/simulate"
)

// A client is cut off in the middle of its fourth event.
func Example() {
	server := simulate.NewServer(simulate.NewService(simulate.Config{
		Faults: simulate.Cycle(simulate.Fault{Events: 3, Line: simulate.InData, End: simulate.Cut}),
	}))
	defer server.Close()
	server.Append(simulate.New(1, simulate.Options{}).Take(100)...)

	req, _ := http.NewRequest(http.MethodGet, server.URL+"/v2/stream/recentchange?since=0", nil)
	req.Header.Set("User-Agent", "example/1.0 (https://github.com/wmtools/wm)")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer resp.Body.Close()
	lines := bufio.NewScanner(resp.Body)
	for lines.Scan() {
		kind, _, _ := strings.Cut(lines.Text(), " ")
		fmt.Print(kind, " ")
	}
	fmt.Println(lines.Err())
	// Output: :ok  event: id: data:  event: id: data:  event: id: data:  event: id: data: unexpected EOF
}
