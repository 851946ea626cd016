package web

import (
	"context"
	"net/url"
	"testing"

	"essaim/federation/vocab"
	"essaim/internal/activity"
	"essaim/internal/essaim"
	"essaim/internal/store"
)

// TestKeepingAway: who is muted or blocked, or on a muted server, is not in the timeline, the notifications or the threads of who did it, and is for the others.
func TestKeepingAway(t *testing.T) {
	s, _ := furnished(t)
	cookie := s.signIn("ines")
	eve, err := store.ActorByHandle(context.Background(), s.DB.Read(), "eve", "ailleurs.example")
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
	press(url.Values{"acteur": {loud.ID.String()}, "geste": {"mute"}}, "mute")
	hasNot(t, s.page("/fil", "Cookie", cookie), "Encore moi")
	has(t, s.page("/reglages/masques", "Cookie", cookie), "bavard")
	has(t, s.page("/@bavard"), "Encore moi")
	press(url.Values{"acteur": {loud.ID.String()}, "geste": {"unmute"}}, "unmute")
	has(t, s.page("/fil", "Cookie", cookie), "Encore moi")

	has(t, s.page("/notifications", "Cookie", cookie), "vous a répondu")
	press(url.Values{"serveur": {"ailleurs.example"}, "geste": {"mute"}}, "mute")
	hasNot(t, s.page("/notifications", "Cookie", cookie), "vous a répondu")
	has(t, s.page("/reglages/masques", "Cookie", cookie), "ailleurs.example")
	press(url.Values{"serveur": {"ailleurs.example"}, "geste": {"unmute"}}, "unmute")

	press(url.Values{"acteur": {eve.ID.String()}, "geste": {"block"}}, "block")
	has(t, s.page("/@eve@ailleurs.example", "Cookie", cookie), "unblock")
	press(url.Values{"acteur": {eve.ID.String()}, "geste": {"unblock"}}, "unblock")
	hasNot(t, s.page("/@eve@ailleurs.example", "Cookie", cookie), "unblock")

	me, err := store.ActorByHandle(context.Background(), s.DB.Read(), "ines", "innov.example")
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range []url.Values{{"acteur": {me.ID.String()}, "geste": {"mute"}}, {"serveur": {"innov.example"}, "geste": {"mute"}}, {"acteur": {eve.ID.String()}, "geste": {"x"}}} {
		if w := s.send("/eloigner", bad, "Cookie", cookie); w.Code != 400 {
			t.Errorf("%v: %d", bad, w.Code)
		}
	}
}
