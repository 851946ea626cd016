package inbox

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"essaim/federation/sig"
)

const (
	origin = "https://innov.bzh.example"
	alice  = "https://peer.example/actors/alice"
	evil   = "https://evil.example/actors/evil"
)

var (
	now    = time.Date(2027, 1, 15, 9, 0, 0, 0, time.UTC)
	rsaKey = sync.OnceValue(func() *rsa.PrivateKey {
		key, err := sig.GenerateRSA(rand.Reader)
		if err != nil {
			panic(err)
		}
		return key
	})
	edKey    = ed25519.NewKeyFromSeed(bytes.Repeat([]byte{1}, ed25519.SeedSize))
	otherKey = ed25519.NewKeyFromSeed(bytes.Repeat([]byte{2}, ed25519.SeedSize))
)

// world is a server with one inbox and what its callbacks saw.
type world struct {
	o         Options
	now       time.Time
	keys      map[string]crypto.Signer
	owners    map[string]string
	keyErr    error
	asked     []string // key ids, with ! for a refresh
	accepted  []*Received
	policies  []string
	blocked   string
	seen      map[string]bool
	acceptErr error
	handler   *Handler
}

func newWorld(change func(*world)) *world {
	w := &world{now: now, seen: map[string]bool{}, owners: map[string]string{},
		keys: map[string]crypto.Signer{alice + "#main-key": edKey, evil + "#main-key": otherKey}}
	w.o = Options{
		Origin: origin,
		Now:    func() time.Time { return w.now },
		Key: func(_ context.Context, id string, refresh bool) (*sig.PublicKey, error) {
			mark := ""
			if refresh {
				mark = "!"
			}
			w.asked = append(w.asked, id+mark)
			if w.keyErr != nil {
				return nil, w.keyErr
			}
			key, ok := w.keys[id]
			if !ok {
				return nil, fmt.Errorf("no such key: %w", ErrKeyUnknown)
			}
			owner, ok := w.owners[id]
			if !ok {
				owner, _, _ = strings.Cut(id, "#")
			}
			return &sig.PublicKey{ID: id, Owner: owner, Key: key.Public()}, nil
		},
		Policy: func(_ context.Context, host string) error {
			w.policies = append(w.policies, host)
			if host == w.blocked {
				return ErrBlocked
			}
			return nil
		},
		Known: func(_ context.Context, actor string) (bool, error) { return actor == alice, nil },
		Seen:  func(_ context.Context, id string) (bool, error) { return w.seen[id], nil },
		Accept: func(_ context.Context, r *Received) error {
			if w.acceptErr != nil {
				return w.acceptErr
			}
			w.accepted = append(w.accepted, r)
			w.seen[r.Activity.ID] = true
			return nil
		},
	}
	if change != nil {
		change(w)
	}
	w.handler = New(w.o)
	return w
}

// note is a Create by an actor with a serial number in its id.
func note(actor string, n int) []byte {
	host := hostOf(actor)
	return fmt.Appendf(nil, `{"@context":"https://www.w3.org/ns/activitystreams","id":"https://%s/activities/%d","type":"Create","actor":%q,`+
		`"to":["https://www.w3.org/ns/activitystreams#Public"],"object":{"id":"https://%[1]s/objects/%[2]d","type":"Note","attributedTo":%[3]q,"content":"<p>bonjour</p>"}}`,
		host, n, actor)
}

func request(t testing.TB, body []byte, keyID string, key crypto.Signer, family sig.Family, at time.Time) *http.Request {
	t.Helper()
	req := httptest.NewRequest(http.MethodPost, origin+"/inbox", bytes.NewReader(body))
	req.Header.Set("Content-Type", "application/activity+json")
	req.RemoteAddr = "198.51.100.7:4711"
	if key != nil {
		if err := sig.Sign(req, body, sig.PrivateKey{ID: keyID, Key: key}, family, at); err != nil {
			t.Fatal(err)
		}
	}
	return req
}

// signed is a note by alice, signed by her Ed25519 key.
func signed(t testing.TB, n int) *http.Request {
	return request(t, note(alice, n), alice+"#main-key", edKey, sig.RFC9421, now)
}

func (w *world) post(req *http.Request) *httptest.ResponseRecorder {
	rec := httptest.NewRecorder()
	w.handler.ServeHTTP(rec, req)
	return rec
}

func (w *world) want(t *testing.T, req *http.Request, status, accepted int) *httptest.ResponseRecorder {
	t.Helper()
	rec := w.post(req)
	if rec.Code != status || len(w.accepted) != accepted {
		t.Fatalf("%d and %d accepted, want %d and %d: %s", rec.Code, len(w.accepted), status, accepted, rec.Body)
	}
	if status != http.StatusAccepted {
		var p problem
		if err := json.Unmarshal(rec.Body.Bytes(), &p); err != nil || p.Status != status || p.Detail == "" || strings.Contains(p.Detail, "\n") {
			t.Fatalf("not one sentence: %q (%v)", rec.Body, err)
		}
	}
	return rec
}

func TestAccepted(t *testing.T) {
	w := newWorld(func(w *world) { w.keys[alice+"#main-key"] = rsaKey() })
	w.want(t, request(t, note(alice, 1), alice+"#main-key", rsaKey(), sig.Cavage, now), http.StatusAccepted, 1)
	got := w.accepted[0]
	if got.Signer != alice || got.Forwarded || got.Ed25519 || got.Family != sig.Cavage || got.Activity.ID != "https://peer.example/activities/1" ||
		got.Activity.Object.Doc.String("content") != "<p>bonjour</p>" || !bytes.Equal(got.Raw, note(alice, 1)) || got.RemoteAddr != netip.MustParseAddr("198.51.100.7") {
		t.Errorf("handed over: %+v", got)
	}
	w = newWorld(nil)
	w.want(t, signed(t, 2), http.StatusAccepted, 1)
	if got := w.accepted[0]; !got.Ed25519 || got.Family != sig.RFC9421 {
		t.Errorf("handed over: %+v", got)
	}
}

// TestStatuses is the table of federation-K3.
func TestStatuses(t *testing.T) {
	as := func(header, value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set(header, value) }
	}
	for name, c := range map[string]struct {
		world   func(*world)
		request func(*http.Request)
		body    string // unsigned parts are signed again
		status  int
		after   bool
	}{
		"method":         {request: func(r *http.Request) { r.Method = "GET" }, status: 405},
		"media type":     {request: as("Content-Type", "application/json"), status: 415},
		"no media type":  {request: as("Content-Type", ""), status: 415},
		"encoding":       {request: as("Content-Encoding", "gzip"), status: 415},
		"declared size":  {request: func(r *http.Request) { r.ContentLength = 2 << 20 }, status: 413},
		"real size":      {request: func(r *http.Request) { r.ContentLength, r.Body = -1, io.NopCloser(io.LimitReader(zeros{}, 2<<20)) }, status: 413},
		"unsigned":       {request: func(r *http.Request) { r.Header.Del("Signature-Input"); r.Header.Del("Signature") }, status: 401},
		"garbage header": {request: as("Signature-Input", "sig1=((("), status: 400},
		"not JSON":       {body: `{"id":`, status: 400},
		"array":          {body: `[]`, status: 400},
		"no type":        {body: `{"id":"https://peer.example/1","actor":"` + alice + `"}`, status: 400},
		"no actor":       {body: `{"id":"https://peer.example/1","type":"Like"}`, status: 400},
		"http actor":     {body: `{"id":"http://peer.example/1","type":"Like","actor":"http://peer.example/a"}`, status: 400},
		"no id":          {body: `{"type":"Like","actor":"` + alice + `","object":"https://innov.bzh.example/objects/1"}`, status: 400},
		"numeric id":     {body: `{"id":7,"type":"Like","actor":"` + alice + `"}`, status: 400},
		"unknown type":   {body: `{"id":"https://peer.example/1","type":"Whistle","actor":"` + alice + `"}`, status: 202},
		"no inbox":       {world: func(w *world) { w.o.Inbox = func(*http.Request) error { return ErrNoInbox } }, status: 404},
		"inbox gone":     {world: func(w *world) { w.o.Inbox = func(*http.Request) error { return ErrInboxGone } }, status: 410},
		"key unknown":    {world: func(w *world) { w.keyErr = ErrKeyUnknown }, status: 401},
		"key unreached":  {world: func(w *world) { w.keyErr = ErrKeyUnreachable }, status: 503, after: true},
		"key blocked":    {world: func(w *world) { w.keyErr = ErrBlocked }, status: 403},
		"key fault":      {world: func(w *world) { w.keyErr = errors.New("disk") }, status: 503, after: true},
		"busy":           {world: func(w *world) { w.acceptErr = ErrBusy }, status: 503, after: true},
		"accept fault":   {world: func(w *world) { w.acceptErr = errors.New("disk full") }, status: 503, after: true},
		"seen fault": {world: func(w *world) {
			w.o.Seen = func(context.Context, string) (bool, error) { return false, errors.New("locked") }
		}, status: 503, after: true},
		"blocked": {world: func(w *world) { w.blocked = "peer.example" }, status: 403},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(c.world)
			req := signed(t, 1)
			if c.body != "" {
				req = request(t, []byte(c.body), alice+"#main-key", edKey, sig.RFC9421, now)
			}
			if c.request != nil {
				c.request(req)
			}
			rec := w.want(t, req, c.status, 0)
			if got := rec.Header().Get("Retry-After") != ""; got != c.after {
				t.Errorf("Retry-After %v, want %v", got, c.after)
			}
		})
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }

// TestPolicyBeforeKey: a blocked host costs us no request.
func TestPolicyBeforeKey(t *testing.T) {
	w := newWorld(func(w *world) { w.blocked = "evil.example" })
	w.want(t, request(t, note(alice, 1), evil+"#main-key", otherKey, sig.RFC9421, now), http.StatusForbidden, 0)
	w.want(t, request(t, note(evil, 1), alice+"#main-key", edKey, sig.RFC9421, now), http.StatusForbidden, 0)
	if len(w.asked) != 0 {
		t.Errorf("keys were looked for: %v", w.asked)
	}
}

// TestStrangersEnd is federation-K4: no key is looked for.
func TestStrangersEnd(t *testing.T) {
	gone := "https://peer.example/actors/gone"
	w := newWorld(nil)
	for _, typ := range []string{"Delete", "Update"} {
		body := fmt.Appendf(nil, `{"id":"https://peer.example/x","type":%q,"actor":%q,"object":{"id":%[2]q,"type":"Person"}}`, typ, gone)
		w.want(t, request(t, body, gone+"#main-key", otherKey, sig.RFC9421, now), http.StatusAccepted, 0)
	}
	if len(w.asked) != 0 {
		t.Errorf("keys were looked for: %v", w.asked)
	}
	body := fmt.Appendf(nil, `{"id":"https://peer.example/x","type":"Delete","actor":%q,"object":%[1]q}`, alice)
	w.want(t, request(t, body, alice+"#main-key", edKey, sig.RFC9421, now), http.StatusAccepted, 1)
}

func FuzzInbox(f *testing.F) {
	f.Add(note(alice, 1), "application/activity+json", "", true)
	f.Add([]byte(`{"type":["Create",3],"actor":{"id":"x"},"object":[[]]}`), "application/ld+json", `keyId="a"`, true)
	f.Add([]byte(`{"id":"https://peer.example/1","type":"Delete","actor":"`+alice+`","object":null}`), "application/activity+json", "", true)
	f.Add([]byte(`{}`), "text/html", `sig1=("@method");created=1;keyid="https://x.example/#k"`, false)
	allowed := map[int]bool{202: true, 400: true, 401: true, 403: true, 413: true, 415: true, 429: true}
	w := newWorld(func(w *world) { w.o.Rates.Refused.PerSecond, w.o.Rates.Address.PerSecond = -1, -1 })
	f.Fuzz(func(t *testing.T, body []byte, contentType, header string, good bool) {
		req := request(t, body, alice+"#main-key", edKey, sig.RFC9421, now)
		req.Header["Content-Type"] = []string{contentType}
		if !good {
			req.Header.Del("Signature-Input")
			req.Header["Signature"] = []string{header}
		} else if contentType != "application/activity+json" {
			if err := sig.Sign(req, body, sig.PrivateKey{ID: alice + "#main-key", Key: edKey}, sig.RFC9421, now); err != nil {
				return
			}
		}
		w.accepted = nil
		if code := w.post(req).Code; !allowed[code] {
			t.Fatalf("status %d", code)
		}
	})
}

func BenchmarkInbox(b *testing.B) {
	key := rsaKey()
	w := newWorld(func(w *world) {
		w.keys[alice+"#main-key"] = key
		w.o.Rates = Rates{Rate{PerSecond: -1}, Rate{PerSecond: -1}, Rate{PerSecond: -1}, Rate{PerSecond: -1}}
		w.o.Seen = nil
		w.o.Accept = func(context.Context, *Received) error { return nil }
	})
	body := note(alice, 1)
	req := request(b, body, alice+"#main-key", key, sig.Cavage, now)
	b.ReportAllocs()
	for b.Loop() {
		req.Body = io.NopCloser(bytes.NewReader(body))
		w.asked, w.policies = w.asked[:0], w.policies[:0]
		if rec := w.post(req); rec.Code != http.StatusAccepted {
			b.Fatal(rec.Code, rec.Body)
		}
	}
}
