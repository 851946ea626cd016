package web

import (
	"context"
	crand "crypto/rand"
	"io"
	"io/fs"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/mux"

	"essaim/federation/vocab"
	"essaim/internal/activity"
	"essaim/internal/archive"
	"essaim/internal/auth"
	"essaim/internal/essaim"
	"essaim/internal/httpx"
	"essaim/internal/jobs"
	"essaim/internal/mail"
	"essaim/internal/mail/mailtest"
	"essaim/internal/notice"
	"essaim/internal/search"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
)

// site is one instance with content, served as internal/app serves it but for the documents.
type site struct {
	*activity.Service
	t       *testing.T
	handler http.Handler
	pages   *Pages
	search  *search.Service
	auth    *auth.Service
	router  *mux.Router
	queue   *jobs.Queue
	post    *mailtest.Server
	account essaim.ID
	mu      sync.Mutex
	now     time.Time
}

const base = "https://innov.example"

// hostile is what a stranger may put wherever text goes.
const hostile = `"><script>alert(1)</script><img src=x onerror=alert(2)>'`

func newSite(t *testing.T, options ...func(*Options)) *site {
	t.Helper()
	return newSiteOn(t, storetest.SQLite(t), options...)
}

func newSiteOn(t *testing.T, db *store.DB, options ...func(*Options)) *site {
	t.Helper()
	s := &site{t: t, now: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}
	address, err := essaim.NewSite(base)
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 2))
	s.Service = activity.New(activity.Options{DB: db, Jobs: jobs.NewQueue(db, jobs.Options{Clock: s.clock}), Site: address, Clock: s.clock,
		Random: func() uint64 { s.mu.Lock(); defer s.mu.Unlock(); return random.Uint64() },
		Keys: func() (activity.Keys, error) {
			return activity.Keys{RSAPrivate: "private", RSAPublic: "-----BEGIN PUBLIC KEY-----", Ed25519Private: "private", Ed25519Public: "z6Mk"}, nil
		}})
	if err := s.FoundInstance(context.Background(), "Innov", "<p>Instance</p>"); err != nil {
		t.Fatal(err)
	}
	s.auth = auth.New(auth.Options{DB: db, Activity: s.Service, Site: address, Clock: s.clock, Random: crand.Reader})
	s.account = s.person("ines")
	s.search = search.New(search.Options{DB: db, Site: address})
	o := Options{DB: db, Search: s.search, Site: address, Name: "La Fabrique", Description: "Un accélérateur public !", Clock: s.clock, Body: "fabrique", Territories: []string{"fr:departement:48"}, Demonstration: true,
		Activity: s.Service, Auth: s.auth, Logger: slog.New(slog.NewTextHandler(testLog{t}, nil))}
	s.own(t, db, &o)
	for _, set := range options {
		set(&o)
	}
	if s.pages, err = New(o); err != nil {
		t.Fatal(err)
	}
	r := mux.NewRouter().UseEncodedPath()
	r.Handle("/@{handle:[^/]+}", s.pages.Actor())
	r.Handle("/@{handle:[^/]+}/{id:[0-7][0-9a-zA-Z-]*}", s.pages.Object())
	r.Handle("/agenda/{id}", s.pages.Object())
	s.router = r
	s.pages.Routes(r)
	s.handler = httpx.Wrap(r, httpx.Options{Clock: s.clock})
	return s
}

// own gives the pages what people get for themselves, with a real mail server.
func (s *site) own(t *testing.T, db *store.DB, o *Options) {
	t.Helper()
	s.queue = jobs.NewQueue(db, jobs.Options{Clock: s.clock})
	s.post = mailtest.Start(t, mailtest.Options{})
	server, err := url.Parse(s.post.URL())
	if err != nil {
		t.Fatal(err)
	}
	carrier, err := mail.NewSMTP(mail.ServerOptions{URL: server, From: "essaim@innov.example", Dial: (&net.Dialer{}).DialContext})
	if err != nil {
		t.Fatal(err)
	}
	outbox := mail.New(mail.Options{Jobs: s.queue, Carrier: carrier, Instance: "La Fabrique"})
	s.auth.Mail = outbox
	if o.Notice, err = notice.New(context.Background(), notice.Options{DB: db, Jobs: s.queue, Mail: outbox, Site: o.Site, Clock: s.clock}); err != nil {
		t.Fatal(err)
	}
	o.Archive = archive.New(archive.Options{DB: db, Jobs: s.queue, Site: o.Site, Folder: t.TempDir(), Clock: s.clock, Random: rand.Uint64,
		Pictures: func(context.Context, string, string) (io.ReadCloser, string, error) { return nil, "", fs.ErrNotExist }})
	for _, register := range []func() error{outbox.Register, o.Notice.Register, o.Archive.Register} {
		if err := register(); err != nil {
			t.Fatal(err)
		}
	}
}

// work does the jobs that are due.
func (s *site) work() {
	s.t.Helper()
	if _, err := s.queue.RunDue(context.Background()); err != nil {
		s.t.Fatal(err)
	}
}

type testLog struct{ t *testing.T }

func (l testLog) Write(b []byte) (int, error) { l.t.Log(string(b)); return len(b), nil }

func (s *site) clock() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = s.now.Add(time.Millisecond)
	return s.now
}

func (s *site) person(handle string) (account essaim.ID) {
	s.t.Helper()
	keys, err := s.Keys()
	if err != nil {
		s.t.Fatal(err)
	}
	err = s.DB.Write(context.Background(), store.Promised, func(tx *store.Tx) error {
		doc := vocab.New(vocab.Person, "").SetString("preferredUsername", handle).SetString("name", handle)
		out, err := s.ApplyTx(context.Background(), tx, &vocab.Activity{Type: vocab.Create, Actor: s.Site.Instance(), Object: vocab.Item{Doc: doc}}, activity.System().Born(keys))
		if err != nil {
			return err
		}
		account = out.Activity
		return tx.InsertAccount(context.Background(), &store.Account{ID: account, Actor: out.Object.ID, Email: handle + "@innov.example", Role: "member", Created: s.now})
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return account
}

// does applies a member's activity.
func (s *site) does(a *vocab.Activity) activity.Outcome {
	s.t.Helper()
	out, err := s.Apply(context.Background(), a, activity.Local(s.account))
	if err != nil {
		s.t.Fatalf("%s: %v", a.Type, err)
	}
	return out
}

func (s *site) creates(thing essaim.Thing) *store.Object {
	s.t.Helper()
	return s.does(activity.Create(s.Site.Actor("ines"), thing)).Object
}

func (s *site) project(handle, phase string, change ...func(*essaim.Project)) *store.Object {
	s.t.Helper()
	p := &essaim.Project{Profile: essaim.Profile{Handle: handle, Name: "Projet " + handle, HTML: "<p>Texte.</p>", Language: "fr"}, Promise: "Pour tous !", Phase: phase}
	for _, set := range change {
		set(p)
	}
	return s.creates(p)
}

// meet stores a stranger's actor, as if it had been read at its origin, and follows it so that what it says is kept.
func (s *site) meet(doc *vocab.Object) {
	s.t.Helper()
	iri := doc.ID()
	doc.SetString("inbox", iri+"/inbox").SetString("followers", iri+"/followers")
	if _, err := s.Apply(context.Background(), &vocab.Activity{Type: vocab.Update, Actor: iri, Object: vocab.Item{ID: iri, Doc: doc}}, activity.Fetched(essaim.HostOf(iri))); err != nil {
		s.t.Fatal(err)
	}
	s.does(activity.About(vocab.Follow, s.Site.Actor("ines"), iri))
}

// hears applies what a stranger published.
func (s *site) hears(object *vocab.Object) *store.Object {
	s.t.Helper()
	by := object.IRI("attributedTo")
	doc, err := vocab.Parse((&vocab.Activity{ID: object.ID() + "/create", Type: vocab.Create, Actor: by, To: []string{vocab.Public}, Object: vocab.Item{ID: object.ID(), Doc: object}}).Document().Document())
	if err != nil {
		s.t.Fatal(err)
	}
	out, err := s.Apply(context.Background(), vocab.ReadActivity(doc), activity.Remote(by))
	if err != nil {
		s.t.Fatal(err)
	}
	return out.Object
}

// signIn opens a session for a member and gives the Cookie header that goes with it.
func (s *site) signIn(handle string) string {
	s.t.Helper()
	account, err := s.auth.AccountOf(context.Background(), handle)
	if err != nil {
		s.t.Fatal(err)
	}
	secret, err := s.auth.OpenSession(context.Background(), account.ID, "Firefox", "192.0.2.1")
	if err != nil {
		s.t.Fatal(err)
	}
	return s.pages.sessionCookie() + "=" + secret
}

// send fills in a form; headers come in pairs.
func (s *site) send(path string, values url.Values, headers ...string) *httptest.ResponseRecorder {
	s.t.Helper()
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(values.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return s.ask(r, headers...)
}

// get asks for a page; headers come in pairs.
func (s *site) get(path string, headers ...string) *httptest.ResponseRecorder {
	s.t.Helper()
	return s.ask(httptest.NewRequest(http.MethodGet, path, nil), headers...)
}

func (s *site) ask(r *http.Request, headers ...string) *httptest.ResponseRecorder {
	r.Header.Set("Accept-Language", "fr")
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	if err := s.search.Feed(context.Background(), nil); err != nil {
		s.t.Fatal(err)
	}
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	return w
}

// page asks for a page that must be there.
func (s *site) page(path string, headers ...string) string {
	s.t.Helper()
	w := s.get(path, headers...)
	if w.Code != http.StatusOK {
		s.t.Fatalf("%s: %d %s", path, w.Code, w.Body)
	}
	return w.Body.String()
}

func has(t *testing.T, page string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(page, text) {
			t.Errorf("the page lacks %q", text)
		}
	}
}

func hasNot(t *testing.T, page string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if strings.Contains(page, text) {
			t.Errorf("the page has %q", text)
		}
	}
}

// furnished is an instance with one of everything; what strangers wrote is hostile.
func furnished(t *testing.T, options ...func(*Options)) (s *site, addresses []string) {
	return furnish(newSite(t, options...))
}

func furnish(s *site) (_ *site, addresses []string) {
	s.creates(&essaim.Profile{Kind: essaim.KindOrganisation, Handle: "fabrique", Name: "La Fabrique", HTML: "<p>Nous.</p>", Language: "fr", ActorKind: "public_accelerator"})
	s.creates(&essaim.Profile{Kind: essaim.KindOrganisation, Handle: "mairie", Name: "Mairie de Mende", HTML: "<p>Nous.</p>", Language: "fr", Territories: []string{"fr:commune:48095"}, ActorKind: "local_authority"})
	value, target, zero := 38.5, 50.0, 0.0
	s.project("bus", essaim.PhasePilot, func(p *essaim.Project) {
		p.Territories, p.Themes, p.Carrier = []string{"fr:departement:48"}, []string{"rights_access", "mobility"}, s.Site.Actor("mairie")
		p.History = []essaim.PhaseEntry{{Phase: "idea", Date: s.now.AddDate(-1, 0, 0), Comment: "Une réunion"}, {Phase: "pilot", Date: s.now}}
		p.Indicators = []essaim.Indicator{{Name: "Usagers " + hostile, Unit: "%", Value: &value, Baseline: &zero, Target: &target, Source: "https://data.example/x"}}
		p.Costs = &essaim.Costs{Investment: &target, FundedBy: "Région"}
		p.Partners = []essaim.Partner{{Name: "Partenaire " + hostile, Role: "funder"}}
		p.Links = []essaim.ProjectLink{{Name: "Guide", Href: "javascript:alert(1)"}, {Name: "Guide", Href: "https://docs.example/guide"}}
		p.Contact, p.DerivedFrom = "contact@innov.example", []string{"https://ailleurs.example/actors/origine"}
	})
	s.project("covoit", essaim.PhaseStopped, func(p *essaim.Project) {
		p.Themes, p.StopReason, p.OpenToTake = []string{"mobility"}, "funding", true
		p.History = []essaim.PhaseEntry{{Phase: "construction", Date: s.now.AddDate(-1, 0, 0)}, {Phase: "stopped", Date: s.now}}
		p.Lessons, p.Assets = &essaim.Lessons{Failed: "L'assureur en dernier", Avoid: hostile}, []string{"Le code"}
	})
	event := s.creates(&essaim.Event{Name: "Atelier : le bus", HTML: "<p>Venez.</p>", Language: "fr", Starts: s.now.AddDate(0, 0, 3), Ends: s.now.AddDate(0, 0, 3).Add(2 * time.Hour), Zone: "Indian/Reunion",
		EventKind: "workshop", Capacity: 40, Place: &essaim.EventPlace{Name: "Salle " + hostile, Street: "1 rue du Foirail", PostalCode: "48000", Locality: "Mende", Country: "France"}, Online: true, OnlineURL: "https://visio.example/1",
		Accessibility: map[string]string{"mz:accessibility:wheelchairAccessible": "fully"}, Territories: []string{"fr:commune:48095"}})
	post := s.creates(&essaim.Post{HTML: "<p>Bonjour #essai</p>", Language: "fr", Hashtags: []vocab.Tag{{Type: vocab.Hashtag, Name: "essai"}}})
	warned := s.creates(&essaim.Post{HTML: "<p>Secret de polichinelle</p>", Warning: "Attention " + hostile, Language: "fr"})
	stranger := "https://ailleurs.example/users/eve"
	s.meet(vocab.New(vocab.Person, stranger).SetString("preferredUsername", "eve").SetString("name", "Ève "+hostile).SetText("summary", "en", "<p>Hi</p>").
		SetObjects("attachment", vocab.New(vocab.PropertyValue, "").SetString("name", "N "+hostile).SetString("value", hostile)))
	answer := s.hears(vocab.New(vocab.Note, "https://ailleurs.example/notes/1").SetString("attributedTo", stranger).SetStrings("to", vocab.Public).SetText("content", "en", `<p>Yes<img src="https://spy.example/p.gif"></p>`).
		SetString("inReplyTo", post.IRI).SetString("published", "2026-11-23T09:30:00Z").
		SetObjects("attachment", vocab.New(vocab.Image, "").SetString("mediaType", "image/png").SetString("url", "https://spy.example/picture.png").SetString("name", hostile)))
	away := s.hears(vocab.New(vocab.Event, "https://ailleurs.example/events/1").SetString("attributedTo", stranger).SetStrings("to", vocab.Public).SetString("name", "Meetup "+hostile).SetText("content", "en", "<p>Come</p>").
		SetString("startTime", "2026-12-24T18:00:00Z").SetString("eventStatus", "EventCancelled").SetString("published", "2026-11-23T08:00:00Z"))
	addresses = []string{"/", "/projets", "/projets?phase=pilot", "/projets?theme=food_farming", "/agenda", "/agenda?passes=1", "/annuaire/accelerateurs", "/annuaire/organisations", "/annuaire/personnes", "/annuaire/organisations?acteur=local_authority&territoire=dep48&instance=innov.example", "/annuaire/personnes?q=xylophone", "/tags/essai", "/tags/rien", "/a-propos", "/accessibilite",
		"/@bus", "/@covoit", "/@mairie", "/@ines", "/@relay", "/@eve@ailleurs.example", "/mot-de-passe-oublie", "/mentions-legales", "/confidentialite", "/conditions", "/moderation"}
	addresses = append(addresses, explored...)
	for _, o := range []*store.Object{event, post, warned} {
		addresses = append(addresses, strings.TrimPrefix(o.Thing().Summary("fr").URL, base))
	}
	for _, o := range []*store.Object{answer, away} {
		addresses = append(addresses, "/@eve@ailleurs.example/"+o.ID.String())
	}
	return s, addresses
}
