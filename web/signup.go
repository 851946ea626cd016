package web

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/gorilla/mux"

	"essaim/internal/auth"
	"essaim/internal/essaim"
	"essaim/internal/store"
)

func (p *Pages) joinRoutes() []route {
	return []route{
		{"/inscription", p.signUp, getPost, everybody},
		{"/inscription/attente", p.signUpSent, get, everybody},
		{"/inscription/relance", p.resend, getPost, everybody},
		{"/invitation/{code}", p.invited, getPost, everybody},
		{"/confirmer/{secret}", p.confirm, getPost, always},
		{"/mot-de-passe-oublie", p.forgotten, getPost, always},
	}
}

// signUp is `/inscription`: a form, or a word about who may come when it is by invitation only.
func (p *Pages) signUp(r *http.Request, v *view) error {
	if v.User != nil {
		v.Redirect = "/"
		return nil
	}
	if v.Settings.SignUpMode() == store.SignUpInvitation {
		v.Sentence = v.T("signup.by_invitation", v.Instance)
		v.plain(v.T("signup.title"), &plainPage{Text: []string{v.T("signup.elsewhere")}, Links: []shortcut{{Label: v.T("site.sign_in"), Page: "/connexion"}}})
		return nil
	}
	return p.join(r, v, "")
}

// invited is where an invitation leads: the same form, without the question why.
func (p *Pages) invited(r *http.Request, v *view) error {
	if v.User != nil {
		v.Redirect = "/"
		return nil
	}
	code := mux.Vars(r)["code"]
	i, err := store.InvitationByCode(r.Context(), p.DB.Read(), code)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	if err != nil || !i.Open(p.Clock()) {
		v.Status = http.StatusGone
		v.Sentence = v.T("signup.invitation_over")
		v.plain(v.T("signup.invitation"), &plainPage{Links: []shortcut{{Label: v.T("site.home"), Page: "/"}}})
		return nil
	}
	return p.join(r, v, code)
}

func (p *Pages) join(r *http.Request, v *view, code string) error {
	f := signUpForm(v, r.PostForm, code == "" && v.Settings.SignUpMode() == store.SignUpApproval)
	s := v.plain(v.T("signup.title"), &plainPage{form: f, Button: v.T("signup.go"), Links: []shortcut{{Label: v.T("signup.have_account"), Page: "/connexion"}, {Label: v.T("legal.terms.title"), Page: "/conditions"},
		{Label: v.T("legal.privacy.title"), Page: "/confidentialite"}}})
	v.Sentence = v.T("signup.lead", v.Instance)
	if !p.Auth.CanSend() {
		s.Text = append(s.Text, v.T("signup.by_hand"))
	}
	if r.Method != http.MethodPost {
		f.Values = url.Values{"langue": {string(v.Lang)}}
		return nil
	}
	if !f.check(v) {
		return nil
	}
	if wait := p.limits.signUp.before(r, f.Get("courriel"), p.Clock()); wait > 0 {
		return f.tooOften(v, "courriel", wait)
	}
	err := p.Auth.SignUp(r.Context(), auth.Applicant{Handle: strings.TrimPrefix(f.Get("identifiant"), "@"), Name: f.Get("nom"), Email: f.Get("courriel"), Password: f.Values.Get("mot-de-passe"),
		Language: f.Get("langue"), ActorKind: f.Get("qualite"), Why: f.Get("raison"), Invitation: code})
	switch essaim.CodeOf(err) {
	case "":
		p.limits.signUp.drew(f.Get("courriel"), p.Clock())
		v.Redirect = "/inscription/attente"
		return nil
	case essaim.Gone:
		return f.fault(v, "", v.T("signup.invitation_over"))
	}
	return f.refuse(v, err, map[string]string{"preferredUsername": "identifiant", "email": "courriel", "password": "mot-de-passe", "why": "raison", "actorKind": "qualite"})
}

func signUpForm(v *view, values url.Values, why bool) *form {
	kinds := []option{{Value: "", Label: v.T("signup.kind_none")}}
	for _, c := range essaim.ActorKinds.Concepts {
		kinds = append(kinds, option{Value: c.ID, Label: v.Typo(essaim.ActorKinds.Label(c.ID, v.Lang))})
	}
	f := &form{Values: values, Fields: []*field{
		{Name: "nom", Label: v.T("signup.name"), Hint: v.T("signup.name_hint"), Autocomplete: "name", Required: true, Max: 100},
		{Name: "identifiant", Label: v.T("signup.handle"), Hint: v.T("signup.handle_hint"), Autocomplete: "username", Required: true, Max: 31},
		{Name: "courriel", Label: v.T("signup.email"), Hint: v.T("signup.email_hint"), Kind: "email", Autocomplete: "email", Required: true, Max: 200},
		{Name: "mot-de-passe", Label: v.T("signin.password"), Hint: v.T("password.rule"), Kind: "password", Autocomplete: "new-password", Required: true, Max: 200},
		{Name: "qualite", Label: v.T("signup.kind"), Hint: v.T("signup.kind_hint"), Kind: "select", Groups: []optionGroup{{Options: kinds}}},
		{Name: "langue", Label: v.T("signup.language"), Kind: "select", Required: true, Groups: []optionGroup{{Options: []option{{Value: "fr", Label: "Français"}, {Value: "en", Label: "English"}}}}},
	}}
	if why {
		f.Fields = append(f.Fields, &field{Name: "raison", Label: v.T("signup.why"), Hint: v.T("signup.why_hint"), Kind: "textarea", Rows: 4, Required: true, Max: 2000})
	}
	f.Fields = append(f.Fields, &field{Name: "conditions", Label: v.T("signup.terms"), Kind: "checkbox", Required: true})
	return f
}

// signUpSent says the same whoever asked: the rest is in a letter.
func (p *Pages) signUpSent(_ *http.Request, v *view) error {
	s := v.plain(v.T("signup.sent"), &plainPage{Links: []shortcut{{Label: v.T("signup.resend"), Page: "/inscription/relance"}, {Label: v.T("site.home"), Page: "/"}}})
	v.Sentence = v.T("signup.sent_text")
	if !p.Auth.CanSend() {
		v.Sentence, s.Links = v.T("signup.sent_by_hand"), s.Links[1:]
	}
	return nil
}

// resend sends the letter of a request again.
func (p *Pages) resend(r *http.Request, v *view) error {
	return p.letter(r, v, "resend", p.limits.letters, p.Auth.Resend, "/inscription/attente")
}

// forgotten sends a link by which another password is chosen.
func (p *Pages) forgotten(r *http.Request, v *view) error {
	if r.URL.Query().Get("envoye") != "" {
		v.Sentence = v.T("forgotten.sent")
		v.plain(v.T("forgotten.title"), &plainPage{Links: []shortcut{{Label: v.T("site.sign_in"), Page: "/connexion"}}})
		return nil
	}
	return p.letter(r, v, "forgotten", p.limits.letters, p.Auth.ForgotPassword, "/mot-de-passe-oublie?envoye=1")
}

// confirm is where the link of a letter leads: a button, since what reads mail for people follows links.
func (p *Pages) confirm(r *http.Request, v *view) error {
	ctx, secret := r.Context(), mux.Vars(r)["secret"]
	c, err := p.Auth.Confirms(ctx, secret)
	if essaim.CodeOf(err) == essaim.Gone {
		return p.linkOver(v, "/inscription/relance", v.T("signup.resend"))
	}
	if err != nil {
		return err
	}
	v.Sentence = v.T("confirm.text", c.Email, c.Handle)
	if c.Change {
		v.Sentence = v.T("confirm.change", c.Email)
	}
	s := v.plain(v.T("confirm.title"), &plainPage{form: &form{}, Button: v.T("confirm.go")})
	if r.Method != http.MethodPost {
		return nil
	}
	account, err := p.Auth.Confirm(ctx, secret)
	switch essaim.CodeOf(err) {
	case "":
	case essaim.Gone:
		return p.linkOver(v, "/inscription/relance", v.T("signup.resend"))
	case essaim.Conflict: // somebody took the handle, or the address, meanwhile
		s.form, v.Status, v.Sentence = nil, http.StatusConflict, v.T("confirm.taken")
		s.Links = []shortcut{{Label: v.T("signup.title"), Page: "/inscription"}}
		return nil
	default:
		return err
	}
	switch {
	case account == nil:
		s.form, v.Sentence = nil, v.T("confirm.waiting")
		s.Links = []shortcut{{Label: v.T("site.home"), Page: "/"}}
		return nil
	case c.Change && v.User == nil:
		return v.done("/connexion", "email")
	case c.Change:
		return v.done("/reglages/compte", "email")
	}
	return p.welcome(r, v, account, "/bienvenue")
}

// welcome signs an account in after a link that was sent to its address, and leads on.
func (p *Pages) welcome(r *http.Request, v *view, account *store.Account, page string) error {
	secret, err := p.openSession(r, account)
	if err != nil {
		return err
	}
	v.SetSession = &secret
	return v.done(page, "welcome")
}

// linkOver says that a link has served, and where to ask for another.
func (p *Pages) linkOver(v *view, page, label string) error {
	v.Status, v.Sentence = http.StatusGone, v.T("confirm.over")
	v.plain(v.T("error.410.title"), &plainPage{Links: []shortcut{{Label: label, Page: page}, {Label: v.T("site.home"), Page: "/"}}})
	return nil
}
