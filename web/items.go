package web

import (
	"context"
	"net/url"
	"strings"
	"time"

	"essaim/federation/vocab"
	"essaim/internal/essaim"
	"essaim/internal/i18n"
	"essaim/internal/store"
	"essaim/internal/text"
)

// objectView is an object as the templates show it.
type objectView struct {
	*store.Object
	Title, HTML, Page, Origin string
	Warning                   string
	Date, Edited              string
	Excerpt                   string // instead of HTML in lists, for what is long
	Intro                     string // the beginning of the text of a meeting
	Pictures                  []*pictureView
	Veiled                    bool // the pictures are sensitive, and no warning hides them yet
	Hidden                    int  // pictures that cannot be shown here
	Author                    *actorView
	Event                     *eventView
	Places                    []placeLink
	Remote                    bool
	Answers                   bool    // it answers something
	Stance                    *stance // nil when nobody is signed in
	Mine                      bool    // the visitor may change it
	lang                      i18n.Lang
	zone                      *time.Location
}

// long is the length of the HTML from which a list shows the beginning only.
const long = 2400

func (p *Pages) showObject(lang i18n.Lang, o *store.Object, author *store.Card) *objectView {
	v := &objectView{Object: o, Remote: !o.Local, Origin: o.IRI, Date: i18n.Typo(lang, i18n.Date(lang, o.Published, p.zone())), HTML: safeHTML(o), Answers: o.InReplyTo != "", lang: lang, zone: p.zone()}
	if !o.Updated.IsZero() {
		v.Edited = i18n.Typo(lang, i18n.Date(lang, o.Updated, p.zone()))
	}
	if author != nil {
		v.Author = p.showActor(lang, author)
		v.Page = v.Author.Page + "/" + o.ID.String()
	}
	thing := o.Thing()
	if thing == nil {
		return v
	}
	s := thing.Summary(lang)
	if link := webLink(s.URL); link != "" {
		v.Origin = link
	}
	if o.Local && strings.HasPrefix(s.URL, p.Site.Base+"/") {
		v.Page = strings.TrimPrefix(s.URL, p.Site.Base)
	}
	v.Title, v.Places = i18n.Typo(spoken(o.Language, lang), s.Title), placesOf(thing.Columns().Territories)
	switch t := thing.(type) {
	case *essaim.Post:
		v.Warning = t.Warning
		p.show(v, t.Pictures)
		v.Veiled = t.Sensitive && t.Warning == "" && len(v.Pictures) > 0
	case *essaim.Event:
		v.Event = p.showEvent(lang, t)
		v.Title = i18n.Typo(spoken(o.Language, lang), t.Name)
		p.show(v, t.Pictures)
		v.Intro = i18n.Typo(spoken(o.Language, lang), text.Excerpt(text.Plain(v.HTML), short))
	}
	if len(v.HTML) > long {
		v.Excerpt = text.Excerpt(text.Plain(v.HTML), 400)
	}
	return v
}

// show adds the pictures that can be shown here, and counts the others.
func (p *Pages) show(v *objectView, pictures []vocab.Picture) {
	for _, pic := range pictures {
		if shown := p.showPicture(&pic); shown != nil {
			v.Pictures = append(v.Pictures, shown)
		} else {
			v.Hidden++
		}
	}
}

// showAll shows objects with their authors, which it reads in one query.
func (p *Pages) showAll(ctx context.Context, lang i18n.Lang, objects []*store.Object) ([]*objectView, error) {
	var ids []essaim.ID
	seen := make(map[essaim.ID]bool)
	for _, o := range objects {
		if o.AttributedTo != 0 && !seen[o.AttributedTo] {
			seen[o.AttributedTo] = true
			ids = append(ids, o.AttributedTo)
		}
	}
	authors, err := store.CardsByID(ctx, p.DB.Read(), ids)
	if err != nil {
		return nil, err
	}
	out := make([]*objectView, len(objects))
	for i, o := range objects {
		out[i] = p.showObject(lang, o, authors[o.AttributedTo])
	}
	return out, nil
}

// ISO is the machine form of the date of publication.
func (v *objectView) ISO() string { return v.Published.In(v.zone).Format(time.RFC3339) }

// Foreign is the language of the text when it is not that of the page.
func (v *objectView) Foreign() string { return foreign(v.Language, v.lang) }

// safePage is where the object is shown here: for the redirect of /interagir, which never leaves this site (S44).
func (v *objectView) safePage() string {
	u, err := url.Parse(v.Page)
	if err != nil || u.Host != "" || u.Scheme != "" || !strings.HasPrefix(v.Page, "/") || strings.HasPrefix(v.Page, "//") {
		return "/"
	}
	return u.String()
}
