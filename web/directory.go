package web

import (
	"net/http"
	"slices"

	"github.com/gorilla/mux"

	"essaim/internal/essaim"
	"essaim/internal/search"
	"essaim/internal/store"
)

// directoryLists are the lists of the directory, with the filters of each.
var directoryLists = []struct {
	slug, kind string
	filters    []string
}{
	{"accelerateurs", essaim.KindAccelerator, []string{search.ByTerritory, search.ByHost}},
	{"organisations", essaim.KindOrganisation, []string{search.ByActor, search.ByTerritory, search.ByHost}},
	{"personnes", essaim.KindPerson, []string{search.ByActor, search.ByTerritory, search.ByHost}},
}

// directoryView is one of the lists. People who did not choose to be listed are counted (ui-R10).
type directoryView struct {
	listView
	Kind     string
	Text     string
	Action   string
	Unlisted int64
	Feed     string
}

// directoryDoor leads to the first list of the directory.
func (p *Pages) directoryDoor(_ *http.Request, v *view) error {
	v.Redirect = "/annuaire/accelerateurs"
	return nil
}

// directory lists the accelerators, the organisations or the people known here, newest first, with their followers.
func (p *Pages) directory(r *http.Request, v *view) error {
	q, filters, err := directoryQuestion(r)
	if err != nil {
		return err
	}
	kind := q.Kinds[0]
	found, err := p.Search.Find(r.Context(), q)
	if err != nil {
		return err
	}
	turnFound(r, v, found)
	l := &directoryView{Kind: kind, Text: q.Text, Action: r.URL.Path, Unlisted: found.Counts.Unlisted, Feed: feedOf(r.URL)}
	if l.Items, err = p.withFollowers(r, p.foundActors(v, found.Items)); err != nil {
		return err
	}
	for _, list := range directoryLists {
		l.Tabs = append(l.Tabs, tab{v.T("directory." + list.kind), "/annuaire/" + list.slug, list.kind == kind})
	}
	l.Total, l.Selects = found.Counts.Total, choices(v, found.Counts, q, filters)
	l.Chosen = chips(r.URL, l.Selects, nil)
	l.Filtered = len(l.Chosen) > 0 || q.Text != ""
	v.Page, v.Section, v.Title, v.Sentence, v.Feed, v.Data = "directory", "annuaire", v.T("directory."+kind), v.T("directory.lede."+kind), l.Feed, l
	return nil
}

// directoryQuestion reads the question of a list of the directory: the filters it has, and words.
func directoryQuestion(r *http.Request) (search.Query, []parameter, error) {
	q := questionOf(r)
	for _, list := range directoryLists {
		if list.slug != mux.Vars(r)["list"] {
			continue
		}
		q.Kinds, q.Theme, q.Phase = []string{list.kind}, "", ""
		q.ByDate = true
		return q, slices.DeleteFunc(slices.Clone(parameters), func(f parameter) bool { return !slices.Contains(list.filters, f.dimension) }), nil
	}
	return q, nil, store.ErrNotFound
}

// withFollowers fills how many follow each.
func (p *Pages) withFollowers(r *http.Request, actors []*actorView) ([]*actorView, error) {
	ids := make([]essaim.ID, len(actors))
	for i, a := range actors {
		ids[i] = a.ID
	}
	followers, err := store.FollowersOf(r.Context(), p.DB.Read(), ids)
	for _, a := range actors {
		a.Followers = followers[a.ID]
	}
	return actors, err
}

// directoryFeed is a list of the directory as a feed.
func (p *Pages) directoryFeed(r *http.Request, v *view) (*atomFeed, error) {
	q, _, err := directoryQuestion(r)
	if err != nil {
		return nil, err
	}
	found, err := p.Search.Find(r.Context(), q)
	if err != nil {
		return nil, err
	}
	return p.foundFeed(v, v.T("directory."+q.Kinds[0]), found.Items), nil
}
