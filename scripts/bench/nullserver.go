package main

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
)

// nullServer answers like an Elasticsearch that accepts everything, at once and
// without reading the documents. It runs in the process of the bench, so that its
// CPU time does not count as a client's.
type nullServer struct {
	url       string
	documents atomic.Int64 // that it was sent
	keep      string       // folder for the bodies of bulk requests; "": none is kept
	kept      atomic.Int64
	server    *http.Server
}

func startNullServer() (*nullServer, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &nullServer{url: "http://" + listener.Addr().String()}
	s.server = &http.Server{Handler: s}
	go func() { _ = s.server.Serve(listener) }() // until stop
	return s, nil
}

func (s *nullServer) stop() { _ = s.server.Shutdown(context.Background()) }

// An item of a bulk response: as Elasticsearch sends it, and filtered down to the
// status.
const (
	wholeItem = `{"create":{"_index":"wm-recentchange-2026.11.01","_id":"d62e5f34-cd59-4198-a817-58dfb92f5133","_version":1,` +
		`"result":"created","_shards":{"total":2,"successful":1,"failed":0},"_seq_no":1048576,"_primary_term":1,"status":201}}`
	statusItem = `{"create":{"status":201}}`
)

func (s *nullServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("X-Elastic-Product", "Elasticsearch")
	w.Header().Set("Content-Type", "application/json")
	switch {
	case strings.HasSuffix(r.URL.Path, "/_bulk"):
		s.bulk(w, r)
	case r.URL.Path == "/":
		_, _ = io.WriteString(w, `{"name":"null","cluster_name":"bench","version":{"number":"8.19.0"},"tagline":"You Know, for Search"}`)
	case r.Method == http.MethodGet || r.Method == http.MethodHead:
		http.Error(w, `{"error":{"type":"resource_not_found_exception","reason":"this server has nothing"},"status":404}`, http.StatusNotFound)
	default:
		_, _ = io.WriteString(w, `{"acknowledged":true}`)
	}
}

func (s *nullServer) bulk(w http.ResponseWriter, r *http.Request) {
	body, err := s.body(r)
	if err != nil {
		panic(http.ErrAbortHandler) // no answer
	}
	n, err := lines(body)
	if err != nil {
		return // the client has disconnected
	}
	n /= 2 // an action line precedes each document
	s.documents.Add(int64(n))
	item := wholeItem
	if statusOnly(r.URL.Query().Get("filter_path")) {
		item = statusItem
	}
	answer := make([]byte, 0, n*(len(item)+1)+64)
	answer = append(answer, `{"errors":false,"took":1,"items":[`...)
	for i := range n {
		if i > 0 {
			answer = append(answer, ',')
		}
		answer = append(answer, item...)
	}
	answer = append(answer, "]}"...)
	w.Header().Set("Content-Length", strconv.Itoa(len(answer)))
	_, _ = w.Write(answer)
}

// body returns the body of a request, which is in a file if it is to be kept.
func (s *nullServer) body(r *http.Request) (io.Reader, error) {
	if s.keep == "" {
		return r.Body, nil
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	return bytes.NewReader(body), os.WriteFile(bodyFile(s.keep, s.kept.Add(1)), body, 0o644)
}

// statusOnly reports whether a filter keeps only the status of successful items.
func statusOnly(filter string) bool {
	if filter == "" {
		return false
	}
	for path := range strings.SplitSeq(filter, ",") {
		switch path {
		case "took", "errors", "items.*.status", "items.*.error":
		default:
			return false
		}
	}
	return strings.Contains(filter, "items.*.status")
}

// lines counts the ends of lines.
func lines(body io.Reader) (n int, err error) {
	buffer := make([]byte, 256<<10)
	for err == nil {
		var read int
		read, err = body.Read(buffer)
		n += bytes.Count(buffer[:read], []byte{'\n'})
	}
	if err == io.EOF {
		err = nil
	}
	return n, err
}

// bodyFile names the file of the n-th body.
func bodyFile(folder string, n int64) string {
	return filepath.Join(folder, "body-"+strconv.FormatInt(1_000_000+n, 10)) // sorted by name
}
