package activity

import (
	"context"
	"testing"

	"essaim/federation/vocab"
	"essaim/internal/essaim"
	"essaim/internal/store"
)

// team is what a test asks of memberships.
type team struct {
	*world
	iri  string
	id   essaim.ID
	them map[string]essaim.ID // accounts
}

func newTeam(w *world) *team {
	t := &team{world: w, them: map[string]essaim.ID{"ines": w.account}}
	out := w.do(project(w, "mobilite"))
	t.iri, t.id = out.Object.IRI, out.Object.ID
	for _, handle := range []string{"paul", "zoe"} {
		t.them[handle] = w.person(handle)
	}
	return t
}

// as applies an activity as somebody and holds what comes of it.
func (t *team) as(who string, a *vocab.Activity, want essaim.Code) {
	t.t.Helper()
	if _, err := t.Apply(context.Background(), a, Local(t.them[who])); essaim.CodeOf(err) != want {
		t.t.Errorf("%s by %s of %q: %v, want %q", a.Type, who, a.Name, err, want)
	}
}

func (t *team) is(who, role string, state store.RelationState) {
	t.t.Helper()
	rel, err := store.FindRelation(context.Background(), t.DB.Read(), store.RelMember, t.object(t.actor(who)).ID, t.id)
	switch {
	case err != nil && role != "":
		t.t.Errorf("%s is nobody: %v", who, err)
	case err == nil && (rel.Role != role || rel.State != state):
		t.t.Errorf("%s is %s (%d), not %s (%d)", who, rel.Role, rel.State, role, state)
	}
}

func (t *team) told(who string) (kinds []string) {
	t.t.Helper()
	list, err := store.Notifications(context.Background(), t.DB.Read(), t.object(t.actor(who)).ID, store.Page{})
	if err != nil {
		t.t.Fatal(err)
	}
	for _, n := range list {
		kinds = append(kinds, n.Kind)
	}
	return kinds
}

func TestATeam(t *testing.T) {
	each(t, func(w *world) {
		t := newTeam(w)
		paul, zoe := t.actor("paul"), t.actor("zoe")
		before := len(t.queued())
		t.as("paul", Invite(t.iri, zoe, RoleEditor), essaim.Forbidden)
		t.as("ines", Invite(t.iri, paul, "king"), essaim.Invalid)
		t.as("ines", Invite(t.iri, paul, RoleRequested), essaim.Invalid)
		t.as("ines", Invite(t.actor("ines"), paul, RoleMember), essaim.Invalid)
		t.as("ines", Add(t.iri, paul, RoleOwner), essaim.Conflict) // nobody is made a member who did not agree
		t.as("ines", Invite(t.iri, paul, RoleEditor), "")
		t.is("paul", RoleInvited, store.Pending)
		t.as("ines", Add(t.iri, paul, RoleOwner), essaim.Conflict)
		t.as("paul", Create(t.iri, &essaim.Post{HTML: "<p>x</p>"}), essaim.Forbidden)
		t.as("paul", About(vocab.Join, paul, t.iri), "")
		t.is("paul", RoleEditor, store.Accepted)
		t.as("paul", Create(t.iri, &essaim.Post{HTML: "<p>x</p>"}), "")
		t.as("paul", Invite(t.iri, zoe, RoleMember), essaim.Forbidden) // an editor writes, and does not choose people
		t.as("ines", Invite(t.iri, paul, RoleOwner), essaim.Conflict)
		t.as("zoe", About(vocab.Join, zoe, t.iri), "")
		t.is("zoe", RoleRequested, store.Pending)
		t.as("zoe", About(vocab.Join, zoe, t.iri), "")
		t.as("zoe", Add(t.iri, zoe, RoleOwner), essaim.Forbidden) // nobody lets herself in
		t.as("paul", Add(t.iri, zoe, RoleMember), essaim.Forbidden)
		t.as("ines", Add(t.iri, zoe, RoleMember), "")
		t.is("zoe", RoleMember, store.Accepted)
		t.as("zoe", Create(t.iri, &essaim.Post{HTML: "<p>x</p>"}), essaim.Forbidden)
		t.as("paul", About(vocab.Leave, zoe, t.iri), essaim.Forbidden) // for somebody else
		t.as("ines", About(vocab.Leave, t.actor("ines"), t.iri), essaim.Conflict)
		t.as("ines", Add(t.iri, t.actor("ines"), RoleMember), essaim.Conflict)
		t.as("ines", About(vocab.Remove, t.iri, t.actor("ines")), essaim.Conflict)
		t.as("ines", About(vocab.Delete, t.actor("ines"), t.actor("ines")), essaim.Conflict)
		t.as("ines", Add(t.iri, paul, RoleOwner), "")
		t.as("ines", About(vocab.Leave, t.actor("ines"), t.iri), "")
		t.is("ines", "", 0)
		t.as("paul", About(vocab.Remove, t.iri, zoe), "")
		t.is("zoe", "", 0)
		t.as("paul", Invite(t.iri, zoe, RoleMember), "")
		t.as("zoe", About(vocab.Leave, zoe, t.iri), "") // declines
		t.is("zoe", "", 0)
		if n := len(t.queued()); n != before {
			w.t.Errorf("%d deliveries: memberships stay here", n-before)
		}
	})
}

// Somebody of another server cannot belong, nor say who does.
func TestATeamIsOfThisInstance(t *testing.T) {
	each(t, func(w *world) {
		t := newTeam(w)
		w.meet(yann)
		t.as("ines", Invite(t.iri, yann, RoleEditor), essaim.Invalid)
		for _, typ := range []string{vocab.Join, vocab.Leave, vocab.Invite, vocab.Add, vocab.Remove} {
			a := &vocab.Activity{ID: yann + "/" + typ, Type: typ, Actor: yann, Object: vocab.Item{ID: t.iri}, Name: RoleOwner}
			if out, err := w.Apply(context.Background(), a, Remote(yann)); err != nil || out.Status != Ignored {
				w.t.Errorf("%s: %v %v", typ, out.Status, err)
			}
		}
		if n, err := store.CountSources(context.Background(), w.DB.Read(), store.RelMember, t.id); err != nil || n != 1 {
			w.t.Errorf("%d members, %v", n, err)
		}
	})
}

// What reaches a team reaches the members who chose to hear; what they may not see is not told to them.
func TestATeamHears(t *testing.T) {
	each(t, func(w *world) {
		t := newTeam(w)
		ctx := context.Background()
		for who, role := range map[string]string{"paul": RoleEditor, "zoe": RoleMember} {
			w.member(who, t.iri, role)
		}
		lea := w.person("lea")
		count := func(who string) int { w.t.Helper(); return len(t.told(who)) }
		ines, paul, zoe := count("ines"), count("paul"), count("zoe")
		if _, err := w.Apply(ctx, About(vocab.Follow, w.actor("lea"), t.iri), Local(lea)); err != nil {
			w.t.Fatal(err)
		}
		if count("ines") != ines+1 || count("paul") != paul+1 || count("zoe") != zoe {
			w.t.Errorf("a follow: %v %v %v", t.told("ines"), t.told("paul"), t.told("zoe"))
		}
		err := w.DB.Write(ctx, store.Promised, func(tx *store.Tx) error {
			if err := tx.SetHearing(ctx, t.id, w.object(w.actor("paul")).ID, false); err != nil {
				return err
			}
			return tx.SetHearing(ctx, t.id, w.object(w.actor("zoe")).ID, true)
		})
		if err != nil {
			w.t.Fatal(err)
		}
		mention := func(to ...string) {
			post := &essaim.Post{HTML: "<p>Bravo</p>", Mentions: []vocab.Tag{{Type: vocab.Mention, Href: t.iri, Name: "@mobilite"}}}
			a := Create(w.actor("lea"), post)
			a.To = to
			if _, err := w.Apply(ctx, a, Local(lea)); err != nil {
				w.t.Fatal(err)
			}
		}
		mention(vocab.Public)
		if count("ines") != ines+2 || count("paul") != paul+1 || count("zoe") != zoe+1 {
			w.t.Errorf("a mention: %v %v %v", t.told("ines"), t.told("paul"), t.told("zoe"))
		}
		list, err := store.Notifications(ctx, w.DB.Read(), w.object(w.actor("zoe")).ID, store.Page{})
		if err != nil || list[0].Via != t.id || list[0].Kind != "mention" || list[0].Object == 0 {
			w.t.Errorf("%+v %v", list[0], err)
		}
		mention(t.iri) // for the team alone
		if count("ines") != ines+2 || count("zoe") != zoe+1 {
			w.t.Errorf("what they may not see: %v %v", t.told("ines"), t.told("zoe"))
		}
		if _, err := w.Apply(ctx, Create(t.iri, &essaim.Post{HTML: "<p>x</p>", Mentions: []vocab.Tag{{Type: vocab.Mention, Href: w.actor("ines"), Name: "@ines"}}}), Local(w.account)); err != nil {
			w.t.Fatal(err)
		}
		if count("ines") != ines+2 {
			w.t.Errorf("ines hears of what she did herself: %v", t.told("ines"))
		}
	})
}

// An organisation that nobody holds: the admins hear of who asks for it.
func TestAnOrganisationWithoutAnOwner(t *testing.T) {
	each(t, func(w *world) {
		t := newTeam(w)
		ctx := context.Background()
		out, err := w.Apply(ctx, Create(w.Site.Instance(), &essaim.Profile{Kind: essaim.KindOrganisation, Handle: "mairie", Name: "Mairie"}), System())
		if err != nil {
			w.t.Fatal(err)
		}
		t.iri, t.id = out.Object.IRI, out.Object.ID
		if err := w.DB.Write(ctx, store.Promised, func(tx *store.Tx) error { return tx.SetRole(ctx, w.account, "admin") }); err != nil {
			w.t.Fatal(err)
		}
		before := len(t.told("ines"))
		t.as("paul", About(vocab.Join, t.actor("paul"), t.iri), "")
		if got := t.told("ines"); len(got) != before+1 || got[0] != "team_request" {
			w.t.Errorf("the admin was told %v", got)
		}
		if _, err := w.Apply(ctx, Add(t.iri, t.actor("paul"), RoleOwner), System()); err != nil {
			w.t.Fatal(err)
		}
		t.is("paul", RoleOwner, store.Accepted)
		t.as("paul", Invite(t.iri, t.actor("zoe"), RoleOwner), "")
	})
}
