package activity

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"essaim/federation/vocab"
	"essaim/internal/essaim"
	"essaim/internal/jobs"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
)

// world is one instance with a clock the test moves, and strangers whose documents the test writes.
type world struct {
	*Service
	t       *testing.T
	mu      sync.Mutex
	now     time.Time
	account essaim.ID
}

const origin = "https://innov.example"

func newWorld(t *testing.T, db *store.DB) *world {
	t.Helper()
	w := &world{t: t, now: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}
	site, err := essaim.NewSite(origin)
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 2))
	clock := func() time.Time {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.now = w.now.Add(time.Millisecond)
		return w.now
	}
	w.Service = New(Options{
		DB: db, Jobs: jobs.NewQueue(db, jobs.Options{Clock: clock}), Site: site, Clock: clock,
		Random: func() uint64 {
			w.mu.Lock()
			defer w.mu.Unlock()
			return random.Uint64()
		},
		Keys: func() (Keys, error) {
			return Keys{RSAPrivate: "private", RSAPublic: "-----BEGIN PUBLIC KEY-----", Ed25519Private: "private", Ed25519Public: "z6Mk"}, nil
		},
	})
	if err := w.FoundInstance(context.Background(), "Innov", "<p>Instance</p>"); err != nil {
		t.Fatal(err)
	}
	w.account = w.person("ines")
	return w
}

// person makes a member and returns the account.
func (w *world) person(handle string) essaim.ID {
	w.t.Helper()
	var account essaim.ID
	keys, err := w.Keys()
	if err != nil {
		w.t.Fatal(err)
	}
	err = w.DB.Write(context.Background(), store.Promised, func(tx *store.Tx) error {
		doc := vocab.New(vocab.Person, "").SetString("preferredUsername", handle).SetString("name", handle)
		out, err := w.ApplyTx(context.Background(), tx, &vocab.Activity{Type: vocab.Create, Actor: w.Site.Instance(), Object: vocab.Item{Doc: doc}}, System().Born(keys))
		if err != nil {
			return err
		}
		account = out.Activity
		return tx.InsertAccount(context.Background(), &store.Account{ID: account, Actor: out.Object.ID, Email: handle + "@innov.example", Role: "member", Created: w.now})
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return account
}

func (w *world) actor(handle string) string { return w.Site.Actor(handle) }

// do applies a member's activity and fails the test when it is refused.
func (w *world) do(a *vocab.Activity) Outcome {
	w.t.Helper()
	out, err := w.Apply(context.Background(), a, Local(w.account))
	if err != nil {
		w.t.Fatalf("%s: %v", a.Type, err)
	}
	return out
}

// meet stores a stranger's actor, as if it had been read at its origin.
func (w *world) meet(iri string) string {
	w.t.Helper()
	host := essaim.HostOf(iri)
	doc := vocab.New(vocab.Person, iri).SetString("preferredUsername", iri[strings.LastIndex(iri, "/")+1:]).SetString("inbox", iri+"/inbox").
		SetString("followers", iri+"/followers").SetObject("endpoints", vocab.New("", "").SetString("sharedInbox", "https://"+host+"/inbox"))
	if _, err := w.Apply(context.Background(), &vocab.Activity{Type: vocab.Update, Actor: iri, Object: vocab.Item{ID: iri, Doc: doc}}, Fetched(host)); err != nil {
		w.t.Fatal(err)
	}
	return iri
}

// receive applies what a stranger signed.
func (w *world) receive(a *vocab.Activity) (Outcome, error) {
	doc, err := vocab.Parse(a.Document().Document())
	if err != nil {
		w.t.Fatal(err)
	}
	return w.Apply(context.Background(), vocab.ReadActivity(doc), Remote(a.Actor))
}

func (w *world) mustReceive(a *vocab.Activity) Outcome {
	w.t.Helper()
	out, err := w.receive(a)
	if err != nil {
		w.t.Fatalf("%s %s: %v", a.Type, a.ID, err)
	}
	return out
}

func note(id, author, html string) *vocab.Object {
	return vocab.New(vocab.Note, id).SetString("attributedTo", author).SetStrings("to", vocab.Public).SetStrings("cc", author+"/followers").
		SetText("content", "fr", html).SetString("published", "2026-11-23T08:00:00Z")
}

func create(id, actor string, object *vocab.Object) *vocab.Activity {
	return &vocab.Activity{ID: id, Type: vocab.Create, Actor: actor, To: []string{vocab.Public}, Object: vocab.Item{ID: object.ID(), Doc: object}}
}

func (w *world) object(iri string) *store.Object {
	w.t.Helper()
	o, err := store.ObjectByIRI(context.Background(), w.DB.Read(), iri)
	if err != nil {
		w.t.Fatalf("%s: %v", iri, err)
	}
	return o
}

func (w *world) missing(iri string) {
	w.t.Helper()
	if _, err := store.ObjectByIRI(context.Background(), w.DB.Read(), iri); !errors.Is(err, store.ErrNotFound) {
		w.t.Fatalf("%s should not be stored: %v", iri, err)
	}
}

// queued lists the inboxes that deliveries wait for.
func (w *world) queued() []string {
	w.t.Helper()
	rows, err := w.DB.Read().Query(context.Background(), `select serial from jobs where kind = 'deliver' order by id`)
	if err != nil {
		w.t.Fatal(err)
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			w.t.Fatal(err)
		}
		inbox, _, _ := strings.Cut(s, " ")
		out = append(out, inbox)
	}
	return out
}

// dump is everything content says, for "twice equals once".
func (w *world) dump() string {
	w.t.Helper()
	var b strings.Builder
	for _, q := range []string{
		`select iri, kind, visibility, deleted <> 0, doc, html from objects order by iri`,
		`select r.kind, s.iri, t.iri, r.state, r.role from relations r join objects s on s.id = r.source join objects t on t.id = r.target order by r.kind, s.iri, t.iri`,
		`select iri, type, object_iri from activities where origin <> 3 order by iri`,
		`select t.scheme, t.key, o.iri from terms t join objects o on o.id = t.object order by t.scheme, t.key, o.iri`,
		`select o.iri, v.doc, v.html from versions v join objects o on o.id = v.object order by o.iri, v.number`,
		`select a.iri, n.kind, s.iri from notifications n join objects a on a.id = n.actor join objects s on s.id = n.source order by a.iri, n.kind, s.iri, n.object`,
	} {
		rows, err := w.DB.Read().Query(context.Background(), q)
		if err != nil {
			w.t.Fatal(err)
		}
		cols, _ := rows.Columns()
		for rows.Next() {
			vals := make([]any, len(cols))
			for i := range vals {
				vals[i] = new(any)
			}
			if err := rows.Scan(vals...); err != nil {
				w.t.Fatal(err)
			}
			for _, v := range vals {
				fmt.Fprintf(&b, "%v|", *(v.(*any)))
			}
			b.WriteByte('\n')
		}
		rows.Close()
	}
	return b.String()
}

func each(t *testing.T, fn func(w *world)) {
	storetest.Each(t, func(t *testing.T, db *store.DB) { fn(newWorld(t, db)) })
}
