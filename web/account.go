package web

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gorilla/mux"

	"essaim/internal/essaim"
	"essaim/internal/store"
)

func (p *Pages) ownRoutes() []route {
	return []route{
		{"/reglages/compte", p.accountSettings, getPost, members},
		{"/reglages/adresse", p.emailSettings, getPost, members},
		{"/reglages/profession", p.profession, post, members},
		{"/reglages/sessions", p.sessions, getPost, members},
		{"/reglages/invitations", p.invitations, getPost, members},
		{"/reglages/invitations/{code}/retirer", p.revoke, post, members},
	}
}

// accountView is the page of the account: its password, and the way to its address.
type accountView struct {
	*settingsView
	Email, Handle string
	CanSend       bool
	Address       *form
	Domain        string // of the address, when the operator recognises it; "" else
	Shown         bool   // on the profile
}

// accountSettings changes the password. The sessions of other browsers end.
func (p *Pages) accountSettings(r *http.Request, v *view) error {
	f := passwordForm(v, r.PostForm)
	p.showAccount(v, f, emailForm(v, nil))
	if r.Method != http.MethodPost {
		return nil
	}
	if !f.check(v) {
		return nil
	}
	if wait := p.limits.signIn.wait(r, v.User.Card.Handle, p.Clock()); wait > 0 {
		return f.tooOften(v, "actuel", wait)
	}
	err := p.Auth.ChangePassword(r.Context(), v.User.Visitor, f.Values.Get("actuel"), f.Values.Get("nouveau"))
	switch essaim.CodeOf(err) {
	case "":
		return v.done("/reglages/compte", "password")
	case essaim.Unauthorized:
		return f.fault(v, "actuel", v.T("account.wrong_password"))
	}
	return f.refuse(v, err, map[string]string{"password": "nouveau"})
}

func (p *Pages) showAccount(v *view, password, address *form) {
	a := &accountView{settingsView: v.settings("settings.account", password), Email: v.User.Account.Email, Handle: v.User.Card.Address(), CanSend: p.Auth.CanSend(), Address: address,
		Domain: recognised(v.User.Account.Email, v.Settings.Domains), Shown: v.User.Account.Prefs.ShowDomain}
	v.Page, v.Data = "account", a
}

// recognised is the domain of an address, or the one above it, that the operator knows as professional (L16); "" for none.
func recognised(email string, domains []string) string {
	_, host, _ := strings.Cut(strings.ToLower(email), "@")
	for _, d := range domains {
		if d != "" && (host == d || strings.HasSuffix(host, "."+d)) {
			return d
		}
	}
	return ""
}

// profession shows on one's profile, or no longer, that one's address is professional.
func (p *Pages) profession(r *http.Request, v *view) error {
	if noForm(r, v) {
		return nil
	}
	prefs := v.User.Account.Prefs
	prefs.ShowDomain = r.PostFormValue("montrer") == "1"
	err := p.DB.Write(r.Context(), store.Promised, func(tx *store.Tx) error { return tx.SetPrefs(r.Context(), v.User.Account.ID, prefs) })
	if err != nil {
		return err
	}
	return v.done("/reglages/compte", "saved")
}

// verifiedDomain is what the profile of a member says of its address, if its owner wants it to.
func (p *Pages) verifiedDomain(ctx context.Context, v *view, a *actorView) (string, error) {
	if !a.Local || a.Kind != essaim.KindPerson || len(v.Settings.Domains) == 0 {
		return "", nil
	}
	account, err := store.AccountByActor(ctx, p.DB.Read(), a.ID)
	if errors.Is(err, store.ErrNotFound) || err == nil && !account.Prefs.ShowDomain {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	return recognised(account.Email, v.Settings.Domains), nil
}

func passwordForm(v *view, values url.Values) *form {
	return &form{Values: values, Fields: []*field{
		{Name: "actuel", Label: v.T("account.old_password"), Kind: "password", Autocomplete: "current-password", Required: true, Max: 200},
		{Name: "nouveau", Label: v.T("account.new_password"), Hint: v.T("password.rule"), Kind: "password", Autocomplete: "new-password", Required: true, Max: 200},
	}}
}

func emailForm(v *view, values url.Values) *form {
	return &form{Values: values, Fields: []*field{
		{Name: "courriel", Label: v.T("account.new_email"), Hint: v.T("account.new_email_hint"), Kind: "email", Autocomplete: "email", Required: true, Max: 200},
		{Name: "mot-de-passe", Label: v.T("signin.password"), Kind: "password", Autocomplete: "current-password", Required: true, Max: 200},
	}}
}

// emailSettings asks for another address: it counts once confirmed.
func (p *Pages) emailSettings(r *http.Request, v *view) error {
	if noForm(r, v) {
		v.Redirect = "/reglages/compte"
		return nil
	}
	f := emailForm(v, r.PostForm)
	p.showAccount(v, passwordForm(v, nil), f)
	if !f.check(v) {
		return nil
	}
	if wait := p.limits.signIn.wait(r, v.User.Card.Handle, p.Clock()); wait > 0 {
		return f.tooOften(v, "mot-de-passe", wait)
	}
	if wait := p.limits.letters.before(r, v.User.Card.Handle, p.Clock()); wait > 0 {
		return f.tooOften(v, "courriel", wait)
	}
	if !p.Auth.CanSend() {
		return f.fault(v, "", v.T("account.no_mail"))
	}
	err := p.Auth.AskEmail(r.Context(), v.User.Visitor, f.Values.Get("mot-de-passe"), f.Get("courriel"))
	switch essaim.CodeOf(err) {
	case "":
		p.limits.letters.drew(v.User.Card.Handle, p.Clock())
		return v.done("/reglages/compte", "email_sent")
	case essaim.Unauthorized:
		return f.fault(v, "mot-de-passe", v.T("account.wrong_password"))
	}
	return f.refuse(v, err, map[string]string{"email": "courriel", "to": "courriel"})
}

// sessionView is a browser that is signed in.
type sessionView struct {
	Key                    string
	Browser, Address, Seen string
	ISO                    string
	Current                bool
}

type sessionsView struct {
	*settingsView
	Sessions []sessionView
}

// sessions lists the browsers that are signed in, and ends one of them, or all the others.
func (p *Pages) sessions(r *http.Request, v *view) error {
	ctx, account := r.Context(), v.User.Account.ID
	list, err := store.SessionsOf(ctx, p.DB.Read(), account, p.Clock())
	if err != nil {
		return err
	}
	if r.Method == http.MethodPost {
		key := r.PostFormValue("session")
		err := p.DB.Write(ctx, store.Promised, func(tx *store.Tx) error {
			if key == "autres" {
				_, err := tx.EndSessions(ctx, account, v.User.Session.Hash)
				return err
			}
			for _, s := range list {
				if s.Hash[:sessionKey] == key && s.Hash != v.User.Session.Hash {
					_, err := tx.EndSession(ctx, account, s.Hash)
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		return v.done("/reglages/sessions", "session_ended")
	}
	s := &sessionsView{settingsView: v.settings("settings.sessions", nil)}
	v.Page, v.Data, v.Sentence = "sessions", s, v.T("sessions.lead")
	for _, x := range list {
		s.Sessions = append(s.Sessions, sessionView{Key: x.Hash[:sessionKey], Browser: v.browser(x.Agent), Address: about(x.Address), Seen: v.Moment(x.Seen), ISO: x.Seen.In(v.zone).Format(time.RFC3339),
			Current: x.Hash == v.User.Session.Hash})
	}
	return nil
}

// sessionKey is how much of the hash of a session names it in a page.
const sessionKey = 16

// browser says in words what calls itself so.
func (v *view) browser(agent string) string {
	name, system := "", ""
	for _, b := range [][2]string{{"Firefox", "Firefox"}, {"Edg", "Edge"}, {"OPR", "Opera"}, {"SamsungBrowser", "Samsung Internet"}, {"Chrome", "Chrome"}, {"Chromium", "Chromium"}, {"Safari", "Safari"}} {
		if strings.Contains(agent, b[0]) {
			name = b[1]
			break
		}
	}
	for _, s := range [][2]string{{"Android", "Android"}, {"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Windows", "Windows"}, {"Mac OS", "macOS"}, {"CrOS", "ChromeOS"}, {"Linux", "Linux"}} {
		if strings.Contains(agent, s[0]) {
			system = s[1]
			break
		}
	}
	switch {
	case name == "":
		return v.T("sessions.unknown")
	case system == "":
		return name
	}
	return v.T("sessions.browser", name, system)
}

// about is an address without its last part: enough to tell home from work.
func about(address string) string {
	if i := strings.LastIndexByte(address, '.'); i > 0 {
		return address[:i] + ".…"
	}
	if parts := strings.Split(address, ":"); len(parts) > 3 {
		return strings.Join(parts[:3], ":") + "::…"
	}
	return address
}

type invitationView struct {
	*store.Invitation
	Link, Until string
	Open        bool
}

type invitationsView struct {
	*settingsView
	Invitations []invitationView
}

// Bounds of invitations: those of members, and of admins.
const (
	memberUses, memberDays = 10, 30
	adminUses, adminDays   = 500, 365
)

// invitations makes the links by which a member lets others in, and lists them.
func (p *Pages) invitations(r *http.Request, v *view) error {
	ctx, account := r.Context(), v.User.Account.ID
	uses, days := []int{1, 5, memberUses}, []int{7, memberDays}
	if v.User.Admin() {
		uses, days = append(uses, 50, adminUses), append(days, 90, adminDays)
	}
	f := &form{Values: r.PostForm, Fields: []*field{
		{Name: "note", Label: v.T("invitations.note"), Hint: v.T("invitations.note_hint"), Max: 100},
		{Name: "places", Label: v.T("invitations.uses"), Kind: "select", Required: true, Groups: numbers(v, "invitations.people", uses)},
		{Name: "jours", Label: v.T("invitations.days"), Kind: "select", Required: true, Groups: numbers(v, "invitations.for_days", days)},
	}}
	i := &invitationsView{settingsView: v.settings("settings.invitations", f.single(r))}
	v.Page, v.Data, v.Sentence = "invitations", i, v.T("invitations.lead", v.Instance)
	if r.Method == http.MethodPost && f.check(v) {
		places, days := number(f.Get("places")), number(f.Get("jours"))
		now := p.Clock()
		err := p.DB.Write(ctx, store.Promised, func(tx *store.Tx) error {
			if err := p.spend(ctx, tx, f, account); err != nil {
				return err
			}
			return tx.InsertInvitation(ctx, &store.Invitation{Code: strings.ToLower(rand.Text()), Account: account, Note: f.Get("note"), Uses: places, Created: now, Expires: now.AddDate(0, 0, days)})
		})
		if err != nil && !sent(err) {
			return err
		}
		return v.done("/reglages/invitations", "invited")
	}
	if r.Method != http.MethodPost {
		f.Values = url.Values{"places": {"1"}, "jours": {"7"}}
	}
	list, err := store.InvitationsOf(ctx, p.DB.Read(), account)
	for _, x := range list {
		i.Invitations = append(i.Invitations, invitationView{Invitation: x, Link: p.Site.Base + "/invitation/" + x.Code, Until: v.Moment(x.Expires), Open: x.Open(p.Clock())})
	}
	return err
}

func numbers(v *view, key string, list []int) []optionGroup {
	var out []option
	for _, n := range slices.Compact(list) {
		out = append(out, option{Value: strconv.Itoa(n), Label: v.T(key, n)})
	}
	return []optionGroup{{Options: out}}
}

// number reads what an option said; the form has checked it.
func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}

// revoke ends an invitation of one's own.
func (p *Pages) revoke(r *http.Request, v *view) error {
	if noForm(r, v) {
		return nil
	}
	code := mux.Vars(r)["code"]
	err := p.DB.Write(r.Context(), store.Promised, func(tx *store.Tx) error {
		found, err := tx.DropInvitation(r.Context(), v.User.Account.ID, code)
		if err == nil && !found {
			return store.ErrNotFound
		}
		return err
	})
	if err != nil {
		return err
	}
	return v.done("/reglages/invitations", "revoked")
}
