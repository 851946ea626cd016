package app

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"essaim/internal/store"
	"essaim/internal/store/storetest"
)

// A form that a page of another origin has a visitor's browser send is refused, whatever it asks for; the same form of our own page is read.
func TestFormsOfOtherOriginsAreRefused(t *testing.T) {
	n := newNetwork(t, storetest.SQLite)
	a := n.instance("a.example")
	if err := a.DB.ChangeSettings(context.Background(), func(_ *store.Tx, s *store.Settings) error { s.SignUp = store.SignUpOpen; return nil }); err != nil {
		t.Fatal(err)
	}
	form := url.Values{"nom": {"Ève"}, "identifiant": {"eve"}, "courriel": {"eve@mail.example"}, "mot-de-passe": {"une longue phrase"}, "langue": {"fr"}, "conditions": {"1"}}
	send := func(path string, headers map[string]string) int {
		r := httptest.NewRequest(http.MethodPost, a.Site.Base+path, strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		for k, v := range headers {
			r.Header.Set(k, v)
		}
		w := httptest.NewRecorder()
		a.Handler.ServeHTTP(w, r)
		return w.Code
	}
	for _, path := range []string{"/connexion", "/inscription", "/inscription/relance", "/mot-de-passe-oublie", "/mot-de-passe/x", "/confirmer/x", "/invitation/x", "/reglages/compte", "/reglages/adresse", "/reglages/sessions",
		"/reglages/invitations", "/organisations/nouvelle", "/@accelerateur/equipe", "/demarrage/identite", "/admin/instance/ouverture", "/deconnexion"} {
		for _, headers := range []map[string]string{{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"}, {"Origin": "null"}} {
			if code := send(path, headers); code != http.StatusForbidden {
				t.Errorf("%s with %v: %d", path, headers, code)
			}
		}
	}
	if _, err := store.SignUpByHandle(context.Background(), a.DB.Read(), "eve"); err == nil {
		t.Error("somebody was signed up from elsewhere")
	}
	if code := send("/inscription", map[string]string{"Sec-Fetch-Site": "same-origin", "Origin": a.Site.Base}); code != http.StatusSeeOther {
		t.Errorf("our own form: %d", code)
	}
}
