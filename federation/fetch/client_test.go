package fetch

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

const note = `{"id":"https://a.example/1","type":"Note"}`

// hostile serves handlers over real loopback connections, and the client that
// may reach them.
func hostile(t *testing.T, routes map[string]http.HandlerFunc) (*Client, string) {
	t.Helper()
	mux := http.NewServeMux()
	for path, h := range routes {
		mux.HandleFunc(path, h)
	}
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return New(Options{Guard: Guard{Loopback: true}, UserAgent: UserAgent("Essaim", "0", "https://me.example"), Timeout: 5 * time.Second}), server.URL
}

func serve(contentType, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", contentType)
		io.WriteString(w, body)
	}
}

func redirect(status int, to string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Location", to)
		w.WriteHeader(status)
	}
}

// mark is a signer that writes down what it was asked to sign.
func mark(req *http.Request, body []byte) error {
	req.Header.Set("Signature", fmt.Sprintf("%s %s %s %d", req.Method, req.URL.Host, req.URL.RequestURI(), len(body)))
	return nil
}

func wantKind(t *testing.T, what string, err error, kind Kind) {
	t.Helper()
	if KindOf(err) != kind {
		t.Errorf("%s: got %v (%v), want %v", what, err, KindOf(err), kind)
	}
}

func TestGetObject(t *testing.T) {
	var seen *http.Request
	c, base := hostile(t, map[string]http.HandlerFunc{"/x": func(w http.ResponseWriter, r *http.Request) {
		seen = r
		w.Header().Set("Content-Type", ActivityType)
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		io.WriteString(z, note)
		z.Close()
	}})
	for range 2 { // the second time with a pooled reader
		doc, err := c.GetObject(t.Context(), base+"/x?a=%C3%A9#main-key", mark)
		if err != nil {
			t.Fatal(err)
		}
		if string(doc.Body) != note || doc.URL != base+"/x?a=%C3%A9" || doc.ContentType != ActivityType {
			t.Errorf("got %q %q %q", doc.Body, doc.URL, doc.ContentType)
		}
	}
	host := strings.TrimPrefix(base, "http://")
	for name, want := range map[string]string{
		"User-Agent": "Essaim/0 (+https://me.example)", "Accept": AcceptObject,
		"Signature": "GET " + host + " /x?a=%C3%A9 0", "Idempotency-Key": "",
	} {
		if got := seen.Header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if _, err := c.GetObject(t.Context(), base+"/x", func(*http.Request, []byte) error { return io.EOF }); KindOf(err) != Signing || !errors.Is(err, io.EOF) {
		t.Errorf("a failing signer: %v", err)
	}
}

func TestQuerylessSecondTry(t *testing.T) {
	var signed, asked []string
	c, base := hostile(t, map[string]http.HandlerFunc{"/x": func(w http.ResponseWriter, r *http.Request) {
		s := strings.Fields(r.Header.Get("Signature"))
		signed, asked = append(signed, s[2]), append(asked, r.RequestURI)
		if s[2] != "/x" || r.URL.Query().Get("page") == "2" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		serve(ActivityType, note)(w, r)
	}})
	if _, err := c.GetObject(t.Context(), base+"/x?page=1", mark); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(signed, " "); got != "/x?page=1 /x" {
		t.Errorf("signed targets %q", got)
	}
	if got := strings.Join(asked, " "); got != "/x?page=1 /x?page=1" {
		t.Errorf("asked for %q", got)
	}
	signed = nil
	_, err := c.GetObject(t.Context(), base+"/x?page=2", mark)
	if StatusOf(err) != http.StatusUnauthorized || len(signed) != 2 {
		t.Errorf("%v after %d tries", err, len(signed))
	}
	signed = nil
	c, base = hostile(t, map[string]http.HandlerFunc{"/y": func(w http.ResponseWriter, r *http.Request) {
		signed = append(signed, "")
		w.WriteHeader(http.StatusUnauthorized)
	}})
	if _, err = c.GetObject(t.Context(), base+"/y", mark); StatusOf(err) != http.StatusUnauthorized || len(signed) != 1 {
		t.Errorf("without a query: %v after %d tries", err, len(signed))
	}
}

func TestConnectionsAreKept(t *testing.T) {
	var opened atomic.Int32
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", ActivityType)
		w.WriteHeader(map[string]int{"/x": 200, "/inbox": 202}[r.URL.Path] + 404*strings.Count(r.URL.Path, "missing"))
		io.WriteString(w, note)
	}))
	server.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			opened.Add(1)
		}
	}
	server.Start()
	defer server.Close()
	c := New(Options{Guard: Guard{Loopback: true}})
	for range 3 {
		c.GetObject(t.Context(), server.URL+"/x", mark)
		c.GetObject(t.Context(), server.URL+"/missing", mark)
		if _, err := c.Post(t.Context(), server.URL+"/inbox", []byte(note), mark); err != nil {
			t.Fatal(err)
		}
	}
	if n := opened.Load(); n != 1 {
		t.Errorf("%d connections for nine requests", n)
	}
}

// dns answers A queries on a pipe, as DNS over TCP: each query gets the next of
// the addresses, then the last one again.
func dns(addrs ...string) *net.Resolver {
	var n atomic.Int32
	return &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		client, server := net.Pipe()
		go func() {
			defer server.Close()
			for {
				var size [2]byte
				if _, err := io.ReadFull(server, size[:]); err != nil {
					return
				}
				q := make([]byte, binary.BigEndian.Uint16(size[:]))
				if _, err := io.ReadFull(server, q); err != nil {
					return
				}
				end := 12 + bytes.IndexByte(q[12:], 0) + 5 // header, name, type and class
				kind := binary.BigEndian.Uint16(q[end-4:])
				a := append([]byte{}, q[:end]...)
				copy(a[2:12], []byte{0x81, 0x80, 0, 1, 0, 0, 0, 0, 0, 0})
				if kind == 1 {
					i := min(int(n.Add(1))-1, len(addrs)-1)
					ip := netip.MustParseAddr(addrs[i]).As4()
					a[7] = 1
					a = append(a, 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4)
					a = append(a, ip[:]...)
				}
				server.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(a))), a...))
			}
		}()
		return client, nil
	}}
}

func TestSec_S20(t *testing.T) {
	resolver := dns("93.184.216.34", "127.0.0.1")
	guard := Guard{Resolver: resolver}
	first, err := resolver.LookupNetIP(t.Context(), "ip4", "rebind.example")
	if err != nil || guard.CheckAddr(first[0]) != nil {
		t.Fatalf("the first answer should pass: %v %v", first, err)
	}
	c := New(Options{Guard: guard})
	_, err = c.GetObject(t.Context(), "https://rebind.example/x", nil)
	if !errors.Is(err, ErrAddress) {
		t.Errorf("rebound to 127.0.0.1: %v", err)
	}
	wantKind(t, "rebound", err, Unreachable)
	if _, err := c.Post(t.Context(), "https://rebind.example/inbox", nil, mark); !errors.Is(err, ErrAddress) {
		t.Errorf("rebound POST: %v", err)
	}
	// Below the client too: the transport itself is guarded, the port included.
	for address, loopback := range map[string]bool{"http://127.0.0.1:1/": false, "http://93.184.216.34:8080/": true, "http://10.0.0.1/": true} {
		req := httptest.NewRequest(http.MethodGet, address, nil)
		if _, err := (Guard{Loopback: loopback}).Transport().RoundTrip(req); !errors.Is(err, ErrAddress) {
			t.Errorf("%s: %v", address, err)
		}
	}
	t.Setenv("HTTPS_PROXY", "http://127.0.0.1:3128")
	if guard.Transport().Proxy != nil {
		t.Error("a proxy from the environment would be used")
	}
}

func TestSec_S20_defaultRefusesLoopback(t *testing.T) {
	_, base := hostile(t, map[string]http.HandlerFunc{"/": serve(ActivityType, note)})
	_, err := New(Options{}).GetObject(t.Context(), base+"/", nil)
	wantKind(t, "plain http to loopback", err, Refused)
}

func TestProxyIsTheOperators(t *testing.T) {
	var through []string
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		through = append(through, r.Method+" "+r.Host)
		w.WriteHeader(http.StatusForbidden)
	}))
	defer proxy.Close()
	guard := Guard{Resolver: dns("93.184.216.34", "127.0.0.1"), Proxy: func(r *http.Request) (*url.URL, error) { return url.Parse(proxy.URL) }}
	c := New(Options{Guard: guard})
	_, err := c.GetObject(t.Context(), "https://a.example/x", nil)
	wantKind(t, "proxy says no", err, Unreachable)
	if len(through) != 1 || through[0] != "CONNECT a.example:443" {
		t.Errorf("the proxy saw %q", through)
	}
	if _, err = c.GetObject(t.Context(), "https://a.example/x", nil); !errors.Is(err, ErrAddress) || len(through) != 1 {
		t.Errorf("a private destination through the proxy: %v", err)
	}
}

func TestSec_S23(t *testing.T) {
	var hits atomic.Int32
	var signatures []string
	target := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		signatures = append(signatures, r.Header.Get("Signature"))
		serve(ActivityType, note)(w, r)
	}))
	defer target.Close()
	c, base := hostile(t, map[string]http.HandlerFunc{
		"/ok":     serve(ActivityType, note),
		"/1":      redirect(301, "/ok"),
		"/2":      redirect(302, "/1"),
		"/3":      redirect(307, "/2"),
		"/4":      redirect(308, "/3"),
		"/other":  redirect(303, target.URL+"/x"),
		"/self":   func(w http.ResponseWriter, r *http.Request) { hits.Add(1); redirect(302, "/self#x")(w, r) },
		"/a":      func(w http.ResponseWriter, r *http.Request) { hits.Add(1); redirect(302, "/b")(w, r) },
		"/b":      func(w http.ResponseWriter, r *http.Request) { hits.Add(1); redirect(302, "/a")(w, r) },
		"/meta":   redirect(302, "http://169.254.169.254/latest/meta-data/"),
		"/metas":  redirect(302, "https://169.254.169.254/latest/meta-data/"),
		"/intra":  redirect(302, "http://intranet/"),
		"/scheme": redirect(302, "https://a.example/"),
		"/ftp":    redirect(302, "ftp://127.0.0.1/"),
		"/none":   redirect(302, ""),
		"/bad":    redirect(302, "http://[::1"),
		"/user":   redirect(302, strings.Replace(target.URL, "//", "//me@", 1)),
		"/304":    redirect(304, "/ok"),
	})
	doc, err := c.GetObject(t.Context(), base+"/3", mark)
	if err != nil || doc.URL != base+"/ok" {
		t.Fatalf("three hops: %v %v", doc, err)
	}
	if doc, err = c.GetObject(t.Context(), base+"/other", mark); err != nil || doc.URL != target.URL+"/x" {
		t.Fatalf("another host: %v %v", doc, err)
	}
	if want := "GET " + strings.TrimPrefix(target.URL, "http://") + " /x 0"; len(signatures) != 1 || signatures[0] != want {
		t.Errorf("signed %q for the other host, want %q", signatures, want)
	}
	for path, kind := range map[string]Kind{
		"/4": Redirect, "/self": Redirect, "/a": Redirect, "/meta": Refused, "/metas": Redirect, "/intra": Refused,
		"/scheme": Redirect, "/ftp": Redirect, "/none": Redirect, "/bad": Redirect, "/user": Refused, "/304": Status,
	} {
		_, err := c.GetObject(t.Context(), base+path, mark)
		wantKind(t, path, err, kind)
	}
	if n := hits.Load(); n != 3 {
		t.Errorf("%d requests in circles, want 3", n)
	}
	// The policy is asked about every hop (S33).
	c.o.Allow = func(_ context.Context, host string) error {
		if "http://"+host == target.URL {
			return errors.New("blocked")
		}
		return nil
	}
	_, err = c.GetObject(t.Context(), base+"/other", mark)
	wantKind(t, "redirect to a blocked host", err, Refused)
}

func TestSec_S24(t *testing.T) {
	routes := map[string]http.HandlerFunc{}
	cases := []struct {
		contentType string
		object, jrd bool
	}{
		{"application/activity+json", true, false},
		{"application/activity+json; charset=utf-8", true, false},
		{`application/ld+json; profile="https://www.w3.org/ns/activitystreams"`, true, false},
		{`application/ld+json; profile="https://x.example https://www.w3.org/ns/activitystreams"; charset=utf-8`, true, false},
		{"application/ld+json", false, false},
		{`application/ld+json; profile="https://www.w3.org/ns/activitystreams2"`, false, false},
		{"application/json", false, true},
		{"application/jrd+json; charset=utf-8", false, true},
		{"text/plain", false, false},
		{"text/html", false, false},
		{"image/png", false, false},
		{"application/activity+jsonx", false, false},
		{"text/html, application/activity+json", false, false},
		{"", false, false},
	}
	for i, test := range cases {
		routes[fmt.Sprintf("/%d", i)] = func(w http.ResponseWriter, r *http.Request) {
			w.Header()["Content-Type"] = []string{test.contentType}
			io.WriteString(w, note)
		}
	}
	routes["/twice"] = func(w http.ResponseWriter, r *http.Request) {
		w.Header()["Content-Type"] = []string{"application/activity+json", "text/html"}
		io.WriteString(w, note)
	}
	routes["/rubbish"] = serve("application/json", "<html>")
	routes["/br"] = func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Encoding", "br")
		serve(ActivityType, note)(w, r)
	}
	c, base := hostile(t, routes)
	jrd := []string{"application/jrd+json", "application/json"}
	for i, test := range cases {
		at := fmt.Sprintf("%s/%d", base, i)
		if _, err := c.GetObject(t.Context(), at, nil); (err == nil) != test.object || err != nil && KindOf(err) != Type {
			t.Errorf("object as %q: %v", test.contentType, err)
		}
		if _, err := c.GetJSON(t.Context(), at, jrd, MaxSmall); (err == nil) != test.jrd || err != nil && KindOf(err) != Type {
			t.Errorf("JRD as %q: %v", test.contentType, err)
		}
	}
	_, err := c.GetObject(t.Context(), base+"/twice", nil)
	wantKind(t, "two content types", err, Type)
	_, err = c.GetObject(t.Context(), base+"/br", nil)
	wantKind(t, "unasked encoding", err, Type)
	_, err = c.GetJSON(t.Context(), base+"/rubbish", jrd, MaxSmall)
	wantKind(t, "rubbish", err, Type)
}

func TestSec_S25(t *testing.T) {
	var sent atomic.Int64
	zipped := func(body []byte) http.HandlerFunc {
		var buf bytes.Buffer
		z := gzip.NewWriter(&buf)
		z.Write(body)
		z.Close()
		return func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			serve(ActivityType, buf.String())(w, r)
		}
	}
	random := make([]byte, 2<<20)
	for i, x := 0, uint32(1); i < len(random); i++ {
		x = x*1664525 + 1013904223
		random[i] = byte(x >> 24)
	}
	c, base := hostile(t, map[string]http.HandlerFunc{
		"/full":      serve(ActivityType, strings.Repeat("a", MaxObject)),
		"/announced": serve(ActivityType, strings.Repeat("a", MaxObject+1)),
		"/endless": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", ActivityType)
			for block := make([]byte, 64<<10); ; sent.Add(64 << 10) {
				if _, err := w.Write(block); err != nil {
					return
				}
			}
		},
		"/bomb": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", ActivityType)
			w.Header().Set("Content-Encoding", "gzip")
			z, block := gzip.NewWriter(w), make([]byte, 1<<20)
			for range 1 << 10 {
				if _, err := z.Write(block); err != nil {
					return
				}
			}
		},
		"/ratio": zipped(make([]byte, 200<<10)), // within the size, compressed a thousandfold
		"/big":   zipped(random),                // within the ratio, above the size
		"/small": zipped(bytes.Repeat([]byte(" "), 8<<10)),
		"/truncated": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			serve(ActivityType, "\x1f\x8b\x08")(w, r)
		},
		"/notgzip": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			serve(ActivityType, note)(w, r)
		},
		"/slow": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", ActivityType)
			io.WriteString(w, "{")
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		},
		"/mute": func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
	})
	for path, kind := range map[string]Kind{
		"/full": 0, "/small": 0, "/announced": TooLarge, "/endless": TooLarge, "/bomb": TooLarge, "/ratio": TooLarge,
		"/big": TooLarge, "/truncated": Unreachable, "/notgzip": Type,
	} {
		doc, err := c.GetObject(t.Context(), base+path, nil)
		wantKind(t, path, err, kind)
		if err != nil && doc != nil {
			t.Errorf("%s: a document beside an error", path)
		}
	}
	if n := sent.Load(); n > 64<<20 {
		t.Errorf("the endless answer was read on: %d bytes", n)
	}
	if _, err := c.Get(t.Context(), base+"/full", []string{"application/activity+json"}, 10); KindOf(err) != TooLarge {
		t.Errorf("own limit: %v", err)
	}
	c.o.Timeout = 100 * time.Millisecond
	for _, path := range []string{"/slow", "/mute"} {
		_, err := c.GetObject(t.Context(), base+path, nil)
		wantKind(t, path, err, Unreachable)
		if !errors.Is(err, context.DeadlineExceeded) || !Temporary(err) {
			t.Errorf("%s: %v", path, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.GetObject(ctx, base+"/full", nil); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled by the caller: %v", err)
	}
}

func TestSec_S26(t *testing.T) {
	const secret = "root:x:0:0"
	c, base := hostile(t, map[string]http.HandlerFunc{
		"/500":   func(w http.ResponseWriter, r *http.Request) { http.Error(w, secret, 500) },
		"/type":  serve(secret+"/x", secret),
		"/json":  serve("application/json", secret),
		"/moved": redirect(302, "http://"+secret+".internal/"),
	})
	for _, path := range []string{"/500", "/type", "/moved"} {
		_, err := c.GetObject(t.Context(), base+path, nil)
		if err == nil || strings.Contains(err.Error(), secret) {
			t.Errorf("%s: %v", path, err)
		}
	}
	if _, err := c.GetJSON(t.Context(), base+"/json", []string{"application/json"}, MaxSmall); err == nil || strings.Contains(err.Error(), secret) {
		t.Errorf("not JSON: %v", err)
	}
	resp, err := c.Post(t.Context(), base+"/500", []byte("{}"), mark)
	if err != nil || strings.Contains(fmt.Sprint(resp), secret) {
		t.Errorf("%v %v", resp, err)
	}
}

func TestSec_S36_budget(t *testing.T) {
	var n atomic.Int32
	count := func(h http.HandlerFunc) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) { n.Add(1); h(w, r) }
	}
	c, base := hostile(t, map[string]http.HandlerFunc{
		"/x":     count(serve(ActivityType, note)),
		"/moved": count(redirect(302, "/x")),
	})
	ctx := WithBudget(t.Context(), MaxRequests)
	var err error
	for range 100 {
		if _, err = c.GetObject(ctx, base+"/moved", nil); err != nil {
			break
		}
	}
	if !errors.Is(err, ErrBudget) || KindOf(err) != Budget || n.Load() != MaxRequests {
		t.Errorf("%d requests, then %v", n.Load(), err)
	}
	if _, err := c.Post(ctx, base+"/x", nil, mark); !errors.Is(err, ErrBudget) {
		t.Errorf("a POST after that: %v", err)
	}
	if _, err := c.GetObject(WithBudget(ctx, 5), base+"/x", nil); !errors.Is(err, ErrBudget) {
		t.Errorf("a new budget inside a spent one: %v", err)
	}
	if _, err := c.GetObject(t.Context(), base+"/x", nil); err != nil {
		t.Errorf("outside of any budget: %v", err)
	}
	depth := 0
	for ctx, err = Deeper(t.Context()); err == nil; ctx, err = Deeper(ctx) {
		depth++
	}
	if depth != MaxDepth || !errors.Is(err, ErrBudget) {
		t.Errorf("depth %d, then %v", depth, err)
	}
}

func TestPost(t *testing.T) {
	var hits atomic.Int32
	c, base := hostile(t, map[string]http.HandlerFunc{
		"/inbox": func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			if string(body) != note || r.Header.Get("Content-Type") != ActivityType || !strings.HasPrefix(r.Header.Get("Signature"), "POST ") {
				t.Errorf("received %q %v", body, r.Header)
			}
			w.Header().Set("Retry-After", "3")
			w.WriteHeader(http.StatusAccepted)
		},
		"/moved":  redirect(307, "/target"),
		"/target": func(w http.ResponseWriter, r *http.Request) { hits.Add(1) },
	})
	resp, err := c.Post(t.Context(), base+"/inbox", []byte(note), mark)
	if err != nil || resp.Status != 202 || resp.Header.Get("Retry-After") != "3" {
		t.Errorf("%v %v", resp, err)
	}
	if resp, err = c.Post(t.Context(), base+"/moved", []byte(note), mark); err != nil || resp.Status != 307 || hits.Load() != 0 {
		t.Errorf("a redirect on POST: %v %v", resp, err)
	}
	_, err = c.Post(t.Context(), base+"/inbox", make([]byte, MaxObject+1), mark)
	wantKind(t, "too large", err, TooLarge)
	_, err = c.Post(t.Context(), "http://10.0.0.1/inbox", nil, mark)
	wantKind(t, "private", err, Refused)
}

func TestErrors(t *testing.T) {
	for status, want := range map[int][3]bool{ // gone, missing, temporary
		410: {true, true, false}, 404: {false, true, false}, 403: {}, 401: {false, false, true}, 408: {false, false, true},
		429: {false, false, true}, 500: {false, false, true}, 501: {}, 503: {false, false, true},
	} {
		err := fmt.Errorf("wrapped: %w", &Error{Kind: Status, Status: status})
		if got := [3]bool{Gone(err), Missing(err), Temporary(err)}; got != want {
			t.Errorf("%d: %v, want %v", status, got, want)
		}
	}
	for kind, want := range map[Kind]bool{Refused: false, Unreachable: true, Type: false, TooLarge: false, Redirect: false, Budget: false, Signing: true} {
		if Temporary(&Error{Kind: kind}) != want {
			t.Errorf("%v: temporary should be %v", kind, want)
		}
	}
	if KindOf(io.EOF) != 0 || StatusOf(nil) != 0 || Gone(nil) {
		t.Error("foreign errors are taken for ours")
	}
}
