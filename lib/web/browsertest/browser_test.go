// Package browsertest tests the dashboard in a real browser. It is a package
// apart from the handler because a browser takes seconds to start.
package browsertest

import (
	"context"
	_ "embed"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// browser is the context of the one browser that all tests open tabs in; nil
// if this machine has none.
var browser context.Context

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	path := find()
	if path == "" {
		return m.Run()
	}
	ctx, stop := chromedp.NewExecAllocator(context.Background(), options(path)...)
	defer stop()
	browser, stop = chromedp.NewContext(ctx)
	defer stop()
	if err := chromedp.Do(browser); err != nil {
		fmt.Fprintf(os.Stderr, "%s does not start: %v\n", path, err)
		return 1
	}
	return m.Run()
}

func find() string {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// options keep the browser from connecting to anything but this test.
func options(path string) []chromedp.ExecAllocatorOption {
	opts := append([]chromedp.ExecAllocatorOption{}, chromedp.DefaultExecAllocatorOptions[:]...)
	opts = append(opts, chromedp.ExecPath(path))
	for _, flag := range []string{
		"disable-gpu", "disable-quic", "no-first-run", "disable-background-networking", "disable-component-update", "disable-sync",
	} {
		opts = append(opts, chromedp.Flag(flag, true))
	}
	if os.Geteuid() == 0 {
		opts = append(opts, chromedp.NoSandbox) // Chromium's sandbox refuses root
	}
	return opts
}

// tab is a page in the browser.
type tab struct {
	t   *testing.T
	ctx context.Context
	// noisy allows errors in the console, for tests in which a request fails.
	noisy bool
}

//go:embed instrument.js
var instrument string

// open opens a tab that records what is blocked, and holds long timers until the test
// fires them. At the end of the test, nothing may have been blocked, and the console
// must be empty.
func open(t *testing.T, address string) *tab {
	t.Helper()
	if browser == nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("no Chromium or Chrome in PATH, which CI must have")
		}
		t.Skip("no Chromium or Chrome in PATH: the page is not tested")
	}
	ctx, closeTab := chromedp.NewContext(browser)
	t.Cleanup(closeTab)
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	t.Cleanup(cancel)
	b := &tab{t: t, ctx: ctx}
	b.size(1280, 900)
	if _, err := chromedp.Call(ctx, page.AddScriptToEvaluateOnNewDocument,
		page.AddScriptToEvaluateOnNewDocumentParams{Source: instrument}); err != nil {
		t.Fatal(err)
	}
	messages := chromedp.Console(ctx)
	b.do(chromedp.Navigate(address))
	t.Cleanup(func() {
		const end = "the test is over"
		b.run(`console.log("` + end + `")`)
		for m, err := range messages {
			if err != nil {
				t.Fatal(err)
			}
			if m.Text == end {
				break
			}
			if !b.noisy {
				t.Errorf("console: %s %s", m.Type, m)
			}
		}
		if blocked := eval[[]string](b, `test.blocked`); len(blocked) > 0 {
			t.Errorf("blocked by the security policy: %s", strings.Join(blocked, "; "))
		}
	})
	return b
}

// size sets the size of the window.
func (b *tab) size(width, height int64) {
	b.t.Helper()
	b.do(chromedp.EmulateViewport(width, height))
}

func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.t.Fatal(err)
	}
}

// run runs a statement in the page.
func (b *tab) run(script string) {
	b.t.Helper()
	eval[bool](b, script+"; true")
}

// eval returns the value of an expression in the page.
func eval[T any](b *tab, expression string) T {
	b.t.Helper()
	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatalf("%s: %v", expression, err)
	}
	return v
}

// wait waits until an expression is true in the page, or the tab's context ends.
// Poll's own timeout would be a timer in the page.
func (b *tab) wait(expression string) {
	b.t.Helper()
	_, err := chromedp.Run(b.ctx, chromedp.Poll[bool](expression,
		chromedp.WithPollingInterval(10*time.Millisecond), chromedp.WithPollingTimeout(0)))
	if err != nil {
		b.t.Fatalf("%s did not become true: %v", expression, err)
	}
}

// text returns the text of the first element that a selector finds.
func (b *tab) text(selector string) string {
	b.t.Helper()
	return eval[string](b, `document.querySelector("`+selector+`").innerText`)
}

// choose picks an option of a list as a user does.
func (b *tab) choose(id, value string) {
	b.t.Helper()
	b.run(fmt.Sprintf(`{ const e = document.getElementById(%q); e.value = %q; e.dispatchEvent(new Event("change", { bubbles: true })) }`, id, value))
}

// prefer sets a media feature of the user, such as prefers-color-scheme.
func (b *tab) prefer(name, value string) {
	b.t.Helper()
	if _, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: name, Value: value}},
	}); err != nil {
		b.t.Fatal(err)
	}
}

// keys types keys into the focused element.
func (b *tab) keys(keys ...string) {
	b.t.Helper()
	for _, k := range keys {
		b.do(chromedp.KeyEvent(k))
	}
}

// shift presses a key a number of times with the shift key.
func (b *tab) shift(key string, times int) {
	b.t.Helper()
	for range times {
		b.do(chromedp.KeyEvent(key, chromedp.KeyModifiers(kb.ModifierShift)))
	}
}

// drag drags the mouse over an element, between two fractions of its width.
func (b *tab) drag(selector string, from, to float64) {
	b.t.Helper()
	box := eval[[]float64](b, `(() => { const r = document.querySelector('`+selector+`').getBoundingClientRect(); return [r.x, r.y, r.width, r.height]; })()`)
	y := box[1] + box[3]/2
	x := func(part float64) float64 { return box[0] + part*box[2] }
	for _, step := range []struct {
		kind input.DispatchMouseEventType
		x    float64
	}{{input.DispatchMouseEventTypeMousePressed, x(from)}, {input.DispatchMouseEventTypeMouseMoved, x((from + to) / 2)}, {input.DispatchMouseEventTypeMouseMoved, x(to)}, {input.DispatchMouseEventTypeMouseReleased, x(to)}} {
		if _, err := chromedp.Call(b.ctx, input.DispatchMouseEvent, input.DispatchMouseEventParams{Type: step.kind, X: step.x, Y: y, Button: input.MouseButtonLeft, ClickCount: 1, Buttons: 1}); err != nil {
			b.t.Fatal(err)
		}
	}
}

// fire runs the page's timers of a second or more.
func (b *tab) fire() {
	b.t.Helper()
	b.wait(`test.timers.size > 0`)
	b.run(`test.fire()`)
}

// awaitLive adds changes until the live stream delivers one.
func (b *tab) awaitLive(w *world) {
	b.t.Helper()
	for range 40 {
		title := w.add("Quiet Otter")
		if eval[bool](b, `new Promise(done => {
			const end = Date.now() + 900;
			const look = () => document.getElementById("feed").textContent.includes("`+title+`") ? done(true) : Date.now() > end ? done(false) : setTimeout(look, 20);
			look();
		})`) {
			return
		}
	}
	b.t.Fatal("no change became a row")
}
