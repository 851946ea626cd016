package fedtest

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func get(t *testing.T, rt http.RoundTripper, address string) (*http.Response, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	return rt.RoundTrip(req)
}

func TestTheServersView(t *testing.T) {
	var n Net
	var seen *http.Request
	var body string
	n.Handle("a.example", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen = r
		b, _ := io.ReadAll(r.Body)
		body = string(b)
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		io.WriteString(z, "hello")
		z.Close()
	}))
	req, _ := http.NewRequest(http.MethodPost, "https://A.example:443/caf%C3%A9%2Fx?a=b%20c", strings.NewReader("body"))
	req.Header.Set("Signature", `keyId="k"`)
	req.Header.Set("Host", "evil.example")
	req.Header["Idempotency-Key"] = nil
	resp, err := n.As("b.example").RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	if seen.RequestURI != "/caf%C3%A9%2Fx?a=b%20c" || seen.URL.EscapedPath() != "/caf%C3%A9%2Fx" || seen.URL.Host != "" || seen.Host != "A.example:443" {
		t.Errorf("address: %q %q %q", seen.RequestURI, seen.URL, seen.Host)
	}
	if _, sent := seen.Header["Idempotency-Key"]; sent || seen.Header.Get("Host") != "" || seen.Header.Get("User-Agent") == "" {
		t.Errorf("header: %v", seen.Header)
	}
	if body != "body" || seen.ContentLength != 4 || seen.TLS == nil {
		t.Errorf("body %q, length %d, TLS %v", body, seen.ContentLength, seen.TLS)
	}
	if addr, _, err := net.SplitHostPort(seen.RemoteAddr); err != nil || addr == address("").String() {
		t.Errorf("remote address %q", seen.RemoteAddr)
	}
	z, err := gzip.NewReader(resp.Body)
	if err != nil {
		t.Fatalf("the answer was touched: %v", err)
	}
	if b, _ := io.ReadAll(z); string(b) != "hello" || resp.Request != req || resp.StatusCode != 200 {
		t.Errorf("answer %q %v", b, resp)
	}
	if req.Header.Get("Host") == "" || req.URL.Host != "A.example:443" {
		t.Error("the caller's request was changed")
	}
	line := n.Log()[0]
	if line.From != "b.example" || line.Host != "a.example" || line.Method != "POST" || line.Status != 200 || line.Signature != Cavage || line.Size != 4 {
		t.Errorf("log: %+v", line)
	}
}

func TestFaults(t *testing.T) {
	var n Net
	n.Handle("a.example", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/panic" {
			panic("no")
		}
	}))
	broken := errors.New("broken pipe")
	n.Fail("a.example", broken, 1)
	n.FailStatus("a.example", 503, http.Header{"Retry-After": {"7"}}, 2)
	if _, err := get(t, &n, "https://a.example/"); !errors.Is(err, broken) {
		t.Errorf("first: %v", err)
	}
	for range 2 {
		if resp, err := get(t, &n, "https://a.example/"); err != nil || resp.StatusCode != 503 || resp.Header.Get("Retry-After") != "7" {
			t.Errorf("then: %v %v", resp, err)
		}
	}
	if resp, err := get(t, &n, "https://a.example/"); err != nil || resp.StatusCode != 200 {
		t.Errorf("after the faults: %v %v", resp, err)
	}
	n.Down("a.example")
	if _, err := get(t, &n, "https://a.example/"); !errors.Is(err, ErrDown) {
		t.Errorf("down: %v", err)
	}
	n.Up("a.example")
	if _, err := get(t, &n, "https://a.example/panic"); err == nil {
		t.Error("a panic passed for an answer")
	}
	if _, err := get(t, &n, "https://nobody.example/"); err == nil {
		t.Error("an unknown host answered")
	} else if dns, ok := errors.AsType[*net.DNSError](err); !ok || !dns.IsNotFound {
		t.Errorf("an unknown host: %v", err)
	}
	if n.Requests("a.example") != 6 || n.InFlight() != 0 {
		t.Errorf("%d requests, %d under way", n.Requests("a.example"), n.InFlight())
	}
	n.Reset()
	if n.Requests("a.example") != 0 || len(n.Log()) != 0 {
		t.Error("not reset")
	}
}

func TestLatency(t *testing.T) {
	var n Net
	n.Handle("slow.example", http.NotFoundHandler())
	n.Latency("slow.example", 5*time.Second)
	for _, test := range []struct {
		timeout time.Duration
		want    error
	}{{time.Hour, nil}, {time.Second, context.DeadlineExceeded}} {
		ctx, cancel := context.WithTimeout(t.Context(), test.timeout)
		req, _ := http.NewRequestWithContext(ctx, http.MethodGet, "https://slow.example/", nil)
		if _, err := n.RoundTrip(req); !errors.Is(err, test.want) {
			t.Errorf("timeout %v: %v", test.timeout, err)
		}
		cancel()
	}
	if n.Elapsed("slow.example") != 5*time.Second {
		t.Errorf("elapsed %v", n.Elapsed("slow.example"))
	}
	synctest.Test(t, func(t *testing.T) {
		real := Net{Sleep: Real}
		real.Handle("slow.example", http.NotFoundHandler())
		real.Latency("slow.example", 5*time.Second)
		start := time.Now()
		get(t, &real, "https://slow.example/")
		if d := time.Since(start); d != 5*time.Second {
			t.Errorf("took %v", d)
		}
	})
}

func TestCancelled(t *testing.T) {
	var n Net
	entered, release := make(chan struct{}), make(chan struct{})
	n.Handle("a.example", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { close(entered); <-release }))
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-entered; cancel() }()
	req, _ := http.NewRequestWithContext(ctx, http.MethodGet, "https://a.example/", nil)
	if _, err := n.RoundTrip(req); !errors.Is(err, context.Canceled) {
		t.Errorf("under way: %v", err)
	}
	close(release)
	if _, err := n.RoundTrip(req); !errors.Is(err, context.Canceled) {
		t.Errorf("before: %v", err)
	}
}

func TestConcurrent(t *testing.T) {
	var n Net
	echo := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.Copy(w, r.Body) })
	for i := range 10 {
		n.Handle(fmt.Sprintf("h%d.example", i), echo)
	}
	var wg sync.WaitGroup
	for i := range 200 {
		wg.Go(func() {
			want := fmt.Sprint(i)
			req, _ := http.NewRequest(http.MethodPost, fmt.Sprintf("https://h%d.example/", i%10), bytes.NewBufferString(want))
			resp, err := n.RoundTrip(req)
			if err != nil {
				t.Error(err)
				return
			}
			if b, _ := io.ReadAll(resp.Body); string(b) != want {
				t.Errorf("got %q, want %q", b, want)
			}
		})
	}
	wg.Wait()
	if n.Requests("h3.example") != 20 || len(n.Log()) != 200 {
		t.Errorf("%d and %d requests", n.Requests("h3.example"), len(n.Log()))
	}
}

func TestFamily(t *testing.T) {
	for _, test := range []struct {
		header http.Header
		want   string
	}{
		{http.Header{}, Unsigned},
		{http.Header{"Signature": {`keyId="x",signature="y"`}}, Cavage},
		{http.Header{"Authorization": {`Signature keyId="x"`}}, Cavage},
		{http.Header{"Authorization": {`Bearer x`}}, Unsigned},
		{http.Header{"Signature": {`sig1=:eA==:`}, "Signature-Input": {`sig1=();keyid="x"`}}, RFC9421},
		{http.Header{"Signature": {`sig1=:eA==:`, `keyId="x"`}, "Signature-Input": {`sig1=()`}}, BothKinds},
	} {
		if got := family(test.header); got != test.want {
			t.Errorf("%v: %q, want %q", test.header, got, test.want)
		}
	}
}
