package web

import (
	"essaim/internal/essaim"
	"essaim/internal/search"
	"essaim/internal/store"
	"essaim/internal/text"
)

// foundView is one line of a list of things of any kind: what it is, what it says, where and when.
type foundView struct {
	*store.Object
	Kind, Icon, Label string
	Title, Page, Lead string
	Date, ISO         string
	Places            []placeLink
	Phase             phaseView
	By                *actorView // who published it; nil for actors
	Untitled          bool       // the title says who published it, for want of one
	Avatar            *avatar    // of actors that are no projects
	Handle            string
	Remote            bool
	Instance, Foreign string
	Off               string // cancelled, postponed
}

// kindIcons are the symbols of kinds.
var kindIcons = map[string]string{essaim.KindProject: "sprout", essaim.KindEvent: "calendar", essaim.KindPost: "message-square", essaim.KindAccelerator: "landmark",
	essaim.KindOrganisation: "building-2", essaim.KindPerson: "users", essaim.KindInstance: "globe"}

func (p *Pages) showFound(v *view, items []search.Item) []foundView {
	out := make([]foundView, len(items))
	for i, item := range items {
		f := foundView{Object: item.Object, Kind: item.Kind, Icon: firstOf(kindIcons[item.Kind], "file-text"), Remote: !item.Local, Instance: item.Host}
		if item.Card != nil {
			p.foundActor(v, &f, p.showActor(v.Lang, item.Card))
		} else {
			p.foundObject(v, &f, p.showObject(v.Lang, item.Object, item.Author))
		}
		out[i] = f
	}
	return out
}

func (p *Pages) foundActor(v *view, f *foundView, a *actorView) {
	f.Label, f.Title, f.Page, f.Lead, f.Phase, f.Handle, f.Foreign = v.Typo(a.Label), a.Name, a.Page, a.Lead, a.Phase, a.Handle, a.Foreign()
	if a.Project() == nil {
		f.Avatar = &a.Avatar
	}
	f.Places = a.Places
}

func (p *Pages) foundObject(v *view, f *foundView, o *objectView) {
	f.Label, f.Title, f.Page, f.By, f.Foreign = v.T("explorer.kind."+o.Kind), o.Title, o.Page, o.Author, o.Foreign()
	f.Date, f.ISO = o.Date, o.ISO()
	f.Lead = text.Excerpt(text.Plain(o.HTML), short)
	if o.Warning != "" {
		f.Lead = v.T("object.sensitive", o.Warning)
	}
	if f.Title == "" && o.Author != nil {
		f.Title, f.Untitled = v.T("object.from", o.Author.Name), true
	}
	if e := o.Event; e != nil {
		f.Date, f.ISO = e.When, e.ISO()
		switch {
		case e.Cancelled:
			f.Off = v.T("event.is_cancelled")
		case e.Postponed:
			f.Off = v.T("event.is_postponed")
		}
	}
	f.Places = o.Places
}
