package browser

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// Tab is a page with cookies of its own, and an ear for what goes wrong in it.
type Tab struct {
	ctx   context.Context
	close context.CancelFunc

	mu        sync.Mutex
	problems  []string
	origins   map[string]bool // places the tab was sent to: a request to any other is a problem
	documents map[string]bool // addresses of pages: one that answers 404 or 422 is no fault of the page
}

// Scheme is the colour scheme a reader prefers.
type Scheme string

// The schemes.
const (
	Light Scheme = "light"
	Dark  Scheme = "dark"
)

// watch tells of every breach of the Content-Security-Policy, from before the page has anything.
const watch = `addEventListener("securitypolicyviolation", e => console.error("CSP: " + e.violatedDirective + " " + e.blockedURI + " " + e.sample))`

// Tab opens one whose reader prefers the language given (fr, en). Close it.
func (b *Browser) Tab(lang string) (*Tab, error) {
	ctx, cancel := chromedp.NewContext(b.ctx, chromedp.WithNewBrowserContext())
	t := &Tab{ctx: ctx, close: cancel, origins: make(map[string]bool), documents: make(map[string]bool)}
	err := chromedp.Listen(ctx, t.hear)
	if err == nil {
		err = t.call(
			command(network.Enable, network.EnableParams{}),
			command(emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true}),
			command(network.SetExtraHTTPHeaders, network.SetExtraHTTPHeadersParams{Headers: network.Headers{"Accept-Language": lang}}),
			command(page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: watch}),
		)
	}
	if err == nil {
		err = t.Look(1280, Light)
	}
	if err != nil {
		cancel()
		return nil, fmt.Errorf("browser: a tab: %w", err)
	}
	return t, nil
}

// Close forgets the tab and its cookies.
func (t *Tab) Close() { t.close() }

// command is one command of the protocol as a step.
func command[P, R any](c cdp.Command[P, R], params P) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, c, params)
		return err
	})
}

// call runs steps, each within patience.
func (t *Tab) call(steps ...chromedp.Action[chromedp.Void]) error {
	if _, err := chromedp.Run(t.ctx, chromedp.Steps()); err != nil { // the first run must not be the one that a limit ends
		return err
	}
	for _, s := range steps {
		ctx, cancel := context.WithTimeout(t.ctx, patience)
		err := chromedp.Do(ctx, s)
		cancel()
		if err != nil {
			return err
		}
	}
	return nil
}

// Do runs steps of chromedp in the tab.
func (t *Tab) Do(steps ...chromedp.Action[chromedp.Void]) error { return t.call(steps...) }

// Eval evaluates an expression in the page, awaits it if it is a promise, and reads what comes out as JSON.
func Eval[T any](t *Tab, expression string) (T, error) {
	ctx, cancel := context.WithTimeout(t.ctx, patience)
	defer cancel()
	return chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
}

// Look sets how wide the window is, in CSS pixels, and the scheme its reader prefers. Nothing moves: tests look at what stands.
func (t *Tab) Look(width int64, scheme Scheme) error {
	height := int64(900)
	if width < 700 {
		height = 844
	}
	return t.call(
		command(emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: width, Height: height, DeviceScaleFactor: 1}),
		command(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: string(scheme)}, {Name: "prefers-reduced-motion", Value: "reduce"}}}),
	)
}

// Script allows or forbids the scripts of pages; what tests evaluate still runs.
func (t *Tab) Script(allowed bool) error {
	return t.call(command(emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !allowed}))
}

// Keep gives the tab a cookie of a place.
func (t *Tab) Keep(place string, c *http.Cookie) error {
	return t.call(command(network.SetCookie, network.SetCookieParams{Name: c.Name, Value: c.Value, URL: place}))
}

// Open goes to an address, waits until it has loaded, fonts too, and returns the status of the answer.
func (t *Tab) Open(address string) (status int64, err error) {
	t.Visit(address)
	ctx, cancel := context.WithTimeout(t.ctx, patience)
	defer cancel()
	answer, err := chromedp.Run(ctx, chromedp.NavigateResponse(address))
	if err != nil {
		return 0, fmt.Errorf("browser: %s: %w", address, err)
	}
	if _, err := chromedp.Run(ctx, chromedp.Evaluate[bool](`document.fonts.ready.then(() => true)`, chromedp.EvalAwaitPromise)); err != nil {
		return 0, fmt.Errorf("browser: the fonts of %s: %w", address, err)
	}
	return answer.Status, nil
}

// Visit says that the tab may go to the origin of address, as a test that hands over to another server expects.
func (t *Tab) Visit(address string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.origins[origin(address)] = true
}

// Problems returns what went wrong since the last call: errors in the console, exceptions, breaches of the policy, requests to strangers.
func (t *Tab) Problems() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	found := t.problems
	t.problems = nil
	return found
}

func (t *Tab) problem(format string, args ...any) {
	t.problems = append(t.problems, fmt.Sprintf(format, args...))
}

// hear listens to the events of the tab.
func (t *Tab) hear(event any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		if e.Type == network.ResourceTypeDocument {
			t.documents[e.Request.URL] = true
		}
		if o := origin(e.Request.URL); !t.origins[o] && o != "about:" && o != "data:" { // data: is what the browser draws its controls with; the policy lets pages have none
			t.problem("a request to another place: %s", e.Request.URL)
		}
	case *runtime.EventExceptionThrown:
		t.problem("an exception: %s", describe(e.ExceptionDetails))
	case *runtime.EventConsoleAPICalled:
		if e.Type != runtime.ConsoleAPICalledTypeError && e.Type != runtime.ConsoleAPICalledTypeWarning && e.Type != runtime.ConsoleAPICalledTypeAssert {
			return
		}
		var words []string
		for _, a := range e.Args {
			words = append(words, strings.Trim(string(a.Value), `"`))
		}
		t.problem("in the console: %s", strings.Join(words, " "))
	case *log.EventEntryAdded:
		answered := e.Entry.Source == log.EntrySourceNetwork && t.documents[e.Entry.URL]
		if (e.Entry.Level == log.EntryLevelError || e.Entry.Level == log.EntryLevelWarning) && !answered {
			t.problem("in the log: %s %s %s", e.Entry.Source, e.Entry.Text, e.Entry.URL)
		}
	}
}

func describe(d *runtime.ExceptionDetails) string {
	if d.Exception != nil && d.Exception.Description != "" {
		return d.Exception.Description
	}
	return d.Text
}

func origin(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	if u.Host == "" {
		return u.Scheme + ":"
	}
	return u.Scheme + "://" + u.Host
}

// Until waits for an expression of the page to be true.
func (t *Tab) Until(expression string) error {
	ctx, cancel := context.WithTimeout(t.ctx, patience)
	defer cancel()
	_, err := chromedp.Run(ctx, chromedp.Poll[bool](expression, chromedp.WithPollingInterval(50*time.Millisecond)))
	if err != nil {
		return fmt.Errorf("browser: %s is never true: %w", expression, err)
	}
	return nil
}
