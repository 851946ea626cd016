package web

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"essaim/internal/auth"
	"essaim/internal/essaim"
	"essaim/internal/mail/mailtest"
	"essaim/internal/store"
)

func (s *site) mode(mode string) {
	s.t.Helper()
	err := s.DB.ChangeSettings(context.Background(), func(_ *store.Tx, set *store.Settings) error { set.SignUp = mode; return nil })
	if err != nil {
		s.t.Fatal(err)
	}
}

func applicant(handle string, change ...string) url.Values {
	v := url.Values{"nom": {"Nolwenn Guéguen"}, "identifiant": {handle}, "courriel": {handle + "@mail.example"}, "mot-de-passe": {password}, "langue": {"fr"}, "conditions": {"1"}}
	for i := 0; i < len(change); i += 2 {
		v.Set(change[i], change[i+1])
	}
	return v
}

// lastLetter works the queue off and gives the last letter to an address.
func (s *site) lastLetter(to string) mailtest.Message {
	s.t.Helper()
	s.work()
	got := s.post.To(to)
	if len(got) == 0 {
		s.t.Fatalf("no letter came to %s", to)
	}
	return got[len(got)-1]
}

// link is the path a letter leads to.
func (s *site) link(to, words string) string {
	s.t.Helper()
	l := s.lastLetter(to).Link(words)
	if l == "" {
		s.t.Fatalf("the letter to %s has no link to %s", to, words)
	}
	return strings.TrimPrefix(l, base)
}

func TestSomebodySignsUp(t *testing.T) {
	s := newSite(t)
	s.mode(store.SignUpOpen)
	has(t, s.page("/projets"), `href="/inscription"`)
	h := s.fill("/inscription", applicant("nolwenn", "qualite", "elected_official"))
	has(t, s.page(h.Get("Location")), "Regardez votre courrier")
	if _, err := store.ActorByHandle(context.Background(), s.DB.Read(), "nolwenn", s.Site.Host); err == nil {
		t.Fatal("somebody who confirmed nothing is published")
	}
	if w := s.send("/connexion", url.Values{"identifiant": {"nolwenn"}, "mot-de-passe": {password}}); w.Code != 422 {
		t.Fatalf("an address that nobody confirmed signs in: %d", w.Code)
	}
	link := s.link("nolwenn@mail.example", "/confirmer/")
	has(t, s.page(link), "nolwenn@mail.example", "@nolwenn")
	s.page(link) // what reads mail for people follows links: nothing happens
	w := s.send(link, nil)
	if w.Code != http.StatusSeeOther || !strings.HasPrefix(w.Header().Get("Location"), "/bienvenue") {
		t.Fatalf("%d %s", w.Code, w.Header())
	}
	has(t, s.page("/projets", "Cookie", cookieOf(t, w.Header())), "Nolwenn Guéguen")
	for _, method := range []string{http.MethodGet, http.MethodPost} { // a second click, or a forwarded letter
		if w := s.ask(request(method, link)); w.Code != http.StatusGone {
			t.Errorf("%s: the link works twice: %d", method, w.Code)
		}
	}
	if w := s.send("/connexion", url.Values{"identifiant": {"nolwenn"}, "mot-de-passe": {password}}); w.Code != 303 {
		t.Errorf("the password of the request does not sign in: %d", w.Code)
	}
	o, err := store.ObjectByIRI(context.Background(), s.DB.Read(), s.Site.Actor("nolwenn"))
	if err != nil || o.Thing().(*essaim.Profile).ActorKind != "elected_official" {
		t.Errorf("%v", err)
	}
}

func TestSignUpSaysWhatIsWrongAndKeepsTheRest(t *testing.T) {
	s := newSite(t)
	s.mode(store.SignUpOpen)
	for field, wrong := range map[string]url.Values{
		"nom": applicant("nolwenn", "nom", " "), "identifiant": applicant("nolwenn", "identifiant", "Nolwenn !"), "courriel": applicant("nolwenn", "courriel", "nolwenn@"),
		"mot-de-passe": applicant("nolwenn", "mot-de-passe", "court"), "conditions": applicant("nolwenn", "conditions", ""), "langue": applicant("nolwenn", "langue", "de"), "qualite": applicant("nolwenn", "qualite", "king"),
	} {
		page := s.refused("/inscription", field, wrong)
		if field != "nom" {
			has(t, page, `value="Nolwenn Guéguen"`)
		}
		hasNot(t, page, `value="`+password)
	}
	for _, handle := range []string{"admin", "dep48", "ines", "INES", "morbihan"} {
		s.refused("/inscription", "identifiant", applicant("nolwenn", "identifiant", handle))
	}
	has(t, s.refused("/inscription", "identifiant", applicant("ines", "nom", "N "+hostile)), "N &#34;&gt;&lt;script&gt;")
	s.fill("/inscription", applicant("nolwenn"))
	s.refused("/inscription", "identifiant", applicant("nolwenn", "courriel", "autre@mail.example")) // somebody asked for it
}

// Nobody learns from a form whether an address is known: its owner does, by letter.
func TestSignUpTellsNobodyWhoIsHere(t *testing.T) {
	s := newSite(t)
	s.mode(store.SignUpOpen)
	unknown := s.send("/inscription", applicant("nolwenn"))
	known := s.send("/inscription", applicant("karim", "courriel", "Ines@innov.example"))
	if unknown.Code != known.Code || unknown.Body.String() != known.Body.String() || unknown.Header().Get("Location") != known.Header().Get("Location") {
		t.Errorf("%d %s, %d %s", unknown.Code, unknown.Header(), known.Code, known.Header())
	}
	if l := s.lastLetter("ines@innov.example"); !strings.Contains(l.Subject, "déjà un compte") || strings.Contains(l.Text, "/confirmer/") {
		t.Errorf("ines got %q", l.Subject)
	}
	for _, who := range []string{"ines@innov.example", "personne@mail.example", "ines", "personne", hostile} {
		w := s.send("/mot-de-passe-oublie", url.Values{"courriel": {who}})
		if w.Code != 303 || w.Header().Get("Location") != "/mot-de-passe-oublie?envoye=1" {
			t.Errorf("%q: %d %s", who, w.Code, w.Header())
		}
		if w := s.send("/inscription/relance", url.Values{"courriel": {who}}); w.Code != 303 || w.Header().Get("Location") != "/inscription/attente" {
			t.Errorf("%q: %d %s", who, w.Code, w.Header())
		}
	}
}

// A request that is made twice is one; the letter can be had again, and the former link is dead then.
func TestARequestIsMadeAgain(t *testing.T) {
	s := newSite(t)
	s.mode(store.SignUpOpen)
	s.fill("/inscription", applicant("nolwen"))
	first := s.link("nolwen@mail.example", "/confirmer/")
	s.fill("/inscription", applicant("nolwenn", "courriel", "nolwen@mail.example")) // a slip in the handle
	second := s.link("nolwen@mail.example", "/confirmer/")
	s.fill("/inscription/relance", url.Values{"courriel": {"NOLWEN@mail.example"}})
	third := s.link("nolwen@mail.example", "/confirmer/")
	for _, old := range []string{first, second, "/confirmer/forged"} {
		if w := s.send(old, nil); w.Code != http.StatusGone {
			t.Errorf("%s: %d", old, w.Code)
		}
	}
	if w := s.send(third, nil); w.Code != 303 {
		t.Errorf("%d", w.Code)
	}
	if _, err := s.auth.AccountOf(context.Background(), "nolwenn"); err != nil {
		t.Error(err)
	}
}

func TestARequestIsForgottenInTime(t *testing.T) {
	s := newSite(t)
	s.mode(store.SignUpOpen)
	s.fill("/inscription", applicant("nolwenn"))
	link := s.link("nolwenn@mail.example", "/confirmer/")
	s.later(auth.ConfirmLife + time.Minute)
	if w := s.send(link, nil); w.Code != http.StatusGone {
		t.Errorf("an old link works: %d", w.Code)
	}
	if err := s.auth.Sweep(context.Background()); err != nil {
		t.Fatal(err)
	}
	if _, err := store.SignUpByHandle(context.Background(), s.DB.Read(), "nolwenn"); err == nil {
		t.Error("the request is kept for ever")
	}
	s.fill("/inscription", applicant("nolwenn", "courriel", "autre@mail.example"))
}

func (s *site) later(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = s.now.Add(d)
}

func TestPeopleAreLetInOnRequest(t *testing.T) {
	s := newSite(t)
	s.mode(store.SignUpApproval)
	ctx := context.Background()
	s.refused("/inscription", "raison", applicant("nolwenn"))
	for _, handle := range []string{"nolwenn", "spam"} {
		s.fill("/inscription", applicant(handle, "raison", "Je porte un projet "+hostile))
		w := s.send(s.link(handle+"@mail.example", "/confirmer/"), nil)
		if w.Code != 200 || w.Header().Get("Set-Cookie") != "" {
			t.Fatalf("%d %s", w.Code, w.Header())
		}
		has(t, w.Body.String(), "lit maintenant votre demande")
	}
	waiting, err := store.PendingAccounts(ctx, s.DB.Read(), 0, 10)
	if err != nil || len(waiting) != 2 || waiting[0].Handle != "nolwenn" || !strings.HasPrefix(waiting[0].Why, "Je porte") {
		t.Fatalf("%v %v", waiting, err)
	}
	if _, link, err := s.auth.Approve(ctx, waiting[0].ID, "ines"); err != nil || link != "" {
		t.Fatalf("%q %v", link, err)
	}
	if l := s.lastLetter("nolwenn@mail.example"); !strings.Contains(l.Text, "/connexion") {
		t.Errorf("%s", l.Text)
	}
	if w := s.send("/connexion", url.Values{"identifiant": {"nolwenn"}, "mot-de-passe": {password}}); w.Code != 303 {
		t.Errorf("%d", w.Code)
	}
	if err := s.auth.Refuse(ctx, waiting[1].ID, "ines", " "); essaim.CodeOf(err) != essaim.Invalid {
		t.Errorf("refused without a reason: %v", err)
	}
	if err := s.auth.Refuse(ctx, waiting[1].ID, "ines", "Publicité"); err != nil {
		t.Fatal(err)
	}
	if l := s.lastLetter("spam@mail.example"); !strings.Contains(l.Text, "Publicité") {
		t.Errorf("%s", l.Text)
	}
	if _, _, err := s.auth.Approve(ctx, waiting[1].ID, "ines"); essaim.CodeOf(err) != essaim.Gone {
		t.Errorf("decided twice: %v", err)
	}
	if n, err := store.CountPendingAccounts(ctx, s.DB.Read()); err != nil || n != 0 {
		t.Errorf("%d wait, %v", n, err)
	}
}

// Without mail, somebody lets people in and hands them a link: the password of a request nobody confirmed opens nothing.
func TestPeopleAreLetInByHand(t *testing.T) {
	s := newSite(t)
	s.mode(store.SignUpOpen)
	s.auth.Mail = nil
	has(t, s.page("/inscription"), "ne peut pas envoyer de courrier")
	has(t, s.page("/mot-de-passe-oublie"), "ne peut pas envoyer de courrier")
	has(t, s.page(s.fill("/inscription", applicant("nolwenn")).Get("Location")), "Une personne de l’équipe")
	waiting, err := store.PendingAccounts(context.Background(), s.DB.Read(), 0, 10)
	if len(waiting) != 1 {
		s.t.Fatal(err)
	}
	_, link, err := s.auth.Approve(context.Background(), waiting[0].ID, "ines")
	if err != nil {
		t.Fatal(err)
	}
	if w := s.send("/connexion", url.Values{"identifiant": {"nolwenn"}, "mot-de-passe": {password}}); w.Code != 422 {
		t.Errorf("%d", w.Code)
	}
	s.fill(strings.TrimPrefix(link, base), url.Values{"password": {"une autre longue phrase"}})
	if w := s.send("/connexion", url.Values{"identifiant": {"nolwenn"}, "mot-de-passe": {"une autre longue phrase"}}); w.Code != 303 {
		t.Errorf("%d", w.Code)
	}
}

func TestInvitations(t *testing.T) {
	s := newSite(t)
	s.mode(store.SignUpInvitation)
	hasNot(t, s.page("/projets"), `href="/inscription"`)
	has(t, s.page("/inscription"), "par invitation")
	cookie := s.signIn("ines")
	if w := s.send("/inscription", applicant("nolwenn")); w.Code != 200 || s.count("signups") != 0 {
		t.Errorf("somebody signed up without being invited: %d", w.Code)
	}
	s.refused("/reglages/invitations", "places", url.Values{"places": {"500"}, "jours": {"7"}}, "Cookie", cookie) // that many are for admins
	form := url.Values{"places": {"1"}, "jours": {"7"}, "note": {"Pour " + hostile}, onceField: {"aaaaaaaaaaaaaaaaaaaaaaaaaa"}}
	s.fill("/reglages/invitations", form, "Cookie", cookie)
	s.fill("/reglages/invitations", form, "Cookie", cookie) // a second click
	mine, err := store.InvitationsOf(context.Background(), s.DB.Read(), s.account)
	if err != nil || len(mine) != 1 {
		t.Fatalf("%v %v", mine, err)
	}
	page := s.page("/reglages/invitations", "Cookie", cookie)
	has(t, page, base+"/invitation/"+mine[0].Code, "Pour &#34;&gt;&lt;script&gt;")
	path := "/invitation/" + mine[0].Code
	for _, handle := range []string{"nolwenn", "karim"} { // both ask while there is room
		s.fill(path, applicant(handle))
	}
	if w := s.send(s.link("nolwenn@mail.example", "/confirmer/"), nil); w.Code != 303 {
		t.Errorf("%d", w.Code)
	}
	has(t, s.send(s.link("karim@mail.example", "/confirmer/"), nil).Body.String(), "lit maintenant votre demande") // no place is left
	for _, gone := range []string{path, "/invitation/forged"} {
		if w := s.get(gone); w.Code != http.StatusGone {
			t.Errorf("%s: %d", gone, w.Code)
		}
		if w := s.send(gone, applicant("autre")); w.Code != http.StatusGone {
			t.Errorf("%s: %d", gone, w.Code)
		}
	}
	s.person("zoe")
	if w := s.send("/reglages/invitations/"+mine[0].Code+"/retirer", nil, "Cookie", s.signIn("zoe")); w.Code != http.StatusNotFound {
		t.Errorf("somebody else's invitation is revoked: %d", w.Code)
	}
	s.fill("/reglages/invitations/"+mine[0].Code+"/retirer", nil, "Cookie", cookie)
	hasNot(t, s.page("/reglages/invitations", "Cookie", cookie), mine[0].Code)
}

// count is how many rows a table has.
func (s *site) count(table string) (n int) {
	s.t.Helper()
	if err := s.DB.Read().QueryRow(context.Background(), `select count(*) from `+table).Scan(&n); err != nil {
		s.t.Fatal(err)
	}
	return n
}

func TestSignUpIsBounded(t *testing.T) {
	s := newSite(t)
	s.mode(store.SignUpOpen)
	asked := 0
	for asked < 200 {
		w := s.send("/inscription", applicant("nolwenn", "mot-de-passe", "court", "courriel", "n"+strings.Repeat("x", asked)+"@mail.example"))
		if w.Code == http.StatusTooManyRequests {
			if w.Header().Get("Retry-After") == "" {
				t.Error("nothing says when to come back")
			}
			has(t, w.Body.String(), "Réessayez dans", `value="Nolwenn Guéguen"`)
			break
		}
		asked++
	}
	if asked < 30 || asked > 100 {
		t.Errorf("%d requests from one address", asked)
	}
	s.later(2 * time.Minute)
	s.refused("/inscription", "mot-de-passe", applicant("autre", "mot-de-passe", "court"))
}
