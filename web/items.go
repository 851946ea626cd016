package web

import (
	"context"
	"strings"
	"time"

	"essaim/federation/vocab"
	"essaim/internal/essaim"
	"essaim/internal/i18n"
	"essaim/internal/store"
	"essaim/internal/text"
)

// actorView is an actor as the templates show it.
type actorView struct {
	*store.Actor
	Name, HTML, Page, Handle string
	Remote                   bool
	Facts                    []fact
	Followers                int64
}

type fact struct{ Name, Value string }

// objectView is an object as the templates show it.
type objectView struct {
	*store.Object
	Title, Lead, HTML, Page, Origin string
	Warning                         string
	Kind                            string
	Date                            string
	Edited                          string
	Image                           *vocab.Picture
	Author                          *actorView
	Remote                          bool
	Likes, Shares                   int64
}

// home zone: dates are shown in the zone of the instance's territory once it has one to choose (ui-R5).
var zone = i18n.Zone("Europe/Paris")

func (p *Pages) showActor(ctx context.Context, lang i18n.Lang, a *store.Actor) (*actorView, error) {
	o, err := store.ObjectByID(ctx, p.DB.Read(), a.ID)
	if err != nil {
		return nil, err
	}
	v := &actorView{Actor: a, Name: a.Handle, Handle: a.Address(), Remote: !a.Local, Page: p.actorPage(a)}
	if doc, err := o.Document(); err == nil && doc.String("webfinger") != "" {
		v.Handle = "@" + doc.String("webfinger") // kept only when that domain confirmed it (S12)
	}
	thing := o.Thing()
	if thing == nil {
		return v, nil
	}
	s := thing.Summary(lang)
	v.Name, v.HTML = s.Title, o.HTML
	if project, ok := thing.(*essaim.Project); ok {
		v.Facts = projectFacts(lang, project)
	}
	return v, nil
}

func projectFacts(lang i18n.Lang, p *essaim.Project) []fact {
	var out []fact
	add := func(key, value string) {
		if value != "" {
			out = append(out, fact{i18n.T(lang, key), value})
		}
	}
	add("project.promise", p.Promise)
	add("project.phase", essaim.Phases.Label(p.Phase, lang))
	var places, themes []string
	for _, key := range p.Territories {
		if t, ok := essaim.TerritoryByKey(key); ok {
			places = append(places, t.Name)
		}
	}
	for _, code := range p.Themes {
		themes = append(themes, essaim.Themes.Label(code, lang))
	}
	add("project.territories", strings.Join(places, ", "))
	add("project.themes", strings.Join(themes, ", "))
	for _, e := range p.History {
		line := essaim.Phases.Label(e.Phase, lang)
		if !e.Date.IsZero() {
			line = i18n.Day(lang, e.Date, zone) + " · " + line
		}
		if e.Comment != "" {
			line += " · " + e.Comment
		}
		add("project.history", line)
	}
	return out
}

// actorPage is where an actor is shown here, local or not.
func (p *Pages) actorPage(a *store.Actor) string {
	if a.Local {
		return "/@" + a.Handle
	}
	return "/@" + a.Handle + "@" + a.Host
}

func (p *Pages) showObject(ctx context.Context, lang i18n.Lang, o *store.Object) (*objectView, error) {
	v := &objectView{Object: o, Kind: o.Kind, Remote: !o.Local, Origin: o.IRI, Date: i18n.Date(lang, o.Published, zone), HTML: o.HTML}
	if !o.Updated.IsZero() {
		v.Edited = i18n.Date(lang, o.Updated, zone)
	}
	if o.Policy < text.PolicyVersion { // sanitised again when the rules have moved on (design §14)
		v.HTML = text.SanitizeRemote(o.HTML)
	}
	if thing := o.Thing(); thing != nil {
		s := thing.Summary(lang)
		v.Title, v.Lead, v.Origin = s.Title, s.Lead, s.URL
		if o.Local { // pictures of other servers are not loaded: no page asks anything of a third party (law 8)
			v.Image = s.Image
		}
		if post, ok := thing.(*essaim.Post); ok {
			v.Warning, v.Lead = post.Warning, ""
		}
	}
	if o.AttributedTo != 0 {
		a, err := store.ActorByID(ctx, p.DB.Read(), o.AttributedTo)
		if err != nil {
			return nil, err
		}
		if v.Author, err = p.showActor(ctx, lang, a); err != nil {
			return nil, err
		}
		v.Page = v.Author.Page + "/" + o.ID.String()
		if o.Local {
			v.Page = strings.TrimPrefix(v.Origin, p.Site.Base)
		}
	}
	return v, nil
}

func (p *Pages) showAll(ctx context.Context, lang i18n.Lang, objects []*store.Object) ([]*objectView, error) {
	out := make([]*objectView, 0, len(objects))
	for _, o := range objects {
		v, err := p.showObject(ctx, lang, o)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}

// ISO is the machine form of the date of publication.
func (v *objectView) ISO() string { return v.Published.In(zone).Format(time.RFC3339) }
