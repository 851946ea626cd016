package browser

import (
	"fmt"
	"html"
	"net/http"
	"regexp"
	"strings"
)

// route is one kind of page and where the demonstration has one. A new page is a new line here: a test fails while the router has an address that the
// table lacks.
type route struct {
	name    string
	pattern string // as the router has it; "" for another state of a page that is listed
	on      place
	address where
	status  int // 200 when left out
}

// place is an instance of the demonstration.
type place int

const (
	accelerator place = iota
	neighbour
	national
)

// where finds the address of a page, path and query, on an instance of the demonstration.
type where func(w *world, on place) (string, error)

// at is a fixed address.
func at(path string) where { return func(*world, place) (string, error) { return path, nil } }

// link is the first link of a page that matches.
func link(page, pattern string) where {
	want := regexp.MustCompile(`href="(` + pattern + `)"`)
	return func(w *world, on place) (string, error) {
		body, status, err := get(w.urls[on]+page, "fr")
		if err != nil || status != http.StatusOK {
			return "", fmt.Errorf("%s: %d %w", page, status, err)
		}
		_, main, _ := strings.Cut(body, "<main")
		m := want.FindStringSubmatch(main)
		if m == nil {
			return "", fmt.Errorf("%s has no link like %s", page, pattern)
		}
		return html.UnescapeString(m[1]), nil
	}
}

var routes = []route{
	{name: "home", pattern: "/", address: at("/")},
	{name: "home of the national instance", on: national, address: at("/")},
	{name: "projects", pattern: "/projets", address: at("/projets")},
	{name: "projects, filtered", address: at("/projets?phase=stopped")},
	{name: "projects, none", address: at("/projets?theme=health&phase=idea&territoire=dep2a")},
	{name: "agenda", pattern: "/agenda", address: at("/agenda")},
	{name: "agenda, past", address: at("/agenda?passes=1")},
	{name: "event", pattern: "/agenda/{id}", address: link("/agenda", `/agenda/[a-z0-9]+`)},
	{name: "event of another instance", on: national, address: link("/agenda", `/@[^"/]+/[a-z0-9]+`)},
	{name: "accelerators", pattern: "/annuaire/{list}", address: at("/annuaire/accelerateurs")},
	{name: "organisations", address: at("/annuaire/organisations")},
	{name: "directory", pattern: "/annuaire", address: at("/annuaire")},
	{name: "project", pattern: "/@{handle:[^/]+}", address: link("/projets", `/@[a-z0-9_]+`)},
	{name: "project, stopped", address: link("/projets?phase=stopped", `/@[a-z0-9_]+`)},
	{name: "project of another instance", on: national, address: link("/projets", `/@[a-z0-9_]+@[^"/]+`)},
	{name: "accelerator", address: link("/annuaire/accelerateurs", `/@[a-z0-9_]+`)},
	{name: "post", pattern: "/@{handle:[^/]+}/{id}", address: link("/", `/@[a-z0-9_]+/[a-z0-9]+`)},
	{name: "tag", pattern: "/tags/{tag}", address: at("/tags/rien")},
	{name: "about", pattern: "/a-propos", address: at("/a-propos")},
	{name: "accessibility", pattern: "/accessibilite", address: at("/accessibilite")},
	{name: "choose a password", pattern: "/mot-de-passe/{secret}", address: at("/mot-de-passe/abc")},
	{name: "not found", address: at("/nulle-part"), status: http.StatusNotFound},
}

// otherwise are the addresses that answer a GET with something else than a page of their own.
var otherwise = map[string]string{
	"/static/{hash}/{name:.+}": "files of the pages",
	"/projets.atom":            "a feed",
	"/agenda.atom":             "a feed",
	"/interagir":               "leads on to a page",
}
