package web

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"essaim/internal/essaim"
	"essaim/internal/httpx"
	"essaim/internal/i18n"
	"essaim/internal/store"
)

// access is who may ask for a page.
type access int

const (
	everybody  access = iota
	always            // everybody, even while the instance is not open to the public
	members           // whoever is signed in
	moderators        // accounts that moderate: moderator, admin
	admins
)

// visitor is who is signed in, as the frame of every page shows them.
type visitor struct {
	*store.Visitor
	View *actorView
}

// Staff tells whether the visitor moderates.
func (u *visitor) Staff() bool { return u != nil && (u.Account.Role == "moderator" || u.Admin()) }

// Admin tells whether the visitor runs the instance.
func (u *visitor) Admin() bool { return u != nil && u.Account.Role == "admin" }

// ID is the row of the visitor's own actor; 0 for nobody, as store.CanSee takes it.
func (u *visitor) ID() essaim.ID {
	if u == nil {
		return 0
	}
	return u.Card.ID
}

func (u *visitor) may(a access) bool {
	switch a {
	case members:
		return u != nil
	case moderators:
		return u.Staff()
	case admins:
		return u.Admin()
	}
	return true
}

// sessionCookie carries the port, so that instances on one host name do not share it (design §8); over https it is bound to this very origin.
func (p *Pages) sessionCookie() string {
	name := "essaim_session"
	if _, port, ok := strings.Cut(p.Site.Host, ":"); ok {
		name += "_" + port
	}
	if p.secure() {
		return "__Host-" + name
	}
	return name
}

func (p *Pages) secure() bool { return strings.HasPrefix(p.Site.Base, "https:") }

// remember puts the secret of a session into the browser; "" takes it out.
func (p *Pages) remember(w http.ResponseWriter, secret string) {
	c := &http.Cookie{Name: p.sessionCookie(), Value: secret, Path: "/", HttpOnly: true, Secure: p.secure(), SameSite: http.SameSiteLaxMode, MaxAge: int(sessionCookieLife / time.Second)}
	if secret == "" {
		c.MaxAge = -1
	}
	http.SetCookie(w, c)
}

// sessionCookieLife only bounds the cookie: how long a session lasts is the server's to say.
const sessionCookieLife = 365 * 24 * time.Hour

// recognise finds who is signed in; a session that has ended is nobody.
func (p *Pages) recognise(r *http.Request, lang i18n.Lang) (*visitor, error) {
	c, err := r.Cookie(p.sessionCookie())
	if err != nil || p.Auth == nil {
		return nil, nil
	}
	found, err := p.Auth.Visitor(r.Context(), c.Value, httpx.Addr(r).String())
	if err != nil || found == nil {
		return nil, err
	}
	return &visitor{found, p.showActor(lang, found.Card)}, nil
}

// guard answers a request for a page that its visitor may not have. Who is signed out is led to the sign-in page and back, and what was typed into a form
// comes along; to everybody else the page does not exist (S45).
func (p *Pages) guard(r *http.Request, v *view) error {
	if v.User != nil {
		return store.ErrNotFound
	}
	back := r.URL.RequestURI()
	if r.Method == http.MethodPost {
		return p.askToSignIn(r, v, back)
	}
	v.Redirect = "/connexion?" + url.Values{"retour": {back}}.Encode()
	return nil
}

// localPath is a path of this site from what an address or a form asked for, "/" for anything else (S44).
func localPath(s string) string {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "" || u.Host != "" || u.Opaque != "" || !strings.HasPrefix(s, "/") || strings.HasPrefix(s, "//") || strings.ContainsAny(s, "\\\r\n\t") {
		return "/"
	}
	return u.RequestURI()
}

// shortcut is an entry of the account's menu or of the bar at the bottom of a phone.
type shortcut struct {
	Label, Page, Icon string
	Current           bool
}

// OwnPages is the menu of the account. A subject adds its entry here.
func (v *view) OwnPages() []shortcut {
	pages := []shortcut{
		{Label: v.T("own.profile"), Page: v.User.View.Page},
		{Label: v.T("feed.title"), Page: "/fil"},
		{Label: v.T("favourites.title"), Page: "/favoris"},
		{Label: v.T("teams.title"), Page: "/equipes"},
		{Label: v.T("lookup.title"), Page: "/recherche-distante"},
		{Label: v.T("own.settings"), Page: "/reglages"},
	}
	if desk := v.AdminPages(); len(desk) > 0 {
		pages = append(pages, shortcut{Label: v.T("admin.nav"), Page: desk[0].Page})
	}
	return pages
}

// BottomBar is what a thumb reaches on a phone: five plain links at the most (ui §3).
func (v *view) BottomBar() []shortcut {
	bar := []shortcut{
		{Label: v.T("own.feed"), Page: "/fil", Icon: "house"},
		{Label: v.T("nav.explorer"), Page: "/explorer", Icon: "compass"},
		{Label: v.T("site.publish"), Page: "/publier", Icon: "plus"},
		{Label: v.T("own.alerts"), Page: "/notifications", Icon: "bell"},
		{Label: v.T("own.me"), Page: v.User.View.Page, Icon: "users"},
	}
	path, _, _ := strings.Cut(v.Here, "?")
	for i := range bar {
		bar[i].Current = bar[i].Page == path
	}
	return bar
}
