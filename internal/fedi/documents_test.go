package fedi

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"essaim/federation/vocab"
	"essaim/internal/essaim"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
)

// TestGolden holds the documents of a small instance, whole.
func TestGolden(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorldOn(t, db, nil)
		w.meet(yann, 1)
		project := w.project("mobilite")
		event := w.event(project, "Atelier covoiturage", time.Date(2027, 3, 12, 18, 0, 0, 0, time.UTC))
		to, cc := public(w.Site.Actor("ines"))
		note := w.publish("<p>Bonjour #Mobilité</p>", to, cc)
		w.follow(yann, project)
		w.remote(&vocab.Activity{ID: yann + "/likes/1", Type: vocab.Like, Actor: yann, Object: vocab.Item{ID: note}})
		reply := vocab.New(vocab.Note, "https://peer.example/objects/1").SetString("attributedTo", yann).SetStrings("to", vocab.Public).SetString("inReplyTo", note).SetString("content", "<p>Oui</p>")
		w.remote(&vocab.Activity{ID: "https://peer.example/activities/1", Type: vocab.Create, Actor: yann, To: []string{vocab.Public}, Object: vocab.Item{ID: reply.ID(), Doc: reply}})
		for name, path := range map[string]string{
			"nodeinfo-links": "/.well-known/nodeinfo", "nodeinfo-2.1": "/nodeinfo/2.1", "nodeinfo-2.0": "/nodeinfo/2.0",
			"webfinger-project":  "/.well-known/webfinger?resource=acct:mobilite@innov.example",
			"webfinger-instance": "/.well-known/webfinger?resource=https://innov.example/",
			"actor-instance":     "/actor", "actor-person": "/actors/ines", "actor-project": "/actors/mobilite",
			"project-outbox": "/actors/mobilite/outbox", "person-outbox": "/actors/ines/outbox", "instance-outbox": "/actor/outbox",
			"project-followers": "/actors/mobilite/followers", "project-followers-page": "/actors/mobilite/followers?page=1", "person-followers": "/actors/ines/followers",
			"project-following": "/actors/mobilite/following", "project-featured": "/actors/mobilite/featured", "project-upcoming": "/actors/mobilite/upcoming",
			"project-members": "/actors/mobilite/members", "project-todos": "/actors/mobilite/todos", "project-events": "/actors/mobilite/events", "project-posts": "/actors/mobilite/posts",
			"instance-projects": "/actor/projects", "instance-events": "/actor/events", "instance-needs": "/actor/needs",
			"event": event, "event-attendees": event + "/attendees", "event-organizers": event + "/organizers",
			"note": note, "note-replies": note + "/replies", "note-likes": note + "/likes", "note-shares": note + "/shares", "note-context": note + "/context",
		} {
			golden(t, name, w.get(path, "", http.StatusOK).Body.Bytes())
		}
		host := w.get("/.well-known/host-meta", "", http.StatusOK).Body.String()
		if !strings.Contains(host, `template="https://innov.example/.well-known/webfinger?resource={uri}"`) {
			t.Errorf("host-meta: %s", host)
		}
	})
}

// TestActorID: federation-R5, R7 and D3: an id answers at its very address.
func TestActorID(t *testing.T) {
	w := newWorld(t, nil)
	project := w.project("mobilite")
	for _, id := range []string{w.Site.Instance(), w.Site.Actor("ines"), project} {
		if got := w.doc(id).ID(); got != id {
			t.Errorf("%s says it is %s", id, got)
		}
	}
	for _, path := range []string{"/actors/nobody", "/actors/relay", "/actors/Ines", "/actors/ines/nothing", "/actors/ines/todos", "/actors/ines/projects", "/actors/relay/outbox", "/objects/x", "/activities/x"} {
		w.get(path, "", http.StatusNotFound)
	}
	for _, path := range []string{"/actors/ines", "/objects/x", "/actors/ines/followers"} {
		if rec := w.serve(w.request(http.MethodPut, path, nil, "")); rec.Code != http.StatusMethodNotAllowed || rec.Header().Get("Allow") == "" {
			t.Errorf("PUT %s: %d", path, rec.Code)
		}
	}
}

// TestWebfinger: federation-R6 and §4.
func TestWebfinger(t *testing.T) {
	w := newWorld(t, nil)
	w.project("mobilite")
	for resource, want := range map[string]string{
		"acct:ines@innov.example": "acct:ines@innov.example", "acct:INES@innov.example": "acct:ines@innov.example", "https://innov.example/actors/ines": "acct:ines@innov.example",
		"https://innov.example/@mobilite": "acct:mobilite@innov.example", "https://innov.example/": "acct:relay@innov.example", "https://innov.example/actor": "acct:relay@innov.example",
		"acct:relay@innov.example": "acct:relay@innov.example", "acct:innov.example@innov.example": "acct:relay@innov.example",
	} {
		if rec := w.get("/.well-known/webfinger?resource="+resource, "", http.StatusOK); !strings.Contains(rec.Body.String(), `"subject":"`+want+`"`) || rec.Header().Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("%s: %s", resource, rec.Body)
		}
	}
	for _, resource := range []string{"acct:nobody@innov.example", "acct:ines@other.example", "https://innov.example/actors/relay", "https://other.example/actors/ines", "https://innov.example/agenda"} {
		w.get("/.well-known/webfinger?resource="+resource, "", http.StatusNotFound)
	}
	for _, leaving := range []string{"mobilite", "ines"} { // the last owner of a project goes after it
		w.do("ines", &vocab.Activity{Type: vocab.Delete, Actor: w.Site.Actor(leaving), Object: vocab.Item{ID: w.Site.Actor(leaving)}})
		w.get("/.well-known/webfinger?resource=acct:"+leaving+"@innov.example", "", http.StatusGone)
	}
}

// TestDeleted: what was deleted leaves a Tombstone and 410 (R8, T18), with everything below it.
func TestDeleted(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorldOn(t, db, nil)
		w.meet(yann, 1)
		ines := w.Site.Actor("ines")
		to, cc := public(ines)
		note := w.publish("<p>Bonjour</p>", to, cc)
		created := w.doc(ines + "/outbox").Object("first").Items("orderedItems")[0].ID
		if doc := w.doc(created); doc.Object("object").ID() != note {
			t.Fatalf("the Create does not dereference: %s", doc.Bytes())
		}
		w.do("ines", &vocab.Activity{Type: vocab.Delete, Actor: ines, Object: vocab.Item{ID: note}})
		if doc := parse(t, w.get(note, "", http.StatusGone)); doc.Type() != vocab.Tombstone || doc.ID() != note || doc.String("formerType") != vocab.Note || strings.Contains(string(doc.Bytes()), "Bonjour") {
			t.Errorf("%s", doc.Bytes())
		}
		w.get(note+"/replies", "", http.StatusGone)
		w.get(created, "", http.StatusGone)
		if n, _ := w.doc(ines + "/outbox").Int("totalItems"); n != 0 {
			t.Errorf("the outbox still counts %d", n)
		}
		w.do("ines", &vocab.Activity{Type: vocab.Delete, Actor: ines, Object: vocab.Item{ID: ines}})
		if doc := parse(t, w.get(ines, "", http.StatusGone)); doc.Type() != vocab.Tombstone || doc.Has("publicKey") {
			t.Errorf("%s", doc.Bytes())
		}
		w.get(ines+"/outbox", "", http.StatusGone)
		if rec := w.serve(w.request(http.MethodPost, ines+"/inbox", []byte(`{}`), yann)); rec.Code != http.StatusGone {
			t.Errorf("inbox: %d", rec.Code)
		}
	})
}

// TestOutboxPages walks an outbox of 45 posts: every post once, newest first, with its object (Q4).
func TestOutboxPages(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorldOn(t, db, nil)
		ines := w.Site.Actor("ines")
		to, cc := public(ines)
		var posts []string
		for i := range 45 {
			posts = append(posts, w.publish(fmt.Sprintf("<p>%d</p>", i), to, cc))
		}
		slices.Reverse(posts)
		root := w.doc(ines + "/outbox")
		if n, _ := root.Int("totalItems"); n != 45 {
			t.Fatalf("%d items", n)
		}
		var seen []string
		pages := 0
		for page := root.Object("first"); page != nil; pages++ {
			for _, it := range page.Items("orderedItems") {
				if it.Type() != vocab.Create || it.Doc.Object("object").String("content") == "" || it.Doc.IRI("actor") != ines {
					t.Fatalf("not whole: %s", it.Doc.Bytes())
				}
				seen = append(seen, it.Doc.Object("object").ID())
			}
			next := page.IRI("next")
			if next == "" {
				break
			}
			page = w.doc(next)
			if back := w.doc(page.IRI("prev")); back.IRI("next") == "" || len(back.Items("orderedItems")) != 20 {
				t.Errorf("prev: %s", back.Bytes())
			}
		}
		if pages != 2 || !slices.Equal(seen, posts) {
			t.Errorf("%d pages, %d posts, in order %v", pages, len(seen), slices.Equal(seen, posts))
		}
		last := w.doc(root.IRI("last"))
		if items := last.Items("orderedItems"); last.Has("next") || len(items) != 20 || items[19].Doc.Object("object").ID() != posts[44] {
			t.Errorf("last: %s", last.Bytes())
		}
		for _, q := range []string{"?before=x", "?after=0000000000000zz", "?page=9"} {
			w.get(ines+"/outbox"+q, "", http.StatusBadRequest)
		}
	})
}

// TestUpcomingPages: soonest first, over the page, the past left out.
func TestUpcomingPages(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorldOn(t, db, nil)
		project := w.project("mobilite")
		var want []string
		start := time.Date(2027, 1, 1, 18, 0, 0, 0, time.UTC)
		for i := range 25 {
			want = append(want, w.event(project, fmt.Sprintf("Atelier %d", i), start.AddDate(0, 0, i/2))) // some start together
		}
		w.event(project, "Passé", start.AddDate(-1, 0, 0))
		for _, root := range []string{project + "/upcoming", origin + "/actor/upcoming"} {
			doc := w.doc(root)
			var got []string
			for page := doc.Object("first"); ; page = w.doc(page.IRI("next")) {
				got = append(got, page.IRIs("orderedItems")...)
				if page.IRI("next") == "" {
					break
				}
			}
			if n, _ := doc.Int("totalItems"); n != 25 || !sameButTies(got, want) {
				t.Errorf("%s: %d items, %v", root, n, got)
			}
		}
		w.get(project+"/upcoming?before=zz", "", http.StatusBadRequest)
	})
}

// sameButTies compares two lists in which neighbours of even and odd place may stand either way.
func sameButTies(a, b []string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := 0; i+1 < len(a); i += 2 {
		if !(a[i] == b[i] && a[i+1] == b[i+1] || a[i] == b[i+1] && a[i+1] == b[i]) {
			return false
		}
	}
	return a[len(a)-1] == b[len(b)-1]
}

// TestGroupCollectionsComplete is federation-T23.
func TestGroupCollectionsComplete(t *testing.T) {
	w := newWorld(t, nil)
	project := w.project("mobilite")
	doc := w.doc(project)
	for _, name := range essaim.GroupCollections {
		at := doc.IRI(name)
		if at != project+"/"+name || doc.Object("endpoints").IRI(name) != at {
			t.Errorf("%s is not announced: %s", name, doc.Bytes())
		}
		list := w.doc(at)
		if page := list.Object("first"); list.Type() != vocab.OrderedCollection || page == nil || !page.Has("orderedItems") || page.IRI("partOf") != at {
			t.Errorf("%s: %s", name, list.Bytes())
		}
	}
	if n, _ := w.doc(project + "/members").Int("totalItems"); n != 1 {
		t.Errorf("%d members", n)
	}
}

// TestRedirect: a browser at the address of a document is sent to its page, a peer is not.
func TestRedirect(t *testing.T) {
	w := newWorld(t, nil)
	to, cc := public(w.Site.Actor("ines"))
	note := w.publish("<p>Bonjour</p>", to, cc)
	for _, address := range []string{note, w.Site.Actor("ines")} {
		r := w.request(http.MethodGet, address, nil, "")
		r.Header.Set("Accept", "text/html,application/xhtml+xml,*/*;q=0.8")
		if rec := w.serve(r); rec.Code != http.StatusFound || !strings.HasPrefix(rec.Header().Get("Location"), origin+"/@ines") {
			t.Errorf("%s: %d %s", address, rec.Code, rec.Header().Get("Location"))
		}
		r.Header.Set("Accept", "application/activity+json, application/ld+json")
		if rec := w.serve(r); rec.Code != http.StatusOK {
			t.Errorf("%s: %d", address, rec.Code)
		}
	}
}

// TestTag: the collection of a hashtag lists ours; its page is somebody else's at the same address.
func TestTag(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorldOn(t, db, nil)
		ines := w.Site.Actor("ines")
		to, cc := public(ines)
		doc := vocab.New(vocab.Note, "").SetString("content", "<p>#Velo</p>").SetObjects("tag", vocab.New(vocab.Hashtag, "").SetString("name", "#Velo"))
		note := w.do("ines", &vocab.Activity{Type: vocab.Create, Actor: ines, To: to, CC: cc, Object: vocab.Item{Doc: doc}}).Object.IRI
		r := w.request(http.MethodGet, "/tags/Velo", nil, "")
		r.Header.Set("Accept", "application/activity+json")
		if list := parse(t, w.serve(r)); list.ID() != origin+"/tags/velo" || !slices.Equal(list.Object("first").IRIs("orderedItems"), []string{note}) {
			t.Errorf("%s", list.Bytes())
		}
		w.get("/tags/velo", "", http.StatusNotFound) // no page is mounted here
	})
}

// TestConditional: a document that was not changed is not sent again.
func TestConditional(t *testing.T) {
	w := newWorld(t, nil)
	etag := w.get("/actors/ines", "", http.StatusOK).Header().Get("ETag")
	r := w.request(http.MethodGet, "/actors/ines", nil, "")
	r.Header.Set("If-None-Match", etag)
	if rec := w.serve(r); rec.Code != http.StatusNotModified {
		t.Errorf("%d", rec.Code)
	}
}

func TestHealth(t *testing.T) {
	w := newWorld(t, nil)
	w.get("/healthz", "", http.StatusOK)
	w.get("/readyz", "", http.StatusOK)
	if err := w.DB.Close(); err != nil {
		t.Fatal(err)
	}
	w.get("/healthz", "", http.StatusOK)
	w.get("/readyz", "", http.StatusServiceUnavailable)
}

// TestSuspended: a suspended actor of ours is not served, and not said to be gone either.
func TestSuspended(t *testing.T) {
	w := newWorld(t, nil)
	err := w.DB.Write(t.Context(), store.Relaxed, func(tx *store.Tx) error {
		_, err := tx.Exec(t.Context(), `update actors set state = 2 where handle = 'ines'`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	w.get("/actors/ines", "", http.StatusForbidden)
	w.get("/actors/ines/outbox", "", http.StatusForbidden)
}
