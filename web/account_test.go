package web

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"essaim/internal/store"
)

func request(method, path string) *http.Request { return httptest.NewRequest(method, path, nil) }

const another = "une autre longue phrase"

func (s *site) letsIn(name, password string) bool {
	s.t.Helper()
	return s.send("/connexion", url.Values{"identifiant": {name}, "mot-de-passe": {password}}).Code == http.StatusSeeOther
}

func TestAForgottenPassword(t *testing.T) {
	s := newSite(t)
	s.known("ines")
	cookie := s.signIn("ines")
	has(t, s.page("/connexion"), `href="/mot-de-passe-oublie"`)
	s.fill("/mot-de-passe-oublie", url.Values{"courriel": {"ines"}})
	link := s.link("ines@innov.example", "/mot-de-passe/")
	s.page(link)
	if w := s.send(link, url.Values{"password": {"court"}}); w.Code != 422 {
		t.Errorf("%d", w.Code)
	}
	h := s.fill(link, url.Values{"password": {another}})
	if s.letsIn("ines", password) || !s.letsIn("ines", another) {
		t.Error("the password is not the new one")
	}
	hasNot(t, s.page("/projets", "Cookie", cookie), "/deconnexion")
	has(t, s.page("/projets", "Cookie", cookieOf(t, h)), "/deconnexion")
	if l := s.lastLetter("ines@innov.example"); !strings.Contains(l.Subject, "a changé") {
		t.Errorf("ines was not told: %s", l.Subject)
	}
	for _, used := range []string{link, "/mot-de-passe/forged"} {
		if a, b := s.get(used).Code, s.send(used, url.Values{"password": {password}}).Code; a != http.StatusGone || b != http.StatusGone {
			t.Errorf("%s: %d %d", used, a, b)
		}
	}
	s.fill("/mot-de-passe-oublie", url.Values{"courriel": {"ines@innov.example"}})
	link = s.link("ines@innov.example", "/mot-de-passe/")
	s.later(61 * time.Minute)
	if w := s.send(link, url.Values{"password": {password}}); w.Code != http.StatusGone {
		t.Errorf("an old link works: %d", w.Code)
	}
}

// A link that was asked for before the password changed is dead: somebody else may have it.
func TestOtherLinksEnd(t *testing.T) {
	s := newSite(t)
	s.known("ines")
	s.fill("/mot-de-passe-oublie", url.Values{"courriel": {"ines"}})
	first := s.link("ines@innov.example", "/mot-de-passe/")
	s.fill("/mot-de-passe-oublie", url.Values{"courriel": {"ines"}})
	s.fill(s.link("ines@innov.example", "/mot-de-passe/"), url.Values{"password": {another}})
	if w := s.send(first, url.Values{"password": {password}}); w.Code != http.StatusGone {
		t.Errorf("%d", w.Code)
	}
}

func TestChangeOfPassword(t *testing.T) {
	s := newSite(t)
	s.known("ines")
	here, there := s.signIn("ines"), s.signIn("ines")
	s.page("/reglages/compte", "Cookie", here)
	s.refused("/reglages/compte", "actuel", url.Values{"actuel": {"faux mot de passe"}, "nouveau": {another}}, "Cookie", here)
	s.refused("/reglages/compte", "nouveau", url.Values{"actuel": {password}, "nouveau": {"court"}}, "Cookie", here)
	s.fill("/reglages/compte", url.Values{"actuel": {password}, "nouveau": {another}}, "Cookie", here)
	has(t, s.page("/projets", "Cookie", here), "/deconnexion")
	hasNot(t, s.page("/projets", "Cookie", there), "/deconnexion")
	if s.letsIn("ines", password) || !s.letsIn("ines", another) {
		t.Error("the password is not the new one")
	}
}

func TestChangeOfAddress(t *testing.T) {
	s := newSite(t)
	s.known("ines")
	s.person("karim")
	cookie := s.signIn("ines")
	ask := func(email, with string) *httptest.ResponseRecorder {
		return s.send("/reglages/adresse", url.Values{"courriel": {email}, "mot-de-passe": {with}}, "Cookie", cookie)
	}
	if w := ask("pas une adresse", password); w.Code != 422 || !strings.Contains(w.Body.String(), `value="pas une adresse"`) {
		t.Errorf("%d", w.Code)
	}
	if w := ask("ines@mail.example", "faux mot de passe"); w.Code != 422 {
		t.Errorf("%d", w.Code)
	}
	if a, b := ask("karim@innov.example", password), ask("ines@mail.example", password); a.Code != 303 || a.Header().Get("Location") != b.Header().Get("Location") {
		t.Errorf("an address that is taken is told from one that is free: %d %d", a.Code, b.Code)
	}
	if l := s.lastLetter("karim@innov.example"); !strings.Contains(l.Subject, "déjà un compte") {
		t.Errorf("%s", l.Subject)
	}
	if l := s.lastLetter("ines@innov.example"); !strings.Contains(l.Text, "ines@mail.example") {
		t.Errorf("the old address was not told: %s", l.Text)
	}
	link := s.link("ines@mail.example", "/confirmer/")
	has(t, s.page(link), "ines@mail.example")
	if s.letsIn("ines@mail.example", password) {
		t.Error("an address counts before it is confirmed")
	}
	s.fill(link, nil)
	if !s.letsIn("ines@mail.example", password) || s.letsIn("ines@innov.example", password) {
		t.Error("the address did not change")
	}
	if w := s.send(link, nil); w.Code != http.StatusGone {
		t.Errorf("%d", w.Code)
	}
}

func TestSessions(t *testing.T) {
	s := newSite(t)
	s.known("ines")
	s.person("karim")
	sign := func(agent, address string) string {
		account, _ := s.auth.AccountOf(context.Background(), "ines")
		secret, err := s.auth.OpenSession(context.Background(), account.ID, agent, address)
		if err != nil {
			t.Fatal(err)
		}
		return s.pages.sessionCookie() + "=" + secret
	}
	here := sign("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "192.0.2.1")
	phone := sign("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36", "2001:db8:1:2:3:4:5:6")
	odd := sign(hostile, "")
	page := s.page("/reglages/sessions", "Cookie", here)
	has(t, page, "Firefox sur Linux", "Chrome sur Android", "Navigateur inconnu", "192.0.2.…", "2001:db8:1::…", "celui-ci")
	hasNot(t, page, "192.0.2.1", "<script>alert")
	list, err := store.SessionsOf(context.Background(), s.DB.Read(), s.account, s.clock())
	if err != nil || len(list) != 3 {
		t.Fatalf("%d %v", len(list), err)
	}
	for _, x := range list {
		if strings.Contains(x.Agent, "Android") {
			s.fill("/reglages/sessions", url.Values{"session": {x.Hash[:sessionKey]}}, "Cookie", s.signIn("karim")) // somebody else's
			has(t, s.page("/projets", "Cookie", phone), "/deconnexion")
			s.fill("/reglages/sessions", url.Values{"session": {x.Hash[:sessionKey]}}, "Cookie", here)
		}
	}
	hasNot(t, s.page("/projets", "Cookie", phone), "/deconnexion")
	s.fill("/reglages/sessions", url.Values{"session": {"autres"}}, "Cookie", here)
	hasNot(t, s.page("/projets", "Cookie", odd), "/deconnexion")
	has(t, s.page("/projets", "Cookie", here), "/deconnexion")
}

// Guessing is bounded for a name, whatever address it comes from, and a name alone does not empty the bucket of others.
func TestSignInIsBounded(t *testing.T) {
	s := newSite(t)
	s.known("ines")
	tries := 0
	for ; tries < 50; tries++ {
		r := httptest.NewRequest(http.MethodPost, "/connexion", strings.NewReader(url.Values{"identifiant": {"ines"}, "mot-de-passe": {"devine"}}.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.RemoteAddr = "198.51.100." + string(rune('1'+tries%9)) + ":4000"
		if w := s.ask(r); w.Code == http.StatusTooManyRequests {
			has(t, w.Body.String(), "Trop d’essais")
			break
		}
	}
	if tries != 10 {
		t.Errorf("%d guesses", tries)
	}
	if s.letsIn("ines", password) {
		t.Error("the right password passes a bucket that is empty")
	}
	s.later(70 * time.Second)
	if !s.letsIn("ines", password) {
		t.Error("it stays shut")
	}
}

// TestProfessionalAddress: a profile says it when the operator recognises the domain and the person wants it, never the address itself (L16).
func TestProfessionalAddress(t *testing.T) {
	s := newSite(t)
	cookie := s.signIn("ines")
	hasNot(t, s.page("/reglages/compte", "Cookie", cookie), "/reglages/profession")
	s.fill("/reglages/profession", url.Values{"montrer": {"1"}}, "Cookie", cookie)
	hasNot(t, s.page("/@ines"), "adresse vérifiée")
	err := s.DB.ChangeSettings(context.Background(), func(_ *store.Tx, set *store.Settings) error { set.Domains = []string{"innov.example"}; return nil })
	if err != nil {
		t.Fatal(err)
	}
	page := s.page("/@ines")
	has(t, page, "adresse vérifiée", "innov.example")
	hasNot(t, page, ">ines@innov.example", " ines@innov.example")
	has(t, s.page("/reglages/compte", "Cookie", cookie), "Ne plus l’afficher")
	s.fill("/reglages/profession", url.Values{"montrer": {"0"}}, "Cookie", cookie)
	hasNot(t, s.page("/@ines"), "adresse vérifiée")
	for address, want := range map[string]string{"a@innov.example": "innov.example", "a@pole.innov.example": "innov.example", "a@xinnov.example": "", "a@innov.example.evil.example": "", "innov.example": "", "": ""} {
		if got := recognised(address, []string{"", "innov.example"}); got != want {
			t.Errorf("%s: %q", address, got)
		}
	}
}
