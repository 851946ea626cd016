package remote_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"essaim/federation/vocab"
	"essaim/internal/activity"
	"essaim/internal/essaim"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
)

// outbox gives an actor an outbox of so many pages of so many Creates, newest first.
func (p *stranger) outbox(actor string, pages, perPage int) {
	path := actor[len(p.base):] + "/outbox"
	p.serves(path, doc{"id": p.base + path, "type": "OrderedCollection", "totalItems": 1_000_000, "first": p.base + path + "?page=0"})
	for n := range pages {
		var items []any
		for k := range perPage {
			name := numbered("n", n*perPage+k)
			items = append(items, p.activity("Create", name, actor, p.note(name, actor, doc{"published": p.w.now().Add(-time.Duration(n*perPage+k) * time.Hour).Format(time.RFC3339)})))
		}
		at := p.base + path + numbered("?page=", n)
		page := doc{"id": at, "type": "OrderedCollectionPage", "partOf": p.base + path, "orderedItems": items}
		if n+1 < pages {
			page["next"] = p.base + path + numbered("?page=", n+1)
		}
		p.serves(path+numbered("?page=", n), page)
	}
}

// TestBackfillResumes: a walk stopped after any page goes on in another process where it was, and reads no page twice.
func TestBackfillResumes(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t)
		us := w.instance("innov.example", db)
		ctx := context.Background()
		them := w.stranger("far.example")
		bob := them.actor("bob")
		const pages, perPage = 12, 5
		them.outbox(bob, pages, perPage)
		root, err := us.Backfill(ctx, bob)
		if err != nil {
			t.Fatal(err)
		}
		want(t, "root", root, bob)
		if again, err := us.Backfill(ctx, bob); err != nil || again != root {
			t.Fatal(again, err)
		}
		waiting, _ := us.jobs(activity.JobBackfill)
		want(t, "walks", waiting, 1)
		// The process is stopped in the middle of some pages; another takes over.
		stops := map[string]bool{bob + "/outbox?page=1": true, bob + "/outbox?page=4": true, bob + "/outbox?page=5": true, bob + "/outbox?page=11": true}
		const cuts = 4
		stop := func() {}
		w.net.Handle("far.example", http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			if at := them.base + r.URL.RequestURI(); stops[at] {
				delete(stops, at)
				stop()
			}
			them.serve(rw, r)
		}))
		node, lives := us, 0
		for b := (&store.Backfill{}); b.State != store.BackfillComplete; lives++ {
			if lives > pages {
				t.Fatal("the walk does not end")
			}
			running, cancel := context.WithCancel(ctx)
			stop = cancel
			if _, err := node.queue.RunDue(running); err != nil && running.Err() == nil {
				t.Fatal(err)
			}
			cancel()
			if b, err = us.Progress(ctx, root); err != nil {
				t.Fatal(err)
			}
			if b.State == store.BackfillComplete {
				want(t, "pages", b.Pages, pages)
				want(t, "items", b.Items, pages*perPage)
			}
			w.pass(11 * time.Minute) // past any lease
			node = w.node("innov.example", db)
		}
		want(t, "lives", lives, cuts+1)
		for n := range pages * perPage {
			o := us.object(them.base + numbered("/notes/n", n))
			if o == nil {
				t.Fatalf("note %d is missing", n)
			}
			if n > 0 && o.ID.Time().After(w.now().Add(-time.Hour)) {
				t.Errorf("note %d of the past sorts as of now: %v", n, o.ID.Time())
			}
		}
		reads := 0
		for _, r := range w.net.Log() {
			if strings.HasPrefix(r.URL, bob+"/outbox?") {
				reads++
			}
		}
		if reads > pages+cuts {
			t.Errorf("%d reads of %d pages with %d stops", reads, pages, cuts)
		}
	})
}

// TestBackfillInstance: a host is asked what it is, its instance actor followed, and its collections read.
func TestBackfillInstance(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t)
		us := w.instance("national.example", db)
		ctx := context.Background()
		them := w.stranger("accel.example")
		app := them.actorDoc("relay")
		id := them.base + "/actor"
		for k, v := range (doc{"id": id, "type": "Application", "inbox": id + "/inbox", "projects": id + "/projects", "events": id + "/events", "outbox": id + "/outbox"}) {
			app[k] = v
		}
		app["publicKey"].(doc)["id"], app["publicKey"].(doc)["owner"] = id+"#main-key", id
		delete(app, "assertionMethod")
		them.serves("/actor", app)
		them.serves("/.well-known/nodeinfo", doc{"links": []any{
			doc{"rel": "http://nodeinfo.diaspora.software/ns/schema/2.1", "href": them.base + "/nodeinfo/2.1"},
			doc{"rel": "https://www.w3.org/ns/activitystreams#Application", "href": id}}})
		them.serves("/nodeinfo/2.1", doc{"version": "2.1", "software": doc{"name": "essaim", "version": "1"}})
		project := them.actorDoc("garden")
		project["type"], project["kind"], project["name"] = "Group", "project", "Garden"
		them.serves("/users/garden", project)
		bob := them.actor("bob")
		event := doc{"@context": "https://www.w3.org/ns/activitystreams", "id": them.base + "/events/1", "type": "Event", "name": "Meeting", "attributedTo": bob,
			"startTime": "2027-05-01T10:00:00Z", "to": []any{vocab.Public}}
		them.serves("/events/1", event)
		them.serves("/actor/projects", doc{"id": id + "/projects", "type": "OrderedCollection", "orderedItems": []any{project["id"]}})
		them.serves("/actor/events", doc{"id": id + "/events", "type": "OrderedCollection", "first": doc{"type": "OrderedCollectionPage", "orderedItems": []any{event}, "next": id + "/events?p=2"}})
		them.serves("/actor/events?p=2", doc{"id": id + "/events?p=2", "type": "OrderedCollectionPage", "orderedItems": []any{"https://elsewhere.example/x"}})

		root, err := us.Backfill(ctx, "https://accel.example/")
		if err != nil {
			t.Fatal(err)
		}
		want(t, "root", root, "accel.example")
		w.settle()
		b, err := us.Progress(ctx, root)
		if err != nil {
			t.Fatal(err)
		}
		want(t, "state", b.State, store.BackfillComplete)
		want(t, "pages", b.Pages, 3)
		for iri, kind := range map[string]string{project["id"].(string): essaim.KindProject, them.base + "/events/1": essaim.KindEvent} {
			if o := us.object(iri); o == nil || o.Kind != kind {
				t.Errorf("%s: %+v", iri, o)
			}
		}
		want(t, "follow", us.state(us.site.Instance(), id), store.Pending)
		want(t, "asked", them.types(), "Follow")
		h, err := store.HostByName(ctx, db.Read(), "accel.example")
		if err != nil || h.Software != "essaim" || h.Application != id {
			t.Errorf("the host is known as %+v, %v", h, err)
		}
		// A week later a part is read again by itself.
		w.pass(8 * 24 * time.Hour)
		if err := us.Sweep(ctx); err != nil {
			t.Fatal(err)
		}
		waiting, _ := us.jobs(activity.JobBackfill)
		want(t, "walks to reconcile", waiting, 1)
	})
}

// TestBackfillBounded: pages in a circle, a collection of itself and pages of another server end the walk.
func TestBackfillBounded(t *testing.T) {
	w := newWorld(t)
	us := w.instance("innov.example", storetest.SQLite(t))
	ctx := context.Background()
	them := w.stranger("far.example")
	for name, pages := range map[string]map[string]string{
		"self":      {"": ""},
		"circle":    {"": "?a", "?a": "?b", "?b": "?c", "?c": "?a"},
		"elsewhere": {"": "https://other.example/page"},
	} {
		t.Run(name, func(t *testing.T) {
			actor := them.actor(name)
			path := "/users/" + name + "/outbox"
			for at, next := range pages {
				if next == "" || next[0] == '?' {
					next = them.base + path + next
				}
				them.serves(path+at, doc{"id": them.base + path + at, "type": "OrderedCollectionPage", "orderedItems": []any{}, "next": next})
			}
			w.net.Reset()
			root, err := us.Backfill(ctx, actor)
			if err != nil {
				t.Fatal(err)
			}
			w.settle()
			b, err := us.Progress(ctx, root)
			if err != nil {
				t.Fatal(err)
			}
			want(t, "state", b.State, store.BackfillComplete)
			if b.Pages > 12 {
				t.Errorf("%d pages were read", b.Pages)
			}
			wantRequests(t, w.requests("innov.example", "other.example"), 0)
		})
	}
}

// TestBackfillFails: what is no collection ends the walk with a reason; a server that is away is waited for.
func TestBackfillFails(t *testing.T) {
	w := newWorld(t)
	us := w.instance("innov.example", storetest.SQLite(t))
	ctx := context.Background()
	them := w.stranger("far.example")
	bob, eve := them.actor("bob"), them.actor("eve")
	them.note("n", eve)
	them.serves("/users/bob/outbox", doc{"id": them.base + "/users/bob/outbox", "type": "Note"})
	them.outbox(eve, 1, 2)
	if _, err := us.Backfill(ctx, bob); err != nil {
		t.Fatal(err)
	}
	w.settle()
	b, err := us.Progress(ctx, bob)
	if err != nil || b.State != store.BackfillFailed || b.Error == "" {
		t.Errorf("got %+v, %v", b, err)
	}
	if _, err := us.Backfill(ctx, eve); err != nil {
		t.Fatal(err)
	}
	w.net.Down("far.example")
	w.settle()
	w.net.Up("far.example")
	w.pass(10 * time.Minute)
	w.settle()
	if b, err = us.Progress(ctx, eve); err != nil || b.State != store.BackfillComplete || b.Items != 2 {
		t.Errorf("got %+v, %v", b, err)
	}
	for _, ref := range []string{"innov.example", "not a host", ""} {
		if _, err := us.Backfill(ctx, ref); err == nil {
			t.Errorf("%q was accepted", ref)
		}
	}
}

// TestFollowAs: following twice says so once.
func TestFollowAs(t *testing.T) {
	w := newWorld(t)
	us := w.instance("innov.example", storetest.SQLite(t))
	alice := us.person("alice")
	them := w.stranger("far.example")
	bob := them.actor("bob")
	them.serves(webfingerPath("bob@far.example"), jrd("bob@far.example", bob))
	for range 2 {
		target, err := us.FollowAs(context.Background(), alice, "@bob@far.example")
		if err != nil {
			t.Fatal(err)
		}
		want(t, "target", target.IRI, bob)
	}
	w.settle()
	want(t, "sent", them.types(), "Follow")
}
