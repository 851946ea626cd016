package browser

import (
	"context"
	"fmt"
	"html"
	"io"
	"log/slog"
	"net/http"
	"regexp"
	"strings"

	"essaim/internal/app"
	"essaim/internal/demo"
)

// Place is an instance of the demonstration.
type Place int

// The places, in the order the demonstration names them.
const (
	Accelerator Place = iota
	Neighbour
	National
)

// World is the demonstration, run whole: three instances on loopback with sample data.
type World struct {
	apps  []*app.App
	stop  context.CancelFunc
	ended chan error
}

// Begin starts the demonstration and returns once everything has federated.
func Begin(ctx context.Context) (*World, error) {
	ctx, stop := context.WithCancel(ctx)
	w := &World{stop: stop, ended: make(chan error, 1)}
	settled := make(chan struct{})
	go func() {
		w.ended <- demo.Run(ctx, demo.Options{Out: io.Discard, Logger: slog.New(slog.DiscardHandler), Settled: func() { close(settled) },
			Opened: func(a *app.App) { w.apps = append(w.apps, a) }})
	}()
	select {
	case <-settled:
	case err := <-w.ended:
		stop()
		return nil, fmt.Errorf("browser: the demonstration ended by itself: %w", err)
	}
	return w, nil
}

// End stops the demonstration and removes what it kept.
func (w *World) End() error {
	w.stop()
	return <-w.ended
}

// URL is the origin of a place.
func (w *World) URL(p Place) string { return w.apps[p].Site.Base }

// Addresses are the patterns of what people can ask a place for.
func (w *World) Addresses(p Place) ([]string, error) { return w.apps[p].Pages.Addresses() }

// Session signs a member in and returns the cookie a browser would keep.
func (w *World) Session(p Place, handle string) (*http.Cookie, error) {
	return session(w.apps[p], handle)
}

func session(a *app.App, handle string) (*http.Cookie, error) {
	ctx := context.Background()
	account, err := a.Auth.AccountOf(ctx, handle)
	if err != nil {
		return nil, fmt.Errorf("browser: %s: %w", handle, err)
	}
	secret, err := a.Auth.OpenSession(ctx, account.ID, "Chromium", "127.0.0.1")
	if err != nil {
		return nil, fmt.Errorf("browser: %s: %w", handle, err)
	}
	name := "essaim_session"
	if _, port, ok := strings.Cut(a.Site.Host, ":"); ok {
		name += "_" + port
	}
	return &http.Cookie{Name: name, Value: secret}, nil
}

// Where finds the address of a page, path and query, at a place.
type Where func(w *World, at Place, as *http.Cookie) (string, error)

// At is a fixed address.
func At(path string) Where {
	return func(*World, Place, *http.Cookie) (string, error) { return path, nil }
}

// Link is the first link in the main part of a page that matches, whole, a pattern.
func Link(page, pattern string) Where { return Then(At(page), pattern) }

// Then is the same for a page that has to be found first.
func Then(first Where, pattern string) Where {
	want := regexp.MustCompile(`href="(` + pattern + `)"`)
	return func(w *World, at Place, as *http.Cookie) (string, error) {
		page, err := first(w, at, as)
		if err != nil {
			return "", err
		}
		body, status, err := Get(w.URL(at)+page, "fr", as)
		if err != nil || status != http.StatusOK {
			return "", fmt.Errorf("browser: %s: %d %w", page, status, err)
		}
		_, main, _ := strings.Cut(body, "<main")
		main, _, _ = strings.Cut(main, "</main>")
		m := want.FindStringSubmatch(main)
		if m == nil {
			return "", fmt.Errorf("browser: %s has no link like %s", page, pattern)
		}
		return html.UnescapeString(m[1]), nil
	}
}

// Get reads an address as a browser without scripts would, in a language; as nobody when there is no cookie.
func Get(address, lang string, as *http.Cookie) (body string, status int, err error) {
	r, err := http.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		return "", 0, err
	}
	r.Header.Set("Accept-Language", lang)
	r.Header.Set("Accept", "text/html")
	if as != nil {
		r.AddCookie(as)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return "", 0, err
	}
	defer answer.Body.Close()
	b, err := io.ReadAll(answer.Body)
	return string(b), answer.StatusCode, err
}
