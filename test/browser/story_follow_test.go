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

// TestStory_FollowFromElsewhere: a visitor of A who has an account at B says so, is led there, and follows from there. What was typed wrong stays.
func TestStory_FollowFromElsewhere(t *testing.T) {
	t.Parallel()
	for name, scripts := range map[string]bool{"scripts": true, "no scripts": false} {
		t.Run(name, func(t *testing.T) {
			a, b := opened(t, "Maison A"), opened(t, "Maison B")
			b.member(t, "jo", "Jo Le Bihan", "member")
			p := visitor(t, a.url, "fr")
			if !scripts {
				p.without()
			}
			p.goes("/@accelerateur")
			p.clicks("Suivre depuis mon compte")
			p.sees("Maison A", "Autrement", "@accelerateur@"+a.Site.Host)
			p.looks()
			p.fills("Votre identifiant ou votre serveur", "jo chez moi")
			p.clicks("Continuer là-bas")
			p.sees("Écrivez @nom@serveur")
			p.finds("Votre identifiant ou votre serveur", "jo chez moi")
			p.fills("Votre identifiant ou votre serveur", "@jo@"+b.Site.Host)
			p.tab.Visit(b.url)
			p.clicks("Continuer là-bas")
			p.reaches(b.url)
			p.home = b.url
			p.fills("Identifiant", "jo")
			p.fills("Mot de passe", passphrase)
			p.clicks("Se connecter")
			p.sees("Maison A")
			p.clicks("Suivre")
			a.settles(t, b)
			q := visitor(t, a.url, "fr")
			q.goes("/@accelerateur/abonnes")
			q.sees("Abonnés : Maison A")
			q.goes("/@accelerateur")
			q.sees("1 abonné, dont 1 depuis une autre instance")
			p.goes(a.url + "/@accelerateur")
			p.clicks("Suivre depuis mon compte")
			p.finds("Votre identifiant ou votre serveur", "@jo@"+b.Site.Host)
		})
	}
}
