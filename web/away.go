package web

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"essaim/internal/essaim"
	"essaim/internal/store"
)

// awayView is the page that sends a visitor to their own server, to follow or answer something of ours from there.
type awayView struct {
	*form
	Actor  *actorView
	Object *objectView
	Copy   string // what to search for there, when nothing else helps
	To     string // where the visitor is sent; "" before they said from where
	Host   string
}

// serverCookie remembers from which server a reader follows: a display preference.
const serverCookie = "serveur"

// awayDeadline bounds the look-up of the visitor's server (design §16: one of the two pages that use the network).
const awayDeadline = 6 * time.Second

func (p *Pages) awayRoutes() []route {
	return []route{{"/suivre-distant", p.followAway, getPost, everybody}}
}

// followAway is `/suivre-distant?objet=`: it asks from where, finds that server's own page for it (FEP-3b86, then OStatus subscribe), and hands over. The answer is
// 200 with a link and a Refresh, since a redirect that leaves the site after a form is refused by `form-action 'self'` (ui-UI9).
func (p *Pages) followAway(r *http.Request, v *view) error {
	a := &awayView{}
	uri, err := p.subject(r, v, a)
	if err != nil {
		return err
	}
	a.form = &form{Values: r.PostForm, Fields: []*field{{Name: "serveur", Label: v.T("away.label"), Hint: v.T("away.hint"), Required: true, Max: 300, Placeholder: "@nom@mastodon.exemple", Autocomplete: "off"}}}
	v.Page, v.Title, v.Data = "away", v.T("away.title"), a
	if a.Actor != nil {
		v.Title = v.T("away.title_of", a.Actor.Name)
	}
	if r.Method != http.MethodPost {
		if c, err := r.Cookie(serverCookie); err == nil {
			a.Values = url.Values{"serveur": {c.Value}}
		}
		return nil
	}
	if !a.check(v) {
		return nil
	}
	host := serverOf(a.Get("serveur"))
	if host == "" {
		return a.fault(v, "serveur", v.T("away.invalid"))
	}
	if host == p.Site.Host {
		v.Redirect = "/connexion?" + url.Values{"retour": {v.subjectPage(a)}}.Encode()
		return nil
	}
	ctx, cancel := context.WithTimeout(r.Context(), awayDeadline)
	defer cancel()
	to, err := p.HandOver(ctx, a.Get("serveur"), uri, a.Actor != nil)
	if err != nil {
		return a.fault(v, "serveur", v.T("away.unreachable", host))
	}
	a.To, a.Host = to, essaim.HostOf(to)
	v.Cookies = append(v.Cookies, p.preference(serverCookie, a.Get("serveur")))
	v.RefreshTo = to
	return nil
}

// subjectPage is the page here of what is to be followed.
func (v *view) subjectPage(a *awayView) string {
	if a.Actor != nil {
		return a.Actor.Page
	}
	return a.Object.safePage()
}

// subject finds what the address names: an actor or an object that everybody may see, by its id.
func (p *Pages) subject(r *http.Request, v *view, a *awayView) (string, error) {
	ctx, q, uri := r.Context(), p.DB.Read(), r.URL.Query().Get("objet")
	if actor, err := store.ActorByIRI(ctx, q, uri); err == nil && actor.State < store.Suspended {
		cards, err := store.CardsByID(ctx, q, []essaim.ID{actor.ID})
		if c := cards[actor.ID]; err == nil && c != nil {
			a.Actor = p.showActor(v.Lang, c)
			a.Copy = a.Actor.Handle
			return uri, nil
		}
		return "", store.ErrNotFound
	}
	o, err := store.ObjectByIRI(ctx, q, uri)
	if err != nil {
		return "", err
	}
	if seen, err := store.CanSee(ctx, q, 0, o.ID); err != nil || !seen || !o.Deleted.IsZero() {
		return "", store.ErrNotFound
	}
	items, err := p.showAll(ctx, v.Lang, []*store.Object{o})
	if err != nil {
		return "", err
	}
	a.Object, a.Copy = items[0], uri
	return uri, nil
}

// serverOf is the server in what a visitor typed: a handle, an address or the name of a server.
func serverOf(typed string) string {
	typed = strings.ToLower(strings.TrimSpace(typed))
	if _, rest, ok := strings.Cut(typed, "://"); ok {
		typed = rest
	}
	typed, _, _ = strings.Cut(typed, "/")
	if i := strings.LastIndexByte(typed, '@'); i >= 0 {
		typed = typed[i+1:]
	}
	if typed == "" || strings.ContainsAny(typed, " \\?#<>\"'") || !strings.Contains(typed, ".") && !strings.Contains(typed, ":") {
		return ""
	}
	return typed
}
