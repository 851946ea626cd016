package browser

import (
	"strings"
	"testing"
)

// TestStory_Follow: a member of B finds a project of A by its address and follows it; what the project says arrives in the member's timeline, and what the
// member thinks of it arrives at A.
func TestStory_Follow(t *testing.T) {
	t.Parallel()
	a, b := opened(t, "Maison A"), opened(t, "Maison B")
	a.member(t, "ines", "Inès Roux", "member")
	b.member(t, "jo", "Jo Le Bihan", "member")
	q := a.signedIn(t, "ines", "fr")
	q.proposes("Le Jardin commun")
	handle := strings.TrimPrefix(strings.SplitN(q.at(), "?", 2)[0], "/@")
	p := b.signedIn(t, "jo", "fr")
	p.goes("/recherche-distante")
	p.fills("Identifiant ou adresse", "@"+handle+"@"+a.Site.Host)
	p.clicks("Chercher")
	p.sees("Le Jardin commun", a.Site.Host)
	p.looks()
	p.clicks("Suivre")
	p.sees("Demande envoyée")
	a.settles(t, b)
	p.goes("/@" + handle + "@" + a.Site.Host)
	p.sees("Ne plus suivre")

	q.goes("/publier/message")
	q.fills("Votre texte", "Les premières tomates sont là.")
	q.presses("Qui le voit")
	q.picks("Publier au nom de", "Le Jardin commun")
	q.clicks("Publier")
	q.sees("C’est publié.")
	a.settles(t, b)
	p.goes("/fil")
	p.eventually("Les premières tomates sont là.")
	p.sees("Le Jardin commun", "Publié par "+a.Site.Host)
	p.looks()
	p.clicks("J’aime")
	p.sees("Aimé")
	a.settles(t, b)
	q.goes("/@" + handle)
	q.sees("1 abonné, dont 1 depuis une autre instance")
	q.goes("/@" + handle + "/abonnes")
	q.sees("Jo Le Bihan", b.Site.Host)
}
