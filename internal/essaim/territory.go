package essaim

import (
	"regexp"
	"slices"
	"strings"

	"essaim/internal/i18n"
)

// Levels of a territory (V4): the words of the keys.
const (
	LevelCountry         = "country"
	LevelRegion          = "region"
	LevelDepartement     = "departement"
	LevelEPCI            = "epci"
	LevelEPT             = "ept"
	LevelCommune         = "commune"
	LevelDistrict        = "district"
	LevelCustom          = "custom"
	LevelSingleAuthority = "single_authority" // reserved, unused (TER6)
)

// CountryKey is the key of France, which contains every other and has no actor
// of its own.
const CountryKey = "fr"

// Territory is one entry of the official geographical code: a region, a
// département, an EPCI, an EPT, a municipality, or the country.
type Territory struct {
	Key        string   // fr:departement:56 (D13); letters of the code in upper case (TER11)
	Level      string   // one of the Level constants
	Code       string   // always text: 2A, 01, 97411
	Name       string   // Morbihan
	Handle     string   // dep56, com2b033; empty for the country
	Population int      // municipal population of EPCI, EPT and municipalities; 0 when unknown
	COG        int      // year of the official geographical code
	Postcodes  []string // of a municipality

	departements []string // codes of the départements it lies in, sorted
	regions      []string // codes of the regions it lies in, sorted
	epci, ept    string   // codes of the groupings it belongs to
}

// levelForms ties a level to the prefix of its handles, in display order.
var levelForms = [...]struct{ level, prefix string }{
	{LevelRegion, "reg"}, {LevelDepartement, "dep"}, {LevelEPCI, "epci"}, {LevelEPT, "ept"}, {LevelCommune, "com"},
}

// TerritoryKey writes the key of a level and a code: fr:departement:2A.
func TerritoryKey(level, code string) string {
	return CountryKey + ":" + level + ":" + strings.ToUpper(code)
}

// TerritoryByKey finds a territory by its key. A code that is gone (a former,
// delegated or associated municipality, a municipal arrondissement, an EPCI or
// a region that was replaced) leads to the current territory, whose Key then
// differs from the one asked for (TER2, TER19, TER20). Custom territories are
// not here: they are lists of an instance.
func TerritoryByKey(key string) (Territory, bool) {
	if key == CountryKey {
		return Territory{Key: CountryKey, Level: LevelCountry, Code: "FR", Name: "France", COG: cogYear()}, true
	}
	rest, ok := strings.CutPrefix(key, CountryKey+":")
	if !ok {
		return Territory{}, false
	}
	level, code, ok := strings.Cut(rest, ":")
	if !ok {
		return Territory{}, false
	}
	return lookTerritory(level, strings.ToUpper(code))
}

// TerritoryByHandle finds a territory by the handle of its actor: dep56.
func TerritoryByHandle(handle string) (Territory, bool) {
	for _, f := range levelForms {
		code, ok := strings.CutPrefix(handle, f.prefix)
		if !ok || code == "" || code != strings.ToLower(code) {
			continue
		}
		// A handle names one territory; a code that is gone has no actor.
		if t, ok := lookTerritory(f.level, strings.ToUpper(code)); ok && t.Handle == handle {
			return t, true
		}
	}
	return Territory{}, false
}

// TerritoryByName finds the territory that a handle leads to, in whatever case, of
// a code that stands or of one that is gone (TER19, TER20), or that an alias
// names (TER9). The handle of what is found may differ from the one asked for.
func TerritoryByName(name string) (Territory, bool) {
	name = strings.ToLower(name)
	for _, f := range levelForms {
		code, ok := strings.CutPrefix(name, f.prefix)
		if !ok || code == "" || code[0] < '0' || code[0] > '9' {
			continue
		}
		if t, ok := lookTerritory(f.level, strings.ToUpper(code)); ok {
			return t, true
		}
	}
	return TerritoryBySlug(name)
}

// TerritoryBySlug finds a region or a département by its name written as an
// alias: morbihan, ile-de-france or ile_de_france. Where both bear one name the
// alias leads to the département (TER9).
func TerritoryBySlug(slug string) (Territory, bool) {
	key, ok := slugKeys()[strings.ReplaceAll(slug, "_", "-")]
	if !ok {
		return Territory{}, false
	}
	return TerritoryByKey(key)
}

var territoryHandle = regexp.MustCompile(`^(reg|dep|epci|ept|com)[0-9][0-9ab]*$`)

// ReservedHandle tells whether a handle belongs to a territory, today or some
// day: no person, project or organisation can take it (TER5, TER9).
func ReservedHandle(handle string) bool {
	handle = strings.ToLower(handle)
	if strings.HasPrefix(handle, "terr_") || territoryHandle.MatchString(handle) {
		return true
	}
	_, ok := TerritoryBySlug(handle)
	return ok
}

// Slug is the alias of a region or a département, hyphens between words; it is
// empty for other levels, and for a region that bears the name of its
// département.
func (t Territory) Slug() string {
	if t.Level != LevelRegion && t.Level != LevelDepartement {
		return ""
	}
	slug := i18n.Slug(t.Name, maxSlug)
	if slugKeys()[slug] != t.Key {
		return ""
	}
	return slug
}

const maxSlug = 80

// Title is the name with what tells it from others of that name: "Morbihan
// (56)", "Saint-Pierre (974)", "Bretagne" (TER18).
func (t Territory) Title() string {
	switch t.Level {
	case LevelDepartement:
		return t.Name + " (" + t.Code + ")"
	case LevelCommune, LevelEPCI, LevelEPT:
		if len(t.departements) > 0 {
			return t.Name + " (" + strings.Join(t.departements, ", ") + ")"
		}
	}
	return t.Name
}

// Containers lists, sorted, the keys of every territory that contains t by the
// membership table, t itself included. It is not transitive: a
// municipality is in its own département only, whatever the others of its EPCI
// (TER8, TER13 to TER15). The country is left out: it contains everything.
func (t Territory) Containers() []string {
	keys := []string{t.Key}
	for _, d := range t.departements {
		keys = append(keys, TerritoryKey(LevelDepartement, d))
	}
	for _, r := range t.regions {
		keys = append(keys, TerritoryKey(LevelRegion, r))
	}
	if t.epci != "" {
		keys = append(keys, TerritoryKey(LevelEPCI, t.epci))
	}
	if t.ept != "" {
		keys = append(keys, TerritoryKey(LevelEPT, t.ept))
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

// Departements lists the codes of the départements t lies in: the cells of the
// map it counts for. An overseas region has the one of its département
// (TER13); the country has all.
func (t Territory) Departements() []string {
	switch t.Level {
	case LevelRegion:
		return departementsOf(t.Code)
	case LevelCountry:
		return base().departements.codes()
	}
	return slices.Clone(t.departements)
}

// EPCI is the code of the intermunicipal area of a municipality or an EPT;
// empty for the 98 municipalities that have none (TER17).
func (t Territory) EPCI() string { return t.epci }

// Expand replaces keys by those of every territory that contains them, sorted
// and once each: what an object is found by. A key that is not in the tables
// (custom, or of a newer code than ours) is kept as it is.
func Expand(keys []string) []string {
	var out []string
	for _, key := range keys {
		if t, ok := TerritoryByKey(key); ok {
			out = append(out, t.Containers()...)
		} else if key != "" {
			out = append(out, key)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Contains tells whether the territory of key a is that of key b or contains
// it. France contains all that is French.
func Contains(a, b string) bool {
	u, ok := TerritoryByKey(b)
	if !ok {
		return a == b
	}
	if a == CountryKey {
		return true
	}
	t, ok := TerritoryByKey(a)
	return ok && slices.Contains(u.Containers(), t.Key)
}

// Zone is the IANA time zone of the territory, the default of its events
// (TER21). Where an archipelago spans several, the zone of its main islands,
// save for the municipalities of the others.
func (t Territory) Zone() string {
	if zone, ok := communeZones[t.Code]; ok && t.Level == LevelCommune {
		return zone
	}
	if d := t.Departements(); len(d) > 0 && t.Level != LevelCountry {
		if zone, ok := departementZones[d[0]]; ok {
			return zone
		}
	}
	return "Europe/Paris"
}

var departementZones = map[string]string{
	"971": "America/Guadeloupe", "972": "America/Martinique", "973": "America/Cayenne", "974": "Indian/Reunion", "976": "Indian/Mayotte",
	"975": "America/Miquelon", "977": "America/St_Barthelemy", "978": "America/Marigot", "984": "Indian/Kerguelen",
	"986": "Pacific/Wallis", "987": "Pacific/Tahiti", "988": "Pacific/Noumea", "989": "Etc/GMT+8",
}

// communeZones: the Marquesas and the Gambier keep hours of their own.
var communeZones = map[string]string{
	"98718": "Pacific/Marquesas", "98723": "Pacific/Marquesas", "98731": "Pacific/Marquesas",
	"98746": "Pacific/Marquesas", "98756": "Pacific/Marquesas", "98757": "Pacific/Marquesas",
	"98719": "Pacific/Gambier",
}
