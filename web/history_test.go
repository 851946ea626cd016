package web

import (
	"fmt"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"essaim/internal/activity"
	"essaim/internal/essaim"
)

func TestHistoryOfAPost(t *testing.T) {
	s := newSite(t)
	cookie := s.signIn("ines")
	s.send("/publier/message", url.Values{"texte": {"Premier paragraphe.\n\nUne **fote** ici."}, "visibilite": {"public"}}, "Cookie", cookie)
	o := s.latest()
	path, page := "/objets/"+o.ID.String()+"/historique", strings.TrimPrefix(o.Thing().Summary("fr").URL, base)
	hasNot(t, s.page(page), "/historique")
	has(t, s.page(path), "Aucune version antérieure", "Version actuelle", "Une fote ici.")
	s.send("/objets/"+o.ID.String()+"/modifier", url.Values{"texte": {"Premier paragraphe.\n\nUne **faute** ici.\n\n" + hostile}, "avertissement": {""}, "langue": {"fr"}}, "Cookie", cookie)
	has(t, s.page(page), path, "Modifié le")
	shown := s.page(path)
	has(t, shown, "Version actuelle", "Première version", "Premier paragraphe.", "</span>Une fote ici.</del>", "</span>Une faute ici.</ins>", `href="`+page+`"`)
	hasNot(t, shown, "Aucune version antérieure", "<script>alert", "</span>Premier paragraphe.")
	has(t, s.page(path+"?lang=en"), "Current version", "Removed:")
	s.send("/objets/"+o.ID.String()+"/modifier", url.Values{"texte": {"Premier paragraphe."}, "avertissement": {"Récit dur"}, "langue": {"fr"}}, "Cookie", cookie)
	has(t, s.page(path), "Version précédente", "<summary>", "Récit dur")
	if w := s.send("/objets/"+o.ID.String()+"/supprimer", nil, "Cookie", cookie); w.Code != 303 {
		t.Fatal(w.Code)
	}
	if w := s.get(path); w.Code != 410 || strings.Contains(w.Body.String(), "paragraphe") {
		t.Errorf("deleted: %d", w.Code)
	}
}

func TestHistoryIsForThoseWhoSeeTheObject(t *testing.T) {
	s := newSite(t)
	s.person("autre")
	s.person("tiers")
	private := s.creates(&essaim.Post{HTML: "<p>Entre nous</p>", Language: "fr", To: []string{s.Site.Actor("autre")}})
	path := "/objets/" + private.ID.String() + "/historique"
	has(t, s.page(path, "Cookie", s.signIn("autre")), "Entre nous")
	for _, w := range []int{s.get(path).Code, s.get(path, "Cookie", s.signIn("tiers")).Code, s.get("/objets/zzz/historique").Code, s.get("/@ines/historique").Code, s.get("/@personne/historique").Code} {
		if w != 404 {
			t.Errorf("%d", w)
		}
	}
}

func TestHistoryOfAProjectAndOfAnEvent(t *testing.T) {
	s := newSite(t)
	project := s.project("covoit", "pilot")
	changed := *project.Thing().(*essaim.Project)
	was := changed.Name
	changed.Name, changed.Phase = "Covoiturage "+hostile, "acceleration"
	s.does(activity.Update(project.IRI, &changed, ""))
	shown := s.page("/@covoit/historique")
	has(t, shown, "<del>", was+"</del>", "Covoiturage", "Expérimentation</del>", "Accélération</ins>", `href="/@covoit"`)
	hasNot(t, shown, "<script>alert")
	has(t, s.page("/@covoit"), `href="/@covoit/historique"`)

	starts := time.Date(2027, 3, 4, 17, 0, 0, 0, time.UTC)
	o := s.creates(&essaim.Event{Name: "Réunion", HTML: "<p>Venez.</p>", EventKind: "meetup", Starts: starts, Zone: "Europe/Paris", Place: &essaim.EventPlace{Name: "Mairie"}, Language: "fr"})
	moved := *o.Thing().(*essaim.Event)
	moved.Starts = starts.AddDate(0, 0, 7)
	s.does(activity.Update(s.Site.Actor("ines"), &moved, ""))
	path := "/objets/" + o.ID.String() + "/historique"
	has(t, s.page(path), "4\u00a0mars", "11\u00a0mars", "Venez.")
	has(t, s.page("/agenda/"+o.ID.String()), path)
}

func TestCompared(t *testing.T) {
	show := func(was, now string) (out []string) {
		for _, l := range compared(strings.Fields(was), strings.Fields(now)) {
			out = append(out, map[[2]bool]string{{true, false}: "+", {false, true}: "-", {}: ""}[[2]bool{l.Came, l.Went}]+l.Text)
		}
		return out
	}
	for _, c := range [][3]string{
		{"a b c", "a b c", "a b c"}, {"", "a", "+a"}, {"a", "", "-a"}, {"a b c", "a x c", "a -b +x c"}, {"a b", "b a", "-a b +a"}, {"a a", "a", "a -a"},
		{"x a b y c", "x b q y c", "x -a b +q y c"},
	} {
		if got := show(c[0], c[1]); !reflect.DeepEqual(got, strings.Fields(c[2])) && len(got)+len(c[2]) > 0 {
			t.Errorf("%q to %q: %v", c[0], c[1], got)
		}
	}
	many := func(mark string) (all []string) {
		for n := range 2000 {
			all = append(all, fmt.Sprint(mark, n))
		}
		return all
	}
	if got := compared(append(many("a"), "end"), append(many("b"), "end")); len(got) != 4001 || !got[0].Went || !got[3999].Came || got[4000].Came || got[4000].Went {
		t.Errorf("%d lines", len(got))
	}
}
