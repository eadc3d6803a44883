package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"
)

var (
	tailTally = regexp.MustCompile(`^wm-tail: (\d+) events in `)
	esTally   = regexp.MustCompile(`^wm-es: read (\d+) created (\d+) present (\d+) rejected (\d+) skipped (\d+) in `)
)

// check compares the summaries of the stages with each other and with the
// dashboard.
func check(tail, indexer, serve *process) error {
	tailed, err := numbers(tail, tailTally)
	if err != nil {
		return err
	}
	indexed, err := numbers(indexer, esTally)
	if err != nil {
		return err
	}
	read, created := indexed[0], indexed[1]
	if read != tailed[0] || created != read {
		return fmt.Errorf("tailed %d events, wm-es read %d and indexed %d", tailed[0], read, created)
	}
	shown, err := awaitCount(serve.url, created)
	if err != nil {
		return err
	}
	if shown != created {
		return fmt.Errorf("indexed %d events of all streams, the dashboard shows %d", created, shown)
	}
	if created == 0 {
		return fmt.Errorf("no events arrived")
	}
	fmt.Printf("\ndemo: %d events tailed, indexed and shown on the dashboard\n\n", created)
	return nil
}

// numbers returns the numbers of a process's tally.
func numbers(p *process, tally *regexp.Regexp) ([]int, error) {
	m := p.find(tally)
	if m == nil {
		return nil, fmt.Errorf("%s printed no tally", p.name)
	}
	var ns []int
	for _, digits := range m[1:] {
		n, err := strconv.Atoi(digits)
		if err != nil {
			return nil, err
		}
		ns = append(ns, n)
	}
	return ns, nil
}

// awaitCount polls the dashboard until it shows the wanted count: answers are
// cached for a few seconds, so the newest events may take a moment to appear.
func awaitCount(url string, want int) (shown int, err error) {
	for range 75 {
		shown, err = count(url)
		if err == nil && shown == want {
			return shown, nil
		}
		time.Sleep(200 * time.Millisecond)
	}
	return shown, err
}

// count adds what the dashboard shows of each stream.
func count(url string) (total int, err error) {
	for stream := range strings.SplitSeq(streams, ",") {
		n, err := countStream(url, stream)
		if err != nil {
			return 0, err
		}
		total += n
	}
	return total, nil
}

// countStream requests a period that covers everything this demo can have
// indexed, with a margin for events with odd dates.
func countStream(url, stream string) (int, error) {
	now := time.Now().UTC()
	view := fmt.Sprintf("%s/api/v1/view?stream=%s&from=%s&to=%s", url, stream,
		now.AddDate(-1, 0, 0).Format(time.DateOnly), now.AddDate(0, 0, 2).Format(time.DateOnly))
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, view, nil)
	if err != nil {
		return 0, err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return 0, err
	}
	var answer struct {
		Total *int `json:"total"`
	}
	if err := json.Unmarshal(body, &answer); err != nil || answer.Total == nil {
		return 0, fmt.Errorf("the dashboard answers %s: %.200s", res.Status, body)
	}
	return *answer.Total, nil
}
