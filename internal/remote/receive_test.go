package remote_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"essaim/federation/vocab"
	"essaim/internal/activity"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
)

// followed makes an instance where alice follows bob of a stranger's server, accepted.
func followed(t *testing.T, db *store.DB) (w *world, us *instance, alice string, them *stranger, bob string) {
	w = newWorld(t)
	us = w.instance("innov.example", db)
	alice = us.person("alice")
	them = w.stranger("far.example")
	bob = them.actor("bob")
	us.follow(alice, bob)
	w.settle()
	follow := them.received()[0].body
	want(t, "accept", them.sends(us, bob, them.activity("Accept", "accept", bob, doc{"id": follow.ID(), "type": "Follow", "actor": alice, "object": bob})), http.StatusAccepted)
	w.settle()
	want(t, "follow", us.state(alice, bob), store.Accepted)
	w.net.Reset()
	return w, us, alice, them, bob
}

// TestReceiveHot: a Note of a known author needs no request, is stored once, and its job is gone with it.
func TestReceiveHot(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w, us, _, them, bob := followed(t, db)
		note := them.note("1", bob)
		for range 2 {
			want(t, "status", them.sends(us, bob, them.activity("Create", "c1", bob, note)), http.StatusAccepted)
			w.settle()
		}
		if us.object(note["id"].(string)) == nil {
			t.Fatal("the note was not stored")
		}
		wantRequests(t, w.requests("innov.example", ""), 0)
		waiting, dead := us.jobs(activity.JobReceive)
		want(t, "jobs left", waiting+dead, 0)
	})
}

// TestReceiveNeeds: what an activity does not bring is read at its origin.
func TestReceiveNeeds(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w, us, _, them, bob := followed(t, db)
		others := w.stranger("other.example")
		carol := others.actor("carol")
		boosted := others.note("boosted", carol)["id"].(string)
		wrapped := others.note("wrapped", carol)["id"].(string)
		named := them.note("named", bob)["id"].(string)
		them.sends(us, bob, them.activity("Announce", "a1", bob, boosted))
		them.sends(us, bob, them.activity("Announce", "a2", bob, others.activity("Create", "c", carol, doc{"id": wrapped, "type": "Note", "content": "not this"})))
		them.sends(us, bob, them.activity("Create", "c1", bob, named))
		them.sends(us, bob, them.activity("Dance", "d", bob, named))
		them.sends(us, bob, them.activity("Delete", "x", bob, them.base+"/notes/never"))
		w.settle()
		for _, iri := range []string{boosted, wrapped, named} {
			if o := us.object(iri); o == nil || strings.Contains(o.HTML, "not this") {
				t.Errorf("%s: %v", iri, o)
			}
		}
		for _, n := range []string{boosted, wrapped} {
			id := us.object(n).ID
			if c, err := store.CountSources(context.Background(), db.Read(), store.RelAnnounce, id); err != nil || c != 1 {
				t.Errorf("%s is announced %d times, %v", n, c, err)
			}
		}
		waiting, dead := us.jobs(activity.JobReceive)
		want(t, "jobs left", waiting+dead, 0)
	})
}

// TestReceiveUnasked: nothing is fetched for somebody whom nobody follows.
func TestReceiveUnasked(t *testing.T) {
	w, us, _, _, _ := followed(t, storetest.SQLite(t))
	others := w.stranger("other.example")
	carol, far := others.actor("carol"), w.stranger("third.example")
	note := far.note("1", far.actor("dan"))["id"].(string)
	others.sends(us, carol, others.activity("Announce", "1", carol, note))
	others.sends(us, carol, others.activity("Create", "2", carol, doc{"id": note, "type": "Note", "attributedTo": carol}))
	w.settle()
	wantRequests(t, w.requests("innov.example", "third.example"), 0)
}

// TestReceiveRetries: what cannot be read for a moment is tried again, and lets others of the author go ahead.
func TestReceiveRetries(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w, us, _, them, bob := followed(t, db)
		others := w.stranger("other.example")
		boosted := others.note("boosted", others.actor("carol"))["id"].(string)
		w.net.Down("other.example")
		them.sends(us, bob, them.activity("Announce", "a1", bob, boosted))
		note := them.note("after", bob)
		them.sends(us, bob, them.activity("Create", "c1", bob, note))
		w.settle()
		w.settle()
		if us.object(note["id"].(string)) == nil {
			t.Error("what came after did not go ahead")
		}
		waiting, _ := us.jobs(activity.JobReceive)
		want(t, "waiting", waiting, 1)
		w.net.Up("other.example")
		w.pass(10 * time.Minute)
		w.settle()
		if us.object(boosted) == nil {
			t.Error("the boosted note was not read in the end")
		}
	})
}

// TestSec_S03: an object of another server in a Create or an Update is read there; what was embedded is ignored.
func TestSec_S03(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w, us, _, evil, mallory := followed(t, db)
		victims := w.stranger("victim.example")
		carol := victims.actor("carol")
		truth := victims.note("truth", carol)["id"].(string)
		absent := victims.base + "/notes/absent"
		forge := func(id string) doc {
			return doc{"id": id, "type": "Note", "attributedTo": mallory, "content": "forged", "to": []any{vocab.Public}}
		}
		evil.sends(us, mallory, evil.activity("Create", "1", mallory, forge(truth)))
		evil.sends(us, mallory, evil.activity("Create", "2", mallory, forge(absent)))
		w.settle()
		evil.sends(us, mallory, evil.activity("Update", "3", mallory, forge(truth)))
		w.settle()
		o := us.object(truth)
		if o == nil || !strings.Contains(o.HTML, "truth") {
			t.Fatalf("the note is not its author's: %+v", o)
		}
		author, err := store.ActorByID(context.Background(), db.Read(), o.AttributedTo)
		if err != nil || author.IRI != carol {
			t.Errorf("the author is %v, %v", author, err)
		}
		if us.object(absent) != nil {
			t.Error("a forged note was stored")
		}
	})
}

// TestSec_S09: an Accept counts from whom it was asked of, through the real door.
func TestSec_S09(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t)
		us := w.instance("innov.example", db)
		alice := us.person("alice")
		them, evil := w.stranger("far.example"), w.stranger("evil.example")
		bob, mallory := them.actor("bob"), evil.actor("mallory")
		us.follow(alice, bob)
		w.settle()
		follow := them.received()[0].body.ID()
		inner := doc{"id": follow, "type": "Follow", "actor": alice, "object": bob}
		evil.sends(us, mallory, evil.activity("Accept", "1", mallory, inner))
		forwarded := evil.activity("Accept", "2", bob, inner)
		forwarded["id"] = them.base + "/activities/2"
		evil.sends(us, mallory, forwarded)
		w.settle()
		want(t, "after the forgeries", us.state(alice, bob), store.Pending)
		them.sends(us, bob, them.activity("Accept", "3", bob, inner))
		w.settle()
		want(t, "after the real one", us.state(alice, bob), store.Accepted)
	})
}

// TestSec_S13: of what another than the actor signed only ids count, whatever proofs it carries.
func TestSec_S13(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w, us, alice, relay, bob := followed(t, db)
		origin := w.stranger("origin.example")
		carol := origin.actor("carol")
		mine := us.post(alice, "question")
		reply := origin.note("reply", carol, doc{"inReplyTo": mine})
		forged := doc{"id": reply["id"], "type": "Note", "attributedTo": carol, "content": "forged", "inReplyTo": mine, "to": []any{vocab.Public}}
		ld := doc{"signature": doc{"type": "RsaSignature2017", "creator": carol + "#main-key", "signatureValue": "c2lnbmVk"}}
		relay.sends(us, bob, origin.activity("Create", "1", carol, forged, ld))
		w.settle()
		o := us.object(reply["id"].(string))
		if o == nil || strings.Contains(o.HTML, "forged") {
			t.Fatalf("the reply is not what its origin serves: %+v", o)
		}
		// An Update is what the origin says now.
		reply["content"], reply["updated"] = "<p>edited</p>", w.now().Add(time.Minute).Format(time.RFC3339)
		origin.serves("/notes/reply", reply)
		w.pass(time.Hour)
		relay.sends(us, bob, origin.activity("Update", "2", carol, forged, ld))
		w.settle()
		want(t, "edited", strings.Contains(us.object(reply["id"].(string)).HTML, "edited"), true)
		// A Delete counts when the origin agrees.
		relay.sends(us, bob, origin.activity("Delete", "3", carol, reply["id"], ld))
		w.settle()
		want(t, "deleted too early", us.object(reply["id"].(string)).Deleted.IsZero(), true)
		origin.gone("/notes/reply", http.StatusGone)
		relay.sends(us, bob, origin.activity("Delete", "4", carol, reply["id"], ld))
		w.settle()
		want(t, "still there", us.object(reply["id"].(string)).Deleted.IsZero(), false)
		// Anything else is dropped, and so is what nobody here wants.
		relay.sends(us, bob, origin.activity("Follow", "5", carol, alice, ld))
		w.settle()
		want(t, "follow", us.state(carol, alice), store.RelationState(-1))
		// Documents with @graph are no documents.
		want(t, "@graph", relay.sends(us, bob, doc{"@graph": []any{origin.activity("Create", "6", carol, forged)}, "type": "Create", "id": origin.base + "/6", "actor": carol}), http.StatusBadRequest)
	})
}

// TestSec_S36: what one activity makes us ask is bounded: a thread without end, an Announce that leads on for ever.
func TestSec_S36(t *testing.T) {
	w, us, _, them, bob := followed(t, storetest.SQLite(t))
	others := w.stranger("deep.example")
	for n := range 1000 {
		author := others.actor(numbered("u", n))
		others.note(numbered("n", n), author, doc{"inReplyTo": others.base + numbered("/notes/n", n+1)})
	}
	reply := them.note("reply", bob, doc{"inReplyTo": others.base + "/notes/n0"})
	them.sends(us, bob, them.activity("Create", "1", bob, reply))
	w.settle()
	got := w.requests("innov.example", "deep.example")
	if len(got) < 10 || len(got) > 20 {
		t.Errorf("%d requests for one reply, want 10 to 20", len(got))
	}
	parent := us.object(others.base + "/notes/n0")
	if parent == nil || us.object(reply["id"].(string)).ReplyTo != parent.ID {
		t.Error("the reply was not tied to its parent")
	}
	waiting, dead := us.jobs(activity.JobParent)
	want(t, "walks left", waiting+dead, 0)

	// A thread in a circle ends by itself.
	x := others.note("x", others.base+"/users/u0", doc{"inReplyTo": others.base + "/notes/y"})
	others.note("y", others.base+"/users/u0", doc{"inReplyTo": x["id"]})
	w.net.Reset()
	them.sends(us, bob, them.activity("Create", "2", bob, them.note("reply2", bob, doc{"inReplyTo": x["id"]})))
	w.settle()
	wantRequests(t, w.requests("innov.example", "deep.example"), 2)
}

// TestSec_S37: of any number of unknown mentions five are looked up.
func TestSec_S37(t *testing.T) {
	w, us, _, them, bob := followed(t, storetest.SQLite(t))
	others := w.stranger("other.example")
	var tags []any
	for n := range 900 {
		tags = append(tags, doc{"type": "Mention", "href": others.actor(numbered("u", n)), "name": "@u"})
	}
	note := them.note("1", bob, doc{"tag": tags})
	want(t, "status", them.sends(us, bob, them.activity("Create", "1", bob, note)), http.StatusAccepted)
	w.settle()
	wantRequests(t, w.requests("innov.example", ""), 5)
	if us.object(note["id"].(string)) == nil {
		t.Error("the note was not stored")
	}
	// Five thousand are more than a document may hold (S28).
	for len(tags) < 5000 {
		tags = append(tags, tags[0])
	}
	want(t, "5000 mentions", them.sends(us, bob, them.activity("Create", "2", bob, them.note("2", bob, doc{"tag": tags}))), http.StatusBadRequest)
}

// TestSec_S47: dates of others are brought within reason, numbers of their collections are not believed.
func TestSec_S47(t *testing.T) {
	w, us, _, them, bob := followed(t, storetest.SQLite(t))
	for date, expected := range map[string]time.Time{"2099-01-01T00:00:00Z": w.now(), "1901-01-01T00:00:00Z": w.now(), "2020-05-06T07:08:09Z": time.Date(2020, 5, 6, 7, 8, 9, 0, time.UTC)} {
		name := date[:4]
		note := them.note(name, bob, doc{"published": date})
		them.sends(us, bob, them.activity("Create", name, bob, note))
		w.settle()
		o := us.object(note["id"].(string))
		if o == nil || !o.Published.Equal(expected) {
			t.Errorf("%s: stored as %+v, want %v", date, o, expected)
		}
	}
}

// TestEraseActor: an actor's Delete takes what it published with it, page by page.
func TestEraseActor(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w, us, _, them, bob := followed(t, db)
		const notes = 120
		for n := range notes {
			them.sends(us, bob, them.activity("Create", numbered("c", n), bob, them.note(numbered("n", n), bob)))
		}
		w.settle()
		them.sends(us, bob, them.activity("Delete", "end", bob, bob))
		w.settle()
		for n := range notes {
			if o := us.object(them.base + numbered("/notes/n", n)); o == nil || o.Deleted.IsZero() {
				t.Fatalf("note %d stands: %v", n, o)
			}
		}
		waiting, dead := us.jobs(activity.JobErase)
		want(t, "jobs left", waiting+dead, 0)
	})
}

// TestAHiddenObjectIsNotDeleted: a third party that says something private is gone is not believed because we may not see it.
func TestAHiddenObjectIsNotDeleted(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w, us, alice, relay, bob := followed(t, db)
		origin := w.stranger("origin.example")
		carol := origin.actor("carol")
		private := origin.note("private", carol, doc{"to": []any{alice}, "cc": []any{}})
		origin.sends(us, carol, origin.activity("Create", "1", carol, private))
		w.settle()
		iri := private["id"].(string)
		if us.object(iri) == nil {
			t.Fatal("it was not kept")
		}
		origin.gone("/notes/private", http.StatusNotFound)
		relay.sends(us, bob, origin.activity("Delete", "2", carol, iri))
		w.settle()
		want(t, "still there", us.object(iri).Deleted.IsZero(), true)
		origin.gone("/notes/private", http.StatusGone)
		relay.sends(us, bob, origin.activity("Delete", "3", carol, iri))
		w.settle()
		want(t, "still there", us.object(iri).Deleted.IsZero(), false)
	})
}
