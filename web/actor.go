package web

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/gorilla/mux"

	"essaim/internal/essaim"
	"essaim/internal/store"
	"essaim/internal/text"
)

// profileView is the page of a person, an organisation, an accelerator or an instance.
type profileView struct {
	*actorView
	Domain     string // professional domain of a member's address, when the member shows it
	Properties []propertyView
	Away       *awayButtons // nil when the visitor keeps nobody away here
	Missions   []string
	Since      string
	Items      []*objectView
	Events     []*objectView
	Projects   []*actorView // of the instance an accelerator belongs to
	Members    []*actorView
	Unlisted   int // members who did not choose to be listed
}

// propertyView is a line that somebody wrote about themselves: HTML on the wire, shown as text, and as a link when all of it is an address.
type propertyView struct{ Name, Text, Link string }

// Actor shows `/@{handle}`: an actor of this instance, or `/@{handle}@{host}`: one known from elsewhere, with what it published, newest first.
// `/@{handle}.atom` is the same as a feed.
func (p *Pages) Actor() http.Handler {
	page, feed := p.page(p.actor), p.feed(p.actorFeed)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(mux.Vars(r)["handle"], ".atom") {
			feed(w, r)
			return
		}
		page(w, r)
	})
}

func (p *Pages) actor(r *http.Request, v *view) error {
	c, err := p.findActor(r)
	if err != nil {
		return err
	}
	a := p.showActor(v.Lang, c)
	if err := p.followStates(r.Context(), v, a); err != nil {
		return err
	}
	v.Title, v.Sentence, v.Alternate = a.Name, a.Lead, c.IRI
	if c.Local {
		v.Feed = a.Page + ".atom"
	}
	if project := a.Project(); project != nil {
		return p.project(r, v, a, project)
	}
	return p.profile(r, v, a)
}

// findActor finds the actor an address names; one that was suspended or deleted is gone.
func (p *Pages) findActor(r *http.Request) (*store.Card, error) {
	name, err := url.PathUnescape(strings.TrimSuffix(mux.Vars(r)["handle"], ".atom"))
	if err != nil {
		return nil, store.ErrNotFound
	}
	handle, host, remote := strings.Cut(strings.ToLower(name), "@")
	if !remote {
		host = p.Site.Host
	}
	c, err := store.CardByHandle(r.Context(), p.DB.Read(), handle, host)
	if err == nil && (c.State >= store.Suspended || !c.Deleted.IsZero()) {
		err = essaim.Errorf(essaim.Gone, "this actor is gone")
	}
	return c, err
}

func (p *Pages) profile(r *http.Request, v *view, a *actorView) error {
	ctx, q := r.Context(), p.DB.Read()
	view := &profileView{actorView: a}
	v.Page, v.Data = "actor", view
	if profile, ok := a.Thing.(*essaim.Profile); ok {
		for _, pr := range profile.Properties {
			value := text.Plain(pr.Value)
			view.Properties = append(view.Properties, propertyView{pr.Name, value, webLink(value)})
		}
		for _, code := range profile.Missions {
			view.Missions = append(view.Missions, essaim.Missions.Label(code, v.Lang))
		}
	}
	var err error
	if view.Domain, err = p.verifiedDomain(ctx, v, a); err != nil {
		return err
	}
	if view.Away, err = p.awayButtonsFor(ctx, v, a); err != nil {
		return err
	}
	page := pageOf(r, perPage)
	objects, err := store.WorkPage(ctx, q, a.ID, page)
	if err != nil {
		return err
	}
	objects = turn(r, v, objects, page, func(o *store.Object) essaim.ID { return o.ID })
	for _, o := range objects {
		view.Items = append(view.Items, p.showObject(v.Lang, o, a.Card))
	}
	if err := p.stand(ctx, v, view.Items); err != nil {
		return err
	}
	if a.Kind == essaim.KindAccelerator || a.Kind == essaim.KindInstance {
		v.Section = "annuaire"
		cards, err := store.Directory(ctx, q, store.Filter{Kind: essaim.KindProject, Host: a.Host}, store.Page{Limit: 6})
		if err != nil {
			return err
		}
		view.Projects = p.showActors(v.Lang, cards[:min(len(cards), 6)])
	}
	if a.Kind != essaim.KindPerson {
		view.Members, view.Unlisted, err = p.members(r, v, a)
	}
	return err
}

// members are the people who chose to be found; the others are only counted (ui-R10).
func (p *Pages) members(r *http.Request, v *view, a *actorView) (shown []*actorView, others int, err error) {
	cards, err := store.Members(r.Context(), p.DB.Read(), a.ID)
	for _, c := range cards {
		m := p.showActor(v.Lang, c)
		if profile, ok := m.Thing.(*essaim.Profile); ok && profile.Discoverable {
			shown = append(shown, m)
		} else {
			others++
		}
	}
	return shown, others, err
}
