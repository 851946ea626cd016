package httpx

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"essaim/internal/essaim"
)

func get(accept ...string) *http.Request {
	r := httptest.NewRequest(http.MethodGet, "https://innov.example/@nolwenn?token=secret", nil)
	r.Header["Accept"] = accept
	return r
}

func TestNegotiation(t *testing.T) {
	for _, c := range []struct {
		accept         string
		activity, html bool
	}{
		{"application/activity+json", true, false},
		{"application/activity+json, application/ld+json", true, false}, // Mastodon (R16)
		{`application/ld+json; profile="https://www.w3.org/ns/activitystreams"`, true, false},
		{"application/ld+json", true, false},
		{"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", false, true},
		{"*/*", false, false},
		{"", false, false},
		{"application/json", false, false},
		{"application/activity+json;q=0.5, text/html", false, true},
		{"text/html;q=0.1, application/activity+json", true, false},
		{"application/activity+json, text/html", true, false},
		{"text/html, application/activity+json", false, true},
		{"application/activity+json;q=0, text/html;q=0.1", false, true},
		{"application/activity+json;q=x, ;;;, text/html;q=2", false, false},
	} {
		if r := get(c.accept); WantsActivity(r) != c.activity || WantsHTML(r) != c.html {
			t.Errorf("%q: activity %v, html %v", c.accept, WantsActivity(r), WantsHTML(r))
		}
	}
	if r := get("text/html;q=0.2", "application/activity+json"); !WantsActivity(r) {
		t.Error("two lines are not one list")
	}
}

func TestStatus(t *testing.T) {
	for _, c := range []struct {
		err  error
		want int
	}{
		{essaim.FieldError("name", "a name is needed"), 400},
		{essaim.Errorf(essaim.Unauthorized, "x"), 401},
		{essaim.Errorf(essaim.Forbidden, "x"), 403},
		{essaim.Errorf(essaim.Refused, "x"), 403},
		{essaim.Errorf(essaim.NotFound, "x"), 404},
		{essaim.Errorf(essaim.Gone, "x"), 410},
		{essaim.Errorf(essaim.Conflict, "x"), 409},
		{essaim.Errorf(essaim.Unavailable, "x"), 503},
		{essaim.Errorf(essaim.Internal, "x"), 500},
		{errors.New("x"), 500},
		{fmt.Errorf("deeper: %w", essaim.Errorf(essaim.Gone, "x")), 410},
		{fmt.Errorf("query: %w", context.DeadlineExceeded), 503},
		{NoMethod("GET, HEAD"), 405},
	} {
		rec := httptest.NewRecorder()
		Problem(rec, get(), c.err)
		if rec.Code != c.want || rec.Header().Get("Content-Type") != ProblemType || !strings.Contains(rec.Body.String(), fmt.Sprintf(`"status":%d`, c.want)) {
			t.Errorf("%v: %d %s", c.err, rec.Code, rec.Body)
		}
		if got := rec.Header().Get("Retry-After") != ""; got != (c.want == 503) {
			t.Errorf("%v: Retry-After %v", c.err, got)
		}
	}
}

// TestProblemKeepsSecrets: the cause of a fault is for the log alone; all 404 are one; a field is named.
func TestProblemKeepsSecrets(t *testing.T) {
	for _, err := range []error{errors.New("dial 10.0.0.1: refused"), essaim.Errorf(essaim.Internal, "dial 10.0.0.1"), essaim.Errorf(essaim.Unavailable, "dial 10.0.0.1"),
		essaim.Errorf(essaim.NotFound, "10.0.0.1 is hidden from you")} {
		rec := httptest.NewRecorder()
		Problem(rec, get(), err)
		if strings.Contains(rec.Body.String(), "10.0.0.1") {
			t.Errorf("told: %s", rec.Body)
		}
	}
	rec := httptest.NewRecorder()
	Problem(rec, get(), essaim.FieldError("startTime", "an event needs a start"))
	if !strings.Contains(rec.Body.String(), `"field":"startTime"`) || !strings.Contains(rec.Body.String(), "an event needs a start") {
		t.Errorf("%s", rec.Body)
	}
}

// TestSec_S38_proxies: the client's address is the socket's, or what a proxy named by the operator says.
func TestSec_S38_proxies(t *testing.T) {
	proxies := Proxies{netip.MustParsePrefix("127.0.0.1/32"), netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("::1/128")}
	for _, c := range []struct{ socket, forwarded, want string }{
		{"198.51.100.7:1", "203.0.113.9", "198.51.100.7"}, // not a proxy of ours: its word is nothing
		{"127.0.0.1:1", "203.0.113.9", "203.0.113.9"},
		{"127.0.0.1:1", "1.2.3.4, 203.0.113.9", "203.0.113.9"}, // what the client wrote itself is further left
		{"127.0.0.1:1", "203.0.113.9, 10.1.2.3", "203.0.113.9"},
		{"127.0.0.1:1", "", "127.0.0.1"},
		{"127.0.0.1:1", "garbage, 10.0.0.2", "10.0.0.2"},
		{"127.0.0.1:1", "10.0.0.9", "10.0.0.9"},
		{"[::1]:1", "::ffff:203.0.113.9", "203.0.113.9"},
		{"[::ffff:127.0.0.1]:1", "203.0.113.9", "203.0.113.9"},
	} {
		r := get()
		r.RemoteAddr = c.socket
		if c.forwarded != "" {
			r.Header.Set("X-Forwarded-For", c.forwarded)
		}
		if got := proxies.Client(r).String(); got != c.want {
			t.Errorf("%s says %q: %s, want %s", c.socket, c.forwarded, got, c.want)
		}
	}
}

func TestWrap(t *testing.T) {
	var log bytes.Buffer
	tick := time.Unix(0, 0)
	o := Options{HTTPS: true, Clock: func() time.Time { tick = tick.Add(time.Second); return tick }, NewID: func() string { return "id-1" },
		Logger: slog.New(slog.NewTextHandler(&log, nil))}
	serve := func(h http.HandlerFunc) *httptest.ResponseRecorder {
		log.Reset()
		rec := httptest.NewRecorder()
		Wrap(h, o).ServeHTTP(rec, get())
		return rec
	}
	rec := serve(func(w http.ResponseWriter, r *http.Request) {
		if RequestID(r.Context()) != "id-1" || !Addr(r).IsValid() {
			t.Error("the handler knows nothing of its request")
		}
		w.Header().Set("Content-Security-Policy", "sandbox")
		io.WriteString(w, "hello")
	})
	for name, want := range map[string]string{"X-Request-Id": "id-1", "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox",
		"Strict-Transport-Security": "max-age=63072000", "Referrer-Policy": "strict-origin-when-cross-origin"} {
		if got := rec.Header().Get(name); got != want {
			t.Errorf("%s: %q", name, got)
		}
	}
	line := log.String()
	if strings.Count(line, "\n") != 1 || !strings.Contains(line, "status=200") || !strings.Contains(line, "bytes=5") || !strings.Contains(line, "took=1s") || strings.Contains(line, "secret") {
		t.Errorf("log: %s", line)
	}

	rec = serve(func(http.ResponseWriter, *http.Request) { panic("boom at 10.0.0.1") })
	if rec.Code != 500 || strings.Contains(rec.Body.String(), "boom") || !strings.Contains(log.String(), "boom") || !strings.Contains(log.String(), "status=500") {
		t.Errorf("%d %s, log %s", rec.Code, rec.Body, log.String())
	}
	o.HTTPS = false
	if rec = serve(func(w http.ResponseWriter, r *http.Request) { Problem(w, r, errors.New("disk full")) }); rec.Header().Get("Strict-Transport-Security") != "" {
		t.Error("HSTS over http")
	}
	if !strings.Contains(log.String(), "disk full") {
		t.Errorf("the cause is not in the log: %s", log.String())
	}
	defer func() {
		if recover() != http.ErrAbortHandler {
			t.Error("an abort was swallowed")
		}
	}()
	serve(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
}

func TestActivityAndETag(t *testing.T) {
	doc := []byte(`{"id":"x"}`)
	rec := httptest.NewRecorder()
	Activity(rec, get(), 200, doc)
	etag := rec.Header().Get("ETag")
	if rec.Header().Get("Content-Type") != "application/activity+json; charset=utf-8" || rec.Header().Get("Vary") != "Accept, Signature" || etag == "" || rec.Body.String() != string(doc) {
		t.Fatalf("%v %s", rec.Header(), rec.Body)
	}
	for _, match := range []string{etag, "W/" + etag, `"other", ` + etag, "*"} {
		r := get()
		r.Header.Set("If-None-Match", match)
		rec = httptest.NewRecorder()
		if Activity(rec, r, 200, doc); rec.Code != http.StatusNotModified || rec.Body.Len() != 0 {
			t.Errorf("%s: %d", match, rec.Code)
		}
	}
	r := get()
	r.Header.Set("If-None-Match", etag)
	rec = httptest.NewRecorder()
	if Activity(rec, r, http.StatusGone, doc); rec.Code != http.StatusGone {
		t.Errorf("a Tombstone was %d", rec.Code)
	}
	r.Method = http.MethodHead
	r.Header.Del("If-None-Match")
	rec = httptest.NewRecorder()
	if Activity(rec, r, 200, doc); rec.Body.Len() != 0 || rec.Header().Get("Content-Length") != "10" {
		t.Errorf("HEAD: %v %q", rec.Header(), rec.Body)
	}
}

// TestTheLogHoldsNoSecret: neither a query nor what follows a prefix that was named.
func TestTheLogHoldsNoSecret(t *testing.T) {
	var log bytes.Buffer
	h := Wrap(http.NotFoundHandler(), Options{Logger: slog.New(slog.NewTextHandler(&log, nil)), Secret: []string{"/reset/"}})
	for _, address := range []string{"/reset/hunter2", "/reset/%68unter2", "/other?token=hunter2", "/reset/"} {
		h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, address, nil))
	}
	if out := log.String(); strings.Contains(out, "hunter2") || strings.Count(out, "path=/reset/***") != 2 || strings.Count(out, "path=/reset/ ") != 1 || !strings.Contains(out, "path=/other ") {
		t.Errorf("%s", out)
	}
}
