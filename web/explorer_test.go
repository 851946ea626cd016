package web

import (
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"essaim/federation/vocab"
	"essaim/internal/activity"
	"essaim/internal/essaim"
	"essaim/internal/store"
)

// explored are addresses of the pages that answer from the index, in their states; what strangers type is hostile.
var explored = []string{"/explorer", "/explorer?q=bus&type=projet&type=evenement", "/explorer?q=buss+lozere", "/explorer?q=rien+du+tout&theme=food_farming&territoire=com48095",
	"/explorer?instance=" + url.QueryEscape(hostile), "/explorer?q=" + url.QueryEscape(hostile), "/explorer?q=@bus", "/territoires", "/territoires?q=saint-pierre", "/territoires?q=" + url.QueryEscape(hostile),
	"/territoires/dep48", "/territoires/com48095", "/territoires/reg53", "/territoires/epci243500741", "/territoires/com56178"}

// found are the addresses of what a list of results shows, in order.
func found(page string) (out []string) {
	for _, m := range regexp.MustCompile(`<article class="found">(?s:.*?)<h[23]><a href="([^"]+)"`).FindAllStringSubmatch(page, -1) {
		out = append(out, m[1])
	}
	return out
}

func TestExplorer(t *testing.T) {
	s, _ := furnished(t)
	for address, want := range map[string][]string{
		"/explorer?q=bus&type=projet":                                      {"/@bus"},
		"/explorer?q=BUS&type=projet":                                      {"/@bus"},
		"/explorer?q=mende&type=organisation":                              {"/@mairie"},
		"/explorer?q=lozere&type=projet":                                   {"/@bus"},
		"/explorer?q=mairies":                                              {"/@mairie"},
		"/explorer?type=projet&phase=stopped":                              {"/@covoit"},
		"/explorer?type=projet&theme=mobility":                             {"/@covoit", "/@bus"},
		"/explorer?type=projet&type=organisation&territoire=dep48":         {"/@bus", "/@mairie"},
		"/explorer?acteur=local_authority":                                 {"/@mairie"},
		"/explorer?instance=ailleurs.example&type=projet":                  nil,
		"/explorer?type=projet&territoire=dep56":                           nil,
		"/explorer?type=nothing&phase=nothing&territoire=x&q=bus&acteur=x": {"/@bus"}, // what names nothing filters nothing; only the event is left beside
		"/explorer?type=personne":                                          nil,       // nobody asked to be listed
	} {
		got := found(s.page(address))
		if strings.Contains(address, "type=nothing") {
			got = slices.DeleteFunc(got, func(a string) bool { return strings.HasPrefix(a, "/agenda/") })
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", address, got, want)
		}
	}
	page := s.page("/explorer?type=projet&theme=mobility")
	has(t, page, "2 résultats", `value="projet" checked`, `<option value="mobility" selected>Mobilités (2)</option>`, `<option value="dep48">Lozère (48) (1)</option>`, "<title>Lozère\u00a0: 1 projet</title>",
		`href="/explorer?theme=mobility"`, `href="/explorer?type=projet"`, `href="/explorer.atom?theme=mobility&amp;type=projet"`, "<title>Morbihan\u00a0: 0 projet</title>", `href="/territoires/dep48">Lozère (48)</a>`)
	has(t, s.page("/explorer?q=buss+lozere"), "Résultats pour «\u00a0bus lozere\u00a0»", "exact=1", `href="/@bus"`)
	hasNot(t, s.page("/explorer?q=buss+lozere&exact=1"), `<h3><a href="/@bus"`)
	has(t, s.page("/explorer?type=projet&territoire=com48095"), "Rien avec ces filtres", "Lozère (48)</a>, 1 résultat")
	has(t, s.page("/explorer?phase=idea&theme=mobility"), "Rien avec ces filtres", "sans le filtre", "2 résultats")
	has(t, s.page("/explorer?q=@bus@innov.example"), "Ce que désigne cette adresse", `href="/@bus"`, `href="/explorer?lang=en`)
	has(t, s.page("/explorer?q=https://innov.example/@mairie"), "Ce que désigne cette adresse", `href="/@mairie"`)
	has(t, s.page("/explorer?q=@inconnue@loin.example"), "Chercher sur le réseau", `href="/recherche-distante?q=%40inconnue%40loin.example"`)
	has(t, s.page("/explorer?q=morbihan"), `href="/territoires/dep56"`)
}

// TestSearchBoxes: what is typed stays, whatever it is, and never becomes more than text.
func TestSearchBoxes(t *testing.T) {
	s, _ := furnished(t)
	for _, text := range []string{hostile, `" OR 1=1 --`, `'); drop table objects; --`, `title:x NEAR(y) *`, "a\x00b", strings.Repeat("é", 5000), "%", "{", "\\", "' | ' & !", "🐝", "日本語", "\u202egnp.exe"} {
		for _, path := range []string{"/explorer?q=", "/annuaire/organisations?q=", "/territoires?q=", "/explorer.atom?q=", "/explorer?instance=", "/explorer?territoire=", "/explorer?avant=", "/explorer?apres=", "/territoires/", "/tags/"} {
			w := s.get(path + url.QueryEscape(text))
			if w.Code != http.StatusOK && w.Code != http.StatusNotFound {
				t.Errorf("%s%q: %d", path, text, w.Code)
			}
			hasNot(t, w.Body.String(), "<script>alert", "onerror=alert(2)>")
		}
	}
	has(t, s.page("/explorer?q=%22%3E%3Cb%3E"), `value="&#34;&gt;&lt;b&gt;"`)
}

func TestExplorerPaging(t *testing.T) {
	s := newSite(t)
	for i := range 45 {
		s.project(fmt.Sprintf("p%02d", i), essaim.PhaseIdea)
	}
	for _, start := range []string{"/explorer?type=projet", "/explorer?type=projet&q=texte"} {
		var forth, back []string
		address, last := start, ""
		for address != "" {
			last = address
			page := s.page(address)
			forth, address = append(forth, found(page)...), follow(page, "next")
		}
		for address = last; address != ""; {
			page := s.page(address)
			back, address = append(found(page), back...), follow(page, "prev")
		}
		if len(forth) != 45 || !slices.Equal(forth, back) || !strings.Contains(last, "type=projet") {
			t.Errorf("%s: %d forth, %d back, last %s", start, len(forth), len(back), last)
		}
	}
}

func TestTerritoryPages(t *testing.T) {
	s, _ := furnished(t)
	for address, want := range map[string]string{
		"/territoires/morbihan": "/territoires/dep56", "/territoires/DEP56": "/territoires/dep56", "/territoires/bretagne": "/territoires/reg53", "/territoires/la-reunion": "/territoires/dep974",
		"/territoires/com75101": "/territoires/com75056", "/territoires/epci245900410": "/territoires/epci200093201", "/territoires/reg21": "/territoires/reg44",
	} {
		if w := s.get(address); w.Code != http.StatusFound || w.Header().Get("Location") != want {
			t.Errorf("%s: %d %s, want %s", address, w.Code, w.Header().Get("Location"), want)
		}
	}
	for _, address := range []string{"/territoires/dep00", "/territoires/com99999", "/territoires/x", "/territoires/dep", "/territoires/nulle-part.atom", "/territoires/%2e%2e"} {
		if w := s.get(address); w.Code != http.StatusNotFound {
			t.Errorf("%s: %d", address, w.Code)
		}
	}
	page := s.page("/territoires/com48095")
	has(t, page, "<h1>Mende</h1>", "Commune", "Code 48095", "habitants", "48000", `href="/territoires/dep48"`, `href="/territoires/reg76"`, `href="/@mairie"`, "Aucun accélérateur", `href="/territoires/com48095.atom"`,
		`href="/explorer?territoire=com48095&amp;type=organisation"`)
	page = s.page("/territoires/dep48")
	has(t, page, "Lozère", `href="/@bus"`, `href="/@mairie"`, "Expérimentation <b>1</b>", `href="/territoires/dep12"`, `href="/territoires/com48095"`)
	has(t, s.page("/territoires/epci243500741"), `href="/territoires/dep35"`, `href="/territoires/dep44"`, `href="/territoires/dep56"`, `href="/territoires/reg53"`, `href="/territoires/reg52"`, `href="/territoires/com35236"`)
	has(t, s.page("/territoires/com35236"), `href="/territoires/dep35"`, `href="/territoires/reg53"`)
	hasNot(t, s.page("/territoires/com35236"), `href="/territoires/dep56"`) // TER14: not through its EPCI
	has(t, s.page("/territoires/dep974"), "La Réunion", "À ne pas confondre avec", `href="/territoires/reg04"`)
	has(t, s.page("/territoires?q=sainte-colombe"), `href="/territoires/com`, "Sainte-Colombe (05)", "Sainte-Colombe (77)")
	has(t, s.page("/territoires?q=48000"), "Mende (48)")
	has(t, s.page("/territoires/com22001"), "Rien n’a encore été publié")
}

// TestEveryFigureOpensItsList: as long as what it counts.
func TestEveryFigureOpensItsList(t *testing.T) {
	s, _ := furnished(t, func(o *Options) { o.National = true })
	const relay = "https://ailleurs.example/actor"
	s.meet(vocab.New(vocab.Application, relay).SetString("preferredUsername", "relay").SetString("name", "Ailleurs"))
	follow := s.does(activity.About(vocab.Follow, s.Site.Actor("ines"), relay))
	if _, err := s.Apply(t.Context(), &vocab.Activity{ID: relay + "/accept", Type: vocab.AcceptType, Actor: relay, Object: vocab.Item{ID: follow.IRI}}, activity.Remote(relay)); err != nil {
		t.Fatal(err)
	}
	figure := regexp.MustCompile(`<(?:div><dt|td class="number")><a href="([^"]+)">(?:[^<]*</a></dt><dd>)?(\d+)</`)
	item := regexp.MustCompile(`<article class="(?:card|person|found|event-row)"`)
	tried := 0
	for _, address := range []string{"/", "/territoires/dep48", "/territoires/com48095", "/territoires/reg76"} {
		for _, m := range figure.FindAllStringSubmatch(s.page(address), -1) {
			tried++
			list := s.page(html.UnescapeString(m[1]))
			if n := len(item.FindAllString(list, -1)); strconv.Itoa(n) != m[2] {
				t.Errorf("%s: %s opens a list of %d, not of %s", address, m[1], n, m[2])
			}
		}
	}
	has(t, s.page("/"), `href="/explorer?instance=ailleurs.example&amp;type=evenement">1</a>`)
	if tried < 12 {
		t.Errorf("only %d figures were tried", tried)
	}
}

func TestDirectory(t *testing.T) {
	s, _ := furnished(t)
	profile := func(handle string, agrees bool) {
		t.Helper()
		doc := vocab.New(vocab.Person, "https://ailleurs.example/users/"+handle).SetString("preferredUsername", handle).SetString("name", "Personne "+handle).SetBool("discoverable", agrees).
			SetStrings("territory", "fr:departement:56")
		s.meet(doc)
	}
	profile("claire", true)
	profile("discret", false)
	page := s.page("/annuaire/personnes")
	has(t, page, "/@claire@ailleurs.example", "1 personne, et 3 autres personnes qui n’ont pas choisi d’apparaître", `<option value="ailleurs.example">ailleurs.example (1)</option>`)
	hasNot(t, page, "discret", "/@ines", "/@eve")
	has(t, s.page("/annuaire/personnes?instance=innov.example"), "0 personne, et 1 autre personne")
	has(t, s.page("/annuaire/personnes?territoire=dep56"), "1 personne, et 1 autre personne", "/@claire@ailleurs.example")
	has(t, s.page("/annuaire/organisations"), "/@mairie", "/@fabrique", "2 organisations", `<option value="local_authority">Collectivité (1)</option>`)
	has(t, s.page("/annuaire/organisations?acteur=local_authority"), "/@mairie", "1 organisation")
	hasNot(t, s.page("/annuaire/organisations?acteur=local_authority"), `<h2><a href="/@fabrique"`)
	has(t, s.page("/annuaire/organisations?q=mende"), "/@mairie", "1 organisation")
	for _, feed := range []string{"/annuaire/organisations.atom", "/annuaire/personnes.atom", "/tags/essai.atom", "/territoires/dep48.atom", "/explorer.atom?q=bus&type=projet", "/projets.atom?phase=pilot"} {
		if w := s.get(feed); w.Code != http.StatusOK || !strings.HasPrefix(w.Header().Get("Content-Type"), "application/atom+xml") || !strings.Contains(w.Body.String(), "<entry>") {
			t.Errorf("%s: %d %s", feed, w.Code, w.Body)
		}
	}
	has(t, s.page("/explorer.atom?q=bus&type=projet"), `href="https://innov.example/explorer?q=bus&amp;type=projet"`, "<id>https://innov.example/explorer.atom?q=bus&amp;type=projet</id>")
}

func TestHashtags(t *testing.T) {
	s, _ := furnished(t)
	s.project("marche", essaim.PhaseIdea, func(p *essaim.Project) { p.Tags = []string{"Essai"} })
	has(t, s.page("/tags/essai"), "Bonjour", `href="/@marche"`)
	has(t, s.page("/tags/ESSAI"), "Bonjour", `href="/@marche"`)
	for i := range 25 {
		s.creates(&essaim.Post{HTML: fmt.Sprintf("<p>Message %02d</p>", i), Hashtags: []vocab.Tag{{Type: vocab.Hashtag, Name: "long"}}})
	}
	page := s.page("/tags/long")
	next := follow(page, "next")
	has(t, page, "Message 24")
	has(t, s.page(next), "Message 00")
	has(t, s.page(follow(s.page(next), "prev")), "Message 24")
}

// TestNothingHiddenIsListed: what is suspended, private or deleted shows on no page that answers from the index, also before the index knows.
func TestNothingHiddenIsListed(t *testing.T) {
	s := newSite(t)
	bus := s.project("bus", essaim.PhasePilot, func(p *essaim.Project) {
		p.Name, p.Territories, p.Tags = "Introuvable", []string{"fr:departement:48"}, []string{"rare"}
	})
	s.creates(&essaim.Post{HTML: "<p>Introuvable entre nous</p>", To: []string{s.Site.Actor("ines") + "/followers"}})
	pages := []string{"/explorer", "/explorer?q=introuvable", "/explorer?q=@bus", "/explorer?q=https://innov.example/actors/bus", "/territoires/dep48", "/tags/rare", "/explorer.atom", "/territoires/dep48.atom", "/tags/rare.atom"}
	for _, address := range pages {
		has(t, s.page(address), "Introuvable")
		hasNot(t, s.page(address), "entre nous")
	}
	for _, state := range []store.ActorState{store.Suspended, store.Limited} {
		s.setState(bus.ID, state)
		for _, address := range pages {
			page := s.page(address)
			if state == store.Limited && (strings.Contains(address, "tags") || strings.Contains(address, "@bus") || strings.Contains(address, "actors/bus")) {
				continue // who looks for it by name finds it
			}
			hasNot(t, page, ">Introuvable<")
		}
	}
	s.setState(bus.ID, store.Active)
	has(t, s.page("/explorer?q=introuvable"), "Introuvable")
	s.does(&vocab.Activity{Type: vocab.Delete, Actor: bus.IRI, Object: vocab.Item{ID: bus.IRI}})
	for _, address := range pages {
		hasNot(t, s.page(address), ">Introuvable<")
	}
}

func (s *site) setState(actor essaim.ID, state store.ActorState) {
	s.t.Helper()
	err := s.DB.Write(s.t.Context(), store.Promised, func(tx *store.Tx) error { return tx.Content().SetActorState(s.t.Context(), actor, state) })
	if err != nil {
		s.t.Fatal(err)
	}
}

// TestShades: about as many départements in each shade, equal counts alike, and the key says where each begins and ends.
func TestShades(t *testing.T) {
	counts := func(list ...int64) map[string]int64 {
		m := map[string]int64{"fr:region:53": 99, "fr:commune:56178": 1}
		for i, n := range list {
			m[fmt.Sprintf("fr:departement:%02d", i+1)] = n
		}
		return m
	}
	for _, c := range []struct {
		list   []int64
		bounds []int64
		most   int64
	}{
		{nil, nil, 0}, {[]int64{0}, nil, 0}, {[]int64{3}, []int64{3}, 3}, {[]int64{2, 2, 2}, []int64{2}, 2}, {[]int64{1, 2, 3, 4, 5, 6, 7, 8, 9, 1000}, []int64{1, 3, 5, 7, 9}, 1000}, {[]int64{1, 1, 1, 1, 50}, []int64{1, 50}, 50},
	} {
		bounds, most := scale(counts(c.list...))
		if !slices.Equal(bounds, c.bounds) || most != c.most {
			t.Errorf("%v: %v to %d, want %v to %d", c.list, bounds, most, c.bounds, c.most)
		}
	}
	for _, c := range []struct {
		bounds []int64
		n      int64
		want   int
	}{{nil, 0, 0}, {[]int64{3}, 0, 0}, {[]int64{3}, 3, 5}, {[]int64{1, 50}, 1, 4}, {[]int64{1, 50}, 49, 4}, {[]int64{1, 50}, 50, 5}, {[]int64{1, 3, 5, 7, 9}, 4, 2}} {
		if got := stepOf(c.bounds, c.n); got != c.want {
			t.Errorf("%d of %v is shade %d, want %d", c.n, c.bounds, got, c.want)
		}
	}
}

// TestTheMapIsItsTable: each cell says what its row says, and leads to a list of that length (ui-UI6).
func TestTheMapIsItsTable(t *testing.T) {
	s, _ := furnished(t)
	page := s.page("/explorer?type=projet&type=organisation")
	cell := regexp.MustCompile(`<a href="([^"]+)"><title>([^<]+?)\x{00a0}: (\d+) [^<]+</title>`)
	row := regexp.MustCompile(`<th scope="row"><a href="[^"]+">([^<(]+) \([^<]+</a></th><td class="number"><a href="([^"]+)">(\d+)</a>`)
	cells, rows := cell.FindAllStringSubmatch(page, -1), row.FindAllStringSubmatch(page, -1)
	if len(cells) == 0 || len(cells) != len(rows) {
		t.Fatalf("%d cells, %d rows", len(cells), len(rows))
	}
	for _, c := range cells {
		if !slices.ContainsFunc(rows, func(r []string) bool { return r[1] == c[2] && r[2] == c[1] && r[3] == c[3] }) {
			t.Errorf("no row says %v", c)
		}
		if n := len(found(s.page(html.UnescapeString(c[1])))); strconv.Itoa(n) != c[3] {
			t.Errorf("%s leads to a list of %d, not %s", c[2], n, c[3])
		}
	}
}
