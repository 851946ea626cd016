package web

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/gorilla/mux"

	"essaim/internal/activity"
	"essaim/internal/essaim"
	"essaim/internal/store"
	"essaim/internal/text"
)

// The operator's assistant: `/demarrage` and its steps at the first run, the same forms under `/admin/instance` ever after. What a step says is kept at once, so that
// one can stop and come back.

// setupView is a list of chapters, with the form of one of them when it is that one's page.
type setupView struct {
	*form
	Base     string // address of the list
	Chapters []chapterView
	Here     *chapterView
	Last     bool // of the assistant
	Missing  []string
}

type chapterView struct {
	Slug, Page, Title, Text string
	Number                  int
	Done, Current           bool
}

func (p *Pages) setupRoutes() []route {
	return []route{
		{"/demarrage", p.assistant, get, admins},
		{"/demarrage/{etape}", p.assistant, getPost, admins},
		{"/admin/instance", p.instancePages, get, admins},
		{"/admin/instance/ouverture", p.opening, post, admins},
		{"/admin/instance/{etape}", p.instancePages, getPost, admins},
	}
}

// assistant is the first run: four steps, then the opening.
func (p *Pages) assistant(r *http.Request, v *view) error {
	slug := mux.Vars(r)["etape"]
	i, ok := chapterNamed(slug)
	if slug != "" && (!ok || i >= assistantSteps) {
		return store.ErrNotFound
	}
	next := "/demarrage"
	if ok && i+1 < assistantSteps {
		next += "/" + chapters[i+1].Slug
	}
	return p.setup(r, v, "/demarrage", slug, next, assistantSteps)
}

// instancePages is the same later, chapter by chapter.
func (p *Pages) instancePages(r *http.Request, v *view) error {
	slug := mux.Vars(r)["etape"]
	if _, ok := chapterNamed(slug); slug != "" && !ok {
		return store.ErrNotFound
	}
	return p.setup(r, v, "/admin/instance", slug, "/admin/instance", len(chapters))
}

func (p *Pages) setup(r *http.Request, v *view, base, slug, next string, steps int) error {
	s := &setupView{Base: base, Last: base == "/demarrage", Missing: v.missing()}
	v.Page, v.Title, v.Data, v.Section = "setup", v.T("setup.title"), s, "admin"
	if !s.Last {
		v.Title = v.T("setup.admin_title")
	}
	for i, c := range chapters[:steps] {
		s.Chapters = append(s.Chapters, chapterView{Slug: c.Slug, Page: base + "/" + c.Slug, Title: v.T("setup.step." + c.Slug), Text: v.T("setup.step." + c.Slug + "_text"), Number: i + 1,
			Done: v.chapterDone(c.Slug), Current: c.Slug == slug})
	}
	if slug == "" {
		return nil
	}
	i, _ := chapterNamed(slug)
	s.Here = &s.Chapters[i]
	v.Title = s.Here.Title
	if r.Method != http.MethodPost {
		s.form = chapters[i].form(p, v, nil)
		for _, name := range houseTextNames {
			if s.Field(name) != nil && s.Get(name) == "" {
				s.Values.Set(name, houseText(name))
			}
		}
		return p.draft(r, v, s.form)
	}
	s.form = chapters[i].form(p, v, r.PostForm)
	return p.keepChapter(r, v, chapters[i], s.form, next)
}

// keepChapter writes a chapter and lets the actors of the instance say what changed.
func (p *Pages) keepChapter(r *http.Request, v *view, c chapter, f *form, next string) error {
	if c.mend != nil {
		if err := c.mend(p, v, f); err != nil {
			return err
		}
	}
	if !f.check(v) {
		return nil
	}
	ctx := r.Context()
	after := *v.Settings
	c.write(p, v, f, &after)
	if err := p.introduce(ctx, v, &after); err != nil {
		return f.refuse(v, err, map[string]string{"preferredUsername": "compte", "name": "nom", "summary": "description"})
	}
	err := p.DB.ChangeSettings(ctx, func(tx *store.Tx, s *store.Settings) error {
		c.write(p, v, f, s)
		if s.Body == "" {
			s.Body = after.Body
		}
		if err := tx.DropDraft(ctx, v.User.Account.ID, draftName(r.URL.RequestURI())); err != nil {
			return err
		}
		return p.audit(ctx, tx, v, "settings", "instance", c.Slug)
	})
	if err != nil {
		return err
	}
	return v.done(next, "settings")
}

// audit notes what an administrator did, in the transaction of the act.
func (p *Pages) audit(ctx context.Context, tx *store.Tx, v *view, verb, target, detail string) error {
	now := p.Clock()
	return tx.Audit(ctx, int64(essaim.NewID(now, now, p.Activity.Random())), now, v.User.Card.Handle, verb, target, detail)
}

// introduce has the instance actor and the accelerator bear the name and the words of the settings; the accelerator is founded when it does not exist.
func (p *Pages) introduce(ctx context.Context, v *view, s *store.Settings) error {
	summary := text.Markdown(s.Description)
	if err := p.rename(ctx, p.Site.Instance(), func(o *essaim.Profile) bool {
		changed := o.Name != s.Name || o.HTML != summary
		o.Name, o.HTML = s.Name, summary
		return changed
	}); err != nil || s.Body == "" {
		return err
	}
	found, err := store.ActorByHandle(ctx, p.DB.Read(), s.Body, p.Site.Host)
	if errors.Is(err, store.ErrNotFound) {
		body := &essaim.Profile{Kind: essaim.KindAccelerator, Handle: s.Body, Name: s.Name, HTML: summary, Territories: s.Territories, ActorKind: essaim.ActorPublicAccelerator, Discoverable: true, Indexable: true}
		_, err = p.Activity.Apply(ctx, activity.Create(p.Site.Instance(), body), activity.System())
		return err
	}
	if err != nil || s.Body == v.Settings.Body && s.Name == v.Settings.Name && strings.Join(s.Territories, " ") == strings.Join(v.Settings.Territories, " ") {
		return err
	}
	if found.Kind != essaim.KindAccelerator {
		return &essaim.Error{Code: essaim.Conflict, Field: "preferredUsername", Sentence: "the handle " + s.Body + " is taken"}
	}
	return p.rename(ctx, p.Site.Actor(s.Body), func(o *essaim.Profile) bool {
		o.Name, o.Territories = s.Name, s.Territories
		return true
	})
}

// rename changes an actor of the instance in the name of the instance.
func (p *Pages) rename(ctx context.Context, iri string, change func(*essaim.Profile) bool) error {
	o, err := store.ObjectByIRI(ctx, p.DB.Read(), iri)
	if err != nil {
		return err
	}
	profile, ok := o.Thing().(*essaim.Profile)
	if !ok || !change(profile) {
		return nil
	}
	_, err = p.Activity.Apply(ctx, activity.Update(iri, profile, ""), activity.System())
	return err
}

// opening opens the instance to the public, or closes it again. It does not open without what the law asks for (L3).
func (p *Pages) opening(r *http.Request, v *view) error {
	if noForm(r, v) {
		return nil
	}
	wanted, ctx := r.PostFormValue("public") == "1", r.Context()
	if wanted && len(v.Settings.Missing()) > 0 {
		return v.done("/demarrage", "not_open")
	}
	err := p.DB.ChangeSettings(ctx, func(tx *store.Tx, s *store.Settings) error {
		s.Public = wanted
		return p.audit(ctx, tx, v, "settings", "instance", "public="+r.PostFormValue("public"))
	})
	if err != nil {
		return err
	}
	if wanted {
		return v.done("/", "open")
	}
	return v.done("/admin/instance", "closed")
}

// missing names what is still to be said before the instance can open.
func (v *view) missing() []string {
	var out []string
	for _, name := range v.Settings.Missing() {
		out = append(out, v.T("setup.missing."+name))
	}
	return out
}

// chapterDone tells whether a step of the assistant has what it needs.
func (v *view) chapterDone(slug string) bool {
	s, missing := v.Settings, strings.Join(v.Settings.Missing(), " ")
	switch slug {
	case "identite":
		return s.Body != "" && s.Name != "" && s.SIRET != ""
	case "territoires":
		return len(s.Territories) > 0
	case "responsables":
		return !strings.Contains(missing, "publisher") && !strings.Contains(missing, "hosting") && !strings.Contains(missing, "director")
	case "inscriptions":
		return s.SignUp != ""
	}
	return false
}

// Unfinished tells an admin that the instance is not open yet.
func (v *view) Unfinished() bool { return v.User.Admin() && !v.Demo && !v.Settings.Open() }
