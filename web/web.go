// Package web is the pages people see. One handler file per page, html/template, one stylesheet, no script: every page works without any (law 7), and
// asks nothing of a third party (law 8).
//
// It refuses to decide what may be seen (the store's visible predicate does), to touch the network, and to show HTML that the sanitiser did not write.
// ActivityPub requests for the same addresses are internal/fedi's; internal/app decides between the two.
package web

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/gorilla/mux"

	"essaim/internal/essaim"
	"essaim/internal/i18n"
	"essaim/internal/store"
)

//go:embed templates static
var files embed.FS

// Options of New. All are needed but Demonstration and Logger.
type Options struct {
	DB          *store.DB
	Site        essaim.Site
	Name        string // of the instance
	Description string // one sentence of plain text
	Clock       func() time.Time
	// ChoosePassword spends a one-time link for a password.
	ChoosePassword func(ctx context.Context, secret, password string) error
	Demonstration  bool // says on every page that bodies and people are fictional
	Logger         *slog.Logger
}

// Pages serves the human side of one instance.
type Pages struct {
	Options
	templates map[string]*template.Template
	style     string // content-addressed path of the stylesheet
}

// New parses the templates.
func New(o Options) (*Pages, error) {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	p := &Pages{Options: o, templates: make(map[string]*template.Template)}
	css, err := files.ReadFile("static/essaim.css")
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(css)
	p.style = "/static/" + hex.EncodeToString(sum[:6]) + "/essaim.css"
	names, err := fs.Glob(files, "templates/page_*.html")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		t, err := template.New("layout.html").Funcs(p.functions()).ParseFS(files, "templates/layout.html", "templates/parts.html", name)
		if err != nil {
			return nil, fmt.Errorf("web: %s: %w", name, err)
		}
		page := strings.TrimSuffix(strings.TrimPrefix(name, "templates/page_"), ".html")
		p.templates[page] = t
	}
	return p, nil
}

// Routes mounts the pages. Addresses that also answer ActivityPub are mounted by internal/app through the exported handlers.
func (p *Pages) Routes(r *mux.Router) {
	r.HandleFunc("/", p.page(p.home)).Methods(http.MethodGet, http.MethodHead)
	r.HandleFunc("/a-propos", p.page(p.about)).Methods(http.MethodGet, http.MethodHead)
	r.HandleFunc("/interagir", p.page(p.interact)).Methods(http.MethodGet, http.MethodHead)
	r.HandleFunc("/tags/{tag}", p.page(p.tag)).Methods(http.MethodGet, http.MethodHead)
	r.HandleFunc("/mot-de-passe/{secret}", p.page(p.password)).Methods(http.MethodGet, http.MethodHead, http.MethodPost)
	r.HandleFunc("/static/{hash}/essaim.css", p.stylesheet).Methods(http.MethodGet, http.MethodHead)
	r.NotFoundHandler = p.page(func(*http.Request, *view) error { return store.ErrNotFound })
}

func (p *Pages) stylesheet(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	http.ServeFileFS(w, r, files, "static/essaim.css")
}

// view is what a page is made from.
type view struct {
	Lang      i18n.Lang
	Page      string // template
	Title     string
	Instance  string
	Style     string
	Demo      bool
	Alternate string // ActivityPub id of what is shown
	Status    int
	Language  string // address of this page in the other language
	OtherLang i18n.Lang
	Actor     *actorView
	Object    *objectView
	Items     []*objectView
	Sections  []section
	Next      string // address of older items
	Sentence  string
	Error     string // what is wrong with a form
	Redirect  string
}

type section struct {
	Title  string
	Items  []*objectView
	People []*actorView
}

// T translates for the templates.
func (v *view) T(key string, args ...any) string { return i18n.T(v.Lang, key, args...) }

// page runs a handler that fills a view, and renders it; errors become pages with a sentence.
func (p *Pages) page(fill func(r *http.Request, v *view) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		v := &view{Lang: language(r), Instance: p.Name, Style: p.style, Demo: p.Demonstration, Status: http.StatusOK}
		v.OtherLang = "en"
		if v.Lang == "en" {
			v.OtherLang = "fr"
		}
		v.Language = r.URL.Path + "?lang=" + string(v.OtherLang)
		if err := fill(r, v); err != nil {
			p.failed(r, v, err)
		}
		if v.Redirect != "" {
			http.Redirect(w, r, v.Redirect, http.StatusFound)
			return
		}
		var b strings.Builder
		if err := p.templates[v.Page].Execute(&b, v); err != nil {
			p.Logger.Error("a page could not be rendered", "page", v.Page, "path", r.URL.Path, "error", err)
			http.Error(w, i18n.T(v.Lang, "error.500.title"), http.StatusInternalServerError)
			return
		}
		h := w.Header()
		h.Set("Content-Type", "text/html; charset=utf-8")
		h.Set("Content-Language", string(v.Lang))
		h.Add("Vary", "Accept, Accept-Language")
		if v.Alternate != "" {
			h.Set("Link", "<"+v.Alternate+`>; rel="alternate"; type="application/activity+json"`)
		}
		w.WriteHeader(v.Status)
		if r.Method != http.MethodHead {
			if _, err := w.Write([]byte(b.String())); err != nil {
				p.Logger.Debug("the reader went away", "path", r.URL.Path)
			}
		}
	}
}

// failed turns an error into the page that says so. What is forbidden looks like what is absent (S45).
func (p *Pages) failed(r *http.Request, v *view, err error) {
	v.Page, v.Status = "error", http.StatusInternalServerError
	switch code := essaim.CodeOf(err); {
	case errors.Is(err, store.ErrNotFound), code == essaim.NotFound, code == essaim.Forbidden:
		v.Status = http.StatusNotFound
	case code == essaim.Gone:
		v.Status = http.StatusGone
	case code == essaim.Invalid:
		v.Status = http.StatusBadRequest
	default:
		p.Logger.Error("a page failed", "path", r.URL.Path, "error", err)
	}
	v.Alternate, v.Actor, v.Object, v.Items = "", nil, nil, nil
	v.Title = v.T(fmt.Sprintf("error.%d.title", v.Status))
	if v.Status == http.StatusInternalServerError {
		v.Sentence = v.T("error.500.text", r.Header.Get("X-Request-Id"))
		return
	}
	v.Sentence = v.T(fmt.Sprintf("error.%d.text", v.Status))
}

// language is the one asked for in the address, else the browser's, else French.
func language(r *http.Request) i18n.Lang {
	if lang, ok := i18n.Parse(r.URL.Query().Get("lang")); ok {
		return lang
	}
	return i18n.Match(r.Header.Get("Accept-Language"), "fr")
}

func (p *Pages) functions() template.FuncMap {
	return template.FuncMap{
		"html":  func(s string) template.HTML { return template.HTML(s) }, // only the html column, which the sanitiser wrote
		"pair":  func(a, b any) []any { return []any{a, b} },
		"count": func(items []*objectView) int { return len(items) },
		"relay": func() string { return "@" + essaim.InstanceHandle + "@" + p.Site.Host },
	}
}
