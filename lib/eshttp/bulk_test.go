package eshttp

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"

	"github.com/tidwall/gjson"
)

func TestBulkItems(t *testing.T) {
	s := filled(t)
	items := []struct {
		action, source string
		want           []string
	}{
		{`{"create":{"_index":"wm-a","_id":"1"}}`, `{}`, []string{"create.status=409", "create.error.type=version_conflict_engine_exception",
			"create.error.reason=[1]: version conflict, document already exists (current version [1])", "create.error.index=wm-a"}},
		{`{"index":{"_index":"wm-a","_id":"1"}}`, `{"ns":1}`, []string{"index.status=200", "index.result=updated", "index._version=2", "index._seq_no=2"}},
		{`{"index":{"_id":"9","_index":"wm-a"}}`, "{\"ns\":1}\r", []string{"index.status=201", "index.result=created", "index._version=1", "index._primary_term=1"}},
		{`{"create":{"_index":"wm-a"}}`, `{}`, []string{"create.status=201"}},
		{`{"create":{"_index":"wm-a","_id":""}}`, `{}`, []string{"create.status=400", "create.error.reason=if _id is specified it must not be empty"}},
		{`{"create":{"_index":"wm-a","_id":"10"}}`, `{"ns":"abc"}`, []string{"create.status=400", "create.error.type=document_parsing_exception",
			"create.error.reason=[1:7] failed to parse field [ns] of type [long] in document with id '10'. Preview of field's value: 'abc'",
			`create.error.caused_by.reason=For input string: "abc"`}},
		{`{"create":{"_index":"wm-a","_id":"11"}}`, `{"@timestamp":"yesterday"}`, []string{"create.error.type=document_parsing_exception",
			"create.error.caused_by.reason~[strict_date_optional_time||epoch_millis]"}},
		{`{"create":{"_index":"wm-a","_id":"12"}}`, `{"a":`, []string{"create.error.type=document_parsing_exception"}},
		{`{"create":{"_index":"wm-a","_id":"13"}}`, `[]`, []string{"create.error.reason=Malformed content, must start with an object"}},
		{`{"create":{"_index":"wm-a","_id":"14"}}`, strings.Repeat(`{"a":`, 600) + "1" + strings.Repeat("}", 600), []string{"create.error.type=document_parsing_exception"}},
		{`{"create":{"_index":"other","_id":"15"}}`, `{}`, []string{"create.status=201"}},
		{`{"create":{"_index":"wm-*","_id":"16"}}`, `{}`, []string{"create.status=400", "create.error.type=invalid_index_name_exception"}},
		{`{"create":{"_index":"WM-A","_id":"17"}}`, `{}`, []string{"create.error.reason=Invalid index name [WM-A], must be lowercase"}},
		{`{"create":{"_index":"wm-a","_id":"18"}}`, ` {"log_params":{"a":[1,{"b":2}]}, "meta":{"id":"x"}} `, []string{"create.status=201"}},
	}
	body := ""
	for _, it := range items {
		body += it.action + "\n" + it.source + "\n"
	}
	out := s.want("POST", "/_bulk", body, 200, "errors=true", fmt.Sprintf("items.#=%d", len(items)))
	for i, it := range items {
		item := gjson.Get(out, fmt.Sprintf("items.%d", i))
		for _, f := range it.want {
			at := strings.IndexAny(f, "=~")
			if got := item.Get(f[:at]).String(); f[at] == '=' && got != f[at+1:] || !strings.Contains(got, f[at+1:]) {
				t.Errorf("%s %.60s: %s, got %.300s", it.action, it.source, f, item.Raw)
			}
		}
	}
	if id := gjson.Get(out, "items.3.create._id").String(); len(id) != 20 {
		t.Errorf("generated id %q", id)
	}
	s.want("GET", "/wm-a/_count", "", 200, "count=5")
	s.search(`{"query":{"term":{"_id":"9"}}}`, `hits.hits.0._source={"ns":1}`) // the CR belongs to the line ending
	s.search(`{"query":{"term":{"_id":"18"}}}`, `hits.hits.0._source={"log_params":{"a":[1,{"b":2}]}, "meta":{"id":"x"}}`)
}

// TestBulkRequests checks that one malformed line fails the whole request.
func TestBulkRequests(t *testing.T) {
	s := filled(t)
	const doc = "{}\n"
	tests := []struct {
		path, body string
		want       string
	}{
		{"/_bulk", "", "request body is required"},
		{"/_bulk", "\n\n", "no requests added"},
		{"/_bulk", `{"create":{"_index":"wm-a"}}` + "\n", "no requests added"},
		{"/_bulk", `{"create":{"_index":"wm-a"}}` + "\n{}", `terminated by a newline [\n]`},
		{"/_bulk", "[1]\n" + doc, "Malformed action/metadata line [1], expected START_OBJECT but found [START_ARRAY]"},
		{"/_bulk", "{\n" + doc, "Malformed action/metadata line [1]"},
		{"/_bulk", "{}\n" + doc, "Malformed action/metadata line [1]"},
		{"/_bulk", `{"create":{"_index":"wm-a"}}` + "\n" + doc + `{"create":5}` + "\n" + doc, "line [3], expected START_OBJECT or END_OBJECT but found [VALUE_NUMBER]"},
		{"/_bulk", `{"upsert":{}}` + "\n" + doc, "expected field [create], [delete], [index] or [update] but found [upsert]"},
		{"/_bulk", `{"create":{"_index":"wm-a","pipeline":"p"}}` + "\n" + doc, "unknown parameter [pipeline]"},
		{"/_bulk", `{"create":{"_index":"wm-a","_id":[1]}}` + "\n" + doc, "field [_id] but found [START_ARRAY]"},
		{"/_bulk", `{"create":{}}` + "\n" + doc, "1: index is missing;"},
		{"/_bulk", `{"create":{"_index":"wm-a","_id":"` + strings.Repeat("x", 513) + `"}}` + "\n" + doc, "must be no longer than 512 bytes but was: 513"},
		{"/_bulk?refresh=now", `{"create":{"_index":"wm-a"}}` + "\n" + doc, "Unknown value for refresh: [now]"},
	}
	for _, tt := range tests {
		s.want("POST", tt.path, tt.body, 400, "error.reason~"+tt.want, "status=400")
	}
	s.want("GET", "/wm-a/_count", "", 200, "count=2") // nothing was written
}

func TestBulkForms(t *testing.T) {
	s := filled(t)
	s.want("PUT", "/wm-a/_bulk?refresh=wait_for", `{"create":{"_id":"f1"}}`+"\n{}\n\n"+`{"create":{"_index":"wm-b","_id":"f2"}}`+"\n{}\n", 200,
		"items.0.create._index=wm-a", "items.1.create._index=wm-b")
	s.want("POST", "/wm-a/_bulk?filter_path=errors,took,items.*.status,items.*.error", `{"create":{"_id":"f1"}}`+"\n{}\n"+`{"create":{"_id":"f3"}}`+"\n{}\n", 200,
		"errors=true", "items.0.create.status=409", "items.0.create.error.type=version_conflict_engine_exception", `items.1={"create":{"status":201}}`)
	var gz bytes.Buffer
	w := gzip.NewWriter(&gz)
	fmt.Fprint(w, `{"create":{"_index":"wm-a","_id":"f4"}}`+"\n{}\n")
	w.Close()
	res, body := s.do("POST", "/_bulk", gz.String(), "Content-Type", "application/x-ndjson", "Content-Encoding", "gzip")
	if res.StatusCode != 200 || !strings.Contains(body, `"errors":false`) {
		t.Errorf("gzip: %d %s", res.StatusCode, body)
	}
	if res, _ := s.do("POST", "/_bulk", "x", "Content-Encoding", "gzip"); res.StatusCode != 400 {
		t.Errorf("not gzip: %d", res.StatusCode)
	}
	if res, _ := s.do("POST", "/_bulk", "x", "Content-Encoding", "br"); res.StatusCode != 400 {
		t.Errorf("brotli: %d", res.StatusCode)
	}
	gz.Reset()
	w = gzip.NewWriter(&gz)
	for range 100 {
		w.Write(make([]byte, 1<<20))
	}
	w.Close()
	if res, _ := s.do("POST", "/_bulk", gz.String(), "Content-Encoding", "gzip"); res.StatusCode != 413 {
		t.Errorf("100 MiB in %d bytes of gzip: %d", gz.Len(), res.StatusCode)
	}
	s.want("GET", "/_count", "", 200, "count=8")
}

// TestBulkOnAFullDisk checks for status 429, on which clients wait and retry.
func TestBulkOnAFullDisk(t *testing.T) {
	dir := t.TempDir()
	if runtime.GOOS != "linux" || os.Getuid() != 0 {
		t.Skip("mounting a small file system takes root on Linux")
	}
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", dir).CombinedOutput(); err != nil {
		t.Skipf("mounting a small file system is not permitted here: %s", out)
	}
	t.Cleanup(func() { exec.Command("umount", dir).Run() })
	s := start(t, dir)
	s.want("PUT", "/_index_template/wm", template, 200)
	for n := range 10_000 {
		_, out := s.do("POST", "/wm-a/_bulk", strings.ReplaceAll(bulkBody(50), `"n`, fmt.Sprintf(`"%d-`, n)))
		if !gjson.Get(out, "errors").Bool() {
			continue
		}
		for _, item := range gjson.Get(out, "items").Array() {
			if e := item.Get("create"); e.Get("status").Int() != 429 || e.Get("error.type").Str != "cluster_block_exception" ||
				e.Get("error.reason").Str != "index [wm-a] blocked by: [TOO_MANY_REQUESTS/12/disk usage exceeded flood-stage watermark, index has read-only-allow-delete block];" {
				t.Fatal(item.Raw)
			}
		}
		s.want("GET", "/wm-a/_count", "", 200, fmt.Sprintf("count=%d", 50*n))
		s.want("DELETE", "/wm-a", "", 200)
		s.want("POST", "/wm-a/_bulk", bulkBody(50), 200, "errors=false")
		return
	}
	t.Fatal("the disk never filled")
}

func FuzzParseBulk(f *testing.F) {
	f.Add([]byte(docs))
	f.Add([]byte(bulkBody(3)))
	f.Add([]byte("{\"index\":{\"_id\":null}}\r\n\r\n\n"))
	f.Fuzz(func(t *testing.T, body []byte) {
		items, err := parseBulk(body, "i")
		if err != nil {
			return
		}
		lines := bytes.Count(body, []byte("\n"))
		if len(items) == 0 || 2*len(items) > lines {
			t.Fatalf("%d items of %d lines", len(items), lines)
		}
		for _, it := range items {
			if it.Index == "" || len(it.ID) > maxID || bytes.IndexByte(it.Source, '\n') >= 0 {
				t.Fatalf("%+v", it)
			}
		}
	})
}
