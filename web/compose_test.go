package web

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/png"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"essaim/internal/essaim"
	"essaim/internal/jobs"
	"essaim/internal/media"
	"essaim/internal/store"
)

func withMedia(t *testing.T) func(*Options) {
	return func(o *Options) {
		o.Media = media.New(media.Options{DB: o.DB, Jobs: jobs.NewQueue(o.DB, jobs.Options{Clock: o.Clock}), Site: o.Site, Blobs: media.Folder(t.TempDir()), Clock: o.Clock})
	}
}

// upload fills in a form with files.
func (s *site) upload(path string, values url.Values, files map[string][]byte, headers ...string) *httptest.ResponseRecorder {
	s.t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for name, list := range values {
		for _, v := range list {
			if err := w.WriteField(name, v); err != nil {
				s.t.Fatal(err)
			}
		}
	}
	for name, body := range files {
		f, err := w.CreateFormFile(name, "photo.png")
		if err != nil {
			s.t.Fatal(err)
		}
		f.Write(body)
	}
	w.Close()
	r := httptest.NewRequest(http.MethodPost, path, &b)
	r.Header.Set("Content-Type", w.FormDataContentType())
	return s.ask(r, headers...)
}

func drawn(t *testing.T) []byte {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, 40, 30))
	m.Set(3, 3, color.RGBA{200, 10, 10, 255})
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func (s *site) latest() *store.Object {
	s.t.Helper()
	list, err := store.Latest(context.Background(), s.DB.Read(), essaim.KindPost, store.Page{Limit: 1})
	if err != nil || len(list) == 0 {
		s.t.Fatal("nothing was published", err)
	}
	return list[0]
}

func TestComposePost(t *testing.T) {
	s := newSite(t, withMedia(t))
	cookie := s.signIn("ines")
	has(t, s.page("/publier", "Cookie", cookie), "/publier/projet")
	page := s.page("/publier/message", "Cookie", cookie)
	has(t, page, `name="texte"`, `name="jeton"`, "data-draft")
	values := url.Values{"texte": {"Bonjour **à tous** <script>alert(1)</script>"}, "visibilite": {"public"}, "langue": {"fr"}, "par": {"ines"}, onceField: {"abcdefghijklmnopqrstuvwx"}, "action": {"apercu"}}
	w := s.send("/publier/message", values, "Cookie", cookie)
	if w.Code != 200 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	has(t, w.Body.String(), "<strong>à tous</strong>", "Visible de tout le monde. Envoyé à 0 abonné.", "abcdefghijklmnopqrstuvwx")
	hasNot(t, w.Body.String(), "<script>alert")
	values.Set("action", "publier")
	for range 2 { // a second click
		if w = s.send("/publier/message", values, "Cookie", cookie); w.Code != 303 || w.Header().Get("Location") != "/fil?fait=posted" {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
	}
	if n := strings.Count(s.page("/fil", "Cookie", cookie), "à tous"); n != 1 {
		t.Errorf("it was published %d times", n)
	}
	for name, bad := range map[string]url.Values{
		"f-texte":      {"texte": {"   "}, "visibilite": {"public"}},
		"f-visibilite": {"texte": {"Gardé"}, "visibilite": {"nobody"}},
		"f-langue":     {"texte": {"Gardé"}, "visibilite": {"public"}, "langue": {hostile}},
	} {
		w := s.send("/publier/message", bad, "Cookie", cookie)
		if w.Code != 422 {
			t.Errorf("%s: %d", name, w.Code)
		}
		has(t, w.Body.String(), `href="#`+name+`"`, strings.TrimSpace(bad.Get("texte")))
		hasNot(t, w.Body.String(), "<script>alert")
	}
}

func TestComposePrivately(t *testing.T) {
	s := newSite(t)
	s.person("lectrice")
	cookie := s.signIn("ines")
	s.send("/publier/message", url.Values{"texte": {"Entre nous"}, "visibilite": {"direct"}, "par": {"ines"}}, "Cookie", cookie)
	s.send("/publier/message", url.Values{"texte": {"Pour les miens"}, "visibilite": {"followers"}, "par": {"ines"}}, "Cookie", cookie)
	has(t, s.page("/fil", "Cookie", cookie), "Entre nous", "Pour les miens")
	hasNot(t, s.page("/@ines"), "Entre nous", "Pour les miens")
	hasNot(t, s.page("/@ines", "Cookie", s.signIn("lectrice")), "Entre nous")
}

// TestPublishAs: only for whom one may speak, whatever the form says.
func TestPublishAs(t *testing.T) {
	s, _ := furnished(t)
	s.person("autre")
	for who, by := range map[string]string{"ines": "bus", "autre": "autre"} {
		cookie := s.signIn(who)
		if w := s.send("/publier/message", url.Values{"texte": {"Au nom de"}, "visibilite": {"public"}, "par": {"bus"}}, "Cookie", cookie); who == "ines" && w.Code != 303 || who == "autre" && w.Code != 422 {
			t.Errorf("%s: %d", who, w.Code)
		}
		if who == "ines" {
			if o := s.latest(); !strings.Contains(o.Doc, "/actors/"+by) {
				t.Errorf("%s spoke: %s", by, o.Doc)
			}
		}
	}
}

// TestPicturesOfAForm: one that was taken stays with the form whatever else is wrong; one without description, or that is no picture, is told.
func TestPicturesOfAForm(t *testing.T) {
	s := newSite(t, withMedia(t))
	cookie := s.signIn("ines")
	values := url.Values{"texte": {"Avec une image"}, "visibilite": {"public"}, "par": {"ines"}}
	w := s.upload("/publier/message", values, map[string][]byte{"fichier.1": drawn(t), "fichier.2": []byte(`{"type":"Note"}`)}, "Cookie", cookie)
	if w.Code != 422 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	has(t, w.Body.String(), "Décrivez l’image", "Avec une image", `href="#f-fichier-2"`)
	_, rest, ok := strings.Cut(w.Body.String(), `name="image.1" value="`)
	if !ok {
		t.Fatal("the picture was not kept")
	}
	name, _, _ := strings.Cut(rest, `"`)
	values.Set("image.1", name)
	values.Set("alt.1", "Un point rouge "+hostile)
	if w = s.upload("/publier/message", values, nil, "Cookie", cookie); w.Code != 303 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	page := s.page("/fil", "Cookie", cookie)
	has(t, page, name, "Un point rouge")
	hasNot(t, page, "<script>alert")
	s.person("autre")
	if w := s.upload("/publier/message", url.Values{"texte": {"Volée"}, "visibilite": {"public"}, "image.1": {name}, "alt.1": {"x"}}, nil, "Cookie", s.signIn("autre")); w.Code != 303 || strings.Contains(s.latest().Doc, name) {
		t.Errorf("somebody else's picture: %d %s", w.Code, s.latest().Doc)
	}
}

func TestDrafts(t *testing.T) {
	s := newSite(t)
	cookie := s.signIn("ines")
	if w := s.send("/publier/message", url.Values{"texte": {"À finir"}, "action": {"brouillon"}}, "Cookie", cookie); w.Code != 303 || w.Header().Get("Location") != "/brouillons?fait=draft" {
		t.Fatalf("%d %s", w.Code, w.Header())
	}
	has(t, s.page("/brouillons", "Cookie", cookie), "À finir", "Un message")
	has(t, s.page("/publier/message", "Cookie", cookie), "À finir", "Vous retrouvez ici")
	if w := s.send("/brouillons", url.Values{"formulaire": {"/publier/message"}, "action": {"garder"}, "texte": {"À finir bientôt"}}, "Cookie", cookie); w.Code != 204 {
		t.Errorf("a script keeps it: %d", w.Code)
	}
	has(t, s.page("/publier/message", "Cookie", cookie), "À finir bientôt")
	if w := s.send("/publier/message", url.Values{"texte": {"Fini"}, "visibilite": {"public"}}, "Cookie", cookie); w.Code != 303 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	has(t, s.page("/brouillons", "Cookie", cookie), "Aucun brouillon")
	s.send("/publier/projet", url.Values{"titre": {"Un titre"}, "action": {"brouillon"}}, "Cookie", cookie)
	s.send("/brouillons", url.Values{"formulaire": {"/publier/projet"}}, "Cookie", cookie)
	has(t, s.page("/brouillons", "Cookie", cookie), "Aucun brouillon")
}

func TestComposeProject(t *testing.T) {
	s := newSite(t, withMedia(t))
	cookie := s.signIn("ines")
	good := func() url.Values {
		return url.Values{"titre": {"Le Bus à idées"}, "mission": {"Pour tous, un bus."}, "probleme": {"Loin de tout."}, "solution": {"Un bus."}, "essaimage": {"Garder le bus."}, "porteur": {"ines"}, "territoires": {"Mende"},
			"phase": {"pilot"}, "theme": {"mobility"}, "autres": {"culture_sport"}, "contact": {"bus@innov.example"}, "langue": {"fr"}}
	}
	preview := good()
	preview.Set("action", "apercu")
	has(t, s.send("/publier/projet", preview, "Cookie", cookie).Body.String(), "Le Bus à idées", "L’instance l’annonce")
	w := s.send("/publier/projet", good(), "Cookie", cookie)
	if w.Code != 303 || w.Header().Get("Location") != "/@le_bus_a_idees?fait=project" {
		t.Fatalf("%d %s %s", w.Code, w.Header(), w.Body)
	}
	has(t, s.page("/@le_bus_a_idees"), "Loin de tout.", "Un bus.", "Garder le bus.", "Mende", "Expérimentation", "bus@innov.example")
	if w := s.send("/publier/projet", good(), "Cookie", cookie); w.Header().Get("Location") != "/@le_bus_a_idees_2?fait=project" {
		t.Errorf("a second of that name: %s", w.Header())
	}
	for field, change := range map[string]func(url.Values){
		"titre": func(v url.Values) { v.Set("titre", "") }, "territoires": func(v url.Values) { v.Set("territoires", "Nulle-Part-sur-Rien") }, "theme": func(v url.Values) { v.Set("theme", "x") },
		"autres": func(v url.Values) { v["autres"] = []string{"culture_sport", "housing_planning", "justice_law"} }, "identifiant": func(v url.Values) { v.Set("identifiant", "ines") },
		"mission": func(v url.Values) { v.Set("mission", strings.Repeat("x", 301)) }, "phase": func(v url.Values) { v.Set("phase", "stopped") },
	} {
		bad := good()
		change(bad)
		w := s.send("/publier/projet", bad, "Cookie", cookie)
		if w.Code != 422 {
			t.Errorf("%s: %d", field, w.Code)
		}
		has(t, w.Body.String(), `href="#f-`+field+`"`, "Loin de tout.")
	}
}

func TestComposeEvent(t *testing.T) {
	s := newSite(t)
	cookie := s.signIn("ines")
	good := url.Values{"titre": {"Café des projets"}, "genre": {"meetup"}, "jour": {"2026-12-24"}, "heure": {"18:30"}, "fin_heure": {"20:00"}, "lieu": {"Salle des fêtes"}, "commune": {"Saint-Denis (974)"}, "texte": {"Venez."}, "par": {"ines"}, "langue": {"fr"}}
	w := s.send("/publier/evenement", good, "Cookie", cookie)
	if w.Code != 303 || !strings.HasPrefix(w.Header().Get("Location"), "/agenda/") {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	page := s.page(w.Header().Get("Location"), "Cookie", cookie)
	has(t, page, "Café des projets", "18\u00a0h\u00a030", "Salle des fêtes", "heure de La Réunion")
	for field, value := range map[string]string{"jour": "2026-02-31", "heure": "", "fin_heure": "25:61", "en_ligne": "javascript:alert(1)", "genre": "x", "commune": "Nulle-Part-sur-Rien"} {
		bad := url.Values{}
		for k, v := range good {
			bad[k] = v
		}
		bad.Set(field, value)
		if w := s.send("/publier/evenement", bad, "Cookie", cookie); w.Code != 422 || !strings.Contains(w.Body.String(), "Venez.") {
			t.Errorf("%s: %d", field, w.Code)
		}
	}
	nowhere := url.Values{"titre": {"Nulle part"}, "genre": {"meetup"}, "jour": {"2026-12-24"}, "heure": {"18:30"}}
	if w := s.send("/publier/evenement", nowhere, "Cookie", cookie); w.Code != 422 {
		t.Errorf("nowhere: %d", w.Code)
	}
}

func TestEditAndDelete(t *testing.T) {
	s := newSite(t)
	cookie := s.signIn("ines")
	s.send("/publier/message", url.Values{"texte": {"Une **fote**"}, "visibilite": {"public"}}, "Cookie", cookie)
	o := s.latest()
	edit, gone, page := "/objets/"+o.ID.String()+"/modifier", "/objets/"+o.ID.String()+"/supprimer", strings.TrimPrefix(o.Thing().Summary("fr").URL, base)
	has(t, s.page(page, "Cookie", cookie), edit, gone)
	hasNot(t, s.page(page), edit)
	has(t, s.page(edit, "Cookie", cookie), "Une **fote**")
	s.person("autre")
	other := s.signIn("autre")
	hasNot(t, s.page(page, "Cookie", other), edit)
	for _, path := range []string{edit, gone} {
		if w := s.get(path, "Cookie", other); w.Code != 404 {
			t.Errorf("somebody else: %d", w.Code)
		}
		if w := s.send(path, url.Values{"texte": {"x"}}, "Cookie", other); w.Code != 404 {
			t.Errorf("somebody else: %d", w.Code)
		}
	}
	if w := s.send(edit, url.Values{"texte": {" "}}, "Cookie", cookie); w.Code != 422 {
		t.Errorf("emptied: %d", w.Code)
	}
	if w := s.send(edit, url.Values{"texte": {"Une **faute**"}, "langue": {"fr"}}, "Cookie", cookie); w.Code != 303 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	has(t, s.page(page), "<strong>faute</strong>")
	has(t, s.page(gone, "Cookie", cookie), "faute", "les serveurs qui l’ont reçue")
	if w := s.send(gone, nil, "Cookie", cookie); w.Code != 303 {
		t.Fatalf("%d", w.Code)
	}
	if w := s.get(page); w.Code != 410 {
		t.Errorf("%d", w.Code)
	}
	if w := s.get(edit, "Cookie", cookie); w.Code != 410 {
		t.Errorf("%d", w.Code)
	}
}

// TestAnAnswer names whom it is for, stays in the thread, and answers nothing that its writer may not see.
func TestAnAnswer(t *testing.T) {
	s, _ := furnished(t)
	cookie := s.signIn("ines")
	eve, err := store.ActorByHandle(context.Background(), s.DB.Read(), "eve", "ailleurs.example")
	if err != nil {
		t.Fatal(err)
	}
	list, err := store.ObjectsBy(context.Background(), s.DB.Read(), 0, eve.ID, essaim.KindPost, store.Page{Limit: 1})
	if err != nil || len(list) == 0 {
		t.Fatal(err)
	}
	path := "/publier/message?reponse=" + list[0].ID.String()
	has(t, s.page(path, "Cookie", cookie), "@eve@ailleurs.example ", "Répondre")
	if w := s.send(path, url.Values{"texte": {"Merci !"}, "visibilite": {"public"}}, "Cookie", cookie); w.Code != 303 || !strings.HasPrefix(w.Header().Get("Location"), "/@eve@ailleurs.example/") {
		t.Fatalf("%d %s", w.Code, w.Header())
	}
	if o := s.latest(); o.ReplyTo != list[0].ID {
		t.Error("it answers nothing")
	}
	s.person("autre")
	private := s.creates(&essaim.Post{HTML: "<p>Entre nous</p>", Language: "fr", To: []string{s.Site.Actor("ines")}})
	for _, p := range []string{"/publier/message?reponse=" + private.ID.String(), "/publier/message?reponse=zzz"} {
		if w := s.get(p, "Cookie", s.signIn("autre")); w.Code != 404 {
			t.Errorf("%s: %d", p, w.Code)
		}
	}
}
