package web

import (
	"net/http"
	"net/url"
	"strings"

	"essaim/internal/essaim"
	"essaim/internal/store"
)

// home shows what is known here, of this instance and of those it follows, newest first: accelerators, projects, what comes up, what was said.
func (p *Pages) home(r *http.Request, v *view) error {
	v.Page, v.Title, v.Sentence, v.Alternate = "home", p.Name, p.Description, p.Site.Instance()
	for _, kind := range []string{essaim.KindAccelerator, essaim.KindProject} {
		actors, err := store.LatestActors(r.Context(), p.DB.Read(), kind, store.Page{Limit: perPage})
		if err != nil {
			return err
		}
		s := section{Title: v.T("home." + kind)}
		for _, a := range actors {
			shown, err := p.showActor(r.Context(), v.Lang, a)
			if err != nil {
				return err
			}
			s.People = append(s.People, shown)
		}
		v.Sections = append(v.Sections, s)
	}
	for _, kind := range []string{essaim.KindEvent, essaim.KindPost} {
		objects, err := store.Latest(r.Context(), p.DB.Read(), kind, store.Page{Limit: perPage})
		if err != nil {
			return err
		}
		items, err := p.showAll(r.Context(), v.Lang, objects)
		if err != nil {
			return err
		}
		v.Sections = append(v.Sections, section{Title: v.T("home." + kind), Items: items})
	}
	return nil
}

// about says what this server is; the legal pages come with the operator's assistant.
func (p *Pages) about(_ *http.Request, v *view) error {
	v.Page, v.Title, v.Sentence, v.Alternate = "about", v.T("about.title", p.Name), p.Description, p.Site.Instance()
	return nil
}

// interact is where other servers send their members to act on something of ours (WebFinger's subscribe template). It only ever redirects to a
// page of this instance (S44).
func (p *Pages) interact(r *http.Request, v *view) error {
	uri := r.URL.Query().Get("uri")
	if a, err := store.ActorByIRI(r.Context(), p.DB.Read(), uri); err == nil {
		v.Redirect = p.actorPage(a)
		return nil
	}
	if handle, host, ok := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(uri, "acct:"), "@"), "@"); ok {
		if a, err := store.ActorByHandle(r.Context(), p.DB.Read(), strings.ToLower(handle), strings.ToLower(host)); err == nil {
			v.Redirect = (&url.URL{Path: p.actorPage(a)}).String()
			return nil
		}
	}
	if o, err := store.ObjectByIRI(r.Context(), p.DB.Read(), uri); err == nil {
		if seen, err := store.CanSee(r.Context(), p.DB.Read(), 0, o.ID); err == nil && seen {
			shown, err := p.showObject(r.Context(), v.Lang, o)
			if err != nil {
				return err
			}
			v.Redirect = shown.Page
			return nil
		}
	}
	return store.ErrNotFound
}
