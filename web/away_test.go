package web

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"essaim/internal/essaim"
)

func TestFollowingFromAway(t *testing.T) {
	var asked []string
	s, _ := furnished(t, func(o *Options) {
		o.HandOver = func(_ context.Context, typed, uri string, actor bool) (string, error) {
			if asked = append(asked, typed, uri); strings.Contains(typed, "muet") {
				return "", essaim.Errorf(essaim.Unavailable, "no")
			}
			return "https://mastodon.example/authorize_interaction?uri=" + url.QueryEscape(uri), nil
		}
	})
	bus := s.Site.Actor("bus")
	path := "/suivre-distant?objet=" + url.QueryEscape(bus)
	has(t, s.page("/@bus"), "/suivre-distant?objet=")
	has(t, s.page(path), "Projet bus", "@bus@innov.example")
	w := s.send(path, url.Values{"serveur": {"@lucie@mastodon.example"}})
	if w.Code != 200 || w.Header().Get("Refresh") != "1; url=https://mastodon.example/authorize_interaction?uri="+url.QueryEscape(bus) || w.Header().Get("Location") != "" {
		t.Fatalf("%d %v", w.Code, w.Header())
	}
	has(t, w.Body.String(), "Vous allez chez mastodon.example", `href="https://mastodon.example/authorize_interaction`)
	has(t, w.Header().Get("Set-Cookie"), "serveur=")
	has(t, s.page(path, "Cookie", "serveur=@lucie@mastodon.example"), `value="@lucie@mastodon.example"`)
	for typed, want := range map[string]string{"muet.example": "ne répond pas", "": "est à remplir", "pas un serveur": "Écrivez @nom@serveur", hostile: "Écrivez @nom@serveur", "javascript:alert(1)": "ne répond pas"} {
		w := s.send(path, url.Values{"serveur": {typed}})
		if typed == "javascript:alert(1)" { // the name of a server as far as one can tell: whoever looks it up refuses it
			continue
		}
		if w.Code != 422 || w.Header().Get("Refresh") != "" {
			t.Errorf("%q: %d", typed, w.Code)
		}
		has(t, w.Body.String(), want)
		hasNot(t, w.Body.String(), "<script>alert")
	}
	if w := s.send(path, url.Values{"serveur": {"innov.example"}}); w.Code != 303 || w.Header().Get("Location") != "/connexion?retour=%2F%40bus" {
		t.Errorf("our own server: %d %s", w.Code, w.Header())
	}
	for _, uri := range []string{"https://evil.example/x", "", s.Site.Base + "/objects/nothing"} {
		if w := s.get("/suivre-distant?objet=" + url.QueryEscape(uri)); w.Code != 404 {
			t.Errorf("%q: %d", uri, w.Code)
		}
	}
	if w := s.get("/interagir?uri=https://ailleurs.example/users/inconnu", "Cookie", s.signIn("ines")); w.Code != 302 || !strings.HasPrefix(w.Header().Get("Location"), "/recherche-distante?q=") {
		t.Errorf("an intent of a member: %d %s", w.Code, w.Header())
	}
}

func TestWelcome(t *testing.T) {
	s, _ := furnished(t)
	s.person("lectrice")
	cookie := s.signIn("lectrice")
	has(t, s.page("/bienvenue", "Cookie", cookie), "Où êtes-vous", "Mobilités")
	page := s.page("/bienvenue?suite=1&ou=Loz%C3%A8re&theme=mobility&role=", "Cookie", cookie)
	has(t, page, "Projet bus", "Suivre la sélection", "Montrer ce territoire")
	w := s.get("/bienvenue?suite=1&ou=Nulle-Part-sur-Rien", "Cookie", cookie)
	if w.Code != 422 || !strings.Contains(w.Body.String(), "Nulle-Part-sur-Rien") {
		t.Errorf("%d", w.Code)
	}
	var ids []string
	for _, part := range strings.Split(page, `name="acteur" value="`)[1:] {
		id, _, _ := strings.Cut(part, `"`)
		ids = append(ids, id)
	}
	if w := s.send("/bienvenue", url.Values{"acteur": append(ids, "garbage"), "lieu": {"fr:departement:48"}, "montrer": {"1"}}, "Cookie", cookie); w.Code != 303 || w.Header().Get("Location") != "/fil?fait=feed_ready" {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	has(t, s.page("/fil", "Cookie", cookie), "Nouveau projet", "Projet bus")
	has(t, s.page("/@lectrice"), "Lozère")
}
