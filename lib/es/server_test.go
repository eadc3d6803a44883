package es

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"
)

// asked returns a client of a server that sends no Date, like Elasticsearch, and
// answers by path; other paths are forbidden.
func asked(t *testing.T, date string, answers map[string]string) *Client {
	t.Helper()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header()["Date"] = nil
		if date != "" {
			w.Header().Set("Date", date)
		}
		w.Header().Set("X-Elastic-Product", "Elasticsearch")
		answer, ok := answers[r.URL.Path]
		if !ok {
			w.WriteHeader(http.StatusForbidden)
			answer = esError(403, "security_exception", "because")
		}
		_, _ = w.Write([]byte(answer))
	}))
	t.Cleanup(srv.Close)
	c, err := New(Options{URLs: []string{srv.URL}})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// The clock is the server's, or unknown.
func TestClock(t *testing.T) {
	info := `{"version":{"number":"8.19.21"}}`
	late := time.Now().Add(time.Hour)
	health := fmt.Sprintf(`[{"epoch":"%d"}]`, late.Unix())
	for name, tt := range map[string]struct {
		date    string
		answers map[string]string
		timed   bool
	}{
		"by its health": {"", map[string]string{"/": info, "/_cat/health": health}, true},
		"by its Date":   {late.UTC().Format(http.TimeFormat), map[string]string{"/": info}, true},
		"not at all":    {"", map[string]string{"/": info}, false},
		"noise":         {"", map[string]string{"/": info, "/_cat/health": "[]"}, false},
	} {
		s, err := asked(t, tt.date, tt.answers).Ask(t.Context())
		if err != nil || s.Version != "8.19.21" || s.Timed != tt.timed {
			t.Errorf("%s: %+v, %v", name, s, err)
		}
		if off := s.Clock - time.Hour; tt.timed && off.Abs() > time.Minute {
			t.Errorf("%s: its clock is %v ahead, want an hour", name, s.Clock)
		}
	}
}

// If GET / is forbidden, the version is that of the nodes, or unknown.
func TestVersionOfNodes(t *testing.T) {
	for want, answers := range map[string]map[string]string{
		"9.2.0": {"/_nodes": `{"nodes":{"x":{"version":"9.2.0"}}}`},
		"":      {},
	} {
		s, err := asked(t, "", answers).Ask(t.Context())
		if err != nil || s.Version != want || s.Product != "Elasticsearch" {
			t.Errorf("%+v, %v, want version %q", s, err, want)
		}
	}
}

// Privileges that the answer does not grant are missing.
func TestRights(t *testing.T) {
	answer := `{"cluster":{"manage_index_templates":false},"index":{"wm-*":{"create_doc":%v,"auto_configure":true,"read":false}}}`
	for _, may := range []bool{true, false} {
		c := asked(t, "", map[string]string{"/_security/user/_has_privileges": fmt.Sprintf(answer, may)})
		missing, users, err := c.MissingRights(t.Context(), "wm-*")
		if err != nil || !users || slices.Contains(missing, WriteRights[0]) == may {
			t.Errorf("create_doc is %v: missing %v, %v", may, missing, err)
		}
	}
	_, err := asked(t, "", nil).Indices(t.Context(), mustPattern(t, DefaultIndex))
	if !isForbidden(err) {
		t.Errorf("not forbidden: %v", err)
	}
}
