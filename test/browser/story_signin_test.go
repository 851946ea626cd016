package browser

import (
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// TestStory_SignIn: somebody mistypes their password, reads what is wrong, signs in and out again: with the mouse, without scripts, with the keyboard alone.
func TestStory_SignIn(t *testing.T) {
	t.Parallel()
	h := opened(t, "Maison")
	h.member(t, "ines", "Inès Roux", "member")
	for name, scripts := range map[string]bool{"scripts": true, "no scripts": false} {
		t.Run(name, func(t *testing.T) {
			p := visitor(t, h.url, "fr")
			if !scripts {
				p.without()
			}
			p.goes("/agenda")
			p.clicks("Se connecter")
			p.fills("Identifiant", "ines")
			p.fills("Mot de passe", "pas celui-là")
			p.clicks("Se connecter")
			p.sees("1 point à corriger", "ne convient pas")
			p.finds("Identifiant", "ines")
			p.finds("Mot de passe", "")
			if on := does[string](p, "active"); on == "" {
				t.Error("the focus is not on what is wrong")
			}
			p.fills("Mot de passe", passphrase)
			p.clicks("Se connecter")
			p.presses("Compte de Inès Roux")
			p.sees("Mon profil")
			p.clicks("Se déconnecter")
			p.sees("Se connecter")
			p.seesNot("Mon profil")
		})
	}
	t.Run("keyboard", func(t *testing.T) {
		p := visitor(t, h.url, "fr")
		p.goes("/connexion")
		p.tabsTo("Identifiant")
		p.types("ines")
		p.tabsTo("Mot de passe")
		p.types(passphrase)
		p.enters()
		p.tabsTo("Compte de Inès Roux")
		p.keys(kb.Enter)
		p.tabsTo("Se déconnecter")
		p.enters()
		p.sees("Se connecter")
	})
}
