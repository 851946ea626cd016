package browser

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"regexp"
	"sync"
	"testing"

	"essaim/internal/demo"
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

// world is the demonstration, run whole: three instances on loopback with sample data. Sweeps read it and change nothing.
type world struct {
	urls []string // two accelerators and a national instance
}

// demonstration starts it at first need; TestMain ends it.
var demonstration = sync.OnceValues(func() (*world, error) {
	ctx, stop := context.WithCancel(context.Background())
	var out bytes.Buffer
	settled, ended := make(chan struct{}), make(chan error, 1)
	go func() {
		ended <- demo.Run(ctx, demo.Options{Out: &out, Logger: slog.New(slog.DiscardHandler), Settled: func() { close(settled) }})
	}()
	select {
	case <-settled:
	case err := <-ended:
		stop()
		return nil, fmt.Errorf("the demonstration ended by itself: %w", err)
	}
	launched.Lock()
	defer launched.Unlock()
	launched.demo = func() error { stop(); return <-ended }
	return &world{urls: regexp.MustCompile(`http://127\.0\.0\.1:\d+`).FindAllString(out.String(), 3)}, nil
})

func theWorld(t *testing.T) *world {
	t.Helper()
	w, err := demonstration()
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// get reads an address as a browser without scripts would.
func get(address, lang string) (body string, status int, err error) {
	r, err := http.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		return "", 0, err
	}
	r.Header.Set("Accept-Language", lang)
	r.Header.Set("Accept", "text/html")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return "", 0, err
	}
	defer answer.Body.Close()
	b, err := io.ReadAll(answer.Body)
	return string(b), answer.StatusCode, err
}
