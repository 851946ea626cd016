package browser

import (
	"context"
	"errors"
	"fmt"
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

// idle are tabs that sweeps are done with: a tab that has run axe runs it again several times faster than a new one.
var idle = make(chan *Tab, 16)

// borrowed is a tab in French, without cookies, for one sweep.
func borrowed(t *testing.T) *Tab {
	t.Helper()
	var b *Tab
	select {
	case b = <-idle:
	default:
		b = newTab(t, "fr")
	}
	t.Cleanup(func() {
		if t.Failed() { // it may have stopped half-way
			b.Close()
			return
		}
		select {
		case idle <- b:
		default:
			b.Close()
		}
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
