package lines

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"github.com/wmtools/wm/lib/simulate"
)

// byStd finds lines as package regexp does, one by one.
func byStd(re *regexp.Regexp, block []byte) (found []Span) {
	for at := 0; at < len(block); {
		end := lineEnd(block, at)
		if re.Match(bytes.TrimSuffix(block[at:end], []byte("\r"))) {
			found = append(found, Span{at, end})
		}
		at = end + 1
	}
	return found
}

// agree compares a Searcher with package regexp on a block and on its lines.
func agree(t *testing.T, s *Searcher, re *regexp.Regexp, block []byte) {
	t.Helper()
	want := byStd(re, block)
	if got := s.Find(nil, block); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Fatalf("%s in %q: found %v, want %v", re, block, got, want)
	}
	i := 0
	for at := 0; at < len(block); {
		end := lineEnd(block, at)
		matches := i < len(want) && want[i].Start == at
		if matches {
			i++
		}
		if got := s.Match(block[at:end]); got != matches {
			t.Fatalf("%s on %q: match is %v", re, block[at:end], got)
		}
		at = end + 1
	}
}

func TestPatterns(t *testing.T) {
	block := []byte("hello world\n\nfoo bar\r\nx\nnaïve café\nKelvin \u212a\nlong \u017f\n\xff\xfe bad\nend\xc3\n\ufffd\nüber_foo\nlast")
	for _, expr := range []string{
		"", "hello", "o", ".", ".*", "^$", "^", "$", "^x$", "x$", "^f", "bar$", `\bfoo\b`, `\Bo`, "(?i)HELLO", "(?i)k", "(?i)S",
		"h.llo", "..", "^.$", "na.ve", "[^a-z]", "[^x]y?$", `\W`, `\pL+ \pL`, "é", "[à-ü]", "\ufffd", "[\ufffd]", "(a|b)*c", "l{2}",
		"foo.*bar", ".*foo.*", "^.*foo", "foo.*$", "(foo)", "(?:.*)(foo)(.*)", "(?s).foo", "(?s).*", `foo\nbar`, `\r`, "b(?:a)r",
		"last$", "^last", "a|b|", "(?m)^foo$", `\z`, `\Ax`, "(?i)über", "x*", "[[:^ascii:]]", "wor?ld|bar", "(hello|foo).*(world|bar)",
	} {
		m, err := Compile([]string{expr}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range [][]byte{block, block[:1], nil, []byte("\n"), bytes.TrimSuffix(block, []byte("last"))} {
			agree(t, m.Searcher(), regexp.MustCompile(expr), text)
		}
	}
}

func TestOptions(t *testing.T) {
	for _, tt := range []struct {
		patterns []string
		options  Options
		line     string
		want     bool
	}{
		{[]string{"a.c"}, Options{Literal: true}, "abc", false},
		{[]string{"a.c"}, Options{Literal: true}, "xa.cx", true},
		{[]string{"A.C"}, Options{Literal: true, FoldCase: true}, "xa.cx", true},
		{[]string{"x", "b"}, Options{}, "abc", true},
		{[]string{"x", "y"}, Options{}, "abc", false},
		{[]string{"b"}, Options{Word: true}, "abc", false},
		{[]string{"b", "abc"}, Options{Word: true}, "(abc)", true},
		{[]string{"b|abc"}, Options{Whole: true}, "abc", true},
		{[]string{"b|ab"}, Options{Whole: true}, "abc", false},
		{[]string{"ABC"}, Options{Whole: true, FoldCase: true}, "abc\r", true},
	} {
		m, err := Compile(tt.patterns, tt.options)
		if err != nil {
			t.Fatal(err)
		}
		if got := m.Searcher().Match([]byte(tt.line)); got != tt.want {
			t.Errorf("%q %+v on %q: %v", tt.patterns, tt.options, tt.line, got)
		}
	}
	for _, patterns := range [][]string{{"ok", "a(b"}, {"a)(b"}, {"a)", "(b"}} {
		if _, err := Compile(patterns, Options{}); err == nil {
			t.Errorf("%q: no error", patterns)
		}
	}
	m, err := Compile([]string{`\Qa.`, `x\Q)y\E`}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for line, want := range map[string]bool{"a.": true, "ab": false, "x)y": true} {
		if got := m.Searcher().Match([]byte(line)); got != want {
			t.Errorf("what is quoted, on %q: %v", line, got)
		}
	}
}

// drawPattern draws a random pattern from pieces that are difficult together.
func drawPattern(r *rand.Rand, depth int) string {
	pieces := []string{"a", "b", "ab", "K", "é", "日", "\ufffd", ".", ".*", "[^a]", "[a-é]", `\b`, `\B`, "^", "$", `\w`, `\W`, `\s`, "(?i:ak)", "x"}
	if depth == 0 {
		return pieces[r.IntN(len(pieces))]
	}
	sub := func() string { return drawPattern(r, depth-1) }
	switch r.IntN(7) {
	case 0:
		return "(" + sub() + "|" + sub() + ")"
	case 1:
		return "(?:" + sub() + ")" + []string{"*", "+", "?", "{2}", "*?"}[r.IntN(5)]
	case 2:
		return sub()
	}
	return sub() + sub()
}

func drawText(r *rand.Rand) []byte {
	pieces := []string{"a", "b", "ab", "k", "K", "\u212a", "é", "日", "\xff", "\xc3", "\xe6\x97", "\xed\xa0\x80", "\ufffd", "\n", "\n", "\r\n", " ", "_", "x", ""}
	var text []byte
	for range r.IntN(24) {
		text = append(text, pieces[r.IntN(len(pieces))]...)
	}
	return text
}

func TestDrawnPatterns(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 4000 {
		expr := drawPattern(r, 3)
		re, err := regexp.Compile(expr)
		if err != nil {
			continue // such as ** of a repetition
		}
		m, err := Compile([]string{expr}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		s := m.Searcher()
		for range 6 {
			agree(t, s, re, drawText(r))
		}
	}
}

// EachPlace agrees with FindAllIndex, wherever the line is in memory.
func TestPlaces(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for range 2000 {
		expr, block := drawPattern(r, 2), drawText(r)
		m, err := Compile([]string{expr}, Options{})
		if err != nil {
			continue
		}
		for line := range bytes.SplitSeq(block, []byte("\n")) {
			var got, want []Span
			m.EachPlace(line, func(at Span) { got = append(got, at) })
			for _, at := range m.std().FindAllIndex(bytes.TrimSuffix(line, []byte("\r")), -1) {
				if at[0] < at[1] {
					want = append(want, Span{at[0], at[1]})
				}
			}
			if fmt.Sprint(got) != fmt.Sprint(want) {
				t.Fatalf("%s in %q: %v, want %v", expr, line, got, want)
			}
		}
	}
}

func FuzzFindsWhatRegexpFinds(f *testing.F) {
	for _, expr := range []string{"a.*b", `\bfoo\b`, "(?i)k", "[^a]$", "^.$", "日+", "(a|ab)(c|bcd)", "x{3}", ".*en.wikipedia.*"} {
		f.Add(expr, []byte("foo\nabc\r\n\xffé\n日日 k\u212a xxx"), false)
	}
	f.Fuzz(func(t *testing.T, expr string, block []byte, fold bool) {
		m, err := Compile([]string{expr}, Options{FoldCase: fold})
		if err != nil || len(expr) > 60 {
			return
		}
		agree(t, m.Searcher(), m.std(), block)
	})
}

// aOrB returns a block of random lines of letters a and b.
func aOrB(r *rand.Rand, lines, letters int) (block []byte) {
	for range lines {
		for range letters {
			block = append(block, "ab"[r.IntN(2)])
		}
		block = append(block, '\n')
	}
	return block
}

// A pattern whose DFA exceeds the limit, because of the number or the size of its
// states, finds the same lines with package regexp.
func TestTooManyStates(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for _, tt := range []struct {
		expr  string
		block []byte
	}{
		{"(a|b)*a(a|b){18}c(a|b){18}a", aOrB(r, 1000, 60)},
		{"a[ab]{900}c", aOrB(r, 8, 2000)},
	} {
		m, err := Compile([]string{tt.expr}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		s := m.Searcher()
		s.dfa.limit = 100_000
		for line := range bytes.Lines(tt.block) {
			agree(t, s, m.std(), line)
			if s.dfa != nil && size(s.dfa) > 2*s.dfa.limit {
				t.Fatalf("%s: the states have %d bytes", tt.expr, size(s.dfa))
			}
		}
		if s.dfa != nil {
			t.Errorf("%s: the DFA is not given up", tt.expr)
		}
	}
}

// size returns the memory of a DFA's states.
func size(d *dfa) int {
	n := 4 * len(d.table)
	for _, s := range d.states {
		n += 4 * len(s.insts)
	}
	for key := range d.known {
		n += len(key)
	}
	return n
}

// A DFA that fills up slowly, as on an endless stream, is emptied and continues.
func TestStatesNowAndThen(t *testing.T) {
	m, err := Compile([]string{"a[ab]{9}c"}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	s := m.Searcher()
	s.dfa.limit = 40_000
	r, resets := rand.New(rand.NewPCG(5, 6)), 0
	quiet := bytes.Repeat([]byte("x y z\n"), 1000)
	for range 200 {
		before := s.walked
		agree(t, s, m.std(), quiet)
		agree(t, s, m.std(), aOrB(r, 1, 40))
		if s.walked < before {
			resets++
		}
	}
	if resets == 0 {
		t.Error("the DFA is never full")
	}
	if s.dfa == nil {
		t.Error("the DFA is given up")
	}
}

// A set of many words is found with a DFA, whatever their order.
func TestDictionary(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	words := make([]string, 20_000)
	for i := range words {
		words[i] = fmt.Sprintf("%c%c%c%d", 'a'+r.IntN(26), 'a'+r.IntN(26), 'a'+r.IntN(26), i)
	}
	for _, o := range []Options{{}, {FoldCase: true}, {Word: true}, {Whole: true}} {
		m, err := Compile(words, o)
		if err != nil || m.program == nil {
			t.Fatalf("%+v: error %v, or no program", o, err)
		}
		s := m.Searcher()
		for _, w := range words[:1000] {
			if !s.Match([]byte(w)) || s.Match([]byte(w[:3]+"x")) {
				t.Fatalf("%+v: not found, or too much: %s", o, w)
			}
		}
	}
}

// If several patterns match at a position, the first one given is highlighted.
func TestPlacesKeepTheOrder(t *testing.T) {
	for patterns, want := range map[[2]string]string{{"ab", "a"}: "[{1 3}]", {"a", "ab"}: "[{1 2}]"} {
		m, err := Compile(patterns[:], Options{})
		if err != nil {
			t.Fatal(err)
		}
		var places []Span
		m.EachPlace([]byte("xab\r"), func(at Span) { places = append(places, at) })
		if got := fmt.Sprint(places); got != want {
			t.Errorf("%q: %s, want %s", patterns, got, want)
		}
	}
}

// sample returns a block of synthetic events.
func sample(n int) []byte {
	var block []byte
	for _, e := range simulate.New(1, simulate.Options{}).Take(n) {
		block = append(append(block, e.Data...), '\n')
	}
	return block
}

var benchPatterns = []struct {
	name     string
	patterns []string
	options  Options
}{
	{"literal", []string{"enwiki"}, Options{}},
	{"any-literal-any", []string{".*en.wikipedia.*"}, Options{}},
	{"fold", []string{"(?i)vandal"}, Options{}},
	{"two-literals", []string{`"bot":true.*"namespace":0`}, Options{}},
	{"words", []string{`\b(revert|undid|rvv)\b`}, Options{}},
	{"ipv4", []string{`\b\d{1,3}(\.\d{1,3}){3}\b`}, Options{}},
	{"50-words", fifty, Options{}},
	{"every-line", []string{"."}, Options{}},
}

var fifty = strings.Fields(`vandalism reverted rollback spam copyvio test hoax blanking sockpuppet disruptive merge redirect stub
	category template citation reference source link image infobox birth death film album song band football cricket hockey
	tennis olympic election party president minister church temple school university river mountain lake island village
	district railway station bridge airport`)

// Find does not allocate if dst is large enough.
func TestNothingIsAllocated(t *testing.T) {
	block := sample(400)
	for _, b := range benchPatterns {
		m, err := Compile(b.patterns, b.options)
		if err != nil {
			t.Fatal(err)
		}
		s := m.Searcher()
		found := s.Find(nil, block)
		if n := testing.AllocsPerRun(5, func() { found = s.Find(found[:0], block) }); n > 0 {
			t.Errorf("%s: %.0f allocations a block", b.name, n)
		}
	}
}

func BenchmarkFind(b *testing.B) {
	block := sample(20_000)
	for _, bench := range benchPatterns {
		b.Run(bench.name, func(b *testing.B) {
			m, err := Compile(bench.patterns, bench.options)
			if err != nil {
				b.Fatal(err)
			}
			s := m.Searcher()
			var found []Span
			b.SetBytes(int64(len(block)))
			for b.Loop() {
				found = found[:0]
				for at := 0; at < len(block); {
					end := min(lineEnd(block, min(at+1<<20, len(block)))+1, len(block))
					found = s.Find(found, block[at:end])
					at = end
				}
			}
			b.ReportMetric(float64(len(found)), "lines")
		})
	}
}
