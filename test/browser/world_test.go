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

// tab opens one in the shared browser. Without a browser the test is left out, unless ESSAIM_BROWSER=required.
func tab(t *testing.T, lang string) *Tab {
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
	t.Cleanup(opened.Close)
	return opened
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
