package web

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"

	"essaim/internal/essaim"
	"essaim/internal/i18n"
	"essaim/internal/search"
)

// figuresMap is the grid with how much there is in each département, and the table that says the same (ui-H5, UI6).
type figuresMap struct {
	Cells    []figureCell
	Overseas []mapLabel
	Rows     []figureRow // those where there is something, the most first
	Steps    []scaleStep
}

// figureCell is one département: shaded by how much there is, from 0 for nothing to 5, and leading to the list of it.
type figureCell struct {
	Path, Code, Title, Page string
	X, Y, Step              int
	Here                    bool // the territory of the filter
}

// figureRow is the same in the table: the name leads to the page of the territory, the number to the list.
type figureRow struct {
	Name, Page, List string
	Count            int64
}

// scaleStep is one shade of the key.
type scaleStep struct {
	Step int
	Text string
}

// shades tell something from nothing.
const shades = 5

// drawFigures draws the départements with the counts of a list. A cell where there is nothing is no link.
func (p *Pages) drawFigures(v *view, list *url.URL, counts map[string]int64, q search.Query) figuresMap {
	var m figuresMap
	bounds, most := scale(counts)
	for i, from := range bounds {
		to := most
		if i+1 < len(bounds) {
			to = bounds[i+1] - 1
		}
		text := v.N(from)
		if to > from {
			text = v.T("explorer.scale", from, to)
		}
		m.Steps = append(m.Steps, scaleStep{i + 1 + shades - len(bounds), text})
	}
	noun := "explorer.cell"
	if len(q.Kinds) == 1 {
		noun = "explorer.cell." + q.Kinds[0]
	}
	list = dropPages(list)
	for _, h := range p.grid {
		t, ok := essaim.TerritoryByKey(departementKeys + h.code)
		if !ok {
			continue
		}
		n := counts[t.Key]
		c := figureCell{Path: fmt.Sprintf("M%.0f %.0fl26 15v31l-26 15-26-15v-31z", h.x, h.y-30.5), Code: h.code, X: int(h.x), Y: int(h.y) + 7, Step: stepOf(bounds, n), Here: t.Key == q.Territory,
			Title: v.T("explorer.cell.title", t.Name, i18n.T(v.Lang, noun, n))}
		if n > 0 {
			c.Page = with(list, "territoire", t.Handle)
			m.Rows = append(m.Rows, figureRow{t.Title(), territoryPage(t), c.Page, n})
		}
		m.Cells = append(m.Cells, c)
		if len(h.code) > 2 {
			m.Overseas = append(m.Overseas, mapLabel{int(h.x), int(h.y) + 64, t.Name})
		}
	}
	slices.SortStableFunc(m.Rows, func(a, b figureRow) int { return cmp.Compare(b.Count, a.Count) })
	return m
}

// scale gives the least count of each shade: five at most, with about as many départements in each, so that one very large figure does not leave all the
// others pale. Equal counts have one shade. The largest count comes with them.
func scale(counts map[string]int64) (bounds []int64, most int64) {
	var all []int64
	for key, n := range counts {
		if n > 0 && levelOf(key) == essaim.LevelDepartement {
			all = append(all, n)
		}
	}
	if len(all) == 0 {
		return nil, 0
	}
	slices.Sort(all)
	for i := range shades {
		bounds = append(bounds, all[i*len(all)/shades])
	}
	return slices.Compact(bounds), all[len(all)-1]
}

// stepOf is the shade of a count. With fewer than five of them the strongest are used, since pale says little.
func stepOf(bounds []int64, n int64) int {
	step := 0
	for i, from := range bounds {
		if n >= from {
			step = i + 1 + shades - len(bounds)
		}
	}
	return step
}
