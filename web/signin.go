package web

import (
	"maps"
	"net/http"
	"net/url"
	"slices"

	"essaim/internal/essaim"
	"essaim/internal/httpx"
)

// signInView is the sign-in page. Kept is what was typed into another form when the session had ended: it comes back as a draft of that form.
type signInView struct {
	*form
	Back string
	Kept []keptField
}

type keptField struct{ Name, Value string }

// keptPrefix marks the fields of another form among those of the sign-in page.
const keptPrefix = "garde."

func signInForm(v *view, values url.Values) *form {
	return &form{Values: values, Fields: []*field{
		{Name: "identifiant", Label: v.T("signin.name"), Hint: v.T("signin.name_hint"), Autocomplete: "username", Required: true, Max: 200},
		{Name: "mot-de-passe", Label: v.T("signin.password"), Kind: "password", Autocomplete: "current-password", Required: true, Max: 200},
	}}
}

// signIn is `/connexion`: it opens a session and leads back to where its visitor came from.
func (p *Pages) signIn(r *http.Request, v *view) error {
	back := localPath(firstOf(r.FormValue("retour"), "/"))
	if v.User != nil && r.Method != http.MethodPost {
		v.Redirect = back
		return nil
	}
	s := &signInView{form: signInForm(v, r.PostForm), Back: back, Kept: keptFields(r.PostForm)}
	v.Page, v.Title, v.Data = "signin", v.T("signin.title"), s
	if r.Method != http.MethodPost {
		return nil
	}
	if !s.check(v) {
		return nil
	}
	if wait := p.limits.signIn.wait(r, s.Get("identifiant"), p.Clock()); wait > 0 {
		return s.tooOften(v, "identifiant", wait)
	}
	secret, err := p.Auth.SignIn(r.Context(), s.Get("identifiant"), r.PostForm.Get("mot-de-passe"), r.UserAgent(), httpx.Addr(r).String())
	if essaim.CodeOf(err) == essaim.Unauthorized {
		return s.fault(v, "identifiant", v.T("signin.wrong"))
	}
	if err != nil {
		return err
	}
	found, err := p.Auth.Visitor(r.Context(), secret, httpx.Addr(r).String())
	if err != nil {
		return err
	}
	if found != nil && len(s.Kept) > 0 {
		kept := url.Values{}
		for _, f := range s.Kept {
			kept.Add(f.Name, f.Value)
		}
		if err := p.keepDraft(r.Context(), found.Account.ID, back, kept); err != nil {
			return err
		}
	}
	v.SetSession, v.Redirect = &secret, back
	return nil
}

// askToSignIn answers a form that was sent after its session had ended: the sign-in page, which carries what was typed.
func (p *Pages) askToSignIn(r *http.Request, v *view, back string) error {
	s := &signInView{form: signInForm(v, nil), Back: localPath(back)}
	for _, name := range slices.Sorted(maps.Keys(r.PostForm)) {
		if name == onceField {
			continue
		}
		for _, value := range r.PostForm[name] {
			s.Kept = append(s.Kept, keptField{name, value})
		}
	}
	v.Page, v.Title, v.Sentence, v.Data, v.Status = "signin", v.T("signin.title"), v.T("signin.ended"), s, http.StatusUnauthorized
	return nil
}

func keptFields(values url.Values) []keptField {
	var out []keptField
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if len(name) > len(keptPrefix) && name[:len(keptPrefix)] == keptPrefix {
			for _, value := range values[name] {
				out = append(out, keptField{name[len(keptPrefix):], value})
			}
		}
	}
	return out
}

// signOut is `/deconnexion`: a form, since an address that signs out could be put anywhere.
func (p *Pages) signOut(r *http.Request, v *view) error {
	if r.Method != http.MethodPost || v.User == nil {
		v.Redirect = "/"
		return nil
	}
	if err := p.Auth.SignOut(r.Context(), v.User.Visitor); err != nil {
		return err
	}
	gone := ""
	v.SetSession, v.Redirect = &gone, "/"
	return nil
}

// accountRoutes are the ways in and out.
func (p *Pages) accountRoutes() []route {
	return []route{
		{"/connexion", p.signIn, getPost, always},
		{"/deconnexion", p.signOut, getPost, always},
		{"/mot-de-passe/{secret}", p.password, getPost, always},
	}
}
