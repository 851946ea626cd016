package essaim

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"embed"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"

	"essaim/internal/i18n"
)

// The tables are made by cmd/gencog from INSEE and DGCL data (see LICENCES.md).
// In memory each stays one text with the place of its lines; a record is read
// when it is asked for. Regions, départements and groupings load at first use,
// municipalities when one is first needed.

//go:embed data/*.txt.gz
var territoryFiles embed.FS

// lineTable is a text of lines sorted by their first field; fields are parted by
// semicolons.
type lineTable struct {
	text  string
	start []uint32 // of each line, then the length of the text
}

func loadTable(name string) lineTable {
	var t lineTable
	packed, err := territoryFiles.ReadFile("data/" + name + ".txt.gz")
	if err != nil {
		return t // a test reads every table, so that an absent one cannot ship
	}
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return t
	}
	var b strings.Builder
	// gzip ends with the length of the text: no growing, nothing wasted.
	if n := len(packed); n >= 4 {
		b.Grow(int(packed[n-4]) | int(packed[n-3])<<8 | int(packed[n-2])<<16)
	}
	if _, err := io.Copy(&b, z); err != nil {
		return lineTable{}
	}
	t.text = b.String()
	t.start = make([]uint32, 1, strings.Count(t.text, "\n")+1)
	for i := range len(t.text) {
		if t.text[i] == '\n' {
			t.start = append(t.start, uint32(i+1))
		}
	}
	return t
}

func (t lineTable) len() int          { return max(len(t.start)-1, 0) }
func (t lineTable) line(i int) string { return t.text[t.start[i] : t.start[i+1]-1] }

func (t lineTable) code(i int) string {
	code, _, _ := strings.Cut(t.line(i), ";")
	return code
}

func (t lineTable) codes() []string {
	out := make([]string, t.len())
	for i := range out {
		out[i] = t.code(i)
	}
	return out
}

// find returns the place of a code, or -1.
func (t lineTable) find(code string) int {
	lo, hi := 0, t.len()
	for lo < hi {
		mid := (lo + hi) / 2
		switch cmp.Compare(t.code(mid), code) {
		case 0:
			return mid
		case -1:
			lo = mid + 1
		default:
			hi = mid
		}
	}
	return -1
}

// fields of the line of a code; nil when there is none.
func (t lineTable) fields(code string) []string {
	if i := t.find(code); i >= 0 {
		return strings.Split(t.line(i), ";")
	}
	return nil
}

type baseTables struct {
	cog                                    int
	regions, departements, epci, ept, gone lineTable
}

var base = sync.OnceValue(func() *baseTables {
	b := &baseTables{
		regions: loadTable("regions"), departements: loadTable("departements"),
		epci: loadTable("epci"), ept: loadTable("ept"), gone: loadTable("successors"),
	}
	if v := loadTable("vintage"); v.len() > 0 {
		b.cog, _ = strconv.Atoi(v.line(0))
	}
	return b
})

func cogYear() int { return base().cog }

type communeTables struct {
	now, former lineTable
	epci, ept   []uint16 // of each line of now: 1 + line in the table of groupings, 0 for none
}

var communes = sync.OnceValue(func() *communeTables {
	c := &communeTables{now: loadTable("communes"), former: loadTable("former")}
	c.epci = c.membership(base().epci)
	c.ept = c.membership(base().ept)
	return c
})

func (c *communeTables) membership(groupings lineTable) []uint16 {
	of := make([]uint16, c.now.len())
	for g := range groupings.len() {
		for _, code := range membersOf(groupings.line(g)) {
			if i := c.now.find(code); i >= 0 {
				of[i] = uint16(g + 1)
			}
		}
	}
	return of
}

// membersOf reads the last field of a grouping.
func membersOf(line string) []string {
	return strings.Split(line[strings.LastIndexByte(line, ';')+1:], ",")
}

// formerRegions leads the codes of the regions before 2016 to those that took
// their place; the regions that kept their code are not here (TER2).
var formerRegions = map[string]string{
	"21": "44", "41": "44", "42": "44", // Champagne-Ardenne, Lorraine, Alsace
	"22": "32", "31": "32", // Picardie, Nord-Pas-de-Calais
	"23": "28", "25": "28", // Haute-Normandie, Basse-Normandie
	"26": "27", "43": "27", // Bourgogne, Franche-Comté
	"54": "75", "72": "75", "74": "75", // Poitou-Charentes, Aquitaine, Limousin
	"73": "76", "91": "76", // Midi-Pyrénées, Languedoc-Roussillon
	"82": "84", "83": "84", // Rhône-Alpes, Auvergne
}

// lookTerritory finds a territory of the tables by level and upper-case code.
func lookTerritory(level, code string) (Territory, bool) {
	b := base()
	switch level {
	case LevelRegion:
		code = cmp.Or(formerRegions[code], code)
		if f := b.regions.fields(code); f != nil {
			return newTerritory(level, code, f[1]), true
		}
	case LevelDepartement:
		if f := b.departements.fields(code); f != nil {
			t := newTerritory(level, code, f[1])
			t.departements, t.regions = []string{code}, []string{f[2]}
			return t, true
		}
	case LevelEPCI:
		if f := b.gone.fields(code); f != nil {
			code = f[1]
		}
		return lookGrouping(b.epci, level, code)
	case LevelEPT:
		return lookGrouping(b.ept, level, code)
	case LevelCommune:
		c := communes()
		if i := c.now.find(code); i >= 0 {
			return c.read(i), true
		}
		if f := c.former.fields(code); f != nil {
			if i := c.now.find(f[1]); i >= 0 {
				return c.read(i), true
			}
		}
	}
	return Territory{}, false
}

func newTerritory(level, code, name string) Territory {
	t := Territory{Key: TerritoryKey(level, code), Level: level, Code: code, Name: name, COG: cogYear()}
	for _, f := range levelForms {
		if f.level == level {
			t.Handle = f.prefix + strings.ToLower(code)
		}
	}
	return t
}

// lookGrouping reads an EPCI or an EPT: it lies in every département and region
// that one of its members lies in (TER1, TER14).
func lookGrouping(groupings lineTable, level, code string) (Territory, bool) {
	f := groupings.fields(code)
	if f == nil {
		return Territory{}, false
	}
	t := newTerritory(level, code, f[2])
	t.Population, _ = strconv.Atoi(f[3])
	c := communes()
	for _, m := range strings.Split(f[4], ",") {
		i := c.now.find(m)
		if i < 0 {
			continue
		}
		u := c.read(i)
		t.departements = append(t.departements, u.departements...)
		t.regions = append(t.regions, u.regions...)
		if level == LevelEPT {
			t.epci = u.epci // every EPT lies inside the metropolis of Greater Paris
		}
	}
	t.departements, t.regions = once(t.departements), once(t.regions)
	return t, true
}

func once(s []string) []string {
	slices.Sort(s)
	return slices.Clip(slices.Compact(s))
}

func (c *communeTables) read(i int) Territory {
	f := strings.Split(c.now.line(i), ";")
	t := newTerritory(LevelCommune, f[0], f[1])
	t.departements = []string{f[2]}
	if d := base().departements.fields(f[2]); d != nil {
		t.regions = []string{d[2]}
	}
	if f[3] != "" {
		t.Postcodes = strings.Split(f[3], ",")
	}
	t.Population, _ = strconv.Atoi(f[4])
	if g := c.epci[i]; g > 0 {
		t.epci = base().epci.code(int(g - 1))
	}
	if g := c.ept[i]; g > 0 {
		t.ept = base().ept.code(int(g - 1))
	}
	return t
}

func departementsOf(region string) []string {
	var out []string
	d := base().departements
	for i := range d.len() {
		if f := strings.Split(d.line(i), ";"); f[2] == region {
			out = append(out, f[0])
		}
	}
	return out
}

// slugKeys maps the aliases of TER9 to keys.
var slugKeys = sync.OnceValue(func() map[string]string {
	m := map[string]string{}
	add := func(t lineTable, level string) {
		for i := range t.len() {
			f := strings.Split(t.line(i), ";")
			m[i18n.Slug(f[1], maxSlug)] = TerritoryKey(level, f[0])
		}
	}
	add(base().regions, LevelRegion)
	add(base().departements, LevelDepartement) // last: it wins where both bear one name
	return m
})
