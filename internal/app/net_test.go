package app

import (
	"context"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"essaim/federation/fedtest"
	"essaim/federation/vocab"
	"essaim/internal/activity"
	"essaim/internal/auth"
	"essaim/internal/config"
	"essaim/internal/essaim"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
)

// network is several whole instances over an internet in memory, with one clock that the test moves. A scenario reads like a story: who does what,
// everything settles, what is seen.
type network struct {
	*fedtest.Net
	t     *testing.T
	apps  []*App
	mu    sync.Mutex
	clock time.Time
	open  func(testing.TB) *store.DB
}

// scenario runs a story on both databases.
func scenario(t *testing.T, story func(n *network)) {
	t.Run("sqlite", func(t *testing.T) { story(newNetwork(t, storetest.SQLite)) })
	if os.Getenv(storetest.Env) != "" {
		t.Run("postgres", func(t *testing.T) { story(newNetwork(t, storetest.Postgres)) })
	}
}

func newNetwork(t *testing.T, open func(testing.TB) *store.DB) *network {
	return &network{Net: &fedtest.Net{}, t: t, clock: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC), open: open}
}

func (n *network) now() time.Time {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.clock = n.clock.Add(time.Millisecond)
	return n.clock
}

// pass moves the clock.
func (n *network) pass(d time.Duration) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.clock = n.clock.Add(d)
}

// keys are made once for all tests: an RSA key costs a quarter of a second. Each actor still has its own key ids.
var testKeys = sync.OnceValues(makeKeys)

// instance starts one at https://host.
func (n *network) instance(host string, settings ...string) *App {
	n.t.Helper()
	set := map[string]string{"ESSAIM_URL": "https://" + host, "ESSAIM_DATA": n.t.TempDir()}
	for _, s := range settings {
		name, value, _ := strings.Cut(s, "=")
		set[name] = value
	}
	cfg, _, err := config.Load(func(string) string { return "" }, "", set)
	if err != nil {
		n.t.Fatal(err)
	}
	a, err := New(context.Background(), Options{Config: cfg, Name: host, Clock: n.now, Transport: n.As(host), Keys: testKeys, DB: n.open(n.t),
		Accelerator: &essaim.Profile{Kind: essaim.KindAccelerator, Handle: "accelerateur", Name: "Accélérateur de " + host}})
	if err != nil {
		n.t.Fatal(err)
	}
	openToThePublic(n.t, a)
	n.t.Cleanup(func() { a.cancel(); a.working.Wait() })
	n.apps = append(n.apps, a)
	n.Handle(host, a.Handler)
	return a
}

// openToThePublic says of an instance what the law asks for (L3).
func openToThePublic(t *testing.T, a *App) {
	t.Helper()
	err := a.DB.ChangeSettings(context.Background(), func(_ *store.Tx, s *store.Settings) error {
		s.SIRET, s.Director, s.Public = "732829320", "Solène Le Guennec", true
		s.Publisher = store.Party{Name: "Ville", Address: "1 rue du Port", Phone: "01 00 00 00 00", Email: "contact@" + a.Site.Host}
		s.Hosting = s.Publisher
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// settle works off every job of every instance until nothing moves. What must wait for the clock waits.
func (n *network) settle() {
	n.t.Helper()
	for range 200 {
		ran := 0
		for _, a := range n.apps {
			k, err := a.Jobs.RunDue(context.Background())
			if err != nil {
				n.t.Fatal(err)
			}
			ran += k
		}
		if ran == 0 {
			return
		}
	}
	n.t.Fatal("the network does not settle")
}

// who is a member of an instance.
type who struct {
	*App
	n       *network
	account essaim.ID
	iri     string
}

func (n *network) member(a *App, handle string) who {
	n.t.Helper()
	account, _, err := a.Auth.CreateAccount(context.Background(), auth.NewAccount{Handle: handle, Email: handle + "@" + strings.ReplaceAll(a.Site.Host, ":", ".")})
	if err != nil {
		n.t.Fatal(err)
	}
	return who{a, n, account.ID, a.Site.Actor(handle)}
}

// does applies an activity as the member.
func (w who) does(a *vocab.Activity) activity.Outcome {
	w.n.t.Helper()
	if err := w.Remote.Prepare(context.Background(), a, w.account); err != nil {
		w.n.t.Fatalf("%s: %v", a.Type, err)
	}
	out, err := w.Activity.Apply(context.Background(), a, activity.Local(w.account))
	if err != nil {
		w.n.t.Fatalf("%s: %v", a.Type, err)
	}
	return out
}

func (w who) follows(iri string) { w.does(activity.About(vocab.Follow, w.iri, iri)) }

func (w who) posts(as, html string) activity.Outcome {
	return w.does(activity.Create(as, &essaim.Post{HTML: html}))
}

func (w who) founds(handle string) string {
	p := &essaim.Project{Profile: essaim.Profile{Handle: handle, Name: "Projet " + handle, Territories: []string{"fr:departement:56"}, Discoverable: true}, Phase: "pilot", Promise: "Pour essayer."}
	return w.does(activity.Create(w.iri, p)).Object.IRI
}

// knows tells whether an instance holds an object that stands, and what it shows of it.
func (n *network) knows(a *App, iri string) (string, bool) {
	n.t.Helper()
	o, err := store.ObjectByIRI(context.Background(), a.DB.Read(), iri)
	if err != nil || !o.Deleted.IsZero() {
		return "", false
	}
	return o.HTML, true
}

func (n *network) mustKnow(a *App, iri, html string) {
	n.t.Helper()
	got, ok := n.knows(a, iri)
	if !ok {
		n.t.Fatalf("%s does not know %s", a.Site.Host, iri)
	}
	if html != "" && got != html {
		n.t.Fatalf("%s shows %s as %q, not %q", a.Site.Host, iri, got, html)
	}
}
