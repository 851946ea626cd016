package remote_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"essaim/federation/fedtest"
	"essaim/federation/fetch"
	"essaim/federation/inbox"
	"essaim/federation/sig"
	"essaim/federation/vocab"
	"essaim/internal/activity"
	"essaim/internal/essaim"
	"essaim/internal/jobs"
	"essaim/internal/remote"
	"essaim/internal/store"
)

// The tests run several servers over an internet in memory: instances of ours, wired as internal/app wires them but for the pages, and scripted
// strangers. Signatures are real; time stands still unless a test moves it.

var testRSA = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := sig.GenerateRSA(rand.Reader)
	if err != nil {
		panic(err)
	}
	return key
})

var testEd = sync.OnceValue(func() ed25519.PrivateKey {
	key, err := sig.GenerateEd25519(rand.Reader)
	if err != nil {
		panic(err)
	}
	return key
})

type world struct {
	t   testing.TB
	net *fedtest.Net

	mu   sync.Mutex
	time time.Time
	all  []*instance
}

func newWorld(t testing.TB) *world {
	return &world{t: t, net: &fedtest.Net{}, time: time.Date(2027, 3, 1, 9, 0, 0, 0, time.UTC)}
}

func (w *world) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.time
}

func (w *world) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.time = w.time.Add(d)
}

// settle runs what is due everywhere, and what that makes due.
func (w *world) settle() {
	w.t.Helper()
	for ran := 1; ran > 0; {
		ran = 0
		for _, i := range w.all {
			n, err := i.queue.RunDue(context.Background())
			if err != nil {
				w.t.Fatal(err)
			}
			ran += n
		}
	}
}

// instance is one of ours.
type instance struct {
	*remote.Service
	w     *world
	host  string
	site  essaim.Site
	db    *store.DB
	queue *jobs.Queue
	act   *activity.Service
	door  http.Handler
}

func (w *world) instance(host string, db *store.DB) *instance {
	w.t.Helper()
	i := w.node(host, db)
	if err := i.act.FoundInstance(context.Background(), "Test", ""); err != nil {
		w.t.Fatal(err)
	}
	w.all = append(w.all, i)
	w.net.Handle(host, http.HandlerFunc(i.serve))
	return i
}

// node makes the services of an instance on a database that may have some already.
func (w *world) node(host string, db *store.DB) *instance {
	w.t.Helper()
	site, err := essaim.NewSite("https://" + host)
	if err != nil {
		w.t.Fatal(err)
	}
	var n atomic.Uint64
	var first [8]byte
	rand.Read(first[:4])
	n.Store(uint64(first[0])<<14 | uint64(first[1])<<6)
	i := &instance{w: w, host: host, site: site, db: db}
	i.queue = jobs.NewQueue(db, jobs.Options{Clock: w.now, Rand: func() float64 { return 0.5 }})
	i.act = activity.New(activity.Options{DB: db, Jobs: i.queue, Site: site, Clock: w.now, Random: func() uint64 { return n.Add(1) }, Keys: testKeys})
	client := fetch.New(fetch.Options{Transport: w.net.As(host), Now: w.now, UserAgent: "test", Allow: func(ctx context.Context, to string) error { return i.Policy(ctx, to) }})
	i.Service = remote.New(remote.Options{DB: db, Jobs: i.queue, Activity: i.act, Site: site, Client: client, Clock: w.now})
	if err := i.Register(i.queue); err != nil {
		w.t.Fatal(err)
	}
	i.door = inbox.New(inbox.Options{Origin: site.Base, Now: w.now, Key: i.Key, Policy: i.Policy, Accept: i.accept})
	return i
}

func testKeys() (k activity.Keys, err error) {
	if k.RSAPrivate, err = sig.MarshalPrivate(testRSA()); err != nil {
		return k, err
	}
	if k.RSAPublic, err = sig.MarshalPEM(&testRSA().PublicKey); err != nil {
		return k, err
	}
	if k.Ed25519Private, err = sig.MarshalPrivate(testEd()); err != nil {
		return k, err
	}
	k.Ed25519Public = sig.MarshalMultikey(testEd().Public().(ed25519.PublicKey))
	return k, nil
}

// accept leaves the job that internal/fedi leaves.
func (i *instance) accept(ctx context.Context, r *inbox.Received) error {
	if err := i.Heard(ctx, r.Signer, r.Family, r.Ed25519); err != nil {
		return err
	}
	a := r.Activity
	return i.db.Write(ctx, store.Promised, func(tx *store.Tx) error {
		return i.queue.Insert(ctx, tx, jobs.New{Kind: activity.JobReceive, Lane: essaim.HostOf(r.Signer), Serial: a.Actor, Body: r.Raw,
			Args: activity.ReceiveArgs{Signer: r.Signer, Forwarded: r.Forwarded, Type: a.Type, ID: a.ID, Actor: a.Actor, Object: a.Object.ID}})
	})
}

// serve answers inboxes, and actors to anybody (R17).
func (i *instance) serve(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodPost {
		i.door.ServeHTTP(w, r)
		return
	}
	o, err := store.ObjectByIRI(r.Context(), i.db.Read(), i.site.Base+r.URL.Path)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	doc, err := o.Document()
	if err == nil {
		if _, known := essaim.KindOf(doc); known && vocab.IsActor(doc.Type()) {
			doc, err = activity.CompleteActor(r.Context(), i.db.Read(), i.site, doc)
		}
	}
	if err != nil {
		http.Error(w, "", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", vocab.ContentType)
	w.Write(doc.Document())
}

// person makes a member and returns the id of his actor.
func (i *instance) person(handle string) string {
	i.w.t.Helper()
	doc := vocab.New(vocab.Person, "").SetString("preferredUsername", handle).SetString("name", handle)
	out, err := i.act.Apply(context.Background(), &vocab.Activity{Type: vocab.Create, Actor: i.site.Instance(), Object: vocab.Item{Doc: doc}}, activity.System())
	if err != nil {
		i.w.t.Fatal(err)
	}
	return out.Object.IRI
}

// post publishes a Note and returns its id.
func (i *instance) post(actor, content string) string {
	i.w.t.Helper()
	doc := vocab.New(vocab.Note, "").SetString("content", content)
	out := i.apply(&vocab.Activity{Type: vocab.Create, Actor: actor, Object: vocab.Item{Doc: doc}})
	return out.Object.IRI
}

func (i *instance) apply(a *vocab.Activity) activity.Outcome {
	i.w.t.Helper()
	out, err := i.act.Apply(context.Background(), a, activity.System())
	if err != nil {
		i.w.t.Fatal(err)
	}
	return out
}

// follow has a member follow an actor elsewhere, for good.
func (i *instance) follow(actor, target string) {
	i.w.t.Helper()
	if _, err := i.FollowAs(context.Background(), actor, target); err != nil {
		i.w.t.Fatal(err)
	}
}

func (i *instance) object(iri string) *store.Object {
	i.w.t.Helper()
	o, err := store.ObjectByIRI(context.Background(), i.db.Read(), iri)
	if err != nil && err != store.ErrNotFound {
		i.w.t.Fatal(err)
	}
	return o
}

func (i *instance) state(source, target string) store.RelationState {
	i.w.t.Helper()
	ctx := context.Background()
	s, err := store.ObjectID(ctx, i.db.Read(), source)
	if err != nil {
		return -1
	}
	o, err := store.ObjectID(ctx, i.db.Read(), target)
	if err != nil {
		return -1
	}
	rel, err := store.FindRelation(ctx, i.db.Read(), store.RelFollow, s, o)
	if err != nil {
		return -1
	}
	return rel.State
}

// jobs counts those of a kind that are waiting, and those that are dead.
func (i *instance) jobs(kind string) (waiting, dead int) {
	i.w.t.Helper()
	counts, err := i.queue.Counts(context.Background())
	if err != nil {
		i.w.t.Fatal(err)
	}
	for _, c := range counts {
		if c.Kind == kind {
			return c.Waiting + c.Running, c.Dead
		}
	}
	return 0, 0
}

// stranger is a scripted server of other software.
type stranger struct {
	w    *world
	host string
	base string

	mu     sync.Mutex
	docs   map[string]string // path and query -> body
	status map[string]int    // path -> answer instead
	moved  map[string]string // path -> Location
	posts  []delivery
	answer func(n int, r *http.Request) (status int, header http.Header) // of a POST; nil takes it
	family sig.Family
}

type delivery struct {
	path string
	body *vocab.Object
	kind string // of signature
}

func (w *world) stranger(host string) *stranger {
	p := &stranger{w: w, host: host, base: "https://" + host, docs: map[string]string{}, status: map[string]int{}, moved: map[string]string{}}
	w.net.Handle(host, http.HandlerFunc(p.serve))
	return p
}

func (p *stranger) serve(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if r.Method == http.MethodPost {
		body, _ := io.ReadAll(r.Body)
		doc, err := vocab.Parse(body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		kind := fedtest.Cavage
		if r.Header.Get("Signature-Input") != "" {
			kind = fedtest.RFC9421
			if strings.Contains(r.Header.Get("Signature-Input"), "ed25519") {
				kind = "ed25519"
			}
		}
		status, header := http.StatusAccepted, http.Header{}
		if p.answer != nil {
			status, header = p.answer(len(p.posts), r)
		}
		for k, v := range header {
			w.Header()[k] = v
		}
		p.posts = append(p.posts, delivery{r.URL.Path, doc, kind})
		w.WriteHeader(status)
		return
	}
	if to := p.moved[r.URL.Path]; to != "" {
		w.Header().Set("Location", to)
		w.WriteHeader(http.StatusFound)
		return
	}
	if status := p.status[r.URL.Path]; status != 0 {
		w.WriteHeader(status)
		return
	}
	body, ok := p.docs[r.URL.RequestURI()]
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", vocab.ContentType)
	if strings.HasPrefix(r.URL.Path, "/.well-known/") || strings.HasPrefix(r.URL.Path, "/nodeinfo/") {
		w.Header().Set("Content-Type", "application/json")
	}
	io.WriteString(w, body)
}

// serves puts a document at its path; it may replace one.
func (p *stranger) serves(path string, doc any) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.docs[path] = text(doc)
	return p.base + path
}

func (p *stranger) gone(path string, status int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.status[path] = status
}

func (p *stranger) received() []delivery {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]delivery(nil), p.posts...)
}

func (p *stranger) types() string {
	var all []string
	for _, d := range p.received() {
		all = append(all, d.body.Type())
	}
	return strings.Join(all, " ")
}

type doc = map[string]any

// actorDoc describes an actor the way most servers do.
func (p *stranger) actorDoc(handle string) doc {
	id := p.base + "/users/" + handle
	pem, err := sig.MarshalPEM(&testRSA().PublicKey)
	if err != nil {
		p.w.t.Fatal(err)
	}
	return doc{
		"@context": []any{"https://www.w3.org/ns/activitystreams", "https://w3id.org/security/v1"}, "id": id, "type": "Person", "preferredUsername": handle,
		"inbox": id + "/inbox", "outbox": id + "/outbox", "followers": id + "/followers", "endpoints": doc{"sharedInbox": p.base + "/inbox"},
		"publicKey":       doc{"id": id + "#main-key", "owner": id, "publicKeyPem": pem},
		"assertionMethod": []any{doc{"id": id + "#ed", "type": "Multikey", "controller": id, "publicKeyMultibase": sig.MarshalMultikey(testEd().Public().(ed25519.PublicKey))}},
	}
}

// actor puts an actor on the server and returns its id.
func (p *stranger) actor(handle string) string { return p.serves("/users/"+handle, p.actorDoc(handle)) }

// note puts a public Note on the server and returns its document.
func (p *stranger) note(name, author string, more ...doc) doc {
	d := doc{"@context": "https://www.w3.org/ns/activitystreams", "id": p.base + "/notes/" + name, "type": "Note", "attributedTo": author,
		"to": []any{vocab.Public}, "cc": []any{author + "/followers"}, "content": "<p>" + name + "</p>", "published": p.w.now().Format(time.RFC3339)}
	for _, m := range more {
		for k, v := range m {
			d[k] = v
		}
	}
	p.serves("/notes/"+name, d)
	return d
}

func (p *stranger) activity(typ, name, actor string, object any, more ...doc) doc {
	d := doc{"@context": "https://www.w3.org/ns/activitystreams", "id": p.base + "/activities/" + name, "type": typ, "actor": actor, "object": object,
		"to": []any{vocab.Public}, "cc": []any{actor + "/followers"}}
	for _, m := range more {
		for k, v := range m {
			d[k] = v
		}
	}
	return d
}

// sends posts a signed activity to the shared inbox of an instance and returns the status.
func (p *stranger) sends(to *instance, signer string, activity any) int {
	p.w.t.Helper()
	return p.sendsWith(to, sig.PrivateKey{ID: signer + "#main-key", Key: testRSA()}, activity)
}

func (p *stranger) sendsWith(to *instance, key sig.PrivateKey, activity any) int {
	p.w.t.Helper()
	body := []byte(text(activity))
	req, err := http.NewRequest(http.MethodPost, to.site.SharedInbox(), bytes.NewReader(body))
	if err != nil {
		p.w.t.Fatal(err)
	}
	req.Header.Set("Content-Type", vocab.ContentType)
	family := p.family
	if _, ed := key.Key.(ed25519.PrivateKey); ed {
		family = sig.RFC9421
	}
	if err := sig.Sign(req, body, key, family, p.w.now()); err != nil {
		p.w.t.Fatal(err)
	}
	resp, err := p.w.net.As(p.host).RoundTrip(req)
	if err != nil {
		p.w.t.Fatal(err)
	}
	return resp.StatusCode
}

func text(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// requestsFrom lists what a host asked of another, for counting and for messages.
func (w *world) requests(from, to string) (all []string) {
	for _, r := range w.net.Log() {
		if r.From == from && (to == "" || r.Host == to) {
			all = append(all, r.String())
		}
	}
	return all
}

func want[V comparable](t *testing.T, what string, got, want V) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func wantRequests(t *testing.T, got []string, want int) {
	t.Helper()
	if len(got) != want {
		t.Errorf("%d requests, want %d:\n%s", len(got), want, strings.Join(got, "\n"))
	}
}

func numbered(prefix string, n int) string { return fmt.Sprintf("%s%d", prefix, n) }
