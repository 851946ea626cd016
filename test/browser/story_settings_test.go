package browser

import (
	"archive/zip"
	"bytes"
	"net/http"
	"strings"
	"testing"

	"essaim/federation/vocab"
	"essaim/internal/essaim"
)

// TestStory_Profile: a member writes a place nobody knows, loses nothing, mends it, and sees it on their page.
func TestStory_Profile(t *testing.T) {
	t.Parallel()
	h := opened(t, "Maison")
	h.member(t, "ines", "Inès Roux", "member")
	p := h.signedIn(t, "ines", "fr")
	p.goes("/reglages/profil")
	p.fills("Présentation", "Je cherche **une salle**.")
	p.fills("Territoires", "Sainte-Colombe")
	p.clicks("Enregistrer")
	p.sees("1 point à corriger", "Sainte-Colombe")
	p.finds("Présentation", "Je cherche **une salle**.")
	p.looks()
	p.fills("Territoires", "Mende (48)")
	p.clicks("Enregistrer")
	p.sees("C’est enregistré.")
	p.goes("/@ines")
	p.sees("Je cherche une salle.", "Mende")
}

// TestStory_Display: dark colours and English are chosen on a page and stay.
func TestStory_Display(t *testing.T) {
	t.Parallel()
	h := opened(t, "Maison")
	p := visitor(t, h.url, "fr")
	p.goes("/affichage")
	p.ticks("Sombres")
	p.ticks("English")
	p.clicks("Enregistrer")
	p.goes("/projets")
	p.sees("Projects")
	if dark, err := Eval[bool](p.tab, `document.documentElement.dataset.theme === "dark" && getComputedStyle(document.body).backgroundColor !== "rgb(255, 255, 255)"`); err != nil || !dark {
		t.Errorf("the page is not dark: %v", err)
	}
}

// TestStory_Copy: a member asks for a copy of everything, waits for it, and fetches it; nobody else can.
func TestStory_Copy(t *testing.T) {
	t.Parallel()
	h := opened(t, "Maison")
	h.member(t, "ines", "Inès Roux", "member")
	h.member(t, "jo", "Jo", "member")
	h.apply(t, &essaim.Post{HTML: "<p>À garder</p>", Language: "fr"}, h.Site.Actor("ines"))
	p := h.signedIn(t, "ines", "fr")
	p.goes("/reglages/export")
	p.clicks("Préparer une copie")
	p.eventually("Télécharger")
	p.looks()
	link, err := Eval[string](p.tab, `document.querySelector("a[download]").href`)
	if err != nil {
		t.Fatal(err)
	}
	as := func(handle string) (string, int) {
		c, err := session(h.App, handle)
		if err != nil {
			t.Fatal(err)
		}
		body, status, err := Get(link, "fr", c)
		if err != nil {
			t.Fatal(err)
		}
		return body, status
	}
	if _, status := as("jo"); status != http.StatusNotFound {
		t.Errorf("somebody else is answered %d", status)
	}
	body, _ := as("ines")
	z, err := zip.NewReader(bytes.NewReader([]byte(body)), int64(len(body)))
	if err != nil {
		t.Fatal(err)
	}
	found := false
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if _, err := b.ReadFrom(r); err != nil {
			t.Fatal(err)
		}
		r.Close()
		found = found || strings.Contains(b.String(), "À garder")
	}
	if !found {
		t.Error("what was published is not in the copy")
	}
}

// TestStory_Leaving: a member leaves for good; the page says what that means, asks for the handle and the password, and keeps nobody signed in.
func TestStory_Leaving(t *testing.T) {
	t.Parallel()
	h := opened(t, "Maison")
	h.member(t, "ines", "Inès Roux", "member")
	p := h.signedIn(t, "ines", "fr")
	p.goes("/reglages/supprimer")
	p.sees("C’est définitif")
	p.fills("Pour confirmer", "ines")
	p.fills("Mot de passe", "pas celui-là")
	p.clicks("Supprimer définitivement mon compte")
	p.sees("Ce mot de passe ne convient pas.")
	p.fills("Mot de passe", passphrase)
	p.clicks("Supprimer définitivement mon compte")
	p.sees("Se connecter")
	if _, status, err := Get(h.url+"/@ines", "fr", nil); err != nil || status != http.StatusGone {
		t.Errorf("the page of who left answers %d %v", status, err)
	}
}

// TestStory_Letters: a mention comes by mail, and a link of the letter stops such letters without signing in.
func TestStory_Letters(t *testing.T) {
	t.Parallel()
	h := opened(t, "Maison")
	h.member(t, "ines", "Inès Roux", "member")
	mention := vocab.Tag{Type: vocab.Mention, Href: h.Site.Actor("ines"), Name: "@ines@" + h.Site.Host}
	h.apply(t, &essaim.Post{HTML: "<p>@ines, on y va ?</p>", Language: "fr", Mentions: []vocab.Tag{mention}}, h.Site.Actor("accelerateur"))
	letters, err := h.post.Await("ines@maison.example", 1)
	if err != nil {
		t.Fatal(err)
	}
	p := visitor(t, h.url, "fr")
	p.goes(letters[0].Link("/desabonnement/"))
	p.looks()
	p.clicks("Arrêter ces messages")
	p.sees("C’est fait")
	h.apply(t, &essaim.Post{HTML: "<p>@ines, alors ?</p>", Language: "fr", Mentions: []vocab.Tag{mention}}, h.Site.Actor("accelerateur"))
	h.settles(t)
	if n := len(h.post.To("ines@maison.example")); n != 1 {
		t.Errorf("%d letters came", n)
	}
}
