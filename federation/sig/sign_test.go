package sig

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

func TestSignRefuses(t *testing.T) {
	get := func(raw string) *http.Request {
		u, err := url.Parse(raw)
		if err != nil {
			t.Fatal(err)
		}
		return &http.Request{URL: u, Header: http.Header{}}
	}
	with := func(change func(*http.Request)) *http.Request {
		req := newRequest(t, "/inbox", testBody)
		change(req)
		return req
	}
	good := func() *http.Request { return newRequest(t, "/inbox", testBody) }
	for _, c := range []struct {
		name string
		req  *http.Request
		key  PrivateKey
		o    Options
		want error
	}{
		{"no key", good(), PrivateKey{ID: peerKeyID}, Options{}, ErrKey},
		{"a weak key", good(), PrivateKey{ID: peerKeyID, Key: weakRSA()}, Options{}, ErrKey},
		{"an empty Ed25519 key", good(), PrivateKey{ID: peerKeyID, Key: testEd25519[:10]}, Options{Family: RFC9421}, ErrKey},
		{"Ed25519 for draft-cavage", good(), edKey(), Options{}, ErrKey},
		{"acct: as key id", good(), PrivateKey{ID: "acct:a@b.example", Key: testRSA()}, Options{}, ErrKey},
		{"a quote in the key id", good(), PrivateKey{ID: `https://a.example/"x`, Key: testRSA()}, Options{}, ErrKey},
		{"no URL", &http.Request{}, rsaKey(), Options{}, ErrRequest},
		{"a relative URL", get("/inbox"), rsaKey(), Options{}, ErrRequest},
		{"no host", get("https:///inbox"), rsaKey(), Options{}, ErrRequest},
		{"an opaque URL", get("https:inbox"), rsaKey(), Options{}, ErrRequest},
		{"a file URL", get("file:///etc/passwd"), rsaKey(), Options{}, ErrRequest},
		{"a host outside ASCII", get("https://bücher.example/"), rsaKey(), Options{}, ErrRequest},
		{"a query with a space", with(func(r *http.Request) { r.URL.RawQuery = "a b" }), rsaKey(), Options{}, ErrRequest},
		{"a query with a line break", with(func(r *http.Request) { r.URL.RawQuery = "a\r\nX: y" }), rsaKey(), Options{}, ErrRequest},
		{"no Content-Type", with(func(r *http.Request) { r.Header.Del("Content-Type") }), rsaKey(), Options{}, ErrRequest},
		{"no such family", good(), rsaKey(), Options{Family: 7}, ErrRequest},
		{"RFC 9421 without its query", good(), rsaKey(), Options{Family: RFC9421, WithoutQuery: true}, ErrRequest},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := SignWith(c.req, testBody, c.key, testNow, c.o)
			if !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
			if c.req.Header.Get("Signature") != "" {
				t.Error("a signature was set all the same")
			}
		})
	}
}

func TestSignAgain(t *testing.T) {
	req := newRequest(t, "/inbox?page=1", testBody)
	later := testNow.Add(30 * time.Minute)
	p := testPolicy()
	p.Now = later.Add(time.Hour)
	for _, family := range []Family{Cavage, RFC9421, Cavage} {
		if err := Sign(req, testBody, rsaKey(), family, testNow); err != nil {
			t.Fatal(err)
		}
	}
	if err := Sign(req, testBody, rsaKey(), RFC9421, later); err != nil {
		t.Fatal(err)
	}
	wantStatus(t, judge(t, deliver(t, req), testBody, p, testRSA().Public()), 0)
	if req.Header.Get("Digest") != "" {
		t.Error("Digest of the other family is still there")
	}
	if err := Sign(req, testBody, rsaKey(), Cavage, later); err != nil {
		t.Fatal(err)
	}
	got := deliver(t, req)
	wantStatus(t, judge(t, got, testBody, p, testRSA().Public()), 0)
	for _, name := range []string{"Signature-Input", "Content-Digest"} {
		if got.Header.Get(name) != "" {
			t.Errorf("%s of the other family is still there", name)
		}
	}
	if n := len(got.Header["Signature"]); n != 1 {
		t.Errorf("%d Signature headers", n)
	}
}

func TestSignWithDigest(t *testing.T) {
	digest := DigestOf(testBody)
	for _, family := range []Family{Cavage, RFC9421} {
		req := newRequest(t, "/inbox", testBody)
		if err := SignWith(req, nil, rsaKey(), testNow, Options{Family: family, Digest: &digest}); err != nil {
			t.Fatal(err)
		}
		wantStatus(t, judge(t, deliver(t, req), testBody, testPolicy(), testRSA().Public()), 0)
	}
}

func TestSignCoversSynchronization(t *testing.T) {
	for _, family := range []Family{Cavage, RFC9421} {
		req := newRequest(t, "/inbox", testBody)
		req.Header.Set(headerSync, `collectionId="https://peer.example/f", digest="00"`)
		if err := Sign(req, testBody, rsaKey(), family, testNow); err != nil {
			t.Fatal(err)
		}
		got := deliver(t, req)
		wantStatus(t, judge(t, got, testBody, testPolicy(), testRSA().Public()), 0)
		got.Header.Set(headerSync, `collectionId="https://evil.example/f", digest="00"`)
		wantStatus(t, judge(t, got, testBody, testPolicy(), testRSA().Public()), 401)
	}
}

func TestSignHost(t *testing.T) {
	req := newRequest(t, "/inbox", testBody)
	req.URL.Host = "127.0.0.1:8080"
	req.Host = "INNOV.bzh.example:443"
	for _, family := range []Family{Cavage, RFC9421} {
		if err := Sign(req, testBody, rsaKey(), family, testNow); err != nil {
			t.Fatal(err)
		}
		wantStatus(t, judge(t, deliver(t, req), testBody, testPolicy(), testRSA().Public()), 0)
	}
}

// TestTamper changes each signed part of a good request in turn.
func TestTamper(t *testing.T) {
	for _, family := range []Family{Cavage, RFC9421} {
		for name, change := range map[string]func(*http.Request){
			"method":       func(r *http.Request) { r.Method = "PUT" },
			"path":         func(r *http.Request) { r.RequestURI = "/outbox?page=1" },
			"query":        func(r *http.Request) { r.RequestURI = "/inbox?page=2" },
			"encoding":     func(r *http.Request) { r.RequestURI = "/%69nbox?page=1" },
			"content type": func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") },
			"second value": func(r *http.Request) { r.Header.Add("Content-Type", "text/plain") },
		} {
			t.Run(family.String()+" "+name, func(t *testing.T) {
				for _, key := range []PrivateKey{rsaKey(), edKey()} {
					if family == Cavage && key.ID != peerKeyID {
						continue // draft-cavage goes out with RSA only
					}
					req := signed(t, "/inbox?page=1", testBody, key, family)
					wantStatus(t, judge(t, req, testBody, testPolicy(), key.Key.Public()), 0)
					change(req)
					wantStatus(t, judge(t, req, testBody, testPolicy(), key.Key.Public()), 401)
				}
			})
		}
	}
}

func TestNames(t *testing.T) {
	if got := Cavage.String() + RFC9421.String() + Family(9).String(); got != "cavagerfc9421family(9)" {
		t.Error(got)
	}
	if got := ErrUnsigned.Error(); !strings.Contains(got, "401") || !strings.Contains(got, "not signed") {
		t.Error(got)
	}
}
