package browsertest

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// axe returns the accessibility checker, which scripts/page/check fetches.
func axe(t *testing.T) string {
	t.Helper()
	name := os.Getenv("WM_AXE")
	if name == "" {
		if os.Getenv("CI") == "true" {
			t.Fatal("WM_AXE is not set, which CI must do")
		}
		t.Skip("WM_AXE does not name axe.min.js: accessibility is not tested; see scripts/page/check")
	}
	script, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(script)
}

// pageState is a state of the page and the way to get there.
type pageState struct {
	name   string
	params string
	world  func(*testing.T) *world // nil: the one with events
	enter  func(*tab)
}

// pageStates are the states in which the page is checked.
var pageStates = []pageState{
	{"figures", "", nil, func(b *tab) { b.wait(settled) }},
	{"filters", "?q=wiki%3Denwiki+-wm.user_kind%3Dbot&split=kind", nil, func(b *tab) { b.wait(settled) }},
	{"nothing selected, line", "?measure=editors&from=2026-11-23T11:00:00Z&to=2026-11-23T12:00:00Z", nil, func(b *tab) { b.wait(settled) }},
	{"own charts", "?chart=m%3Dadded%26by%3Dtime%26split%3Dwiki%26form%3Dbars&chart=m%3Dchanges%26by%3Duser%26form%3Dlist%26split%3Dtype&chart=by%3Dhour%26form%3Dheat&chart=form%3Dnumber&chart=form%3Dtable", nil,
		func(b *tab) { b.wait(settled + ` && document.querySelectorAll("#customs .panel").length === 5`) }},
	{"completions", "", nil, func(b *tab) {
		b.wait(settled)
		b.focusSearch()
		b.keys("wm.user_kind=")
		b.wait(`document.querySelectorAll("#completions .option").length >= 4`)
	}},
	{"mistake", "", nil, func(b *tab) {
		b.wait(settled)
		b.noisy = true
		b.focusSearch()
		b.keys("wikki=enwiki", kb.Enter)
		b.wait(`document.querySelector(".mistake") !== null`)
	}},
	{"time", "", nil, func(b *tab) { b.wait(settled); b.run(`document.getElementById("range").click()`) }},
	{"menu", "", nil, func(b *tab) {
		b.wait(settled)
		b.run(`document.getElementById("more").click()`)
		b.wait(`document.querySelector(".menu-code") !== null`)
	}},
	{"saved views", "", nil, func(b *tab) { b.wait(settled); b.run(`document.getElementById("saved").click()`) }},
	{"health", "", nil, func(b *tab) { b.wait(settled); b.run(`document.getElementById("health").click()`) }},
	{"add chart", "", nil, func(b *tab) {
		b.wait(settled)
		b.run(`document.getElementById("add-chart").click()`)
		b.wait(`document.querySelector("#drawer .plot") !== null`)
	}},
	{"keys", "", nil, func(b *tab) { b.wait(settled); b.run(`document.getElementById("keys-open").click()`) }},
	{"highlighted rows", "", nil, func(b *tab) {
		b.wait(settled)
		b.keys("r")
		b.run(`document.querySelectorAll("#rules .rule").forEach((rule, i) => rule.querySelectorAll("button")[i % 5 + 1].click())`)
		b.wait(`document.querySelectorAll("#feed tr[class^=hl]").length > 5`)
		b.run(`document.getElementById("rules").close(); localStorage.clear()`)
	}},
	{"highlight and skip", "", nil, func(b *tab) { b.wait(settled); b.keys("r"); b.wait(`document.getElementById("rules").open`) }},
	{"table", "", nil, func(b *tab) { b.wait(settled); b.run(`document.querySelector("#hist-tools button").click()`) }},
	{"paused", "", nil, func(b *tab) { b.wait(settled); b.keys("j", "j") }},
	{"brush", "", nil, func(b *tab) {
		b.wait(settled)
		b.run(`document.querySelector("#hist svg").focus()`)
		b.shift(kb.ArrowLeft, 4)
		b.wait(`!document.getElementById("readout").hidden`)
	}},
	{"nothing matches", "?q=wm.delta%3E100000000", nil, func(b *tab) { b.wait(`!document.getElementById("full").hidden`) }},
	{"empty", "", empty, func(b *tab) { b.wait(`!document.getElementById("full").hidden`) }},
	{"no answer", "", away, func(b *tab) { b.noisy = true; b.wait(`!document.getElementById("full").hidden`) }},
	{"loading", "", slow, func(b *tab) { b.noisy = true; b.wait(`document.body.classList.contains("is-loading")`) }},
	{"help", "help", empty, func(*tab) {}},
	{"API", "api", empty, func(*tab) {}},
}

// focusSearch focuses the search box, which narrow screens show on request.
func (b *tab) focusSearch() {
	b.t.Helper()
	b.run(`{ const open = document.getElementById("search-open"); if (open.offsetParent) open.click(); document.getElementById("search").focus() }`)
}

func away(t *testing.T) *world {
	w := empty(t)
	w.away.Store(true)
	return w
}

func slow(t *testing.T) *world {
	w := empty(t)
	w.slow = make(chan struct{})
	t.Cleanup(func() { close(w.slow) })
	return w
}

// TestAccessibility: axe-core finds nothing in any state, light at 1280 px and dark
// at one of three widths.
func TestAccessibility(t *testing.T) {
	script := axe(t)
	filled := full(t)
	for i, state := range pageStates {
		t.Run(state.name, func(t *testing.T) {
			w := filled
			if state.world != nil {
				w = state.world(t)
			}
			width := []int64{360, 2560, 360, 1280}[i%4]
			looks := []struct {
				width  int64
				scheme string
			}{{1280, "light"}, {width, "dark"}}
			for _, look := range looks {
				b := open(t, w.url+"/"+strings.TrimPrefix(state.params, "/"))
				b.size(look.width, 900)
				b.prefer("prefers-color-scheme", look.scheme)
				state.enter(b)
				for _, finding := range b.findings(script) {
					t.Errorf("%d px, %s: %s", look.width, look.scheme, finding)
				}
				if over := eval[int](b, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); over > 0 {
					t.Errorf("%d px: the page scrolls sideways by %d px", look.width, over)
				}
			}
		})
	}
}

// findings runs axe-core in the page. The size of targets is not judged while a
// popover covers some of them in part, and a target that can be hit over 24 px is
// large enough: axe-core does not see that what overflows a row is cut off.
func (b *tab) findings(script string) (list []string) {
	b.t.Helper()
	b.run(`if (!window.axe) { ` + script + ` }`)
	type node struct{ Target []string }
	type violation struct {
		ID, Help string
		Nodes    []node
	}
	for _, v := range eval[[]violation](b, `axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], rules: {"target-size": {enabled: !document.querySelector(".popover:not([hidden]), .drawer:not([hidden])")}}}).then(r => r.violations
		.map(v => ({ID: v.id, Help: v.help, Nodes: v.nodes.map(n => ({Target: n.target.map(String)})).filter(n => v.id !== "target-size" || !test.large(n.Target[0]))}))
		.filter(v => v.Nodes.length))`) {
		for _, n := range v.Nodes[:min(3, len(v.Nodes))] {
			list = append(list, fmt.Sprintf("%s (%s): %s, %d in all", v.ID, v.Help, strings.Join(n.Target, " "), len(v.Nodes)))
		}
	}
	return list
}
