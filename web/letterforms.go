package web

import (
	"context"
	"net/http"
	"net/url"

	"essaim/internal/httpx"
	"essaim/internal/store"
)

// letter is a form with one field, an address or a handle, that has a letter sent: always with the same answer, and not too often. Its words are `NAME.title`,
// `NAME.text`, `NAME.field`, `NAME.go`.
func (p *Pages) letter(r *http.Request, v *view, name string, often limit, send func(context.Context, string) error, done string) error {
	if !p.Auth.CanSend() {
		v.Sentence = v.T("account.no_mail")
		v.plain(v.T(name+".title"), &plainPage{Text: []string{v.T("account.no_mail_text")}, Links: []shortcut{{Label: v.T("legal.notice.title"), Page: "/mentions-legales"}}})
		return nil
	}
	f := &form{Values: r.PostForm, Fields: []*field{{Name: "courriel", Label: v.T(name + ".field"), Autocomplete: "email", Required: true, Max: 200}}}
	v.Sentence = v.T(name + ".text")
	v.plain(v.T(name+".title"), &plainPage{form: f, Button: v.T(name + ".go")})
	if r.Method != http.MethodPost {
		f.Values = url.Values{}
		return nil
	}
	if !f.check(v) {
		return nil
	}
	if wait := often.wait(r, f.Get("courriel"), p.Clock()); wait > 0 {
		return f.tooOften(v, "courriel", wait)
	}
	if err := send(r.Context(), f.Get("courriel")); err != nil {
		return err
	}
	v.Redirect = done
	return nil
}

func (p *Pages) openSession(r *http.Request, account *store.Account) (string, error) {
	return p.Auth.OpenSession(r.Context(), account.ID, r.UserAgent(), httpx.Addr(r).String())
}
