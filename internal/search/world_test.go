package search

import (
	"context"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"essaim/federation/vocab"
	"essaim/internal/activity"
	"essaim/internal/essaim"
	"essaim/internal/jobs"
	"essaim/internal/store"
)

// world is an instance with a member, whose index the test feeds when it wants to.
type world struct {
	*Service
	t       *testing.T
	act     *activity.Service
	account essaim.ID
	mu      sync.Mutex
	now     time.Time
}

func newWorld(t *testing.T, db *store.DB) *world {
	t.Helper()
	site, err := essaim.NewSite("https://innov.example")
	if err != nil {
		t.Fatal(err)
	}
	w := &world{Service: New(Options{DB: db, Site: site}), t: t, now: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}
	random := rand.New(rand.NewPCG(1, 2))
	w.act = activity.New(activity.Options{DB: db, Jobs: jobs.NewQueue(db, jobs.Options{Clock: w.clock}), Site: site, Clock: w.clock,
		Random: func() uint64 { w.mu.Lock(); defer w.mu.Unlock(); return random.Uint64() },
		Keys: func() (activity.Keys, error) {
			return activity.Keys{RSAPrivate: "private", RSAPublic: "-----BEGIN PUBLIC KEY-----", Ed25519Private: "private", Ed25519Public: "z6Mk"}, nil
		}})
	if err := w.act.FoundInstance(t.Context(), "Innov", "<p>Instance</p>"); err != nil {
		t.Fatal(err)
	}
	w.account = w.person("ines", false)
	return w
}

func (w *world) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(time.Millisecond)
	return w.now
}

func (w *world) person(handle string, agrees bool) (account essaim.ID) {
	w.t.Helper()
	keys, err := w.act.Keys()
	if err != nil {
		w.t.Fatal(err)
	}
	ctx := context.Background()
	err = w.DB.Write(ctx, store.Promised, func(tx *store.Tx) error {
		doc := (&essaim.Profile{Kind: essaim.KindPerson, Handle: handle, Name: "Personne " + handle, Discoverable: agrees, Indexable: agrees}).Encode()
		out, err := w.act.ApplyTx(ctx, tx, &vocab.Activity{Type: vocab.Create, Actor: w.Site.Instance(), Object: vocab.Item{Doc: doc}}, activity.System().Born(keys))
		if err != nil {
			return err
		}
		account = out.Activity
		return tx.InsertAccount(ctx, &store.Account{ID: account, Actor: out.Object.ID, Email: handle + "@innov.example", Role: "member", Created: w.now})
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return account
}

func (w *world) does(a *vocab.Activity) *store.Object {
	w.t.Helper()
	out, err := w.act.Apply(context.Background(), a, activity.Local(w.account))
	if err != nil {
		w.t.Fatalf("%s: %v", a.Type, err)
	}
	return out.Object
}

func (w *world) project(handle, name, text string, change ...func(*essaim.Project)) *store.Object {
	w.t.Helper()
	p := &essaim.Project{Profile: essaim.Profile{Handle: handle, Name: name, HTML: "<p>" + text + "</p>", Language: "fr"}, Phase: "pilot"}
	for _, set := range change {
		set(p)
	}
	return w.does(activity.Create(w.Site.Actor("ines"), p))
}

func (w *world) posts(as, text string, to ...string) *store.Object {
	w.t.Helper()
	return w.does(activity.Create(w.Site.Actor(as), &essaim.Post{HTML: "<p>" + text + "</p>", Language: "fr", To: to}))
}

// meet stores a stranger as his server shows him, and follows him so that what he says is kept.
func (w *world) meet(iri string, agrees bool) {
	w.t.Helper()
	doc := vocab.New(vocab.Person, iri).SetString("preferredUsername", iri[strings.LastIndexByte(iri, '/')+1:]).SetString("name", "Étrangère").SetString("inbox", iri+"/inbox").
		SetString("followers", iri+"/followers").SetBool("discoverable", agrees).SetBool("indexable", agrees).SetTime("updated", w.clock())
	if _, err := w.act.Apply(context.Background(), &vocab.Activity{Type: vocab.Update, Actor: iri, Object: vocab.Item{ID: iri, Doc: doc}}, activity.Fetched(essaim.HostOf(iri))); err != nil {
		w.t.Fatal(err)
	}
	w.does(activity.About(vocab.Follow, w.Site.Actor("ines"), iri))
}

func (w *world) hears(by, id, text string) {
	w.t.Helper()
	note := vocab.New(vocab.Note, id).SetString("attributedTo", by).SetStrings("to", vocab.Public).SetText("content", "fr", "<p>"+text+"</p>").SetTime("published", w.clock())
	doc, err := vocab.Parse((&vocab.Activity{ID: id + "/create", Type: vocab.Create, Actor: by, To: []string{vocab.Public}, Object: vocab.Item{ID: id, Doc: note}}).Document().Document())
	if err != nil {
		w.t.Fatal(err)
	}
	if _, err := w.act.Apply(context.Background(), vocab.ReadActivity(doc), activity.Remote(by)); err != nil {
		w.t.Fatal(err)
	}
}

// feed brings the index up to date.
func (w *world) feed() {
	w.t.Helper()
	if err := w.Feed(context.Background(), nil); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) find(q Query) *Results {
	w.t.Helper()
	w.feed()
	r, err := w.Find(context.Background(), q)
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

// called are the handles of the actors found and the texts of the rest, in order.
func called(r *Results) []string {
	var out []string
	for _, i := range r.Items {
		if i.Card != nil {
			out = append(out, i.Card.Handle)
		} else {
			out = append(out, strings.TrimSuffix(strings.TrimPrefix(i.HTML, "<p>"), "</p>"))
		}
	}
	return out
}

func (w *world) finds(text string, want ...string) {
	w.t.Helper()
	if got := called(w.find(Query{Text: text})); !slices.Equal(got, want) {
		w.t.Errorf("%q finds %q, want %q", text, got, want)
	}
}
