package essaim

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"essaim/internal/i18n"
)

// Territories lists the territories of a level in the order of their codes:
// regions and départements for menus and maps. Municipalities are many; use
// SearchTerritories or TerritoriesIn for them.
func Territories(level string) []Territory {
	var out []Territory
	for _, code := range levelTable(level).codes() {
		if t, ok := lookTerritory(level, code); ok {
			out = append(out, t)
		}
	}
	return out
}

func levelTable(level string) lineTable {
	switch level {
	case LevelRegion:
		return base().regions
	case LevelDepartement:
		return base().departements
	case LevelEPCI:
		return base().epci
	case LevelEPT:
		return base().ept
	case LevelCommune:
		return communes().now
	}
	return lineTable{}
}

// TerritoriesIn lists the territories of a level that the territory of key
// contains by the membership table, in the order of their codes.
func TerritoriesIn(key, level string) []Territory {
	in, ok := TerritoryByKey(key)
	if !ok {
		return nil
	}
	if level == LevelCommune && (in.Level == LevelEPCI || in.Level == LevelEPT) {
		groupings := levelTable(in.Level)
		return communesOf(membersOf(groupings.line(groupings.find(in.Code))))
	}
	if level == LevelCommune || level == LevelEPCI || level == LevelEPT {
		switch in.Level {
		case LevelDepartement:
			return membersIn(level, in.Code)
		case LevelRegion:
			return membersIn(level, departementsOf(in.Code)...)
		}
	}
	return slices.DeleteFunc(Territories(level), func(t Territory) bool {
		return in.Level != LevelCountry && !slices.Contains(t.Containers(), in.Key)
	})
}

// membersIn lists the territories of a level that lie in some départements, wholly or not, each once.
func membersIn(level string, departements ...string) []Territory {
	var lines []uint32
	for _, d := range departements {
		lines = append(lines, inside()[level+d]...)
	}
	slices.Sort(lines)
	table := levelTable(level)
	var out []Territory
	for _, i := range slices.Compact(lines) {
		if t, ok := lookTerritory(level, table.code(int(i))); ok {
			out = append(out, t)
		}
	}
	return out
}

// inside is, by level and code of a département, the lines of the municipalities and groupings that lie in it.
var inside = sync.OnceValue(func() map[string][]uint32 {
	m := make(map[string][]uint32)
	c := communes()
	departement := make([]string, c.now.len())
	for i := range departement {
		departement[i] = strings.SplitN(c.now.line(i), ";", 4)[2]
		m[LevelCommune+departement[i]] = append(m[LevelCommune+departement[i]], uint32(i))
	}
	for _, level := range []string{LevelEPCI, LevelEPT} {
		groupings := levelTable(level)
		for g := range groupings.len() {
			for _, code := range membersOf(groupings.line(g)) {
				i := c.now.find(code)
				if i < 0 {
					continue
				}
				key := level + departement[i]
				if list := m[key]; len(list) == 0 || list[len(list)-1] != uint32(g) {
					m[key] = append(list, uint32(g))
				}
			}
		}
	}
	return m
})

func communesOf(codes []string) []Territory {
	var out []Territory
	for _, code := range codes {
		if t, ok := lookTerritory(LevelCommune, code); ok {
			out = append(out, t)
		}
	}
	return out
}

// TerritoriesByPostcode lists the municipalities of a postcode, the most
// peopled first.
func TerritoriesByPostcode(postcode string) []Territory {
	if len(postcode) != 5 || strings.Trim(postcode, "0123456789") != "" {
		return nil
	}
	c := communes()
	var out []Territory
	for i := range c.now.len() {
		// The line is only read when the digits are somewhere in it.
		if strings.Contains(c.now.line(i), postcode) {
			if t := c.read(i); slices.Contains(t.Postcodes, postcode) {
				out = append(out, t)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b Territory) int { return cmp.Compare(b.Population, a.Population) })
	return out
}

// SearchTerritories answers a picker: at most limit territories whose name, or
// a word of whose name, begins with what was typed, whatever the accents; five
// digits are a postcode. Whole names come first, then beginnings, then words;
// within each, regions, départements, EPCI, then municipalities by population.
// Codes are not searched: 56 is a département, 53 a region and a département
// (TER10).
func SearchTerritories(typed string, limit int) []Territory {
	const longest = 60
	q := searchForm(typed)
	if q == "" || limit <= 0 || len(q) > longest {
		return nil
	}
	if found := TerritoriesByPostcode(q); found != nil {
		return found[:min(limit, len(found))]
	}
	x := territoryIndex()
	var out []Territory
	seen := map[uint32]bool{}
	for _, pattern := range []string{"\n" + q + "\n", "\n" + q, " " + q} {
		for at := 0; len(out) < limit; {
			i := strings.Index(x.names[at:], pattern)
			if i < 0 {
				break
			}
			at += i + 1
			if ref := x.entryAt(at); !seen[ref] {
				seen[ref] = true
				out = append(out, x.territory(ref))
			}
		}
	}
	return out
}

// searchForm folds a name for search: hyphens and apostrophes are spaces, and
// St and Ste are read in full.
func searchForm(s string) string {
	words := strings.FieldsFunc(i18n.Fold(s), func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9')
	})
	for i, w := range words {
		switch w {
		case "st":
			words[i] = "saint"
		case "ste":
			words[i] = "sainte"
		}
	}
	return strings.Join(words, " ")
}

// nameIndex is every folded name, one per line between line ends, in the order
// in which answers are given.
type nameIndex struct {
	names string
	start []uint32 // of each line in names
	refs  []uint32 // of each line: index in levelForms << 24 | line of its table
}

const refBits = 24

var territoryIndex = sync.OnceValue(func() *nameIndex {
	type entry struct {
		name       string
		ref        uint32
		population int
	}
	var entries []entry
	for l, f := range levelForms {
		t := levelTable(f.level)
		from := len(entries)
		for i := range t.len() {
			fields := strings.Split(t.line(i), ";")
			name := fields[1]
			population := 0
			switch f.level {
			case LevelEPCI, LevelEPT:
				name = fields[2]
				population = digits(fields[3])
			case LevelCommune:
				population = digits(fields[4])
			}
			entries = append(entries, entry{searchForm(name), uint32(l)<<refBits | uint32(i), population})
		}
		slices.SortStableFunc(entries[from:], func(a, b entry) int { return cmp.Compare(b.population, a.population) })
	}
	x := &nameIndex{start: make([]uint32, len(entries)), refs: make([]uint32, len(entries))}
	size := 1
	for _, e := range entries {
		size += len(e.name) + 1
	}
	var b strings.Builder
	b.Grow(size)
	b.WriteByte('\n')
	for i, e := range entries {
		x.start[i], x.refs[i] = uint32(b.Len()), e.ref
		b.WriteString(e.name)
		b.WriteByte('\n')
	}
	x.names = b.String()
	return x
})

func digits(s string) int {
	n := 0
	for i := range len(s) {
		n = n*10 + int(s[i]-'0')
	}
	return n
}

// entryAt returns the reference of the line that holds the byte at.
func (x *nameIndex) entryAt(at int) uint32 {
	i, found := slices.BinarySearch(x.start, uint32(at))
	if !found {
		i--
	}
	return x.refs[i]
}

func (x *nameIndex) territory(ref uint32) Territory {
	level := levelForms[ref>>refBits].level
	t, _ := lookTerritory(level, levelTable(level).code(int(ref&(1<<refBits-1))))
	return t
}
