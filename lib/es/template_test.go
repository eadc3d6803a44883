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
	"time"

	"github.com/tidwall/gjson"

	"github.com/wmtools/wm/lib/event"
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
	c, err := New(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	return k, c
}

func TestInitIndexTwice(t *testing.T) {
	k, c := newKeeper(t)
	first, err := c.InitIndex(t.Context(), mustPattern(t, DefaultIndex), TemplateOptions{})
	if want := (Init{Template: "wm", State: TemplateCreated}); err != nil || first != want {
		t.Fatalf("%+v, %v, want %+v", first, err, want)
	}
	second, err := c.InitIndex(t.Context(), mustPattern(t, DefaultIndex), TemplateOptions{})
	if want := (Init{Template: "wm", State: TemplateCurrent}); err != nil || second != want || len(k.puts) != 1 {
		t.Errorf("%+v, %v, puts %v, want %+v", second, err, k.puts, want)
	}
	k.things["/_index_template/wm"] = `{"index_patterns":["wm-*"],"_meta":{}}`
	third, err := c.InitIndex(t.Context(), mustPattern(t, DefaultIndex), TemplateOptions{})
	if want := (Init{Template: "wm", State: TemplateReplaced}); err != nil || third != want || len(k.puts) != 2 {
		t.Errorf("%+v, %v, puts %v, want %+v", third, err, k.puts, want)
	}
}

func TestInitIndexCreatesSingleIndex(t *testing.T) {
	k, c := newKeeper(t)
	for _, created := range []bool{true, false} {
		got, err := c.InitIndex(t.Context(), mustPattern(t, "dasa"), TemplateOptions{})
		if err != nil || got.Template != "dasa" || got.Index != "dasa" || got.IndexCreated != created {
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
	if _, ok := errors.AsType[*event.Hint](err); !ok {
		t.Error("no hint")
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
		{"another", `{"index_patterns":["wm-*"]}`, nil, TemplateForeign, 0},
		{"may not look", "", forbid("GET"), TemplateForbidden, 0},
		{"may not put", "", forbid("PUT"), TemplateForbidden, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			k, c := newKeeper(t)
			k.refuse = tt.refuse
			if tt.there != "" {
				k.things["/_index_template/wm"] = tt.there
			}
			name, state, err := c.EnsureTemplate(t.Context(), mustPattern(t, DefaultIndex), 0, nil)
			if err != nil || name != "wm" || state != tt.want || len(k.puts) != tt.puts {
				t.Errorf("%q, state %v, %v, puts %v", name, state, err, k.puts)
			}
		})
	}
}

func TestEnsureTemplateWaits(t *testing.T) {
	k, c := newKeeper(t)
	calls := 0
	k.refuse = func(string) (int, string) {
		if calls++; calls <= 3 {
			return 503, ""
		}
		return 0, ""
	}
	var f fakeTime
	told := 0
	w := patience{clock: f.clock(), tell: func(error, time.Duration) { told++ }}
	_, state, err := c.ensureTemplate(t.Context(), mustPattern(t, DefaultIndex), w)
	if err != nil || state != TemplateCreated || told != 3 || len(f.sleeps) != 3 {
		t.Errorf("state %v, %v, told %d times, slept %v", state, err, told, f.sleeps)
	}
}

func TestEnsureTemplateEndsWithoutRights(t *testing.T) {
	k, c := newKeeper(t)
	k.refuse = func(string) (int, string) { return 401, "security_exception" }
	if _, _, err := c.EnsureTemplate(t.Context(), mustPattern(t, DefaultIndex), 0, nil); err == nil {
		t.Error("no error")
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

// Whatever somebody does to the template shows, whoever put it there; what does
// not matter to wm is left alone by those who only write.
func TestTemplateEditedByHand(t *testing.T) {
	_, ours := TemplateBody(mustPattern(t, DefaultIndex), TemplateOptions{})
	wiki := `"wiki": {"type": "keyword", "ignore_above": 1024}`
	for name, tt := range map[string]struct {
		old, new string
		fits     bool
	}{
		"another type":    {wiki, `"wiki": {"type": "text"}`, false},
		"a field is gone": {`"bot": {"type": "boolean"},`, "", false},
		"another pattern": {`["wm-*-*.*.*"]`, `["wm-*"]`, false},
		"not the first":   {`"priority": 200`, `"priority": 100`, false},
		"one more field":  {wiki, wiki + `, "mine": {"type": "keyword"}`, true},
	} {
		t.Run(name, func(t *testing.T) {
			k, c := newKeeper(t)
			edited := strings.Replace(string(ours), tt.old, tt.new, 1)
			if edited == string(ours) {
				t.Fatalf("%s is not in the template", tt.old)
			}
			k.things["/_index_template/wm"] = edited
			want := TemplateForeign
			if tt.fits {
				want = TemplateCurrent
			}
			if _, state, err := c.EnsureTemplate(t.Context(), mustPattern(t, DefaultIndex), 0, nil); err != nil || state != want || len(k.puts) > 0 {
				t.Errorf("to those who write: state %v, %v, puts %v; want %v", state, err, k.puts, want)
			}
			drift, _, err := c.TemplateDrift(t.Context(), mustPattern(t, DefaultIndex), TemplateOptions{})
			if err != nil || len(drift) == 0 {
				t.Errorf("no difference shows: %v", err)
			}
			done, err := c.InitIndex(t.Context(), mustPattern(t, DefaultIndex), TemplateOptions{})
			if err != nil || done.State != TemplateReplaced || k.things["/_index_template/wm"] != string(ours) {
				t.Errorf("init-index: %+v, %v", done, err)
			}
		})
	}
}

// Settings belong to the user: what init-index is not told of stays.
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
		there := gjson.Get(k.things["/_index_template/wm"], "template.settings.index").Raw
		if step.want != "" && there != step.want {
			t.Errorf("%+v: settings\n%s, want\n%s", step.options, there, step.want)
		}
		if drift, _, err := c.TemplateDrift(t.Context(), p, TemplateOptions{}); err != nil || len(drift) > 0 {
			t.Errorf("%+v: drift %v, %v", step.options, drift, err)
		}
	}
}

// Each derived field that documents have is in the mapping.
func TestTemplateMapsDerivedFields(t *testing.T) {
	_, _, source, _ := documentOf(t, DefaultIndex, edit)
	gjson.Get(source, "wm").ForEach(func(key, _ gjson.Result) bool {
		if !gjson.GetBytes(templateJSON, "template.mappings.properties.wm.properties."+key.Str).Exists() {
			t.Errorf("wm.%s is not mapped", key)
		}
		return true
	})
}
