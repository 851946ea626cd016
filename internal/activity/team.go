package activity

import (
	"context"
	"encoding/json"
	"errors"

	"essaim/federation/vocab"
	"essaim/internal/essaim"
	"essaim/internal/store"
)

// Who belongs to a project, an organisation or an accelerator, with which role (V8). A membership is a relation, so it changes through Apply (law 1), by five activities that
// stay here: nothing of them is sent, and what other servers send under these names about a team is passed over, since people of other instances cannot belong yet.
//
//	Invite  the team offers a role to a person
//	Join    the person takes what was offered, or asks to belong
//	Leave   the person goes, declines, or takes the request back
//	Add     the team takes in who asked, or gives a member another role
//	Remove  the team ends a membership, an offer or a request
//
// The role is the name of the activity. A team that has an owner keeps one: the last must hand over before leaving.

// Invite offers a role in a team to a person.
func Invite(team, person, role string) *vocab.Activity {
	return roleIn(vocab.Invite, team, person, role)
}

// Add takes in somebody who asked, or changes the role of a member.
func Add(team, person, role string) *vocab.Activity { return roleIn(vocab.Add, team, person, role) }

func roleIn(typ, team, person, role string) *vocab.Activity {
	a := About(typ, team, person)
	a.Name = role
	return a
}

// Roles that are given; the others of V8 say that a membership is pending.
var givenRoles = []string{RoleOwner, RoleEditor, RoleMember}

// The roles of V8.
const (
	RoleOwner     = "owner"
	RoleEditor    = "editor"
	RoleMember    = "member"
	RoleInvited   = "invited"
	RoleRequested = "requested"
)

// ends are the two ends of a membership an activity is about.
type ends struct{ person, team *store.Actor }

func (c *change) ends(ctx context.Context) (e ends, err error) {
	other, err := c.target(ctx)
	if err != nil {
		return e, err
	}
	e = ends{person: other, team: c.actor}
	if c.a.Type == vocab.Join || c.a.Type == vocab.Leave {
		e = ends{person: c.actor, team: other}
	}
	switch {
	case !e.team.Local || e.team.Kind != essaim.KindProject && e.team.Kind != essaim.KindOrganisation && e.team.Kind != essaim.KindAccelerator:
		return e, essaim.Errorf(essaim.Invalid, "%s has no team here", e.team.Address())
	case !e.person.Local || e.person.Kind != essaim.KindPerson:
		return e, &essaim.Error{Code: essaim.Invalid, Field: "person", Sentence: e.person.Address() + " has no account here: only people of this instance can belong to a team"}
	}
	return e, nil
}

// verifyMembership: people decide for themselves, owners for the team; where a team has none, or is the instance's own body, admins do.
func verifyMembership(ctx context.Context, c *change) error {
	if !c.byUs() {
		return errIgnored
	}
	e, err := c.ends(ctx)
	if err != nil || c.from.kind == system || c.a.Type == vocab.Join || c.a.Type == vocab.Leave {
		return err
	}
	account, err := store.AccountByID(ctx, c.tx, c.from.account)
	if err != nil {
		return err
	}
	role, err := store.Role(ctx, c.tx, account.Actor, e.team.ID)
	if err != nil || role == RoleOwner || account.Role == "admin" && e.team.Kind == essaim.KindAccelerator {
		return err
	}
	return essaim.Errorf(essaim.Forbidden, "only an owner of %s says who belongs to it", e.team.Handle)
}

// membership is what stands between the two, nil for nothing.
func (c *change) membership(ctx context.Context, e ends) (*store.Relation, error) {
	rel, err := store.FindRelation(ctx, c.tx, store.RelMember, e.person.ID, e.team.ID)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	return rel, err
}

// belong writes a membership.
func (c *change) belong(ctx context.Context, e ends, state store.RelationState, role string) error {
	c.silent = true
	return c.content.PutRelation(ctx, &store.Relation{ID: c.newID(c.now), Kind: store.RelMember, Source: e.person.ID, Target: e.team.ID, State: state, Role: role, Activity: c.a.ID, Created: c.now})
}

func checkRole(role string) error {
	for _, r := range givenRoles {
		if r == role {
			return nil
		}
	}
	return essaim.FieldError("role", "a role in a team is owner, editor or member, not %q", role)
}

func receiveInvite(ctx context.Context, c *change) error {
	e, err := c.ends(ctx)
	if err != nil {
		return err
	}
	if err := checkRole(c.a.Name); err != nil {
		return err
	}
	was, err := c.membership(ctx, e)
	if err != nil {
		return err
	}
	blocked, err := store.Blocks(ctx, c.tx, e.person.ID, e.team.ID)
	if err != nil {
		return err
	}
	switch {
	case blocked:
		return &essaim.Error{Code: essaim.Forbidden, Field: "person", Sentence: "there is a block between " + e.person.Address() + " and this team"}
	case was != nil && was.State == store.Accepted:
		return &essaim.Error{Code: essaim.Conflict, Field: "person", Sentence: e.person.Address() + " belongs to it already"}
	case was != nil && was.Role == RoleRequested: // both want it
		c.tell(e.person.ID, "team_joined", e.team.ID)
		return c.belong(ctx, e, store.Accepted, c.a.Name)
	}
	c.tell(e.person.ID, "team_invite", e.team.ID)
	return c.belong(ctx, e, store.Pending, RoleInvited)
}

func receiveJoin(ctx context.Context, c *change) error {
	e, err := c.ends(ctx)
	if err != nil {
		return err
	}
	was, err := c.membership(ctx, e)
	if err != nil {
		return err
	}
	blocked, err := store.Blocks(ctx, c.tx, e.person.ID, e.team.ID)
	if err != nil {
		return err
	}
	switch {
	case blocked:
		return essaim.Errorf(essaim.Forbidden, "there is a block between you and %s", e.team.Address())
	case was != nil && was.Role == RoleInvited:
		role, err := c.offered(ctx, was)
		if err != nil {
			return err
		}
		c.tell(e.team.ID, "team_accepted", e.team.ID)
		return c.belong(ctx, e, store.Accepted, role)
	case was != nil:
		c.status, c.silent = Known, true
		return nil
	}
	c.tell(e.team.ID, "team_request", e.team.ID)
	owners, err := store.CountOwners(ctx, c.tx, e.team.ID, 0)
	if err != nil {
		return err
	}
	if owners == 0 { // nobody there answers: the admins do
		staff, err := store.Staff(ctx, c.tx)
		if err != nil {
			return err
		}
		for _, account := range staff {
			if account.Role == "admin" {
				c.tell(account.Actor, "team_request", e.team.ID)
			}
		}
	}
	return c.belong(ctx, e, store.Pending, RoleRequested)
}

// offered is the role of the Invite that made a relation.
func (c *change) offered(ctx context.Context, rel *store.Relation) (string, error) {
	invite, err := store.ActivityByIRI(ctx, c.tx, rel.Activity)
	if err != nil {
		return "", err
	}
	var e struct {
		Role string `json:"role"`
	}
	if err := json.Unmarshal([]byte(invite.Extra), &e); err != nil {
		return "", essaim.Errorf(essaim.Internal, "the offer %s cannot be read: %w", rel.Activity, err)
	}
	return e.Role, checkRole(e.Role)
}

func receiveAdd(ctx context.Context, c *change) error {
	e, err := c.ends(ctx)
	if err != nil {
		return err
	}
	if err := checkRole(c.a.Name); err != nil {
		return err
	}
	was, err := c.membership(ctx, e)
	switch {
	case err != nil:
		return err
	case was == nil && c.from.kind != system, was != nil && was.Role == RoleInvited:
		return &essaim.Error{Code: essaim.Conflict, Field: "person", Sentence: e.person.Address() + " has not asked for it: send an invitation, and wait for the answer"}
	case was != nil && was.Role == RoleOwner && c.a.Name != RoleOwner:
		if err := c.keepsOwner(ctx, e); err != nil {
			return err
		}
	}
	if was == nil || was.State != store.Accepted {
		c.tell(e.person.ID, "team_joined", e.team.ID)
	} else if was.Role != c.a.Name {
		c.tell(e.person.ID, "team_role", e.team.ID)
	}
	return c.belong(ctx, e, store.Accepted, c.a.Name)
}

// keepsOwner refuses what would leave a team without an owner.
func (c *change) keepsOwner(ctx context.Context, e ends) error {
	others, err := store.CountOwners(ctx, c.tx, e.team.ID, e.person.ID)
	if err == nil && others == 0 {
		err = &essaim.Error{Code: essaim.Conflict, Field: "owner", Sentence: "the last owner hands over before leaving: make somebody else an owner first"}
	}
	return err
}

// receiveLeave ends a membership, whoever ends it.
func receiveLeave(ctx context.Context, c *change) error {
	e, err := c.ends(ctx)
	if err != nil {
		return err
	}
	was, err := c.membership(ctx, e)
	if err != nil {
		return err
	}
	c.silent = true
	if was == nil {
		c.status = Ignored
		return nil
	}
	if was.Role == RoleOwner && was.State == store.Accepted {
		if err := c.keepsOwner(ctx, e); err != nil {
			return err
		}
	}
	if c.a.Type == vocab.Remove {
		c.tell(e.person.ID, "team_removed", e.team.ID)
	}
	if first, err := store.ActivityByIRI(ctx, c.tx, was.Activity); err == nil && was.State != store.Accepted { // what was asked, or offered, needs no answer any more
		if err := c.content.DropNotifications(ctx, first.ID, 0); err != nil {
			return err
		}
	} else if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	if err := c.tx.ForgetHearing(ctx, e.team.ID, e.person.ID); err != nil {
		return err
	}
	_, err = c.content.DropRelation(ctx, store.RelMember, e.person.ID, e.team.ID)
	return err
}

// toTeams adds to those who are told the members of the teams among them who chose to hear (V8): what reaches a project, an organisation or the accelerator would be read by
// nobody otherwise. A member is told only of what it may see (law 4).
func (c *change) toTeams(ctx context.Context, told []store.Notification) ([]store.Notification, error) {
	out := told
	for _, n := range told {
		hearers, err := store.Hearers(ctx, c.tx, n.Actor)
		if err != nil {
			return nil, err
		}
		for _, person := range hearers {
			about := n.Object
			if about == 0 {
				about = n.Actor // somebody follows the team
			}
			seen, err := store.CanSee(ctx, c.tx, person, about)
			if err != nil {
				return nil, err
			}
			if seen {
				out = append(out, store.Notification{Actor: person, Kind: n.Kind, Object: about, Via: n.Actor})
			}
		}
	}
	return out, nil
}
