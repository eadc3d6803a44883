package es

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/elastic/go-elasticsearch/v8/esapi"
)

// OpenPointInTime freezes the view of an index, which may be a pattern, for
// several searches. It returns its id, which is valid for keepAlive.
func (c *Client) OpenPointInTime(ctx context.Context, index string, keepAlive time.Duration) (id string, err error) {
	openSearch, err := c.isOpenSearch(ctx)
	if err != nil {
		return "", err
	}
	var req esapi.Request = esapi.OpenPointInTimeRequest{Index: []string{index}, KeepAlive: minutes(keepAlive)}
	if openSearch {
		req = request{method: http.MethodPost, path: "/" + index + "/_search/point_in_time?keep_alive=" + minutes(keepAlive)}
	}
	body, err := c.Do(ctx, req)
	if err != nil {
		return "", err
	}
	var opened struct {
		ID  string `json:"id"`
		PIT string `json:"pit_id"` // OpenSearch
	}
	if err := json.Unmarshal(body, &opened); err != nil || opened.ID+opened.PIT == "" {
		return "", c.Fail(Foreign, errors.New("the answer contains no point in time"))
	}
	return opened.ID + opened.PIT, nil
}

// ClosePointInTime releases a point in time. Otherwise the server does so when it
// expires.
func (c *Client) ClosePointInTime(ctx context.Context, id string) error {
	openSearch, err := c.isOpenSearch(ctx)
	if err != nil {
		return err
	}
	body, _ := json.Marshal(map[string]string{"id": id}) // strings always marshal
	var req esapi.Request = esapi.ClosePointInTimeRequest{Body: strings.NewReader(string(body))}
	if openSearch {
		body, _ = json.Marshal(map[string]string{"pit_id": id})
		req = request{http.MethodDelete, "/_search/point_in_time", string(body)}
	}
	_, err = c.Do(ctx, req)
	return err
}

// minutes formats a duration as Elasticsearch expects it.
func minutes(d time.Duration) string { return fmt.Sprintf("%dm", d/time.Minute) }

// request is a request that esapi does not know.
type request struct{ method, path, body string }

// Do sends the request.
func (r request) Do(ctx context.Context, to esapi.Transport) (*esapi.Response, error) {
	req, err := http.NewRequestWithContext(ctx, r.method, r.path, strings.NewReader(r.body))
	if err != nil {
		return nil, err
	}
	if r.body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	res, err := to.Perform(req)
	if err != nil {
		return nil, err
	}
	return &esapi.Response{StatusCode: res.StatusCode, Header: res.Header, Body: res.Body}, nil
}
