package web

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"essaim/federation/vocab"
	"essaim/internal/activity"
	"essaim/internal/essaim"
	"essaim/internal/i18n"
	"essaim/internal/store"
	"essaim/internal/text"
)

// composeProject is `/publier/projet`: three questions and the seven closed fields of product §2.C. All the rest is added later, on the project's own page.
func (p *Pages) composeProject(r *http.Request, v *view) error {
	cards, err := p.speakers(r.Context(), v)
	if err != nil {
		return err
	}
	c := &composerView{Kind: "projet", Cancel: "/publier"}
	begin := map[string][]string{"phase": {"idea"}, "porteur": {carrierFirst(cards)}, "langue": {languageOf(v)}}
	if profile, ok := v.User.View.Thing.(*essaim.Profile); ok {
		begin["territoires"] = []string{placesTyped(profile.Territories)}
	}
	c.form = (&form{Values: written(r, begin), Fields: p.projectFields(v, cards)}).single(r)
	v.Page, v.Title, v.Sentence, v.Data = "compose", v.T("compose.project_title"), v.T("compose.project_lede"), c
	if r.Method != http.MethodPost {
		if err := p.draft(r, v, c.form); err != nil {
			return err
		}
		c.emptySlots(1)
		return nil
	}
	return p.sendProject(r, v, c, cards)
}

// carrierFirst proposes a body rather than a person to carry a project.
func carrierFirst(cards []*store.Card) string {
	for _, c := range cards {
		if c.Kind == essaim.KindAccelerator || c.Kind == essaim.KindOrganisation {
			return c.Handle
		}
	}
	return cards[0].Handle
}

func placesTyped(keys []string) string {
	var names []string
	for _, key := range keys {
		if t, ok := essaim.TerritoryByKey(key); ok {
			names = append(names, t.Title())
		}
	}
	return strings.Join(names, "; ")
}

func (p *Pages) projectFields(v *view, cards []*store.Card) []*field {
	var carriers optionGroup
	for _, c := range cards {
		if c.Kind != essaim.KindProject {
			carriers.Options = append(carriers.Options, option{Value: c.Handle, Label: p.showActor(v.Lang, c).Name})
		}
	}
	var phases optionGroup
	for _, c := range essaim.Phases.Concepts[:essaim.Phases.Steps] {
		phases.Options = append(phases.Options, option{Value: c.ID, Label: v.Typo(c.Label(v.Lang))})
	}
	return []*field{
		{Name: "titre", Label: v.T("project.form.title"), Required: true, Max: 100},
		{Name: "mission", Label: v.T("project.form.mission"), Hint: v.T("project.form.mission_hint"), Kind: "textarea", Rows: 2, Required: true, Max: 300},
		{Kind: "heading", Label: v.T("project.form.questions")},
		{Name: "probleme", Label: v.T("project.form.problem"), Hint: v.T("project.form.problem_hint"), Kind: "textarea", Rows: 4, Required: true, Max: 1500},
		{Name: "solution", Label: v.T("project.form.solution"), Hint: v.T("project.form.solution_hint"), Kind: "textarea", Rows: 4, Required: true, Max: 1500},
		{Name: "essaimage", Label: v.T("project.form.spread"), Hint: v.T("project.form.spread_hint"), Kind: "textarea", Rows: 3, Max: 1500},
		{Kind: "heading", Label: v.T("project.form.sheet")},
		{Name: "porteur", Label: v.T("project.carrier"), Hint: v.T("project.form.carrier_hint"), Kind: "select", Required: true, Groups: []optionGroup{carriers}},
		{Name: "territoires", Label: v.T("project.territories"), Hint: v.T("profile.territories_hint"), Required: true, Max: 400},
		{Name: "phase", Label: v.T("project.phase"), Kind: "select", Required: true, Groups: []optionGroup{phases}},
		{Name: "theme", Label: v.T("project.form.theme"), Kind: "select", Required: true, Groups: conceptChoices(v, &essaim.Themes, v.T("form.choose"))},
		{Name: "autres", Label: v.T("project.form.themes"), Hint: v.T("project.form.themes_hint"), Kind: "checks", Groups: conceptChoices(v, &essaim.Themes, "")},
		{Name: "contact", Label: v.T("project.contact"), Hint: v.T("project.form.contact_hint"), Required: true, Max: 200},
		{Name: "identifiant", Label: v.T("project.form.handle"), Hint: v.T("project.form.handle_hint", p.Site.Host), Max: 30},
		languageField(v),
	}
}

func (p *Pages) sendProject(r *http.Request, v *view, c *composerView, cards []*store.Card) error {
	pictures, err := p.pictures(r, v, c, 1, true)
	if err != nil {
		return err
	}
	if kept, err := p.keep(r, v, c); kept {
		return err
	}
	if len(c.List("autres")) > 2 {
		c.add(v, "autres", v.T("project.form.themes_many"))
	}
	project, err := p.projectOf(r.Context(), c, cards, pictures)
	if err != nil {
		if err := c.refuse(v, err, nil); err != nil {
			return err
		}
	}
	if !c.check(v) || len(c.Wrong) > 0 {
		return nil
	}
	if c.Get(actionField) == actionPreview {
		c.Audience = v.T("compose.audience.project")
		c.Sheet = p.previewActor(v, project)
		return nil
	}
	out, err := p.publish(r, v, c.form, activity.Create(v.User.Card.IRI, project))
	if sent(err) {
		return v.done("/fil", "project")
	}
	if err != nil {
		return c.refuse(v, err, map[string]string{"preferredUsername": "identifiant", "name": "titre", "promise": "mission", "summary": "probleme", "territory": "territoires", "contact": "contact"})
	}
	return v.done(strings.TrimPrefix(out.Object.Thing().Summary(v.Lang).URL, p.Site.Base), "project")
}

// projectOf is the project a form describes; its handle is made from its title when none was given.
func (p *Pages) projectOf(ctx context.Context, c *composerView, cards []*store.Card, pictures []vocab.Picture) (*essaim.Project, error) {
	keys, err := territoriesNamed(c.Get("territoires"))
	if err != nil {
		return nil, err
	}
	handle := strings.ToLower(strings.TrimPrefix(c.Get("identifiant"), "@"))
	if handle == "" {
		if handle, err = p.freeHandle(ctx, c.Get("titre")); err != nil {
			return nil, err
		}
	}
	var parts []string
	for _, name := range []string{"probleme", "solution", "essaimage"} {
		if s := strings.TrimSpace(c.Values.Get(name)); s != "" {
			parts = append(parts, s)
		}
	}
	source := strings.Join(parts, "\n\n")
	project := &essaim.Project{
		Profile: essaim.Profile{Handle: handle, Name: c.Get("titre"), Source: source, HTML: text.Markdown(source), Language: c.Get("langue"), Territories: keys, Discoverable: true, Indexable: true},
		Promise: c.Get("mission"), Carrier: speaker(cards, c.Get("porteur")).IRI, Phase: c.Get("phase"), Contact: c.Get("contact"), License: essaim.LicencePublicData,
	}
	for _, theme := range append([]string{c.Get("theme")}, c.List("autres")...) {
		if theme != "" && (len(project.Themes) == 0 || theme != project.Themes[0]) {
			project.Themes = append(project.Themes, theme)
		}
	}
	if len(pictures) > 0 {
		project.Image = &pictures[0]
	}
	return project, nil
}

// freeHandle makes a handle of a title that nobody has.
func (p *Pages) freeHandle(ctx context.Context, title string) (string, error) {
	const room = 26
	root := strings.ReplaceAll(i18n.Slug(title, room), "-", "_")
	if root == "" {
		root = "projet"
	}
	for n := 1; ; n++ {
		handle := root
		if n > 1 {
			handle += "_" + strconv.Itoa(n)
		}
		_, err := store.ActorByHandle(ctx, p.DB.Read(), handle, p.Site.Host)
		if errors.Is(err, store.ErrNotFound) && essaim.CheckHandle(handle) == nil {
			return handle, nil
		}
		if err != nil && !errors.Is(err, store.ErrNotFound) || n > 99 {
			return handle, err
		}
	}
}

// previewActor shows a project as its card will look.
func (p *Pages) previewActor(v *view, project *essaim.Project) *actorView {
	project.Clean(text.SanitizeLocal)
	project.ID = p.Site.Actor(project.Handle)
	doc := project.Encode()
	o := &store.Object{IRI: project.ID, Kind: essaim.KindProject, Type: doc.Type(), Local: true, Policy: text.PolicyVersion, Doc: string(doc.Bytes()), HTML: project.HTML, Language: project.Language, Phase: project.Phase}
	return p.showActor(v.Lang, &store.Card{Object: o, Handle: project.Handle, AtHost: p.Site.Host})
}
