package main

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/png"
	"os"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// photo is how a page is shown.
type photo struct {
	width, height int64
	dark          bool
}

// stopClock makes the page's clock show a fixed time.
const stopClock = `{ const at = %d; const Real = Date; window.Date = class extends Real { constructor(...args) { if (args.length) super(...args); else super(at); } static now() { return at; } }; }`

// drawn holds when all panels are drawn.
const drawn = `document.querySelector("#hist svg") !== null && document.querySelectorAll("#feed tr[data-id]").length > 0 && document.querySelector("#heat table") !== null`

// take loads a page and returns a picture of it.
func (p photo) take(ctx context.Context, address string) (image.Image, error) {
	options := append(chromedp.DefaultExecAllocatorOptions[:len(chromedp.DefaultExecAllocatorOptions):len(chromedp.DefaultExecAllocatorOptions)],
		chromedp.Flag("disable-gpu", true), chromedp.Flag("hide-scrollbars", true), chromedp.Flag("disable-background-networking", true))
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox) // Chromium's sandbox refuses root
	}
	ctx, stop := chromedp.NewExecAllocator(ctx, options...)
	defer stop()
	ctx, stop = chromedp.NewContext(ctx)
	defer stop()
	ctx, stop = context.WithTimeout(ctx, time.Minute)
	defer stop()
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(p.width, p.height)); err != nil {
		return nil, err
	}
	script := page.AddScriptToEvaluateOnNewDocumentParams{Source: fmt.Sprintf(stopClock, now().UnixMilli())}
	if _, err := chromedp.Call(ctx, page.AddScriptToEvaluateOnNewDocument, script); err != nil {
		return nil, err
	}
	scheme := map[bool]string{false: "light", true: "dark"}[p.dark]
	media := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}}
	if _, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, media); err != nil {
		return nil, err
	}
	if err := chromedp.Do(ctx, chromedp.Navigate(address)); err != nil {
		return nil, err
	}
	if _, err := chromedp.Run(ctx, chromedp.Poll[bool](drawn)); err != nil {
		return nil, err
	}
	shot, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err != nil {
		return nil, err
	}
	return png.Decode(bytes.NewReader(shot))
}
