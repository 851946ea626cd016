package web

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"essaim/internal/activity"
	"essaim/internal/essaim"
	"essaim/internal/store"
)

// TestReportAndDecide: a report, its case, a reasoned decision that acts, is told to both sides and stands in the journal.
func TestReportAndDecide(t *testing.T) {
	s, _ := furnished(t)
	s.person("lectrice")
	staff := s.person("modo")
	if err := s.DB.Write(context.Background(), store.Promised, func(tx *store.Tx) error { return tx.SetRole(context.Background(), staff, "moderator") }); err != nil {
		t.Fatal(err)
	}
	reader, desk, author := s.signIn("lectrice"), s.signIn("modo"), s.signIn("ines")
	post := s.creates(&essaim.Post{HTML: "<p>Propos déplacés</p>", Language: "fr"})
	page := strings.TrimPrefix(post.Thing().Summary("fr").URL, base)
	path := "/signaler?objet=" + post.ID.String()
	has(t, s.page(page, "Cookie", reader), path)
	has(t, s.page(path, "Cookie", reader), "Propos déplacés", "bonne foi")
	if w := s.send(path, url.Values{"raison": {"spam"}, "texte": {"Gardé " + hostile}}, "Cookie", reader); w.Code != 422 || !strings.Contains(w.Body.String(), "Gardé") {
		t.Fatalf("without good faith: %d", w.Code)
	}
	report := url.Values{"raison": {"harassment"}, "texte": {"C'est blessant " + hostile}, "bonne_foi": {"1"}, onceField: {"abcdefghijklmnopqrstuvwx"}}
	for range 2 {
		if w := s.send(path, report, "Cookie", reader); w.Code != 303 || w.Header().Get("Location") != "/signalements?fait=reported" {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
	}
	has(t, s.page("/signalements", "Cookie", reader), "à décider", "Harcèlement")
	for _, hidden := range []string{"/admin", "/admin/signalements", "/admin/comptes", "/admin/journal", "/admin/inscriptions"} {
		if w := s.get(hidden, "Cookie", reader); w.Code != 404 {
			t.Errorf("%s for a member: %d", hidden, w.Code)
		}
		s.page(hidden, "Cookie", desk)
	}
	reports, err := store.Reports(context.Background(), s.DB.Read(), store.Page{})
	if err != nil || len(reports) != 1 {
		t.Fatalf("%d reports, %v", len(reports), err)
	}
	file := "/admin/signalements/" + reports[0].ID.String()
	text := s.page(file, "Cookie", desk)
	has(t, text, "Propos déplacés", "blessant", "@lectrice@innov.example")
	hasNot(t, text, "<script>alert")
	if w := s.send(file, url.Values{"decision": {"content_removed"}, "motif": {"Harcèlement, règle 2"}}, "Cookie", desk); w.Code != 422 {
		t.Errorf("without confirming: %d", w.Code)
	}
	if w := s.send(file, url.Values{"decision": {"content_removed"}, "confirmer": {"1"}}, "Cookie", desk); w.Code != 422 {
		t.Errorf("without a reason: %d", w.Code)
	}
	if w := s.send(file, url.Values{"decision": {"content_removed"}, "motif": {"Harcèlement, règle 2"}, "confirmer": {"1"}}, "Cookie", desk); w.Code != 303 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if w := s.get(page); w.Code != 410 {
		t.Errorf("the post: %d", w.Code)
	}
	if w := s.send(file, url.Values{"decision": {"no_action"}, "motif": {"Encore"}}, "Cookie", desk); w.Code != 422 {
		t.Errorf("twice: %d", w.Code)
	}
	has(t, s.page("/signalements", "Cookie", reader), "Contenu retiré", "Harcèlement, règle 2")
	has(t, s.page("/signalements", "Cookie", author), "Décisions qui vous concernent", "Harcèlement, règle 2", "Propos déplacés")
	has(t, s.page("/notifications", "Cookie", reader), "a décidé de votre signalement")
	has(t, s.page("/notifications", "Cookie", author), "a pris une décision qui vous concerne")
	has(t, s.page("/admin/journal", "Cookie", desk), "Contenu retiré", "Harcèlement, règle 2", "modo")
	s.work()
	for _, to := range []string{"lectrice@innov.example", "ines@innov.example"} {
		found := false
		for _, m := range s.post.To(to) {
			found = found || strings.Contains(m.Text, "Harcèlement, règle 2")
		}
		if !found {
			t.Errorf("no letter to %s", to)
		}
	}
}

// TestSuspending: who is suspended is signed out and shown nowhere, until the measure is lifted; an administrator is not suspended, and members decide nothing.
func TestSuspending(t *testing.T) {
	s := newSite(t)
	staff, bad := s.person("modo"), s.person("vilain")
	if err := s.DB.Write(context.Background(), store.Promised, func(tx *store.Tx) error { return tx.SetRole(context.Background(), staff, "admin") }); err != nil {
		t.Fatal(err)
	}
	desk, cookie := s.signIn("modo"), s.signIn("vilain")
	s.as(bad, activity.Create(s.Site.Actor("vilain"), &essaim.Post{HTML: "<p>Partout</p>", Language: "fr"}))
	actor, err := store.ActorByHandle(context.Background(), s.DB.Read(), "vilain", "innov.example")
	if err != nil {
		t.Fatal(err)
	}
	if w := s.send("/signaler?objet="+actor.ID.String(), url.Values{"raison": {"spam"}, "bonne_foi": {"1"}}, "Cookie", s.signIn("ines")); w.Code != 303 {
		t.Fatalf("%d", w.Code)
	}
	reports, err := store.Reports(context.Background(), s.DB.Read(), store.Page{})
	if err != nil || len(reports) != 1 {
		t.Fatal(err)
	}
	if err := s.Decide(context.Background(), activity.Decision{Report: reports[0].ID, By: s.account, Verdict: "account_suspended", Note: "x"}); essaim.CodeOf(err) != essaim.Forbidden {
		t.Errorf("a member decided: %v", err)
	}
	file := "/admin/signalements/" + reports[0].ID.String()
	if w := s.send(file, url.Values{"decision": {"account_suspended"}, "motif": {"Courrier indésirable"}, "confirmer": {"1"}}, "Cookie", desk); w.Code != 303 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if w := s.get("/@vilain"); w.Code != 410 {
		t.Errorf("the page: %d", w.Code)
	}
	if w := s.get("/fil", "Cookie", cookie); w.Code != 302 {
		t.Errorf("still signed in: %d", w.Code)
	}
	hasNot(t, s.page("/"), "Partout")
	has(t, s.page("/admin/comptes", "Cookie", desk), "vilain")
	if w := s.send("/admin/comptes", url.Values{"acteur": {actor.ID.String()}, "motif": {"Erreur"}}, "Cookie", desk); w.Code != 303 {
		t.Fatalf("%d", w.Code)
	}
	s.page("/@vilain")
	has(t, s.page("/admin/journal", "Cookie", desk), "Mesure levée", "Erreur")
	admin, err := store.ActorByHandle(context.Background(), s.DB.Read(), "modo", "innov.example")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Decide(context.Background(), activity.Decision{Actor: admin.ID, By: staff, Verdict: "account_suspended", Note: "x"}); essaim.CodeOf(err) != essaim.Forbidden {
		t.Errorf("an administrator was suspended: %v", err)
	}
}
