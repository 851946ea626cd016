package web

import (
	"net/http"

	"github.com/gorilla/mux"

	"essaim/internal/essaim"
)

// password is where the one-time link of a new account, or of a forgotten password, leads: the person chooses a password, the link is spent, and they are signed in.
// Who runs an instance that is not set up yet is led to the assistant.
func (p *Pages) password(r *http.Request, v *view) error {
	v.Page, v.Title = "password", v.T("password.title")
	ctx, secret := r.Context(), mux.Vars(r)["secret"]
	if r.Method != http.MethodPost {
		if err := p.Auth.PasswordLink(ctx, secret); essaim.CodeOf(err) == essaim.Gone {
			return p.linkOver(v, "/mot-de-passe-oublie", v.T("forgotten.title"))
		} else if err != nil {
			return err
		}
		return nil
	}
	account, err := p.Auth.ChoosePassword(ctx, secret, r.PostFormValue("password"))
	switch essaim.CodeOf(err) {
	case "":
	case essaim.Invalid:
		v.Status, v.Data = http.StatusUnprocessableEntity, v.T("password.rule")
		return nil
	case essaim.Gone:
		return p.linkOver(v, "/mot-de-passe-oublie", v.T("forgotten.title"))
	default:
		return err
	}
	page := "/"
	if account.Role == "admin" && !p.Demonstration && !v.Settings.Open() {
		page = "/demarrage"
	}
	return p.welcome(r, v, account, page)
}
