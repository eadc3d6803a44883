package browsertest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// TestBuildChart builds "bytes removed per hour by temporary accounts on three
// wikis, by namespace" as a new user does, with the keyboard only.
func TestBuildChart(t *testing.T) {
	w := full(t)
	b := open(t, w.url)
	b.wait(settled)
	b.keys("n")
	b.wait(`document.activeElement.id === "draft-m"`)
	b.pick("draft-m", "removed")
	b.pick("draft-by", "time:1h")
	b.pick("draft-split", "namespace")
	b.run(`document.getElementById("draft-q").focus()`)
	b.keys(`wm.user_kind=temp wiki=enwiki|viwiki|commonswiki`)
	b.wait(`document.querySelectorAll("#drawer .plot path[class^=s]").length > 0 && document.querySelector("#draft-name").textContent === "Bytes removed per hour, split by namespace"`)
	if disabled := eval[[]string](b, `[...document.querySelectorAll("#drawer .form-tile input:disabled")].map(i => i.value + ": " + i.closest("label").title)`); len(disabled) != 2 {
		t.Errorf("disabled forms: %v", disabled)
	}
	b.run(`document.getElementById("draft-title").focus()`)
	b.keys("Temporary accounts")
	b.run(`document.getElementById("draft-add").focus()`)
	b.keys(kb.Enter)
	b.wait(`document.getElementById("drawer").hidden && document.querySelector("#customs h2")?.textContent === "Temporary accounts"`)
	if spec := eval[string](b, `new URLSearchParams(location.search).get("chart")`); spec != "m=removed&by=time&form=bars&every=1h&split=namespace&q=wm.user_kind%3Dtemp+wiki%3Denwiki%7Cviwiki%7Ccommonswiki&title=Temporary+accounts" {
		t.Errorf("the address has the chart %q", spec)
	}
	b.do(chromedp.Reload())
	b.wait(`document.querySelector("#customs h2")?.textContent === "Temporary accounts" && document.querySelector("#customs .plot") !== null`)
	b.click(`#customs [aria-label="Edit this chart"]`)
	b.wait(`document.getElementById("draft-q")?.value.startsWith("wm.user_kind=temp")`)
	b.pick("draft-by", "wiki")
	b.wait(`document.querySelector("#drawer .form-tile input:checked").value === "list" && document.querySelectorAll("#drawer .top-list li").length > 0`)
	b.keys(kb.Escape)
	b.wait(`document.getElementById("drawer").hidden`)
	b.click(`#customs [aria-label="Remove from the page"]`)
	b.wait(`document.querySelectorAll("#customs .panel").length === 0 && document.querySelector(".undo") !== null`)
	b.click(`.undo button`)
	b.wait(`document.querySelectorAll("#customs .panel").length === 1`)
}

// pick chooses an option of a list as the keyboard does.
func (b *tab) pick(id, value string) {
	b.t.Helper()
	b.choose(id, value)
	b.wait(fmt.Sprintf(`document.getElementById(%q).value === %q`, id, value))
}

// TestExports checks that the link of each export format works.
func TestExports(t *testing.T) {
	w := full(t)
	b := open(t, w.url+"/?q=wiki%3Denwiki")
	b.wait(settled)
	b.click(`#hist-tools [aria-label="Export"]`)
	b.wait(`document.querySelectorAll("#hist-tools a.menu-item").length === 3`)
	for _, format := range []string{"csv", "ndjson", "json"} {
		text := eval[string](b, `fetch([...document.querySelectorAll("#hist-tools a.menu-item")].find(a => a.href.includes("format=`+format+`")).href).then(r => r.text())`)
		if !strings.Contains(text, "unfinished") || !strings.Contains(text, "edit") {
			t.Errorf("%s: %.80s", format, text)
		}
	}
	picture := eval[string](b, `import("./" + document.querySelector('link[href$="js/picture.js"]').getAttribute("href")).then(m => new XMLSerializer().serializeToString(m.picture(document.querySelector(".a-hist"))))`)
	for _, want := range []string{"<path", "edit", "Changes", "font-family"} {
		if !strings.Contains(picture, want) {
			t.Errorf("the picture of the chart lacks %s", want)
		}
	}
	rows := eval[string](b, `fetch(document.querySelector("#feed-foot a").href).then(r => r.text())`)
	for _, line := range strings.Split(strings.TrimSpace(rows), "\n")[:5] {
		if !strings.Contains(line, `"enwiki"`) || strings.HasPrefix(line, `{"@timestamp"`) {
			t.Errorf("raw event %.100s", line)
		}
	}
}

// TestCommandsAndLinks checks the text that the menu copies.
func TestCommandsAndLinks(t *testing.T) {
	w := full(t)
	b := open(t, w.url+"/?q=wiki%3Denwiki")
	b.wait(settled)
	b.run(`window.copied = ""; Object.defineProperty(navigator, "clipboard", {value: {writeText: async text => { window.copied = text; }}})`)
	b.keys("c")
	b.wait(`window.copied === "wm-tail | wm-grep --query 'wiki=enwiki'" && document.getElementById("status").textContent === "Copied"`)
	b.keys("Y")
	b.wait(`window.copied.includes("from=2026-11-23T") && window.copied.includes("q=wiki%3Denwiki") && !window.copied.includes("range=")`)
	b.keys("y")
	b.wait(`window.copied.endsWith("/?q=wiki%3Denwiki")`)
}

// TestSavedViews saves a view, goes elsewhere and comes back to it.
func TestSavedViews(t *testing.T) {
	w := full(t)
	b := open(t, w.url+"/?q=wiki%3Denwiki&split=kind")
	b.wait(settled)
	b.click("#save-view")
	b.keys("English", kb.Enter)
	b.wait(`document.querySelector(".save-form") === null`)
	b.click(`#tabs [data-id="bots"]`)
	b.wait(`location.search.includes("tab=bots") && document.querySelector('#tabs [aria-current]').dataset.id === "bots"`)
	b.click("#saved")
	b.wait(`[...document.querySelectorAll("#saved-menu button")].some(x => x.textContent === "Night patrol")`)
	b.run(`[...document.querySelectorAll("#saved-menu .menu-item")].find(x => x.textContent === "English").click()`)
	b.wait(`location.search === "?q=wiki%3Denwiki&split=kind" || location.search === "?split=kind&q=wiki%3Denwiki"`)
	b.run(`localStorage.clear()`)
}

// TestPresets checks that presets set filters, and that an edited preset is marked.
func TestPresets(t *testing.T) {
	w := full(t)
	b := open(t, w.url)
	b.wait(settled)
	b.keys("2")
	b.wait(`document.body.dataset.tab === "patrol" && document.querySelectorAll(".chip").length === 3`)
	b.click(".chip-close")
	b.wait(`document.querySelector("#tabs [aria-current]").textContent.includes("edited")`)
	b.keys("1")
	b.wait(`document.querySelectorAll(".chip").length === 0 && location.search === ""`)
}

// TestTenThousandRows checks that the page does not grow with the number of rows that
// pass through the feed.
func TestTenThousandRows(t *testing.T) {
	w := full(t)
	b := open(t, w.url)
	b.wait(settled)
	counts := eval[[]int](b, `import("./" + document.querySelector('link[href$="js/feed.js"]').getAttribute("href")).then(async feed => {
		const config = JSON.parse(document.getElementById("config").textContent);
		const view = {stream: "recentchange", q: "", range: "6h", from: "", to: "", live: true, local: false, hide: [], charts: []};
		const app = {view, config, answer: {total: 0}};
		const row = i => ({id: "r" + i, t: Date.now() + i, wiki: "enwiki", type: "edit", flags: "m", title: "Page " + i, user: "User", kind: "temp", delta: 1, summary: [{t: "typo"}]});
		const at = [];
		for (let i = 0; i < 10000; i += 10) {
			feed.addLive(app, Array.from({length: 10}, (_, k) => row(i + k)).reverse(), 1);
			if (i === 100 || i === 9990) at.push(document.querySelectorAll("*").length, document.querySelectorAll("#feed tr").length);
		}
		return at;
	})`)
	if len(counts) != 4 || counts[2] > counts[0]+20 || counts[1] != 26 || counts[3] != 26 {
		t.Errorf("elements and rows after 100 and 10,000: %v", counts)
	}
}

// TestManyTabs checks that eight tabs of one browser load, filter and stay live.
func TestManyTabs(t *testing.T) {
	w := full(t)
	var tabs []*tab
	for range 8 {
		b := open(t, w.url)
		b.wait(settled)
		tabs = append(tabs, b)
	}
	last := tabs[len(tabs)-1]
	last.run(`document.querySelector('[data-focus="wiki-enwiki"]').click()`)
	last.wait(`document.querySelector(".chip bdi")?.textContent === "enwiki" && document.querySelector('[data-focus="wiki-enwiki"]').getAttribute("aria-pressed") === "true"`)
}

// TestHiddenTabRests checks that a hidden tab makes no requests.
func TestHiddenTabRests(t *testing.T) {
	w := full(t)
	b := open(t, w.url)
	b.wait(settled)
	b.wait(`test.timers.size > 0`)
	b.run(`test.hide(true)`)
	if n := eval[int](b, `[...test.timers.values()].filter(x => x.f.name === "refresh").length`); n != 0 {
		t.Errorf("%d refreshes are planned", n)
	}
	w.mu.Lock()
	before := w.searches
	w.mu.Unlock()
	w.tick(5)
	b.run(`test.hide(false)`)
	b.wait(`test.timers.size > 0`)
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.searches == before {
		t.Error("the tab shows old figures after its return")
	}
}

// TestNoMotion checks that nothing on the page is animated.
func TestNoMotion(t *testing.T) {
	w := full(t)
	b := open(t, w.url)
	b.wait(settled)
	if n := eval[int](b, `document.getAnimations().length + [...document.querySelectorAll("*")].filter(e => { const s = getComputedStyle(e); return s.transitionDuration !== "0s" || s.animationName !== "none"; }).length`); n != 0 {
		t.Errorf("%d elements move", n)
	}
}

// TestDirections checks that right-to-left rows have that direction and are truncated
// at their end.
func TestDirections(t *testing.T) {
	w := full(t)
	b := open(t, w.url+"/?q=wiki%3Denwiki&from=2026-11-23T12:02:00Z&to=2026-11-23T12:03:00Z")
	b.wait(settled)
	for title, want := range map[string]string{"منارة خليج الصدف": "rtl", "מגדלור נמל הצדף": "rtl", "夕凪町の灯台": "ltr"} {
		got := eval[string](b, `(() => { const a = [...document.querySelectorAll("#feed .c-page a")].find(a => a.textContent.includes("`+title+`")); return getComputedStyle(a.closest(".clip")).direction; })()`)
		if got != want {
			t.Errorf("%s is written %s", title, got)
		}
	}
}

// TestWidths checks that the page does not scroll sideways at any width.
func TestWidths(t *testing.T) {
	w := full(t)
	b := open(t, w.url+"/?q=wiki%3Denwiki+-bot%3Dtrue&chart=m%3Dadded%26by%3Dtime%26split%3Dwiki%26form%3Dbars")
	b.wait(settled)
	for _, width := range []int64{320, 360, 414, 600, 719, 720, 899, 1024, 1240, 1280, 1440, 1919, 1920, 2240, 2560, 3840} {
		b.size(width, 900)
		if over := eval[int](b, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); over > 0 {
			t.Errorf("%d px: %d px too wide", width, over)
		}
	}
}
