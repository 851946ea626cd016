package web

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/gorilla/mux"

	"essaim/internal/essaim"
	"essaim/internal/search"
	"essaim/internal/store"
	"essaim/internal/store/dataset"
	"essaim/internal/store/storetest"
)

// BenchmarkPages serves each kind of page from a hundred thousand stored objects, every time for another subject, and reports the middle and the
// slowest hundredth of the answers: go test ./web -run - -bench Pages -benchtime 400x. The budget is 20 ms (design §16).
func BenchmarkPages(b *testing.B) {
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	db, world := large(b, now)
	index := search.New(search.Options{DB: db, Site: world.Instances[0].Site})
	began := time.Now()
	if err := index.Feed(b.Context(), nil); err != nil {
		b.Fatal(err)
	}
	fed := time.Since(began)
	if err := index.Warm(b.Context()); err != nil {
		b.Fatal(err)
	}
	b.Logf("it was indexed in %v, and read into memory in %v", fed, time.Since(began)-fed)
	for _, national := range []bool{false, true} {
		o := Options{DB: db, Search: index, Site: world.Instances[0].Site, Name: "La Fabrique", Clock: func() time.Time { return now }, Territories: []string{"fr:departement:48"}, National: national,
			Demonstration: true} // it is open to strangers without the pages the law asks for
		pages, err := New(o)
		if err != nil {
			b.Fatal(err)
		}
		handler := served(pages)
		if national {
			b.Run("national", func(b *testing.B) { measure(b, handler, func(int) string { return "/" }) })
			continue
		}
		for _, page := range subjects(world) {
			b.Run(page.name, func(b *testing.B) { measure(b, handler, page.path) })
		}
	}
}

func large(b *testing.B, now time.Time) (*store.DB, *dataset.World) {
	b.Helper()
	db := storetest.SQLite(b)
	site, err := essaim.NewSite(base)
	if err != nil {
		b.Fatal(err)
	}
	began, world := time.Now(), (*dataset.World)(nil)
	err = db.Write(b.Context(), store.Relaxed, func(tx *store.Tx) (err error) {
		world, err = dataset.Fill(b.Context(), tx.Content(), site, now, dataset.Full())
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	b.Logf("the dataset was made in %v", time.Since(began))
	return db, world
}

func served(p *Pages) http.Handler {
	r := mux.NewRouter().UseEncodedPath()
	r.Handle("/@{handle:[^/]+}", p.Actor())
	r.Handle("/@{handle:[^/]+}/{id:[0-7][0-9a-zA-Z-]*}", p.Object())
	r.Handle("/agenda/{id}", p.Object())
	p.Routes(r)
	return r
}

type subject struct {
	name string
	path func(i int) string
}

// subjects are the pages with addresses that differ from one request to the next; a step that shares no factor with the sizes visits all.
func subjects(w *dataset.World) []subject {
	const step = 7919
	always := func(path string) func(int) string { return func(int) string { return path } }
	actor := func(a *dataset.Actor) string {
		if a.Local {
			return "/@" + a.Handle
		}
		return "/@" + a.Handle + "@" + a.Host
	}
	any := func(list []*dataset.Actor) func(int) string {
		return func(i int) string { return actor(list[i*step%len(list)]) }
	}
	item := func(list []*dataset.Item) func(int) string {
		return func(i int) string { o := list[i*step%len(list)]; return actor(o.Author) + "/" + o.ID.String() }
	}
	regions, communes := essaim.Territories(essaim.LevelRegion), essaim.Territories(essaim.LevelCommune)
	phases, themes, departements := essaim.Phases.IDs(), essaim.Themes.IDs(), essaim.Territories(essaim.LevelDepartement)
	return []subject{
		{"home", always("/")},
		{"projects", always("/projets")},
		{"projects-page", func(i int) string { return "/projets?avant=" + w.Projects[i*step%len(w.Projects)].ID.String() }},
		{"projects-phase", func(i int) string { return "/projets?phase=" + phases[i%len(phases)] }},
		{"projects-theme", func(i int) string { return "/projets?theme=" + themes[i%len(themes)] }},
		{"projects-territory", func(i int) string { return "/projets?territoire=" + departements[i%len(departements)].Handle }},
		{"projects-filters", func(i int) string {
			return "/projets?phase=" + phases[i%len(phases)] + "&theme=" + themes[i%len(themes)] + "&territoire=" + departements[i%len(departements)].Handle
		}},
		{"project", any(w.Projects)},
		{"project-followed", always(actor(w.Projects[0]))},
		{"agenda", always("/agenda")},
		{"agenda-past", always("/agenda?passes=1")},
		{"event", item(w.Events)},
		{"person", any(w.People)},
		{"organisation", any(w.Organisations)},
		{"accelerator", any(w.Accelerators)},
		{"instance", any(w.Instances)},
		{"post", item(w.Posts)},
		{"post-long-thread", func(i int) string { o := w.Posts[i%9]; return actor(o.Author) + "/" + o.ID.String() }},
		{"tag", func(i int) string { return "/tags/" + w.Tags[i%len(w.Tags)] }},
		{"tag-none", always("/tags/rien")},
		{"accelerators", always("/annuaire/accelerateurs")},
		{"organisations", always("/annuaire/organisations")},
		{"explorer", always("/explorer")},
		{"explorer-page", func(i int) string { return "/explorer?avant=0." + w.Posts[i*step%len(w.Posts)].ID.String() }},
		{"explorer-place", func(i int) string { return "/explorer?territoire=" + departements[i%len(departements)].Handle }},
		{"explorer-filters", func(i int) string {
			return "/explorer?type=projet&phase=" + phases[i%len(phases)] + "&theme=" + themes[i%len(themes)]
		}},
		{"search-broad", func(i int) string {
			return "/explorer?q=" + []string{"commune", "territoire", "mobilit%C3%A9", "usag"}[i%4]
		}},
		{"search-two-words", func(i int) string {
			return "/explorer?q=" + []string{"usage+commune", "public+habitants", "terrain+ess"}[i%3] + "&territoire=" + departements[i%len(departements)].Handle
		}},
		{"search-narrow", func(i int) string { return "/explorer?q=projet" + strconv.Itoa(i*step%len(w.Projects)) }},
		{"search-slip", always("/explorer?q=comune+usege")},
		{"search-none", always("/explorer?q=xylophone")},
		{"search-handle", func(i int) string { return "/explorer?q=" + w.Projects[i*step%len(w.Projects)].Address() }},
		{"explorer-feed", always("/explorer.atom?q=commune")},
		{"departement", func(i int) string { return "/territoires/" + departements[i%len(departements)].Handle }},
		{"region", func(i int) string { return "/territoires/" + regions[i%len(regions)].Handle }},
		{"commune", func(i int) string { return "/territoires/" + communes[i*step%len(communes)].Handle }},
		{"territory-feed", func(i int) string { return "/territoires/" + departements[i%len(departements)].Handle + ".atom" }},
		{"territories", always("/territoires")},
		{"territories-name", always("/territoires?q=saint")},
		{"people", always("/annuaire/personnes")},
		{"organisations-filters", func(i int) string {
			return "/annuaire/organisations?territoire=" + departements[i%len(departements)].Handle
		}},
		{"projects-feed", always("/projets.atom")},
		{"agenda-feed", always("/agenda.atom")},
		{"actor-feed", func(i int) string { return actor(w.Projects[i*step%len(w.Projects)]) + ".atom" }},
	}
}

func measure(b *testing.B, handler http.Handler, path func(int) string) {
	var times []time.Duration
	spent := processor()
	for i := 0; b.Loop(); i++ {
		r := httptest.NewRequestWithContext(context.Background(), http.MethodGet, path(i), nil)
		r.Header.Set("Accept-Language", "fr")
		r.Header.Set("Accept-Encoding", "gzip")
		w, began := httptest.NewRecorder(), time.Now()
		handler.ServeHTTP(w, r)
		times = append(times, time.Since(began))
		if w.Code != http.StatusOK {
			b.Fatalf("%s: %d", path(i), w.Code)
		}
	}
	slices.Sort(times)
	at := func(percent int) float64 { return times[(len(times)-1)*percent/100].Seconds() * 1000 }
	b.ReportMetric(at(50), "p50-ms")
	b.ReportMetric(at(99), "p99-ms")
	b.ReportMetric((processor()-spent).Seconds()*1000/float64(len(times)), "cpu-ms") // what is left of it where others work on the same machine
	b.ReportMetric(0, "ns/op")
}

// processor is how long the processors have worked for this process.
func processor() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
