package web

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"essaim/internal/essaim"
	"essaim/internal/store"
)

// bare is an instance nobody has set up: no demonstration, no body.
func bare(t *testing.T) (*site, string) {
	s := newSite(t, func(o *Options) { o.Demonstration, o.Body, o.Territories = false, "", nil })
	s.promote("ines", "admin")
	return s, s.signIn("ines")
}

func (s *site) promote(handle, role string) {
	s.t.Helper()
	account, err := s.auth.AccountOf(context.Background(), handle)
	if err != nil {
		s.t.Fatal(err)
	}
	if err := s.DB.Write(context.Background(), store.Promised, func(tx *store.Tx) error { return tx.SetRole(context.Background(), account.ID, role) }); err != nil {
		s.t.Fatal(err)
	}
}

var (
	whoWeAre = url.Values{"nom": {"La Fabrique des Causses"}, "description": {"Nous aidons."}, "forme": {"GIP"}, "siret": {"732 829 320 00074"}, "compte": {"@Causses"}}
	answers  = url.Values{"editeur_nom": {"Ville de Mende"}, "editeur_adresse": {"1 place du Foirail\n48000 Mende"}, "editeur_telephone": {"04 66 00 00 00"}, "editeur_courriel": {"contact@mende.example"},
		"directeur": {"Solène Le Guennec"}, "hebergeur_nom": {"Hébergeur " + hostile}, "hebergeur_adresse": {"2 rue du Serveur"}, "hebergeur_telephone": {"01 00 00 00 00"}, "dpo": {"dpo@mende.example"}}
)

// fill sends a form that must be accepted.
func (s *site) fill(path string, values url.Values, headers ...string) http.Header {
	s.t.Helper()
	w := s.send(path, values, headers...)
	if w.Code != http.StatusSeeOther {
		s.t.Fatalf("%s: %d\n%s", path, w.Code, w.Body)
	}
	return w.Header()
}

// refused sends a form that must come back with a fault at a field, and with what was typed.
func (s *site) refused(path, field string, values url.Values, headers ...string) string {
	s.t.Helper()
	w := s.send(path, values, headers...)
	if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), `href="#f-`+field+`"`) {
		s.t.Errorf("%s with a wrong %s: %d", path, field, w.Code)
	}
	return w.Body.String()
}

func TestAnOperatorSetsAnInstanceUpAndOpensIt(t *testing.T) {
	s, cookie := bare(t)
	closed := s.get("/projets")
	if closed.Code != http.StatusServiceUnavailable {
		t.Fatalf("a stranger reads an instance that nobody answers for: %d", closed.Code)
	}
	has(t, closed.Body.String(), "Pas encore ouvert", `href="/connexion"`)
	for _, path := range []string{"/", "/projets.atom", "/agenda", "/@ines", "/inscription"} {
		if w := s.get(path); w.Code != http.StatusServiceUnavailable {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
	for _, path := range []string{"/connexion", "/mentions-legales", "/confidentialite", "/accessibilite", "/conditions", "/moderation", "/a-propos"} {
		s.page(path)
	}
	has(t, s.page("/projets", "Cookie", cookie), `href="/demarrage"`)
	has(t, s.page("/demarrage", "Cookie", cookie), "il manque encore", "le nom de l’éditeur", "Qui nous sommes")
	s.fill("/admin/instance/ouverture", url.Values{"public": {"1"}}, "Cookie", cookie)
	if w := s.get("/projets"); w.Code != http.StatusServiceUnavailable {
		t.Fatalf("it opened without what the law asks for: %d", w.Code)
	}
	wrong := url.Values{"nom": {"Fabrique " + hostile}, "siret": {"732 829 321"}, "compte": {"admin"}}
	has(t, s.refused("/demarrage/identite", "siret", wrong, "Cookie", cookie), "Fabrique &#34;&gt;&lt;script&gt;")
	wrong.Set("siret", "")
	s.refused("/demarrage/identite", "compte", wrong, "Cookie", cookie)
	if h := s.fill("/demarrage/identite", whoWeAre, "Cookie", cookie); h.Get("Location") != "/demarrage/territoires?fait=settings" {
		t.Errorf("led to %s", h.Get("Location"))
	}
	body, err := store.ActorByHandle(context.Background(), s.DB.Read(), "causses", s.Site.Host)
	if err != nil || body.Kind != essaim.KindAccelerator {
		t.Fatalf("the accelerator: %v %v", body, err)
	}
	page := s.refused("/demarrage/territoires", "territoire", url.Values{"ajouter": {"Saint-Denis"}}, "Cookie", cookie)
	has(t, page, `value="fr:commune:97411"`, `value="fr:commune:93066"`)
	s.refused("/demarrage/territoires", "ajouter", url.Values{"ajouter": {"Zzyzx"}}, "Cookie", cookie)
	s.refused("/demarrage/territoires", "territoire", url.Values{"territoire": {"fr:commune:00000"}}, "Cookie", cookie)
	s.fill("/demarrage/territoires", url.Values{"ajouter": {"Lozère"}, "territoire": {"fr:commune:97411"}}, "Cookie", cookie)
	bad := url.Values{"editeur_courriel": {"pas une adresse"}, "editeur_telephone": {"12"}}
	s.refused("/demarrage/responsables", "editeur_courriel", bad, "Cookie", cookie)
	s.fill("/demarrage/responsables", answers, "Cookie", cookie)
	s.refused("/demarrage/inscriptions", "mode", url.Values{"mode": {"closed"}}, "Cookie", cookie)
	s.fill("/demarrage/inscriptions", url.Values{"mode": {"open"}, "domaines": {"Mairie-Mende.example\nprefecture.example"}}, "Cookie", cookie)
	has(t, s.page("/demarrage", "Cookie", cookie), "Ouvrir l’instance")
	s.fill("/admin/instance/ouverture", url.Values{"public": {"1"}}, "Cookie", cookie)
	has(t, s.page("/"), "La Fabrique des Causses", "Nous aidons.", "Lozère", "/@causses")
	has(t, s.page("/mentions-legales"), "Ville de Mende", "1 place du Foirail", "73282932000074", "Solène Le Guennec", "Hébergeur &#34;&gt;&lt;script&gt;", "dpo@mende.example")
	has(t, s.get("/.well-known/security.txt").Body.String(), "Contact: mailto:contact@mende.example", "Expires: 20")
	instance, err := store.ObjectByIRI(context.Background(), s.DB.Read(), s.Site.Instance())
	if err != nil || instance.Thing().(*essaim.Profile).Name != "La Fabrique des Causses" {
		t.Errorf("the instance actor bears another name: %v", err)
	}
	set, err := s.DB.Settings(context.Background())
	if err != nil || strings.Join(set.Territories, " ") != "fr:commune:97411 fr:departement:48" || strings.Join(set.Domains, " ") != "mairie-mende.example prefecture.example" || s.pages.zone().String() != "Indian/Reunion" {
		t.Errorf("%+v, %s", set, s.pages.zone())
	}
	renamed := url.Values{"nom": {"La Grande Fabrique"}, "siret": {"732829320"}}
	s.fill("/admin/instance/identite", renamed, "Cookie", cookie)
	has(t, s.page("/@causses"), "La Grande Fabrique")
	s.fill("/admin/instance/ouverture", url.Values{"public": {"0"}}, "Cookie", cookie)
	if w := s.get("/"); w.Code != http.StatusServiceUnavailable {
		t.Errorf("it does not close: %d", w.Code)
	}
}

// A handle that a person has is not the accelerator's.
func TestTheAcceleratorTakesNobodysHandle(t *testing.T) {
	s, cookie := bare(t)
	taken := url.Values{"nom": {"x"}, "compte": {"ines"}}
	s.refused("/demarrage/identite", "compte", taken, "Cookie", cookie)
}

// What the operator may write anew is theirs, whatever it holds; the default comes back when it is emptied.
func TestHouseTexts(t *testing.T) {
	s, cookie := bare(t)
	has(t, s.page("/conditions"), "identifiant est définitif")
	has(t, s.page("/conditions?lang=en"), "Your handle is final")
	has(t, s.page("/admin/instance/textes", "Cookie", cookie), "identifiant est définitif")
	texts := url.Values{"conditions_fr": {"**Chez nous** <script>alert(1)</script> " + hostile}, "regles_fr": {houseText("regles_fr")}}
	s.fill("/admin/instance/textes", texts, "Cookie", cookie)
	page := s.page("/conditions")
	has(t, page, "<strong>Chez nous</strong>")
	hasNot(t, page, "<script>alert", "onerror=alert(2)>")
	if set, err := s.DB.Settings(context.Background()); err != nil || set.RulesFR != "" {
		t.Errorf("the default was kept as if written: %q %v", set.RulesFR, err)
	}
	s.fill("/admin/instance/textes", url.Values{}, "Cookie", cookie)
	has(t, s.page("/conditions"), "identifiant est définitif")
}

func TestTheAccessibilityStatementClaimsNothingByDefault(t *testing.T) {
	s, cookie := bare(t)
	has(t, s.page("/accessibilite"), "non conforme", "Aucun audit")
	s.fill("/admin/instance/accessibilite", url.Values{"etat": {"partially_compliant"}, "auditeur": {"Cabinet " + hostile}, "audit_date": {"2026-10-02"}, "taux": {"72 %"}}, "Cookie", cookie)
	has(t, s.page("/accessibilite"), "partiellement conforme", "octobre 2026", "72", "Cabinet &#34;&gt;&lt;script&gt;")
	has(t, s.page("/connexion"), "partiellement conforme</a>")
}

// Only admins set an instance up.
func TestSetupIsForAdmins(t *testing.T) {
	s, _ := bare(t)
	s.person("karim")
	cookie := s.signIn("karim")
	for _, path := range []string{"/demarrage", "/demarrage/identite", "/admin/instance", "/admin/instance/textes"} {
		if w := s.get(path, "Cookie", cookie); w.Code != http.StatusNotFound {
			t.Errorf("%s: %d", path, w.Code)
		}
		if w := s.get(path); w.Code != http.StatusFound {
			t.Errorf("%s signed out: %d", path, w.Code)
		}
	}
	if w := s.send("/admin/instance/ouverture", url.Values{"public": {"1"}}, "Cookie", cookie); w.Code != http.StatusNotFound {
		t.Errorf("a member opens the instance: %d", w.Code)
	}
}
