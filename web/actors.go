package web

import (
	"net/url"
	"strings"

	"essaim/internal/essaim"
	"essaim/internal/i18n"
	"essaim/internal/store"
	"essaim/internal/text"
)

// actorView is an actor as the templates show it.
type actorView struct {
	*store.Card
	Thing                           essaim.Thing // nil when the document is of no kind we know, or is gone
	Name, Page, Handle, Lead, Label string
	Text                            string // sanitised HTML
	Remote                          bool
	Avatar                          avatar
	Cover                           cover
	Phase                           phaseView
	Themes                          []string // in words
	Places                          []placeLink
	RoleLabel                       string
	Follow                          string // how the visitor stands: none, asked, accepted; "" shows no button
	lang                            i18n.Lang
}

// short is how much of a presentation a card shows.
const short = 160

func (p *Pages) showActor(lang i18n.Lang, c *store.Card) *actorView {
	v := &actorView{Card: c, Name: c.Handle, Handle: c.Address(), Remote: !c.Local, Page: actorPage(c), Thing: c.Thing(), lang: lang, RoleLabel: essaim.MemberRoles.Label(c.Role, lang)}
	if doc, err := c.Document(); err == nil && doc.String("webfinger") != "" {
		v.Handle = "@" + strings.TrimPrefix(doc.String("webfinger"), "@") // kept only when that domain confirmed it (S12)
	}
	if v.Thing != nil {
		v.Name, v.Text = i18n.Typo(spoken(c.Language, lang), v.Thing.Summary(lang).Title), safeHTML(c.Object)
	}
	switch t := v.Thing.(type) {
	case *essaim.Project:
		v.Lead, v.Phase, v.Label = t.Promise, phaseOf(lang, t), i18n.T(lang, "kind.project")
		for _, code := range t.Themes {
			v.Themes = append(v.Themes, essaim.Themes.Short(code, lang))
		}
		v.Places = placesOf(t.Territories)
	case *essaim.Profile:
		v.Label = i18n.T(lang, "kind."+c.Kind)
		if t.ActorKind != "" {
			v.Label = essaim.ActorKinds.Label(t.ActorKind, lang)
		}
		v.Lead, v.Places = text.Excerpt(text.Plain(v.Text), short), placesOf(t.Territories)
	}
	v.Lead = i18n.Typo(spoken(c.Language, lang), v.Lead)
	v.Avatar, v.Cover = avatarOf(c.IRI, v.Name), coverOf(c.IRI)
	if profile := profileOf(v.Thing); profile != nil {
		v.Avatar.Picture, v.Cover.Picture = p.pictureAddress(profile.Icon, essaim.Icon), p.showCover(profile.Image)
	}
	return v
}

// profileOf is what every actor has; nil for what is no actor.
func profileOf(thing essaim.Thing) *essaim.Profile {
	switch t := thing.(type) {
	case *essaim.Project:
		return &t.Profile
	case *essaim.Profile:
		return t
	}
	return nil
}

func (p *Pages) showActors(lang i18n.Lang, cards []*store.Card) []*actorView {
	out := make([]*actorView, len(cards))
	for i, c := range cards {
		out[i] = p.showActor(lang, c)
	}
	return out
}

// Project is the project an actor is, or nil.
func (v *actorView) Project() *essaim.Project {
	project, _ := v.Thing.(*essaim.Project)
	return project
}

// Foreign is the language of the actor's own words when it is not that of the page, for lang attributes (ui-L2).
func (v *actorView) Foreign() string { return foreign(v.Language, v.lang) }

// actorPage is where an actor is shown here, local or not. What a stranger chose as a handle is escaped.
func actorPage(c *store.Card) string {
	if c.Local {
		return "/@" + url.PathEscape(c.Handle)
	}
	return "/@" + url.PathEscape(c.Handle) + "@" + c.AtHost
}

// spoken is the language whose typography a text gets: its own, or that of the page when it says none.
func spoken(own string, page i18n.Lang) i18n.Lang {
	if own == "" {
		return page
	}
	if lang, ok := i18n.Parse(own); ok {
		return lang
	}
	return i18n.EN // whose typography changes nothing
}

func foreign(own string, page i18n.Lang) string {
	if lang, ok := i18n.Parse(own); own == "" || ok && lang == page {
		return ""
	}
	return own
}

// safeHTML is the html column, sanitised again when the rules have moved on.
func safeHTML(o *store.Object) string {
	if o.Policy < text.PolicyVersion {
		return text.SanitizeRemote(o.HTML)
	}
	return o.HTML
}

// webLink lets through what a browser opens as a page, and nothing else.
func webLink(s string) string {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return ""
	}
	return u.String()
}

// Title is the name, under the word that objects use.
func (v *actorView) Title() string { return v.Name }

// Instance is the host that published the actor.
func (v *actorView) Instance() string { return v.Host }
