package web

import (
	"context"
	"net/http"

	"essaim/federation/vocab"
	"essaim/internal/activity"
	"essaim/internal/essaim"
	"essaim/internal/store"
)

// leaveView is the page on which a person deletes her account: what will happen, and what stands in the way.
type leaveView struct {
	*settingsView
	Owned []*actorView // projects and organisations that have no other owner: they are handed over first
}

// leave deletes the account of a person: the actor is buried here, its Delete goes to every server known, and the account goes in the same transaction. What
// has no other owner must have found one before.
func (p *Pages) leave(r *http.Request, v *view) error {
	f := &form{Values: r.PostForm, Fields: []*field{
		{Name: "identifiant", Label: v.T("leave.handle", v.User.Card.Handle), Required: true, Max: 60, Autocomplete: "off"},
		{Name: "mot-de-passe", Label: v.T("signin.password"), Kind: "password", Required: true, Max: 200, Autocomplete: "current-password"},
	}}
	l := &leaveView{settingsView: v.settings("settings.delete", f)}
	v.Page, v.Data = "leave", l
	alone, err := store.AloneIn(r.Context(), p.DB.Read(), v.User.Card.ID)
	if err != nil {
		return err
	}
	l.Owned = p.showActors(v.Lang, alone)
	if r.Method != http.MethodPost || !f.check(v) {
		return nil
	}
	if len(l.Owned) > 0 {
		return f.fault(v, "", v.T("leave.owned"))
	}
	if f.Get("identifiant") != v.User.Card.Handle {
		return f.fault(v, "identifiant", v.T("leave.other_handle", v.User.Card.Handle))
	}
	if _, err := p.Auth.CheckPassword(r.Context(), v.User.Card.Handle, r.PostForm.Get("mot-de-passe")); err != nil {
		if essaim.CodeOf(err) == essaim.Unauthorized {
			return f.fault(v, "mot-de-passe", v.T("leave.wrong_password"))
		}
		return err
	}
	account := v.User.Account.ID
	from := activity.Local(account).Also(func(ctx context.Context, tx *store.Tx) error { return tx.DropAccount(ctx, account) })
	if _, err := p.Activity.Apply(r.Context(), activity.About(vocab.Delete, v.User.Card.IRI, v.User.Card.IRI), from); err != nil {
		return f.refuse(v, err, nil)
	}
	gone := ""
	v.SetSession = &gone
	return v.done("/", "left")
}
