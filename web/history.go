package web

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/gorilla/mux"

	"essaim/federation/vocab"
	"essaim/internal/essaim"
	"essaim/internal/i18n"
	"essaim/internal/store"
)

func (p *Pages) historyRoutes() []route {
	return []route{
		{"/objets/{id}/historique", p.objectHistory, get, everybody},
		{"/@{handle:[^/]+}/historique", p.projectHistory, get, everybody},
	}
}

// historyView is what became of an object or a project, its last version first.
type historyView struct {
	Name, Back string
	Versions   []*versionView
	Foreign    string // language of the text when it is not that of the page
	First      bool   // the oldest of them is what was published at first
}

// versionView is what a version changed of the one before it; the oldest one is shown whole.
type versionView struct {
	Date, ISO       string
	Current, Oldest bool
	Facts           []changedFact
	Lines           []changedLine
	Pictures        bool   // they are not the same
	Warning         string // of it, or of the one before: the lines wait behind it
	facts           []fact
	text            []string
	pictures        []vocab.Picture
}

// changedFact is a title, a date, a phase that is not what it was; "" for what was missing or is gone.
type changedFact struct{ Name, Was, Now string }

// Same tells that nothing a reader sees is different.
func (v *versionView) Same() bool {
	return !v.Oldest && len(v.Facts) == 0 && !v.Pictures && !slices.ContainsFunc(v.Lines, func(l changedLine) bool { return l.Came || l.Went })
}

// objectHistory is `/objets/{id}/historique`, for whoever may see the object.
func (p *Pages) objectHistory(r *http.Request, v *view) error {
	ctx, q := r.Context(), p.DB.Read()
	id, err := essaim.ParseID(mux.Vars(r)["id"])
	if err != nil {
		return store.ErrNotFound
	}
	o, err := store.ObjectByID(ctx, q, id)
	if err != nil {
		return err
	}
	if kind, ok := essaim.KindNamed(o.Kind); !ok || kind.Actor {
		return store.ErrNotFound
	}
	if !o.Deleted.IsZero() {
		return essaim.Errorf(essaim.Gone, "this was deleted")
	}
	if seen, err := store.CanSee(ctx, q, v.User.ID(), o.ID); err != nil || !seen {
		return errors.Join(err, store.ErrNotFound)
	}
	shown, err := p.showAll(ctx, v.Lang, []*store.Object{o})
	if err != nil {
		return err
	}
	name := shown[0].Title
	if name == "" && shown[0].Author != nil {
		name = v.T("object.from", shown[0].Author.Name)
	}
	return p.history(r, v, o, name, shown[0].safePage())
}

// projectHistory is `/@{handle}/historique`: projects have one, people and bodies do not.
func (p *Pages) projectHistory(r *http.Request, v *view) error {
	c, err := p.findActor(r)
	if err != nil {
		return err
	}
	a := p.showActor(v.Lang, c)
	if a.Project() == nil {
		return store.ErrNotFound
	}
	v.Section = "projets"
	return p.history(r, v, c.Object, a.Name, a.Page)
}

func (p *Pages) history(r *http.Request, v *view, o *store.Object, name, page string) error {
	kept, err := store.Versions(r.Context(), p.DB.Read(), o.ID)
	if err != nil {
		return err
	}
	h := &historyView{Name: name, Back: page, Foreign: foreign(o.Language, v.Lang)}
	oldest := lastChange(o)
	for _, k := range kept {
		old := *o
		old.Doc, old.HTML = k.Doc, k.HTML
		h.Versions = append(h.Versions, p.version(v, &old, k.Since))
	}
	if len(kept) > 0 {
		oldest = kept[0].Since
	}
	h.Versions, h.First = append(h.Versions, p.version(v, o, lastChange(o))), oldest.Equal(o.Published)
	for i, version := range h.Versions[1:] {
		version.follow(h.Versions[i])
	}
	h.Versions[0].whole()
	h.Versions[len(kept)].Current = true
	slices.Reverse(h.Versions)
	v.Page, v.Title, v.Data = "history", v.T("history.title"), h
	return nil
}

func lastChange(o *store.Object) time.Time {
	if o.Updated.IsZero() {
		return o.Published
	}
	return o.Updated
}

// version reads what people see of a stored document.
func (p *Pages) version(v *view, o *store.Object, since time.Time) *versionView {
	out := &versionView{Date: v.Typo(i18n.Date(v.Lang, since, p.zone())), ISO: since.In(p.zone()).Format(time.RFC3339), text: lines(o.HTML)}
	thing := o.Thing()
	if thing == nil {
		return out
	}
	spoken := spoken(o.Language, v.Lang)
	add := func(key, value string) {
		if value != "" {
			out.facts = append(out.facts, fact{v.T(key), i18n.Typo(spoken, value)})
		}
	}
	switch t := thing.(type) {
	case *essaim.Post:
		add("history.name", t.Name)
		add("history.warning", t.Warning)
		out.Warning, out.pictures = t.Warning, t.Pictures
	case *essaim.Event:
		e := p.showEvent(v.Lang, t)
		add("history.name", t.Name)
		add("history.when", e.When)
		add("history.where", strings.Join(slices.DeleteFunc([]string{e.Place, e.Address}, func(s string) bool { return s == "" }), ", "))
		add("history.online", e.OnlineURL)
		if e.Cancelled || e.Postponed {
			add("history.status", v.T(map[bool]string{true: "event.is_cancelled", false: "event.is_postponed"}[e.Cancelled]))
		}
		out.pictures = t.Pictures
	case *essaim.Project:
		add("history.name", t.Name)
		add("history.promise", t.Promise)
		add("history.phase", essaim.Phases.Short(t.Phase, v.Lang))
		add("history.themes", labels(t.Themes, func(code string) string { return essaim.Themes.Short(code, v.Lang) }))
		add("history.places", labels(placesOf(t.Territories), func(l placeLink) string { return l.Name }))
		add("history.contact", t.Contact)
		for _, i := range t.Indicators {
			shown := p.indicator(v, i)
			out.facts = append(out.facts, fact{shown.Name, strings.TrimSpace(shown.Value + " " + shown.Unit)})
		}
		for _, l := range lessons(v, t.Lessons) {
			out.facts = append(out.facts, fact{l.Name, l.Value})
		}
	}
	return out
}

func labels[T any](codes []T, label func(T) string) string {
	names := make([]string, len(codes))
	for i, code := range codes {
		names[i] = label(code)
	}
	return strings.Join(names, ", ")
}

// whole shows a version by itself.
func (v *versionView) whole() {
	v.Oldest = true
	for _, f := range v.facts {
		v.Facts = append(v.Facts, changedFact{Name: f.Name, Now: f.Value})
	}
	for _, line := range v.text {
		v.Lines = append(v.Lines, changedLine{Text: line})
	}
}

// follow tells what is different from the version before.
func (v *versionView) follow(before *versionView) {
	for _, now := range v.facts {
		if was := factNamed(before.facts, now.Name); was != now.Value {
			v.Facts = append(v.Facts, changedFact{now.Name, was, now.Value})
		}
	}
	for _, was := range before.facts {
		if factNamed(v.facts, was.Name) == "" {
			v.Facts = append(v.Facts, changedFact{was.Name, was.Value, ""})
		}
	}
	v.Lines, v.Pictures = compared(before.text, v.text), !slices.Equal(v.pictures, before.pictures)
	v.Warning = firstOf(v.Warning, before.Warning)
}

func factNamed(facts []fact, name string) string {
	for _, f := range facts {
		if f.Name == name {
			return f.Value
		}
	}
	return ""
}
