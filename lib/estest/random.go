package estest

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// Draws configures [Compare].
type Draws struct {
	Seed     uint64
	Mappings int  // number of mappings, each with its documents
	Searches int  // number of searches for each mapping
	Churn    bool // replace and delete documents; scores are then not compared
}

// Compare draws mappings, documents and searches from a grammar, sends them to two
// servers, and compares the responses. A difference is reduced to a small case before
// it is reported.
func Compare(t *testing.T, wantURL, gotURL string, o Draws) {
	t.Helper()
	t.Logf("seed %d", o.Seed)
	p := &pair{want: newServer(t, wantURL), got: newServer(t, gotURL)}
	for m := range o.Mappings {
		d := &draw{Rand: rand.New(rand.NewPCG(o.Seed, uint64(m))), exact: o.Churn}
		world := world{mapping: d.mapping()}
		for i := range 20 + d.IntN(40) {
			world.add("index", i, d.document(i))
		}
		if o.Churn {
			for range 10 {
				i := d.IntN(20)
				world.add([]string{"index", "delete"}[d.IntN(2)], i, d.document(i))
			}
		}
		p.make(t, world)
		for range o.Searches {
			q := d.search()
			if p.differ(t, q) == "" {
				continue
			}
			world, q = p.shrink(t, world, q)
			p.make(t, world)
			t.Errorf("mapping %d of seed %d: %s\n%s\nsearch %s\n%s", m, o.Seed, text(world.mapping), world.bulk(), text(q), p.differ(t, q))
			break
		}
		p.remove(t)
		if t.Failed() {
			return
		}
	}
}

// world is an index: its mapping and the writes to it.
type world struct {
	mapping j
	writes  []string // lines of _bulk
}

func (w *world) add(action string, id int, doc j) {
	lines := text(j{action: j{"_id": fmt.Sprint(id)}}) + "\n"
	if action != "delete" {
		lines += text(doc) + "\n"
	}
	w.writes = append(w.writes, lines)
}

func (w world) bulk() string { return strings.Join(w.writes, "") }

// pair is a pair of servers.
type pair struct {
	want, got *server
	index     string // the index in both
	made      int
}

// make creates the index of a world in both servers, replacing the previous one.
func (p *pair) make(t *testing.T, w world) {
	t.Helper()
	p.remove(t)
	p.made++
	p.index = fmt.Sprintf("estest-random-%d", p.made)
	for _, s := range []*server{p.want, p.got} {
		s.names = []string{"{i}", p.index}
		s.ask(t, &request{line: "DELETE /{i}"}) // left by an interrupted run
		for _, r := range []*request{
			{line: "PUT /{i}", body: []string{text(w.mapping)}},
			{line: "POST /{i}/_bulk?refresh=true", body: strings.Split(strings.TrimSuffix(w.bulk(), "\n"), "\n")},
		} {
			if got := s.ask(t, r); got.status != http.StatusOK || strings.Contains(got.body, `"errors":true`) && !strings.Contains(got.body, "not_found") {
				t.Fatalf("%s %s: %d %.2000s", s.url, r.line, got.status, got.body)
			}
		}
	}
}

func (p *pair) remove(t *testing.T) {
	t.Helper()
	if p.index == "" {
		return
	}
	for _, s := range []*server{p.want, p.got} {
		s.ask(t, &request{line: "DELETE /{i}"})
	}
	p.index = ""
}

// differ returns the first differences of the responses to a search.
func (p *pair) differ(t *testing.T, q j) string {
	t.Helper()
	r := &request{line: "POST /{i}/_search", body: []string{text(q)}}
	want, got := p.want.ask(t, r), p.got.ask(t, r)
	if want.status != http.StatusOK || got.status != http.StatusOK {
		if want.status == got.status {
			return ""
		}
		return fmt.Sprintf("status %d and %d: %.1000s\n%.1000s", want.status, got.status, want.body, got.body)
	}
	return diff(p.want.shown(t, want), p.got.shown(t, got), nil)
}

// maxShrinks is the maximum number of smaller cases to try.
const maxShrinks = 300

// shrink finds a smaller case that still differs, in the status if it did before.
func (p *pair) shrink(t *testing.T, w world, q j) (world, j) {
	t.Helper()
	status := strings.HasPrefix(p.differ(t, q), "status")
	differs := func(q j) bool {
		d := p.differ(t, q)
		return d != "" && strings.HasPrefix(d, "status") == status
	}
	tries := 0
	for smaller := true; smaller && tries < maxShrinks; {
		smaller = false
		for _, candidate := range smallerValues(q) {
			c, ok := candidate.(j)
			if tries++; ok && tries < maxShrinks && c["sort"] != nil && differs(c) {
				q, smaller = c, true
				break
			}
		}
	}
	for n := len(w.writes) / 2; n > 0 && tries < 2*maxShrinks; n /= 2 {
		for i := 0; i+n <= len(w.writes); tries++ {
			c := world{w.mapping, slices.Delete(slices.Clone(w.writes), i, i+n)}
			if len(c.writes) == 0 {
				break
			}
			if p.make(t, c); differs(q) {
				w = c
			} else {
				i += n
			}
		}
	}
	return w, q
}

// smallerValues returns copies of a JSON value with one member or element removed, or
// replaced by its contents.
func smallerValues(v any) (list []any) {
	switch v := v.(type) {
	case j:
		for key, child := range v {
			without := copyOf(v).(j)
			delete(without, key)
			list = append(list, without)
			for _, c := range smallerValues(child) {
				with := copyOf(v).(j)
				with[key] = c
				list = append(list, with)
			}
		}
	case []any:
		for i, child := range v {
			list = append(list, slices.Delete(slices.Clone(v), i, i+1))
			for _, c := range smallerValues(child) {
				with := slices.Clone(v)
				with[i] = c
				list = append(list, with)
			}
		}
	}
	return list
}

func copyOf(v j) any {
	out := make(j, len(v))
	for key, child := range v {
		out[key] = child
	}
	return out
}
