package fedi

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/mux"

	"essaim/federation/inbox"
	"essaim/federation/sig"
	"essaim/federation/vocab"
	"essaim/internal/activity"
	"essaim/internal/essaim"
	"essaim/internal/httpx"
	"essaim/internal/jobs"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
)

var update = flag.Bool("update", false, "write the golden files anew")

const (
	origin = "https://innov.example"
	yann   = "https://peer.example/users/yann"
	zoe    = "https://other.example/users/zoe"
)

// world is one instance behind its routes, with a clock the test moves and peers whose keys it holds.
type world struct {
	*Service
	t        testing.TB
	router   http.Handler
	mu       sync.Mutex
	now      time.Time
	accounts map[string]*store.Account // by handle
	peers    map[string]ed25519.PrivateKey
	asked    int // keys looked for
	heard    []string
	keyErr   error
}

// Key makes world the KeySource of its service.
func (w *world) Key(_ context.Context, id string, _ bool) (*sig.PublicKey, error) {
	w.mu.Lock()
	w.asked++
	w.mu.Unlock()
	if w.keyErr != nil {
		return nil, w.keyErr
	}
	owner, _, _ := strings.Cut(id, "#")
	key, ok := w.peers[owner]
	if !ok {
		return nil, inbox.ErrKeyUnknown
	}
	return &sig.PublicKey{ID: id, Owner: owner, Key: key.Public()}, nil
}

func newWorld(t testing.TB, change func(*Options)) *world {
	return newWorldOn(t, storetest.SQLite(t), change)
}

func newWorldOn(t testing.TB, db *store.DB, change func(*Options)) *world {
	t.Helper()
	w := &world{t: t, now: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC), accounts: map[string]*store.Account{}, peers: map[string]ed25519.PrivateKey{}}
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
	queue := jobs.NewQueue(db, jobs.Options{Clock: clock})
	acts := activity.New(activity.Options{
		DB: db, Jobs: queue, Site: site, Clock: clock,
		Random: func() uint64 {
			w.mu.Lock()
			defer w.mu.Unlock()
			return random.Uint64()
		},
		Keys: func() (activity.Keys, error) {
			return activity.Keys{RSAPrivate: "private", RSAPublic: "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", Ed25519Private: "private", Ed25519Public: "z6MkAAAA"}, nil
		},
	})
	o := Options{
		DB: db, Site: site, Activity: acts, Jobs: queue, Keys: w, Clock: clock, Version: "1.2.3", Name: "Innov", Description: "Une instance", Territories: []string{"fr:region:53"},
		Tokens: func(_ context.Context, bearer string) (*store.Account, string, error) {
			handle, scope, _ := strings.Cut(bearer, ":")
			if a := w.accounts[handle]; a != nil {
				return a, strings.ReplaceAll(scope, "+", " "), nil
			}
			return nil, "", essaim.Errorf(essaim.Unauthorized, "this token is not valid")
		},
		Heard: func(_ context.Context, signer string, family sig.Family, ed bool) error {
			w.heard = append(w.heard, fmt.Sprint(signer, " ", family, " ", ed))
			return nil
		},
	}
	if change != nil {
		change(&o)
	}
	w.Service = New(o)
	router := mux.NewRouter()
	w.Routes(router)
	w.router = httpx.Wrap(router, httpx.Options{Clock: clock, NewID: func() string { return "id" }})
	if err := acts.FoundInstance(t.Context(), "Innov", "<p>Instance</p>"); err != nil {
		t.Fatal(err)
	}
	w.person("ines")
	return w
}

// person makes a member with an account.
func (w *world) person(handle string) {
	w.t.Helper()
	keys, err := w.Activity.Keys()
	if err != nil {
		w.t.Fatal(err)
	}
	err = w.DB.Write(w.t.Context(), store.Promised, func(tx *store.Tx) error {
		doc := vocab.New(vocab.Person, "").SetString("preferredUsername", handle).SetString("name", handle)
		out, err := w.Activity.ApplyTx(w.t.Context(), tx, &vocab.Activity{Type: vocab.Create, Actor: w.Site.Instance(), Object: vocab.Item{Doc: doc}}, activity.System().Born(keys))
		if err != nil {
			return err
		}
		a := &store.Account{ID: out.Activity, Actor: out.Object.ID, Email: handle + "@innov.example", Role: "member", Created: w.now}
		w.accounts[handle] = a
		return tx.InsertAccount(w.t.Context(), a)
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// do applies an activity of a member.
func (w *world) do(handle string, a *vocab.Activity) activity.Outcome {
	w.t.Helper()
	out, err := w.Activity.Apply(w.t.Context(), a, activity.Local(w.accounts[handle].ID))
	if err != nil {
		w.t.Fatalf("%s: %v", a.Type, err)
	}
	return out
}

// publish makes a note by ines for an audience.
func (w *world) publish(html string, to, cc []string) string {
	w.t.Helper()
	return w.do("ines", &vocab.Activity{Type: vocab.Create, Actor: w.Site.Actor("ines"), To: to, CC: cc,
		Object: vocab.Item{Doc: vocab.New(vocab.Note, "").SetString("content", html)}}).Object.IRI
}

func (w *world) project(handle string) string {
	w.t.Helper()
	doc := vocab.New(vocab.Group, "").SetString("preferredUsername", handle).SetString("name", "Mobilité rurale").SetString("kind", "project").
		SetString("phase", "pilot").SetText("summary", "fr", "<p>Covoiturage entre 12 communes.</p>").SetStrings("territory", "fr:departement:56")
	return w.do("ines", &vocab.Activity{Type: vocab.Create, Actor: w.Site.Actor("ines"), Object: vocab.Item{Doc: doc}}).Object.IRI
}

func (w *world) event(actor, name string, start time.Time) string {
	w.t.Helper()
	doc := vocab.New(vocab.Event, "").SetString("name", name).SetTime("startTime", start).SetTime("endTime", start.Add(2*time.Hour)).
		SetText("content", "fr", "<p>Venez.</p>").SetInt("maximumAttendeeCapacity", 30).SetString("joinMode", "free")
	return w.do("ines", &vocab.Activity{Type: vocab.Create, Actor: actor, Object: vocab.Item{Doc: doc}}).Object.IRI
}

// meet makes a stranger known here, with a key.
func (w *world) meet(iri string, seed byte) {
	w.t.Helper()
	w.peers[iri] = ed25519.NewKeyFromSeed(bytes.Repeat([]byte{seed}, ed25519.SeedSize))
	host := essaim.HostOf(iri)
	doc := vocab.New(vocab.Person, iri).SetString("preferredUsername", iri[strings.LastIndex(iri, "/")+1:]).SetString("inbox", iri+"/inbox").SetString("followers", iri+"/followers")
	if _, err := w.Activity.Apply(w.t.Context(), &vocab.Activity{Type: vocab.Update, Actor: iri, Object: vocab.Item{ID: iri, Doc: doc}}, activity.Fetched(host)); err != nil {
		w.t.Fatal(err)
	}
}

// follow has a stranger follow an actor of ours.
func (w *world) follow(who, actor string) {
	w.t.Helper()
	w.remote(&vocab.Activity{ID: who + "/follows/1", Type: vocab.Follow, Actor: who, To: []string{actor}, Object: vocab.Item{ID: actor}})
}

func (w *world) remote(a *vocab.Activity) {
	w.t.Helper()
	doc, err := vocab.Parse(a.Document().Document())
	if err != nil {
		w.t.Fatal(err)
	}
	if _, err := w.Activity.Apply(w.t.Context(), vocab.ReadActivity(doc), activity.Remote(a.Actor)); err != nil {
		w.t.Fatal(err)
	}
}

// request makes a request to one of our addresses, signed by a peer when by is not empty.
func (w *world) request(method, address string, body []byte, by string) *http.Request {
	w.t.Helper()
	if !strings.HasPrefix(address, "https://") {
		address = origin + address
	}
	r := httptest.NewRequest(method, address, bytes.NewReader(body))
	r.RequestURI = r.URL.RequestURI()
	if body != nil {
		r.Header.Set("Content-Type", "application/activity+json")
	}
	if by != "" {
		var key crypto.Signer = w.peers[by]
		if err := sig.Sign(r, body, sig.PrivateKey{ID: by + "#main-key", Key: key}, sig.RFC9421, w.now); err != nil {
			w.t.Fatal(err)
		}
	}
	return r
}

func (w *world) serve(r *http.Request) *httptest.ResponseRecorder {
	rec := httptest.NewRecorder()
	w.router.ServeHTTP(rec, r)
	return rec
}

// get reads an address, as a peer when by is not empty, and holds the status.
func (w *world) get(address, by string, status int) *httptest.ResponseRecorder {
	w.t.Helper()
	rec := w.serve(w.request(http.MethodGet, address, nil, by))
	if rec.Code != status {
		w.t.Fatalf("GET %s by %q: %d, want %d: %s", address, by, rec.Code, status, rec.Body)
	}
	return rec
}

// doc reads a document.
func (w *world) doc(address string) *vocab.Object {
	w.t.Helper()
	return parse(w.t, w.get(address, "", http.StatusOK))
}

func parse(t testing.TB, rec *httptest.ResponseRecorder) *vocab.Object {
	t.Helper()
	if got := rec.Header().Get("Content-Type"); got != "application/activity+json; charset=utf-8" {
		t.Fatalf("Content-Type %q", got)
	}
	if got := rec.Header().Get("Vary"); got != "Accept, Signature" {
		t.Fatalf("Vary %q", got)
	}
	doc, err := vocab.Parse(rec.Body.Bytes())
	if err != nil {
		t.Fatalf("%v: %s", err, rec.Body)
	}
	return doc
}

// client sends with a token "handle:scopes".
func (w *world) client(method, address, token, body string) *httptest.ResponseRecorder {
	w.t.Helper()
	var b []byte
	if body != "" {
		b = []byte(body)
	}
	r := w.request(method, address, b, "")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	return w.serve(r)
}

// ids are those of objects and activities, which hold a moment and some randomness; golden files number them.
var ids = regexp.MustCompile(`/(objects|activities)/[0-9a-z]{13}`)

// golden compares a body with a file, indented for reading.
func golden(t testing.TB, name string, body []byte) {
	t.Helper()
	var pretty bytes.Buffer
	if err := json.Indent(&pretty, body, "", "  "); err != nil {
		t.Fatalf("%s: %v: %s", name, err, body)
	}
	pretty.WriteByte('\n')
	names := map[string]string{}
	text := ids.ReplaceAllStringFunc(pretty.String(), func(id string) string {
		if names[id] == "" {
			names[id] = fmt.Sprintf("%s/number%d", id[:strings.LastIndex(id, "/")], len(names)+1)
		}
		return names[id]
	})
	file := filepath.Join("testdata", name+".json")
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if errors.Is(err, os.ErrNotExist) {
		t.Fatalf("%s is missing: run with -update", file)
	}
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != text {
		t.Errorf("%s differs; got:\n%s", file, text)
	}
}

func public(actor string) (to, cc []string) {
	return []string{vocab.Public}, []string{actor + "/followers"}
}
