package web

import (
	"cmp"
	"slices"
	"strings"

	"essaim/internal/essaim"
	"essaim/internal/search"
)

// placeLink leads to the page of a territory; Page is "" for the country, which has none.
type placeLink struct{ Name, Page, Level string }

// placeGroup is a list of territories under a heading. More are those that few look for.
type placeGroup struct {
	Label, Page string
	Few, More   []placeLink
}

// fewPlaces is how many territories a list shows at once.
const fewPlaces = 12

// territoryPage is the page of a territory.
func territoryPage(t essaim.Territory) string {
	if t.Handle == "" {
		return ""
	}
	return "/territoires/" + t.Handle
}

// linkTo names a territory with its level, which tells a région from the département of its name.
func linkTo(v *view, t essaim.Territory) placeLink {
	return placeLink{t.Title(), territoryPage(t), v.Typo(essaim.TerritoryLevels.Label(t.Level, v.Lang))}
}

// placesOf are the territories of some keys; those we do not know are left out, since a key says nothing to anybody.
func placesOf(keys []string) []placeLink {
	var out []placeLink
	for _, key := range keys {
		if t, ok := essaim.TerritoryByKey(key); ok {
			out = append(out, placeLink{Name: t.Title(), Page: territoryPage(t)})
		}
	}
	return out
}

// around is what contains a territory, what it contains, and its neighbours.
func (p *Pages) around(v *view, t essaim.Territory) []placeGroup {
	var out []placeGroup
	add := func(key string, list []essaim.Territory) {
		if len(list) > 0 {
			out = append(out, group(v, v.T(key), list))
		}
	}
	add("territory.part_of", containers(t))
	switch t.Level {
	case essaim.LevelRegion:
		add("territory.departements", essaim.TerritoriesIn(t.Key, essaim.LevelDepartement))
		add("territory.next_regions", p.neighbours(t, essaim.LevelRegion))
	case essaim.LevelDepartement:
		add("territory.groupings", byPeople(essaim.TerritoriesIn(t.Key, essaim.LevelEPCI)))
		add("territory.communes", byPeople(essaim.TerritoriesIn(t.Key, essaim.LevelCommune)))
		add("territory.next_departements", p.neighbours(t, essaim.LevelDepartement))
	case essaim.LevelEPCI, essaim.LevelEPT:
		add("territory.communes", byPeople(essaim.TerritoriesIn(t.Key, essaim.LevelCommune)))
		add("territory.next_groupings", besides(t, t.Level, t.Departements()...))
	case essaim.LevelCommune:
		if code := t.EPCI(); code != "" {
			add("territory.next_communes", but(t, byPeople(essaim.TerritoriesIn(essaim.TerritoryKey(essaim.LevelEPCI, code), essaim.LevelCommune))))
		}
	}
	return out
}

// group cuts a list that is long; what comes after the cut is in the order of the alphabet.
func group(v *view, label string, list []essaim.Territory) placeGroup {
	g := placeGroup{Label: label}
	for i, t := range list {
		if i < fewPlaces {
			g.Few = append(g.Few, placeLink{Name: t.Title(), Page: territoryPage(t)})
		} else {
			g.More = append(g.More, placeLink{Name: t.Title(), Page: territoryPage(t)})
		}
	}
	slices.SortFunc(g.More, func(a, b placeLink) int { return strings.Compare(a.Name, b.Name) })
	return g
}

// containers are the territories that contain one, by the membership table (TER1, TER8), the widest first.
func containers(t essaim.Territory) []essaim.Territory {
	var out []essaim.Territory
	for _, key := range t.Containers() {
		if u, ok := essaim.TerritoryByKey(key); ok && u.Key != t.Key {
			out = append(out, u)
		}
	}
	slices.SortStableFunc(out, func(a, b essaim.Territory) int { return cmp.Compare(levelRank(a.Level), levelRank(b.Level)) })
	return out
}

func levelRank(level string) int {
	return slices.Index([]string{essaim.LevelRegion, essaim.LevelDepartement, essaim.LevelEPCI, essaim.LevelEPT, essaim.LevelCommune}, level)
}

func byPeople(list []essaim.Territory) []essaim.Territory {
	slices.SortStableFunc(list, func(a, b essaim.Territory) int { return cmp.Compare(b.Population, a.Population) })
	return list
}

func but(t essaim.Territory, list []essaim.Territory) []essaim.Territory {
	return slices.DeleteFunc(list, func(u essaim.Territory) bool { return u.Key == t.Key })
}

// besides are the other territories of a level in some départements.
func besides(t essaim.Territory, level string, departements ...string) []essaim.Territory {
	var out []essaim.Territory
	for _, code := range departements {
		for _, u := range essaim.TerritoriesIn(essaim.TerritoryKey(essaim.LevelDepartement, code), level) {
			if u.Key != t.Key && !slices.ContainsFunc(out, func(w essaim.Territory) bool { return w.Key == u.Key }) {
				out = append(out, u)
			}
		}
	}
	return byPeople(out)
}

// neighbours are the territories of a level whose cells touch those of t on the grid (ui-H1).
func (p *Pages) neighbours(t essaim.Territory, level string) []essaim.Territory {
	own := t.Departements()
	var out []essaim.Territory
	for _, h := range p.grid {
		if slices.Contains(own, h.code) || p.apart(h.code, own) != 1 {
			continue
		}
		u, ok := essaim.TerritoryByKey(departementKeys + h.code)
		if ok && level == essaim.LevelRegion {
			i := slices.IndexFunc(containers(u), func(w essaim.Territory) bool { return w.Level == essaim.LevelRegion })
			if ok = i >= 0; ok {
				u = containers(u)[i]
			}
		}
		if ok && !slices.ContainsFunc(out, func(w essaim.Territory) bool { return w.Key == u.Key }) {
			out = append(out, u)
		}
	}
	slices.SortFunc(out, func(a, b essaim.Territory) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// apart is how many cells part a département from the nearest of some others; 1 is a neighbour.
func (p *Pages) apart(code string, others []string) int {
	const far = 1 << 20
	best := far
	a := p.cell(code)
	for _, other := range others {
		if b := p.cell(other); a != nil && b != nil {
			q, r := b.q-a.q, b.r-a.r
			best = min(best, (abs(q)+abs(r)+abs(q+r))/2)
		}
	}
	return best
}

func abs(n int) int { return max(n, -n) }

func (p *Pages) cell(code string) *hexagon {
	for i := range p.grid {
		if p.grid[i].code == code {
			return &p.grid[i]
		}
	}
	return nil
}

// nearestWith is the key of the territory nearest to t, by the cells of the grid, where something is counted; "" when that is nowhere.
func (p *Pages) nearestWith(t essaim.Territory, counts map[string]int64) string {
	own := t.Departements()
	best, least := "", 0
	for key := range counts {
		if level := levelOf(key); level != essaim.LevelDepartement && level != essaim.LevelRegion {
			continue
		}
		u, ok := essaim.TerritoryByKey(key)
		if !ok {
			continue
		}
		distance := 1 << 20
		for _, code := range u.Departements() {
			distance = min(distance, p.apart(code, own))
		}
		if best == "" || distance < least || distance == least && key < best {
			best, least = key, distance
		}
	}
	return best
}

// homonyms are the other territories of the same name (TER18).
func homonyms(v *view, t essaim.Territory) []placeLink {
	name := strings.Join(search.Words(t.Name), " ")
	var out []placeLink
	for _, u := range essaim.SearchTerritories(t.Name, 2*fewPlaces) {
		if u.Key != t.Key && u.Handle != "" && strings.Join(search.Words(u.Name), " ") == name {
			out = append(out, linkTo(v, u))
		}
	}
	return out
}
