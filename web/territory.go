package web

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/gorilla/mux"

	"essaim/internal/essaim"
	"essaim/internal/search"
)

// territoryView is the page of a territory: what it is, what lies around it, and what is known to happen there.
type territoryView struct {
	essaim.Territory
	LevelName                       string
	Around                          []placeGroup
	Homonyms                        []placeLink
	MoreNames                       string // address of the list of homonyms when they are many
	Figures, Phases                 []figure
	Projects                        []*actorView
	Events, Posts                   []foundView
	Accelerators, Organisations     []*actorView
	AllProjects, AllEvents, AllNews string     // addresses of the whole lists
	Nearest                         *actorView // the nearest accelerator when there is none here
	Map                             franceMap
	Feed                            string
	Nothing                         bool // nothing at all is known of it
}

// territory shows `/territoires/{handle}`. A code that is gone and an alias lead to the address of today.
func (p *Pages) territory(r *http.Request, v *view) error {
	t, err := findTerritory(r)
	if err != nil {
		return err
	}
	if t.Handle != mux.Vars(r)["handle"] {
		v.Redirect = territoryPage(t)
		return nil
	}
	view := &territoryView{Territory: t, LevelName: v.Typo(essaim.TerritoryLevels.Label(t.Level, v.Lang)), Feed: territoryPage(t) + ".atom", Map: p.drawPlace(t)}
	view.Around, view.Homonyms = p.around(v, t), homonyms(v, t)
	if len(view.Homonyms) > fewPlaces {
		view.Homonyms, view.MoreNames = nil, "/territoires?"+url.Values{"q": {t.Name}}.Encode()
	}
	v.Page, v.Section, v.Title, v.Sentence, v.Feed, v.Data = "territory", "explorer", t.Title(), v.T("territory.sentence", t.Title()), view.Feed, view
	return p.fillTerritory(r, v, view)
}

func findTerritory(r *http.Request) (essaim.Territory, error) {
	name, err := url.PathUnescape(mux.Vars(r)["handle"])
	t, ok := essaim.TerritoryByName(name)
	if err != nil || !ok {
		return t, essaim.Errorf(essaim.NotFound, "there is no such territory")
	}
	return t, nil
}

// fillTerritory asks the database four times, however many lists there are: the index knows what lies where.
func (p *Pages) fillTerritory(r *http.Request, v *view, t *territoryView) error {
	ctx := r.Context()
	of := func(kind string) search.Query { return search.Query{Territory: t.Key, Kinds: []string{kind}, Limit: 6} }
	counts, err := p.Search.CountAll(ctx, search.Query{Territory: t.Key}, search.Query{Kinds: []string{essaim.KindAccelerator}})
	if err != nil {
		return err
	}
	all, everywhere := counts[0], counts[1]
	coming, accelerators, nearest := of(essaim.KindEvent), of(essaim.KindAccelerator), of(essaim.KindAccelerator)
	coming.From, accelerators.Covering, nearest.Territory, nearest.Limit = p.Clock(), true, p.nearestWith(t.Territory, everywhere.Territory), 1
	lists, err := p.Search.Lists(ctx, of(essaim.KindProject), coming, of(essaim.KindPost), accelerators, of(essaim.KindOrganisation), nearest)
	if err != nil {
		return err
	}
	t.Projects, t.Accelerators, t.Organisations = p.foundActors(v, lists[0].Items), p.foundActors(v, lists[3].Items), p.foundActors(v, lists[4].Items)
	t.Events, t.Posts = p.showFound(v, lists[1].Items), p.showFound(v, lists[2].Items)
	if near := p.foundActors(v, lists[5].Items); len(t.Accelerators) == 0 && len(near) > 0 {
		t.Nearest = near[0]
	}
	t.Nothing = all.Total == 0
	t.AllProjects, t.AllEvents, t.AllNews = listOf(t.Territory, "type", "projet"), listOf(t.Territory, "type", "evenement"), listOf(t.Territory, "type", "message")
	for _, k := range objectKinds {
		if n := all.Kind[k.kind]; n > 0 {
			t.Figures = append(t.Figures, figure{n, counted(v, "explorer.cell."+k.kind, n), listOf(t.Territory, "type", k.slug)})
		}
	}
	for _, c := range essaim.Phases.Concepts {
		if n := all.Phase[c.ID]; n > 0 {
			t.Phases = append(t.Phases, figure{n, v.Typo(c.Short(v.Lang)), listOf(t.Territory, "type", "projet", "phase", c.ID)})
		}
	}
	return nil
}

// listOf is the address of the list of what is in a territory, with filters in pairs.
func listOf(t essaim.Territory, filters ...string) string {
	q := url.Values{"territoire": {t.Handle}}
	for i := 0; i+1 < len(filters); i += 2 {
		q.Set(filters[i], filters[i+1])
	}
	return "/explorer?" + q.Encode()
}

func (p *Pages) foundActors(v *view, items []search.Item) []*actorView {
	var out []*actorView
	for _, item := range items {
		if item.Card != nil {
			out = append(out, p.showActor(v.Lang, item.Card))
		}
	}
	return out
}

// territoryFeed is `/territoires/{handle}.atom`: what is new in a territory.
func (p *Pages) territoryFeed(r *http.Request, v *view) (*atomFeed, error) {
	t, err := findTerritory(r)
	if err != nil {
		return nil, err
	}
	found, err := p.Search.Find(r.Context(), search.Query{Territory: t.Key})
	if err != nil {
		return nil, err
	}
	return p.foundFeed(v, t.Title(), found.Items), nil
}

// namesView is a search of territories by name.
type namesView struct {
	Text    string
	Found   []placeLink
	Regions []placeGroup // with their départements, when nothing is asked for
}

// territories lists the territories that bear a name (TER18), or all régions with their départements. It asks the database for nothing.
func (p *Pages) territories(r *http.Request, v *view) error {
	n := &namesView{Text: strings.TrimSpace(r.URL.Query().Get("q"))}
	v.Page, v.Section, v.Title, v.Sentence, v.Data = "territories", "explorer", v.T("territories.title"), v.T("territories.lede"), n
	if n.Text != "" {
		for _, t := range essaim.SearchTerritories(n.Text, 100) {
			n.Found = append(n.Found, linkTo(v, t))
		}
		return nil
	}
	for _, region := range essaim.Territories(essaim.LevelRegion) {
		g := placeGroup{Label: region.Name, Page: territoryPage(region)}
		for _, d := range essaim.TerritoriesIn(region.Key, essaim.LevelDepartement) {
			g.Few = append(g.Few, placeLink{Name: d.Title(), Page: territoryPage(d)})
		}
		n.Regions = append(n.Regions, g)
	}
	return nil
}
