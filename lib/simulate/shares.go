package simulate

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"net/netip"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/tidwall/gjson"
)

// Shares counts properties of events, to compare generated with captured ones.
type Shares struct {
	Types  map[string]int // of recentchange; the name of any other stream
	Wikis  map[string]int
	Spaces map[string]int // numbers of namespaces
	Users  map[string]int // bot, registered, temp, ip, hidden
	Sizes  []int          // bytes of each event
}

// NewShares returns empty counts.
func NewShares() *Shares {
	return &Shares{Types: map[string]int{}, Wikis: map[string]int{}, Spaces: map[string]int{}, Users: map[string]int{}}
}

// Add counts an event, unless it is a canary.
func (s *Shares) Add(event []byte) {
	e := gjson.ParseBytes(event)
	if e.Get("meta.domain").Str == "canary" {
		return
	}
	s.Sizes = append(s.Sizes, len(event))
	s.Types[cmp.Or(e.Get("type").Str, e.Get("meta.stream").Str)]++
	s.Wikis[cmp.Or(e.Get("wiki").Str, e.Get("database").Str, e.Get("wiki_id").Str)]++
	s.Spaces[cmp.Or(e.Get("namespace").Raw, e.Get("page_namespace").Raw, e.Get("page.namespace_id").Raw)]++
	s.Users[userKind(e)]++
}

func userKind(e gjson.Result) string {
	user := cmp.Or(e.Get("user").Str, e.Get("performer.user_text").Str)
	switch {
	case user == "":
		return "hidden"
	case e.Get("bot").Bool() || e.Get("performer.user_is_bot").Bool() || e.Get("performer.is_bot").Bool():
		return "bot"
	case strings.HasPrefix(user, "~2"):
		return "temp"
	}
	if _, err := netip.ParseAddr(user); err == nil {
		return "ip"
	}
	return "registered"
}

// percentiles of the sizes to print.
var percentiles = []int{1, 5, 25, 50, 75, 90, 99}

// Size returns the size in bytes below which the given percentage of events lies.
func (s *Shares) Size(percent int) int {
	if len(s.Sizes) == 0 {
		return 0
	}
	slices.Sort(s.Sizes)
	return s.Sizes[min(len(s.Sizes)*percent/100, len(s.Sizes)-1)]
}

// PrintShares prints counts side by side, in percent, with their names on top.
func PrintShares(w io.Writer, names []string, counts ...*Shares) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	row(t, "", len(names), func(i int) string { return names[i] })
	row(t, "events", len(counts), func(i int) string { return fmt.Sprint(len(counts[i].Sizes)) })
	section(t, "type", counts, 10, func(s *Shares) map[string]int { return s.Types })
	section(t, "wiki", counts, 20, func(s *Shares) map[string]int { return s.Wikis })
	section(t, "namespace", counts, 10, func(s *Shares) map[string]int { return s.Spaces })
	section(t, "user", counts, 10, func(s *Shares) map[string]int { return s.Users })
	for _, p := range percentiles {
		row(t, fmt.Sprintf("size p%d", p), len(counts), func(i int) string { return fmt.Sprint(counts[i].Size(p)) })
	}
	row(t, "size max", len(counts), func(i int) string { return fmt.Sprint(counts[i].Size(100)) })
	return t.Flush()
}

func row(w io.Writer, name string, columns int, cell func(int) string) {
	fmt.Fprint(w, name, "\t")
	for i := range columns {
		fmt.Fprint(w, cell(i), "\t")
	}
	fmt.Fprintln(w)
}

// section prints the values that are most frequent in any of the counts.
func section(w io.Writer, title string, counts []*Shares, limit int, of func(*Shares) map[string]int) {
	total := map[string]float64{}
	for _, s := range counts {
		for value, n := range of(s) {
			total[value] += float64(n) / float64(len(s.Sizes))
		}
	}
	values := slices.SortedFunc(maps.Keys(total), func(a, b string) int {
		return cmp.Or(cmp.Compare(total[b], total[a]), cmp.Compare(a, b))
	})
	for _, value := range values[:min(limit, len(values))] {
		row(w, title+" "+value, len(counts), func(i int) string {
			return fmt.Sprintf("%.1f %%", 100*float64(of(counts[i])[value])/float64(max(1, len(counts[i].Sizes))))
		})
	}
}
