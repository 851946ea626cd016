package web

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"essaim/internal/essaim"
	"essaim/internal/store"
)

// listView is a list of actors with its filters.
type listView struct {
	Selects  []selection
	Chosen   []chip
	Total    int64
	Items    []*actorView
	Tabs     []tab
	Filtered bool
}

// selection is one filter: its name in the address, its values with how many entries have them.
type selection struct {
	Name, Label string
	Groups      []optionGroup
}

type optionGroup struct {
	Label   string // "" for none
	Options []option
}

type option struct {
	Value, Label string
	Hint         string // a line under the label of a choice
	Count        int64
	Chosen       bool
}

// chip is a filter that is set, with the address of the list without it.
type chip struct{ Label, Without string }

type tab struct {
	Label, Page string
	Current     bool
}

// projects lists projects, newest first, by phase, theme and territory: the address of the page holds the filters.
func (p *Pages) projects(r *http.Request, v *view) error {
	f, chosen := projectFilter(r)
	page := pageOf(r, 18)
	facets, err := p.facets(r.Context(), f)
	if err != nil {
		return err
	}
	cards, err := store.Directory(r.Context(), p.DB.Read(), f, page)
	if err != nil {
		return err
	}
	cards = turn(r, v, cards, page, func(c *store.Card) essaim.ID { return c.ID })
	l := &listView{Items: p.showActors(v.Lang, cards), Selects: selections(v, facets, chosen), Total: facets.Total, Filtered: f.Phase+f.Theme+f.Territory != ""}
	for _, s := range l.Selects {
		for _, g := range s.Groups {
			for _, o := range g.Options {
				if o.Chosen {
					l.Chosen = append(l.Chosen, chip{o.Label, without(r.URL, s.Name)})
				}
			}
		}
	}
	v.Page, v.Section, v.Title, v.Sentence, v.Feed, v.Data = "projects", "projets", v.T("projects.title"), v.T("projects.lede"), feedOf(r.URL), l
	return nil
}

// projectFilter reads the filters of an address; what names nothing filters nothing. A territory is named by its handle.
func projectFilter(r *http.Request) (store.Filter, map[string]string) {
	f, q := store.Filter{Kind: essaim.KindProject}, r.URL.Query()
	chosen := make(map[string]string)
	if code := q.Get("phase"); essaim.Phases.Has(code) {
		f.Phase, chosen["phase"] = code, code
	}
	if code := q.Get("theme"); essaim.Themes.Has(code) {
		f.Theme, chosen["theme"] = code, code
	}
	if t, ok := essaim.TerritoryByHandle(q.Get("territoire")); ok {
		f.Territory, chosen["territory"] = t.Key, t.Key
	}
	return f, chosen
}

func without(u *url.URL, name string) string {
	q := u.Query()
	for _, gone := range []string{olderThan, newerThan, "lang", name} {
		q.Del(gone)
	}
	return (&url.URL{Path: u.Path, RawQuery: q.Encode()}).String()
}

func selections(v *view, counted facets, chosen map[string]string) []selection {
	codes := func(s *essaim.Scheme, name string) []optionGroup {
		var g optionGroup
		for _, c := range s.Concepts {
			if n := counted.of(name)[c.ID]; n > 0 || chosen[name] == c.ID {
				g.Options = append(g.Options, option{Value: c.ID, Label: v.Typo(c.Short(v.Lang)), Count: n, Chosen: chosen[name] == c.ID})
			}
		}
		return []optionGroup{g}
	}
	return []selection{
		{"phase", v.T("projects.phase"), codes(&essaim.Phases, "phase")},
		{"theme", v.T("projects.theme"), codes(&essaim.Themes, "theme")},
		{"territoire", v.T("projects.territory"), territoryOptions(v, counted.Territories, chosen["territory"])},
	}
}

// mostOptions is how many territories of one level a list of choices holds: of thousands nobody finds one, and each costs time to write. There
// are fewer régions and départements than that; a narrower one that is in the address stays.
const mostOptions = 150

// levelOf is the level in a key, fr:level:code.
func levelOf(key string) string {
	_, rest, _ := strings.Cut(key, ":")
	level, _, _ := strings.Cut(rest, ":")
	return level
}

// territoryOptions are those where there is something, from the widest level to the narrowest.
func territoryOptions(v *view, counts map[string]int64, chosen string) []optionGroup {
	levels := []string{essaim.LevelRegion, essaim.LevelDepartement, essaim.LevelEPCI, essaim.LevelCommune}
	groups := make([]optionGroup, len(levels))
	if _, ok := counts[chosen]; chosen != "" && !ok {
		counts[chosen] = 0
	}
	many := make(map[string]int)
	for key := range counts {
		many[levelOf(key)]++
	}
	for key, n := range counts {
		if many[levelOf(key)] > mostOptions && key != chosen {
			continue
		}
		t, ok := essaim.TerritoryByKey(key)
		if i := slices.Index(levels, t.Level); ok && i >= 0 && t.Handle != "" {
			groups[i].Options = append(groups[i].Options, option{Value: t.Handle, Label: t.Title(), Count: n, Chosen: key == chosen})
		}
	}
	var out []optionGroup
	for i, g := range groups {
		if len(g.Options) == 0 {
			continue
		}
		slices.SortFunc(g.Options, func(a, b option) int { return cmp.Compare(a.Label, b.Label) })
		g.Label = v.Typo(essaim.TerritoryLevels.Label(levels[i], v.Lang))
		out = append(out, g)
	}
	return out
}
