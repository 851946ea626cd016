package browser

import (
	"image"
	"image/color"
	"image/png"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// proposes writes a project, mends what is wrong, looks at it, and publishes it.
func (p *person) proposes(title string) {
	p.t.Helper()
	p.goes("/publier")
	p.clicks("Un projet")
	p.fills("Nom du projet", title)
	p.fills("En une phrase", "Pour les personnes isolées, un bus qui vient devant chez elles.")
	p.fills("Quel est le problème ?", "Le premier guichet est à quarante minutes.")
	p.fills("Que faites-vous ?", "Une camionnette, **deux agentes**.")
	p.fills("Territoires", "Mende (48)")
	p.picks("Thème principal", "Mobilités")
	p.clicks("Publier")
	p.sees("1 point à corriger")
	p.finds("Nom du projet", title)
	p.finds("Que faites-vous ?", "Une camionnette, **deux agentes**.")
	p.finds("Thème principal", "Mobilités")
	p.looks()
	p.fills("Qui appeler", "bus@maison.example")
	p.clicks("Voir avant de publier")
	p.sees("Aperçu", "Visible de tout le monde", title)
	p.looks()
	p.clicks("Publier")
	p.sees("Votre projet est publié", title, "Idée", "Mende")
}

// TestStory_Publish: a member's first project, with the mouse, without scripts, with the keyboard alone.
func TestStory_Publish(t *testing.T) {
	t.Parallel()
	h := opened(t, "Maison")
	h.member(t, "ines", "Inès Roux", "member")
	t.Run("scripts", func(t *testing.T) { h.signedIn(t, "ines", "fr").proposes("Le Bus des droits") })
	t.Run("no scripts", func(t *testing.T) {
		p := h.signedIn(t, "ines", "fr")
		p.without()
		p.proposes("Le Camion des droits")
	})
	t.Run("keyboard", func(t *testing.T) {
		p := h.signedIn(t, "ines", "fr")
		p.goes("/fil")
		p.tabsTo("un projet")
		p.enters()
		for _, field := range [][2]string{{"Nom du projet", "La Charrette des droits"}, {"En une phrase", "Pour tous, une charrette."}, {"Quel est le problème ?", "Trop loin."},
			{"Que faites-vous ?", "Une charrette."}, {"Territoires", "Mende (48)"}} {
			p.tabsTo(field[0])
			p.types(field[1])
		}
		p.tabsTo("Thème principal")
		p.keys("mob")
		p.finds("Thème principal", "Mobilités")
		p.tabsTo("Qui appeler")
		p.types("charrette@maison.example")
		p.tabsTo("Voir avant de publier")
		p.enters()
		p.sees("Aperçu", "La Charrette des droits")
		p.tabsTo("Nom du projet")
		p.enters() // in a field, Enter sends the form by its first button
		p.sees("Votre projet est publié")
	})
}

// picture writes a small picture to a file.
func picture(t *testing.T) string {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, 64, 48))
	for x := range 64 {
		for y := range 48 {
			m.Set(x, y, color.RGBA{uint8(4 * x), uint8(5 * y), 90, 255})
		}
	}
	path := filepath.Join(t.TempDir(), "bus.png")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, m); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestStory_Message: a message with a picture that must be described, then edited, then deleted.
func TestStory_Message(t *testing.T) {
	t.Parallel()
	h := opened(t, "Maison")
	h.member(t, "ines", "Inès Roux", "member")
	p := h.signedIn(t, "ines", "fr")
	p.goes("/publier/message")
	p.fills("Votre texte", "Le bus est **là** !")
	p.presses("Ajouter des images")
	if err := p.tab.Do(chromedp.SetUploadFiles(chromedp.CSS("#f-fichier-1"), []string{picture(t)})); err != nil {
		t.Fatal(err)
	}
	p.clicks("Publier")
	p.sees("Décrivez l’image, ou dites qu’elle est décorative.")
	p.finds("Votre texte", "Le bus est **là** !")
	p.looks()
	p.fills("Description, pour qui ne la voit pas", "Un bus jaune")
	p.clicks("Publier")
	p.sees("C’est publié.", "Le bus est là !")
	p.looks()
	shown, err := Eval[bool](p.tab, `(i => i && i.complete && i.naturalWidth > 0)(document.querySelector('main img[alt="Un bus jaune"]'))`)
	if err != nil || !shown {
		t.Errorf("the picture is not shown: %v", err)
	}
	p.opens("article.update a:has(time)")
	p.clicks("Modifier")
	p.fills("Votre texte", "Le bus est passé.")
	p.clicks("Enregistrer")
	p.sees("C’est modifié.", "Le bus est passé.")
	address := strings.SplitN(p.at(), "?", 2)[0]
	p.clicks("Supprimer")
	p.sees("Supprimer cette publication ?")
	p.looks()
	p.clicks("Supprimer")
	p.sees("C’est supprimé.")
	if _, status, err := Get(h.url+address, "fr", nil); err != nil || status != http.StatusGone {
		t.Errorf("what was deleted answers %d %v", status, err)
	}
}

// TestStory_Drafts: what was begun is kept and found again.
func TestStory_Drafts(t *testing.T) {
	t.Parallel()
	h := opened(t, "Maison")
	h.member(t, "ines", "Inès Roux", "member")
	p := h.signedIn(t, "ines", "fr")
	p.goes("/publier/evenement")
	p.fills("Titre", "Café des projets")
	p.fills("Commune", "Mende")
	p.clicks("Garder le brouillon")
	p.sees("Le brouillon est gardé.", "Café des projets")
	p.looks()
	p.clicks("Café des projets")
	p.finds("Titre", "Café des projets")
	p.finds("Commune", "Mende")
	p.clicks("Voir avant de publier")
	p.sees("à corriger")
	p.finds("Titre", "Café des projets")
}

// TestStory_SessionEnded: a session that ends while one writes loses nothing.
func TestStory_SessionEnded(t *testing.T) {
	t.Parallel()
	h := opened(t, "Maison")
	h.member(t, "ines", "Inès Roux", "member")
	p := h.signedIn(t, "ines", "fr")
	p.goes("/publier/message")
	p.fills("Votre texte", "Un long message, patiemment écrit.")
	q := h.signedIn(t, "ines", "fr")
	q.goes("/reglages/sessions")
	q.clicks("Déconnecter tous les autres")
	p.clicks("Publier")
	p.sees("Votre session a pris fin", "ce que vous avez écrit est gardé")
	p.looks()
	p.fills("Identifiant", "ines")
	p.fills("Mot de passe", passphrase)
	p.clicks("Se connecter")
	p.finds("Votre texte", "Un long message, patiemment écrit.")
	p.clicks("Publier")
	p.sees("C’est publié.")
}

// TestStory_Stop: a project stops, and its page keeps what was learnt and what is left.
func TestStory_Stop(t *testing.T) {
	t.Parallel()
	h := opened(t, "Maison")
	h.member(t, "ines", "Inès Roux", "member")
	p := h.signedIn(t, "ines", "fr")
	p.proposes("Le Bus des droits")
	p.clicks("Changer de phase")
	p.ticks("Arrêté")
	p.fills("En une phrase", "Le chauffeur est parti.")
	p.clicks("Enregistrer")
	p.sees("à corriger")
	p.finds("En une phrase", "Le chauffeur est parti.")
	p.looks()
	p.ticks("Rien à transmettre")
	p.picks("Pourquoi ?", "Financement")
	p.clicks("Enregistrer")
	p.sees("Arrêté", "Financement", "Le Bus des droits")
}
