package remote_test

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"essaim/federation/fedtest"
	"essaim/federation/sig"
	"essaim/federation/vocab"
	"essaim/internal/activity"
	"essaim/internal/essaim"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
)

// audience makes an instance whose alice is followed by one actor on each of some strangers' servers.
func audience(t *testing.T, db *store.DB, hosts ...string) (w *world, us *instance, alice string, them []*stranger) {
	w = newWorld(t)
	us = w.instance("innov.example", db)
	alice = us.person("alice")
	for _, h := range hosts {
		p := w.stranger(h)
		bob := p.actor("bob")
		want(t, "follow", p.sends(us, bob, p.activity("Follow", "f", bob, alice)), http.StatusAccepted)
		them = append(them, p)
	}
	w.settle()
	for _, p := range them {
		want(t, "accept at "+p.host, p.types(), "Accept")
	}
	w.net.Reset()
	return w, us, alice, them
}

// signatures lists how the requests to a host were signed.
func (w *world) signatures(to string) string {
	var kinds []string
	for _, r := range w.net.Log() {
		if r.Host == to && r.Method == http.MethodPost {
			kinds = append(kinds, r.Signature)
		}
	}
	return strings.Join(kinds, " ")
}

// TestDoubleKnock: a server that refuses one family gets the other at once, and from then on; after a week it is learnt again.
func TestDoubleKnock(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w, us, alice, them := audience(t, db, "new.example")
		them[0].answer = func(_ int, r *http.Request) (int, http.Header) {
			if r.Header.Get("Signature-Input") == "" {
				return http.StatusUnauthorized, nil
			}
			return http.StatusAccepted, nil
		}
		us.post(alice, "one")
		w.settle()
		us.post(alice, "two")
		w.settle()
		want(t, "signatures", w.signatures("new.example"), strings.Join([]string{fedtest.Cavage, fedtest.RFC9421, fedtest.RFC9421}, " "))
		w.net.Reset()
		w.pass(8 * 24 * time.Hour)
		us.post(alice, "three")
		w.settle()
		want(t, "a week later", w.signatures("new.example"), fedtest.Cavage+" "+fedtest.RFC9421)
	})
}

// TestUnsignedForGood: when neither family is understood, 401 is tried again later and 400 is final (DL4).
func TestUnsignedForGood(t *testing.T) {
	w, us, alice, them := audience(t, storetest.SQLite(t), "four.example")
	for status, outcome := range map[int][2]int{http.StatusUnauthorized: {1, 0}, http.StatusBadRequest: {1, 1}} {
		them[0].answer = func(int, *http.Request) (int, http.Header) { return status, nil }
		us.post(alice, "x")
		w.settle()
		waiting, dead := us.jobs(activity.JobDeliver)
		if waiting > outcome[0] || status == http.StatusUnauthorized && waiting == 0 {
			t.Errorf("%d: %d waiting, %d dead", status, waiting, dead)
		}
		if status == http.StatusBadRequest && dead == 0 {
			t.Errorf("%d is not final", status)
		}
	}
}

// TestLearntFamily: a server that signed in RFC 9421, or says that it reads it, is written to so from the first.
func TestLearntFamily(t *testing.T) {
	w := newWorld(t)
	us := w.instance("innov.example", storetest.SQLite(t))
	alice := us.person("alice")
	heard, says := w.stranger("heard.example"), w.stranger("says.example")
	heard.family = sig.RFC9421
	speaker := says.actorDoc("bob")
	speaker["generator"] = doc{"type": "Application", "implements": []any{doc{"href": vocab.RFC9421}}}
	says.serves("/users/bob", speaker)
	bob := heard.actor("bob")
	heard.sends(us, bob, heard.activity("Follow", "1", bob, alice))
	says.sends(us, says.base+"/users/bob", says.activity("Follow", "1", says.base+"/users/bob", alice))
	w.settle()
	for _, p := range []*stranger{heard, says} {
		want(t, p.host, w.signatures(p.host), fedtest.RFC9421)
	}
}

// TestBetweenInstances: two of ours write to each other with Ed25519 once one of them did.
func TestBetweenInstances(t *testing.T) {
	w := newWorld(t)
	a, b := w.instance("a.example", storetest.SQLite(t)), w.instance("b.example", storetest.SQLite(t))
	alice, bob := a.person("alice"), b.person("bob")
	a.follow(alice, bob)
	w.settle()
	want(t, "follow at a", a.state(alice, bob), store.Accepted)
	want(t, "follow at b", b.state(alice, bob), store.Accepted)
	note := b.post(bob, "hello")
	w.settle()
	if a.object(note) == nil {
		t.Fatal("the post did not arrive")
	}
	want(t, "signed", strings.Contains(w.signatures("a.example"), fedtest.RFC9421), true)
}

// TestRetryAfter: a wait that a server asks for is granted, to the second.
func TestRetryAfter(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w, us, alice, them := audience(t, db, "busy.example")
		them[0].answer = func(n int, _ *http.Request) (int, http.Header) {
			if n == 1 {
				return http.StatusTooManyRequests, http.Header{"Retry-After": {"600"}}
			}
			return http.StatusAccepted, nil
		}
		us.post(alice, "x")
		w.settle()
		w.pass(590 * time.Second)
		w.settle()
		want(t, "before", len(them[0].received()), 2)
		w.pass(11 * time.Second)
		w.settle()
		want(t, "after", len(them[0].received()), 3)
		waiting, dead := us.jobs(activity.JobDeliver)
		want(t, "jobs left", waiting+dead, 0)
	})
}

// TestGoneInbox: an inbox that is missing three times is given up, and its followers are no longer written to (DL4).
func TestGoneInbox(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w, us, alice, them := audience(t, db, "gone.example")
		them[0].answer = func(int, *http.Request) (int, http.Header) { return http.StatusGone, nil }
		us.post(alice, "x")
		for range 5 {
			w.settle()
			w.pass(3 * time.Hour)
		}
		want(t, "tries", len(them[0].received()), 1+3)
		_, dead := us.jobs(activity.JobDeliver)
		want(t, "dead", dead, 1)
		us.post(alice, "y")
		w.settle()
		want(t, "tries afterwards", len(them[0].received()), 1+3)
	})
}

// TestRefused: a 4xx is final, and a redirect of a POST is not followed (DL4, DL6).
func TestRefused(t *testing.T) {
	w, us, alice, them := audience(t, storetest.SQLite(t), "no.example")
	them[0].answer = func(int, *http.Request) (int, http.Header) { return http.StatusForbidden, nil }
	us.post(alice, "x")
	w.settle()
	waiting, dead := us.jobs(activity.JobDeliver)
	want(t, "waiting", waiting, 0)
	want(t, "dead", dead, 1)
	jobs, err := us.queue.Dead(context.Background(), 0, 10)
	if err != nil || len(jobs) != 1 || jobs[0].Status != http.StatusForbidden {
		t.Errorf("the operator sees %+v, %v", jobs, err)
	}
	them[0].answer = func(int, *http.Request) (int, http.Header) {
		return http.StatusPermanentRedirect, http.Header{"Location": {"https://elsewhere.example/inbox"}}
	}
	us.post(alice, "y")
	w.settle()
	wantRequests(t, w.requests("innov.example", "elsewhere.example"), 0)
	waiting, _ = us.jobs(activity.JobDeliver)
	want(t, "waiting after a redirect", waiting, 1)
}

// TestBreaker: a host that is down is asked by one probe at a time; its jobs wait untried, and all go out when it is back.
func TestBreaker(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w, us, alice, them := audience(t, db, "down.example")
		w.net.Down("down.example")
		for range 10 {
			us.post(alice, "x")
		}
		w.settle()
		opened := len(w.requests("innov.example", "down.example"))
		if opened != 3 {
			t.Errorf("%d requests before the breaker opened, want 3", opened)
		}
		for range 3 { // each probe is one request, however many jobs wait
			w.pass(20 * time.Hour)
			w.settle()
			w.settle()
		}
		if probes := len(w.requests("innov.example", "down.example")) - opened; probes < 1 || probes > 3 {
			t.Errorf("%d probes in three turns", probes)
		}
		h, err := store.HostByName(context.Background(), db.Read(), "down.example")
		if err != nil || h.Failures < 4 || h.OpenUntil.IsZero() {
			t.Errorf("the host's health is %+v, %v", h, err)
		}
		w.net.Up("down.example")
		for range 10 {
			w.pass(6 * time.Hour)
			w.settle()
		}
		want(t, "arrived", len(them[0].received()), 1+10)
		waiting, dead := us.jobs(activity.JobDeliver)
		want(t, "jobs left", waiting+dead, 0)
	})
}

// TestProbeShared: while one node probes a host, another on the same database leaves it alone.
func TestProbeShared(t *testing.T) {
	dsn := storetest.SQLiteDSN(t)
	w, us, alice, _ := audience(t, storetest.Open(t, dsn), "down.example")
	second := w.node("innov.example", storetest.Open(t, dsn))
	w.net.Down("down.example")
	for range 6 {
		us.post(alice, "x")
	}
	w.settle()
	w.net.Up("down.example")
	w.pass(2 * time.Hour)
	w.net.Reset()
	ctx := context.Background()
	var once sync.Once
	w.net.Handle("down.example", http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
		once.Do(func() {
			second.post(alice, "y")
			if _, err := second.queue.RunDue(ctx); err != nil {
				t.Error(err)
			}
		})
		rw.WriteHeader(http.StatusServiceUnavailable)
	}))
	if _, err := us.queue.RunDue(ctx); err != nil {
		t.Fatal(err)
	}
	wantRequests(t, w.requests("innov.example", "down.example"), 1)
}

// TestHeardAgain: a host that speaks is worth a probe at once.
func TestHeardAgain(t *testing.T) {
	w, us, alice, them := audience(t, storetest.SQLite(t), "down.example")
	w.net.Down("down.example")
	for range 4 {
		us.post(alice, "x")
	}
	w.settle()
	w.net.Up("down.example")
	bob := them[0].base + "/users/bob"
	h, err := store.HostByName(context.Background(), us.db.Read(), "down.example")
	if err != nil || !w.now().Before(h.OpenUntil) {
		t.Fatalf("the breaker is not open: %+v, %v", h, err)
	}
	them[0].sends(us, bob, them[0].activity("Like", "l", bob, us.post(alice, "y")))
	h, err = store.HostByName(context.Background(), us.db.Read(), "down.example")
	if err != nil || w.now().Before(h.OpenUntil) {
		t.Errorf("after hearing of it: %+v, %v", h, err)
	}
}

// TestOrder: a Delete does not overtake its Create while that is being retried; what was not sent at all is not sent any more.
func TestOrder(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w, us, alice, them := audience(t, db, "slow.example")
		them[0].answer = func(n int, _ *http.Request) (int, http.Header) {
			if n == 1 {
				return http.StatusServiceUnavailable, nil
			}
			return http.StatusAccepted, nil
		}
		note := us.post(alice, "x")
		w.settle()
		edited := vocab.New(vocab.Note, note).SetString("content", "edited")
		w.pass(time.Second)
		us.apply(&vocab.Activity{Type: vocab.Update, Actor: alice, Object: vocab.Item{ID: note, Doc: edited}})
		w.settle()
		want(t, "while it waits", them[0].types(), "Accept Create")
		w.pass(2 * time.Minute)
		w.settle()
		want(t, "in order", them[0].types(), "Accept Create Create Update")
		us.apply(&vocab.Activity{Type: vocab.Delete, Actor: alice, Object: vocab.Item{ID: note}})
		w.settle()
		want(t, "and the end", them[0].types(), "Accept Create Create Update Delete")
		for _, d := range them[0].received()[1:] {
			want(t, "about", d.body.IRI("object"), note)
		}
	})
}

// TestErased: what was deleted before it was sent is not sent.
func TestErased(t *testing.T) {
	w, us, alice, them := audience(t, storetest.SQLite(t), "later.example")
	note := us.post(alice, "x")
	us.apply(&vocab.Activity{Type: vocab.Delete, Actor: alice, Object: vocab.Item{ID: note}})
	w.settle()
	want(t, "sent", them[0].types(), "Accept Delete")
}

// TestBlockedNotDelivered: nothing is sent to a host that was blocked meanwhile (S33).
func TestBlockedNotDelivered(t *testing.T) {
	w, us, alice, them := audience(t, storetest.SQLite(t), "bad.example")
	us.post(alice, "x")
	ctx := context.Background()
	err := us.db.Write(ctx, store.Promised, func(tx *store.Tx) error {
		return tx.UpdateHost(ctx, "bad.example", w.now(), func(h *store.Host) { h.Policy = store.HostBlocked })
	})
	if err != nil {
		t.Fatal(err)
	}
	us.ForgetHost("bad.example")
	w.settle()
	want(t, "sent", them[0].types(), "Accept")
	waiting, dead := us.jobs(activity.JobDeliver)
	want(t, "jobs left", waiting+dead, 0)
}

// TestPaceOfFirstDeliveries: hosts under one domain are written to for the first time at the pace that peers accept (R19).
func TestPaceOfFirstDeliveries(t *testing.T) {
	w := newWorld(t)
	us := w.instance("innov.example", storetest.SQLite(t))
	alice := us.person("alice")
	var them []*stranger
	for n := range 9 {
		p := w.stranger(numbered("s", n) + ".farm.example")
		bob := p.actor("bob")
		if status := p.sends(us, bob, p.activity("Follow", "f", bob, alice)); status != http.StatusAccepted {
			w.pass(5 * time.Minute)
			want(t, "second try", p.sends(us, bob, p.activity("Follow", "f", bob, alice)), http.StatusAccepted)
		}
		them = append(them, p)
	}
	sent := func() (n int) {
		for _, p := range them {
			n += len(p.received())
		}
		return n
	}
	w.settle()
	first := sent()
	if first == 0 || first > 8 {
		t.Errorf("%d first deliveries at once, want 1 to 8", first)
	}
	for range 10 {
		w.pass(time.Minute)
		before := sent()
		w.settle()
		if n := sent() - before; n > 8 {
			t.Errorf("%d first deliveries in one minute", n)
		}
	}
	want(t, "in the end", sent(), 9)
}

// TestForward: an answer to a post of ours is passed on as it came to those who follow the conversation.
func TestForward(t *testing.T) {
	w, us, alice, them := audience(t, storetest.SQLite(t), "one.example", "two.example")
	note := us.post(alice, "question")
	w.settle()
	bob := them[0].base + "/users/bob"
	reply := them[0].note("r", bob, doc{"inReplyTo": note, "cc": []any{alice + "/followers"}})
	create := them[0].activity("Create", "c", bob, reply, doc{"cc": []any{alice + "/followers"}, "x": "kept"})
	them[0].sends(us, bob, create)
	w.settle()
	posts := them[1].received()
	last := posts[len(posts)-1].body
	want(t, "forwarded", last.Type(), "Create")
	want(t, "as it came", last.String("x"), "kept")
	want(t, "not back", strings.Contains(them[0].types(), "Create Create"), false)
}

// TestSweep: payloads go when the last delivery is done, what is still to be sent stays.
func TestSweep(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w, us, alice, _ := audience(t, db, "one.example")
		ctx := context.Background()
		out := us.apply(&vocab.Activity{Type: vocab.Create, Actor: alice, Object: vocab.Item{Doc: vocab.New(vocab.Note, "").SetString("content", "x")}})
		has := func() bool {
			_, err := store.Payload(ctx, db.Read(), essaim.ID(out.Activity))
			return err == nil
		}
		for _, step := range []struct {
			do   func()
			kept bool
		}{{func() {}, true}, {w.settle, false}} {
			step.do()
			if err := us.Sweep(ctx); err != nil {
				t.Fatal(err)
			}
			want(t, "the payload is kept", has(), step.kept)
		}
		// Hosts, keys and markers that nobody needs any more go too.
		w.pass(100 * 24 * time.Hour)
		if err := us.Sweep(ctx); err != nil {
			t.Fatal(err)
		}
		if h, err := store.HostByName(ctx, db.Read(), "one.example"); err != nil || !h.Created.IsZero() {
			t.Errorf("the host is still known: %+v, %v", h, err)
		}
		if _, err := store.SigningKey(ctx, db.Read(), alice, store.RSA); err != nil {
			t.Errorf("our own key went: %v", err)
		}
	})
}
