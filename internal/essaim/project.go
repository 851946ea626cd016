package essaim

import (
	"strings"
	"time"

	"essaim/federation/vocab"
	"essaim/internal/i18n"
)

// Project is a Group whose phase we know: anyone can follow it. All of it is on the wire (docs/vocabulary.md).
type Project struct {
	Profile
	Promise     string // « pour X qui ont le problème Y, nous faisons Z »
	Carrier     string // actor iri
	Partners    []Partner
	Phase       string       // V1
	History     []PhaseEntry // append-only, oldest first
	Themes      []string     // V3, the main one first
	Publics     []string     // V2
	SDGs        []string     // "1" to "17"
	Indicators  []Indicator
	Costs       *Costs
	License     string // of data and content, SPDX
	CodeLicense string
	Repository  string
	Links       []ProjectLink
	Contact     string // a role address or a page, never a person's
	StopReason  string // V8, for a stopped project
	Lessons     *Lessons
	Assets      []string // what is left: code, data, kit, contacts
	OpenToTake  bool
	DerivedFrom []string // confirmed origins (PROV)
}

// Partner is an actor with its role in a project (V8); Actor may be missing, Name may not.
type Partner struct{ Name, Actor, Role string }

// PhaseEntry is one passage of the phase history.
type PhaseEntry struct {
	Phase   string
	Date    time.Time // a day
	Comment string
}

// Indicator is a figure with what makes it checkable.
type Indicator struct {
	Name, Unit, Method, Source string
	Baseline, Target, Value    *float64
	Date                       time.Time
}

// Costs in euros, excluding tax, and full-time equivalents.
type Costs struct {
	Investment, Yearly, FTE *float64
	FundedBy                string
}

// Lessons are what a stopped project leaves to those who come after (M10).
type Lessons struct{ Worked, Failed, Conditions, Avoid string }

// ProjectLink is a document or a page about the project.
type ProjectLink struct{ Name, Href string }

const maxPromise = 300

func isProject(o *vocab.Object) bool {
	return o.Type() == vocab.Group && (o.String(markerTerm) == KindProject || o.String("phase") != "")
}

func decodeProject(o *vocab.Object) Thing {
	base := readProfile(o)
	base.Kind, base.Properties = KindProject, nil // ours are made again from the fields
	p := &Project{
		Profile: *base, Promise: o.String("promise"), Carrier: o.IRI("carrier"), Phase: o.String("phase"),
		Themes: o.Strings("themes"), Publics: o.Strings("publics"), SDGs: o.Strings("sdg"),
		License: o.String("license"), CodeLicense: o.String("codeLicense"), Repository: o.Link("codeRepository"), Contact: o.String("contact"),
		StopReason: o.String("stopReason"), Assets: o.Strings("assets"), DerivedFrom: o.IRIs("wasDerivedFrom"),
	}
	p.OpenToTake, _ = o.Bool("openToTakeover")
	for _, e := range o.Objects("partners") {
		p.Partners = append(p.Partners, Partner{Name: e.String("name"), Actor: e.IRI("partner"), Role: e.String("role")})
	}
	for _, e := range o.Objects("phaseHistory") {
		p.History = append(p.History, PhaseEntry{Phase: e.String("phase"), Date: e.Time("date"), Comment: e.String("comment")})
	}
	for _, e := range o.Objects("indicators") {
		p.Indicators = append(p.Indicators, Indicator{Name: e.String("name"), Unit: e.String("unitText"), Method: e.String("method"), Source: e.Link("isBasedOn"),
			Baseline: number(e, "baseline"), Target: number(e, "target"), Value: number(e, "value"), Date: e.Time("date")})
	}
	if e := o.Object("costs"); e != nil {
		p.Costs = &Costs{Investment: number(e, "investment"), Yearly: number(e, "yearly"), FTE: number(e, "fullTimeEquivalent"), FundedBy: e.String("fundedBy")}
	}
	if e := o.Object("lessons"); e != nil {
		p.Lessons = &Lessons{Worked: e.String("worked"), Failed: e.String("failed"), Conditions: e.String("conditions"), Avoid: e.String("avoid")}
	}
	for _, e := range o.Objects("attachment") {
		if e.Type() == vocab.Link && e.Link("href") != "" {
			p.Links = append(p.Links, ProjectLink{Name: e.String("name"), Href: e.Link("href")})
		}
	}
	return p
}

func number(o *vocab.Object, key string) *float64 {
	if f, ok := o.Float(key); ok {
		return &f
	}
	return nil
}

// Encode writes the project; see Thing. The PropertyValues say in words what strangers do not read in terms.
func (p *Project) Encode() *vocab.Object {
	base := p.Profile
	base.Kind, base.Properties = KindProject, nil
	o := base.Encode()
	o.SetString("promise", p.Promise).SetString("carrier", p.Carrier).SetString("phase", p.Phase)
	o.SetObjects("phaseHistory", encodeAll(p.History, PhaseEntry.encode)...)
	o.SetStrings("themes", p.Themes...).SetStrings("publics", p.Publics...).SetStrings("sdg", p.SDGs...)
	o.SetObjects("partners", encodeAll(p.Partners, Partner.encode)...)
	o.SetObjects("indicators", encodeAll(p.Indicators, Indicator.encode)...)
	if p.Costs != nil && *p.Costs != (Costs{}) {
		o.SetObject("costs", p.Costs.encode())
	}
	o.SetString("license", p.License).SetString("codeLicense", p.CodeLicense).SetString("codeRepository", p.Repository).SetString("contact", p.Contact)
	o.SetString("stopReason", p.StopReason).SetStrings("assets", p.Assets...).SetStrings("wasDerivedFrom", p.DerivedFrom...)
	if p.Lessons != nil && *p.Lessons != (Lessons{}) {
		l := p.Lessons
		o.SetObject("lessons", vocab.New("", "").SetString("worked", l.Worked).SetString("failed", l.Failed).SetString("conditions", l.Conditions).SetString("avoid", l.Avoid))
	}
	if p.OpenToTake {
		o.SetBool("openToTakeover", true)
	}
	return o.SetObjects("attachment", p.attachments()...)
}

func encodeAll[T any](list []T, encode func(T) *vocab.Object) []*vocab.Object {
	out := make([]*vocab.Object, len(list))
	for i, e := range list {
		out[i] = encode(e)
	}
	return out
}

func (e PhaseEntry) encode() *vocab.Object {
	return vocab.New("", "").SetString("phase", e.Phase).SetDate("date", e.Date).SetString("comment", e.Comment)
}

func (e Partner) encode() *vocab.Object {
	return vocab.New("", "").SetString("name", e.Name).SetString("partner", e.Actor).SetString("role", e.Role)
}

func (e Indicator) encode() *vocab.Object {
	o := vocab.New("", "").SetString("name", e.Name).SetString("unitText", e.Unit)
	setNumber(o, "baseline", e.Baseline)
	setNumber(o, "target", e.Target)
	setNumber(o, "value", e.Value)
	return o.SetDate("date", e.Date).SetString("isBasedOn", e.Source).SetString("method", e.Method)
}

func (c Costs) encode() *vocab.Object {
	o := vocab.New("", "")
	setNumber(o, "investment", c.Investment)
	setNumber(o, "yearly", c.Yearly)
	setNumber(o, "fullTimeEquivalent", c.FTE)
	return o.SetString("fundedBy", c.FundedBy)
}

func setNumber(o *vocab.Object, key string, v *float64) {
	if v != nil {
		o.SetNumber(key, *v)
	}
}

func (p *Project) attachments() []*vocab.Object {
	var out []*vocab.Object
	lang := i18n.Lang(p.Language)
	add := func(name, value string) {
		if value != "" {
			out = append(out, propertyValue(name, value))
		}
	}
	add("Phase", Phases.Label(p.Phase, lang))
	var places []string
	for _, key := range p.Territories {
		if t, ok := TerritoryByKey(key); ok {
			places = append(places, t.Name)
		}
	}
	add(i18n.T(lang, "project.territories"), strings.Join(places, ", "))
	for _, l := range p.Links {
		if l.Href != "" {
			out = append(out, vocab.New(vocab.Link, "").SetString("mediaType", "text/html").SetString("name", l.Name).SetString("href", l.Href))
		}
	}
	return out
}

// Validate says what is missing; see Thing. The seven fields of product §2.C are asked for by the form; here only what the wire cannot do without.
func (p *Project) Validate() error {
	if err := p.Profile.Validate(); err != nil {
		return err
	}
	switch {
	case p.Phase == "":
		return FieldError("phase", "a phase is needed, one of %s", strings.Join(Phases.IDs(), ", "))
	case !Phases.Has(p.Phase):
		return FieldError("phase", "no phase is called %q; it is one of %s", p.Phase, strings.Join(Phases.IDs(), ", "))
	case len([]rune(p.Promise)) > maxPromise:
		return FieldError("promise", "a promise has at most %d characters", maxPromise)
	}
	for _, list := range []struct {
		field  string
		scheme *Scheme
		codes  []string
	}{{"themes", &Themes, p.Themes}, {"publics", &Publics, p.Publics}, {"sdg", &SDGs, p.SDGs}, {"phaseHistory", &Phases, p.phases()}, {"stopReason", &StopReasons, []string{p.StopReason}}} {
		for _, code := range list.codes {
			if code != "" && !list.scheme.Has(code) {
				return FieldError(list.field, "no %s is called %q; it is one of %s", list.scheme.EN, code, strings.Join(list.scheme.IDs(), ", "))
			}
		}
	}
	for _, e := range p.Partners {
		if e.Name == "" && e.Actor == "" || e.Role != "" && !PartnerRoles.Has(e.Role) {
			return FieldError("partners", "each partner needs a name, and a role among %s", strings.Join(PartnerRoles.IDs(), ", "))
		}
	}
	return nil
}

// phases lists the codes of the history.
func (p *Project) phases() []string {
	codes := make([]string, len(p.History))
	for i, e := range p.History {
		codes[i] = e.Phase
	}
	return codes
}

// Columns extracts what queries need; see Thing.
func (p *Project) Columns() Columns {
	c := p.Profile.Columns()
	c.Phase = p.Phase
	for _, t := range p.Themes {
		c.Terms = append(c.Terms, Term{TermTheme, t})
	}
	for _, t := range p.SDGs {
		c.Terms = append(c.Terms, Term{TermSDG, t})
	}
	for _, t := range p.Publics {
		c.Terms = append(c.Terms, Term{TermPublic, t})
	}
	return c
}

// Summary shows the project; see Thing.
func (p *Project) Summary(lang i18n.Lang) Summary {
	s := p.Profile.Summary(lang)
	s.Lead, s.Image = p.Promise, p.Image
	return s
}

// LastStep is the last of the six steps the project reached: a paused or stopped one keeps its cells, in grey.
func (p *Project) LastStep() string {
	if Phases.IsStep(p.Phase) {
		return p.Phase
	}
	for i := len(p.History) - 1; i >= 0; i-- {
		if Phases.IsStep(p.History[i].Phase) {
			return p.History[i].Phase
		}
	}
	return ""
}

// Succeed prepares p as the next version of was: the history is append-only (product V1), so entries that were there stay, and a change of
// phase without an entry of its own gets one, dated at.
func (p *Project) Succeed(was *Project, at time.Time, comment string) {
	added := p.History
	if len(added) >= len(was.History) {
		added = added[len(was.History):]
	} else {
		added = nil
	}
	p.History = append(append([]PhaseEntry(nil), was.History...), added...)
	last := ""
	if n := len(p.History); n > 0 {
		last = p.History[n-1].Phase
	}
	if p.Phase != "" && p.Phase != last {
		p.History = append(p.History, PhaseEntry{Phase: p.Phase, Date: at, Comment: comment})
	}
}
