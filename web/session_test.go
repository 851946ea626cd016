package web

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"essaim/internal/store"
)

const password = "une longue phrase de passe"

// known gives a member a password.
func (s *site) known(handle string) {
	s.t.Helper()
	account, err := s.auth.AccountOf(context.Background(), handle)
	if err != nil {
		s.t.Fatal(err)
	}
	hash, err := s.auth.HashPassword(password)
	if err != nil {
		s.t.Fatal(err)
	}
	if err := s.DB.Write(context.Background(), store.Promised, func(tx *store.Tx) error { return tx.SetPassword(context.Background(), account.ID, hash) }); err != nil {
		s.t.Fatal(err)
	}
}

// mount adds a page for a test.
func (s *site) mount(t route) {
	s.router.HandleFunc(t.path, s.pages.allowed(t.access, t.fill)).Methods(t.methods...)
}

func cookieOf(t *testing.T, header http.Header) string {
	t.Helper()
	name, value, ok := strings.Cut(header.Get("Set-Cookie"), "=")
	if !ok {
		t.Fatal("no cookie was set")
	}
	value, _, _ = strings.Cut(value, ";")
	return name + "=" + value
}

func TestSignIn(t *testing.T) {
	s := newSite(t)
	s.known("ines")
	for name, status := range map[string]int{"ines": 303, "Ines ": 303, "@ines": 303, "ines@innov.example": 303, "nobody": 422, "": 422} {
		if w := s.send("/connexion", url.Values{"identifiant": {name}, "mot-de-passe": {password}, "retour": {"/projets"}}); w.Code != status || status == 303 && w.Header().Get("Location") != "/projets" {
			t.Errorf("%q: %d %s", name, w.Code, w.Header())
		}
	}
	w := s.send("/connexion", url.Values{"identifiant": {"ines"}, "mot-de-passe": {"motdepassefaux"}})
	if w.Code != 422 || w.Header().Get("Set-Cookie") != "" {
		t.Fatalf("a wrong password: %d %s", w.Code, w.Header())
	}
	has(t, w.Body.String(), `value="ines"`, `href="#f-identifiant"`)
	hasNot(t, w.Body.String(), "motdepassefaux")
	w = s.send("/connexion", url.Values{"identifiant": {"ines"}, "mot-de-passe": {password}})
	set := w.Header().Get("Set-Cookie")
	has(t, set, "__Host-essaim_session=", "HttpOnly", "Secure", "SameSite=Lax")
	cookie := cookieOf(t, w.Header())
	has(t, s.page("/projets", "Cookie", cookie), "/deconnexion")
	hasNot(t, s.page("/projets"), "/deconnexion")
	if w = s.send("/deconnexion", nil, "Cookie", cookie); w.Code != 303 {
		t.Fatalf("%d", w.Code)
	}
	hasNot(t, s.page("/projets", "Cookie", cookie), "/deconnexion")
}

// TestSec_S44_back: signing in leads to pages of this site only.
func TestSec_S44_back(t *testing.T) {
	s := newSite(t)
	s.known("ines")
	for back, want := range map[string]string{"/agenda?passes=1": "/agenda?passes=1", "//evil.example": "/", "https://evil.example": "/", `/\\evil.example`: "/", "javascript:alert(1)": "/", "/a\r\nSet-Cookie: x=1": "/", "": "/"} {
		w := s.send("/connexion", url.Values{"identifiant": {"ines"}, "mot-de-passe": {password}, "retour": {back}})
		if got := w.Header().Get("Location"); got != want {
			t.Errorf("%q led to %q, not %q", back, got, want)
		}
	}
}

// TestAnEndedSessionLosesNothing: what was typed travels through the sign-in page and becomes a draft of its form.
func TestAnEndedSessionLosesNothing(t *testing.T) {
	s := newSite(t)
	s.known("ines")
	s.mount(route{"/essai", func(r *http.Request, v *view) error { v.Page, v.Title = "error", "x"; return nil }, getPost, members})
	if w := s.get("/essai?a=1"); w.Code != 302 || w.Header().Get("Location") != "/connexion?retour=%2Fessai%3Fa%3D1" {
		t.Fatalf("%d %s", w.Code, w.Header())
	}
	w := s.send("/essai?a=1", url.Values{"texte": {"Un long texte " + hostile}, "theme": {"mobility", "culture_sport"}, onceField: {"xxxxxxxxxxxxxxxxxxxxxxxx"}})
	if w.Code != 401 {
		t.Fatalf("%d", w.Code)
	}
	has(t, w.Body.String(), `name="garde.texte"`, "Un long texte &#34;&gt;&lt;script&gt;", `name="garde.theme" value="mobility"`)
	hasNot(t, w.Body.String(), "garde."+onceField)
	w = s.send("/connexion", url.Values{"identifiant": {"ines"}, "mot-de-passe": {password}, "retour": {"/essai?a=1"}, "garde.texte": {"Un long texte"}, "garde.theme": {"mobility", "culture_sport"}})
	if w.Code != 303 || w.Header().Get("Location") != "/essai?a=1" {
		t.Fatalf("%d %s", w.Code, w.Header())
	}
	d, err := store.DraftOf(context.Background(), s.DB.Read(), s.account, "/essai?a=1")
	if err != nil || d.Fields != "texte=Un+long+texte&theme=mobility&theme=culture_sport" {
		t.Fatalf("%v %v", d, err)
	}
}

// TestAccess: a page of moderators does not exist for the others.
func TestAccess(t *testing.T) {
	s := newSite(t)
	fill := func(r *http.Request, v *view) error { v.Page, v.Title = "error", "x"; return nil }
	s.mount(route{"/pour-moderer", fill, get, moderators})
	s.mount(route{"/pour-tenir", fill, get, admins})
	cookie := s.signIn("ines")
	for role, want := range map[string][2]int{"member": {404, 404}, "publisher": {404, 404}, "moderator": {200, 404}, "admin": {200, 200}} {
		if err := s.DB.Write(context.Background(), store.Promised, func(tx *store.Tx) error { return tx.SetRole(context.Background(), s.account, role) }); err != nil {
			t.Fatal(err)
		}
		if a, b := s.get("/pour-moderer", "Cookie", cookie).Code, s.get("/pour-tenir", "Cookie", cookie).Code; a != want[0] || b != want[1] {
			t.Errorf("%s: %d %d", role, a, b)
		}
	}
}
