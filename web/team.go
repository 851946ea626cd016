package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"essaim/federation/vocab"
	"essaim/internal/activity"
	"essaim/internal/essaim"
	"essaim/internal/store"
	"essaim/internal/text"
)

func (p *Pages) teamRoutes() []route {
	return []route{
		{"/equipes", p.teams, get, members},
		{"/organisations/nouvelle", p.newOrganisation, getPost, members},
		{"/@{handle:[^/]+}/equipe", p.team, getPost, everybody},
	}
}

// teamView is who belongs to a project or an organisation and, for who says so, how to change it.
type teamView struct {
	*form            // invites somebody
	Of               *actorView
	Members, Waiting []*memberView
	Unlisted         int
	Role             string // of the visitor; "" for none, invited and requested included
	Hears            bool   // the visitor is told of what reaches the team
	Manages          bool
	Unowned          bool
	Roles            []option
}

type memberView struct {
	*actorView
	Role, RoleName string
	Mine           bool
	Roles          []option
}

// team is `/@{handle}/equipe`.
func (p *Pages) team(r *http.Request, v *view) error {
	c, err := p.findActor(r)
	if err != nil {
		return err
	}
	if !c.Local || c.Kind != essaim.KindProject && c.Kind != essaim.KindOrganisation && c.Kind != essaim.KindAccelerator {
		return store.ErrNotFound
	}
	t, err := p.showTeam(r.Context(), v, c)
	if err != nil {
		return err
	}
	v.Page, v.Title, v.Data = "team", v.T("team.title", t.Of.Name), t
	if r.Method != http.MethodPost {
		return nil
	}
	if v.User == nil {
		return p.askToSignIn(r, v, t.Of.Page+"/equipe")
	}
	return p.changeTeam(r, v, t)
}

func (p *Pages) showTeam(ctx context.Context, v *view, c *store.Card) (*teamView, error) {
	t := &teamView{Of: p.showActor(v.Lang, c), form: inviteForm(v, url.Values{"role": {activity.RoleEditor}})}
	list, err := store.Team(ctx, p.DB.Read(), c.ID)
	if err != nil {
		return nil, err
	}
	t.Unowned = c.Kind != essaim.KindAccelerator
	for _, m := range list {
		if m.Role == activity.RoleOwner {
			t.Unowned = false
		}
		if m.ID == v.User.ID() {
			t.Role, t.Hears = m.Role, m.Hears
		}
	}
	t.Manages = t.Role == activity.RoleOwner || v.User.Admin() && (t.Unowned || c.Kind == essaim.KindAccelerator)
	inside := t.Manages || t.Role == activity.RoleEditor || t.Role == activity.RoleMember
	for _, m := range list {
		x := &memberView{actorView: p.showActor(v.Lang, m.Card), Role: m.Role, RoleName: v.T("team.role." + m.Role), Mine: m.ID == v.User.ID(), Roles: roleOptions(v, m.Role)}
		switch profile := profileOf(x.Thing); {
		case m.State == store.Pending && (t.Manages || x.Mine):
			t.Waiting = append(t.Waiting, x)
		case m.State == store.Pending:
		case inside || profile != nil && profile.Discoverable:
			t.Members = append(t.Members, x)
		default: // people are shown who chose to be found (ui-R10)
			t.Unlisted++
		}
	}
	return t, nil
}

func inviteForm(v *view, values url.Values) *form {
	return &form{Values: values, Fields: []*field{
		{Name: "personne", Label: v.T("team.person"), Hint: v.T("team.person_hint"), Required: true, Max: 100, Autocomplete: "off"},
		{Name: "role", Label: v.T("team.role"), Kind: "radio", Required: true, Wide: true, Groups: []optionGroup{{Options: roleOptions(v, "")}}},
	}}
}

// roleOptions are the roles that are given, with what each allows.
func roleOptions(v *view, chosen string) []option {
	var out []option
	for _, role := range []string{activity.RoleOwner, activity.RoleEditor, activity.RoleMember} {
		out = append(out, option{Value: role, Label: v.T("team.role." + role), Hint: v.T("team.role." + role + "_hint"), Chosen: role == chosen})
	}
	return out
}

// changeTeam carries out one of the buttons of the page.
func (p *Pages) changeTeam(r *http.Request, v *view, t *teamView) error {
	ctx, me, team := r.Context(), v.User.Card.IRI, t.Of.IRI
	var a *vocab.Activity
	done := "team"
	switch act := r.PostFormValue("acte"); act {
	case "demander", "accepter":
		a = activity.About(vocab.Join, me, team)
		if t.Role == "" {
			done = "team_asked"
		}
	case "quitter":
		a = activity.About(vocab.Leave, me, team)
	case "ecoute":
		if t.Role == "" || t.Role == activity.RoleInvited || t.Role == activity.RoleRequested {
			return store.ErrNotFound
		}
		err := p.DB.Write(ctx, store.Promised, func(tx *store.Tx) error {
			return tx.SetHearing(ctx, t.Of.ID, v.User.ID(), r.PostFormValue("entend") == "1")
		})
		if err != nil {
			return err
		}
		return v.done(t.Of.Page+"/equipe", "saved")
	case "inviter":
		f := inviteForm(v, r.PostForm)
		t.form = f
		if !f.check(v) {
			return nil
		}
		person, err := p.memberNamed(ctx, f.Get("personne"))
		if err != nil {
			return f.refuse(v, err, map[string]string{"person": "personne", "far": "personne", "nobody": "personne"})
		}
		a, done = activity.Invite(team, person, f.Get("role")), "team_invited"
	case "ajouter", "retirer":
		person := p.Site.Actor(strings.ToLower(r.PostFormValue("qui")))
		a = activity.About(vocab.Remove, team, person)
		if act == "ajouter" {
			a = activity.Add(team, person, r.PostFormValue("role"))
		}
	default:
		return store.ErrNotFound
	}
	if err := p.applyToTeam(r, v, t, a); err != nil {
		return t.form.refuse(v, err, map[string]string{"person": "personne", "owner": ""})
	}
	if a.Type == vocab.Leave && t.Role != activity.RoleInvited && t.Role != activity.RoleRequested {
		return v.done("/equipes", "team_left")
	}
	return v.done(t.Of.Page+"/equipe", done)
}

// applyToTeam acts as the visitor, or as the instance when an admin answers for an organisation that nobody holds: that is kept in the log.
func (p *Pages) applyToTeam(r *http.Request, v *view, t *teamView, a *vocab.Activity) error {
	if a.Actor == t.Of.IRI && t.Unowned && v.User.Admin() {
		_, err := p.Activity.Apply(r.Context(), a, activity.System().Also(func(ctx context.Context, tx *store.Tx) error {
			return p.audit(ctx, tx, v, "team", "@"+t.Of.Card.Handle, a.Type+" "+a.Object.ID+" "+a.Name)
		}))
		return err
	}
	_, err := p.do(r, v, a, nil)
	return err
}

// memberNamed finds somebody of this instance by a handle, with or without the host.
func (p *Pages) memberNamed(ctx context.Context, typed string) (string, error) {
	handle, host, far := strings.Cut(strings.ToLower(strings.TrimPrefix(strings.TrimSpace(typed), "@")), "@")
	if far && host != p.Site.Host {
		return "", &essaim.Error{Code: essaim.Invalid, Field: "far", Sentence: "only people of this instance can belong to a team"}
	}
	a, err := store.ActorByHandle(ctx, p.DB.Read(), handle, p.Site.Host)
	if errors.Is(err, store.ErrNotFound) || err == nil && a.Kind != essaim.KindPerson {
		return "", &essaim.Error{Code: essaim.Invalid, Field: "nobody", Sentence: "nobody here is called " + handle}
	}
	if err != nil {
		return "", err
	}
	return a.IRI, nil
}

// teamsView is what a visitor belongs to.
type teamsView struct{ Invited, Asked, Mine []*memberView }

// teams is `/equipes`: invitations first, since they wait.
func (p *Pages) teams(r *http.Request, v *view) error {
	cards, err := store.TeamsOf(r.Context(), p.DB.Read(), v.User.ID())
	t := &teamsView{}
	v.Page, v.Title, v.Data = "teams", v.T("teams.title"), t
	for _, c := range cards {
		x := &memberView{actorView: p.showActor(v.Lang, c), Role: c.Role, RoleName: v.T("team.role." + c.Role)}
		switch c.Role {
		case activity.RoleInvited:
			t.Invited = append(t.Invited, x)
		case activity.RoleRequested:
			t.Asked = append(t.Asked, x)
		default:
			t.Mine = append(t.Mine, x)
		}
	}
	return err
}

// newOrganisation founds an organisation; who founds it is its owner.
func (p *Pages) newOrganisation(r *http.Request, v *view) error {
	var kinds []option
	for _, c := range essaim.ActorKinds.Concepts {
		if c.ID != essaim.ActorCitizen && c.ID != essaim.ActorElectedOfficial {
			kinds = append(kinds, option{Value: c.ID, Label: v.Typo(essaim.ActorKinds.Label(c.ID, v.Lang))})
		}
	}
	f := &form{Values: r.PostForm, Fields: []*field{
		{Name: "nom", Label: v.T("organisation.name"), Required: true, Max: 100, Autocomplete: "organization"},
		{Name: "identifiant", Label: v.T("signup.handle"), Hint: v.T("organisation.handle_hint"), Required: true, Max: 31, Autocomplete: "off"},
		{Name: "nature", Label: v.T("organisation.kind"), Kind: "select", Required: true, Groups: []optionGroup{{Options: append([]option{{Value: "", Label: v.T("organisation.choose")}}, kinds...)}}},
		{Name: "presentation", Label: v.T("profile.about"), Hint: v.T("profile.about_hint"), Kind: "textarea", Rows: 4, Max: 2000},
		{Name: "territoires", Label: v.T("profile.territories"), Hint: v.T("profile.territories_hint"), Max: 300},
	}}
	v.plain(v.T("organisation.title"), &plainPage{form: f.single(r), Button: v.T("organisation.go"), Text: []string{v.T("organisation.lead")}})
	if r.Method != http.MethodPost {
		return p.draft(r, v, f)
	}
	if !f.check(v) {
		return nil
	}
	names := map[string]string{"preferredUsername": "identifiant", "name": "nom", "summary": "presentation", "territory": "territoires", "actorKind": "nature"}
	territories, err := territoriesNamed(f.Get("territoires"))
	if err != nil {
		return f.refuse(v, err, names)
	}
	handle := strings.ToLower(strings.TrimPrefix(f.Get("identifiant"), "@"))
	body := &essaim.Profile{Kind: essaim.KindOrganisation, Handle: handle, Name: f.Get("nom"), Source: f.Get("presentation"), Language: string(v.Lang), ActorKind: f.Get("nature"),
		Territories: territories, Discoverable: true, Indexable: true}
	body.HTML = text.Markdown(body.Source)
	_, err = p.do(r, v, activity.Create(v.User.Card.IRI, body), f)
	if err != nil && !sent(err) {
		return f.refuse(v, err, names)
	}
	err = p.DB.Write(r.Context(), store.Relaxed, func(tx *store.Tx) error {
		return tx.DropDraft(r.Context(), v.User.Account.ID, draftName(r.URL.RequestURI()))
	})
	if err != nil {
		return err
	}
	return v.done("/@"+handle+"/equipe", "organisation")
}

// HasTeam tells whether an actor has a page of its team here.
func (a *actorView) HasTeam() bool {
	return a.Local && (a.Kind == essaim.KindProject || a.Kind == essaim.KindOrganisation || a.Kind == essaim.KindAccelerator)
}
