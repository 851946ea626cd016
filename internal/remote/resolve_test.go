package remote_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"essaim/federation/vocab"
	"essaim/internal/essaim"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
)

func jrd(handle, self string) doc {
	return doc{"subject": "acct:" + handle, "links": []any{doc{"rel": "self", "type": "application/activity+json", "href": self}}}
}

func webfingerPath(handle string) string {
	return "/.well-known/webfinger?resource=" + strings.NewReplacer("@", "%40", ":", "%3A").Replace("acct:"+handle)
}

// TestActorRefs: an actor is found by handle, by id and by the address of its page; what is known and fresh costs nothing.
func TestActorRefs(t *testing.T) {
	w := newWorld(t)
	us := w.instance("innov.example", storetest.SQLite(t))
	alice := us.person("alice")
	ctx := context.Background()
	them := w.stranger("far.example")
	bob := them.actor("bob")
	them.serves("/@bob", them.actorDoc("bob"))
	them.serves(webfingerPath("bob@far.example"), jrd("bob@far.example", bob))
	for _, ref := range []string{"@bob@far.example", "bob@FAR.example", bob, them.base + "/@bob"} {
		a, err := us.Actor(ctx, ref)
		if err != nil {
			t.Fatalf("%s: %v", ref, err)
		}
		want(t, ref, a.IRI, bob)
	}
	w.net.Reset()
	for _, ref := range []string{"@bob@far.example", bob, alice, "@alice@innov.example", us.site.Base + "/@alice"} {
		if _, err := us.Actor(ctx, ref); err != nil {
			t.Fatalf("%s: %v", ref, err)
		}
	}
	wantRequests(t, w.requests("innov.example", ""), 0)
}

// TestActorStale: after a day an actor is read again; while its server is away, what is known serves.
func TestActorStale(t *testing.T) {
	w := newWorld(t)
	us := w.instance("innov.example", storetest.SQLite(t))
	ctx := context.Background()
	them := w.stranger("far.example")
	bob := them.actor("bob")
	if _, err := us.Actor(ctx, bob); err != nil {
		t.Fatal(err)
	}
	w.pass(25 * time.Hour)
	w.net.Down("far.example")
	if a, err := us.Actor(ctx, bob); err != nil || a.IRI != bob {
		t.Fatalf("stale: %v, %v", a, err)
	}
	w.net.Up("far.example")
	w.pass(time.Hour)
	changed := them.actorDoc("bob")
	changed["inbox"] = bob + "/other"
	them.serves("/users/bob", changed)
	a, err := us.Actor(ctx, bob)
	if err != nil {
		t.Fatal(err)
	}
	want(t, "inbox", a.Inbox, bob+"/other")
}

// TestActorErrors: people get a code and a sentence, never what the peer said (S26).
func TestActorErrors(t *testing.T) {
	w := newWorld(t)
	us := w.instance("innov.example", storetest.SQLite(t))
	them := w.stranger("far.example")
	them.actor("bob")
	them.gone("/users/deleted", http.StatusGone)
	them.gone("/users/broken", http.StatusInternalServerError)
	note := them.note("1", them.base+"/users/bob")["id"].(string)
	for ref, code := range map[string]essaim.Code{
		them.base + "/users/deleted": essaim.Gone, them.base + "/users/broken": essaim.Unavailable, them.base + "/users/nobody": essaim.NotFound,
		note: essaim.NotFound, "bob": essaim.Invalid, "http://127.0.0.1/x": essaim.NotFound, "@nobody@innov.example": essaim.NotFound,
	} {
		_, err := us.Actor(context.Background(), ref)
		want(t, ref, essaim.CodeOf(err), code)
	}
}

// TestSec_S04: a document counts where it is found under its own id.
func TestSec_S04(t *testing.T) {
	w := newWorld(t)
	us := w.instance("innov.example", storetest.SQLite(t))
	ctx := context.Background()
	evil, victims := w.stranger("evil.example"), w.stranger("victim.example")
	mallory, carol := evil.actor("mallory"), victims.actor("carol")
	truth := victims.note("truth", carol)["id"].(string)

	forged := victims.actorDoc("carol")
	forged["inbox"] = "https://evil.example/inbox"
	evil.serves("/users/forged", forged)
	if a, err := us.Actor(ctx, evil.base+"/users/forged"); err == nil {
		t.Errorf("an actor of another server was believed: %v", a.IRI)
	}
	lie := evil.note("lie", mallory)
	lie["id"] = truth
	evil.serves("/notes/lie", lie)
	if _, err := us.Object(ctx, evil.base+"/notes/lie"); err == nil {
		t.Error("an object of another server was believed")
	}
	// An id of the same server that is not the address is read once, there.
	evil.serves("/copy", doc{"id": evil.base + "/notes/real", "type": "Note", "attributedTo": mallory, "content": "copy", "to": vocab.Public})
	if _, err := us.Object(ctx, evil.base+"/copy"); err == nil {
		t.Error("an object that is not at its id was believed")
	}
	evil.note("real", mallory)
	w.pass(6 * time.Minute)
	o, err := us.Object(ctx, evil.base+"/copy")
	if err != nil {
		t.Fatal(err)
	}
	want(t, "content", strings.Contains(o.HTML, "real"), true)
	if us.object(truth) != nil {
		t.Error("the victim's note was stored from elsewhere")
	}
}

// TestSec_S12: a handle is believed when both its host and the actor say so.
func TestSec_S12(t *testing.T) {
	w := newWorld(t)
	us := w.instance("innov.example", storetest.SQLite(t))
	alice := us.person("alice")
	ctx := context.Background()
	evil, them := w.stranger("evil.example"), w.stranger("far.example")
	bob := them.actor("bob")
	evil.serves(webfingerPath("ceo@evil.example"), jrd("ceo@evil.example", bob))
	evil.serves(webfingerPath("boss@evil.example"), jrd("boss@evil.example", alice))
	them.serves(webfingerPath("bob@far.example"), jrd("bob@far.example", bob))
	for _, handle := range []string{"ceo@evil.example", "boss@evil.example"} {
		if a, err := us.Actor(ctx, handle); err == nil {
			t.Errorf("%s led to %s", handle, a.IRI)
		}
	}
	// A claim in the document that its domain does not confirm is not kept; one that it confirms is (FEP-2c59).
	brands := w.stranger("brand.example")
	liar, honest := them.actorDoc("liar"), them.actorDoc("honest")
	liar["webfinger"], honest["webfinger"] = "president@brand.example", "staff@brand.example"
	brands.serves(webfingerPath("president@brand.example"), jrd("president@brand.example", bob))
	brands.serves(webfingerPath("staff@brand.example"), jrd("staff@brand.example", honest["id"].(string)))
	for _, c := range []struct {
		actor doc
		claim string
	}{{liar, ""}, {honest, "staff@brand.example"}} {
		id := c.actor["id"].(string)
		them.serves(strings.TrimPrefix(id, them.base), c.actor)
		if _, err := us.Actor(ctx, id); err != nil {
			t.Fatal(err)
		}
		d, err := us.object(id).Document()
		if err != nil {
			t.Fatal(err)
		}
		want(t, "claim of "+id, d.String("webfinger"), c.claim)
	}
	// What an actor sends of itself is held to the same.
	boast := them.actorDoc("liar")
	boast["webfinger"], boast["updated"] = "president@brand.example", w.now().Format(time.RFC3339)
	id := boast["id"].(string)
	them.sends(us, id, them.activity("Update", "u", id, boast))
	w.settle()
	if d, err := us.object(id).Document(); err != nil || d.String("updated") == "" || d.String("webfinger") != "" {
		t.Errorf("after an Update: %s, %v", d.Bytes(), err)
	}
	if a, err := us.Actor(ctx, "@staff@brand.example"); err != nil || a.IRI != honest["id"] {
		t.Errorf("the confirmed handle: %v, %v", a, err)
	}
}

// TestObjectAuthor: the author is resolved first, and is of the object's server.
func TestObjectAuthor(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t)
		us := w.instance("innov.example", db)
		ctx := context.Background()
		them, group := w.stranger("far.example"), w.stranger("group.example")
		bob := them.actor("bob")
		them.note("plain", bob)
		them.note("mobilizon", group.actor("club"), doc{"actor": bob})
		them.note("stolen", group.actor("club"))
		for name, ok := range map[string]bool{"plain": true, "mobilizon": true, "stolen": false} {
			o, err := us.Object(ctx, them.base+"/notes/"+name)
			if (err == nil) != ok {
				t.Errorf("%s: %v", name, err)
			}
			if err == nil {
				author, err := store.ActorByID(ctx, db.Read(), o.AttributedTo)
				if err != nil || author.IRI != bob {
					t.Errorf("%s: the author is %v, %v", name, author, err)
				}
			}
		}
	})
}

// TestObjectCircle: activities that lead to each other end.
func TestObjectCircle(t *testing.T) {
	w := newWorld(t)
	us := w.instance("innov.example", storetest.SQLite(t))
	them := w.stranger("far.example")
	bob := them.actor("bob")
	a, b := them.base+"/activities/a", them.base+"/activities/b"
	them.serves("/activities/a", them.activity("Create", "a", bob, b))
	them.serves("/activities/b", them.activity("Create", "b", bob, a))
	if _, err := us.Object(context.Background(), a); err == nil {
		t.Error("a circle of activities led to an object")
	}
	if n := len(w.requests("innov.example", "")); n > 20 {
		t.Errorf("%d requests", n)
	}
}
