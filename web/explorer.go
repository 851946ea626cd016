package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"essaim/internal/essaim"
	"essaim/internal/search"
)

// explorerView is everything known here, by words and by filters: a list first, a map and a table beside it.
type explorerView struct {
	Text      string
	Kinds     []option // checkboxes
	Selects   []selection
	Chosen    []chip
	Total     int64
	Filtered  bool
	Missing   bool // nothing has the words, whatever the filters
	Items     []foundView
	Direct    *foundView // what a handle or an address names
	Away      string     // where a handle or an address is looked for on the network; "" for other texts
	Corrected string     // what was looked for instead
	Exactly   string     // address of the list for the very words
	Wider     *wider     // the nearest result when there is none
	Places    []placeLink
	Here      *placeLink // the territory of the filter
	Map       figuresMap
	Feed      string
}

// wider is a list with one filter less, or another one.
type wider struct {
	Label, Page string
	Count       int64
}

// exploreRoutes are the pages that answer from the search index.
func (p *Pages) exploreRoutes() []route {
	return []route{
		{"/explorer", p.explorer, get, everybody},
		{"/territoires", p.territories, get, everybody},
		{"/territoires/{handle:[^/.]+}", p.territory, get, everybody},
	}
}

// objectKinds are what is explored, with their words in addresses.
var objectKinds = []struct{ kind, slug string }{
	{essaim.KindProject, "projet"}, {essaim.KindEvent, "evenement"}, {essaim.KindPost, "message"}, {essaim.KindAccelerator, "accelerateur"},
	{essaim.KindOrganisation, "organisation"}, {essaim.KindPerson, "personne"},
}

// parameter is a filter in the addresses of lists: the dimension it is of, its name there, the key of its label.
type parameter struct{ dimension, name, label string }

var parameters = []parameter{
	{search.ByTerritory, "territoire", "projects.territory"}, {search.ByTheme, "theme", "projects.theme"}, {search.ByPhase, "phase", "projects.phase"},
	{search.ByActor, "acteur", "explorer.actor"}, {search.ByHost, "instance", "explorer.host"},
}

// maxHost bounds what is taken for the name of an instance.
const maxHost = 260

// questionOf reads a question from an address; what names nothing filters nothing.
func questionOf(r *http.Request) search.Query {
	values := r.URL.Query()
	q := search.Query{Text: strings.TrimSpace(values.Get("q")), Exact: values.Get("exact") == "1", Limit: perPage}
	for _, k := range objectKinds {
		if slices.Contains(values["type"], k.slug) {
			q.Kinds = append(q.Kinds, k.kind)
		}
	}
	if t, ok := essaim.TerritoryByHandle(values.Get("territoire")); ok {
		q.Territory = t.Key
	}
	if code := values.Get("theme"); essaim.Themes.Has(code) {
		q.Theme = code
	}
	if code := values.Get("phase"); essaim.Phases.Has(code) {
		q.Phase = code
	}
	if code := values.Get("acteur"); essaim.ActorKinds.Has(code) {
		q.Actor = code
	}
	if host := values.Get("instance"); len(host) <= maxHost {
		q.Host = host
	}
	q.Older, q.Newer = cursorOf(values.Get(olderThan)), search.Cursor{}
	if newer := cursorOf(values.Get(newerThan)); newer != q.Newer {
		q.Older, q.Newer = search.Cursor{}, newer
	}
	return q
}

// A place in a list of what was found is written score.id.
func cursorOf(s string) (c search.Cursor) {
	score, id, ok := strings.Cut(s, ".")
	points, err := strconv.ParseInt(score, 10, 64)
	row, bad := essaim.ParseID(id)
	if !ok || err != nil || bad != nil {
		return c
	}
	return search.Cursor{Score: points, ID: row}
}

func cursorText(c search.Cursor) string { return strconv.FormatInt(c.Score, 10) + "." + c.ID.String() }

// turnFound sets the links to the neighbours of a page of what was found.
func turnFound(r *http.Request, v *view, found *search.Results) {
	if found.Newer != nil {
		v.Newer = pageLink(r.URL, newerThan, cursorText(*found.Newer))
	}
	if found.Older != nil {
		v.Older = pageLink(r.URL, olderThan, cursorText(*found.Older))
	}
}

// explorer asks the database four times, and up to eight for a handle, an address or a text with a slip of the pen.
func (p *Pages) explorer(r *http.Request, v *view) error {
	q := questionOf(r)
	found, err := p.Search.Find(r.Context(), q)
	if err != nil {
		return err
	}
	e := &explorerView{Text: q.Text, Total: found.Counts.Total, Missing: found.Missing, Feed: feedOf(r.URL)}
	v.Page, v.Section, v.Title, v.Sentence, v.Feed, v.Data = "explorer", "explorer", v.T("explorer.title"), v.T("explorer.lede"), e.Feed, e
	if q.Text != "" {
		v.Title, v.Query = v.T("explorer.title_text", q.Text), q.Text
	}
	turnFound(r, v, found)
	if err := p.namedThings(r, v, q, e); err != nil {
		return err
	}
	items, err := p.unfound(r.Context(), v, found.Items)
	if err != nil {
		return err
	}
	e.Items = p.showFound(v, items)
	if found.Corrected != "" {
		e.Corrected, e.Exactly = found.Corrected, with(dropPages(r.URL), "exact", "1")
	}
	e.Kinds, e.Selects = kindOptions(v, found.Counts, q), choices(v, found.Counts, q, parameters)
	e.Chosen = chips(r.URL, e.Selects, e.Kinds)
	e.Filtered = len(e.Chosen) > 0
	if t, ok := essaim.TerritoryByKey(q.Territory); ok && t.Handle != "" {
		e.Here = &placeLink{Name: t.Title(), Page: territoryPage(t)}
	}
	if len(e.Items) == 0 {
		e.Wider = nearestWider(r.URL, v, found.Counts, q)
	}
	e.Map = p.drawFigures(v, r.URL, found.Counts.Territory, q)
	return nil
}

// namedThings finds what a text names outright: an actor or an object by its handle or address, and territories by their name.
func (p *Pages) namedThings(r *http.Request, v *view, q search.Query, e *explorerView) error {
	if q.Text == "" {
		return nil
	}
	direct, named, err := p.Search.Direct(r.Context(), q.Text)
	if err != nil {
		return err
	}
	if named {
		e.Away = "/recherche-distante?" + url.Values{"q": {q.Text}}.Encode()
	}
	if direct != nil {
		shown := p.showFound(v, []search.Item{*direct})
		e.Direct = &shown[0]
		return nil
	}
	folded := strings.Join(search.Words(q.Text), " ")
	for _, t := range essaim.SearchTerritories(q.Text, 20) {
		if len(e.Places) < 4 && t.Handle != "" && strings.Join(search.Words(t.Name), " ") == folded {
			e.Places = append(e.Places, linkTo(v, t))
		}
	}
	return nil
}

// dropPages is the address of a list from its beginning.
func dropPages(u *url.URL) *url.URL {
	q := u.Query()
	for _, gone := range []string{olderThan, newerThan, "lang"} {
		q.Del(gone)
	}
	return &url.URL{Path: u.Path, RawQuery: q.Encode()}
}

// feedOf is the Atom feed of a list with its filters.
func feedOf(u *url.URL) string {
	feed := dropPages(u)
	feed.Path += ".atom"
	return feed.String()
}

// kindOptions are the kinds there are, with the one that is chosen even when there is none of it.
func kindOptions(v *view, counts search.Counts, q search.Query) []option {
	var out []option
	for _, k := range objectKinds {
		chosen := slices.Contains(q.Kinds, k.kind)
		if n := counts.Kind[k.kind]; n > 0 || chosen {
			out = append(out, option{Value: k.slug, Label: v.T("explorer.kinds." + k.kind), Count: n, Chosen: chosen})
		}
	}
	return out
}

// choices are the filters of a list of what was found, each value with how much there is of it.
func choices(v *view, counts search.Counts, q search.Query, of []parameter) []selection {
	codes := func(s *essaim.Scheme, counts map[string]int64, chosen string) []optionGroup {
		var g optionGroup
		for _, c := range s.Concepts {
			if n := counts[c.ID]; n > 0 || chosen == c.ID {
				g.Options = append(g.Options, option{Value: c.ID, Label: v.Typo(c.Short(v.Lang)), Count: n, Chosen: chosen == c.ID})
			}
		}
		return []optionGroup{g}
	}
	var out []selection
	for _, p := range of {
		s := selection{Name: p.name, Label: v.T(p.label)}
		switch p.dimension {
		case search.ByTerritory:
			s.Groups = territoryOptions(v, counts.Territory, q.Territory)
		case search.ByTheme:
			s.Groups = codes(&essaim.Themes, counts.Theme, q.Theme)
		case search.ByPhase:
			s.Groups = codes(&essaim.Phases, counts.Phase, q.Phase)
		case search.ByActor:
			s.Groups = codes(&essaim.ActorKinds, counts.Actor, q.Actor)
		case search.ByHost:
			s.Groups = []optionGroup{{Options: hostOptions(counts.Host, q.Host)}}
		}
		if slices.ContainsFunc(s.Groups, func(g optionGroup) bool { return len(g.Options) > 0 }) { // what has no choice is no filter
			out = append(out, s)
		}
	}
	return out
}

// hostOptions are the instances, those with the most first.
func hostOptions(counts map[string]int64, chosen string) []option {
	if _, ok := counts[chosen]; !ok && chosen != "" {
		counts[chosen] = 0
	}
	var out []option
	for host, n := range counts {
		out = append(out, option{Value: host, Label: host, Count: n, Chosen: host == chosen})
	}
	slices.SortFunc(out, func(a, b option) int {
		if a.Count != b.Count {
			return int(b.Count - a.Count)
		}
		return strings.Compare(a.Value, b.Value)
	})
	var kept []option
	for i, o := range out {
		if i < mostOptions || o.Chosen {
			kept = append(kept, o)
		}
	}
	return kept
}

// chips are the filters that are set, each with the address of the list without it.
func chips(u *url.URL, selects []selection, kinds []option) []chip {
	var out []chip
	for _, k := range kinds {
		if k.Chosen {
			out = append(out, chip{k.Label, withoutValue(u, "type", k.Value)})
		}
	}
	for _, s := range selects {
		for _, g := range s.Groups {
			for _, o := range g.Options {
				if o.Chosen {
					out = append(out, chip{o.Label, without(u, s.Name)})
				}
			}
		}
	}
	return out
}

// withoutValue drops one of several values of a parameter.
func withoutValue(u *url.URL, name, value string) string {
	u = dropPages(u)
	q := u.Query()
	q[name] = slices.DeleteFunc(q[name], func(s string) bool { return s == value })
	u.RawQuery = q.Encode()
	return u.String()
}

// nearestWider is where to look when there is nothing: the narrowest territory around the one of the filter where there is something, else the list
// without the filter that keeps the most out, else everything.
func nearestWider(u *url.URL, v *view, counts search.Counts, q search.Query) *wider {
	if t, ok := essaim.TerritoryByKey(q.Territory); ok {
		var best *essaim.Territory
		for _, key := range t.Containers() {
			around, ok := essaim.TerritoryByKey(key)
			if ok && counts.Territory[key] > 0 && (best == nil || counts.Territory[key] < counts.Territory[best.Key]) {
				best = &around
			}
		}
		if best != nil {
			return &wider{best.Title(), with(dropPages(u), "territoire", best.Handle), counts.Territory[best.Key]}
		}
	}
	var name string
	most, total := "", int64(0)
	for _, p := range parameters {
		if n := counts.Without[p.dimension]; n > total {
			most, name, total = v.T("explorer.without", strings.ToLower(v.T(p.label))), p.name, n
		}
	}
	if n := counts.Without[search.ByKind]; n > total {
		most, name, total = v.T("explorer.without", strings.ToLower(v.T("explorer.kind"))), "type", n
	}
	if total == 0 {
		return nil
	}
	return &wider{most, without(u, name), total}
}

// explorerFeed is a saved search: what it finds, newest first.
func (p *Pages) explorerFeed(r *http.Request, v *view) (*atomFeed, error) {
	q := questionOf(r)
	q.ByDate, q.Older, q.Newer = true, search.Cursor{}, search.Cursor{}
	found, err := p.Search.Find(r.Context(), q)
	if err != nil {
		return nil, err
	}
	title := v.T("explorer.title")
	if q.Text != "" {
		title = v.T("explorer.title_text", q.Text)
	}
	return p.foundFeed(v, title, found.Items), nil
}

// foundFeed makes a feed of things of any kind.
func (p *Pages) foundFeed(v *view, title string, items []search.Item) *atomFeed {
	feed := &atomFeed{Title: title + " · " + v.Instance, Author: &atomAuthor{Name: v.Instance}}
	for _, f := range p.showFound(v, items) {
		e := atomEntry{Title: firstOf(f.Title, f.Date), ID: f.IRI, Link: p.pageAt(f.Page), Summary: &atomText{Type: "text", Lang: f.Foreign, Body: f.Lead}}
		if f.By != nil {
			e.Author = &atomAuthor{Name: f.By.Name, URI: f.By.IRI}
		}
		e.date(f.Object)
		feed.Entries = append(feed.Entries, e)
	}
	return feed
}
