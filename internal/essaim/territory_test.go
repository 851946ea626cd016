package essaim

import (
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

func territory(t *testing.T, key string) Territory {
	t.Helper()
	got, ok := TerritoryByKey(key)
	if !ok {
		t.Fatalf("%s is unknown", key)
	}
	return got
}

func wantKeys(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("%s:\n got %v\nwant %v", what, got, want)
	}
}

func TestTerritoryTables(t *testing.T) {
	for table, n := range map[string]int{"regions": 26, "departements": 109, "epci": 1255, "ept": 11, "communes": 34969, "former": 4285, "successors": 17, "vintage": 1} {
		tab := loadTable(table)
		if tab.len() != n {
			t.Errorf("%s: %d lines, want %d", table, tab.len(), n)
		}
		if !slices.IsSorted(tab.codes()) {
			t.Errorf("%s is not sorted by code", table)
		}
	}
	if got := territory(t, "fr:departement:56"); got.COG != 2026 || got.Name != "Morbihan" || got.Handle != "dep56" || got.Title() != "Morbihan (56)" || got.Level != LevelDepartement {
		t.Errorf("Morbihan is %+v", got)
	}
	if loadTable("none").len() != 0 {
		t.Error("a table that does not exist has lines")
	}
}

func TestTerritoryUnknown(t *testing.T) {
	for _, key := range []string{"", "fr:", "fr:departement", "fr:departement:", "fr:departement:00", "fr:commune:99999", "fr:district:1", "de:region:1", "custom:a.example:parc", "56", "fr:commune:56178:x", "fr:single_authority:2A"} {
		if got, ok := TerritoryByKey(key); ok {
			t.Errorf("%q is %s", key, got.Key)
		}
	}
	for _, handle := range []string{"", "dep", "dep00", "56", "com01", "DEP56", "dep2A", "reg56x", "departement56"} {
		if got, ok := TerritoryByHandle(handle); ok {
			t.Errorf("%q is %s", handle, got.Key)
		}
	}
}

// TER2: codes that are gone lead to what took their place.
func TestTER2Succession(t *testing.T) {
	for old, now := range map[string]string{
		"fr:epci:245900410": "fr:epci:200093201", // metropolis of Lille
		"fr:region:41":      "fr:region:44",
		"fr:region:83":      "fr:region:84",
		"fr:commune:01340":  "fr:commune:01015",
	} {
		if got := territory(t, old); got.Key != now {
			t.Errorf("%s leads to %s, want %s", old, got.Key, now)
		}
	}
	for old, now := range formerRegions {
		if base().regions.find(old) >= 0 || base().regions.find(now) < 0 {
			t.Errorf("former region %s leads to %s", old, now)
		}
	}
	if _, ok := TerritoryByHandle("epci245900410"); ok {
		t.Error("a code that is gone has an actor")
	}
	if _, ok := TerritoryByKey("fr:epci:200067510"); ok {
		t.Error("an EPCI that was split without a majority leads somewhere")
	}
	wantKeys(t, "expansion of an old code", Expand([]string{"fr:commune:01340"}), territory(t, "fr:commune:01015").Containers()...)
}

func TestTER5ReservedHandles(t *testing.T) {
	for _, h := range []string{"dep56", "DEP56", "reg53", "com2b033", "epci243500741", "ept200057867", "dep999", "terr_pays_de_redon", "terr_", "morbihan", "ile_de_france", "ille-et-vilaine", "bretagne", "paris", "la_reunion"} {
		if !ReservedHandle(h) {
			t.Errorf("%s is free", h)
		}
	}
	for _, h := range []string{"solene", "department", "region", "dep_56", "compost", "depot1", "terra", "regards", "pontivy", "covoit2", "com"} {
		if ReservedHandle(h) {
			t.Errorf("%s is reserved", h)
		}
	}
}

// TER7, TER16: lines by region add up to more than the total, which counts an
// object once.
func TestTER7Counting(t *testing.T) {
	objects := []string{"fr:epci:243500741", "fr:commune:35236", "fr:departement:44"}
	byRegion := map[string]int{}
	lines := 0
	for _, key := range objects {
		for _, k := range Expand([]string{key}) {
			if strings.HasPrefix(k, "fr:region:") {
				byRegion[k]++
				lines++
			}
		}
	}
	if byRegion["fr:region:53"] != 2 || byRegion["fr:region:52"] != 2 || lines == len(objects) {
		t.Errorf("by region: %v", byRegion)
	}
	var departements, regions int
	for _, e := range Territories(LevelEPCI) {
		if len(e.Departements()) > 1 {
			departements++
		}
		if len(e.regions) > 1 {
			regions++
		}
	}
	if departements != 89 || regions != 26 {
		t.Errorf("%d EPCI span départements and %d regions, want 89 and 26", departements, regions)
	}
}

func TestTER9Slugs(t *testing.T) {
	for slug, key := range map[string]string{
		"morbihan": "fr:departement:56", "bretagne": "fr:region:53", "ile-de-france": "fr:region:11", "ile_de_france": "fr:region:11",
		"la-reunion": "fr:departement:974", "guadeloupe": "fr:departement:971", "martinique": "fr:departement:972", "guyane": "fr:departement:973",
		"mayotte": "fr:departement:976", "paris": "fr:departement:75", "cote-d-or": "fr:departement:21", "corse": "fr:region:94",
	} {
		got, ok := TerritoryBySlug(slug)
		if !ok || got.Key != key {
			t.Errorf("%s leads to %q, want %s", slug, got.Key, key)
		}
	}
	for _, slug := range []string{"", "pontivy", "redon-agglomeration", "Morbihan "} {
		if got, ok := TerritoryBySlug(slug); ok {
			t.Errorf("%q leads to %s", slug, got.Key)
		}
	}
	for key, slug := range map[string]string{"fr:departement:56": "morbihan", "fr:region:04": "", "fr:departement:974": "la-reunion", "fr:commune:56178": ""} {
		if got := territory(t, key).Slug(); got != slug {
			t.Errorf("slug of %s is %q, want %q", key, got, slug)
		}
	}
}

func TestTER10OneCodeTwoTerritories(t *testing.T) {
	both := 0
	for _, r := range Territories(LevelRegion) {
		d, ok := TerritoryByKey(TerritoryKey(LevelDepartement, r.Code))
		if !ok {
			continue
		}
		both++
		if d.Key == r.Key || d.Handle == r.Handle {
			t.Errorf("%s: one actor for a region and a département", r.Code)
		}
	}
	if both != 26 {
		t.Errorf("%d codes are region and département, want 26", both)
	}
	for _, c := range []struct{ region, departement string }{{"01", "Ain"}, {"75", "Paris"}, {"93", "Seine-Saint-Denis"}, {"44", "Loire-Atlantique"}, {"53", "Mayenne"}} {
		if got := territory(t, "fr:departement:"+c.region).Name; got != c.departement {
			t.Errorf("département %s is %s", c.region, got)
		}
	}
	for _, code := range []string{"01", "75", "93"} {
		if got := SearchTerritories(code, 5); len(got) > 0 {
			t.Errorf("a bare code finds %s", got[0].Key)
		}
	}
}

func TestTER11Letters(t *testing.T) {
	for _, c := range []struct{ key, handle string }{{"fr:departement:2A", "dep2a"}, {"fr:departement:2B", "dep2b"}, {"fr:commune:2B033", "com2b033"}} {
		got := territory(t, c.key)
		if got.Handle != c.handle || got.Key != c.key {
			t.Errorf("%s has key %s, handle %s", c.key, got.Key, got.Handle)
		}
		if back, ok := TerritoryByHandle(c.handle); !ok || back.Key != c.key {
			t.Errorf("%s leads to %q", c.handle, back.Key)
		}
		if low := territory(t, strings.ToLower(c.key)); low.Key != c.key {
			t.Errorf("a peer's lower-case key gives %s", low.Key)
		}
	}
	if got := territory(t, "fr:commune:2B033"); got.Name != "Bastia" {
		t.Errorf("2B033 is %s", got.Name)
	}
}

func TestTER12NoPrefixLogic(t *testing.T) {
	for code, departement := range map[string]string{"97411": "974", "97416": "974", "98801": "988", "2A004": "2A", "01004": "01"} {
		if got := territory(t, "fr:commune:"+code).Departements(); !slices.Equal(got, []string{departement}) {
			t.Errorf("%s lies in %v", code, got)
		}
	}
	if got := territory(t, "fr:departement:974"); got.Name != "La Réunion" || got.Handle != "dep974" {
		t.Errorf("974 is %+v", got)
	}
}

func TestTER13OverseasRegions(t *testing.T) {
	for region, departement := range map[string]string{"01": "971", "02": "972", "03": "973", "04": "974", "06": "976"} {
		r := territory(t, "fr:region:"+region)
		if got := r.Departements(); !slices.Equal(got, []string{departement}) {
			t.Errorf("cells of region %s: %v", region, got)
		}
		d := territory(t, "fr:departement:"+departement)
		wantKeys(t, d.Key, d.Containers(), d.Key, r.Key)
		if !slices.Equal(d.Departements(), r.Departements()) {
			t.Errorf("%s and %s are not one cell", d.Key, r.Key)
		}
	}
}

func TestTER14Redon(t *testing.T) {
	epci := territory(t, "fr:epci:243500741")
	wantKeys(t, "Redon Agglomération", epci.Containers(), "fr:departement:35", "fr:departement:44", "fr:departement:56", "fr:epci:243500741", "fr:region:52", "fr:region:53")
	wantKeys(t, "Redon", territory(t, "fr:commune:35236").Containers(), "fr:commune:35236", "fr:departement:35", "fr:epci:243500741", "fr:region:53")
	members := TerritoriesIn(epci.Key, LevelCommune)
	count := map[string]int{}
	for _, m := range members {
		count[m.Departements()[0]]++
	}
	if len(members) != 31 || count["35"] != 12 || count["56"] != 11 || count["44"] != 8 {
		t.Errorf("%d members, %v", len(members), count)
	}
	if Contains("fr:departement:44", "fr:commune:35236") || !Contains("fr:departement:44", epci.Key) {
		t.Error("membership is transitive")
	}
}

// TER8, TER15: nothing passes through the EPCI.
func TestTER15Pontivy(t *testing.T) {
	wantKeys(t, "Pontivy Communauté", Expand([]string{"fr:epci:245614433"}), "fr:departement:22", "fr:departement:56", "fr:epci:245614433", "fr:region:53")
	wantKeys(t, "Pontivy", Expand([]string{"fr:commune:56178"}), "fr:commune:56178", "fr:departement:56", "fr:epci:245614433", "fr:region:53")
	wantKeys(t, "Saint-Connec", Expand([]string{"fr:commune:22285"}), "fr:commune:22285", "fr:departement:22", "fr:epci:245614433", "fr:region:53")
}

func TestTER17NoEPCI(t *testing.T) {
	without := map[string]int{}
	for _, c := range Territories(LevelCommune) {
		if c.EPCI() == "" {
			without[c.Departements()[0]]++
		}
		if len(c.regions) != 1 || len(c.departements) != 1 {
			t.Fatalf("%s lies in %v, %v", c.Key, c.departements, c.regions)
		}
	}
	metropolitan, total := 0, 0
	for d, n := range without {
		total += n
		if len(d) == 2 {
			metropolitan += n
		}
	}
	if total != 98 || metropolitan != 4 {
		t.Errorf("%d municipalities without EPCI, %d of them metropolitan; want 98 and 4", total, metropolitan)
	}
	wantKeys(t, "Ouessant", Expand([]string{"fr:commune:29155"}), "fr:commune:29155", "fr:departement:29", "fr:region:53")
	wantKeys(t, "Bora-Bora", Expand([]string{"fr:commune:98714"}), "fr:commune:98714", "fr:departement:987", "fr:region:987")
}

func TestTER18SharedNames(t *testing.T) {
	var titles []string
	for _, c := range SearchTerritories("saint pierre", 9) {
		if c.Name != "Saint-Pierre" {
			t.Errorf("a whole name comes after %s", c.Name)
		}
		titles = append(titles, c.Title())
	}
	if titles[0] != "Saint-Pierre (974)" || len(slices.Compact(slices.Sorted(slices.Values(titles)))) != 9 {
		t.Errorf("titles %v", titles)
	}
}

func TestTER19Arrondissements(t *testing.T) {
	for code, city := range map[string]string{"75101": "75056", "75120": "75056", "69389": "69123", "13201": "13055"} {
		if got := territory(t, "fr:commune:"+code); got.Code != city {
			t.Errorf("%s rolls up to %s, want %s", code, got.Code, city)
		}
	}
	f := communes().former
	n := 0
	for i := range f.len() {
		if strings.HasSuffix(f.line(i), ";m") {
			n++
		}
	}
	if n != 45 {
		t.Errorf("%d arrondissements, want 45", n)
	}
}

func TestTER20FormerMunicipalities(t *testing.T) {
	for old, now := range map[string]string{
		"01120": "01262", // associated
		"02285": "59545", // associated, and the département changed
		"01015": "01015", // delegated with the code of the current one
	} {
		if got := territory(t, "fr:commune:"+old); got.Code != now {
			t.Errorf("%s leads to %s, want %s", old, got.Code, now)
		}
	}
	f := communes().former
	for i := range f.len() {
		if _, ok := TerritoryByKey("fr:commune:" + f.code(i)); !ok {
			t.Errorf("%s leads nowhere", f.code(i))
		}
	}
}

func TestTER21Zones(t *testing.T) {
	for key, zone := range map[string]string{
		"fr:departement:56": "Europe/Paris", "fr:region:53": "Europe/Paris", "fr": "Europe/Paris", "fr:epci:245614433": "Europe/Paris",
		"fr:departement:974": "Indian/Reunion", "fr:region:04": "Indian/Reunion", "fr:epci:249740077": "Indian/Reunion", "fr:commune:97416": "Indian/Reunion",
		"fr:departement:972": "America/Martinique", "fr:departement:988": "Pacific/Noumea", "fr:commune:98735": "Pacific/Tahiti", "fr:commune:98731": "Pacific/Marquesas",
	} {
		if got := territory(t, key).Zone(); got != zone {
			t.Errorf("zone of %s is %s, want %s", key, got, zone)
		}
	}
	for _, zones := range []map[string]string{departementZones, communeZones} {
		for code, zone := range zones {
			if _, err := time.LoadLocation(zone); err != nil {
				t.Errorf("%s: %v", code, err)
			}
		}
	}
	for _, d := range Territories(LevelDepartement) {
		if len(d.Code) == 3 && d.Zone() == "Europe/Paris" {
			t.Errorf("%s %s has no zone", d.Code, d.Name)
		}
	}
}

func TestGrandParis(t *testing.T) {
	wantKeys(t, "Plaine Commune", territory(t, "fr:ept:200057867").Containers(), "fr:departement:93", "fr:epci:200054781", "fr:ept:200057867", "fr:region:11")
	wantKeys(t, "Aubervilliers", territory(t, "fr:commune:93001").Containers(), "fr:commune:93001", "fr:departement:93", "fr:epci:200054781", "fr:ept:200057867", "fr:region:11")
	if got, ok := TerritoryByHandle("ept200057867"); !ok || got.Name != "Plaine Commune" {
		t.Errorf("ept200057867 is %q", got.Name)
	}
}

func TestExpandKeepsWhatItDoesNotKnow(t *testing.T) {
	wantKeys(t, "mixed", Expand([]string{"custom:a.example:parc", "fr:region:53", "fr:commune:99999", "", "fr:region:53", "fr"}),
		"custom:a.example:parc", "fr", "fr:commune:99999", "fr:region:53")
	if Expand(nil) != nil {
		t.Error("nothing expands to something")
	}
}

func TestContains(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"fr", "fr:commune:56178", true}, {"fr", "fr", true}, {"fr", "custom:a.example:x", false},
		{"fr:region:53", "fr:commune:56178", true}, {"fr:region:52", "fr:commune:56178", false},
		{"fr:commune:56178", "fr:commune:56178", true}, {"fr:commune:56178", "fr:region:53", false},
		{"custom:a.example:x", "custom:a.example:x", true}, {"fr:commune:75056", "fr:commune:75101", true},
	} {
		if got := Contains(c.a, c.b); got != c.want {
			t.Errorf("Contains(%s, %s) = %v", c.a, c.b, got)
		}
	}
}

func TestTerritoriesIn(t *testing.T) {
	names := func(list []Territory) (out []string) {
		for _, t := range list {
			out = append(out, t.Code)
		}
		return out
	}
	if got := names(TerritoriesIn("fr:region:53", LevelDepartement)); !slices.Equal(got, []string{"22", "29", "35", "56"}) {
		t.Errorf("départements of Bretagne: %v", got)
	}
	if got := TerritoriesIn("fr:departement:56", LevelCommune); len(got) < 240 || len(got) > 260 {
		t.Errorf("%d municipalities in 56", len(got))
	}
	if got := names(TerritoriesIn("fr:departement:22", LevelEPCI)); !slices.Contains(got, "245614433") {
		t.Errorf("EPCI of 22: %v", got)
	}
	if got := TerritoriesIn("fr", LevelRegion); len(got) != 26 {
		t.Errorf("%d regions", len(got))
	}
	if got := TerritoriesIn("custom:x:y", LevelRegion); got != nil {
		t.Errorf("children of the unknown: %v", names(got))
	}
}

func TestSearchTerritories(t *testing.T) {
	for typed, first := range map[string]string{
		"morbihan": "fr:departement:56", "MORBI": "fr:departement:56", "Bretagne": "fr:region:53", "redon": "fr:commune:35236",
		"Redon agglo": "fr:epci:243500741", "ile de f": "fr:region:11", "Île-de-F": "fr:region:11", "st malo": "fr:commune:35288",
		"56300": "fr:commune:56178", "lyon": "fr:commune:69123", "cote d'or": "fr:departement:21", "la réunion": "fr:region:04",
		"Sainte-Colombe": "", "côtes-d’arm": "fr:departement:22", "pontivy": "fr:commune:56178", "75116": "fr:commune:75056",
	} {
		got := SearchTerritories(typed, 3)
		if len(got) == 0 || first != "" && got[0].Key != first {
			t.Errorf("%q finds %v", typed, got)
		}
	}
	for _, typed := range []string{"", "  ", "'", "zzzz", "99999", strings.Repeat("a", 100), "\n"} {
		if got := SearchTerritories(typed, 3); len(got) > 0 {
			t.Errorf("%q finds %s", typed, got[0].Key)
		}
	}
	if got := SearchTerritories("saint", 7); len(got) != 7 {
		t.Errorf("%d answers, want 7", len(got))
	}
	seen := map[string]bool{}
	for _, c := range SearchTerritories("sainte colombe", 50) {
		if seen[c.Key] {
			t.Errorf("%s comes twice", c.Key)
		}
		seen[c.Key] = true
	}
}

func FuzzTerritoryByKey(f *testing.F) {
	for _, key := range []string{"fr:departement:56", "fr:commune:2B033", "fr:epci:", "custom:a.example:x", "fr:commune:75101"} {
		f.Add(key)
	}
	f.Fuzz(func(t *testing.T, key string) {
		got, ok := TerritoryByKey(key)
		if !ok {
			return
		}
		again, ok := TerritoryByKey(got.Key)
		if !ok || again.Key != got.Key {
			t.Errorf("%q gives %q, which is not a key", key, got.Key)
		}
		if got.Handle != "" {
			if back, ok := TerritoryByHandle(got.Handle); !ok || back.Key != got.Key {
				t.Errorf("%s does not lead back to %s", got.Handle, got.Key)
			}
		}
		for _, c := range got.Containers() {
			if !Contains(c, got.Key) {
				t.Errorf("%s does not contain %s", c, got.Key)
			}
		}
	})
}

func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// BenchmarkTerritoryHeap reports what the tables keep in memory.
func BenchmarkTerritoryHeap(b *testing.B) {
	var before, after uint64
	var keep any
	for range b.N {
		before = heap()
		c := &communeTables{now: loadTable("communes"), former: loadTable("former")}
		c.epci, c.ept = c.membership(base().epci), c.membership(base().ept)
		keep = c
		after = heap()
	}
	b.ReportMetric(float64(after-before)/1024, "KB-communes")
	x := heap()
	territoryIndex()
	b.ReportMetric(float64(heap()-x)/1024, "KB-index")
	runtime.KeepAlive(keep)
}

func BenchmarkTerritoryByKey(b *testing.B) {
	b.ReportAllocs()
	for range b.N {
		TerritoryByKey("fr:commune:56178")
	}
}

func BenchmarkExpand(b *testing.B) {
	b.ReportAllocs()
	for range b.N {
		Expand([]string{"fr:commune:56178", "fr:epci:243500741"})
	}
}

func BenchmarkSearchTerritories(b *testing.B) {
	SearchTerritories("x", 1)
	b.ResetTimer()
	b.ReportAllocs()
	for range b.N {
		SearchTerritories("saint p", 10)
	}
}

func TestTerritoryByName(t *testing.T) {
	for name, want := range map[string]string{
		"dep56": "dep56", "DEP2A": "dep2a", "morbihan": "dep56", "bretagne": "reg53", "la-reunion": "dep974", "ile_de_france": "reg11",
		"com75101": "com75056", "com13201": "com13055", "epci245900410": "epci200093201", "reg21": "reg44", "reg01": "reg01", "dep01": "dep01",
		"com00000": "", "dep": "", "reg": "", "nowhere": "", "": "", "dep56x": "", "../dep56": "",
	} {
		if got, _ := TerritoryByName(name); got.Handle != want {
			t.Errorf("%s leads to %q, want %q", name, got.Handle, want)
		}
	}
}

// TestTerritoriesInIsTheMembershipTable: the short way gives what a look at every territory of a level gives.
func TestTerritoriesInIsTheMembershipTable(t *testing.T) {
	for _, key := range []string{"fr:departement:56", "fr:departement:2A", "fr:departement:75", "fr:region:53"} {
		for _, level := range []string{LevelCommune, LevelEPCI, LevelEPT} {
			want := slices.DeleteFunc(Territories(level), func(u Territory) bool { return !slices.Contains(u.Containers(), key) })
			got := TerritoriesIn(key, level)
			if !slices.EqualFunc(want, got, func(a, b Territory) bool { return a.Key == b.Key }) {
				t.Errorf("%s, %s: %d, want %d", key, level, len(got), len(want))
			}
		}
	}
}
