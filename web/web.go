// Package web is the pages people see. One handler file per page, html/template, one stylesheet; every page works without a script (law 7) and asks
// nothing of a third party (law 8). What visitors do becomes activities (act.go), what they type comes as forms (form.go), and who they are is session.go.
//
// It refuses to decide what may be seen (the store's visible predicate does), to touch the network, and to show HTML that the sanitiser did not write.
// ActivityPub requests for the same addresses are internal/fedi's; internal/app decides between the two.
package web

import (
	"context"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/gorilla/mux"

	"essaim/federation/vocab"
	"essaim/internal/activity"
	"essaim/internal/archive"
	"essaim/internal/auth"
	"essaim/internal/essaim"
	"essaim/internal/media"
	"essaim/internal/notice"
	"essaim/internal/search"
	"essaim/internal/store"
)

//go:embed templates static data
var files embed.FS

// Options of New. DB, Search, Site, Name, Clock, Activity and Auth are needed.
type Options struct {
	DB          *store.DB
	Search      *search.Service
	Site        essaim.Site
	Name        string // of the instance
	Description string // one sentence of plain text
	Clock       func() time.Time
	Activity    *activity.Service
	Auth        *auth.Service
	Archive     *archive.Service
	Notice      *notice.Service
	// Prepare reads over the network what an activity of a member refers to, within a deadline; nil leaves it as it is.
	Prepare func(ctx context.Context, a *vocab.Activity, by *store.Account) error
	// Media takes the pictures that forms send, and shows those of other servers; without it neither is done.
	Media *media.Service
	Theme string // folder of the operator's own header, footer and colours; "" for ours
	// Resolve finds an account or a publication by handle or address, at its origin when it is not known here.
	Resolve func(ctx context.Context, ref string) (*store.Actor, *store.Object, error)
	// HandOver finds the page of a visitor's own server for an actor or an object of ours.
	HandOver      func(ctx context.Context, typed, uri string, actor bool) (string, error)
	Demonstration bool   // says on every page that bodies and people are fictional
	National      bool   // the instance gathers what others publish: the home page says which
	Body          string // handle of the body the instance belongs to: who answers for it; "" for none
	Territories   []string
	Version       string
	Logger        *slog.Logger
}

// Pages serves the human side of one instance.
type Pages struct {
	Options
	templates map[string]*template.Template
	assets    *assets
	place     atomic.Pointer[place]
	limits    limits
	grid      []hexagon
	tally     tally
}

// New parses the templates.
func New(o Options) (*Pages, error) {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	p := &Pages{Options: o, limits: newLimits(), templates: make(map[string]*template.Template)}
	p.place.Store(placeOf(""))
	frame, err := loadTheme(o.Theme)
	if err != nil {
		return nil, err
	}
	if p.assets, err = loadAssets(frame); err != nil {
		return nil, err
	}
	if p.grid, err = loadGrid(); err != nil {
		return nil, err
	}
	names, err := fs.Glob(files, "templates/page_*.html")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		t, err := template.New("layout.html").Funcs(functions()).ParseFS(files, "templates/layout.html", "templates/parts.html", "templates/found.html", "templates/forms.html", "templates/admin.html", name)
		if err != nil {
			return nil, fmt.Errorf("web: %s: %w", name, err)
		}
		if t, err = frame.dress(t); err != nil {
			return nil, err
		}
		page := strings.TrimSuffix(strings.TrimPrefix(name, "templates/page_"), ".html")
		p.templates[page] = t
	}
	o.DB.DefaultSettings(store.Settings{Name: o.Name, Description: o.Description, Body: o.Body, Territories: o.Territories})
	return p, nil
}

// route is one address of the site: a page, and forms where it takes them.
type route struct {
	path    string
	fill    filler
	methods []string
	access  access
}

var (
	get     = []string{http.MethodGet, http.MethodHead}
	getPost = []string{http.MethodGet, http.MethodHead, http.MethodPost}
	post    = []string{http.MethodGet, http.MethodPost} // a form alone: who comes by its address is led away
)

// routes is every page but those whose addresses also answer ActivityPub. A subject adds its table in its own file, and one line here.
func (p *Pages) routes() []route {
	return slices.Concat(p.publicRoutes(), p.accountRoutes(), p.exploreRoutes(), p.settingsRoutes(), p.noticeRoutes(), p.setupRoutes(), p.legalRoutes(), p.joinRoutes(), p.ownRoutes(), p.teamRoutes(), p.timelineRoutes(), p.followRoutes(), p.reactRoutes(), p.noticesRoutes(), p.composeRoutes(), p.reportRoutes(), p.deskRoutes(), p.muteRoutes(), p.sheetRoutes(), p.welcomeRoutes(), p.awayRoutes(), p.historyRoutes())
}

func (p *Pages) publicRoutes() []route {
	return []route{
		{"/", p.home, get, everybody},
		{"/projets", p.projects, get, everybody},
		{"/agenda", p.agenda, get, everybody},
		{"/annuaire", p.directoryDoor, get, everybody},
		{"/annuaire/{list:[^/.]+}", p.directory, get, everybody},
		{"/tags/{tag:[^/.]+}", p.tag, get, everybody},
		{"/a-propos", p.about, get, always},
		{"/interagir", p.interact, get, everybody},
	}
}

// Routes mounts the pages. Addresses that also answer ActivityPub are mounted by internal/app through the exported handlers.
func (p *Pages) Routes(r *mux.Router) {
	for _, t := range p.routes() {
		r.HandleFunc(t.path, p.allowed(t.access, t.fill)).Methods(t.methods...)
	}
	r.HandleFunc("/annuaire/{list:[^/.]+}.atom", p.feed(p.directoryFeed)).Methods(get...)
	r.HandleFunc("/tags/{tag:[^/.]+}.atom", p.feed(p.tagFeed)).Methods(get...)
	r.HandleFunc("/explorer.atom", p.feed(p.explorerFeed)).Methods(get...)
	r.HandleFunc("/territoires/{handle:[^/.]+}.atom", p.feed(p.territoryFeed)).Methods(get...)
	r.HandleFunc("/fil/nouveautes", p.serveNews).Methods(get...)
	r.HandleFunc("/reglages/export/{id}", p.fetchExport).Methods(get...)
	r.HandleFunc("/projets.atom", p.feed(p.projectsFeed)).Methods(get...)
	r.HandleFunc("/agenda.atom", p.feed(p.agendaFeed)).Methods(get...)
	r.HandleFunc("/.well-known/security.txt", p.securityTxt).Methods(get...)
	r.HandleFunc("/static/{hash}/{name:.+}", p.assets.serve).Methods(get...)
	r.NotFoundHandler = p.page(func(*http.Request, *view) error { return store.ErrNotFound })
}

// Addresses are the patterns of what people can ask for with GET, as the router has them. The browser tests hold their table of pages against it.
func (p *Pages) Addresses() (patterns []string, err error) {
	r := mux.NewRouter()
	p.Routes(r)
	err = r.Walk(func(route *mux.Route, _ *mux.Router, _ []*mux.Route) error {
		pattern, err := route.GetPathTemplate()
		if methods, none := route.GetMethods(); err == nil && (none != nil || slices.Contains(methods, http.MethodGet)) {
			patterns = append(patterns, pattern)
		}
		return nil
	})
	return patterns, err
}

func functions() template.FuncMap {
	return template.FuncMap{
		"html": func(s string) template.HTML { return template.HTML(s) }, // only the html column, which the sanitiser wrote
		"pair": func(v *view, x any) part { return part{v, x} },
		"at":   func(v *view, x any, level string) part { return part{v, leveled{x, level}} },
	}
}

// part is what a partial template is given: the page it stands in and its own subject.
type part struct {
	V *view
	X any
}

type leveled struct {
	X     any
	Level string
}
