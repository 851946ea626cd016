package web

import (
	"net/http"
	"strconv"
	"strings"

	"essaim/federation/vocab"
	"essaim/internal/activity"
	"essaim/internal/essaim"
	"essaim/internal/store"
	"essaim/internal/text"
)

func (p *Pages) sheetRoutes() []route {
	return []route{
		{"/@{handle:[^/]+}/modifier", p.editSheet, getPost, members},
		{"/@{handle:[^/]+}/phase", p.changePhase, getPost, members},
	}
}

// rows is how many lines of a list (figures, partners, links) a sheet has room for in its form.
const sheetRows = 4

// myProject finds the project of an address, for those who may speak for it; for everybody else there is no such page.
func (p *Pages) myProject(r *http.Request, v *view) (*store.Card, *essaim.Project, error) {
	c, err := p.findActor(r)
	if err != nil {
		return nil, nil, err
	}
	project, ok := c.Thing().(*essaim.Project)
	if !ok || !c.Local {
		return nil, nil, store.ErrNotFound
	}
	cards, err := p.speakers(r.Context(), v)
	if err != nil {
		return nil, nil, err
	}
	if speaker(cards, c.Handle).ID != c.ID {
		return nil, nil, store.ErrNotFound
	}
	return c, project, nil
}

// editSheet is `/@{handle}/modifier`: everything a project says of itself but its phase, which has a page of its own.
func (p *Pages) editSheet(r *http.Request, v *view) error {
	card, project, err := p.myProject(r, v)
	if err != nil {
		return err
	}
	c := &composerView{Kind: "projet", Editing: true, Cancel: actorPage(card)}
	c.form = &form{Values: written(r, sheetValues(project)), Fields: p.sheetFields(v)}
	v.Page, v.Title, v.Data = "compose", v.T("sheet.title", project.Name), c
	var cover []vocab.Picture
	if project.Image != nil {
		cover = []vocab.Picture{*project.Image}
	}
	pictures, done, err := p.editPictures(r, v, c, cover, 1)
	if err != nil || done {
		return err
	}
	changed := *project
	p.readSheet(v, c, &changed)
	switch {
	case len(pictures) > 0:
		changed.Image = &pictures[0]
	case c.Get(slot(1, "retirer")) != "":
		changed.Image = nil
	}
	return p.change(r, v, c, card, &changed, sheetNames)
}

// sheetNames are the fields of a document by those of the form.
var sheetNames = map[string]string{"name": "titre", "promise": "mission", "summary": "presentation", "territory": "territoires", "contact": "contact", "themes": "themes", "publics": "publics", "sdg": "odd",
	"codeRepository": "depot", "license": "licence", "codeLicense": "licence_code", "indicators": "chiffre.nom.1", "partners": "partenaire.nom.1", "costs": "investissement"}

func (p *Pages) sheetFields(v *view) []*field {
	list := []*field{
		{Name: "titre", Label: v.T("project.form.title"), Required: true, Max: 100},
		{Name: "mission", Label: v.T("project.form.mission"), Kind: "textarea", Rows: 2, Required: true, Max: 300},
		{Name: "presentation", Label: v.T("sheet.text"), Hint: v.T("compose.text_hint"), Kind: "textarea", Rows: 8, Max: 5000},
		{Name: "territoires", Label: v.T("project.territories"), Hint: v.T("profile.territories_hint"), Required: true, Max: 400},
		{Name: "contact", Label: v.T("project.contact"), Hint: v.T("project.form.contact_hint"), Required: true, Max: 200},
		{Name: "theme", Label: v.T("project.form.theme"), Kind: "select", Required: true, Groups: conceptChoices(v, &essaim.Themes, v.T("form.choose"))},
		{Name: "autres", Label: v.T("project.form.themes"), Hint: v.T("project.form.themes_hint"), Kind: "checks", Groups: conceptChoices(v, &essaim.Themes, "")},
		{Name: "publics", Label: v.T("project.publics"), Kind: "checks", Groups: conceptChoices(v, &essaim.Publics, "")},
		{Name: "odd", Label: v.T("project.sdgs"), Kind: "checks", Groups: conceptChoices(v, &essaim.SDGs, "")},
		{Kind: "heading", Label: v.T("project.figures"), Hint: v.T("sheet.figures_hint")},
	}
	add := func(name, label string, n int, more ...func(*field)) {
		f := &field{Name: name + "." + strconv.Itoa(n), Label: v.T(label, n), Max: 200}
		for _, m := range more {
			m(f)
		}
		list = append(list, f)
	}
	for n := 1; n <= sheetRows; n++ {
		add("chiffre.nom", "sheet.figure", n)
		add("chiffre.valeur", "sheet.figure_value", n)
		add("chiffre.unite", "sheet.figure_unit", n)
		add("chiffre.source", "sheet.figure_source", n)
	}
	list = append(list, &field{Kind: "heading", Label: v.T("project.team")})
	for n := 1; n <= sheetRows; n++ {
		add("partenaire.nom", "sheet.partner", n)
		add("partenaire.role", "sheet.partner_role", n, func(f *field) {
			f.Kind, f.Groups = "select", conceptChoices(v, &essaim.PartnerRoles, v.T("form.choose"))
		})
	}
	list = append(list, &field{Kind: "heading", Label: v.T("project.documents")})
	for n := 1; n <= sheetRows; n++ {
		add("lien.nom", "sheet.link", n)
		add("lien.adresse", "sheet.link_address", n, func(f *field) { f.Kind, f.Max = "url", 500 })
	}
	return append(list,
		&field{Name: "depot", Label: v.T("project.repository"), Kind: "url", Max: 500},
		&field{Name: "licence", Label: v.T("project.license"), Kind: "select", Groups: conceptChoices(v, &essaim.Licences, v.T("form.choose"))},
		&field{Name: "licence_code", Label: v.T("project.code_license"), Kind: "select", Groups: conceptChoices(v, &essaim.Licences, v.T("form.choose"))},
		&field{Kind: "heading", Label: v.T("sheet.costs")},
		&field{Name: "investissement", Label: v.T("project.investment"), Max: 20},
		&field{Name: "annuel", Label: v.T("project.yearly"), Max: 20},
		&field{Name: "etp", Label: v.T("project.fte"), Max: 20},
		&field{Name: "financement", Label: v.T("project.funded_by"), Max: 300},
		&field{Kind: "heading", Label: v.T("project.lessons")},
		&field{Name: "marche", Label: v.T("project.worked"), Kind: "textarea", Rows: 2, Max: 1000},
		&field{Name: "rate", Label: v.T("project.failed"), Kind: "textarea", Rows: 2, Max: 1000},
		&field{Name: "conditions", Label: v.T("project.conditions"), Kind: "textarea", Rows: 2, Max: 1000},
		&field{Name: "eviter", Label: v.T("project.avoid"), Kind: "textarea", Rows: 2, Max: 1000},
		languageField(v),
	)
}

// figureTyped writes a number as it is typed; "" for none.
func figureTyped(f *float64) string {
	if f == nil {
		return ""
	}
	return strconv.FormatFloat(*f, 'f', -1, 64)
}

func sheetValues(p *essaim.Project) map[string][]string {
	values := map[string][]string{"titre": {p.Name}, "mission": {p.Promise}, "presentation": {firstOf(p.Source, text.Plain(p.HTML))}, "territoires": {placesTyped(p.Territories)}, "contact": {p.Contact},
		"publics": p.Publics, "odd": p.SDGs, "depot": {p.Repository}, "licence": {p.License}, "licence_code": {p.CodeLicense}, "langue": {p.Language}}
	if len(p.Themes) > 0 {
		values["theme"], values["autres"] = p.Themes[:1], p.Themes[1:]
	}
	set := func(name string, n int, value string) { values[name+"."+strconv.Itoa(n+1)] = []string{value} }
	for n, i := range p.Indicators[:min(len(p.Indicators), sheetRows)] {
		set("chiffre.nom", n, i.Name)
		set("chiffre.valeur", n, figureTyped(i.Value))
		set("chiffre.unite", n, i.Unit)
		set("chiffre.source", n, i.Source)
	}
	for n, x := range p.Partners[:min(len(p.Partners), sheetRows)] {
		set("partenaire.nom", n, x.Name)
		set("partenaire.role", n, x.Role)
	}
	for n, x := range p.Links[:min(len(p.Links), sheetRows)] {
		set("lien.nom", n, x.Name)
		set("lien.adresse", n, x.Href)
	}
	if c := p.Costs; c != nil {
		values["investissement"], values["annuel"], values["etp"], values["financement"] = []string{figureTyped(c.Investment)}, []string{figureTyped(c.Yearly)}, []string{figureTyped(c.FTE)}, []string{c.FundedBy}
	}
	if l := p.Lessons; l != nil {
		values["marche"], values["rate"], values["conditions"], values["eviter"] = []string{l.Worked}, []string{l.Failed}, []string{l.Conditions}, []string{l.Avoid}
	}
	return values
}

// readSheet lays what a form says over a project. Lines of a list beyond those of the form stay as they are.
func (p *Pages) readSheet(v *view, c *composerView, project *essaim.Project) {
	project.Name, project.Promise, project.Contact, project.Language = c.Get("titre"), c.Get("mission"), c.Get("contact"), firstOf(c.Get("langue"), project.Language)
	project.Source = strings.TrimSpace(c.Values.Get("presentation"))
	project.HTML = text.Markdown(project.Source)
	project.Publics, project.SDGs, project.Repository, project.License, project.CodeLicense = c.List("publics"), c.List("odd"), c.Get("depot"), c.Get("licence"), c.Get("licence_code")
	if keys, err := territoriesNamed(c.Get("territoires")); err != nil {
		_ = c.refuse(v, err, nil) // a fault of the form, whatever it is
	} else {
		project.Territories = keys
	}
	project.Themes = nil
	for _, theme := range append([]string{c.Get("theme")}, c.List("autres")...) {
		if theme != "" && (len(project.Themes) == 0 || theme != project.Themes[0]) {
			project.Themes = append(project.Themes, theme)
		}
	}
	if len(project.Themes) > 3 {
		c.add(v, "autres", v.T("project.form.themes_many"))
	}
	p.readLists(v, c, project)
	costs := &essaim.Costs{Investment: c.figure(v, "investissement"), Yearly: c.figure(v, "annuel"), FTE: c.figure(v, "etp"), FundedBy: c.Get("financement")}
	if project.Costs = costs; *costs == (essaim.Costs{}) {
		project.Costs = nil
	}
	project.Lessons = c.lessons()
}

func (c *composerView) lessons() *essaim.Lessons {
	l := &essaim.Lessons{Worked: c.Get("marche"), Failed: c.Get("rate"), Conditions: c.Get("conditions"), Avoid: c.Get("eviter")}
	if *l == (essaim.Lessons{}) {
		return nil
	}
	return l
}

// readLists reads figures, partners and links. What the form does not show of a line, such as the target of a figure, is kept.
func (p *Pages) readLists(v *view, c *composerView, project *essaim.Project) {
	at := func(name string, n int) string { return name + "." + strconv.Itoa(n+1) }
	indicators, partners, links := []essaim.Indicator{}, []essaim.Partner{}, []essaim.ProjectLink{}
	for n := range sheetRows {
		if name := c.Get(at("chiffre.nom", n)); name != "" {
			var i essaim.Indicator
			if n < len(project.Indicators) {
				i = project.Indicators[n]
			}
			i.Name, i.Unit, i.Source, i.Value = name, c.Get(at("chiffre.unite", n)), c.Get(at("chiffre.source", n)), c.figure(v, at("chiffre.valeur", n))
			if i.Value != nil && i.Date.IsZero() {
				i.Date = p.Clock()
			}
			indicators = append(indicators, i)
		}
		if name := c.Get(at("partenaire.nom", n)); name != "" {
			x := essaim.Partner{Name: name, Role: c.Get(at("partenaire.role", n))}
			if n < len(project.Partners) && project.Partners[n].Name == name {
				x.Actor = project.Partners[n].Actor
			}
			if x.Role == "" {
				c.add(v, at("partenaire.role", n), v.T("form.required", v.T("sheet.partner_role", n+1)))
			}
			partners = append(partners, x)
		}
		if href := c.Get(at("lien.adresse", n)); href != "" {
			if webLink(href) == "" {
				c.add(v, at("lien.adresse", n), v.T("event.form.online_wrong"))
			}
			links = append(links, essaim.ProjectLink{Name: firstOf(c.Get(at("lien.nom", n)), href), Href: href})
		}
	}
	project.Indicators = append(indicators, project.Indicators[min(len(project.Indicators), sheetRows):]...)
	project.Partners = append(partners, project.Partners[min(len(project.Partners), sheetRows):]...)
	project.Links = append(links, project.Links[min(len(project.Links), sheetRows):]...)
}

// figure reads a number as people type it: 12 500,50.
func (c *composerView) figure(v *view, name string) *float64 {
	typed := strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "", "€", "", ",", ".").Replace(c.Get(name))
	if typed == "" {
		return nil
	}
	f, err := strconv.ParseFloat(typed, 64)
	if err != nil || f < -1e12 || f > 1e12 || f != f {
		c.add(v, name, v.T("sheet.number_wrong"))
		return nil
	}
	return &f
}

// changePhase is `/@{handle}/phase`: the next step with one sentence and one figure (U8), a pause, or a stop that leaves its lessons (U11).
func (p *Pages) changePhase(r *http.Request, v *view) error {
	card, project, err := p.myProject(r, v)
	if err != nil {
		return err
	}
	c := &composerView{Kind: "phase", Editing: true, Cancel: actorPage(card)}
	begin := map[string][]string{"phase": {nextPhase(project)}, "reprendre": {"1"}, "reste": {strings.Join(project.Assets, "\n")}, "raison": {project.StopReason}}
	if l := project.Lessons; l != nil {
		begin["marche"], begin["rate"], begin["conditions"], begin["eviter"] = []string{l.Worked}, []string{l.Failed}, []string{l.Conditions}, []string{l.Avoid}
	}
	c.form = (&form{Values: written(r, begin), Fields: p.phaseFields(v, project)}).single(r)
	v.Page, v.Title, v.Sentence, v.Data = "compose", v.T("phase.title", project.Name), v.T("phase.now", essaim.Phases.Label(project.Phase, v.Lang)), c
	if r.Method != http.MethodPost {
		return p.draft(r, v, c.form)
	}
	changed := *project
	changed.Phase = c.Get("phase")
	if changed.Phase == project.Phase {
		c.add(v, "phase", v.T("phase.same"))
	}
	p.stopOrGoOn(v, c, &changed)
	if !c.check(v) || len(c.Wrong) > 0 {
		return nil
	}
	if _, err := p.publish(r, v, c.form, activity.Update(card.IRI, &changed, c.Get("phrase"))); err != nil {
		if sent(err) {
			return v.done(c.Cancel, "phase")
		}
		return c.refuse(v, err, map[string]string{"phase": "phase", "stopReason": "raison"})
	}
	return v.done(c.Cancel, "phase")
}

// nextPhase proposes the step after the present one; a paused project goes back to where it was.
func nextPhase(p *essaim.Project) string {
	if p.Phase == essaim.PhasePaused || p.Phase == essaim.PhaseStopped {
		for i := len(p.History) - 1; i >= 0; i-- {
			if essaim.Phases.IsStep(p.History[i].Phase) {
				return p.History[i].Phase
			}
		}
	}
	if i := essaim.Phases.StepIndex(p.Phase); i >= 0 && i+1 < essaim.Phases.Steps {
		return essaim.Phases.Concepts[i+1].ID
	}
	return ""
}

func (p *Pages) phaseFields(v *view, project *essaim.Project) []*field {
	var g optionGroup
	for _, c := range essaim.Phases.Concepts {
		if c.ID != project.Phase {
			g.Options = append(g.Options, option{Value: c.ID, Label: v.Typo(c.Label(v.Lang))})
		}
	}
	return []*field{
		{Name: "phase", Label: v.T("phase.to"), Kind: "radio", Wide: true, Required: true, Groups: []optionGroup{g}},
		{Name: "phrase", Label: v.T("phase.sentence"), Hint: v.T("phase.sentence_hint"), Kind: "textarea", Rows: 2, Required: true, Max: 300},
		{Name: "chiffre.nom", Label: v.T("phase.figure"), Hint: v.T("phase.figure_hint"), Max: 200},
		{Name: "chiffre.valeur", Label: v.T("phase.figure_value"), Max: 30},
		{Name: "chiffre.unite", Label: v.T("phase.figure_unit"), Max: 40},
		{Kind: "heading", Label: v.T("phase.stop"), Hint: v.T("phase.stop_hint")},
		{Name: "raison", Label: v.T("phase.reason"), Kind: "select", Groups: conceptChoices(v, &essaim.StopReasons, v.T("form.choose"))},
		{Name: "marche", Label: v.T("project.worked"), Kind: "textarea", Rows: 2, Max: 1000},
		{Name: "rate", Label: v.T("project.failed"), Kind: "textarea", Rows: 2, Max: 1000},
		{Name: "conditions", Label: v.T("project.conditions"), Kind: "textarea", Rows: 2, Max: 1000},
		{Name: "eviter", Label: v.T("project.avoid"), Kind: "textarea", Rows: 2, Max: 1000},
		{Name: "reste", Label: v.T("phase.left"), Hint: v.T("phase.left_hint"), Kind: "textarea", Rows: 3, Max: 2000},
		{Name: "reprendre", Label: v.T("phase.open"), Kind: "checkbox"},
		{Name: "sans_objet", Label: v.T("phase.no_lesson"), Kind: "checkbox"},
	}
}

// stopOrGoOn reads what goes with a phase: a figure, or what a stop leaves behind. Stopping without a lesson is refused unless there is said to be none (M10.1).
func (p *Pages) stopOrGoOn(v *view, c *composerView, project *essaim.Project) {
	if name := c.Get("chiffre.nom"); name != "" {
		value := c.figure(v, "chiffre.valeur")
		if value == nil {
			c.add(v, "chiffre.valeur", v.T("form.required", v.T("phase.figure_value")))
		}
		indicator := essaim.Indicator{Name: name, Value: value, Unit: c.Get("chiffre.unite"), Date: p.Clock()}
		project.Indicators = append(project.Indicators[:len(project.Indicators):len(project.Indicators)], indicator)
	}
	if project.Phase != essaim.PhaseStopped {
		project.StopReason, project.OpenToTake = "", false
		return
	}
	project.StopReason, project.OpenToTake, project.Lessons, project.Assets = c.Get("raison"), c.Get("reprendre") != "", c.lessons(), nil
	for line := range strings.Lines(c.Values.Get("reste")) {
		if line = strings.TrimSpace(line); line != "" {
			project.Assets = append(project.Assets, line)
		}
	}
	if project.StopReason == "" {
		c.add(v, "raison", v.T("form.required", v.T("phase.reason")))
	}
	if project.Lessons == nil && c.Get("sans_objet") == "" {
		c.add(v, "marche", v.T("phase.lessons_missing"))
	}
}
