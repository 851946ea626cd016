package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"essaim/federation/vocab"
	"essaim/internal/activity"
	"essaim/internal/store"
)

// do carries out what a visitor asks for: it reads what the activity refers to, applies it as the visitor's account, and spends the token of the form in the
// same transaction. f may be nil, for buttons that may be pressed twice.
func (p *Pages) do(r *http.Request, v *view, a *vocab.Activity, f *form) (activity.Outcome, error) {
	ctx, account := r.Context(), v.User.Account
	if p.Prepare != nil {
		if err := p.Prepare(ctx, a, account); err != nil {
			return activity.Outcome{}, err
		}
	}
	from := activity.Local(account.ID)
	if f != nil {
		from = from.Also(func(_ context.Context, tx *store.Tx) error { return p.spend(ctx, tx, f, account.ID) })
	}
	out, err := p.Activity.Apply(ctx, a, from)
	if err != nil && f != nil && f.Once != "" { // what a first click made may be what is in the way of the second: a handle, for one
		if spent, unread := store.Submitted(ctx, p.DB.Read(), f.Once, account.ID); unread == nil && spent {
			err = errSent
		}
	}
	return out, err
}

// sent tells whether an error only says that the form was carried out by an earlier click.
func sent(err error) bool { return errors.Is(err, errSent) }

// doneParameter names in an address what has just been done, for a sentence at the top of the page: a key of the catalogue under "done.".
const doneParameter = "fait"

// done leads to a page of this site with a word of what was done.
func (v *view) done(page, what string) error {
	u, err := url.Parse(localPath(page))
	if err != nil {
		return err
	}
	q := u.Query()
	q.Set(doneParameter, what)
	u.RawQuery = q.Encode()
	v.Redirect = u.RequestURI()
	return nil
}

// Done is the sentence of what has just been done; "" for none, or for a word the catalogue does not know.
func (v *view) Done() string {
	if v.word == "" {
		return ""
	}
	key := "done." + v.word
	if s := v.T(key); s != v.Typo(key) {
		return s
	}
	return ""
}

// backTo is where a button leads once it is carried out: the page it stood on, which it names in the field "retour".
func backTo(r *http.Request) string { return localPath(firstOf(r.PostFormValue("retour"), "/fil")) }

// noForm is the answer to a GET of an address that only takes forms.
func noForm(r *http.Request, v *view) bool {
	if r.Method == http.MethodPost {
		return false
	}
	v.Redirect = "/"
	return true
}
