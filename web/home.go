package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"essaim/internal/essaim"
	"essaim/internal/i18n"
	"essaim/internal/search"
	"essaim/internal/store"
)

// homeView is the front page: who speaks, what there is, how to follow it from anywhere.
type homeView struct {
	Figures  []figure
	Places   []placeLink
	Map      franceMap
	Projects []*actorView
	Featured *objectView // the next event
	Events   []*objectView
	News     []*objectView
	National bool
	Peers    []peerView
}

// figure is a number that leads to the list it counts.
type figure struct {
	Value       int64
	Label, Page string
}

type peerView struct {
	*store.Peer
	Page, Heard, ISO         string
	Silent                   bool
	Projects, Events, Bodies figure
}

// silence is after how long an instance that is not heard of is said to be silent.
const silence = 9 * 24 * time.Hour

// home reads in eight queries: what the index counts, events to come, whether projects changed, projects, events, news, their authors, and the peers of the national instance.
func (p *Pages) home(r *http.Request, v *view) error {
	if v.User != nil && r.URL.Query().Get("accueil") == "" { // who is signed in comes for the timeline; the front page stays at /?accueil=1
		v.Redirect = "/fil"
		return nil
	}
	ctx, q, now := r.Context(), p.DB.Read(), p.Clock()
	v.Page, v.Title, v.Sentence, v.Alternate, v.Feed = "home", v.Instance, v.Typo(v.Settings.Description), p.Site.Instance(), "/projets.atom"
	h := &homeView{National: p.National, Places: placesOf(v.Settings.Territories)}
	v.Data = h
	counts, all, byHost, err := p.homeCounts(ctx, now)
	if err != nil {
		return err
	}
	h.Figures, h.Map = figures(v, counts), p.drawMap(v.Settings.Territories, all.Territories)
	projects, err := store.Directory(ctx, q, store.Filter{Kind: essaim.KindProject}, store.Page{Limit: 6})
	if err != nil {
		return err
	}
	h.Projects = p.showActors(v.Lang, first(projects, 6))
	events, err := store.Agenda(ctx, q, now, store.AgendaPage{Limit: 4})
	if err != nil {
		return err
	}
	events = first(events, 4)
	news, err := store.News(ctx, q, store.Page{Limit: 3})
	if err != nil {
		return err
	}
	items, err := p.showAll(ctx, v.Lang, slices.Concat(events, first(news, 3)))
	if err != nil {
		return err
	}
	h.Events, h.News = items[:len(events)], items[len(events):]
	if len(h.Events) > 0 {
		h.Featured, h.Events = h.Events[0], h.Events[1:]
	}
	if p.National {
		h.Peers, err = p.peers(r, v, byHost)
	}
	return err
}

// homeCounts are the figures, each counted as the list it leads to is made: projects and events in the database, bodies in the index. On the national
// instance, also what came from each server.
func (p *Pages) homeCounts(ctx context.Context, now time.Time) (map[string]int64, facets, []search.Counts, error) {
	questions := []search.Query{{}}
	if p.National {
		questions = append(questions, search.Query{Kinds: []string{essaim.KindProject}}, search.Query{Kinds: []string{essaim.KindEvent}}, search.Query{Kinds: bodies})
	}
	found, err := p.Search.CountAll(ctx, questions...)
	if err != nil {
		return nil, facets{}, nil, err
	}
	coming, err := store.CountComing(ctx, p.DB.Read(), now)
	if err != nil {
		return nil, facets{}, nil, err
	}
	all, err := p.facets(ctx, store.Filter{})
	return map[string]int64{essaim.KindProject: all.Total, essaim.KindEvent: coming, essaim.KindAccelerator: found[0].Kind[essaim.KindAccelerator],
		essaim.KindOrganisation: found[0].Kind[essaim.KindOrganisation]}, all, found[1:], err
}

// bodies are the kinds that the directory of an instance counts together.
var bodies = []string{essaim.KindAccelerator, essaim.KindOrganisation}

// first drops the row by which a list says that it goes on.
func first[T any](rows []T, n int) []T { return rows[:min(len(rows), n)] }

// figures leaves out what is too little to be told as a number.
func figures(v *view, counts map[string]int64) []figure {
	var out []figure
	for _, f := range []struct{ kind, page string }{{"project", "/projets"}, {"event", "/agenda"}, {"accelerator", "/annuaire/accelerateurs"}, {"organisation", "/annuaire/organisations"}} {
		if n := counts[f.kind]; n > 0 {
			out = append(out, figure{n, counted(v, "home.figure."+f.kind, n), f.page})
		}
	}
	return out
}

// counted is what a message counts, in the number that the count asks for, without the count, which figures show by itself.
func counted(v *view, key string, n int64) string {
	return v.Typo(strings.TrimSpace(strings.TrimPrefix(i18n.T(v.Lang, key, n), i18n.Number(v.Lang, n))))
}

// peers are the instances followed, each with how much came from it: projects, events and bodies, in the order of counts.
func (p *Pages) peers(r *http.Request, v *view, counts []search.Counts) ([]peerView, error) {
	peers, err := store.Peers(r.Context(), p.DB.Read(), 50)
	out := make([]peerView, len(peers))
	for i, peer := range peers {
		list := func(n int, kinds ...string) figure {
			q := url.Values{"instance": {peer.Host}, "type": kinds}
			return figure{Value: counts[n].Host[peer.Host], Page: "/explorer?" + q.Encode()}
		}
		out[i] = peerView{Peer: peer, Page: "/@" + peer.Handle + "@" + peer.AtHost, Projects: list(0, "projet"), Events: list(1, "evenement"), Bodies: list(2, "accelerateur", "organisation")}
		if !peer.LastSeen.IsZero() {
			out[i].Heard, out[i].ISO = v.Typo(i18n.Date(v.Lang, peer.LastSeen, p.zone())), peer.LastSeen.In(p.zone()).Format(time.RFC3339)
			out[i].Silent = p.Clock().Sub(peer.LastSeen) > silence
		}
	}
	return out, err
}

// interact is where other servers send their members to act on something of ours (WebFinger's subscribe template). It only ever redirects to a
// page of this instance (S44).
func (p *Pages) interact(r *http.Request, v *view) error {
	ctx, q, uri := r.Context(), p.DB.Read(), r.URL.Query().Get("uri")
	handle, host, ok := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(uri, "acct:"), "@"), "@")
	if a, err := store.ActorByIRI(ctx, q, uri); err == nil {
		handle, host, ok = a.Handle, a.Host, true
	}
	if ok {
		if c, err := store.CardByHandle(ctx, q, strings.ToLower(handle), strings.ToLower(host)); err == nil {
			v.Redirect = actorPage(c)
			return nil
		}
	}
	o, err := store.ObjectByIRI(ctx, q, uri)
	seen := false
	if err == nil {
		seen, err = store.CanSee(ctx, q, 0, o.ID)
	}
	switch {
	case ignoreMissing(err) != nil:
		return err
	case !seen && (ok || strings.HasPrefix(uri, "https://") || strings.HasPrefix(uri, "http://")):
		// Somebody comes from a page of another server to follow it from here: a member looks it up, once signed in. What is hidden here is not told from
		// what is unknown (S45).
		v.Redirect = "/recherche-distante?" + url.Values{"q": {uri}}.Encode()
		if v.User == nil {
			v.Redirect = "/connexion?" + url.Values{"retour": {v.Redirect}}.Encode()
		}
		return nil
	case !seen:
		return store.ErrNotFound
	}
	shown, err := p.showAll(ctx, v.Lang, []*store.Object{o})
	if err != nil {
		return err
	}
	v.Redirect = shown[0].safePage()
	return nil
}
