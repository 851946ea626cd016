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

// as applies an activity of another member.
func (s *site) as(account essaim.ID, a *vocab.Activity) activity.Outcome {
	s.t.Helper()
	out, err := s.Apply(context.Background(), a, activity.Local(account))
	if err != nil {
		s.t.Fatalf("%s: %v", a.Type, err)
	}
	return out
}

func TestTimeline(t *testing.T) {
	s, _ := furnished(t)
	reader := s.person("lectrice")
	cookie := s.signIn("lectrice")
	page := s.page("/fil", "Cookie", cookie)
	has(t, page, "Votre fil se remplit", "/bienvenue")
	if w := s.get("/", "Cookie", cookie); w.Code != 302 || w.Header().Get("Location") != "/fil" {
		t.Errorf("home: %d %s", w.Code, w.Header())
	}
	if w := s.get("/fil"); w.Code != 302 || !strings.HasPrefix(w.Header().Get("Location"), "/connexion") {
		t.Errorf("signed out: %d", w.Code)
	}
	me := s.Site.Actor("lectrice")
	s.as(reader, activity.About(vocab.Follow, me, s.Site.Actor("ines")))
	page = s.page("/fil", "Cookie", cookie)
	has(t, page, "Bonjour", "Atelier", "Secret de polichinelle", "J’aime")
	hasNot(t, page, "Votre fil se remplit", "<script>alert", "Nouveau projet") // the project speaks for itself, and is not followed
	for word, want := range map[string][2]string{"evenements": {"Atelier", "Bonjour"}, "messages": {"Bonjour", "Atelier"}, "projets": {"Votre fil se remplit", "Bonjour"}} {
		page = s.page("/fil?type="+word, "Cookie", cookie)
		has(t, page, want[0])
		hasNot(t, strings.Split(page, "<aside")[0], want[1]+"</")
	}
	s.as(reader, activity.About(vocab.Follow, me, s.Site.Actor("bus")))
	has(t, s.page("/fil?type=projets", "Cookie", cookie), "Nouveau projet")
}

// TestSharesStandTogether: what several shared stands once, with who shared it; and what a stranger of the reader wrote comes by a share.
func TestSharesStandTogether(t *testing.T) {
	s := newSite(t)
	post := s.creates(&essaim.Post{HTML: "<p>À partager</p>", Language: "fr"})
	reader := s.person("lectrice")
	for _, who := range []string{"nolwenn", "yann"} {
		id := s.person(who)
		s.as(reader, activity.About(vocab.Follow, s.Site.Actor("lectrice"), s.Site.Actor(who)))
		s.as(id, activity.About(vocab.Announce, s.Site.Actor(who), post.IRI))
	}
	page := s.page("/fil", "Cookie", s.signIn("lectrice"))
	has(t, page, "et 1 autre ont relayé")
	if n := strings.Count(page, "À partager"); n != 1 {
		t.Errorf("it stands %d times", n)
	}
}

func TestTimelinePages(t *testing.T) {
	s := newSite(t)
	for range 45 {
		s.creates(&essaim.Post{HTML: "<p>Un de plus</p>", Language: "fr"})
	}
	cookie, path, seen := s.signIn("ines"), "/fil", 0
	for pages := 0; path != "" && pages < 6; pages++ {
		page := s.page(path, "Cookie", cookie)
		seen += strings.Count(page, "Un de plus")
		_, rest, ok := strings.Cut(page, `rel="next" href="`)
		if path = ""; ok {
			path, _, _ = strings.Cut(rest, `"`)
		}
	}
	if seen != 45 {
		t.Errorf("%d of 45 were seen", seen)
	}
}

func TestReactions(t *testing.T) {
	s, _ := furnished(t)
	s.person("lectrice")
	cookie := s.signIn("lectrice")
	post := s.creates(&essaim.Post{HTML: "<p>À aimer</p>", Language: "fr"})
	page := strings.TrimPrefix(post.Thing().Summary("fr").URL, base)
	send := func(gesture string) int {
		w := s.send("/reagir", url.Values{"objet": {post.ID.String()}, "geste": {gesture}, "retour": {page}}, "Cookie", cookie)
		if w.Code == 303 && w.Header().Get("Location") != page+"#o-"+post.ID.String() {
			t.Errorf("%s led to %s", gesture, w.Header().Get("Location"))
		}
		return w.Code
	}
	for _, step := range []struct{ gesture, shown string }{{"like", "Aimé"}, {"like", "Aimé"}, {"unlike", "J’aime"}, {"unlike", "J’aime"}, {"share", "Relayé"}, {"unshare", "Relayer"}, {"keep", "Gardé"}} {
		if code := send(step.gesture); code != 303 {
			t.Fatalf("%s: %d", step.gesture, code)
		}
		has(t, s.page(page, "Cookie", cookie), step.shown)
	}
	has(t, s.page("/favoris", "Cookie", cookie), "À aimer")
	hasNot(t, s.page("/favoris", "Cookie", s.signIn("ines")), "À aimer")
	if code := send("explode"); code != 400 {
		t.Errorf("%d", code)
	}
	private := s.creates(&essaim.Post{HTML: "<p>Entre nous</p>", Language: "fr", To: []string{s.Site.Actor("ines")}})
	if w := s.send("/reagir", url.Values{"objet": {private.ID.String()}, "geste": {"like"}}, "Cookie", cookie); w.Code != 404 {
		t.Errorf("a private post: %d", w.Code)
	}
	hasNot(t, s.page(page), "/reagir")
}

func TestFollowButtons(t *testing.T) {
	s, _ := furnished(t)
	reader := s.person("lectrice")
	cookie := s.signIn("lectrice")
	bus, err := store.ActorByHandle(context.Background(), s.DB.Read(), "bus", "innov.example")
	if err != nil {
		t.Fatal(err)
	}
	has(t, s.page("/@bus", "Cookie", cookie), `value="follow"`)
	press := func(gesture, retour string) string {
		w := s.send("/suivre", url.Values{"acteur": {bus.ID.String()}, "geste": {gesture}, "retour": {retour}}, "Cookie", cookie)
		if w.Code != 303 {
			t.Fatalf("%s: %d %s", gesture, w.Code, w.Body)
		}
		return w.Header().Get("Location")
	}
	if to := press("follow", "/@bus"); to != "/@bus?fait=followed" {
		t.Error(to)
	}
	page := s.page("/@bus?fait=followed", "Cookie", cookie)
	has(t, page, `value="unfollow"`, "C’est suivi")
	has(t, s.page("/@lectrice/abonnements", "Cookie", cookie), "Projet bus")
	hasNot(t, s.page("/@bus/abonnes"), "lectrice</a>") // she did not choose to be found
	if to := press("unfollow", "//evil.example"); to != "/?fait=unfollowed" {
		t.Error(to)
	}
	has(t, s.page("/@bus", "Cookie", cookie), `value="follow"`)
	_ = reader
}

// TestRequests: a person who approves followers is asked, and answers; until then nothing of hers is in a timeline.
func TestRequests(t *testing.T) {
	s := newSite(t)
	s.does(activity.Update(s.Site.Actor("ines"), &essaim.Profile{Kind: essaim.KindPerson, ID: s.Site.Actor("ines"), Handle: "ines", Name: "Inès", ManuallyApproves: true}, ""))
	s.creates(&essaim.Post{HTML: "<p>Pour mes abonnés</p>", Language: "fr"})
	s.person("lectrice")
	cookie, mine := s.signIn("lectrice"), s.signIn("ines")
	ines, err := store.ActorByHandle(context.Background(), s.DB.Read(), "ines", "innov.example")
	if err != nil {
		t.Fatal(err)
	}
	w := s.send("/suivre", url.Values{"acteur": {ines.ID.String()}, "geste": {"follow"}, "retour": {"/@ines"}}, "Cookie", cookie)
	if w.Header().Get("Location") != "/@ines?fait=asked" {
		t.Fatalf("%d %s", w.Code, w.Header())
	}
	has(t, s.page("/@ines", "Cookie", cookie), "Demande envoyée")
	hasNot(t, s.page("/fil", "Cookie", cookie), "Pour mes abonnés")
	has(t, s.page("/notifications", "Cookie", mine), "demande à vous suivre", "/demandes")
	has(t, s.page("/demandes", "Cookie", mine), "lectrice")
	reader, err := store.ActorByHandle(context.Background(), s.DB.Read(), "lectrice", "innov.example")
	if err != nil {
		t.Fatal(err)
	}
	if w := s.send("/demandes", url.Values{"acteur": {reader.ID.String()}, "geste": {"accept"}}, "Cookie", cookie); w.Code != 404 {
		t.Errorf("she accepted herself: %d", w.Code)
	}
	if w := s.send("/demandes", url.Values{"acteur": {reader.ID.String()}, "geste": {"accept"}}, "Cookie", mine); w.Code != 303 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	has(t, s.page("/fil", "Cookie", cookie), "Pour mes abonnés")
	has(t, s.page("/notifications", "Cookie", cookie), "a accepté votre demande")
}

func TestNotifications(t *testing.T) {
	s, _ := furnished(t)
	cookie := s.signIn("ines")
	post := s.creates(&essaim.Post{HTML: "<p>Aimez-moi</p>", Language: "fr"})
	for _, who := range []string{"a_un", "a_deux", "a_trois"} {
		s.as(s.person(who), activity.About(vocab.Like, s.Site.Actor(who), post.IRI))
	}
	has(t, s.page("/projets", "Cookie", cookie), `class="count"`)
	page := s.page("/notifications", "Cookie", cookie)
	has(t, page, "a_trois a aimé ce que vous avez publié (et 2 autres)", "Aujourd’hui", "vous a répondu", "nouveau")
	hasNot(t, page, "<script>alert", "onerror=alert(2)>")
	hasNot(t, s.page("/notifications", "Cookie", cookie), "new-mark")
	hasNot(t, s.page("/projets", "Cookie", cookie), `class="count"`)
	hasNot(t, s.page("/notifications?type=mentions", "Cookie", cookie), "a aimé")
	has(t, s.page("/notifications?type=reactions", "Cookie", cookie), "a aimé")
	if w := s.send("/notifications", nil, "Cookie", cookie); w.Code != 303 {
		t.Errorf("%d", w.Code)
	}
}

// TestLookUp: each way in which a look-up fails is told in its own words, and nothing typed is lost.
func TestLookUp(t *testing.T) {
	var answer func(string) (*store.Actor, *store.Object, error)
	s, _ := furnished(t, func(o *Options) {
		o.Resolve = func(_ context.Context, ref string) (*store.Actor, *store.Object, error) { return answer(ref) }
	})
	cookie := s.signIn("ines")
	has(t, s.page("/recherche-distante", "Cookie", cookie), "fediverse")
	for code, want := range map[essaim.Code]string{essaim.Invalid: "Écrivez un identifiant complet", essaim.NotFound: "Rien n’a été trouvé", essaim.Refused: "que nous puissions croire", essaim.Unavailable: "ne répond pas"} {
		answer = func(string) (*store.Actor, *store.Object, error) { return nil, nil, essaim.Errorf(code, "no") }
		w := s.get("/recherche-distante?q="+url.QueryEscape("@x@y.example"+hostile), "Cookie", cookie)
		if w.Code != 422 && w.Code != 502 {
			t.Errorf("%s: %d", code, w.Code)
		}
		has(t, w.Body.String(), want, "@x@y.example")
		hasNot(t, w.Body.String(), "<script>alert")
	}
	eve, err := store.ActorByHandle(context.Background(), s.DB.Read(), "eve", "ailleurs.example")
	if err != nil {
		t.Fatal(err)
	}
	answer = func(string) (*store.Actor, *store.Object, error) { return eve, nil, nil }
	has(t, s.page("/recherche-distante?q=@eve@ailleurs.example", "Cookie", cookie), "/@eve@ailleurs.example", `value="unfollow"`)
	if w := s.get("/recherche-distante?q=@eve@ailleurs.example"); w.Code != 302 {
		t.Errorf("signed out: %d", w.Code)
	}
}
