package es

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/tidwall/gjson"
)

// keeper is an Elasticsearch that keeps templates and indices.
type keeper struct {
	mu     sync.Mutex
	things map[string]string // path: body
	puts   []string          // paths
	refuse func(method string) (status int, kind string)
}

func (k *keeper) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	k.mu.Lock()
	defer k.mu.Unlock()
	fail := func(status int, kind string) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, esError(status, kind, "because"))
	}
	if k.refuse != nil {
		if status, kind := k.refuse(r.Method); status != 0 {
			fail(status, kind)
			return
		}
	}
	held, there := k.things[r.URL.Path]
	switch {
	case r.Method == "GET" && there:
		_, _ = io.WriteString(w, `{"index_templates":[{"name":"x","index_template":`+held+`}]}`)
	case r.Method == "GET":
		fail(404, "resource_not_found_exception")
	case r.Method == "DELETE" && there:
		delete(k.things, r.URL.Path)
		_, _ = io.WriteString(w, `{"acknowledged":true}`)
	case r.Method == "PUT" && there && !strings.HasPrefix(r.URL.Path, "/_"):
		fail(400, "resource_already_exists_exception")
	case r.Method == "PUT":
		body, _ := io.ReadAll(r.Body)
		k.things[r.URL.Path] = string(body)
		k.puts = append(k.puts, r.URL.Path)
		_, _ = io.WriteString(w, `{"acknowledged":true}`)
	default:
		fail(405, "")
	}
}

func newKeeper(t *testing.T) (*keeper, *Client) {
	t.Helper()
	k := &keeper{things: map[string]string{}}
	s := httptest.NewServer(k)
	t.Cleanup(s.Close)
	c, err := New(Options{URLs: []string{s.URL}})
	if err != nil {
		t.Fatal(err)
	}
	return k, c
}

const defaultTemplate = "wm-stream-yyyy.mm.dd"

func TestInitIndexTwice(t *testing.T) {
	k, c := newKeeper(t)
	for i, state := range []TemplateState{TemplateCreated, TemplateCurrent, TemplateReplaced} {
		if state == TemplateReplaced {
			k.things["/_index_template/"+defaultTemplate] = `{"index_patterns":["wm-*-*.*.*"],"_meta":{}}`
		}
		got, err := c.InitIndex(t.Context(), mustPattern(t, DefaultIndex), TemplateOptions{})
		if want := (Init{Template: Template{defaultTemplate, state}}); err != nil || got != want {
			t.Errorf("%d: %+v, %v, want %+v", i, got, err, want)
		}
	}
	if len(k.puts) != 2 {
		t.Errorf("puts %v", k.puts)
	}
}

// Different patterns have templates of different names.
func TestTemplateNames(t *testing.T) {
	for pattern, want := range map[string]string{
		DefaultIndex:                 defaultTemplate,
		"wm-{stream}-%Y.%m":          "wm-stream-yyyy.mm",
		"wm":                         "wm",
		"wm-test-{stream}-%Y.%m.%d":  "wm-test-stream-yyyy.mm.dd",
		"{stream}":                   "stream",
		"wm-recentchange-%Y.%m.%d-x": "wm-recentchange-yyyy.mm.dd-x",
	} {
		if name, _ := TemplateBody(mustPattern(t, pattern), TemplateOptions{}); name != want {
			t.Errorf("%s: %s, want %s", pattern, name, want)
		}
	}
}

// The more specific pattern has the higher priority.
func TestTemplatePriorities(t *testing.T) {
	last := basePriority
	for _, pattern := range []string{"{stream}", "wm-{stream}-%Y", "wm-{stream}-%Y.%m.%d", "wm-test-{stream}-%Y.%m.%d", "wm-test-recentchange-%Y.%m.%d"} {
		_, body := TemplateBody(mustPattern(t, pattern), TemplateOptions{})
		if p := int(gjson.GetBytes(body, "priority").Int()); p < last || p == last && pattern != "{stream}" {
			t.Errorf("%s has priority %d after %d", pattern, p, last)
		} else {
			last = p
		}
	}
}

// A template for other indices is never replaced.
func TestTemplateOfOthers(t *testing.T) {
	k, c := newKeeper(t)
	k.things["/_index_template/"+defaultTemplate] = `{"index_patterns":["a","b-*"],"_meta":{"description":"Ann's"}}`
	want := "index template " + defaultTemplate + " is for a, b-* (Ann's)"
	p := mustPattern(t, DefaultIndex)
	_, init := c.InitIndex(t.Context(), p, TemplateOptions{})
	_, ensure := c.EnsureTemplate(t.Context(), p)
	_, _, drift := c.TemplateDrift(t.Context(), p, TemplateOptions{})
	for name, err := range map[string]error{"init": init, "ensure": ensure, "drift": drift} {
		if _, ok := errors.AsType[*TemplateConflict](err); !ok || err.Error() != want {
			t.Errorf("%s: %v", name, err)
		}
	}
	if len(k.puts) != 0 {
		t.Errorf("puts %v", k.puts)
	}
}

// A template that an earlier version of wm made for the same indices is used by
// writers, and replaced by InitIndex.
func TestTemplateOfEarlierVersion(t *testing.T) {
	_, ours := TemplateBody(mustPattern(t, DefaultIndex), TemplateOptions{})
	old := strings.Replace(string(ours), `"priority": 206`, `"priority": 200`, 1)
	old = strings.Replace(old, `"index": {"auto`, `"index": {"codec":"best_compression","auto`, 1)
	for name, tt := range map[string]struct {
		template string
		state    TemplateState // for a writer
		removed  string        // by InitIndex
	}{
		"same fields":     {old, TemplateCurrent, "wm"},
		"lacks a field":   {strings.Replace(old, `"talk": {"type": "boolean"}`, `"x": {"type": "boolean"}`, 1), TemplateForeign, "wm"},
		"another's":       {strings.Replace(old, "written by wm-es", "written by me", 1), TemplateCreated, ""},
		"another pattern": {strings.Replace(old, "wm-*-*.*.*", "wm", 1), TemplateCreated, ""},
	} {
		t.Run(name, func(t *testing.T) {
			k, c := newKeeper(t)
			k.things["/_index_template/wm"] = tt.template
			if got, err := c.EnsureTemplate(t.Context(), mustPattern(t, DefaultIndex)); err != nil || got.State != tt.state {
				t.Errorf("writer: %+v, %v", got, err)
			}
			done, err := c.InitIndex(t.Context(), mustPattern(t, DefaultIndex), TemplateOptions{})
			if err != nil || done.Name != defaultTemplate || done.Removed != tt.removed {
				t.Errorf("init: %+v, %v", done, err)
			}
			if _, there := k.things["/_index_template/wm"]; there == (tt.removed != "") {
				t.Errorf("the old template is there: %v", there)
			}
			settings := gjson.Get(k.things["/_index_template/"+defaultTemplate], "template.settings.index.codec").Str
			if (settings == "best_compression") != (tt.removed != "") {
				t.Errorf("settings: codec %q", settings)
			}
		})
	}
}

func TestInitIndexCreatesSingleIndex(t *testing.T) {
	k, c := newKeeper(t)
	for _, created := range []bool{true, false} {
		got, err := c.InitIndex(t.Context(), mustPattern(t, "dasa"), TemplateOptions{})
		if err != nil || got.Name != "dasa" || got.Index != "dasa" || got.IndexCreated != created {
			t.Errorf("%+v, %v, want an index created: %v", got, err, created)
		}
	}
	if strings.Join(k.puts, " ") != "/_index_template/dasa /dasa" {
		t.Errorf("puts %v", k.puts)
	}
}

func TestInitIndexFails(t *testing.T) {
	k, c := newKeeper(t)
	k.refuse = func(string) (int, string) { return 403, "security_exception" }
	_, err := c.InitIndex(t.Context(), mustPattern(t, DefaultIndex), TemplateOptions{})
	if err == nil || err.Error() != c.Address()+": security_exception: because" {
		t.Error(err)
	}
}

func TestEnsureTemplate(t *testing.T) {
	forbid := func(forbidden string) func(string) (int, string) {
		return func(method string) (int, string) {
			if method == forbidden {
				return 403, "security_exception"
			}
			return 0, ""
		}
	}
	tests := []struct {
		name   string
		there  string
		refuse func(string) (int, string)
		want   TemplateState
		puts   int
	}{
		{"missing", "", nil, TemplateCreated, 1},
		{"another", `{"index_patterns":["wm-*-*.*.*"]}`, nil, TemplateForeign, 0},
		{"may not look", "", forbid("GET"), TemplateForbidden, 0},
		{"may not put", "", forbid("PUT"), TemplateForbidden, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			k, c := newKeeper(t)
			k.refuse = tt.refuse
			if tt.there != "" {
				k.things["/_index_template/"+defaultTemplate] = tt.there
			}
			got, err := c.EnsureTemplate(t.Context(), mustPattern(t, DefaultIndex))
			if err != nil || got != (Template{defaultTemplate, tt.want}) || len(k.puts) != tt.puts {
				t.Errorf("%+v, %v, puts %v", got, err, k.puts)
			}
		})
	}
}

func TestTemplateBody(t *testing.T) {
	_, body := TemplateBody(mustPattern(t, DefaultIndex), TemplateOptions{})
	if !json.Valid(body) {
		t.Fatalf("not JSON: %s", body)
	}
	parsed := gjson.ParseBytes(body)
	for path, want := range map[string]string{
		"index_patterns":                                    `["wm-*-*.*.*"]`,
		"template.mappings.dynamic":                         "false",
		"template.mappings.properties.\\@timestamp.type":    "date",
		"template.mappings.properties.title.type":           "keyword",
		"template.mappings.properties.title.fields.text":    `{"type": "text"}`,
		"template.mappings.properties.log_params.enabled":   "false",
		"template.mappings.properties.timestamp.format":     "epoch_second",
		"template.mappings.properties.parsedcomment":        "",
		"template.mappings.properties.wm.properties.delta":  `{"type": "long"}`,
		"template.mappings.properties.wm.properties.revert": `{"type": "boolean"}`,
	} {
		if got := parsed.Get(path).String(); got != want {
			t.Errorf("%s is %s, want %s", path, got, want)
		}
	}
}

// Every manual change to the template is reported; a writer accepts those that do
// not matter to wm.
func TestTemplateEditedByHand(t *testing.T) {
	_, ours := TemplateBody(mustPattern(t, DefaultIndex), TemplateOptions{})
	wiki := `"wiki": {"type": "keyword", "ignore_above": 1024}`
	for name, tt := range map[string]struct {
		old, new string
		fits     bool
	}{
		"another type":    {wiki, `"wiki": {"type": "text"}`, false},
		"a field is gone": {`"bot": {"type": "boolean"},`, "", false},
		"more patterns":   {`["wm-*-*.*.*"]`, `["wm-*-*.*.*","x"]`, true},
		"low priority":    {`"priority": 206`, `"priority": 100`, false},
		"one more field":  {wiki, wiki + `, "mine": {"type": "keyword"}`, true},
	} {
		t.Run(name, func(t *testing.T) {
			k, c := newKeeper(t)
			edited := strings.Replace(string(ours), tt.old, tt.new, 1)
			if edited == string(ours) {
				t.Fatalf("%s is not in the template", tt.old)
			}
			k.things["/_index_template/"+defaultTemplate] = edited
			want := TemplateForeign
			if tt.fits {
				want = TemplateCurrent
			}
			if got, err := c.EnsureTemplate(t.Context(), mustPattern(t, DefaultIndex)); err != nil || got.State != want || len(k.puts) > 0 {
				t.Errorf("writer: %+v, %v, puts %v; want %v", got, err, k.puts, want)
			}
			drift, _, err := c.TemplateDrift(t.Context(), mustPattern(t, DefaultIndex), TemplateOptions{})
			if err != nil || len(drift) == 0 {
				t.Errorf("no difference shows: %v", err)
			}
			done, err := c.InitIndex(t.Context(), mustPattern(t, DefaultIndex), TemplateOptions{})
			if err != nil || done.State != TemplateReplaced || k.things["/_index_template/"+defaultTemplate] != string(ours) {
				t.Errorf("init-index: %+v, %v", done, err)
			}
		})
	}
}

// Settings belong to the user: InitIndex keeps those that the options do not name.
func TestInitIndexKeepsSettings(t *testing.T) {
	k, c := newKeeper(t)
	p := mustPattern(t, DefaultIndex)
	replicas := 2
	for _, step := range []struct {
		options TemplateOptions
		state   TemplateState
		want    string // settings
	}{
		{TemplateOptions{Shards: 4, ILM: "keep"}, TemplateCreated,
			`{"auto_expand_replicas":"0-1","lifecycle":{"name":"keep"},"number_of_shards":4,"refresh_interval":"1s"}`},
		{TemplateOptions{}, TemplateCurrent, ""},
		{TemplateOptions{Replicas: &replicas}, TemplateReplaced,
			`{"lifecycle":{"name":"keep"},"number_of_replicas":2,"number_of_shards":4,"refresh_interval":"1s"}`},
		{TemplateOptions{ILM: "other", Refresh: "5s"}, TemplateReplaced,
			`{"lifecycle":{"name":"other"},"number_of_replicas":2,"number_of_shards":4,"refresh_interval":"5s"}`},
		{TemplateOptions{Shards: 4}, TemplateCurrent, ""},
	} {
		done, err := c.InitIndex(t.Context(), p, step.options)
		if err != nil || done.State != step.state {
			t.Fatalf("%+v: %+v, %v, want state %v", step.options, done, err, step.state)
		}
		there := gjson.Get(k.things["/_index_template/"+defaultTemplate], "template.settings.index").Raw
		if step.want != "" && there != step.want {
			t.Errorf("%+v: settings\n%s, want\n%s", step.options, there, step.want)
		}
		if drift, _, err := c.TemplateDrift(t.Context(), p, TemplateOptions{}); err != nil || len(drift) > 0 {
			t.Errorf("%+v: drift %v, %v", step.options, drift, err)
		}
	}
}
