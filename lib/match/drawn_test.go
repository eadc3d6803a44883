package match_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/wmtools/wm/lib/match"
)

// drawer makes random lines and queries from few words, so that they are often
// related.
type drawer struct{ *rand.Rand }

func (d drawer) of(list []string) string { return list[d.IntN(len(list))] }

var (
	drawnKeys = []string{"wiki", "user", "title", "comment", "type", "bot", "timestamp", "dt", "database", "page_title",
		"length", "meta", "performer", "wm", "@timestamp", "a", "a.b", "0", "k/k",
		"namespace", "page_namespace", "page", "revision", "rev_id", "predicted_classification"}
	drawnInner = []string{"new", "old", "dt", "stream", "user_text", "user_is_bot", "user_kind", "delta", "wiki", "page", "a", "0", "1", "é",
		"rev_id", "editor", "is_bot", "is_temp", "namespace_id", "page_title", "model_name", "probabilities", "true", "talk", "risk", "rev"}
	drawnTexts = []string{"", "enwiki", "dewiki", "edit", "new", "A page", "A_page", "a/b", `say \"hi\"`, `back\\slash`, `tab\there`, "Undid revision 1",
		"Café", "\u212aelvin", "İstanbul", "ſkiff", "東京都", "~2026-1", "192.0.2.1", "2026-11-23T12:00:00Z", "2026-11-23T12:00:00.250+01:00",
		"mediawiki.page-create", "true", "null", "0", "1e3", "temp", "bot", "revertrisk-x", "\U0001F469", "x\u2028y"}
	drawnWords = []string{"true", "false", "null", "0", "-0", "1", "1000", "1e3", "1.5", "9007199254740993", "9007199254740992.0",
		"18446744073709551615", "-18446744073709551616", "1e400", "1795435200"}
	drawnFields = []string{"wiki", "user", "title", "comment", "type", "bot", "length.new", "meta.dt", "a", "a.0", "a.0.1", "a.a.a", `a\.b`, "0", `k/k`,
		"length", "meta", "wm.wiki", "wm.user", "wm.page", "wm.user_kind", "wm.delta", "wm.revert", "wm.lag_ms", "wm.talk", "wm.rev", "wm.risk", "@timestamp", "a.é", "wm"}
)

// object draws an object without repeated keys.
func (d drawer) object(keys []string, depth int) string {
	var ms []string
	for _, i := range d.Perm(len(keys))[:d.IntN(min(len(keys), 8))] {
		ms = append(ms, fmt.Sprintf(`"%s":%s`, keys[i], d.value(depth)))
	}
	return "{" + strings.Join(ms, ",") + "}"
}

func (d drawer) value(depth int) string {
	switch n := d.IntN(12); {
	case n < 5:
		return `"` + d.of(drawnTexts) + `"`
	case n < 8:
		return d.of(drawnWords)
	case depth > 3:
		return `""`
	case n < 10:
		return d.object(drawnInner, depth+1)
	}
	var els []string
	for range d.IntN(4) {
		els = append(els, d.value(depth+1))
	}
	return "[" + strings.Join(els, ",") + "]"
}

func (d drawer) query() string {
	var terms []string
	for range 1 + d.IntN(3) {
		terms = append(terms, d.of([]string{"", "", "-"})+d.term())
	}
	return strings.Join(terms, " ")
}

func (d drawer) term() string {
	field := d.of(drawnFields)
	switch d.IntN(9) {
	case 0:
		return "!" + field
	case 1:
		return `"` + d.of(drawnTexts[1:10]) + ` kelvin"`
	case 2:
		return d.of([]string{"kelvin", "page", "istanbul", "skiff", "revision", "café", "hi", "a"})
	case 3:
		return field + d.of([]string{"~", "!~"}) + d.of([]string{"^A", "wiki", ".*k", "sk", "Undid", `"a/b"`, `"say .hi"`, "é", "0$", "t.*h"})
	case 4:
		return field + d.of([]string{"<", "<=", ">", ">="}) + d.of(drawnWords[3:])
	case 5:
		return field + "@names.txt"
	case 6:
		return d.of([]string{"title:", "comment:", "user:"}) + d.of([]string{"kelvin", "page", `"a page"`, "a/b", "Undid", "café", "~2026-1"})
	}
	var values []string
	for range 1 + d.IntN(3) {
		values = append(values, d.of([]string{`"` + strings.ReplaceAll(d.of(drawnTexts), `\t`, "\t") + `"`, d.of(drawnWords)}))
	}
	return field + d.of([]string{"=", "!="}) + strings.Join(values, "|")
}

// FuzzDrawn draws a line and queries from a seed, and compares predicates with
// the oracle on the line and on another spelling of it.
func FuzzDrawn(f *testing.F) {
	for seed := range uint64(300) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, seed uint64) {
		d := drawer{rand.New(rand.NewPCG(seed, 0))}
		line := []byte(d.object(drawnKeys, 0))
		again := respell(d.Rand, line)
		for range 20 {
			text := d.query()
			q := parsed(text)
			if q == nil { // a value that its field cannot have
				continue
			}
			o := match.Options{FoldCase: d.IntN(3) == 0, Any: d.IntN(3) == 0}
			p, err := match.Compile(q, o)
			if err != nil {
				t.Fatalf("%s: %v", text, err)
			}
			want, ok := judge(q, o, line)
			if !ok {
				t.Fatalf("the oracle cannot read %s", line)
			}
			for _, l := range [][]byte{line, again} {
				if got, err := p.Match(l); got != want || err != nil {
					t.Errorf("%s with %+v on %s: %v, error %v, want %v", text, o, l, got, err, want)
				}
			}
		}
	})
}
