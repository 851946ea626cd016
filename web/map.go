package web

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"essaim/internal/essaim"
)

// hexagon is one département of the tile grid (ui-H1): 96 of the mainland and 5 overseas, all of one size.
type hexagon struct {
	code string
	q, r int // axial coordinates (ui-H2)
	x, y float64
}

func loadGrid() ([]hexagon, error) {
	text, err := files.ReadFile("data/hexgrid.txt")
	if err != nil {
		return nil, fmt.Errorf("web: the grid: %w", err)
	}
	var grid []hexagon
	for line := range strings.Lines(string(text)) {
		f := strings.Fields(line)
		if len(f) != 4 {
			return nil, fmt.Errorf("web: the grid has a line of %d fields", len(f))
		}
		q, errQ := strconv.Atoi(f[2])
		r, errR := strconv.Atoi(f[3])
		if errQ != nil || errR != nil {
			return nil, fmt.Errorf("web: the grid places %s badly", f[0])
		}
		grid = append(grid, hexagon{f[0], q, r, 60 * (float64(q) + float64(r)/2), 51.96 * float64(r)})
	}
	return grid, nil
}

// franceMap is the grid as paths: the country, where projects are, where this instance is (ui-R9: own is gold, others are mint).
type franceMap struct {
	Land, Peers, Here string
	Names             []string // of the départements shown as peers or here, for those who do not see the drawing
	Overseas          []mapLabel
}

// mapLabel is a name under a cell: those overseas are far from where a reader would look for them (ui-H3).
type mapLabel struct {
	X, Y int
	Name string
}

const departementKeys = essaim.CountryKey + ":" + essaim.LevelDepartement + ":"

// drawMap takes the territories of the instance and those of all projects: an object counts for every territory that contains it, so départements are among them.
func (p *Pages) drawMap(ours []string, where map[string]int64) franceMap {
	peers := make(map[string]bool)
	for key := range where {
		if !strings.HasPrefix(key, departementKeys) { // thousands of municipalities need not be looked up
			continue
		}
		if t, ok := essaim.TerritoryByKey(key); ok && t.Level == essaim.LevelDepartement {
			peers[t.Code] = true
		}
	}
	return p.draw(departements(ours), peers)
}

// drawPlace shows where a territory is.
func (p *Pages) drawPlace(t essaim.Territory) franceMap {
	return p.draw(departements([]string{t.Key}), nil)
}

func (p *Pages) draw(here, peers map[string]bool) franceMap {
	var land, there, ours strings.Builder
	var m franceMap
	for _, h := range p.grid {
		b := &land
		switch {
		case here[h.code]:
			b = &ours
		case peers[h.code]:
			b = &there
		}
		fmt.Fprintf(b, "M%.0f %.0fl26 15v31l-26 15-26-15v-31z", h.x, h.y-30.5)
		t, ok := essaim.TerritoryByKey(essaim.TerritoryKey(essaim.LevelDepartement, h.code))
		if ok && b != &land {
			m.Names = append(m.Names, t.Name)
		}
		if ok && strings.HasPrefix(h.code, "97") {
			m.Overseas = append(m.Overseas, mapLabel{int(h.x), int(h.y) + 64, t.Name})
		}
	}
	slices.Sort(m.Names)
	m.Land, m.Peers, m.Here = land.String(), there.String(), ours.String()
	return m
}

// departements are the codes of those the territories of an instance lie in, whatever their level.
func departements(keys []string) map[string]bool {
	codes := make(map[string]bool)
	for _, key := range keys {
		if t, ok := essaim.TerritoryByKey(key); ok && t.Level != essaim.LevelCountry {
			for _, code := range t.Departements() {
				codes[code] = true
			}
		}
	}
	return codes
}
