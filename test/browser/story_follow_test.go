package browser

import (
	"testing"

	"essaim/internal/essaim"
)

// TestStory_Follow: a member of B finds a project of A by its address and follows it; what the project says arrives in the member's timeline, and what the
// member thinks of it arrives at A.
func TestStory_Follow(t *testing.T) {
	t.Parallel()
	a, b := opened(t, "Maison A"), opened(t, "Maison B")
	a.member(t, "ines", "Inès Roux", "member")
	b.member(t, "jo", "Jo Le Bihan", "member")
	a.apply(t, &essaim.Project{Profile: essaim.Profile{Handle: "jardin", Name: "Le Jardin commun", HTML: "<p>Des semences à partager.</p>", Language: "fr",
		Territories: []string{"fr:departement:48"}, Discoverable: true, Indexable: true}, Promise: "Pour jardiner ensemble.", Phase: essaim.PhasePilot}, a.Site.Actor("ines"))
	p := b.signedIn(t, "jo", "fr")
	p.goes("/recherche-distante")
	p.fills("Identifiant ou adresse", "@jardin@"+a.Site.Host)
	p.clicks("Chercher")
	p.sees("Le Jardin commun", a.Site.Host)
	p.looks()
	p.clicks("Suivre")
	p.sees("Demande envoyée")
	a.settles(t, b)
	p.goes("/@jardin@" + a.Site.Host)
	p.sees("Ne plus suivre")

	a.apply(t, &essaim.Post{HTML: "<p>Les premières tomates sont là.</p>", Language: "fr"}, a.Site.Actor("jardin"))
	a.settles(t, b)
	p.goes("/fil")
	p.eventually("Les premières tomates sont là.")
	p.sees("Le Jardin commun", "Publié par "+a.Site.Host)
	p.looks()
	p.clicks("J’aime")
	p.sees("Aimé")
	a.settles(t, b)
	q := a.signedIn(t, "ines", "fr")
	q.goes("/@jardin")
	q.sees("1 abonné, dont 1 depuis une autre instance")
	q.goes("/@jardin/abonnes")
	q.sees("Jo Le Bihan", b.Site.Host)
}
