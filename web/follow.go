package web

import (
	"context"
	"errors"
	"net/http"

	"essaim/federation/vocab"
	"essaim/internal/activity"
	"essaim/internal/essaim"
	"essaim/internal/store"
)

func ignoreMissing(err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	return err
}

func (p *Pages) followRoutes() []route {
	return []route{
		{"/suivre", p.follow, post, members},
		{"/demandes", p.requests, getPost, members},
		{"/@{handle:[^/]+}/abonnes", p.followersPage, get, everybody},
		{"/@{handle:[^/]+}/abonnements", p.followingPage, get, everybody},
		{"/recherche-distante", p.lookUp, get, members},
	}
}

// follow is the button on an actor: to follow, to stop, to withdraw a request that was not answered.
func (p *Pages) follow(r *http.Request, v *view) error {
	if noForm(r, v) {
		return nil
	}
	id, err := essaim.ParseID(r.PostForm.Get("acteur"))
	if err != nil {
		return store.ErrNotFound
	}
	target, err := store.ActorByID(r.Context(), p.DB.Read(), id)
	if err != nil {
		return err
	}
	word := "followed"
	switch r.PostForm.Get("geste") {
	case "follow":
		if target.ID == v.User.Card.ID {
			return essaim.Errorf(essaim.Invalid, "nobody follows himself")
		}
		if _, err = p.do(r, v, activity.About(vocab.Follow, v.User.Card.IRI, target.IRI), nil); err == nil {
			rel, lost := store.FindRelation(r.Context(), p.DB.Read(), store.RelFollow, v.User.Card.ID, target.ID)
			if lost == nil && rel.State == store.Pending {
				word = "asked"
			}
		}
	case "unfollow":
		word, err = "unfollowed", p.undo(r, v, store.RelFollow, target.ID)
	default:
		return essaim.Errorf(essaim.Invalid, "there is no such gesture")
	}
	if err != nil {
		return err
	}
	return v.done(backTo(r), word)
}

// Follow states of a button.
const (
	followNone     = "none"
	followAsked    = "asked"
	followAccepted = "accepted"
)

// followStates fills the buttons of actors for who is signed in.
func (p *Pages) followStates(ctx context.Context, v *view, actors ...*actorView) error {
	if v.User == nil {
		return nil
	}
	var ids []essaim.ID
	for _, a := range actors {
		ids = append(ids, a.ID)
	}
	states, err := store.FollowState(ctx, p.DB.Read(), v.User.Card.ID, ids)
	for _, a := range actors {
		accepted, known := states[a.ID]
		switch {
		case a.ID == v.User.Card.ID:
		case accepted:
			a.Follow = followAccepted
		case known:
			a.Follow = followAsked
		default:
			a.Follow = followNone
		}
	}
	return err
}

// tiedView lists who follows an actor, or whom it follows.
type tiedView struct {
	Of    *actorView
	Tabs  []tab
	Items []*actorView
}

func (p *Pages) followersPage(r *http.Request, v *view) error { return p.tied(r, v, false) }
func (p *Pages) followingPage(r *http.Request, v *view) error { return p.tied(r, v, true) }

// tied lists people here and elsewhere; those of this instance who did not choose to be found are left out (ui-R10).
func (p *Pages) tied(r *http.Request, v *view, outward bool) error {
	c, err := p.findActor(r)
	if err != nil {
		return err
	}
	a := p.showActor(v.Lang, c)
	t := &tiedView{Of: a, Tabs: []tab{{Label: v.T("tied.followers"), Page: a.Page + "/abonnes", Current: !outward}, {Label: v.T("tied.following"), Page: a.Page + "/abonnements", Current: outward}}}
	v.Page, v.Title, v.Data = "tied", v.T("tied.followers_of", a.Name), t
	if outward {
		v.Title = v.T("tied.following_of", a.Name)
	}
	page := pageOf(r, 30)
	rows, err := store.TiedPage(r.Context(), p.DB.Read(), c.ID, outward, store.Accepted, page)
	if err != nil {
		return err
	}
	for _, row := range turn(r, v, rows, page, func(t *store.TiedCard) essaim.ID { return t.Tie }) {
		x := p.showActor(v.Lang, row.Card)
		profile := profileOf(x.Thing)
		if x.Kind == essaim.KindPerson && x.Local && (profile == nil || !profile.Discoverable) && x.ID != v.User.ID() {
			continue
		}
		t.Items = append(t.Items, x)
	}
	return p.followStates(r.Context(), v, t.Items...)
}

// requestsView lists those who asked to follow the visitor.
type requestsView struct{ Items []*requestView }

type requestView struct {
	*actorView
	Tie string
}

// requests is where a person who approves followers answers them.
func (p *Pages) requests(r *http.Request, v *view) error {
	ctx, me := r.Context(), v.User.Card
	if r.Method == http.MethodPost {
		id, err := essaim.ParseID(r.PostForm.Get("acteur"))
		if err != nil {
			return store.ErrNotFound
		}
		rel, err := store.FindRelation(ctx, p.DB.Read(), store.RelFollow, id, me.ID)
		if err != nil {
			return err
		}
		verb, word := vocab.AcceptType, "accepted"
		if r.PostForm.Get("geste") != "accept" {
			verb, word = vocab.Reject, "rejected"
		}
		if _, err := p.do(r, v, activity.About(verb, me.IRI, rel.Activity), nil); err != nil {
			return err
		}
		return v.done("/demandes", word)
	}
	rows, err := store.TiedPage(ctx, p.DB.Read(), me.ID, false, store.Pending, store.Page{Limit: 100})
	t := &requestsView{}
	for _, row := range first(rows, 100) {
		t.Items = append(t.Items, &requestView{p.showActor(v.Lang, row.Card), row.Tie.String()})
	}
	v.Page, v.Title, v.Sentence, v.Data = "requests", v.T("requests.title"), v.T("requests.lede"), t
	return err
}
