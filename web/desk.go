package web

import (
	"net/http"
	"slices"

	"github.com/gorilla/mux"

	"essaim/internal/activity"
	"essaim/internal/essaim"
	"essaim/internal/store"
)

func (p *Pages) deskRoutes() []route {
	return []route{
		{"/admin", p.adminDoor, get, moderators},
		{"/admin/signalements", p.desk, get, moderators},
		{"/admin/signalements/{id}", p.deskCase, getPost, moderators},
		{"/admin/comptes", p.standings, getPost, moderators},
		{"/admin/inscriptions", p.applications, getPost, moderators},
		{"/admin/journal", p.journal, get, moderators},
	}
}

// adminDoor is the tasks that wait.
func (p *Pages) adminDoor(r *http.Request, v *view) error {
	type task struct {
		Label, Page string
		Count       int64
	}
	reports, err := store.CountReports(r.Context(), p.DB.Read())
	if err != nil {
		return err
	}
	waiting, err := store.CountPendingAccounts(r.Context(), p.DB.Read())
	if err != nil {
		return err
	}
	v.Page, v.Title = "admin", v.T("admin.title")
	v.Data = []task{{v.T("desk.title"), "/admin/signalements", reports}, {v.T("applications.title"), "/admin/inscriptions", waiting}}
	return nil
}

// deskView is the queue of reports.
type deskView struct {
	Tabs  []tab
	Lines []*reportLine
}

// desk lists the open reports, or those that were decided.
func (p *Pages) desk(r *http.Request, v *view) error {
	decided := r.URL.Query().Get("decides") != ""
	page := pageOf(r, 30)
	reports, err := store.ReportPage(r.Context(), p.DB.Read(), decided, page)
	if err != nil {
		return err
	}
	d := &deskView{Tabs: []tab{{Label: v.T("desk.open_tab"), Page: "/admin/signalements", Current: !decided}, {Label: v.T("desk.decided_tab"), Page: "/admin/signalements?decides=1", Current: decided}}}
	reports = turn(r, v, reports, page, func(x *store.Report) essaim.ID { return x.ID })
	d.Lines, err = p.reportLines(r, v, reports)
	v.Page, v.Title, v.Data = "desk", v.T("desk.title"), d
	return err
}

// caseView is one report with its history, and the decision.
type caseView struct {
	*form
	*reportLine
	History []*reportLine
}

// deskCase is `/admin/signalements/{id}`: what was reported, by whom, what came before, and a reasoned decision.
func (p *Pages) deskCase(r *http.Request, v *view) error {
	ctx, q := r.Context(), p.DB.Read()
	id, err := essaim.ParseID(mux.Vars(r)["id"])
	if err != nil {
		return store.ErrNotFound
	}
	report, err := store.ReportByID(ctx, q, id)
	if err != nil {
		return err
	}
	lines, err := p.reportLines(r, v, []*store.Report{report})
	if err != nil {
		return err
	}
	f := (&form{Values: r.PostForm, Fields: []*field{
		{Name: "decision", Label: v.T("desk.decision"), Kind: "radio", Wide: true, Required: true, Groups: decisions(v)},
		{Name: "motif", Label: v.T("desk.why"), Hint: v.T("desk.why_hint"), Kind: "textarea", Rows: 4, Required: true, Max: 2000},
		{Name: "confirmer", Label: v.T("desk.confirm"), Hint: v.T("desk.confirm_hint"), Kind: "checkbox"},
	}}).single(r)
	if err := p.draft(r, v, f); err != nil {
		return err
	}
	c := &caseView{form: f, reportLine: lines[0]}
	v.Page, v.Title, v.Data = "case", v.T("desk.case", lines[0].About), c
	history, err := store.ReportsAbout(ctx, q, report.Target)
	if err != nil {
		return err
	}
	if c.History, err = p.reportLines(r, v, history); err != nil || r.Method != http.MethodPost {
		return err
	}
	if !report.Open() {
		return f.fault(v, "", v.T("desk.already"))
	}
	if hard[f.Get("decision")] && f.Get("confirmer") == "" {
		f.add(v, "confirmer", v.T("desk.confirm_missing"))
	}
	if !f.check(v) || len(f.Wrong) > 0 {
		return nil
	}
	err = p.Activity.Decide(ctx, activity.Decision{Report: id, By: v.User.Account.ID, Verdict: f.Get("decision"), Note: f.Get("motif")})
	if err != nil {
		return f.refuse(v, err, nil)
	}
	return v.done("/admin/signalements", "decided")
}

// decisions are those that act.
func decisions(v *view) []optionGroup {
	groups := conceptChoices(v, &essaim.ModerationDecisions, "")
	groups[0].Options = slices.DeleteFunc(groups[0].Options, func(o option) bool { return o.Value == activity.NotCarriedOut })
	return groups
}

// hard are the decisions that ask twice.
var hard = map[string]bool{"content_removed": true, "account_suspended": true, "instance_suspended": true}

// standingsView lists the actors that are limited or suspended.
type standingsView struct{ Items []*actorView }

// standings is `/admin/comptes`: whom a decision limits, and the way back.
func (p *Pages) standings(r *http.Request, v *view) error {
	if r.Method == http.MethodPost {
		id, err := essaim.ParseID(r.PostForm.Get("acteur"))
		if err != nil {
			return store.ErrNotFound
		}
		if err := p.Activity.Reinstate(r.Context(), id, v.User.Account.ID, r.PostForm.Get("motif")); err != nil {
			return err
		}
		return v.done("/admin/comptes", "reinstated")
	}
	cards, err := store.Restrained(r.Context(), p.DB.Read())
	v.Page, v.Title, v.Sentence, v.Data = "standings", v.T("standings.title"), v.T("standings.lede"), &standingsView{p.showActors(v.Lang, cards)}
	return err
}

// applicationsView lists who asked to join; Link is the one-time link of somebody just let in, when no letter can carry it.
type applicationsView struct {
	Waiting []*store.SignUp
	Link    string
}

// applications is `/admin/inscriptions`: who asked to join, and waits.
func (p *Pages) applications(r *http.Request, v *view) error {
	ctx, a := r.Context(), &applicationsView{}
	v.Page, v.Title, v.Sentence, v.Data = "applications", v.T("applications.title"), v.T("applications.lede"), a
	if r.Method == http.MethodPost {
		id, err := essaim.ParseID(r.PostForm.Get("demande"))
		if err != nil {
			return store.ErrNotFound
		}
		word := "approved"
		if r.PostForm.Get("geste") == "approve" {
			_, a.Link, err = p.Auth.Approve(ctx, id, v.User.Card.Handle)
		} else {
			word, err = "refused", p.Auth.Refuse(ctx, id, v.User.Card.Handle, r.PostForm.Get("motif"))
		}
		if err != nil {
			return err
		}
		if a.Link == "" {
			return v.done("/admin/inscriptions", word)
		}
	}
	var err error
	a.Waiting, err = store.PendingAccounts(ctx, p.DB.Read(), 0, 100)
	return err
}

// journal is every act of moderation and administration, newest first; nothing in it can be changed.
func (p *Pages) journal(r *http.Request, v *view) error {
	page := pageOf(r, 50)
	entries, err := store.AuditPage(r.Context(), p.DB.Read(), page)
	if err != nil {
		return err
	}
	type line struct {
		*store.AuditEntry
		Date, What string
	}
	var lines []line
	for _, e := range turn(r, v, entries, page, func(e *store.AuditEntry) essaim.ID { return e.ID }) {
		what := essaim.ModerationDecisions.Label(e.Verb, v.Lang)
		if s := v.T("journal." + e.Verb); s != v.Typo("journal."+e.Verb) {
			what = s
		}
		lines = append(lines, line{e, v.Moment(e.At), v.Typo(what)})
	}
	v.Page, v.Title, v.Sentence, v.Data = "journal", v.T("journal.title"), v.T("journal.lede"), lines
	return nil
}
