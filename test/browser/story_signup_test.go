package browser

import (
	"context"
	"testing"

	"essaim/internal/essaim"
	"essaim/internal/store"
)

// signsUp fills in the form of a new account.
func (p *person) signsUp(name, handle, email string) {
	p.t.Helper()
	p.fills("Votre nom", name)
	p.fills("Identifiant", handle)
	p.fills("Adresse électronique", email)
	p.fills("Mot de passe", passphrase)
	p.ticks("J’accepte les conditions")
}

// lets says how people get an account.
func (h *house) lets(t *testing.T, mode string) {
	t.Helper()
	if err := h.DB.ChangeSettings(context.Background(), func(_ *store.Tx, s *store.Settings) error { s.SignUp = mode; return nil }); err != nil {
		t.Fatal(err)
	}
}

// letter waits for the n-th letter to an address and gives the first link in it that holds some words.
func (h *house) letter(t *testing.T, to string, n int, words string) string {
	t.Helper()
	letters, err := h.post.Await(to, n)
	if err != nil {
		t.Fatal(err)
	}
	link := letters[n-1].Link(words)
	if link == "" {
		t.Fatalf("no link with %s in %s", words, letters[n-1].Text)
	}
	return link
}

// TestStory_SignUp: a stranger opens an account, mends what is wrong without losing the rest, confirms the address from a letter, answers three
// questions, finds a timeline that is not empty, and publishes a first project.
func TestStory_SignUp(t *testing.T) {
	t.Parallel()
	for name, scripts := range map[string]bool{"scripts": true, "no scripts": false} {
		t.Run(name, func(t *testing.T) {
			h := opened(t, "Maison")
			h.lets(t, store.SignUpOpen)
			h.member(t, "jo", "Jo", "member")
			h.apply(t, &essaim.Post{HTML: "<p>Le café est servi.</p>", Language: "fr"}, h.Site.Actor("accelerateur"))
			p := visitor(t, h.url, "fr")
			if !scripts {
				p.without()
			}
			p.goes("/")
			p.clicks("Se connecter")
			p.clicks("Créer un compte")
			p.signsUp("Inès Roux", "jo", "ines@maison.example")
			p.clicks("Créer mon compte")
			p.sees("1 point à corriger")
			p.finds("Votre nom", "Inès Roux")
			p.finds("Adresse électronique", "ines@maison.example")
			p.looks()
			p.fills("Identifiant", "ines")
			p.fills("Mot de passe", passphrase)
			p.clicks("Créer mon compte")
			p.sees("Regardez votre courrier")
			p.goes(h.letter(t, "ines@maison.example", 1, "/confirmer/"))
			p.sees("@ines")
			p.looks()
			p.clicks("Confirmer")
			p.sees("Bienvenue, vous êtes connecté.", "Bienvenue, Inès Roux")
			p.fills("Où êtes-vous ?", "Mende (48)")
			p.ticks("Mobilités")
			p.clicks("Voir qui suivre")
			p.sees("Maison")
			p.looks()
			p.clicks("Suivre la sélection")
			p.sees("Votre fil est prêt.", "Le café est servi.")
			p.goes("/@ines")
			p.sees("Inès Roux")
			p.proposes("Le Bus des droits")
		})
	}
}

// TestStory_ForgottenPassword: a letter lets a member choose another password; the old one is of no more use.
func TestStory_ForgottenPassword(t *testing.T) {
	t.Parallel()
	h := opened(t, "Maison")
	h.member(t, "ines", "Inès Roux", "member")
	p := visitor(t, h.url, "fr")
	p.goes("/connexion")
	p.clicks("Mot de passe oublié")
	p.fills("Adresse électronique", "ines@maison.example")
	p.clicks("Envoyer le lien")
	p.sees("un message vient de partir")
	p.goes(h.letter(t, "ines@maison.example", 1, "/mot-de-passe/"))
	p.fills("Mot de passe", "court")
	p.clicks("Enregistrer")
	p.sees("De 12 à 200 caractères")
	p.fills("Mot de passe", "une tout autre phrase")
	p.clicks("Enregistrer")
	q := visitor(t, h.url, "fr")
	q.goes("/connexion")
	q.fills("Identifiant", "ines")
	q.fills("Mot de passe", passphrase)
	q.clicks("Se connecter")
	q.sees("ne convient pas")
	q.fills("Mot de passe", "une tout autre phrase")
	q.clicks("Se connecter")
	q.sees("Compte de Inès Roux")
}

// TestStory_Invitation: where one comes by invitation only, a link that an administrator makes lets one person in.
func TestStory_Invitation(t *testing.T) {
	t.Parallel()
	h := opened(t, "Maison")
	h.lets(t, store.SignUpInvitation)
	h.member(t, "jo", "Jo Le Bihan", "admin")
	p := visitor(t, h.url, "fr")
	p.goes("/inscription")
	p.sees("par invitation")
	p.looks()
	jo := h.signedIn(t, "jo", "fr")
	jo.goes("/reglages/invitations")
	jo.fills("Pour qui ?", "Inès")
	jo.clicks("Créer le lien")
	jo.sees("L’invitation est prête")
	jo.looks()
	link, err := Eval[string](jo.tab, `document.querySelector("main").innerText.match(/https?:\/\/\S+\/invitation\/\S+/)[0]`)
	if err != nil {
		t.Fatal(err)
	}
	p.goes(link)
	p.signsUp("Inès Roux", "ines", "ines@maison.example")
	p.clicks("Créer mon compte")
	p.goes(h.letter(t, "ines@maison.example", 1, "/confirmer/"))
	p.clicks("Confirmer")
	p.sees("Bienvenue")
	other := visitor(t, h.url, "fr")
	other.goes(link)
	other.sees("a expiré ou a déjà servi")
}

// TestStory_Sessions: a member ends the session of another browser, which is then nobody's.
func TestStory_Sessions(t *testing.T) {
	t.Parallel()
	h := opened(t, "Maison")
	h.member(t, "ines", "Inès Roux", "member")
	there, here := h.signedIn(t, "ines", "fr"), h.signedIn(t, "ines", "fr")
	there.goes("/fil")
	there.sees("Mon fil")
	here.goes("/reglages/sessions")
	here.sees("celui-ci")
	here.looks()
	here.clicks("Déconnecter tous les autres")
	there.goes("/fil")
	there.sees("Mot de passe")
	here.goes("/fil")
	here.sees("Mon fil")
}
