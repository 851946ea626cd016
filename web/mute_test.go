package web

import (
	"context"
	"net/url"
	"testing"
	"time"

	"essaim/federation/vocab"
	"essaim/internal/activity"
	"essaim/internal/essaim"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
)

// TestKeepingAway: who is muted or blocked, or on a muted server, is not in the timeline, the notifications or the threads of who did it, and is for the others.
func TestKeepingAway(t *testing.T) {
	storetest.Each(t, keepingAway)
}

func keepingAway(t *testing.T, db *store.DB) {
	s, _ := furnish(newSiteOn(t, db))
	cookie := s.signIn("ines")
	mine := s.creates(&essaim.Post{HTML: "<p>Qui vient ?</p>", Language: "fr"})
	eve, err := store.ActorByHandle(context.Background(), s.DB.Read(), "eve", "ailleurs.example")
	if err != nil {
		t.Fatal(err)
	}
	me, err := store.ActorByHandle(context.Background(), s.DB.Read(), "ines", "innov.example")
	if err != nil {
		t.Fatal(err)
	}
	noisy := s.person("bavard")
	s.as(s.account, activity.About(vocab.Follow, s.Site.Actor("ines"), s.Site.Actor("bavard")))
	s.as(noisy, activity.Create(s.Site.Actor("bavard"), &essaim.Post{HTML: "<p>Encore moi</p>", Language: "fr"}))
	loud, err := store.ActorByHandle(context.Background(), s.DB.Read(), "bavard", "innov.example")
	if err != nil {
		t.Fatal(err)
	}
	press := func(values url.Values, word string) {
		t.Helper()
		values.Set("retour", "/@eve@ailleurs.example")
		if w := s.send("/eloigner", values, "Cookie", cookie); w.Code != 303 || w.Header().Get("Location") != "/@eve@ailleurs.example?fait="+word {
			t.Fatalf("%d %s", w.Code, w.Header())
		}
	}
	has(t, s.page("/fil", "Cookie", cookie), "Encore moi")
	has(t, s.page("/fil", "Cookie", cookie), `name="acteur" value="`+loud.ID.String()+`"`)
	press(url.Values{"acteur": {loud.ID.String()}, "geste": {"mute"}}, "mute")
	hasNot(t, s.page("/fil", "Cookie", cookie), "Encore moi")
	has(t, s.page("/reglages/masques", "Cookie", cookie), "bavard")
	has(t, s.page("/@bavard"), "Encore moi")
	press(url.Values{"acteur": {loud.ID.String()}, "geste": {"unmute"}}, "unmute")
	has(t, s.page("/fil", "Cookie", cookie), "Encore moi")

	s.as(noisy, activity.About(vocab.Announce, s.Site.Actor("bavard"), "https://ailleurs.example/events/1"))
	has(t, s.page("/fil", "Cookie", cookie), "Meetup")
	press(url.Values{"acteur": {loud.ID.String()}, "geste": {"mute"}}, "mute")
	hasNot(t, s.page("/fil", "Cookie", cookie), "Meetup") // nor what the one muted shares
	press(url.Values{"acteur": {loud.ID.String()}, "geste": {"unmute"}}, "unmute")
	if w := s.send("/notifications", url.Values{}, "Cookie", cookie); w.Code != 303 {
		t.Fatal(w.Code)
	}
	s.hears(vocab.New(vocab.Note, "https://ailleurs.example/notes/2").SetString("attributedTo", eve.IRI).SetStrings("to", vocab.Public).SetText("content", "en", "<p>Again</p>").
		SetString("inReplyTo", mine.IRI).SetString("published", "2026-11-23T10:30:00Z"))
	told := func() int {
		t.Helper()
		deeds, err := store.UnreadSince(context.Background(), s.DB.Read(), me.ID, time.Time{}, 50)
		if err != nil {
			t.Fatal(err)
		}
		return len(deeds)
	}
	if n := told(); n != 1 {
		t.Errorf("a mail would tell of %d things", n)
	}
	press(url.Values{"serveur": {"ailleurs.example"}, "geste": {"mute"}}, "mute")
	if n := told(); n != 0 {
		t.Errorf("a mail would tell of %d things of a muted server", n)
	}
	hasNot(t, s.page("/explorer?q=meetup", "Cookie", cookie), "/@eve@")
	has(t, s.page("/explorer?q=meetup"), "/@eve@")
	hasNot(t, s.page("/fil", "Cookie", cookie), "Meetup", `class="count"`)
	press(url.Values{"serveur": {"ailleurs.example"}, "geste": {"unmute"}}, "unmute")
	has(t, s.page("/explorer?q=meetup", "Cookie", cookie), "/@eve@")
	has(t, s.page("/fil", "Cookie", cookie), "Meetup", `class="count"`)
	has(t, s.page("/notifications", "Cookie", cookie), "vous a répondu")
	press(url.Values{"serveur": {"ailleurs.example"}, "geste": {"mute"}}, "mute")
	hasNot(t, s.page("/notifications", "Cookie", cookie), "vous a répondu")
	has(t, s.page("/reglages/masques", "Cookie", cookie), "ailleurs.example")
	press(url.Values{"serveur": {"ailleurs.example"}, "geste": {"unmute"}}, "unmute")

	press(url.Values{"acteur": {eve.ID.String()}, "geste": {"block"}}, "block")
	hasNot(t, s.page("/fil", "Cookie", cookie), "Meetup")
	hasNot(t, s.page("/notifications", "Cookie", cookie), "vous a répondu")
	has(t, s.page("/@eve@ailleurs.example", "Cookie", cookie), "unblock")
	press(url.Values{"acteur": {eve.ID.String()}, "geste": {"unblock"}}, "unblock")
	hasNot(t, s.page("/@eve@ailleurs.example", "Cookie", cookie), "unblock")

	for _, bad := range []url.Values{{"acteur": {me.ID.String()}, "geste": {"mute"}}, {"serveur": {"innov.example"}, "geste": {"mute"}}, {"acteur": {eve.ID.String()}, "geste": {"x"}}} {
		if w := s.send("/eloigner", bad, "Cookie", cookie); w.Code != 400 {
			t.Errorf("%v: %d", bad, w.Code)
		}
	}
}
