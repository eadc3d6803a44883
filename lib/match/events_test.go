package match_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/wmtools/wm/lib/match"
	"github.com/wmtools/wm/lib/simulate"
)

// asked are queries of every kind. Each matches some synthetic events, but not
// all.
var asked = []string{
	"wiki=enwiki", "wiki!=enwiki|commonswiki", "wiki=enwiki bot=false", "bot=true", "type=edit|new namespace=0", "minor=true",
	"length.new>10000", "length.old<=500", "namespace>=1 namespace<4", "!length", "-!log_type", "meta.domain=www.wikidata.org",
	"title~^Category:", "comment~(?i)added", "server_name!~wikipedia", "user~^[A-F]", "added category", `"added to category"`, "-to",
	"wm.user_kind=temp", "wm.user_kind=bot|ip", "wm.user_kind!=registered", "wm.delta<-100", "wm.delta>=0 wm.revert=false", "wm.revert=true",
	"wm.lag_ms>2000", "wm.wiki=frwiki", "wm.page~^dewiki:", "@timestamp~T12:0[0-4]", "patrolled=true -wiki=wikidatawiki", `title~\.`,
}

func predicates(tb testing.TB) (qs []*match.Query, ps []*match.Predicate) {
	for _, text := range asked {
		qs, ps = append(qs, parse(tb, text)), append(ps, compile(tb, text, match.Options{}))
	}
	return qs, ps
}

// Predicates agree with the oracle on synthetic events, and on the same events
// written differently.
func TestMadeEvents(t *testing.T) {
	dice := rand.New(rand.NewPCG(1, 2))
	qs, ps := predicates(t)
	matched := make([]int, len(qs))
	const events = 2000
	for _, e := range simulate.New(7, simulate.Options{}).Take(events) {
		truth, ok := newOracle(e.Data)
		if !ok {
			t.Fatalf("not an object: %s", e.Data)
		}
		again := respell(dice, e.Data)
		if _, ok := newOracle(again); !ok {
			t.Fatalf("respelled to invalid JSON: %s", again)
		}
		for i, p := range ps {
			want := truth.matches(qs[i], match.Options{})
			for _, line := range [][]byte{e.Data, again} {
				if got, err := p.Match(line); got != want || err != nil {
					t.Fatalf("%q on %s: %v, error %v, want %v", asked[i], line, got, err, want)
				}
			}
			if want {
				matched[i]++
			}
		}
	}
	for i, n := range matched {
		if n == 0 || n == events {
			t.Errorf("%q matches %d of %d events, which proves little", asked[i], n, events)
		}
	}
}

// respell writes JSON differently: with blanks between tokens, and with \u
// escapes in strings.
func respell(dice *rand.Rand, line []byte) []byte {
	var out []byte
	quoted := false
	for i := 0; i < len(line); {
		r, size := utf8.DecodeRune(line[i:])
		if r == '"' {
			quoted = !quoted
		}
		switch {
		case quoted && r == '\\':
			size = 2
			out = append(out, line[i:i+2]...)
		case quoted && r != '"' && dice.IntN(8) == 0:
			for _, unit := range utf16.Encode([]rune{r}) {
				out = fmt.Appendf(out, `\u%04X`, unit)
			}
		case !quoted && strings.ContainsRune("{}[],:", r):
			out = append(out, " \t"[:dice.IntN(3)]...)
			out = append(append(out, line[i]), " \r"[:dice.IntN(3)]...)
		default:
			out = append(out, line[i:i+size]...)
		}
		i += size
	}
	return out
}

// Captured events contain names of real people and are not part of the project.
func TestCapturedEvents(t *testing.T) {
	dir := os.Getenv("WM_CAPTURES")
	if dir == "" {
		t.Skip("WM_CAPTURES is not set to a folder of captured events")
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.ndjson"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no captured events in %s: %v", dir, err)
	}
	qs, ps := predicates(t)
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for line := range bytes.Lines(data) {
			truth, ok := newOracle(line)
			if !ok {
				continue
			}
			for i, p := range ps {
				want := truth.matches(qs[i], match.Options{})
				if got, err := p.Match(line); got != want || err != nil {
					t.Fatalf("%q on a line of %s: %v, error %v, want %v\n%s", asked[i], file, got, err, want, line)
				}
			}
		}
	}
}
