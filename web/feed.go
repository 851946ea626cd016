package web

import (
	"encoding/xml"
	"net/http"
	"strings"
	"time"

	"essaim/internal/store"
)

// Atom feeds stand beside lists: the address of the list with .atom (RFC 4287).

type atomFeed struct {
	XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Lang    string      `xml:"xml:lang,attr"`
	Title   string      `xml:"title"`
	ID      string      `xml:"id"`
	Updated string      `xml:"updated"`
	Links   []atomLink  `xml:"link"`
	Author  *atomAuthor `xml:"author,omitempty"`
	Entries []atomEntry `xml:"entry"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Href string `xml:"href,attr"`
	Type string `xml:"type,attr,omitempty"`
}

type atomAuthor struct {
	Name string `xml:"name"`
	URI  string `xml:"uri,omitempty"`
}

type atomText struct {
	Type string `xml:"type,attr"`
	Lang string `xml:"xml:lang,attr,omitempty"`
	Body string `xml:",chardata"`
}

type atomEntry struct {
	Title     string      `xml:"title"`
	ID        string      `xml:"id"`
	Updated   string      `xml:"updated"`
	Published string      `xml:"published,omitempty"`
	Link      atomLink    `xml:"link"`
	Author    *atomAuthor `xml:"author,omitempty"`
	Summary   *atomText   `xml:"summary,omitempty"`
	Content   *atomText   `xml:"content,omitempty"`
}

// feed renders what a handler collects; an error is the page that says so.
func (p *Pages) feed(collect func(r *http.Request, v *view) (*atomFeed, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		v := p.view(w, r)
		if !p.open(v, everybody) {
			p.page(func(*http.Request, *view) error { return nil })(w, r) // which says that it is not open
			return
		}
		f, err := collect(r, v)
		if err != nil {
			p.page(func(*http.Request, *view) error { return err })(w, r)
			return
		}
		self, page := p.Site.Base+r.URL.EscapedPath(), p.Site.Base+strings.TrimSuffix(r.URL.EscapedPath(), ".atom")
		if filters := dropPages(r.URL).RawQuery; filters != "" { // a list with other filters is another feed
			self, page = self+"?"+filters, page+"?"+filters
		}
		f.Lang, f.ID = string(v.Lang), self
		f.Links = []atomLink{{Rel: "self", Href: self, Type: "application/atom+xml"}, {Rel: "alternate", Href: page, Type: "text/html"}}
		f.Updated = p.Clock().UTC().Format(time.RFC3339)
		if len(f.Entries) > 0 {
			f.Updated = f.Entries[0].Updated
			for _, e := range f.Entries {
				f.Updated = max(f.Updated, e.Updated)
			}
		}
		body, err := xml.Marshal(f)
		if err != nil {
			p.page(func(*http.Request, *view) error { return err })(w, r)
			return
		}
		w.Header().Set("Content-Type", "application/atom+xml; charset=utf-8")
		w.Header().Add("Vary", "Accept-Language, Cookie")
		p.send(w, r, http.StatusOK, append([]byte(xml.Header), body...))
	}
}

func (p *Pages) projectsFeed(r *http.Request, v *view) (*atomFeed, error) {
	f, _ := projectFilter(r)
	cards, err := store.Directory(r.Context(), p.DB.Read(), f, store.Page{Limit: perPage})
	if err != nil {
		return nil, err
	}
	feed := &atomFeed{Title: v.T("projects.title") + " · " + v.Instance, Author: &atomAuthor{Name: v.Instance}}
	for _, a := range p.showActors(v.Lang, cards) {
		e := atomEntry{Title: a.Name, ID: a.IRI, Link: p.pageAt(a.Page), Summary: &atomText{Type: "text", Lang: a.Foreign(), Body: a.Lead}}
		e.date(a.Object)
		feed.Entries = append(feed.Entries, e)
	}
	return feed, nil
}

func (p *Pages) agendaFeed(r *http.Request, v *view) (*atomFeed, error) {
	events, err := store.Agenda(r.Context(), p.DB.Read(), p.Clock(), store.AgendaPage{Limit: perPage})
	if err != nil {
		return nil, err
	}
	return p.objectsFeed(r, v, v.T("agenda.title"), events)
}

func (p *Pages) actorFeed(r *http.Request, v *view) (*atomFeed, error) {
	c, err := p.findActor(r)
	if err != nil {
		return nil, err
	}
	objects, err := store.WorkPage(r.Context(), p.DB.Read(), c.ID, store.Page{Limit: perPage})
	if err != nil {
		return nil, err
	}
	return p.objectsFeed(r, v, p.showActor(v.Lang, c).Name, objects)
}

func (p *Pages) objectsFeed(r *http.Request, v *view, title string, objects []*store.Object) (*atomFeed, error) {
	items, err := p.showAll(r.Context(), v.Lang, objects)
	if err != nil {
		return nil, err
	}
	feed := &atomFeed{Title: title + " · " + v.Instance, Author: &atomAuthor{Name: v.Instance}}
	for _, o := range items {
		e := atomEntry{Title: firstOf(o.Title, o.Warning, o.Date), ID: o.IRI, Link: p.pageAt(o.Page), Content: &atomText{Type: "html", Lang: o.Foreign(), Body: o.HTML}}
		if o.Author != nil {
			e.Author = &atomAuthor{Name: o.Author.Name, URI: o.Author.IRI}
		}
		if o.Event != nil {
			e.Summary = &atomText{Type: "text", Body: strings.Join([]string{o.Event.When, o.Event.Place}, " ")}
		}
		if o.Warning != "" { // what is behind a warning stays behind it
			e.Content = nil
		}
		e.date(o.Object)
		feed.Entries = append(feed.Entries, e)
	}
	return feed, nil
}

func (p *Pages) pageAt(path string) atomLink {
	return atomLink{Rel: "alternate", Href: p.Site.Base + path, Type: "text/html"}
}

func (e *atomEntry) date(o *store.Object) {
	published := o.Published
	if published.IsZero() {
		published = o.ID.Time()
	}
	e.Published, e.Updated = published.UTC().Format(time.RFC3339), published.UTC().Format(time.RFC3339)
	if !o.Updated.IsZero() {
		e.Updated = o.Updated.UTC().Format(time.RFC3339)
	}
}
