package web

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"essaim/internal/activity"
	"essaim/internal/essaim"
	"essaim/internal/store"
)

func (s *site) role(handle, team string) string {
	s.t.Helper()
	person, err := store.ActorByHandle(context.Background(), s.DB.Read(), handle, s.Site.Host)
	if err != nil {
		s.t.Fatal(err)
	}
	group, err := store.ActorByHandle(context.Background(), s.DB.Read(), team, s.Site.Host)
	if err != nil {
		s.t.Fatal(err)
	}
	role, err := store.Role(context.Background(), s.DB.Read(), person.ID, group.ID)
	if err != nil {
		s.t.Fatal(err)
	}
	return role
}

func act(name string, more ...string) url.Values {
	v := url.Values{"acte": {name}}
	for i := 0; i < len(more); i += 2 {
		v.Set(more[i], more[i+1])
	}
	return v
}

func TestAMemberCreatesAnOrganisationAndItsTeam(t *testing.T) {
	s := newSite(t)
	for _, handle := range []string{"karim", "zoe"} {
		s.person(handle)
	}
	ines, karim, zoe := s.signIn("ines"), s.signIn("karim"), s.signIn("zoe")
	form := url.Values{"nom": {"Mairie de Mende"}, "identifiant": {"@Mairie"}, "nature": {"local_authority"}, "presentation": {"Nous **aidons** " + hostile}, "territoires": {"Lozère"}, onceField: {"bbbbbbbbbbbbbbbbbbbbbbbbbb"}}
	s.page("/organisations/nouvelle", "Cookie", ines)
	for field, value := range map[string]string{"nom": "", "identifiant": "ines", "nature": "citizen", "territoires": "Zzyzx"} {
		wrong := url.Values{}
		for k, v := range form {
			wrong[k] = v
		}
		wrong.Set(field, value)
		wrong.Del(onceField)
		has(t, s.refused("/organisations/nouvelle", field, wrong, "Cookie", ines), "Nous **aidons** &#34;&gt;&lt;script&gt;")
	}
	for range 2 { // a second click
		if h := s.fill("/organisations/nouvelle", form, "Cookie", ines); !strings.HasPrefix(h.Get("Location"), "/@mairie/equipe") {
			t.Errorf("led to %s", h.Get("Location"))
		}
	}
	hasNot(t, s.page("/@mairie"), "<script>alert")
	has(t, s.page("/@mairie"), "<strong>aidons</strong>", `href="/@mairie/equipe"`)
	page := s.page("/@mairie/equipe", "Cookie", ines)
	has(t, page, "Propriétaire", "Inviter quelqu’un")
	hasNot(t, s.page("/@mairie/equipe"), "Inviter quelqu’un", "ines</b>") // she did not choose to be found
	team := "/@mairie/equipe"
	for _, who := range []string{"personne", "mairie", "karim@ailleurs.example", hostile} {
		s.refused(team, "personne", act("inviter", "personne", who, "role", "editor"), "Cookie", ines)
	}
	s.refused(team, "role", act("inviter", "personne", "karim", "role", "king"), "Cookie", ines)
	s.fill(team, act("inviter", "personne", "@karim", "role", "editor"), "Cookie", ines)
	has(t, s.page("/equipes", "Cookie", karim), "Mairie de Mende", "Rejoindre l’équipe")
	has(t, s.page("/notifications", "Cookie", karim), "vous invite à rejoindre")
	s.fill(team, act("accepter"), "Cookie", karim)
	if s.role("karim", "mairie") != "editor" {
		t.Errorf("karim is %q", s.role("karim", "mairie"))
	}
	if w := s.send(team, act("retirer", "qui", "ines"), "Cookie", karim); w.Code != 422 || s.role("ines", "mairie") != "owner" {
		t.Errorf("an editor removes the owner: %d", w.Code)
	}
	s.fill(team, act("demander"), "Cookie", zoe)
	has(t, s.page("/notifications", "Cookie", ines), "demande à rejoindre")
	has(t, s.page(team, "Cookie", ines), "Demande à rejoindre", "Accepter")
	s.fill(team, act("ajouter", "qui", "zoe", "role", "member"), "Cookie", ines)
	w := s.send(team, act("quitter"), "Cookie", ines)
	if w.Code != 422 {
		t.Errorf("the last owner leaves: %d", w.Code)
	}
	has(t, w.Body.String(), "dernière personne propriétaire")
	s.fill(team, act("ajouter", "qui", "zoe", "role", "owner"), "Cookie", ines)
	if h := s.fill(team, act("quitter"), "Cookie", ines); !strings.HasPrefix(h.Get("Location"), "/equipes") || s.role("ines", "mairie") != "" {
		t.Errorf("led to %s", h.Get("Location"))
	}
	if w := s.send(team, act("ecoute", "entend", "1"), "Cookie", ines); w.Code != http.StatusNotFound {
		t.Errorf("who left still chooses what to hear: %d", w.Code)
	}
	s.fill(team, act("ecoute", "entend", "0"), "Cookie", karim)
	has(t, s.page(team, "Cookie", karim), "Vous ne recevez pas")
	if w := s.send(team, act("fondre"), "Cookie", zoe); w.Code != http.StatusNotFound {
		t.Errorf("%d", w.Code)
	}
	if w := s.send(team, act("demander")); w.Code != http.StatusUnauthorized {
		t.Errorf("signed out: %d", w.Code)
	}
	for _, path := range []string{"/@ines/equipe", "/@relay/equipe", "/@personne/equipe"} {
		if w := s.get(path, "Cookie", ines); w.Code != http.StatusNotFound {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
}

// What mentions a project reaches those who keep it.
func TestATeamIsTold(t *testing.T) {
	s := newSite(t)
	bus := s.project("bus", essaim.PhasePilot)
	s.person("karim")
	s.fill("/suivre", url.Values{"acteur": {bus.ID.String()}, "geste": {"follow"}}, "Cookie", s.signIn("karim"))
	has(t, s.page("/notifications", "Cookie", s.signIn("ines")), "(pour Projet bus)")
}

// An organisation that nobody holds is claimed; an admin answers, and the log keeps it.
func TestAClaim(t *testing.T) {
	s := newSite(t)
	ctx := context.Background()
	s.found("mairie")
	s.promote("ines", "admin")
	s.person("karim")
	ines, karim := s.signIn("ines"), s.signIn("karim")
	has(t, s.page("/@mairie/equipe", "Cookie", karim), "Revendiquer cette page")
	s.fill("/@mairie/equipe", act("demander"), "Cookie", karim)
	has(t, s.page("/notifications", "Cookie", ines), "demande à rejoindre")
	if w := s.send("/@mairie/equipe", act("ajouter", "qui", "karim", "role", "owner"), "Cookie", karim); w.Code != 404 && w.Code != 422 || s.role("karim", "mairie") != "" {
		t.Errorf("somebody answers his own claim: %d %q", w.Code, s.role("karim", "mairie"))
	}
	s.fill("/@mairie/equipe", act("ajouter", "qui", "karim", "role", "owner"), "Cookie", ines)
	if s.role("karim", "mairie") != "owner" {
		t.Errorf("karim is %q", s.role("karim", "mairie"))
	}
	var detail string
	if err := s.DB.Read().QueryRow(ctx, `select detail from audit where verb = 'team'`).Scan(&detail); err != nil || !strings.Contains(detail, "karim") {
		t.Errorf("%q %v", detail, err)
	}
	if w := s.send("/@mairie/equipe", act("retirer", "qui", "karim"), "Cookie", ines); w.Code == 303 {
		t.Error("an admin meddles in an organisation that somebody holds")
	}
}

// found makes an organisation in the name of the instance: nobody owns it.
func (s *site) found(handle string) {
	s.t.Helper()
	body := &essaim.Profile{Kind: essaim.KindOrganisation, Handle: handle, Name: "Mairie"}
	if _, err := s.Apply(context.Background(), activity.Create(s.Site.Instance(), body), activity.System()); err != nil {
		s.t.Fatal(err)
	}
}
