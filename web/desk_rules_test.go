package web

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"essaim/federation/vocab"
	"essaim/internal/activity"
	"essaim/internal/essaim"
	"essaim/internal/store"
)

func (s *site) moderator() essaim.ID {
	staff := s.person("modo")
	if err := s.DB.Write(context.Background(), store.Promised, func(tx *store.Tx) error { return tx.SetRole(context.Background(), staff, "moderator") }); err != nil {
		s.t.Fatal(err)
	}
	return staff
}

func (s *site) latestReport() *store.Report {
	s.t.Helper()
	all, err := store.Reports(context.Background(), s.DB.Read(), store.Page{})
	if err != nil || len(all) == 0 {
		s.t.Fatalf("%d reports, %v", len(all), err)
	}
	return all[0]
}

func (s *site) decided(by essaim.ID, verdict string) error {
	return s.Decide(context.Background(), activity.Decision{Report: s.latestReport().ID, By: by, Verdict: verdict, Note: "Motif"})
}

func (s *site) flagged(by essaim.ID, actor string, iris ...string) {
	s.t.Helper()
	f := &vocab.Activity{Type: vocab.Flag, Actor: actor, Content: "x", Reason: "spam", Object: vocab.Item{ID: iris[0]}}
	for _, iri := range iris {
		f.Objects = append(f.Objects, vocab.Item{ID: iri})
	}
	if _, err := s.Apply(context.Background(), f, activity.Local(by).KeptHere()); err != nil {
		s.t.Fatal(err)
	}
}

func (s *site) actorRow(handle, host string) *store.Actor {
	s.t.Helper()
	a, err := store.ActorByHandle(context.Background(), s.DB.Read(), handle, host)
	if err != nil {
		s.t.Fatal(err)
	}
	return a
}

// A Flag of another server names a thing of somebody else beside the reported one: removing what is reported must not delete it.
func TestDeskRemovesOnlyWhatTheTargetWrote(t *testing.T) {
	s, _ := furnished(t)
	staff, bad := s.moderator(), s.person("vilain")
	spam := s.as(bad, activity.Create(s.Site.Actor("vilain"), &essaim.Post{HTML: "<p>Pub</p>", Language: "fr"})).Object
	fair := s.creates(&essaim.Post{HTML: "<p>Honorable</p>", Language: "fr"})
	eve := "https://ailleurs.example/users/eve"
	f := &vocab.Activity{ID: "https://ailleurs.example/flags/1", Type: vocab.Flag, Actor: eve, Content: "spam", Object: vocab.Item{ID: s.Site.Actor("vilain")},
		Objects: []vocab.Item{{ID: s.Site.Actor("vilain")}, {ID: spam.IRI}, {ID: fair.IRI}}}
	if _, err := s.Apply(context.Background(), f, activity.Remote(eve)); err != nil {
		t.Fatal(err)
	}
	if err := s.decided(staff, "content_removed"); err != nil {
		t.Fatal(err)
	}
	o, _ := store.ObjectByIRI(context.Background(), s.DB.Read(), fair.IRI)
	if !o.Deleted.IsZero() {
		t.Error("a post of somebody who was not reported was deleted")
	}
}

func TestDeskOffersOnlyWhatIsCarriedOut(t *testing.T) {
	s, _ := furnished(t)
	staff, reader := s.moderator(), s.person("lectrice")
	post := s.creates(&essaim.Post{HTML: "<p>Limitons ceci</p>", Language: "fr"})
	s.flagged(reader, s.Site.Actor("lectrice"), s.Site.Actor("ines"), post.IRI)
	if err := s.decided(staff, "content_limited"); essaim.CodeOf(err) != essaim.Invalid {
		t.Errorf("a decision that nothing carries out was taken: %v", err)
	}
	if file := s.page("/admin/signalements/"+s.latestReport().ID.String(), "Cookie", s.signIn("modo")); strings.Contains(file, "content_limited") {
		t.Error("a decision that nothing carries out is offered")
	}
}

func TestDeskBlockedServerIsNotFound(t *testing.T) {
	s, _ := furnished(t)
	staff, reader := s.moderator(), s.person("lectrice")
	eve := s.actorRow("eve", "ailleurs.example")
	s.flagged(reader, s.Site.Actor("lectrice"), eve.IRI)
	if err := s.decided(staff, "instance_suspended"); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(s.page("/explorer?q=meetup"), "Meetup") {
		t.Error("search still finds what is of a blocked server")
	}
}

func TestDeskStatesOnlyGrowStricter(t *testing.T) {
	s, _ := furnished(t)
	staff, reader, bad := s.moderator(), s.person("lectrice"), s.person("vilain")
	spam := s.as(bad, activity.Create(s.Site.Actor("vilain"), &essaim.Post{HTML: "<p>Pub</p>", Language: "fr"})).Object
	for range 3 {
		s.flagged(reader, s.Site.Actor("lectrice"), s.Site.Actor("vilain"), spam.IRI)
	}
	if err := s.decided(staff, "account_suspended"); err != nil {
		t.Fatal(err)
	}
	if err := s.decided(staff, "account_limited"); err != nil {
		t.Fatal(err)
	}
	if got := s.actorRow("vilain", "innov.example").State; got != store.Suspended {
		t.Errorf("a lighter decision on another report lifted the suspension: state %d", got)
	}
}

func TestDeskTokenOfSuspended(t *testing.T) {
	s, _ := furnished(t)
	staff, reader := s.moderator(), s.person("lectrice")
	s.person("vilain")
	token, err := s.auth.IssueToken(context.Background(), "vilain", "read")
	if err != nil {
		t.Fatal(err)
	}
	s.flagged(reader, s.Site.Actor("lectrice"), s.Site.Actor("vilain"))
	if err := s.decided(staff, "account_suspended"); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.auth.Bearer(context.Background(), token); err == nil {
		t.Error("the token of a suspended account is still good")
	}
}

func TestDeskNobodyDecidesOfThemselves(t *testing.T) {
	s, _ := furnished(t)
	staff, reader := s.moderator(), s.person("lectrice")
	s.flagged(reader, s.Site.Actor("lectrice"), s.Site.Actor("modo"))
	if err := s.decided(staff, "no_action"); err == nil {
		t.Error("a moderator decided on a report about himself")
	}
}

func TestDeskDeletedActorStaysGone(t *testing.T) {
	s, _ := furnished(t)
	staff, reader, bad := s.moderator(), s.person("lectrice"), s.person("vilain")
	s.flagged(reader, s.Site.Actor("lectrice"), s.Site.Actor("vilain"))
	s.as(bad, activity.About(vocab.Delete, s.Site.Actor("vilain"), s.Site.Actor("vilain")))
	err := s.decided(staff, "account_limited")
	if got := s.actorRow("vilain", "innov.example").State; got != store.GoneActor {
		t.Errorf("a deleted account came back to state %d (%v)", got, err)
	}
}

func TestDeskDraftsAndRefusals(t *testing.T) {
	s, _ := furnished(t)
	s.moderator()
	reader := s.person("lectrice")
	s.flagged(reader, s.Site.Actor("lectrice"), s.Site.Actor("ines"))
	file := "/admin/signalements/" + s.latestReport().ID.String()
	account, _ := s.auth.AccountOf(context.Background(), "modo")
	if err := s.pages.keepDraft(context.Background(), account.ID, file, url.Values{"motif": {"Longuement pesé"}}); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(s.page(file, "Cookie", s.signIn("modo")), "Longuement pesé") {
		t.Error("the reason typed before the session ended is not given back")
	}
	if w := s.send("/admin/comptes", url.Values{"acteur": {s.actorRow("ines", "innov.example").ID.String()}}, "Cookie", s.signIn("modo")); w.Code == 303 {
		t.Error("a measure is lifted from somebody who was under none")
	}
}
