package browser

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"sync"
	"testing"
)

// chromium is the one process of the run, started at first need.
var chromium = sync.OnceValues(func() (*Browser, error) { return Launch(context.Background()) })

// launched tells TestMain what there is to close.
var launched struct {
	sync.Mutex
	browser *Browser
	demo    func() error
}

func TestMain(m *testing.M) {
	status := m.Run()
	launched.Lock()
	defer launched.Unlock()
	var errs []error
	if launched.browser != nil {
		errs = append(errs, launched.browser.Close())
	}
	if launched.demo != nil {
		errs = append(errs, launched.demo())
	}
	if err := errors.Join(errs...); err != nil {
		fmt.Fprintln(os.Stderr, "the browser tests did not end well:", err)
		status = max(status, 1)
	}
	os.Exit(status)
}

// tab opens one in the shared browser and closes it with the test.
func tab(t *testing.T, lang string) *Tab {
	t.Helper()
	b := newTab(t, lang)
	t.Cleanup(b.Close)
	return b
}

// newTab opens one in the shared browser. Without a browser the test is left out, unless ESSAIM_BROWSER=required.
func newTab(t *testing.T, lang string) *Tab {
	t.Helper()
	b, err := chromium()
	if err != nil {
		if os.Getenv("ESSAIM_BROWSER") != "required" && errors.Is(err, ErrNone) {
			t.Skip(err)
		}
		t.Fatal(err)
	}
	launched.Lock()
	launched.browser = b
	launched.Unlock()
	opened, err := b.Tab(lang)
	if err != nil {
		t.Fatal(err)
	}
	return opened
}

// guest is somebody at a place of the demonstration; nobody when the handle is "".
type guest struct {
	on Place
	as string
}

// idle are tabs that sweeps are done with: a tab that has run axe runs it again several times faster than a new one.
var idle struct {
	sync.Mutex
	tabs     map[guest][]*Tab
	sessions map[guest]*http.Cookie
}

// cookie is the session of a guest, one for the whole run.
func cookie(t *testing.T, g guest) *http.Cookie {
	t.Helper()
	if g.as == "" {
		return nil
	}
	w := theWorld(t)
	idle.Lock()
	defer idle.Unlock()
	if idle.sessions[g] == nil {
		c, err := w.Session(g.on, g.as)
		if err != nil {
			t.Fatal(err)
		}
		if idle.sessions == nil {
			idle.sessions = make(map[guest]*http.Cookie)
		}
		idle.sessions[g] = c
	}
	return idle.sessions[g]
}

// borrowed is a tab of a guest who reads French, for one sweep.
func borrowed(t *testing.T, g guest) *Tab {
	t.Helper()
	if g.as == "" {
		g.on = 0 // whoever is signed out is nobody everywhere
	}
	idle.Lock()
	var b *Tab
	if n := len(idle.tabs[g]); n > 0 {
		b, idle.tabs[g] = idle.tabs[g][n-1], idle.tabs[g][:n-1]
	}
	idle.Unlock()
	if b == nil {
		b = newTab(t, "fr")
		if c := cookie(t, g); c != nil {
			if err := b.Keep(theWorld(t).URL(g.on), c); err != nil {
				t.Fatal(err)
			}
		}
	}
	t.Cleanup(func() {
		if t.Failed() { // it may have stopped half-way
			b.Close()
			return
		}
		idle.Lock()
		defer idle.Unlock()
		if idle.tabs == nil {
			idle.tabs = make(map[guest][]*Tab)
		}
		idle.tabs[g] = append(idle.tabs[g], b)
	})
	return b
}

// demonstration is the World the sweeps share: they read it and change nothing. It starts at first need; TestMain ends it.
var demonstration = sync.OnceValues(func() (*World, error) {
	w, err := Begin(context.Background())
	if err != nil {
		return nil, err
	}
	launched.Lock()
	defer launched.Unlock()
	launched.demo = w.End
	return w, nil
})

func theWorld(t *testing.T) *World {
	t.Helper()
	w, err := demonstration()
	if err != nil {
		t.Fatal(err)
	}
	return w
}
