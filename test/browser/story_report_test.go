package browser

import (
	"net/http"
	"testing"

	"essaim/internal/essaim"
	"essaim/internal/store"
)

// TestStory_Report: a member reports a post, a moderator reads the case and decides with a reason, and both sides are told.
func TestStory_Report(t *testing.T) {
	t.Parallel()
	h := opened(t, "Maison")
	h.member(t, "ines", "Inès Roux", "member")
	h.member(t, "eve", "Ève Morin", "member")
	h.member(t, "jo", "Jo Le Bihan", "moderator")
	post := h.apply(t, &essaim.Post{HTML: "<p>Achetez mes pilules !</p>", Language: "fr"}, h.Site.Actor("eve")).Object.Thing().Summary("fr").URL
	p := h.signedIn(t, "ines", "fr")
	p.goes(post)
	p.clicks("Signaler")
	p.fills("Ce qui ne va pas", "De la réclame.")
	p.clicks("Signaler")
	p.sees("à corriger")
	p.finds("Ce qui ne va pas", "De la réclame.")
	p.looks()
	p.ticks("Publicité")
	p.ticks("Je fais ce signalement de bonne foi")
	p.clicks("Signaler")
	p.sees("Merci. L’équipe de modération est prévenue")

	q := h.signedIn(t, "jo", "fr")
	q.goes("/admin")
	q.clicks("Signalements")
	q.looks()
	q.clicks("Ève Morin")
	q.sees("De la réclame.", "Achetez mes pilules !", "@ines@")
	q.looks()
	q.ticks("Contenu retiré")
	q.fills("Motif", "La publicité n’a pas sa place ici.")
	q.clicks("Décider")
	q.sees("Cochez la confirmation")
	q.finds("Motif", "La publicité n’a pas sa place ici.")
	q.ticks("Je confirme une décision difficile à défaire")
	q.clicks("Décider")
	q.sees("C’est décidé.")
	q.goes("/admin/journal")
	q.sees("Jo Le Bihan")

	if _, status, err := Get(post, "fr", nil); err != nil || status == http.StatusOK {
		t.Errorf("what was removed answers %d %v", status, err)
	}
	p.goes("/signalements")
	p.sees("La publicité n’a pas sa place ici.")
	eve := h.signedIn(t, "eve", "fr")
	eve.goes("/signalements")
	eve.sees("Décisions qui vous concernent", "La publicité n’a pas sa place ici.")
	eve.looks()
	for _, to := range []string{"ines@maison.example", "eve@maison.example"} {
		if _, err := h.post.Await(to, 1); err != nil {
			t.Error(err)
		}
	}
}

// TestStory_Approval: where requests to join are read, a moderator lets somebody in, who then signs in.
func TestStory_Approval(t *testing.T) {
	t.Parallel()
	h := opened(t, "Maison")
	h.lets(t, store.SignUpApproval)
	h.member(t, "jo", "Jo Le Bihan", "moderator")
	p := visitor(t, h.url, "fr")
	p.goes("/inscription")
	p.signsUp("Inès Roux", "ines", "ines@maison.example")
	p.fills("Pourquoi souhaitez-vous venir ?", "Pour mon projet de bus.")
	p.clicks("Créer mon compte")
	p.goes(h.letter(t, "ines@maison.example", 1, "/confirmer/"))
	p.clicks("Confirmer")
	p.sees("L’équipe lit maintenant votre demande")
	q := h.signedIn(t, "jo", "fr")
	q.goes("/admin/inscriptions")
	q.sees("Pour mon projet de bus.")
	q.looks()
	q.clicks("Accepter")
	q.sees("La personne peut entrer.")
	p.goes(h.letter(t, "ines@maison.example", 2, "/connexion"))
	p.fills("Identifiant", "ines")
	p.fills("Mot de passe", passphrase)
	p.clicks("Se connecter")
	p.sees("Compte de Inès Roux")
}

// TestStory_Mute: somebody keeps a member away, no longer sees them, and takes it back.
func TestStory_Mute(t *testing.T) {
	t.Parallel()
	h := opened(t, "Maison")
	h.member(t, "ines", "Inès Roux", "member")
	h.member(t, "eve", "Ève Morin", "member")
	h.apply(t, &essaim.Post{HTML: "<p>Achetez mes pilules !</p>", Language: "fr"}, h.Site.Actor("eve"))
	p := h.signedIn(t, "ines", "fr")
	p.goes("/@eve")
	p.clicks("Suivre")
	p.goes("/fil")
	p.sees("Achetez mes pilules !")
	p.presses("Garder à distance")
	p.looks()
	p.clicks("Masquer ce compte")
	p.goes("/fil")
	p.seesNot("Achetez mes pilules !")
	p.goes("/reglages/masques")
	p.sees("Ève Morin")
	p.looks()
}
