package web

import (
	"net/http"
	"net/mail"
	"strings"
	"time"

	"essaim/internal/essaim"
	"essaim/internal/i18n"
	"essaim/internal/store"
)

// projectView is the page of a project, in the order of product §2.C: promise, phase, figures, updates, lineage, team, costs, lessons.
type projectView struct {
	*actorView
	P          *essaim.Project
	Picture    *pictureView
	Steps      []stepView
	History    []passage
	Indicators []indicatorView
	Updates    []*objectView
	Next       *objectView // next event of the project
	Origins    []*actorView
	FromAfar   []string // origins not known here
	Carrier    *actorView
	Partners   []partnerView
	Members    []*actorView
	Unlisted   int
	Costs      []fact
	Lessons    []fact
	Assets     []string
	StopReason string
	Publics    []string
	SDGs       []string
	Licences   []fact
	Links      []essaim.ProjectLink
	Mine       bool // the visitor may change it
	Contact    string
	ContactTo  string // mailto: or a page; "" for what is only text
	Edited     string // when it was last changed
}

// stepView is one of the six steps; passage is an entry of the history.
type stepView struct {
	Number                 int
	Label, Date, ISO, Cell string
	Done, Here, Off        bool
}

type passage struct{ Label, Date, ISO, Comment string }

type indicatorView struct {
	Name, Value, Baseline, Target, Unit, Date, Source, Method string
	Brief                                                     bool // the unit is a sign, written as large as the number
	Percent                                                   int  // of the way from baseline to target; -1 when there is none
}

type partnerView struct {
	Name, Role string
	Actor      *actorView
}

// project reads in five queries: itself with its followers, updates, next event, people and bodies named, members.
func (p *Pages) project(r *http.Request, v *view, a *actorView, project *essaim.Project) error {
	ctx, q := r.Context(), p.DB.Read()
	view := &projectView{actorView: a, P: project, Picture: p.showPicture(project.Image), StopReason: v.Typo(essaim.StopReasons.Label(project.StopReason, v.Lang))}
	v.Page, v.Section, v.Data = "project", "projets", view
	p.describe(v, view)
	if !a.Updated.IsZero() {
		view.Edited = v.Typo(i18n.Date(v.Lang, a.Updated, p.zone()))
	}
	page := pageOf(r, 10)
	updates, err := store.WorkPage(ctx, q, a.ID, page)
	if err != nil {
		return err
	}
	for _, o := range turn(r, v, updates, page, func(o *store.Object) essaim.ID { return o.ID }) {
		view.Updates = append(view.Updates, p.showObject(v.Lang, o, a.Card))
	}
	if err := p.stand(ctx, v, view.Updates); err != nil {
		return err
	}
	next, err := store.Upcoming(ctx, q, a.ID, p.Clock(), time.Time{}, 0, 1)
	if err != nil {
		return err
	}
	if len(next) > 0 {
		view.Next = p.showObject(v.Lang, next[0], a.Card)
	}
	if err := p.named(r, v, view); err != nil {
		return err
	}
	if view.Members, view.Unlisted, err = p.members(r, v, a); err != nil || v.User == nil || !a.Local {
		return err
	}
	cards, err := p.speakers(ctx, v)
	view.Mine = err == nil && speaker(cards, a.Card.Handle).ID == a.ID
	return err
}

// named finds the actors a project names: who carries it, its partners, what it comes from.
func (p *Pages) named(r *http.Request, v *view, view *projectView) error {
	project := view.P
	var iris []string
	for _, iri := range append([]string{project.Carrier}, project.DerivedFrom...) {
		if iri != "" {
			iris = append(iris, iri)
		}
	}
	for _, partner := range project.Partners {
		if partner.Actor != "" {
			iris = append(iris, partner.Actor)
		}
	}
	cards, err := store.CardsByIRI(r.Context(), p.DB.Read(), iris)
	if err != nil {
		return err
	}
	shown := func(iri string) *actorView {
		if c := cards[iri]; c != nil {
			return p.showActor(v.Lang, c)
		}
		return nil
	}
	view.Carrier = shown(project.Carrier)
	for _, iri := range project.DerivedFrom {
		if o := shown(iri); o != nil {
			view.Origins = append(view.Origins, o)
		} else if link := webLink(iri); link != "" {
			view.FromAfar = append(view.FromAfar, link)
		}
	}
	for _, partner := range project.Partners {
		pv := partnerView{Name: partner.Name, Role: v.Typo(essaim.PartnerRoles.Label(partner.Role, v.Lang)), Actor: shown(partner.Actor)}
		if pv.Actor != nil {
			pv.Name = pv.Actor.Name
		}
		view.Partners = append(view.Partners, pv)
	}
	return nil
}

// describe fills what the document of the project says by itself.
func (p *Pages) describe(v *view, view *projectView) {
	project, lang := view.P, v.Lang
	view.Steps, view.History = p.steps(v, view.Phase, project)
	for _, i := range project.Indicators {
		view.Indicators = append(view.Indicators, p.indicator(v, i))
	}
	for _, code := range project.Publics {
		view.Publics = append(view.Publics, essaim.Publics.Label(code, lang))
	}
	for _, code := range project.SDGs {
		view.SDGs = append(view.SDGs, code+" "+essaim.SDGs.Label(code, lang))
	}
	view.Costs, view.Lessons, view.Assets = costs(v, project.Costs), lessons(v, project.Lessons), project.Assets
	for _, l := range []fact{{"project.license", project.License}, {"project.code_license", project.CodeLicense}} {
		if l.Value != "" {
			view.Licences = append(view.Licences, fact{v.T(l.Name), essaim.Licences.Label(l.Value, lang)})
		}
	}
	if link := webLink(project.Repository); link != "" {
		view.Links = append(view.Links, essaim.ProjectLink{Name: v.T("project.repository"), Href: link})
	}
	for _, l := range project.Links {
		if link := webLink(l.Href); link != "" {
			view.Links = append(view.Links, essaim.ProjectLink{Name: firstOf(l.Name, link), Href: link})
		}
	}
	view.Contact, view.ContactTo = project.Contact, webLink(project.Contact)
	if isMail(project.Contact) {
		view.ContactTo = "mailto:" + project.Contact
	}
}

// steps are the six, each with the day on which it was first reached; the history keeps every passage, pauses too.
func (p *Pages) steps(v *view, phase phaseView, project *essaim.Project) ([]stepView, []passage) {
	reached := make(map[string]time.Time)
	var history []passage
	for _, e := range project.History {
		if !e.Date.IsZero() && reached[e.Phase].IsZero() {
			reached[e.Phase] = e.Date
		}
		entry := passage{Label: v.Typo(essaim.Phases.Short(e.Phase, v.Lang)), Comment: v.Typo(e.Comment)}
		if !e.Date.IsZero() {
			entry.Date, entry.ISO = v.Typo(i18n.Day(v.Lang, e.Date, time.UTC)), e.Date.Format(time.DateOnly)
		}
		history = append(history, entry)
	}
	steps := make([]stepView, essaim.Phases.Steps)
	for i, c := range essaim.Phases.Concepts[:essaim.Phases.Steps] {
		s := stepView{Number: i + 1, Label: v.Typo(c.Short(v.Lang)), Cell: phase.class(i), Done: i < phase.Step, Here: i == phase.Step, Off: phase.Off}
		if at := reached[c.ID]; !at.IsZero() && i <= phase.Step {
			s.Date, s.ISO = v.Typo(month(v.Lang, at)), at.Format("2006-01")
		}
		steps[i] = s
	}
	return steps, history
}

// isMail tells whether a contact is an address to write to; anything else is shown as text or as a link.
func isMail(s string) bool {
	a, err := mail.ParseAddress(s)
	return err == nil && a.Address == s
}

// month writes "mars 2027": a day of a phase is seldom worth its number.
func month(lang i18n.Lang, t time.Time) string {
	words := strings.Fields(i18n.Day(lang, t, time.UTC))
	return strings.Join(words[len(words)-2:], " ")
}
