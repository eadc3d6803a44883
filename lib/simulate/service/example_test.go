package service_test

import (
	"bufio"
	"fmt"
	"net/http"
	"strings"

	"github.com/wmtools/wm/lib/simulate"
	"github.com/wmtools/wm/lib/simulate/service"
)

// A client is disconnected in the middle of its fourth event.
func Example() {
	server := service.NewServer(service.New(service.Options{
		Faults: service.Cycle(service.Fault{Events: 3, Line: service.InData, End: service.Cut}),
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
