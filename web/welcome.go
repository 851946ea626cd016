package web

import (
	"net/http"
	"net/url"
	"slices"

	"essaim/federation/vocab"
	"essaim/internal/activity"
	"essaim/internal/essaim"
	"essaim/internal/store"
)

// welcomeView is the way in of a newcomer: three questions, then whom to follow (product U19).
type welcomeView struct {
	*form
	Step      int
	Proposals []*actorView
	Places    []string // keys, as the questions were answered
	Chosen    url.Values
}

func (p *Pages) welcomeRoutes() []route {
	return []route{{"/bienvenue", p.onboard, getPost, members}}
}

// mostProposals is how many are proposed at once: a list that is read, not scrolled.
const mostProposals = 12

// onboard asks where, which themes and which role; the answers stand in the address of the second step, so that going back loses nothing.
func (p *Pages) onboard(r *http.Request, v *view) error {
	if r.Method == http.MethodPost {
		return p.followAll(r, v)
	}
	q := r.URL.Query()
	f := &form{Values: q, Fields: []*field{
		{Name: "ou", Label: v.T("welcome.where"), Hint: v.T("profile.territories_hint"), Max: 300},
		{Name: "theme", Label: v.T("welcome.themes"), Kind: "checks", Groups: conceptChoices(v, &essaim.Themes, "")},
		{Name: "role", Label: v.T("welcome.role"), Kind: "select", Groups: conceptChoices(v, &essaim.ActorKinds, v.T("welcome.no_role"))},
	}}
	w := &welcomeView{form: f, Step: 1}
	v.Page, v.Title, v.Sentence, v.Data = "welcome", v.T("welcome.title", v.User.View.Name), v.T("welcome.lede"), w
	if !q.Has("suite") || !f.check(v) {
		return nil
	}
	places, err := territoriesNamed(f.Get("ou"))
	if err != nil {
		return f.refuse(v, err, map[string]string{"territory": "ou"})
	}
	w.Step, w.Places, v.Title, v.Sentence = 2, places, v.T("welcome.whom"), v.T("welcome.whom_lede")
	w.Proposals, err = p.proposals(r, v, places, f.List("theme"), f.Get("role"))
	return err
}

// proposals are bodies and projects near and on the themes, of everything known here: first what is both near and of the role.
func (p *Pages) proposals(r *http.Request, v *view, places, themes []string, role string) ([]*actorView, error) {
	ctx, q, me := r.Context(), p.DB.Read(), v.User.Card.ID
	var found []*store.Card
	near, err := store.Suggestions(ctx, q, me, essaim.Expand(places), 6)
	if err != nil {
		return nil, err
	}
	found = append(found, near...)
	for _, theme := range themes[:min(len(themes), 3)] {
		of, err := store.Directory(ctx, q, store.Filter{Kind: essaim.KindProject, Theme: theme}, store.Page{Limit: 4})
		if err != nil {
			return nil, err
		}
		found = append(found, first(of, 4)...)
	}
	labs, err := store.Directory(ctx, q, store.Filter{Kind: essaim.KindAccelerator}, store.Page{Limit: 4})
	if err != nil {
		return nil, err
	}
	found = append(found, first(labs, 4)...)
	var out []*actorView
	for _, c := range found {
		if c.ID != me && !slices.ContainsFunc(out, func(a *actorView) bool { return a.ID == c.ID }) {
			out = append(out, p.showActor(v.Lang, c))
		}
	}
	if err := p.followStates(ctx, v, out...); err != nil {
		return nil, err
	}
	out = slices.DeleteFunc(out, func(a *actorView) bool { return a.Follow == followAccepted || a.Phase.Off })
	slices.SortStableFunc(out, func(a, b *actorView) int { return kindRank(b, role) - kindRank(a, role) })
	return out[:min(len(out), mostProposals)], nil
}

// kindRank puts those of the visitor's own kind first.
func kindRank(a *actorView, role string) int {
	if profile, ok := a.Thing.(*essaim.Profile); ok && role != "" && profile.ActorKind == role {
		return 1
	}
	return 0
}

// followAll follows what was ticked, and keeps where the visitor is when they wish it on their page.
func (p *Pages) followAll(r *http.Request, v *view) error {
	if r.PostForm.Get("montrer") != "" {
		if me, ok := v.User.View.Thing.(*essaim.Profile); ok && len(r.PostForm["lieu"]) > 0 {
			changed := *me
			changed.Territories = r.PostForm["lieu"]
			if _, err := p.do(r, v, activity.Update(v.User.Card.IRI, &changed, ""), nil); err != nil && essaim.CodeOf(err) != essaim.Invalid {
				return err
			}
		}
	}
	for _, typed := range r.PostForm["acteur"][:min(len(r.PostForm["acteur"]), mostProposals)] {
		id, err := essaim.ParseID(typed)
		if err != nil {
			continue
		}
		target, err := store.ActorByID(r.Context(), p.DB.Read(), id)
		if err != nil || target.ID == v.User.Card.ID {
			continue
		}
		if _, err := p.do(r, v, activity.About(vocab.Follow, v.User.Card.IRI, target.IRI), nil); err != nil && essaim.CodeOf(err) == essaim.Internal {
			return err // one that has gone meanwhile does not keep the others
		}
	}
	return v.done("/fil", "feed_ready")
}
