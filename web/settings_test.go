package web

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/csv"
	"io"
	"net/url"
	"strings"
	"testing"
	"time"

	"essaim/federation/vocab"
	"essaim/internal/activity"
	"essaim/internal/essaim"
	"essaim/internal/store"
)

func TestProfileSettings(t *testing.T) {
	s := newSite(t)
	cookie := s.signIn("ines")
	values := url.Values{"nom": {"Inès " + hostile}, "presentation": {"Je cherche **une salle**.\n\nhttps://ines.example"}, "territoires": {"Mende (48) ; lozère"}, "titre.1": {"Site"}, "valeur.1": {"https://ines.example/?a=1&b=2"}, "titre.2": {"Vide"}}
	if w := s.send("/reglages/profil", values, "Cookie", cookie); w.Code != 303 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	page := s.page("/@ines")
	has(t, page, "<strong>une salle</strong>", "Lozère", `href="https://ines.example/?a=1&amp;b=2"`)
	hasNot(t, page, "<script>alert")
	page = s.page("/reglages/profil?fait=saved", "Cookie", cookie)
	has(t, page, "Je cherche **une salle**.", "Mende (48); Lozère (48)", "C’est enregistré.", `value="https://ines.example/?a=1&amp;b=2"`)
	for name, bad := range map[string]url.Values{
		"f-nom":         {"nom": {" "}, "presentation": {"Gardé"}},
		"f-territoires": {"nom": {"Inès"}, "territoires": {"Sainte-Colombe"}, "presentation": {"Gardé"}},
	} {
		w := s.send("/reglages/profil", bad, "Cookie", cookie)
		if w.Code != 422 {
			t.Errorf("%s: %d", name, w.Code)
		}
		has(t, w.Body.String(), `href="#`+name+`"`, "Gardé")
	}
	if w := s.send("/reglages/profil", url.Values{"nom": {"Inès"}, "territoires": {"Sainte-Colombe"}}, "Cookie", cookie); !strings.Contains(w.Body.String(), "Sainte-Colombe (") {
		t.Error("homonyms are not named")
	}
	if w := s.send("/reglages/profil", values); w.Code != 401 {
		t.Errorf("signed out: %d", w.Code)
	}
}

func TestPrivacyAndDisplay(t *testing.T) {
	s := newSite(t)
	cookie := s.signIn("ines")
	if w := s.send("/reglages/confidentialite", url.Values{"annuaire": {"1"}, "demandes": {"1"}}, "Cookie", cookie); w.Code != 303 {
		t.Fatalf("%d", w.Code)
	}
	c, err := store.CardByHandle(context.Background(), s.DB.Read(), "ines", "innov.example")
	if err != nil {
		t.Fatal(err)
	}
	if p := c.Thing().(*essaim.Profile); !p.Discoverable || p.Indexable || !p.ManuallyApproves {
		t.Errorf("%+v", p)
	}
	w := s.send("/affichage", url.Values{"theme": {"dark"}, "langue": {"en"}})
	if w.Code != 303 || len(w.Header().Values("Set-Cookie")) != 2 {
		t.Fatalf("%d %v", w.Code, w.Header())
	}
	has(t, s.page("/projets", "Cookie", "theme=dark; lang=en"), `data-theme="dark"`, `lang="en"`)
	hasNot(t, s.page("/projets", "Cookie", `theme=x"><script>`), "<script>")
	if w := s.send("/affichage", url.Values{"theme": {"pink"}, "langue": {"fr"}}); w.Code != 422 {
		t.Errorf("%d", w.Code)
	}
}

// TestACopyOfEverything: asked for, made by a job, fetched by its person alone.
func TestACopyOfEverything(t *testing.T) {
	s, _ := furnished(t)
	s.creates(&essaim.Post{HTML: "<p>=SOMME(1)</p>", Language: "fr"})
	cookie := s.signIn("ines")
	if w := s.send("/reglages/export", nil, "Cookie", cookie); w.Code != 303 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if w := s.send("/reglages/export", nil, "Cookie", cookie); w.Code != 409 {
		t.Errorf("a second one at once: %d", w.Code)
	}
	if w := s.get("/reglages/export", "Cookie", cookie); w.Header().Get("Refresh") == "" {
		t.Error("the page does not follow the making")
	}
	s.work()
	page := s.page("/reglages/export", "Cookie", cookie)
	_, rest, ok := strings.Cut(page, `href="/reglages/export/`)
	if !ok {
		t.Fatal(page)
	}
	id, _, _ := strings.Cut(rest, `"`)
	w := s.get("/reglages/export/"+id, "Cookie", cookie)
	if w.Code != 200 || w.Header().Get("Content-Type") != "application/zip" {
		t.Fatalf("%d %v", w.Code, w.Header())
	}
	z, err := zip.NewReader(bytes.NewReader(w.Body.Bytes()), int64(w.Body.Len()))
	if err != nil {
		t.Fatal(err)
	}
	read := func(name string) string {
		f, err := z.Open(name)
		if err != nil {
			t.Fatal(name, err)
		}
		b, err := io.ReadAll(f)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	doc, err := vocab.Parse([]byte(read("outbox.json")))
	if err != nil || len(doc.Items("orderedItems")) < 4 {
		t.Errorf("the outbox: %v, %d entries", err, len(doc.Items("orderedItems")))
	}
	rows, err := csv.NewReader(strings.NewReader(read("publications.csv"))).ReadAll()
	if err != nil || len(rows) < 5 {
		t.Fatalf("%v %d", err, len(rows))
	}
	if last := rows[len(rows)-1]; last[4] != "'=SOMME(1)" {
		t.Errorf("a formula: %q", last)
	}
	has(t, read("following_accounts.csv"), "\neve@ailleurs.example\n")
	has(t, read("account.json"), "ines@innov.example")
	has(t, read("actor.json"), `"Person"`)
	s.person("autre")
	for _, who := range []string{"", s.signIn("autre")} {
		if w := s.get("/reglages/export/"+id, "Cookie", who); w.Code != 404 {
			t.Errorf("somebody else: %d", w.Code)
		}
	}
}

// TestLeaving: nobody leaves a project alone; the account and its sessions go with the actor.
func TestLeaving(t *testing.T) {
	s, _ := furnished(t)
	s.known("ines")
	cookie := s.signIn("ines")
	leave := url.Values{"identifiant": {"ines"}, "mot-de-passe": {password}}
	if w := s.send("/reglages/supprimer", leave, "Cookie", cookie); w.Code != 422 || !strings.Contains(w.Body.String(), "/@bus") {
		t.Fatalf("with projects: %d", w.Code)
	}
	id := s.person("seule")
	s.known("seule")
	cookie = s.signIn("seule")
	leave.Set("identifiant", "seule")
	if _, err := s.Apply(context.Background(), activity.Create(s.Site.Actor("seule"), &essaim.Post{HTML: "<p>Adieu</p>", Language: "fr"}), activity.Local(id)); err != nil {
		t.Fatal(err)
	}
	for _, wrong := range []url.Values{{"identifiant": {"ines"}, "mot-de-passe": {password}}, {"identifiant": {"seule"}, "mot-de-passe": {"une autre phrase"}}, {}} {
		if w := s.send("/reglages/supprimer", wrong, "Cookie", cookie); w.Code != 422 {
			t.Errorf("%v: %d", wrong, w.Code)
		}
	}
	if w := s.send("/reglages/supprimer", leave, "Cookie", cookie); w.Code != 303 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if w := s.get("/@seule"); w.Code != 410 {
		t.Errorf("the page: %d", w.Code)
	}
	if _, err := store.AccountByID(context.Background(), s.DB.Read(), id); err == nil {
		t.Error("the account is still there")
	}
	hasNot(t, s.page("/projets", "Cookie", cookie), "/deconnexion")
}

// TestLetters: a reply is written about at once, the rest once a week, and both can be stopped with one click.
func TestLetters(t *testing.T) {
	s, _ := furnished(t) // somebody elsewhere answered a post of ours
	reader := s.person("lectrice")
	if _, err := s.Apply(context.Background(), activity.About(vocab.Follow, s.Site.Actor("lectrice"), s.Site.Actor("ines")), activity.Local(reader)); err != nil {
		t.Fatal(err)
	}
	s.work()
	got := s.post.To("ines@innov.example")
	if len(got) != 1 || !strings.Contains(got[0].Subject, "vous a répondu") || !strings.Contains(got[0].Text, "Yes") {
		t.Fatalf("%d letters: %+v", len(got), got)
	}
	if err := s.pages.Notice.WriteDigests(context.Background()); err != nil {
		t.Fatal(err)
	}
	s.creates(&essaim.Post{HTML: "<p>Du nouveau</p>", Language: "fr"})
	s.creates(&essaim.Post{HTML: "<p>Secret de polichinelle</p>", Warning: "Attention", Language: "fr"})
	s.creates(&essaim.Event{Name: "Atelier", HTML: "<p>Venez.</p>", Language: "fr", Starts: s.now.AddDate(0, 0, 10), EventKind: "workshop"})
	s.mu.Lock()
	s.now = s.now.Add(7*24*time.Hour + time.Minute)
	s.mu.Unlock()
	for range 2 { // the second time nothing is due
		if err := s.pages.Notice.WriteDigests(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	s.work()
	got = s.post.To("ines@innov.example")
	if len(got) != 2 {
		t.Fatalf("%d letters", len(got))
	}
	digest := got[1]
	has(t, digest.Text, "Ce qui vous concerne", "lectrice vous suit")
	if other := s.post.To("lectrice@innov.example"); len(other) != 1 {
		t.Errorf("%d letters to the reader", len(other))
	} else {
		has(t, other[0].Text, "Ce que vous suivez", "Du nouveau", "Attention", "Prochains rendez-vous", "Atelier")
		hasNot(t, other[0].Text, "Secret de polichinelle", "Ce qui vous concerne")
	}
	has(t, digest.Header.Get("List-Unsubscribe"), "/desabonnement/")
	if digest.Header.Get("List-Unsubscribe-Post") != "List-Unsubscribe=One-Click" {
		t.Error("no one-click")
	}
	stop := strings.TrimPrefix(strings.Trim(digest.Header.Get("List-Unsubscribe"), "<>"), base)
	if w := s.get(stop); w.Code != 200 || !strings.Contains(w.Body.String(), "<form") {
		t.Errorf("%d", w.Code)
	}
	if w := s.get(stop[:len(stop)-1] + "A"); w.Code != 404 {
		t.Errorf("forged: %d", w.Code)
	}
	if w := s.send(stop, url.Values{"List-Unsubscribe": {"One-Click"}}); w.Code != 200 {
		t.Errorf("%d", w.Code)
	}
	a, err := store.AccountByID(context.Background(), s.DB.Read(), s.account)
	if err != nil || !a.Prefs.NoDigest || a.Prefs.NoMentions {
		t.Errorf("%+v %v", a, err)
	}
}
