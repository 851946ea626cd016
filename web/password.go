package web

import (
	"net/http"

	"github.com/gorilla/mux"

	"essaim/internal/essaim"
)

// password is where the one-time link of a new account leads: the person chooses a password, and the link is spent.
func (p *Pages) password(r *http.Request, v *view) error {
	v.Page, v.Title = "password", v.T("password.title")
	if r.Method != http.MethodPost {
		return nil
	}
	err := p.Auth.ChoosePassword(r.Context(), mux.Vars(r)["secret"], r.PostFormValue("password"))
	switch essaim.CodeOf(err) {
	case "":
		v.Sentence = v.T("password.done")
	case essaim.Invalid:
		v.Status, v.Data = http.StatusUnprocessableEntity, v.T("password.rule")
	default:
		return err
	}
	return nil
}
