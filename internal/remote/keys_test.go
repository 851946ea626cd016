package remote_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"essaim/federation/fedtest"
	"essaim/federation/inbox"
	"essaim/federation/sig"
	"essaim/internal/remote"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
)

// TestFirstContact: a Follow by somebody nobody knows costs two requests, the actor and the Accept (design §10).
func TestFirstContact(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t)
		us := w.instance("innov.example", db)
		alice := us.person("alice")
		them := w.stranger("far.example")
		bob := them.actor("bob")
		want(t, "status", them.sends(us, bob, them.activity("Follow", "1", bob, alice)), http.StatusAccepted)
		w.settle()
		want(t, "follow", us.state(bob, alice), store.Accepted)
		want(t, "answers", them.types(), "Accept")
		wantRequests(t, w.requests("innov.example", ""), 2)
	})
}

// TestKeyDocument: a key id that leads to a key, or to a stub of its actor, leads to the owner (K1).
func TestKeyDocument(t *testing.T) {
	w := newWorld(t)
	us := w.instance("innov.example", storetest.SQLite(t))
	alice := us.person("alice")
	for _, c := range []struct {
		name string
		at   func(p *stranger, bob string) any
	}{
		{"key", func(p *stranger, bob string) any {
			return doc{"id": bob + "/key", "type": "Key", "owner": bob, "publicKeyPem": p.actorDoc("bob")["publicKey"].(doc)["publicKeyPem"]}
		}},
		{"stub", func(p *stranger, bob string) any { return p.actorDoc("bob") }},
	} {
		t.Run(c.name, func(t *testing.T) {
			them := w.stranger(c.name + ".example")
			actor := them.actorDoc("bob")
			bob := actor["id"].(string)
			actor["publicKey"].(doc)["id"] = bob + "/key"
			them.serves("/users/bob", actor)
			them.serves("/users/bob/key", c.at(them, bob))
			status := them.sendsWith(us, sig.PrivateKey{ID: bob + "/key", Key: testRSA()}, them.activity("Follow", "1", bob, alice))
			want(t, "status", status, http.StatusAccepted)
			w.settle()
			want(t, "follow", us.state(bob, alice), store.Accepted)
			wantRequests(t, w.requests("innov.example", them.host), 3)
		})
	}
}

// TestKeyEd25519: who signs with an Ed25519 key is answered with one (design §14).
func TestKeyEd25519(t *testing.T) {
	w := newWorld(t)
	us := w.instance("innov.example", storetest.SQLite(t))
	alice := us.person("alice")
	them := w.stranger("far.example")
	bob := them.actor("bob")
	key := sig.PrivateKey{ID: bob + "#ed", Key: testEd()}
	want(t, "status", them.sendsWith(us, key, them.activity("Follow", "1", bob, alice)), http.StatusAccepted)
	w.settle()
	posts := them.received()
	if len(posts) != 1 || posts[0].kind != "ed25519" {
		t.Fatalf("answered with %v, want one request signed with Ed25519", posts)
	}
}

// TestSec_S05: a key counts only when key and owner name each other on one origin.
func TestSec_S05(t *testing.T) {
	w := newWorld(t)
	us := w.instance("innov.example", storetest.SQLite(t))
	victims := w.stranger("victim.example")
	victim := victims.actor("carol")
	evil := w.stranger("evil.example")
	mallory := evil.actor("mallory")
	pem := evil.actorDoc("mallory")["publicKey"].(doc)["publicKeyPem"]

	elsewhere := evil.serves("/keys/elsewhere", doc{"id": evil.base + "/keys/elsewhere", "type": "Key", "owner": victim, "publicKeyPem": pem})
	unlisted := evil.serves("/keys/unlisted", doc{"id": evil.base + "/keys/unlisted", "type": "Key", "owner": mallory, "publicKeyPem": pem})
	borrowed := evil.actorDoc("thief")
	borrowed["publicKey"].(doc)["owner"] = victim
	evil.serves("/users/thief", borrowed)
	thief := borrowed["id"].(string)

	for name, id := range map[string]string{"owner elsewhere": elsewhere, "not listed": unlisted, "owner of another": thief + "#main-key", "no such fragment": mallory + "#other",
		"account": "acct:mallory@evil.example"} {
		t.Run(name, func(t *testing.T) {
			key, err := us.Key(context.Background(), id, false)
			if !errors.Is(err, inbox.ErrKeyUnknown) {
				t.Fatalf("got %v, %v: want ErrKeyUnknown", key, err)
			}
		})
	}
	wantRequests(t, w.requests("innov.example", "victim.example"), 0) // nobody is asked on a stranger's word
	want(t, "status", evil.sendsWith(us, sig.PrivateKey{ID: unlisted, Key: testRSA()}, evil.activity("Follow", "1", mallory, us.person("alice"))), http.StatusUnauthorized)
}

// TestSec_S19: a thousand bad signatures of one actor, under whatever key ids, cost one request; an unreachable server is left alone too.
func TestSec_S19(t *testing.T) {
	w := newWorld(t)
	us := w.instance("innov.example", storetest.SQLite(t))
	ctx := context.Background()
	them := w.stranger("far.example")
	bob := them.actor("bob")
	for n := range 1000 {
		if _, err := us.Key(ctx, bob+numbered("#k", n), n%2 == 1); !errors.Is(err, inbox.ErrKeyUnknown) {
			t.Fatalf("key %d: %v", n, err)
		}
		if _, err := us.Key(ctx, bob+"#main-key", true); err != nil {
			t.Fatalf("the listed key: %v", err)
		}
	}
	wantRequests(t, w.requests("innov.example", ""), 1)

	w.net.Down("down.example")
	for range 100 {
		if _, err := us.Key(ctx, "https://down.example/u#k", false); !errors.Is(err, inbox.ErrKeyUnreachable) {
			t.Fatalf("got %v, want ErrKeyUnreachable", err)
		}
	}
	wantRequests(t, w.requests("innov.example", "down.example"), 1)

	w.pass(6 * time.Minute)
	if _, err := us.Key(ctx, bob+"#main-key", true); err != nil {
		t.Fatal(err)
	}
	wantRequests(t, w.requests("innov.example", "far.example"), 2)
}

// TestKeyRotation: a new key is found by one refresh, and the old one is believed no more.
func TestKeyRotation(t *testing.T) {
	w := newWorld(t)
	us := w.instance("innov.example", storetest.SQLite(t))
	ctx := context.Background()
	them := w.stranger("far.example")
	bob := them.actor("bob")
	if _, err := us.Key(ctx, bob+"#main-key", false); err != nil {
		t.Fatal(err)
	}
	rotated := them.actorDoc("bob")
	rotated["publicKey"].(doc)["id"] = bob + "#main-key-2"
	rotated["updated"] = w.now().Add(time.Hour).Format(time.RFC3339)
	them.serves("/users/bob", rotated)
	w.pass(10 * time.Minute)
	if _, err := us.Key(ctx, bob+"#main-key-2", false); err != nil {
		t.Fatalf("the new key: %v", err)
	}
	w.pass(time.Minute)
	if _, err := us.Key(ctx, bob+"#main-key", false); !errors.Is(err, inbox.ErrKeyUnknown) {
		t.Fatalf("the old key: %v, want ErrKeyUnknown", err)
	}
}

// TestKeysOfEachOther: two instances that need each other's keys at the same moment both get them.
func TestKeysOfEachOther(t *testing.T) {
	w := newWorld(t)
	a, b := w.instance("a.example", storetest.SQLite(t)), w.instance("b.example", storetest.SQLite(t))
	alice, bob := a.person("alice"), b.person("bob")
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if _, err := a.Key(ctx, bob+"#main-key", false); err != nil {
				t.Error(err)
			}
		})
		all.Go(func() {
			if _, err := b.Key(ctx, alice+"#main-key", false); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	wantRequests(t, w.requests("a.example", "b.example"), 1)
	wantRequests(t, w.requests("b.example", "a.example"), 1)
}

// TestSec_S33: a policy covers a host and what is under it, whatever leads there.
func TestSec_S33(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t)
		us := w.instance("innov.example", db)
		alice := us.person("alice")
		ctx := context.Background()
		clean, bad := w.stranger("clean.example"), w.stranger("sub.blocked.example")
		bob, mallory := clean.actor("bob"), bad.actor("mallory")
		bad.note("spam", mallory)
		us.follow(alice, bob)
		err := db.Write(ctx, store.Promised, func(tx *store.Tx) error {
			return tx.UpdateHost(ctx, "blocked.example", w.now(), func(h *store.Host) { h.Policy = store.HostBlocked })
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := us.Key(ctx, mallory+"#main-key", false); !errors.Is(err, inbox.ErrBlocked) {
			t.Errorf("key: %v, want ErrBlocked", err)
		}
		if _, err := us.Actor(ctx, mallory); err == nil {
			t.Error("an actor of a blocked host was read")
		}
		if _, err := us.Actor(ctx, "@mallory@sub.blocked.example"); err == nil {
			t.Error("a handle of a blocked host was resolved")
		}
		clean.sends(us, bob, clean.activity("Announce", "1", bob, bad.base+"/notes/spam"))
		clean.mu.Lock()
		clean.moved["/moved"] = bad.base + "/users/mallory"
		clean.mu.Unlock()
		if _, err := us.Actor(ctx, clean.base+"/moved"); err == nil {
			t.Error("a redirect to a blocked host was followed")
		}
		w.settle()
		if us.object(bad.base+"/notes/spam") != nil {
			t.Error("an object of a blocked host was stored through a boost")
		}
		wantRequests(t, w.requests("innov.example", bad.host), 0)
		want(t, "status", bad.sends(us, mallory, bad.activity("Follow", "1", mallory, alice)), http.StatusForbidden)
	})
}

// TestFederationModes: off talks to nobody, the allow-list to those on it.
func TestFederationModes(t *testing.T) {
	w := newWorld(t)
	db := storetest.SQLite(t)
	us := w.instance("innov.example", db)
	ctx := context.Background()
	err := db.Write(ctx, store.Promised, func(tx *store.Tx) error {
		return tx.UpdateHost(ctx, "friend.example", w.now(), func(h *store.Host) { h.Policy = store.HostAllowed })
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		mode remote.Mode
		host string
		ok   bool
	}{
		{remote.Open, "any.example", true}, {remote.Allowlist, "any.example", false}, {remote.Allowlist, "sub.friend.example", true},
		{remote.Off, "friend.example", false}, {remote.Off, "innov.example", true},
	} {
		us.Federation = c.mode
		if err := us.Policy(ctx, c.host); (err == nil) != c.ok {
			t.Errorf("%s, %s: %v", c.mode, c.host, err)
		}
	}
}

// TestSec_S39: new hosts under one registrable domain are met at a bounded pace.
func TestSec_S39(t *testing.T) {
	w := newWorld(t)
	us := w.instance("innov.example", storetest.SQLite(t))
	ctx := context.Background()
	met := 0
	for n := range 100 {
		p := w.stranger(fmt.Sprintf("s%d.flood.example", n))
		if _, err := us.Key(ctx, p.actor("bot")+"#main-key", false); err == nil {
			met++
		} else if !errors.Is(err, inbox.ErrKeyUnreachable) {
			t.Fatalf("got %v, want ErrKeyUnreachable", err)
		}
	}
	if met == 0 || met > 10 {
		t.Errorf("%d new hosts were met in one minute, want 1 to 10", met)
	}
	if _, err := us.Key(ctx, w.stranger("calm.example").actor("x")+"#main-key", false); err != nil {
		t.Errorf("another domain: %v", err)
	}
}

// TestRefetchSignedGet: a server that wants its GETs signed otherwise gets them so, and is remembered.
func TestRefetchSignedGet(t *testing.T) {
	w := newWorld(t)
	us := w.instance("innov.example", storetest.SQLite(t))
	them := w.stranger("far.example")
	them.actor("bob")
	them.actor("eve")
	w.net.Handle("far.example", http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Signature-Input") == "" {
			rw.WriteHeader(http.StatusUnauthorized)
			return
		}
		them.serve(rw, r)
	}))
	for _, name := range []string{"bob", "eve"} {
		if _, err := us.Actor(context.Background(), them.base+"/users/"+name); err != nil {
			t.Fatal(err)
		}
	}
	var kinds []string
	for _, r := range w.net.Log() {
		kinds = append(kinds, r.Signature)
	}
	want(t, "signatures", strings.Join(kinds, " "), strings.Join([]string{fedtest.Cavage, fedtest.RFC9421, fedtest.RFC9421}, " "))
}
