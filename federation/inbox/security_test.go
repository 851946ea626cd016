package inbox

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"essaim/federation/sig"
)

// TestSec_S01: a signer who is not the actor hands over ids at most, marked as such.
func TestSec_S01(t *testing.T) {
	w := newWorld(nil)
	w.want(t, request(t, note(alice, 1), evil+"#main-key", otherKey, sig.RFC9421, now), http.StatusAccepted, 1)
	if got := w.accepted[0]; !got.Forwarded || got.Signer != evil {
		t.Errorf("not marked as forwarded: %+v", got)
	}
}

// TestSec_S02: an id of another server than the actor's is dropped, and so is what pretends to come from us.
func TestSec_S02(t *testing.T) {
	ours := origin + "/actors/nolwenn"
	for _, body := range []string{
		`{"id":"https://victim.example/1","type":"Like","actor":"` + alice + `","object":"https://innov.bzh.example/objects/1"}`,
		`{"id":"https://peer.example.evil.example/1","type":"Like","actor":"` + alice + `"}`,
		`{"id":"https://peer.example@evil.example/1","type":"Like","actor":"` + alice + `"}`,
		`{"id":"http://peer.example/1","type":"Like","actor":"` + alice + `"}`,
		`{"id":"` + origin + `/activities/1","type":"Like","actor":"` + ours + `"}`,
	} {
		w := newWorld(nil)
		w.want(t, request(t, []byte(body), alice+"#main-key", edKey, sig.RFC9421, now), http.StatusAccepted, 0)
		if len(w.asked) != 0 {
			t.Errorf("a key was looked for: %s", body)
		}
	}
	w := newWorld(nil)
	w.want(t, request(t, note(alice, 1), ours+"#main-key", otherKey, sig.RFC9421, now), http.StatusUnauthorized, 0)
}

// TestSec_S05: a key whose owner is elsewhere, or which is not the one asked for, is no key.
func TestSec_S05(t *testing.T) {
	w := newWorld(func(w *world) { w.owners[evil+"#main-key"] = alice })
	w.want(t, request(t, note(alice, 1), evil+"#main-key", otherKey, sig.RFC9421, now), http.StatusUnauthorized, 0)
}

// TestSec_S06: everything but a signature that holds is refused.
func TestSec_S06(t *testing.T) {
	for name, key := range map[string]*sig.PublicKey{
		"nil":   nil,
		"empty": {ID: alice + "#main-key", Owner: alice},
		"other": {ID: alice + "#main-key", Owner: alice, Key: otherKey.Public()},
		"short": {ID: alice + "#main-key", Owner: alice, Key: ed25519.PublicKey{1, 2, 3}},
		"type":  {ID: alice + "#main-key", Owner: alice, Key: rsaKey().Public()},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(func(w *world) {
				w.o.Key = func(context.Context, string, bool) (*sig.PublicKey, error) { return key, nil }
			})
			w.want(t, signed(t, 1), http.StatusUnauthorized, 0)
		})
	}
}

// TestSec_S14: what is not signed is not believed, and a request for another host is not for us.
func TestSec_S14(t *testing.T) {
	w := newWorld(nil)
	req := signed(t, 1)
	req.Host = "other.example"
	w.want(t, req, http.StatusUnauthorized, 0)
	req = request(t, note(alice, 1), "", nil, sig.Cavage, now)
	req.Header.Set("Date", now.Format(http.TimeFormat))
	req.Header.Set("Signature", `keyId="`+alice+`#main-key",algorithm="rsa-sha256",headers="date",signature="AAAA"`)
	w.want(t, req, http.StatusUnauthorized, 0)
	if len(w.asked) != 0 {
		t.Errorf("keys were looked for: %v", w.asked)
	}
}

// TestSec_S15: a body other than the one signed.
func TestSec_S15(t *testing.T) {
	w := newWorld(nil)
	req := signed(t, 1)
	swapped := bytes.Replace(note(alice, 1), []byte("bonjour"), []byte("bonsoir"), 1)
	req.Body = io.NopCloser(bytes.NewReader(swapped))
	w.want(t, req, http.StatusUnauthorized, 0)
}

// TestSec_S16: the window of an hour, and the same activity twice.
func TestSec_S16(t *testing.T) {
	w := newWorld(nil)
	for _, at := range []time.Duration{-2 * time.Hour, 2 * time.Hour} {
		w.want(t, request(t, note(alice, 1), alice+"#main-key", edKey, sig.RFC9421, now.Add(at)), http.StatusUnauthorized, 0)
	}
	w.want(t, signed(t, 1), http.StatusAccepted, 1)
	w.want(t, signed(t, 1), http.StatusAccepted, 1)
}

// TestSec_S17: what could be read in two ways is malformed.
func TestSec_S17(t *testing.T) {
	w := newWorld(func(w *world) { w.keys[alice+"#main-key"] = rsaKey() })
	cavage := func() *http.Request {
		return request(t, note(alice, 1), alice+"#main-key", rsaKey(), sig.Cavage, now)
	}
	req := cavage()
	req.Header.Set("Signature", req.Header.Get("Signature")+`,keyId="`+evil+`#main-key"`)
	w.want(t, req, http.StatusBadRequest, 0)
	req = cavage()
	req.Header.Set("Signature", req.Header.Get("Signature")+`,colour="blue"`)
	w.want(t, req, http.StatusBadRequest, 0)
	req = cavage()
	req.Header.Add("Signature", req.Header.Get("Signature"))
	w.want(t, req, http.StatusBadRequest, 0)
}

// TestSec_S19: a thousand bad signatures of one actor cost one refresh; five minutes later, one more; a rotated key is found.
func TestSec_S19(t *testing.T) {
	w := newWorld(func(w *world) { w.o.Rates.Refused.PerSecond = -1 })
	bad := func(fragment string) *http.Request {
		return request(t, note(alice, 1), alice+fragment, otherKey, sig.RFC9421, now)
	}
	w.keys[alice+"#other"] = edKey
	for range 500 {
		w.want(t, bad("#main-key"), http.StatusUnauthorized, 0)
		w.want(t, bad("#other"), http.StatusUnauthorized, 0)
	}
	if n := refreshes(w); n != 1 {
		t.Fatalf("%d refreshes, want 1", n)
	}
	w.now = now.Add(refreshEvery)
	w.want(t, bad("#main-key"), http.StatusUnauthorized, 0)
	if n := refreshes(w); n != 2 {
		t.Fatalf("%d refreshes, want 2", n)
	}

	w = newWorld(nil)
	old, get := edKey, w.o.Key
	w.o.Key = func(ctx context.Context, id string, refresh bool) (*sig.PublicKey, error) {
		key, err := get(ctx, id, refresh)
		if !refresh && err == nil {
			key.Key = otherKey.Public() // what the cache has is stale
		}
		return key, err
	}
	w.handler = New(w.o)
	w.want(t, request(t, note(alice, 2), alice+"#main-key", old, sig.RFC9421, now), http.StatusAccepted, 1)

	// A key that could not be had is not asked for again at once.
	w = newWorld(func(w *world) { w.keyErr = ErrKeyUnreachable; w.o.Rates.Refused.PerSecond = -1 })
	for range 100 {
		w.want(t, signed(t, 1), http.StatusServiceUnavailable, 0)
	}
	if len(w.asked) != 1 {
		t.Fatalf("asked %d times", len(w.asked))
	}
	w.keyErr, w.now = nil, now.Add(rememberSilence)
	w.want(t, signed(t, 1), http.StatusAccepted, 1)
}

func refreshes(w *world) (n int) {
	for _, id := range w.asked {
		if strings.HasSuffix(id, "!") {
			n++
		}
	}
	return n
}

// TestSec_S26: the answer tells nothing of why a retrieval failed.
func TestSec_S26(t *testing.T) {
	answer := func(cause string) string {
		w := newWorld(func(w *world) { w.keyErr = fmt.Errorf("%w: %s", ErrKeyUnreachable, cause) })
		return w.want(t, signed(t, 1), http.StatusServiceUnavailable, 0).Body.String()
	}
	refused, late := answer("connection refused by 10.0.0.7"), answer("deadline exceeded: <html>secret</html>")
	if refused != late || strings.Contains(refused, "10.0.0.7") || strings.Contains(late, "secret") {
		t.Errorf("%q and %q", refused, late)
	}
}

// TestSec_S27_S28_S29: documents that two readers could read differently, or that cost too much, are malformed.
func TestSec_S27_S28_S29(t *testing.T) {
	deep := strings.Repeat(`{"object":`, 40) + `1` + strings.Repeat(`}`, 40)
	for name, body := range map[string]string{
		"S27 twice":         `{"id":"https://peer.example/1","type":"Like","actor":"` + alice + `","actor":"` + evil + `"}`,
		"S27 case":          `{"id":"https://peer.example/1","type":"Like","actor":"` + alice + `","ACTOR":"` + evil + `"}`,
		"S27 nested":        `{"id":"https://peer.example/1","type":"Like","actor":"` + alice + `","object":{"id":"a","Id":"b"}}`,
		"S28 depth":         `{"id":"https://peer.example/1","type":"Like","actor":"` + alice + `","object":` + deep + `}`,
		"S28 array":         `{"id":"https://peer.example/1","type":"Like","actor":"` + alice + `","to":[` + strings.Repeat(`"a",`, 1001) + `"a"]}`,
		"S28 NUL":           `{"id":"https://peer.example/1","type":"Like","actor":"` + alice + `","content":"\u0000"}`,
		"S28 UTF-8":         `{"id":"https://peer.example/1","type":"Like","actor":"` + alice + `","content":"` + "\xff" + `"}`,
		"S29 graph":         `{"id":"https://peer.example/1","type":"Like","actor":"` + alice + `","@graph":[]}`,
		"S29 reverse below": `{"id":"https://peer.example/1","type":"Like","actor":"` + alice + `","object":{"@reverse":{}}}`,
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(nil)
			w.want(t, request(t, []byte(body), alice+"#main-key", edKey, sig.RFC9421, now), http.StatusBadRequest, 0)
			if len(w.asked) != 0 {
				t.Errorf("keys were looked for: %v", w.asked)
			}
		})
	}
}

// TestSec_S38: buckets per address and, once the signature holds, per host and per actor.
func TestSec_S38(t *testing.T) {
	w := newWorld(func(w *world) { w.o.Rates.Address = Rate{1, 3} })
	n := 0
	from := func(addr string) *http.Request {
		n++
		req := signed(t, n)
		req.RemoteAddr = addr
		req.Header.Set("X-Forwarded-For", fmt.Sprintf("203.0.113.%d", n))
		req.Header.Set("Forwarded", fmt.Sprintf("for=203.0.113.%d", n))
		return req
	}
	for i := range 3 {
		w.want(t, from("198.51.100.7:1"), http.StatusAccepted, i+1)
	}
	rec := w.want(t, from("198.51.100.7:2"), http.StatusTooManyRequests, 3)
	if rec.Header().Get("Retry-After") != "1" {
		t.Errorf("Retry-After %q", rec.Header().Get("Retry-After"))
	}
	w.want(t, from("198.51.100.8:1"), http.StatusAccepted, 4)
	w.now = now.Add(time.Second)
	w.want(t, from("198.51.100.7:1"), http.StatusAccepted, 5)

	w = newWorld(func(w *world) { w.o.Rates.Address = Rate{1, 1} })
	w.want(t, from("[2001:db8:1:2::1]:1"), http.StatusAccepted, 1)
	w.want(t, from("[2001:db8:1:2:ffff::9]:1"), http.StatusTooManyRequests, 1)
	w.want(t, from("[2001:db8:1:3::1]:1"), http.StatusAccepted, 2)

	w = newWorld(func(w *world) { w.o.Rates.Actor = Rate{1, 1}; w.keys[evil+"#main-key"] = otherKey })
	forged := request(t, note(alice, 1), alice+"#main-key", otherKey, sig.RFC9421, now)
	w.want(t, forged, http.StatusUnauthorized, 0) // does not touch the bucket of alice
	w.want(t, signed(t, 1), http.StatusAccepted, 1)
	w.want(t, signed(t, 2), http.StatusTooManyRequests, 1)
	w.want(t, request(t, note(evil, 1), evil+"#main-key", otherKey, sig.RFC9421, now), http.StatusAccepted, 2)

	// Who keeps failing is stopped before any key is looked for.
	w = newWorld(func(w *world) { w.o.Rates.Refused = Rate{1, 2} })
	for range 2 {
		w.want(t, request(t, note(alice, 1), alice+"#main-key", otherKey, sig.RFC9421, now), http.StatusUnauthorized, 0)
	}
	asked := len(w.asked)
	w.want(t, signed(t, 1), http.StatusTooManyRequests, 0)
	if len(w.asked) != asked {
		t.Error("a key was looked for")
	}
}

// TestBucketsAreBounded: a flood of addresses does not fill the memory.
func TestBucketsAreBounded(t *testing.T) {
	b := newBounded[int, int](100)
	for i := range 10_000 {
		b.getOr(i, func() int { return i })
		b.get(7) // used all along
	}
	if n := len(b.young) + len(b.old); n > 200 {
		t.Errorf("%d entries", n)
	}
	if v, ok := b.get(7); !ok || v != 7 {
		t.Error("what is in use was forgotten")
	}
}
