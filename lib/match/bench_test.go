package match_test

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/wmtools/wm/lib/match"
	"github.com/wmtools/wm/lib/simulate"
)

// made is 50 MB of synthetic events, one per line.
var made = sync.OnceValue(func() []byte {
	var b bytes.Buffer
	for e := range simulate.New(1, simulate.Options{}).All() {
		b.Write(e.Data)
		if b.WriteByte('\n'); b.Len() > 50<<20 {
			break
		}
	}
	return b.Bytes()
})

// names is a file of n user names, some of which are in made.
func names(n int) []byte {
	var b bytes.Buffer
	for line := range bytes.Lines(made()) {
		if user := fieldText(line, "user"); user != "" && len(user)%3 == 0 && b.Len() < 20_000 {
			fmt.Fprintln(&b, user)
		}
	}
	for i := bytes.Count(b.Bytes(), []byte{'\n'}); i < n; i++ {
		fmt.Fprintf(&b, "Watched account %d\n", i)
	}
	return b.Bytes()
}

func fieldText(line []byte, key string) string {
	_, rest, _ := bytes.Cut(line, []byte(`,"`+key+`":"`))
	text, _, _ := bytes.Cut(rest, []byte(`"`))
	return string(text)
}

// BenchmarkLines searches 50 MB of events, in blocks of 1 MiB as lib/grep does.
func BenchmarkLines(b *testing.B) {
	parser := match.Parser{ReadFile: func(string) ([]byte, error) { return names(100_000), nil }}
	for _, query := range []string{
		"wiki=enwiki", "wiki=enwiki bot=false", "bot=false wiki=enwiki|dewiki|frwiki", "length.new>100000", "namespace=0 bot=false",
		"user=Gorvezenvia", "user@names.txt", "wiki=enwiki|dewiki|frwiki|eswiki|itwiki", "wiki!=enwiki",
		"vandalism", `"undid revision"`, "comment~^Undid", "wm.user_kind=temp", "wm.user_kind=ip", "wm.delta<-500", "wm.revert=true", "absent",
	} {
		b.Run(strings.ReplaceAll(query, " ", "_"), func(b *testing.B) {
			q, err := parser.Query(query)
			if err != nil {
				b.Fatal(err)
			}
			p, err := match.Compile(q, match.Options{})
			if err != nil {
				b.Fatal(err)
			}
			matched := 0
			b.SetBytes(int64(len(made())))
			b.ReportAllocs()
			for b.Loop() {
				matched = 0
				for _, block := range blocks(made()) {
					matched += count(b, p, block)
				}
			}
			b.ReportMetric(float64(matched)*100/float64(bytes.Count(made(), []byte{'\n'})), "%match")
		})
	}
}

func blocks(data []byte) [][]byte {
	var bs [][]byte
	for len(data) > 1<<20 {
		n := bytes.LastIndexByte(data[:1<<20], '\n') + 1
		bs, data = append(bs, data[:n]), data[n:]
	}
	return append(bs, data)
}

func count(tb testing.TB, p *match.Predicate, block []byte) (n int) {
	for _, err := range p.Lines(block) {
		if err != nil {
			tb.Fatal(err)
		}
		n++
	}
	return n
}
