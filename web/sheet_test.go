package web

import (
	"net/url"
	"strings"
	"testing"
)

func TestEditSheet(t *testing.T) {
	s, _ := furnished(t)
	cookie := s.signIn("ines")
	has(t, s.page("/@bus", "Cookie", cookie), "/@bus/modifier", "/@bus/phase")
	hasNot(t, s.page("/@bus"), "/@bus/modifier")
	has(t, s.page("/@bus/modifier", "Cookie", cookie), "Pour tous !", "Projet bus", "Partenaire")
	good := url.Values{"titre": {"Le bus"}, "mission": {"Pour tous."}, "presentation": {"**Nouveau** texte."}, "territoires": {"Lozère"}, "contact": {"bus@innov.example"}, "theme": {"mobility"}, "publics": {"individual"},
		"chiffre.nom.1": {"Usagers"}, "chiffre.valeur.1": {"12 500,5"}, "chiffre.unite.1": {"personnes"}, "partenaire.nom.1": {"Une mairie"}, "partenaire.role.1": {"funder"}, "lien.nom.1": {"Guide"}, "lien.adresse.1": {"https://docs.example/g"},
		"annuel": {"74 000 €"}, "eviter": {"Acheter d'abord " + hostile}}
	if w := s.send("/@bus/modifier", good, "Cookie", cookie); w.Code != 303 || w.Header().Get("Location") != "/@bus?fait=changed" {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	page := s.page("/@bus")
	has(t, page, "<strong>Nouveau</strong>", "Usagers", "Une mairie", "docs.example/g", "Expérimentation", "Une réunion")
	hasNot(t, page, "<script>alert")
	for field, value := range map[string]string{"titre": "", "theme": "x", "chiffre.valeur.1": "beaucoup", "lien.adresse.1": "javascript:alert(1)", "territoires": "Nulle-Part-sur-Rien", "annuel": "NaN", "partenaire.role.1": ""} {
		bad := url.Values{}
		for k, v := range good {
			bad[k] = v
		}
		bad.Set(field, value)
		w := s.send("/@bus/modifier", bad, "Cookie", cookie)
		if w.Code != 422 || !strings.Contains(w.Body.String(), "**Nouveau** texte.") {
			t.Errorf("%s: %d", field, w.Code)
		}
	}
	s.person("autre")
	for _, path := range []string{"/@bus/modifier", "/@bus/phase"} {
		if w := s.send(path, good, "Cookie", s.signIn("autre")); w.Code != 404 {
			t.Errorf("%s by somebody else: %d", path, w.Code)
		}
	}
}

func TestChangePhase(t *testing.T) {
	s, _ := furnished(t)
	cookie := s.signIn("ines")
	has(t, s.page("/@bus/phase", "Cookie", cookie), `value="acceleration" checked`, "Aujourd’hui")
	move := url.Values{"phase": {"acceleration"}, "phrase": {"Dix-neuf communes"}, "chiffre.nom": {"Communes"}, "chiffre.valeur": {"19"}}
	if w := s.send("/@bus/phase", move, "Cookie", cookie); w.Code != 303 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	has(t, s.page("/@bus"), "Accélération", "Dix-neuf communes", "Communes")
	has(t, s.page("/@bus/modifier", "Cookie", cookie), "Communes")
	stop := url.Values{"phase": {"stopped"}, "phrase": {"Nous arrêtons"}, "raison": {"funding"}, "reste": {"Le code\n\nLe kit"}, "reprendre": {"1"}}
	if w := s.send("/@bus/phase", stop, "Cookie", cookie); w.Code != 422 || !strings.Contains(w.Body.String(), "href=\"#f-marche\"") {
		t.Fatalf("without lessons: %d", w.Code)
	}
	stop.Set("rate", "L'assureur en dernier")
	if w := s.send("/@bus/phase", stop, "Cookie", cookie); w.Code != 303 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	has(t, s.page("/@bus"), "Arrêté", "Le kit", "L’assureur en dernier")
	has(t, s.page("/@bus/phase", "Cookie", cookie), `value="acceleration" checked`)
	for name, bad := range map[string]url.Values{"the same": {"phase": {"stopped"}, "phrase": {"x"}}, "no sentence": {"phase": {"pilot"}}, "no phase": {"phrase": {"x"}}, "a made-up one": {"phase": {"x"}, "phrase": {"x"}}} {
		if w := s.send("/@bus/phase", bad, "Cookie", cookie); w.Code != 422 {
			t.Errorf("%s: %d", name, w.Code)
		}
	}
	if w := s.send("/@bus/phase", url.Values{"phase": {"pilot"}, "phrase": {"On reprend"}}, "Cookie", cookie); w.Code != 303 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	has(t, s.page("/@bus"), "Expérimentation", "On reprend")
}
