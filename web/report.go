package web

import (
	"context"
	"net/http"

	"essaim/federation/vocab"
	"essaim/internal/activity"
	"essaim/internal/essaim"
	"essaim/internal/i18n"
	"essaim/internal/store"
)

// reportView is the page on which something is reported (product U21, L6).
type reportView struct {
	*form
	Actor  *actorView
	Object *objectView
	Remote string // the server it is of, when that is another
	Cancel string
}

func (p *Pages) reportRoutes() []route {
	return []route{
		{"/signaler", p.report, getPost, members},
		{"/signalements", p.myReports, get, members},
	}
}

// report is `/signaler?objet=ID`: a post, an event, a project or somebody, of here or of elsewhere.
func (p *Pages) report(r *http.Request, v *view) error {
	s := &reportView{}
	iris, err := p.reported(r, v, s)
	if err != nil {
		return err
	}
	s.form = (&form{Values: r.PostForm, Fields: []*field{
		{Name: "raison", Label: v.T("report.reason"), Kind: "radio", Wide: true, Required: true, Groups: conceptChoices(v, &essaim.ModerationReasons, "")},
		{Name: "texte", Label: v.T("report.text"), Hint: v.T("report.text_hint"), Kind: "textarea", Rows: 4, Max: 3000},
		{Name: "bonne_foi", Label: v.T("report.faith"), Kind: "checkbox", Required: true},
	}}).single(r)
	if s.Remote != "" {
		s.Fields = append(s.Fields, &field{Name: "transmettre", Label: v.T("report.forward", s.Remote), Hint: v.T("report.forward_hint"), Kind: "checkbox"})
	}
	v.Page, v.Title, v.Data = "report", v.T("report.title"), s
	if r.Method != http.MethodPost {
		return p.draft(r, v, s.form)
	}
	if !s.check(v) {
		return nil
	}
	content := i18n.T(i18n.FR, "report.says", essaim.ModerationReasons.Label(s.Get("raison"), i18n.FR), s.Get("texte"))
	flag := &vocab.Activity{Type: vocab.Flag, Actor: v.User.Card.IRI, Content: content, Reason: s.Get("raison"), Object: vocab.Item{ID: iris[0]}}
	for _, iri := range iris {
		flag.Objects = append(flag.Objects, vocab.Item{ID: iri})
	}
	from := activity.Local(v.User.Account.ID).Also(func(ctx context.Context, tx *store.Tx) error { return p.spend(ctx, tx, s.form, v.User.Account.ID) })
	if s.Get("transmettre") == "" {
		from = from.KeptHere()
	}
	if _, err := p.Activity.Apply(r.Context(), flag, from); err != nil && !sent(err) {
		return s.refuse(v, err, nil)
	}
	return v.done("/signalements", "reported")
}

// reported finds what is reported, which the visitor must be able to see: the author's id first, then the object's.
func (p *Pages) reported(r *http.Request, v *view, s *reportView) ([]string, error) {
	ctx, q := r.Context(), p.DB.Read()
	id, err := essaim.ParseID(r.URL.Query().Get("objet"))
	if err != nil {
		return nil, store.ErrNotFound
	}
	cards, err := store.CardsByID(ctx, q, []essaim.ID{id})
	if err != nil {
		return nil, err
	}
	if c := cards[id]; c != nil {
		if c.State == store.GoneActor || c.ID == v.User.Card.ID {
			return nil, store.ErrNotFound
		}
		s.Actor, s.Cancel = p.showActor(v.Lang, c), actorPage(c)
		if !c.Local {
			s.Remote = c.AtHost
		}
		return []string{c.IRI}, nil
	}
	o, seen, err := p.seen(ctx, v, id)
	if err != nil || !seen {
		return nil, store.ErrNotFound
	}
	items, err := p.showAll(ctx, v.Lang, []*store.Object{o})
	if err != nil || items[0].Author == nil {
		return nil, store.ErrNotFound
	}
	s.Object, s.Cancel = items[0], items[0].safePage()
	if !o.Local {
		s.Remote = o.Host
	}
	return []string{items[0].Author.IRI, o.IRI}, nil
}

// reportLine is a report as its author or a moderator reads it.
type reportLine struct {
	*store.Report
	Page, Date, About, AboutPage, By, ReasonLabel, Outcome string
}

// reportLines shows reports with whom they are about and by.
func (p *Pages) reportLines(r *http.Request, v *view, reports []*store.Report) ([]*reportLine, error) {
	var ids []essaim.ID
	for _, x := range reports {
		ids = append(ids, x.Target, x.Reporter)
	}
	cards, err := store.CardsByID(r.Context(), p.DB.Read(), ids)
	if err != nil {
		return nil, err
	}
	var out []*reportLine
	for _, x := range reports {
		line := &reportLine{Report: x, Page: "/admin/signalements/" + x.ID.String(), Date: v.Moment(x.Created), About: v.T("desk.unknown")}
		if c := cards[x.Target]; c != nil {
			line.About, line.AboutPage = p.showActor(v.Lang, c).Name+" ("+c.Address()+")", actorPage(c)
		}
		if c := cards[x.Reporter]; c != nil {
			line.By = c.Address()
		}
		if x.Reason != "" {
			line.ReasonLabel = v.Typo(essaim.ModerationReasons.Label(x.Reason, v.Lang))
		}
		if line.Outcome = v.T("desk.open"); !x.Open() {
			line.Outcome = v.Typo(essaim.ModerationDecisions.Label(x.Decision, v.Lang))
		}
		out = append(out, line)
	}
	return out, nil
}

// myReports tells a person what became of what they reported, and of what was decided about them.
func (p *Pages) myReports(r *http.Request, v *view) error {
	type both struct{ Mine, Mind []*reportLine }
	b := &both{}
	v.Page, v.Title, v.Sentence, v.Data = "myreports", v.T("reports.title"), v.T("reports.lede"), b
	mine, err := store.ReportsBy(r.Context(), p.DB.Read(), v.User.Card.ID)
	if err != nil {
		return err
	}
	if b.Mine, err = p.reportLines(r, v, mine); err != nil {
		return err
	}
	about, err := store.ReportsAbout(r.Context(), p.DB.Read(), v.User.Card.ID)
	if err != nil {
		return err
	}
	var decided []*store.Report
	for _, x := range about {
		if !x.Open() && x.Decision != "no_action" {
			decided = append(decided, x)
		}
	}
	b.Mind, err = p.reportLines(r, v, decided)
	return err
}
